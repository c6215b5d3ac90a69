/* What counts as a change, what is proposed, and what never is. */
#include "staged.h"
#include "core/judge/verdict_book.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>

static struct policy *policy;

struct told {
	size_t count;
	struct verdict_change last;
	char id[40];
};

static void on_change(void *ctx, const struct verdict_change *c)
{
	struct told *t = ctx;

	t->count++;
	t->last = *c;
	snprintf(t->id, sizeof(t->id), "%s", c->clause->id);
}

static void only_what_changes_is_told(void **state)
{
	struct verdict_book *b = verdict_book_new(policy);
	struct told told = { 0 };
	struct staged t;
	uint64_t revision;

	(void)state;
	staged_init(&t);
	verdict_book_judge(b, &t.ev, on_change, &told);
	assert_int_equal(told.count, 0); /* all met: nothing new */
	assert_int_equal(verdict_book_count(b), 1);
	revision = verdict_book_revision(b);
	verdict_book_judge(b, &t.ev, on_change, &told);
	assert_int_equal(verdict_book_revision(b), revision);

	t.ev.sessions[0].received.default_route = true;
	t.ev.now_wall_ms += 1000;
	verdict_book_judge(b, &t.ev, on_change, &told);
	assert_int_equal(told.count, 1);
	assert_string_equal(told.id, "no-default");
	assert_int_equal(told.last.before, VERDICT_PASS);
	assert_int_equal(told.last.after, VERDICT_FAIL);
	assert_true(verdict_book_revision(b) != revision);

	/* Not known for a moment is no news; for long it is. */
	t.ev.sessions[0].stale = t.ev.sessions[1].stale = true;
	t.ev.sessions[0].received.default_route = false;
	t.ev.flow.basis = basis_missing(&t.ev, "flows");
	t.ev.now_wall_ms += 1000;
	told.count = 0;
	verdict_book_judge(b, &t.ev, on_change, &told);
	assert_int_equal(told.count, 0);
	assert_int_equal(verdict_book_find(b, STAGED_ASN)->verdicts[9].value, VERDICT_UNKNOWN);
	t.ev.now_wall_ms += VERDICT_HOLD_MS;
	verdict_book_judge(b, &t.ev, on_change, &told);
	assert_true(told.count > 0);
	verdict_book_free(b);
	staged_fini(&t);
}

static void a_fail_that_the_journal_knows_is_no_news(void **state)
{
	struct verdict_book *b = verdict_book_new(policy);
	struct told told = { 0 };
	const struct network_verdicts *n;
	struct staged t;

	(void)state;
	staged_init(&t);
	t.ev.sessions[0].received.default_route = true;
	verdict_book_past(b, STAGED_ASN, "no-default", VERDICT_PASS, VERDICT_FAIL, STAGED_NOW - STAGED_DAY);
	verdict_book_past(b, STAGED_ASN, "gone-from-the-policy", VERDICT_PASS, VERDICT_FAIL, STAGED_NOW - STAGED_DAY);
	assert_int_equal(verdict_book_count(b), 0);
	verdict_book_judge(b, &t.ev, on_change, &told);
	assert_int_equal(told.count, 0);
	n = verdict_book_find(b, STAGED_ASN);
	assert_int_equal(n->trends[9].changed_wall_ms, STAGED_NOW - STAGED_DAY);
	assert_int_equal(n->trends[9].changes, 1);
	assert_int_equal(n->sum.failed, 1);
	verdict_book_forget(b, STAGED_NOW + 1);
	assert_int_equal(verdict_book_count(b), 0);
	assert_null(verdict_book_find(b, STAGED_ASN));
	verdict_book_free(b);
	staged_fini(&t);
}

static void lose(struct staged *t, struct quality_window *bad, size_t session)
{
	for (size_t i = 0; i < STAGED_WINDOWS; i++) {
		bad[i] = t->windows[i];
		bad[i].received = 10;
	}
	t->ev.sessions[session].quality.windows = bad;
}

static void bad_quality_proposes_its_neighbor_only(void **state)
{
	struct verdict_book *b = verdict_book_new(policy);
	struct quality_window bad[STAGED_WINDOWS];
	const struct network_verdicts *n;
	struct staged t;

	(void)state;
	staged_init(&t);
	lose(&t, bad, 0);
	verdict_book_judge(b, &t.ev, NULL, NULL);
	n = verdict_book_find(b, STAGED_ASN);
	assert_int_equal(n->proposal_count, 1);
	assert_int_equal(n->proposals[0].what, ON_FAIL_PROPOSE_SUSPEND);
	assert_int_equal(n->proposals[0].target_count, 1);
	assert_string_equal(n->proposals[0].targets[0].router.s, "r1");
	assert_string_equal(n->proposals[0].targets[0].neighbor.s, "192.0.2.7");
	assert_true(text_empty(n->proposals[0].refused));
	assert_non_null(strstr(n->proposals[0].reason.s, "policy clause quality: r1 192.0.2.7 ipv4: loss"));
	verdict_book_free(b);
	staged_fini(&t);
}

static void the_last_path_is_never_proposed(void **state)
{
	struct verdict_book *b = verdict_book_new(policy);
	struct quality_window bad[STAGED_WINDOWS];
	const struct network_verdicts *n;
	struct staged t;

	(void)state;
	staged_init(&t);
	lose(&t, bad, 0);
	t.sessions[2].state = BGP_IDLE; /* the other IPv4 session */
	verdict_book_judge(b, &t.ev, NULL, NULL);
	n = verdict_book_find(b, STAGED_ASN);
	assert_int_equal(n->proposal_count, 1);
	assert_non_null(strstr(n->proposals[0].refused.s, "r1 192.0.2.7 is the last IPv4 path"));
	/* All sessions bad: none is left to carry the traffic. */
	t.sessions[2].state = BGP_ESTABLISHED;
	for (size_t i = 1; i < STAGED_SESSIONS; i++)
		t.ev.sessions[i].quality.windows = bad;
	verdict_book_judge(b, &t.ev, NULL, NULL);
	assert_non_null(strstr(verdict_book_find(b, STAGED_ASN)->proposals[0].refused.s, "last"));
	/* The other one is there but not read lately: nobody knows whether it is. */
	t.ev.sessions[1].quality.windows = t.windows;
	t.ev.sessions[2].quality.windows = t.windows;
	t.ev.sessions[3].quality.windows = t.windows;
	t.ev.sessions[2].stale = true;
	verdict_book_judge(b, &t.ev, NULL, NULL);
	assert_non_null(strstr(verdict_book_find(b, STAGED_ASN)->proposals[0].refused.s, "last"));
	verdict_book_free(b);
	staged_fini(&t);
}

static void a_waived_failure_proposes_nothing(void **state)
{
	struct verdict_book *b = verdict_book_new(policy);
	struct quality_window bad[STAGED_WINDOWS];
	struct staged t;

	(void)state;
	staged_init(&t);
	lose(&t, bad, 0);
	t.waivers[0] = (struct waiver){ .subject = TEXT_LIT("quality"), .who = TEXT_LIT("kim"), .reason = TEXT_LIT("measurement"),
		.wall_ms = STAGED_NOW - 1, .expires_wall_ms = STAGED_NOW + STAGED_DAY };
	t.ev.waivers = t.waivers;
	t.ev.waiver_count = 1;
	verdict_book_judge(b, &t.ev, NULL, NULL);
	assert_int_equal(verdict_book_find(b, STAGED_ASN)->proposal_count, 0);
	verdict_book_free(b);
	staged_fini(&t);
}

static int load(void **state)
{
	struct err e = ERR_INIT;

	(void)state;
	policy = policy_load("policies/as54600.policy", NULL, &e);
	return policy != NULL && strcmp(policy->clauses[9].id, "no-default") == 0 ? 0 : -1;
}

static int unload(void **state)
{
	(void)state;
	policy_free(policy);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(only_what_changes_is_told),
		cmocka_unit_test(a_fail_that_the_journal_knows_is_no_news),
		cmocka_unit_test(bad_quality_proposes_its_neighbor_only),
		cmocka_unit_test(the_last_path_is_never_proposed),
		cmocka_unit_test(a_waived_failure_proposes_nothing),
	};

	return cmocka_run_group_tests(tests, load, unload);
}
