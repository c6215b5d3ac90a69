/* Waivers, attestations and verdicts: into the journal and out of it again, by another console. */
#include "app/rulings.h"
#include "core/base/clock.h"
#include "tests/unit/staged.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include <cmocka.h>

struct place {
	char dir[40], path[80], head[90];
	struct journal *journal;
};

static int open_place(void **state)
{
	struct place *p = MEM_NEW(struct place);

	snprintf(p->dir, sizeof(p->dir), "/tmp/peerdeck-rulings-XXXXXX");
	if (mkdtemp(p->dir) == NULL)
		return -1;
	snprintf(p->path, sizeof(p->path), "%s/journal.jsonl", p->dir);
	snprintf(p->head, sizeof(p->head), "%s.head", p->path);
	p->journal = journal_open(p->path, "kim");
	*state = p;
	return 0;
}

static int close_place(void **state)
{
	struct place *p = *state;

	journal_free(p->journal);
	unlink(p->path);
	unlink(p->head);
	rmdir(p->dir);
	free(p);
	return 0;
}

static void rule(struct place *p, const char *subject, bool waiver, bool holds, int64_t expires, const char *words)
{
	const struct ruling r = { .asn = STAGED_ASN, .subject = subject, .words = words, .waiver = waiver, .holds = holds, .expires_wall_ms = expires };
	struct err e = ERR_INIT;

	if (rulings_write(p->journal, &r, &e) != 0)
		fail_msg("%s", e.text);
}

static void the_newest_ruling_holds(void **state)
{
	struct place *p = *state;
	struct rulings *r = rulings_open(p->path);
	struct arena *a = arena_new();
	struct evidence ev;

	rule(p, "no-default", false, true, STAGED_NOW + STAGED_DAY, "saw their table");
	rule(p, "prefix-length", true, false, STAGED_NOW + STAGED_DAY, "agreed; \"quoted\" and \033[31m");
	assert_true(rulings_refresh(r, NULL));
	assert_false(rulings_refresh(r, NULL));
	rule(p, "no-default", false, false, STAGED_NOW + 2 * STAGED_DAY, "it was a mistake");
	assert_true(rulings_refresh(r, NULL));
	evidence_init(&ev, a, STAGED_ASN, 54600, STAGED_NOW);
	rulings_into(r, &ev);
	assert_int_equal(ev.attestation_count, 1);
	assert_false(ev.attestations[0].holds);
	assert_string_equal(ev.attestations[0].words.s, "it was a mistake");
	assert_int_equal(ev.waiver_count, 1);
	assert_string_equal(ev.waivers[0].who.s, "kim");
	assert_null(strchr(ev.waivers[0].reason.s, '\033'));
	assert_true(ev.waivers[0].expires_wall_ms > STAGED_NOW);
	evidence_init(&ev, a, STAGED_ASN + 1, 54600, STAGED_NOW); /* of another network: nothing */
	rulings_into(r, &ev);
	assert_int_equal(ev.attestation_count + ev.waiver_count, 0);
	arena_free(a);
	rulings_close(r);
}

static void verdicts_outlive_the_console(void **state)
{
	struct place *p = *state;
	struct err e = ERR_INIT;
	struct policy *policy = policy_load("policies/as54600.policy", NULL, &e);
	struct verdict_book *book = verdict_book_new(policy);
	struct fact_writer *w = fact_writer_start(p->journal);
	struct rulings *r;
	char trouble[100];
	struct staged t;

	assert_non_null(policy);
	for (int i = 0; i < 20; i++) {
		const struct verdict_change c = { .asn = STAGED_ASN, .clause = policy_clause(policy, "no-default"),
			.before = i % 2 ? VERDICT_FAIL : VERDICT_PASS, .after = i % 2 ? VERDICT_PASS : VERDICT_FAIL, .words = "a default route is received" };

		fact_writer_verdict(w, policy, &c);
	}
	fact_writer_trouble(w, trouble, sizeof(trouble));
	assert_string_equal(trouble, "");
	fact_writer_stop(w); /* nothing queued is lost */
	r = rulings_open(p->path);
	rulings_refresh(r, book);
	staged_init(&t);
	verdict_book_judge(book, &t.ev, NULL, NULL);
	assert_int_equal(verdict_book_find(book, STAGED_ASN)->trends[policy_clause(policy, "no-default") - policy->clauses].changes, 20);
	staged_fini(&t);
	rulings_close(r);
	verdict_book_free(book);
	policy_free(policy);
}

static void what_acted_by_itself_is_counted_over_consoles(void **state)
{
	struct place *p = *state;
	struct rulings *r = rulings_open(p->path);
	const struct journal_more more[] = { { "clause", "quality" } };
	struct journal_fact f = { .kind = "automatic", .remote_as = STAGED_ASN, .reason = "loss", .more = more, .more_count = 1 };
	struct err e = ERR_INIT;
	int64_t hour_ago = clock_wall_ms() - 3600000;

	assert_int_equal(journal_fact(p->journal, &f, &e), 0);
	f.remote_as = STAGED_ASN + 1;
	assert_int_equal(journal_fact(p->journal, &f, &e), 0);
	rulings_refresh(r, NULL);
	assert_int_equal(rulings_automatic(r, "quality", ASN_UNKNOWN, hour_ago), 2);
	assert_int_equal(rulings_automatic(r, "quality", STAGED_ASN, hour_ago), 1);
	assert_int_equal(rulings_automatic(r, "other", ASN_UNKNOWN, hour_ago), 0);
	assert_int_equal(rulings_automatic(r, "quality", ASN_UNKNOWN, clock_wall_ms() + 1000), 0);
	rulings_close(r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(the_newest_ruling_holds, open_place, close_place),
		cmocka_unit_test_setup_teardown(verdicts_outlive_the_console, open_place, close_place),
		cmocka_unit_test_setup_teardown(what_acted_by_itself_is_counted_over_consoles, open_place, close_place),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
