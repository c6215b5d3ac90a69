/* Claims: one action a session at a time, between real processes; a dead process' claim waits to be settled. */
#include "core/act/journal.h"
#include "core/act/plan.h"
#include "core/base/mem.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>

struct place {
	char dir[64], path[96], head[104];
	struct plan *plan;
};

static int make_place(void **state)
{
	struct place *p = MEM_NEW(struct place);

	snprintf(p->dir, sizeof(p->dir), "/tmp/peerdeck-claim-XXXXXX");
	if (mkdtemp(p->dir) == NULL)
		return -1;
	snprintf(p->path, sizeof(p->path), "%s/journal.jsonl", p->dir);
	snprintf(p->head, sizeof(p->head), "%s.head", p->path);
	p->plan = plan_new(VERB_SUSPEND, "fibre works", "CHG-1", NULL);
	plan_seal(p->plan, NULL, 0);
	*state = p;
	return 0;
}

static int drop_place(void **state)
{
	struct place *p = *state;

	plan_unref(p->plan);
	unlink(p->path);
	unlink(p->head);
	rmdir(p->dir);
	free(p);
	return 0;
}

static struct plan_item item_of(enum verb verb, const char *neighbor)
{
	return (struct plan_item){ .router = "r1", .vrf = "", .neighbor = neighbor, .handle = "", .network = "",
		.remote_as = 64501, .verb = verb, .received = 7, .advertised = 12, .flaps = COUNT_UNKNOWN,
		.former_advertised = COUNT_UNKNOWN, .since_s = 30, .established = true, .admin_down = TRI_NO,
		.touched = "no shutdown", .proof = PROOF_ADMIN_DOWN, .deadline_s = 15 };
}

static int intend(struct place *p, struct journal *j, const char *id, const char *neighbor, struct err *e)
{
	struct plan_item i = item_of(VERB_SUSPEND, neighbor);

	return journal_intent(j, id, p->plan, &i, e);
}

static int end_it(struct place *p, struct journal *j, const char *id, const char *neighbor, struct err *e)
{
	const struct journal_outcome o = { .state = RUN_DONE, .words = "so", .advertised_after = COUNT_UNKNOWN };
	struct plan_item i = item_of(VERB_SUSPEND, neighbor);

	return journal_outcome(j, id, p->plan, &i, &o, e);
}

/* A console of its own that begins an action and then does what `then` says. */
static pid_t console(struct place *p, const char *id, const char *neighbor, bool ends)
{
	int ready[2];
	char c = 0;
	pid_t pid;

	assert_int_equal(pipe(ready), 0);
	pid = fork();
	if (pid == 0) {
		struct journal *j = journal_open(p->path, "alice");
		struct err e = ERR_INIT;

		c = intend(p, j, id, neighbor, &e) == 0 ? 'y' : 'n';
		if (ends && end_it(p, j, id, neighbor, &e) < 0)
			c = 'n';
		if (write(ready[1], &c, 1) != 1)
			_exit(1);
		pause();
		_exit(0);
	}
	assert_int_equal(read(ready[0], &c, 1), 1);
	assert_int_equal(c, 'y');
	close(ready[0]);
	close(ready[1]);
	return pid;
}

static void kill_it(pid_t pid)
{
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
}

struct seen {
	size_t count;
	enum claim_life life;
	struct claim_before before;
	char id[ACT_ID_LEN];
};

static void see(void *ctx, const struct claim *c, enum claim_life life)
{
	struct seen *s = ctx;

	s->count++;
	s->life = life;
	s->before = c->before;
	snprintf(s->id, sizeof(s->id), "%s", c->id);
}

static struct seen claims(struct journal *j)
{
	struct seen s = { 0 };
	struct err e = ERR_INIT;

	if (journal_claims(j, see, &s, &e) < 0)
		fail_msg("%s", e.text);
	return s;
}

static void two_consoles_cannot_act_on_one_session(void **state)
{
	struct place *p = *state;
	pid_t other = console(p, "A1", "192.0.2.1", false);
	struct journal *j = journal_open(p->path, "bob");
	struct err e = ERR_INIT, fine = ERR_INIT;

	assert_int_equal(intend(p, j, "B1", "192.0.2.1", &e), -1);
	assert_int_equal(e.code, ERR_REFUSED);
	assert_non_null(strstr(e.text, "alice is acting on r1 192.0.2.1 (suspend) since "));
	assert_int_equal(claims(j).life, CLAIM_LIVE);
	if (intend(p, j, "B2", "192.0.2.2", &fine) < 0) /* another session is free */
		fail_msg("%s", fine.text);
	kill_it(other);
	journal_free(j);
}

static void an_ended_action_claims_nothing(void **state)
{
	struct place *p = *state;
	pid_t other = console(p, "A1", "192.0.2.1", true);
	struct journal *j = journal_open(p->path, "bob");
	struct err e = ERR_INIT;

	if (intend(p, j, "B1", "192.0.2.1", &e) < 0)
		fail_msg("%s", e.text);
	kill_it(other);
	journal_free(j);
}

static void a_stopped_console_keeps_its_claim(void **state)
{
	struct place *p = *state;
	pid_t other = console(p, "A1", "192.0.2.1", false);
	struct journal *j = journal_open(p->path, "bob");

	kill(other, SIGSTOP);
	assert_int_equal(claims(j).life, CLAIM_LIVE);
	kill_it(other);
	journal_free(j);
}

static void a_killed_one_is_left_until_it_is_settled(void **state)
{
	struct place *p = *state;
	pid_t other = console(p, "A1", "192.0.2.1", false);
	const struct journal_outcome o = { .state = RUN_FAILED, .words = "read", .advertised_after = COUNT_UNKNOWN };
	struct claim mine = { .id = "A1", .plan = "", .digest = "", .op = "", .router = "r1", .vrf = "",
		.neighbor = "192.0.2.1", .handle = "", .network = "", .reason = "", .ticket = "", .remote_as = 64501 };
	struct journal *j = journal_open(p->path, "bob");
	struct err e = ERR_INIT, fine = ERR_INIT, late = ERR_INIT;
	struct seen s;

	kill_it(other);
	s = claims(j);
	assert_int_equal(s.life, CLAIM_LEFT);
	assert_string_equal(s.id, "A1");
	assert_true(s.before.told && s.before.established);
	assert_int_equal(s.before.proof, PROOF_ADMIN_DOWN);
	assert_int_equal(s.before.admin_down, TRI_NO);
	assert_int_equal(s.before.since_s, 30);
	assert_int_equal(s.before.received, 7);
	assert_int_equal(intend(p, j, "B1", "192.0.2.1", &e), -1);
	assert_non_null(strstr(e.text, "has no outcome yet"));
	if (journal_settle(j, &mine, &o, &fine) < 0)
		fail_msg("%s", fine.text);
	assert_int_equal(claims(j).count, 0);
	assert_int_equal(journal_settle(j, &mine, &o, &late), -1); /* one outcome, not two */
	if (intend(p, j, "B2", "192.0.2.1", &fine) < 0)
		fail_msg("%s", fine.text);
	assert_int_equal(claims(j).life, CLAIM_OURS);
	journal_free(j);
}

/* Many consoles want the same session at once: exactly one gets it. */
static void one_of_many_wins(void **state)
{
	enum { MANY = 8 };
	struct place *p = *state;
	int won = 0, go[2], end[2];
	pid_t pids[MANY];
	char c;

	assert_int_equal(pipe(go), 0);
	assert_int_equal(pipe(end), 0);
	for (int i = 0; i < MANY; i++) {
		pids[i] = fork();
		if (pids[i] == 0) {
			struct journal *j = journal_open(p->path, "alice");
			struct err e = ERR_INIT;
			char id[16];

			close(go[1]);
			if (read(go[0], &c, 1) < 0)
				_exit(1);
			snprintf(id, sizeof(id), "C%d", i);
			c = intend(p, j, id, "192.0.2.1", &e) == 0 ? 'y' : 'n';
			if (write(end[1], &c, 1) != 1)
				_exit(1);
			pause();
		}
	}
	close(go[1]);
	for (int i = 0; i < MANY; i++) {
		assert_int_equal(read(end[0], &c, 1), 1);
		won += c == 'y';
	}
	for (int i = 0; i < MANY; i++)
		kill_it(pids[i]);
	close(go[0]);
	close(end[0]);
	close(end[1]);
	assert_int_equal(won, 1);
}

static void ask_meanwhile(void *ctx, const struct claim *c, enum claim_life life)
{
	struct journal *j = ctx;
	struct err e = ERR_INIT;

	(void)c, (void)life;
	assert_int_equal(journal_writable_now(j, &e), JOURNAL_BUSY);
	assert_int_equal(journal_claims_now(j, ask_meanwhile, j, &e), JOURNAL_BUSY);
	assert_int_equal(e.code, ERR_NONE);
}

/* While the journal's lock is held, who draws the screen is told so at once. */
static void the_screen_does_not_wait_for_a_writer(void **state)
{
	struct place *p = *state;
	pid_t other = console(p, "A1", "192.0.2.1", false);
	struct journal *j = journal_open(p->path, "bob");
	struct seen s = { 0 };
	struct err e = ERR_INIT;

	assert_int_equal(journal_claims(j, ask_meanwhile, j, &e), 0);
	assert_int_equal(journal_claims_now(j, see, &s, &e), 0);
	assert_int_equal(s.count, 1);
	assert_int_equal(journal_writable_now(j, &e), 0);
	kill_it(other);
	journal_free(j);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(two_consoles_cannot_act_on_one_session, make_place, drop_place),
	    cmocka_unit_test_setup_teardown(an_ended_action_claims_nothing, make_place, drop_place),
	    cmocka_unit_test_setup_teardown(a_stopped_console_keeps_its_claim, make_place, drop_place),
	    cmocka_unit_test_setup_teardown(a_killed_one_is_left_until_it_is_settled, make_place, drop_place),
	    cmocka_unit_test_setup_teardown(the_screen_does_not_wait_for_a_writer, make_place, drop_place),
	    cmocka_unit_test_setup_teardown(one_of_many_wins, make_place, drop_place),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
