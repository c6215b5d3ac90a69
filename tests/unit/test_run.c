/* The state machine: every (state, input) pair against a list written down on its own, and what must hold of all. */
#include "core/act/run.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

static const struct {
	enum run_state from;
	enum run_input in;
	enum run_state to;
	enum run_do todo;
} allowed[] = {
    { RUN_PLANNED, RUN_IN_CONFIRM, RUN_CONFIRMED, RUN_DO_INTENT },
    { RUN_PLANNED, RUN_IN_CANCEL, RUN_FAILED, RUN_DO_NOTHING },
    { RUN_CONFIRMED, RUN_IN_CANCEL, RUN_FAILED, RUN_DO_NOTHING },
    { RUN_CONFIRMED, RUN_IN_JOURNAL_FAILED, RUN_FAILED, RUN_DO_NOTHING },
    { RUN_CONFIRMED, RUN_IN_JOURNALLED, RUN_REREADING, RUN_DO_REREAD },
    { RUN_REREADING, RUN_IN_CANCEL, RUN_FAILED, RUN_DO_NOTHING },
    { RUN_REREADING, RUN_IN_CHANGED, RUN_FAILED, RUN_DO_NOTHING },
    { RUN_REREADING, RUN_IN_READ_FAILED, RUN_FAILED, RUN_DO_NOTHING },
    { RUN_REREADING, RUN_IN_SAME, RUN_SENDING, RUN_DO_SEND },
    { RUN_REREADING, RUN_IN_PREPARED, RUN_AWAITING, RUN_DO_VERIFY },
    { RUN_AWAITING, RUN_IN_PROVEN, RUN_DONE, RUN_DO_NOTHING },
    { RUN_AWAITING, RUN_IN_NOT_YET, RUN_AWAITING, RUN_DO_VERIFY },
    { RUN_AWAITING, RUN_IN_READ_FAILED, RUN_AWAITING, RUN_DO_VERIFY },
    { RUN_AWAITING, RUN_IN_UNTOUCHED, RUN_FAILED, RUN_DO_NOTHING },
    { RUN_AWAITING, RUN_IN_DEADLINE, RUN_UNVERIFIED, RUN_DO_NOTHING },
    { RUN_SENDING, RUN_IN_SENT, RUN_SENDING, RUN_DO_SEND },
    { RUN_SENDING, RUN_IN_SENT_ALL, RUN_VERIFYING, RUN_DO_VERIFY },
    { RUN_SENDING, RUN_IN_REFUSED, RUN_FAILED, RUN_DO_NOTHING },
    { RUN_SENDING, RUN_IN_DOUBTED, RUN_RECOVERING, RUN_DO_VERIFY },
    { RUN_SENDING, RUN_IN_REFUSED_LATER, RUN_REVERTING, RUN_DO_REVERT },
    { RUN_SENDING, RUN_IN_LOST, RUN_RECOVERING, RUN_DO_VERIFY },
    { RUN_VERIFYING, RUN_IN_PROVEN, RUN_COMMITTING, RUN_DO_COMMIT },
    { RUN_VERIFYING, RUN_IN_NOT_YET, RUN_VERIFYING, RUN_DO_VERIFY },
    { RUN_VERIFYING, RUN_IN_READ_FAILED, RUN_VERIFYING, RUN_DO_VERIFY },
    { RUN_VERIFYING, RUN_IN_DEADLINE, RUN_UNVERIFIED, RUN_DO_NOTHING },
    { RUN_VERIFYING, RUN_IN_DEADLINE_UNDO, RUN_REVERTING, RUN_DO_REVERT },
    { RUN_COMMITTING, RUN_IN_SENT, RUN_COMMITTING, RUN_DO_COMMIT },
    { RUN_COMMITTING, RUN_IN_SENT_ALL, RUN_DONE, RUN_DO_NOTHING },
    { RUN_COMMITTING, RUN_IN_REFUSED_LATER, RUN_REVERTING, RUN_DO_REVERT },
    { RUN_COMMITTING, RUN_IN_LOST, RUN_UNKNOWN, RUN_DO_NOTHING },
    { RUN_RECOVERING, RUN_IN_PROVEN, RUN_DONE, RUN_DO_NOTHING },
    { RUN_RECOVERING, RUN_IN_NOT_YET, RUN_RECOVERING, RUN_DO_VERIFY },
    { RUN_RECOVERING, RUN_IN_READ_FAILED, RUN_UNKNOWN, RUN_DO_NOTHING },
    { RUN_RECOVERING, RUN_IN_UNTOUCHED, RUN_FAILED, RUN_DO_NOTHING },
    { RUN_RECOVERING, RUN_IN_DEADLINE, RUN_UNKNOWN, RUN_DO_NOTHING },
    { RUN_RECOVERING, RUN_IN_DEADLINE_UNDO, RUN_UNKNOWN, RUN_DO_NOTHING },
    { RUN_REVERTING, RUN_IN_REVERTED, RUN_FAILED, RUN_DO_NOTHING },
    { RUN_REVERTING, RUN_IN_REVERT_FAILED, RUN_UNKNOWN, RUN_DO_NOTHING },
    { RUN_REVERTING, RUN_IN_LOST, RUN_UNKNOWN, RUN_DO_NOTHING },
};

static bool expected(enum run_state s, enum run_input in, struct run_turn *t)
{
	for (size_t i = 0; i < ARRAY_LEN(allowed); i++) {
		if (allowed[i].from != s || allowed[i].in != in)
			continue;
		*t = (struct run_turn){ allowed[i].to, allowed[i].todo };
		return true;
	}
	return false;
}

static void every_pair(void **state)
{
	(void)state;
	for (int s = 0; s < RUN_STATES; s++) {
		for (int in = 0; in < RUN_INPUTS; in++) {
			struct run_turn got = run_step((enum run_state)s, (enum run_input)in), want;

			if (!expected((enum run_state)s, (enum run_input)in, &want)) {
				want.act = RUN_DO_BUG;
				want.next = run_final((enum run_state)s) ? (enum run_state)s
				    : s < RUN_SENDING                    ? RUN_FAILED
				                                         : RUN_UNKNOWN;
			}
			if (got.next != want.next || got.act != want.act)
				fail_msg("%s + %s: %s, do %d", run_state_word((enum run_state)s),
				    run_input_word((enum run_input)in), run_state_word(got.next), got.act);
		}
	}
}

/* What may be sent is only reached through a durable intent and an unchanged pre-image. */
static void nothing_is_sent_without_intent_and_reread(void **state)
{
	(void)state;
	for (int s = 0; s < RUN_STATES; s++)
		for (int in = 0; in < RUN_INPUTS; in++) {
			struct run_turn t = run_step((enum run_state)s, (enum run_input)in);

			if (t.act == RUN_DO_SEND)
				assert_true((s == RUN_REREADING && in == RUN_IN_SAME) ||
				    (s == RUN_SENDING && in == RUN_IN_SENT));
			if (t.next == RUN_REREADING)
				assert_true(s == RUN_CONFIRMED && in == RUN_IN_JOURNALLED);
		}
}

/* From where a step got no answer, sending is not reached again by any way. */
static void a_lost_answer_never_sends_again(void **state)
{
	bool seen[RUN_STATES] = { [RUN_RECOVERING] = true };

	(void)state;
	for (int round = 0; round < RUN_STATES; round++)
		for (int s = 0; s < RUN_STATES; s++)
			for (int in = 0; seen[s] && in < RUN_INPUTS; in++) {
				struct run_turn t = run_step((enum run_state)s, (enum run_input)in);

				assert_true(t.act != RUN_DO_SEND && t.act != RUN_DO_COMMIT && t.act != RUN_DO_REVERT);
				seen[t.next] = true;
			}
}

/* Prepared lines are somebody else's to send: no way leads from there to anything that sends. */
static void what_is_prepared_is_never_sent(void **state)
{
	(void)state;
	assert_false(run_may_have_sent(RUN_AWAITING));
	for (int in = 0; in < RUN_INPUTS; in++) {
		struct run_turn t = run_step(RUN_AWAITING, (enum run_input)in);

		assert_true(t.act != RUN_DO_SEND && t.act != RUN_DO_COMMIT && t.act != RUN_DO_REVERT);
		assert_true(t.next == RUN_AWAITING || run_final(t.next));
	}
}

static void words_and_ids(void **state)
{
	char a[ACT_ID_LEN], b[ACT_ID_LEN];

	(void)state;
	for (int s = 0; s < RUN_STATES; s++)
		assert_non_null(run_state_word((enum run_state)s));
	for (int in = 0; in < RUN_INPUTS; in++)
		assert_non_null(run_input_word((enum run_input)in));
	act_id_new(a);
	act_id_new(b);
	assert_string_not_equal(a, b);
	assert_int_equal(strlen(a), strlen(b));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(every_pair),
	    cmocka_unit_test(nothing_is_sent_without_intent_and_reread),
	    cmocka_unit_test(a_lost_answer_never_sends_again),
	    cmocka_unit_test(what_is_prepared_is_never_sent),
	    cmocka_unit_test(words_and_ids),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
