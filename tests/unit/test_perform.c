/*
 * Performing, on routers made of variables: each verb there and back to exactly the former state, and every fault at
 * every line.  After each: the intent was durable before the first line, one final outcome, a journal that verifies.
 */
#include "tests/unit/fake_house.h"

#include <sys/stat.h>

static void frr_house(struct house *h)
{
	fake_init(&h->f, "r1", "frr");
	fake_add(&h->f, "192.0.2.10", "", 64501)->v6_too = true;
	snprintf(h->f.s[0].list[0], sizeof(h->f.s[0].list[0]), "AS64501-OUT");
	fake_add(&h->f, "192.0.2.11", "", 64502);
}

static void frr_suspend_and_resume(void **state)
{
	struct house *h = *state;
	const struct ledger_entry *held;

	frr_house(h);
	assert_int_equal(act_one(h, VERB_SUSPEND, "192.0.2.10", "CHG-1 back 06:00 UTC"), RUN_DONE);
	assert_true(h->f.s[0].shut);
	assert_string_equal(h->f.s[0].message, "CHG-1 back 06:00 UTC");
	held = ledger_find(h->ledger, "r1", "", "192.0.2.10", VERB_SUSPEND);
	assert_non_null(held);
	assert_int_equal(held->state, LEDGER_HELD);
	assert_string_equal(held->reason, "fibre works");
	assert_int_equal(act_one(h, VERB_RESUME, "192.0.2.10", NULL), RUN_DONE);
	assert_false(h->f.s[0].shut);
	assert_int_equal(ledger_count(h->ledger), 0);
}

static void frr_withdraw_and_restore_exactly(void **state)
{
	static const char *const both[] = { "192.0.2.10", "192.0.2.11" };
	struct house *h = *state;
	char *before, *after;

	frr_house(h);
	before = picture(&h->f);
	assert_int_equal(act_on(h, VERB_WITHDRAW, both, 2, NULL), RUN_DONE);
	assert_int_equal(fake_advertised(&h->f, &h->f.s[0], 0), 0);
	assert_int_equal(fake_advertised(&h->f, &h->f.s[0], 1), 0);
	assert_int_equal(fake_advertised(&h->f, &h->f.s[1], 0), 0);
	assert_int_equal(ledger_count(h->ledger), 2);
	assert_int_equal(act_on(h, VERB_RESTORE, both, 2, NULL), RUN_DONE);
	after = picture(&h->f);
	assert_string_equal(after, before);
	assert_int_equal(ledger_count(h->ledger), 0);
	free(before);
	free(after);
}

static void frr_lists_that_were_there_stay(void **state)
{
	struct house *h = *state;
	char *before, *after;

	frr_house(h);
	h->f.list_defined[0] = h->f.list_defined[1] = true;
	before = picture(&h->f);
	assert_int_equal(act_one(h, VERB_WITHDRAW, "192.0.2.10", NULL), RUN_DONE);
	assert_int_equal(act_one(h, VERB_WITHDRAW, "192.0.2.11", NULL), RUN_DONE);
	assert_int_equal(act_one(h, VERB_RESTORE, "192.0.2.10", NULL), RUN_DONE);
	assert_int_equal(act_one(h, VERB_RESTORE, "192.0.2.11", NULL), RUN_DONE);
	after = picture(&h->f);
	assert_string_equal(after, before);
	free(before);
	free(after);
}

static void what_somebody_else_set_is_left(void **state)
{
	const char *who = "192.0.2.10";
	struct house *h = *state;
	struct plan *p;

	frr_house(h);
	assert_int_equal(act_one(h, VERB_WITHDRAW, who, NULL), RUN_DONE);
	snprintf(h->f.s[0].list[0], sizeof(h->f.s[0].list[0]), "SOMEBODY-ELSE");
	p = fake_plan(&h->f, VERB_RESTORE, NULL, &who, 1, h->ledger);
	assert_non_null(p->items[0].skip);
	assert_non_null(strstr(p->items[0].skip, "SOMEBODY-ELSE"));
	plan_unref(p);
	/* and what somebody else put back is only read */
	snprintf(h->f.s[0].list[0], sizeof(h->f.s[0].list[0]), "AS64501-OUT");
	h->f.s[0].list[1][0] = '\0';
	fake_free(&h->f);
	assert_int_equal(act_one(h, VERB_RESTORE, who, NULL), RUN_DONE);
	assert_int_equal(h->f.sent_count, 0);
	assert_int_equal(ledger_count(h->ledger), 0);
}

static void bird_house(struct house *h)
{
	fake_init(&h->f, "r2", "bird");
	fake_add(&h->f, "192.0.2.10", "as64501_v4", 64501);
	fake_add(&h->f, "192.0.2.11", "as64502_v4", 64502);
	fake_add(&h->f, "192.0.2.12", "as64503_v4", 64503);
	fake_hook(&h->f, "define PD_as64501_v4 = 0;\ndefine PD_as64502_v4 = 0;\ndefine PD_as64503_v4 = 1;\n");
}

static void bird_keeps_the_suspended_down_through_a_withdraw(void **state)
{
	static const char *const two[] = { "192.0.2.11", "192.0.2.12" };
	struct house *h = *state;
	char *hook;

	bird_house(h);
	hook = mem_strdup(h->f.hook);
	assert_int_equal(act_one(h, VERB_SUSPEND, "192.0.2.10", "CHG-1"), RUN_DONE);
	assert_int_equal(act_on(h, VERB_WITHDRAW, two, 2, NULL), RUN_DONE);
	assert_true(h->f.s[0].shut);
	assert_false(h->f.s[0].up);
	assert_string_equal(h->f.s[0].message, "\"CHG-1\"");
	assert_string_equal(h->f.hook, "define PD_as64501_v4 = 0;\ndefine PD_as64502_v4 = 2;\ndefine PD_as64503_v4 = 2;\n");
	assert_int_equal(act_on(h, VERB_RESTORE, two, 2, NULL), RUN_DONE);
	assert_string_equal(h->f.hook, hook);
	assert_string_equal(h->f.applied, hook);
	assert_true(h->f.s[0].shut);
	assert_int_equal(act_one(h, VERB_RESUME, "192.0.2.10", NULL), RUN_DONE);
	assert_int_equal(ledger_count(h->ledger), 0);
	free(hook);
}

static void openbgpd_marks_the_suspended_again_after_a_reload(void **state)
{
	struct house *h = *state;

	fake_init(&h->f, "r3", "openbgpd");
	fake_add(&h->f, "192.0.2.10", "", 64501);
	fake_add(&h->f, "192.0.2.11", "", 64502);
	fake_hook(&h->f, "# kept by peerdeck");
	assert_int_equal(act_one(h, VERB_SUSPEND, "192.0.2.10", "CHG-1"), RUN_DONE);
	assert_int_equal(act_one(h, VERB_WITHDRAW, "192.0.2.11", NULL), RUN_DONE);
	assert_true(h->f.s[0].shut);
	assert_false(h->f.s[0].up);
	/* Somebody reloads: the mark goes, the session stays down, and only the ledger knows that it is ours. */
	h->f.s[0].shut = false;
	assert_int_equal(act_one(h, VERB_RESTORE, "192.0.2.11", NULL), RUN_DONE);
	assert_string_equal(h->f.hook, "# kept by peerdeck\n");
	assert_true(h->f.s[0].shut);
	h->f.s[0].shut = false;
	assert_int_equal(act_one(h, VERB_RESUME, "192.0.2.10", NULL), RUN_DONE);
	assert_true(h->f.s[0].up);
	assert_int_equal(ledger_count(h->ledger), 0);
}

static void gobgp_sends_the_text_first(void **state)
{
	struct house *h = *state;

	fake_init(&h->f, "r4", "gobgp");
	fake_add(&h->f, "192.0.2.10", "", 64501);
	assert_int_equal(act_one(h, VERB_SUSPEND, "192.0.2.10", "CHG-1"), RUN_DONE);
	assert_int_equal(h->f.sent_count, 2);
	assert_string_equal(h->f.sent[0], "neighbor 192.0.2.10 shutdown --reason \"CHG-1\"");
	assert_string_equal(h->f.sent[1], "neighbor 192.0.2.10 disable");
	assert_int_equal(act_one(h, VERB_RESUME, "192.0.2.10", NULL), RUN_DONE);
}

/* ---- faults, at every line ---- */

typedef void (*furnish)(struct house *h);

static size_t lines_without_fault(struct house *h, furnish build, enum verb verb)
{
	size_t n;

	build(h);
	assert_int_equal(act_one(h, verb, "192.0.2.11", NULL), RUN_DONE);
	n = h->f.sent_count;
	reset_house(h);
	return n;
}

/* Refused at line k: the outcome is failed, and the router is as it was. */
static void refused_everywhere(struct house *h, furnish build, enum verb verb)
{
	size_t n = lines_without_fault(h, build, verb);

	for (size_t k = 1; k <= n; k++) {
		struct tally t;
		char *before, *after;
		enum run_state got;

		build(h);
		before = picture(&h->f);
		h->f.fault = FAKE_REFUSES;
		h->f.fault_at = k;
		got = act_one(h, verb, "192.0.2.11", NULL);
		after = picture(&h->f);
		t = read_tally(h);
		assert_int_equal(h->f.context, 0); /* not left inside a configuration mode */
		if (got != RUN_FAILED || strcmp(before, after) != 0)
			fail_msg("%s %s, line %zu of %zu refused: %s: %s\n%s", h->f.os, verb_info(verb)->name, k, n,
			    t.last, t.words, after);
		assert_int_equal(ledger_count(h->ledger), 0);
		free(before);
		free(after);
		reset_house(h);
	}
}

/* Carried out at line k with an answer like a refusal: what is read decides, so that "failed" is never said of what happened. */
static void noisy_everywhere(struct house *h, furnish build, enum verb verb, size_t *done)
{
	size_t n = lines_without_fault(h, build, verb);

	for (size_t k = 1; k <= n; k++) {
		char *before, *after;
		enum run_state got;

		build(h);
		before = picture(&h->f);
		h->f.fault = FAKE_NOISE;
		h->f.fault_at = k;
		got = act_one(h, verb, "192.0.2.11", NULL);
		after = picture(&h->f);
		if (got == RUN_DONE) {
			assert_non_null(strstr(read_tally(h).words, "taken for a refusal"));
			(*done)++;
		}
		assert_int_equal(h->f.context, 0);
		if ((got != RUN_FAILED && got != RUN_DONE) || (got == RUN_FAILED) != (strcmp(before, after) == 0))
			fail_msg("%s %s, noise at line %zu of %zu: %s\n%s", h->f.os, verb_info(verb)->name, k, n, read_tally(h).words, after);
		assert_int_equal(ledger_count(h->ledger), got == RUN_DONE);
		free(before);
		free(after);
		reset_house(h);
	}
}

/* No answer at line k: nothing more is sent, and the outcome says what reading found. */
static void silent_everywhere(struct house *h, furnish build, enum verb verb)
{
	size_t n = lines_without_fault(h, build, verb);

	for (size_t k = 1; k <= n; k++) {
		enum run_state got;

		build(h);
		h->f.fault = FAKE_SILENT;
		h->f.fault_at = k;
		got = act_one(h, verb, "192.0.2.11", NULL);
		assert_int_equal(h->f.sent_count, k);
		assert_true(got == RUN_UNKNOWN || got == RUN_DONE);
		assert_int_equal(ledger_count(h->ledger), 1); /* stays visible */
		reset_house(h);
	}
}

static void bird_plain(struct house *h)
{
	bird_house(h);
}

static void refused_at_every_line(void **state)
{
	struct house *h = *state;

	refused_everywhere(h, frr_house, VERB_SUSPEND);
	refused_everywhere(h, frr_house, VERB_WITHDRAW);
	refused_everywhere(h, bird_plain, VERB_SUSPEND);
}

static void gobgp_house(struct house *h)
{
	fake_init(&h->f, "r4", "gobgp");
	fake_add(&h->f, "192.0.2.11", "", 64501);
}

static void noise_at_every_line(void **state)
{
	struct house *h = *state;
	size_t gobgp = 0, frr = 0;

	noisy_everywhere(h, gobgp_house, VERB_SUSPEND, &gobgp);
	assert_true(gobgp > 0);
	noisy_everywhere(h, frr_house, VERB_SUSPEND, &frr);
	assert_true(frr > 0);
	noisy_everywhere(h, bird_plain, VERB_SUSPEND, &frr);
}

static void silent_at_every_line(void **state)
{
	struct house *h = *state;

	silent_everywhere(h, frr_house, VERB_SUSPEND);
	silent_everywhere(h, frr_house, VERB_WITHDRAW);
	silent_everywhere(h, bird_plain, VERB_WITHDRAW);
}

/* BIRD's transaction: refused after the file was written, and not confirmed, the file and the routes are as before. */
static void bird_is_put_back(void **state)
{
	struct house *h = *state;

	for (size_t k = 1; k <= 3; k++) {
		bird_house(h);
		h->f.fault = FAKE_REFUSES;
		h->f.fault_at = k;
		assert_int_equal(act_one(h, VERB_WITHDRAW, "192.0.2.11", NULL), RUN_FAILED);
		assert_non_null(strstr(h->f.hook, "define PD_as64502_v4 = 0;"));
		assert_int_equal(fake_advertised(&h->f, &h->f.s[1], 0), 12);
		reset_house(h);
	}
	bird_house(h); /* the confirmation is refused */
	h->f.fault = FAKE_REFUSES;
	h->f.fault_at = 4;
	assert_int_equal(act_one(h, VERB_WITHDRAW, "192.0.2.11", NULL), RUN_FAILED);
	assert_non_null(strstr(h->f.hook, "define PD_as64502_v4 = 0;"));
	assert_int_equal(fake_advertised(&h->f, &h->f.s[1], 0), 12);
}

static void no_effect_is_unverified_not_done(void **state)
{
	struct house *h = *state;

	frr_house(h);
	h->f.fault = FAKE_NO_EFFECT;
	h->f.fault_at = 3; /* the neighbor line */
	assert_int_equal(act_one(h, VERB_SUSPEND, "192.0.2.11", NULL), RUN_UNVERIFIED);
	assert_int_equal(ledger_at(h->ledger, 0)->state, LEDGER_UNVERIFIED);
}

static void a_link_that_stays_away_is_unknown(void **state)
{
	struct house *h = *state;

	frr_house(h);
	h->f.fault = FAKE_LOOK_FAILS;
	h->f.fault_at = 1;
	assert_int_equal(act_one(h, VERB_SUSPEND, "192.0.2.11", NULL), RUN_UNVERIFIED);
	assert_true(h->f.looks > 3);
}

static void a_change_since_the_plan_stops_it(void **state)
{
	const char *who = "192.0.2.10";
	struct house *h = *state;
	struct act_progress *end;
	struct plan *plan;
	struct tally t;
	struct err e = ERR_INIT;

	for (int what = 0; what < 4; what++) {
		frr_house(h);
		plan = fake_plan(&h->f, VERB_WITHDRAW, NULL, &who, 1, h->ledger);
		if (what == 0)
			snprintf(h->f.s[0].list[0], sizeof(h->f.s[0].list[0]), "NEW-LIST");
		else if (what == 1)
			fake_shut(&h->f.s[0], true);
		else if (what == 2) {
			clock_fake_advance(60000);
			h->f.s[0].since_boot_ms = clock_boot_ms(); /* was reset */
		} else
			h->f.extra_config = "ip prefix-list PEERDECK-DENY-ALL seq 5 permit any\n";
		end = fake_perform(&h->f, plan, h->journal, h->ledger, &e);
		assert_non_null(end);
		assert_int_equal(end->state, RUN_FAILED);
		assert_int_equal(h->f.sent_count, 0);
		t = read_tally(h);
		assert_non_null(strstr(t.words, "changed since the plan, nothing was sent"));
		act_progress_free(end);
		plan_unref(plan);
		reset_house(h);
	}
}

static void no_journal_no_action(void **state)
{
	const char *who = "192.0.2.10";
	struct house *h = *state;
	struct err e = ERR_INIT;
	struct act_job *job;
	struct act_progress *end;
	struct act_io io;
	struct inbox *in = inbox_new();
	struct plan *plan;

	frr_house(h);
	plan = fake_plan(&h->f, VERB_SUSPEND, NULL, &who, 1, h->ledger);
	io = fake_io(&h->f);
	job = act_job_perform(plan, plan->digest, "r1", h->journal, h->ledger, &e);
	assert_non_null(job);
	assert_int_equal(unlink(h->path), 0); /* the journal goes away between confirmation and intent */
	act_job_run(job, &io, &h->f.conf, &h->f.driver, in);
	act_job_free(job);
	end = fake_final(in);
	assert_int_equal(end->state, RUN_FAILED);
	assert_int_equal(h->f.sent_count, 0);
	assert_null(act_job_perform(plan, plan->digest, "r1", h->journal, h->ledger, &e));
	assert_non_null(strstr(e.text, "no action is possible"));
	act_progress_free(end);
	plan_unref(plan);
	inbox_free(in);
}

static void a_wrong_digest_confirms_nothing(void **state)
{
	const char *who = "192.0.2.10";
	struct house *h = *state;
	struct err e = ERR_INIT;
	struct plan *plan;

	frr_house(h);
	plan = fake_plan(&h->f, VERB_SUSPEND, NULL, &who, 1, NULL);
	assert_null(act_job_perform(plan, "0123", "r1", h->journal, h->ledger, &e));
	err_clear(&e);
	assert_null(act_job_perform(plan, plan->digest, "r2", h->journal, h->ledger, &e));
	assert_non_null(strstr(e.text, "nothing to do"));
	plan_unref(plan);
}

/* The first that does not end well ends the job: the second is not begun, and said so. */
static void stops_at_the_first_failure(void **state)
{
	static const char *const both[] = { "192.0.2.10", "192.0.2.11" };
	struct house *h = *state;

	frr_house(h);
	h->f.fault = FAKE_REFUSES;
	h->f.fault_at = 3;
	assert_int_equal(act_on(h, VERB_SUSPEND, both, 2, NULL), RUN_FAILED);
	assert_false(h->f.s[1].shut);
	assert_int_equal(read_tally(h).intents, 1);
}

static void a_stop_between_sessions(void **state)
{
	static const char *const both[] = { "192.0.2.10", "192.0.2.11" };
	struct house *h = *state;
	struct act_progress *end;
	struct plan *plan;

	frr_house(h);
	plan = fake_plan(&h->f, VERB_SUSPEND, NULL, both, 2, NULL);
	plan_stop(plan);
	end = fake_perform(&h->f, plan, h->journal, NULL, NULL);
	assert_int_equal(end->failed, 2);
	assert_int_equal(h->f.sent_count, 0);
	assert_int_equal(read_tally(h).intents, 0);
	act_progress_free(end);
	plan_unref(plan);
}

int main(void)
{
#define IN_HOUSE(f) cmocka_unit_test_setup_teardown(f, open_house, close_house)
	const struct CMUnitTest tests[] = {
	    IN_HOUSE(frr_suspend_and_resume),
	    IN_HOUSE(frr_withdraw_and_restore_exactly),
	    IN_HOUSE(frr_lists_that_were_there_stay),
	    IN_HOUSE(what_somebody_else_set_is_left),
	    IN_HOUSE(bird_keeps_the_suspended_down_through_a_withdraw),
	    IN_HOUSE(openbgpd_marks_the_suspended_again_after_a_reload),
	    IN_HOUSE(gobgp_sends_the_text_first),
	    IN_HOUSE(refused_at_every_line),
	    IN_HOUSE(noise_at_every_line),
	    IN_HOUSE(silent_at_every_line),
	    IN_HOUSE(bird_is_put_back),
	    IN_HOUSE(no_effect_is_unverified_not_done),
	    IN_HOUSE(a_link_that_stays_away_is_unknown),
	    IN_HOUSE(a_change_since_the_plan_stops_it),
	    IN_HOUSE(no_journal_no_action),
	    IN_HOUSE(a_wrong_digest_confirms_nothing),
	    IN_HOUSE(stops_at_the_first_failure),
	    IN_HOUSE(a_stop_between_sessions),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
