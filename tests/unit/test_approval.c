/* Four eyes and roles: who may approve what, until when, and what a changed text does. */
#include "core/act/approval.h"
#include "core/act/drain.h"
#include "core/act/role.h"
#include "core/base/clock.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <grp.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>

struct desk {
	char dir[64], path[96], text[256];
	struct journal *journal;
	struct approvals *approvals;
	struct plan *plan;
};

static struct plan *plan_of(size_t sessions, const char *op, const char *then)
{
	static const char *const neighbors[] = { "192.0.2.1", "192.0.2.2", "192.0.2.3" };
	struct plan *p = plan_new(VERB_WITHDRAW, "fibre works", "CHG-1", NULL);
	struct plan_part *part = MEM_NEW(struct plan_part);

	part->arena = arena_new();
	part->items = arena_alloc(part->arena, 3 * sizeof(*part->items));
	for (size_t i = 0; i < sessions; i++)
		part->items[part->count++] = (struct plan_item){ .router = i == 2 ? "r2" : "r1", .vrf = "",
			.neighbor = neighbors[i], .handle = "", .network = "", .remote_as = 64501, .verb = VERB_WITHDRAW,
			.since_s = -1, .received = COUNT_UNKNOWN, .advertised = COUNT_UNKNOWN };
	plan_join(p, part);
	plan_op(p, op);
	plan_then(p, then);
	plan_seal(p, NULL, 0);
	return p;
}

static int open_desk(void **state)
{
	struct desk *d = MEM_NEW(struct desk);

	snprintf(d->dir, sizeof(d->dir), "/tmp/peerdeck-approval-XXXXXX");
	if (mkdtemp(d->dir) == NULL)
		return -1;
	snprintf(d->path, sizeof(d->path), "%s/journal.jsonl", d->dir);
	d->journal = journal_open(d->path, "First");
	d->approvals = approvals_new(d->path);
	d->plan = plan_of(3, "", "");
	snprintf(d->text, sizeof(d->text), "%s/plans/%s", d->dir, d->plan->digest);
	*state = d;
	return 0;
}

static int close_desk(void **state)
{
	struct desk *d = *state;
	char *head = mem_printf("%s.head", d->path), *plans = mem_printf("%s/plans", d->dir);

	journal_free(d->journal);
	approvals_free(d->approvals);
	plan_unref(d->plan);
	unlink(d->text);
	rmdir(plans);
	unlink(head);
	unlink(d->path);
	rmdir(d->dir);
	free(head);
	free(plans);
	free(d);
	return 0;
}

static const struct approval *propose(struct desk *d, int64_t life_ms)
{
	struct err e = ERR_INIT;

	if (approval_propose(d->journal, d->dir, d->plan, clock_wall_ms() + life_ms, &e) != 0 ||
	    approvals_refresh(d->approvals, &e) != 0)
		fail_msg("%s", e.text);
	return approvals_find(d->approvals, d->plan->digest);
}

/* As another person's process would write it. */
static void approve_as(struct desk *d, const char *person, const char *sha)
{
	const struct journal_more more[] = { { "text_sha256", sha }, { "person", person } };
	const struct journal_fact f = { .kind = "approve", .id = d->plan->digest, .more = more, .more_count = 2 };
	struct err e = ERR_INIT;

	if (journal_fact(d->journal, &f, &e) != 0 || approvals_refresh(d->approvals, &e) != 0)
		fail_msg("%s", e.text);
}

static bool holds(struct desk *d, const char *part)
{
	struct err e = ERR_INIT;
	bool yes = approval_holds(d->approvals, d->plan, clock_wall_ms(), &e) == 0;

	if (!yes && part != NULL && strstr(e.text, part) == NULL)
		fail_msg("\"%s\" is not in: %s", part, e.text);
	return yes;
}

static void the_second_person_sees_the_bytes_and_lets_it_happen(void **state)
{
	struct desk *d = *state;
	const struct approval *p;
	struct str shown, printed;
	struct err e = ERR_INIT;

	assert_false(holds(d, "has not approved"));
	p = propose(d, 600000);
	assert_non_null(p);
	assert_string_equal(p->words, "withdraw 3 sessions on 2 routers");
	assert_ptr_equal(approvals_find(d->approvals, "01234567"), NULL);
	assert_false(holds(d, "has not approved"));
	str_init(&shown, 1 << 20);
	str_init(&printed, 1 << 20);
	assert_int_equal(approval_text(p, d->dir, &shown, &e), 0);
	plan_print(&printed, d->plan);
	assert_string_equal(shown.p, printed.p);
	str_fini(&shown);
	str_fini(&printed);
	assert_int_equal(approval_check(p, "4242", clock_wall_ms(), &e), 0);
	approve_as(d, "4242", p->text_sha256);
	assert_true(holds(d, NULL));
	assert_int_equal(approval_check(approvals_at(d->approvals, 0), "4243", clock_wall_ms(), &e), -1); /* once is enough */
}

static void nobody_approves_his_own(void **state)
{
	struct desk *d = *state;
	const struct approval *p = propose(d, 600000);
	struct err e = ERR_INIT;

	assert_int_equal(approval_give(d->journal, p, d->dir, &e), -1); /* this process proposed it */
	assert_non_null(strstr(e.text, "a second person"));
	approve_as(d, p->person, p->text_sha256); /* written past the check: it does not count either */
	assert_false(holds(d, "has not approved"));
}

static void another_text_is_another_plan(void **state)
{
	struct desk *d = *state;
	const struct approval *p = propose(d, 600000);
	struct err e = ERR_INIT;
	struct str text;
	FILE *f = fopen(d->text, "a");

	assert_non_null(f);
	fputs("and one line more\n", f);
	fclose(f);
	str_init(&text, 1 << 20);
	assert_int_equal(approval_text(p, d->dir, &text, &e), -1);
	assert_non_null(strstr(e.text, "it was changed"));
	str_fini(&text);
	approve_as(d, "4242", "00");
	assert_false(holds(d, "has not approved"));
}

static void an_approval_lapses_and_is_used_once(void **state)
{
	struct desk *d = *state;
	const struct approval *p = propose(d, 600000);
	struct err e = ERR_INIT;

	approve_as(d, "4242", p->text_sha256);
	p = approvals_at(d->approvals, 0);
	assert_int_equal(approval_state(p, clock_wall_ms()), APPROVAL_GIVEN);
	assert_int_equal(approval_state(p, p->expires_wall_ms + 1), APPROVAL_LAPSED);
	assert_int_equal(approval_holds(d->approvals, d->plan, p->expires_wall_ms + 1, &e), -1);
	assert_int_equal(journal_intent(d->journal, "a1", d->plan, &d->plan->items[0], &e), 0);
	err_clear(&e);
	assert_int_equal(approvals_refresh(d->approvals, &e), 0);
	assert_false(holds(d, "was used"));
}

static void an_approval_covers_what_its_text_seals(void **state)
{
	struct desk *d = *state;
	char seal[DRAIN_SEAL_LEN], other[DRAIN_SEAL_LEN];
	const struct approval *p;
	struct err e = ERR_INIT;

	drain_seal("r1/192.0.2.1=aa", seal);
	drain_seal("r1/192.0.2.1=ab", other);
	plan_unref(d->plan);
	d->plan = plan_of(3, "OP1", seal);
	snprintf(d->text, sizeof(d->text), "%s/plans/%s", d->dir, d->plan->digest);
	p = propose(d, 600000);
	assert_int_equal(journal_intent(d->journal, "a1", d->plan, &d->plan->items[0], &e), 0);
	assert_int_equal(approvals_refresh(d->approvals, &e), 0);
	assert_false(approval_covers(d->approvals, d->dir, "OP1", seal)); /* begun, but nobody has approved it */
	p = propose(d, 600000);
	approve_as(d, "4242", p->text_sha256);
	assert_false(approval_covers(d->approvals, d->dir, "OP1", seal)); /* approved, but not begun */
	assert_int_equal(journal_intent(d->journal, "a2", d->plan, &d->plan->items[0], &e), 0);
	assert_int_equal(approvals_refresh(d->approvals, &e), 0);
	assert_true(approval_covers(d->approvals, d->dir, "OP1", seal));
	assert_false(approval_covers(d->approvals, d->dir, "OP2", seal));
	assert_false(approval_covers(d->approvals, d->dir, "OP1", other));
	assert_false(approval_covers(d->approvals, d->dir, "", seal));
}

static void says_when_two_are_needed(void **state)
{
	struct desk *d = *state;
	struct config c = { .approval = { .sessions = 3 } };
	struct str why;

	str_init(&why, 300);
	assert_false(approval_needed(&c, d->plan, &why));
	c.approval.sessions = 2;
	assert_true(approval_needed(&c, d->plan, &why));
	c.approval = (struct approval_conf){ .routers = "r9, r2" };
	assert_true(approval_needed(&c, d->plan, &why));
	assert_non_null(strstr(why.p, "actions on r2"));
	c.approval.routers = "r9 r22";
	assert_false(approval_needed(&c, d->plan, &why));
	c.approval.routers = "*";
	assert_true(approval_needed(&c, d->plan, &why));
	str_fini(&why);
}

/* ---- roles ---- */

static bool noc_member(const char *group)
{
	return strcmp(group, "noc") == 0;
}

static bool stranger(const char *group)
{
	(void)group;
	return false;
}

static void roles_refuse_in_words(void **state)
{
	static const struct role_conf roles[] = {
		{ .name = "night", .group = "noc", .routers = "r1 r2", .verbs = "suspend, resume" },
		{ .name = "peering", .group = "peers" },
	};
	struct config c = { .roles = roles, .role_count = 2 }, open = { .role_count = 0 };
	struct str why;

	(void)state;
	str_init(&why, 400);
	assert_true(role_allows_member(&open, stranger, "r1", VERB_WITHDRAW, false, &why));
	assert_true(role_allows_member(&c, noc_member, "r2", VERB_SUSPEND, false, &why));
	assert_false(role_allows_member(&c, noc_member, "r3", VERB_SUSPEND, false, &why));
	assert_string_equal(why.p, "your role night may not suspend on r3; who may: peering (group peers)");
	str_clear(&why);
	assert_false(role_allows_member(&c, noc_member, "r1", VERB_SUSPEND, true, &why)); /* for good is another verb */
	assert_non_null(strstr(why.p, "may not terminate on r1"));
	str_clear(&why);
	assert_false(role_allows_member(&c, stranger, "r1", VERB_SUSPEND, false, &why));
	assert_non_null(strstr(why.p, "you have no role"));
	assert_non_null(strstr(why.p, "night (group noc), peering (group peers)"));
	str_fini(&why);
}

static void lists_hold_whole_words(void **state)
{
	(void)state;
	assert_true(role_list_holds(NULL, "r1"));
	assert_true(role_list_holds("*", "r1"));
	assert_true(role_list_holds("r2,r1", "r1"));
	assert_false(role_list_holds("r12 r", "r1"));
	assert_false(role_list_holds("", "r1"));
}

/* ---- two people of one group, each with a uid of his own ---- */

enum { OTHER_UID = 4242, SHARED_GID = 4343, CHILD_SAID_NO = 3 };

/* In a process of the other's: approves what is proposed. */
static int approve_in_child(const struct desk *d)
{
	struct err e = ERR_INIT;
	struct journal *j;
	struct approvals *a;
	const struct approval *p;
	int rc = -1;

	umask(007);
	if (setgroups(0, NULL) != 0 || setresgid(SHARED_GID, SHARED_GID, SHARED_GID) != 0 ||
	    setresuid(OTHER_UID, OTHER_UID, OTHER_UID) != 0)
		return 1;
	j = journal_open(d->path, "Second");
	a = approvals_new(d->path);
	if (approvals_refresh(a, &e) == 0 && (p = approvals_find(a, d->plan->digest)) != NULL)
		rc = approval_give(j, p, d->dir, &e);
	if (rc != 0)
		fprintf(stderr, "the second person: %s\n", e.code != ERR_NONE ? e.text : "no proposal is seen");
	approvals_free(a);
	journal_free(j);
	return rc == 0 ? 0 : CHILD_SAID_NO;
}

static void two_users_of_a_group(void **state)
{
	struct desk *d = *state;
	char person[APPROVAL_PERSON_LEN], uid[APPROVAL_PERSON_LEN];
	mode_t before;
	int status = -1;
	pid_t child;

	unsetenv("SUDO_UID");
	approval_person(person);
	snprintf(uid, sizeof(uid), "%lu", (unsigned long)getuid());
	if (geteuid() != 0 || strcmp(person, uid) != 0) {
		print_message("skipped: %s\n", geteuid() != 0 ? "becoming another user needs root"
		    : "the system keeps the login uid, so that both would be the same person");
		skip();
	}
	journal_free(d->journal); /* anew, in a directory that is shared */
	unlink(d->path);
	before = umask(007);
	assert_int_equal(chown(d->dir, (uid_t)-1, SHARED_GID), 0);
	assert_int_equal(chmod(d->dir, 02770), 0);
	d->journal = journal_open(d->path, "First");
	propose(d, 600000);
	child = fork();
	if (child == 0)
		_exit(approve_in_child(d));
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 0);
	assert_int_equal(approvals_refresh(d->approvals, NULL), 0);
	assert_true(holds(d, NULL));
	assert_string_equal(approvals_at(d->approvals, 0)->person, person);
	umask(before);
}

int main(void)
{
#define AT_DESK(f) cmocka_unit_test_setup_teardown(f, open_desk, close_desk)
	const struct CMUnitTest tests[] = {
		AT_DESK(the_second_person_sees_the_bytes_and_lets_it_happen),
		AT_DESK(nobody_approves_his_own),
		AT_DESK(another_text_is_another_plan),
		AT_DESK(an_approval_lapses_and_is_used_once),
		AT_DESK(an_approval_covers_what_its_text_seals),
		AT_DESK(two_users_of_a_group),
		AT_DESK(says_when_two_are_needed),
		cmocka_unit_test(roles_refuse_in_words),
		cmocka_unit_test(lists_hold_whole_words),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
