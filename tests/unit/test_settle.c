/*
 * Settling: every combination of what a look can say, and every verb on every kind of router with its console killed
 * after each line, concluded by reading alone.
 */
#include "core/act/settle.h"
#include "tests/unit/fake_router.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>

/* ---- the judgement ---- */

/* In other words than settle.c's. */
static enum settle_end expected(const struct settle_seen *s)
{
	bool unchanged = s->as_before;

	if (s->nothing_to_send)
		unchanged = false; /* there was nothing to change: only the proof counts */
	else if (s->as_before && s->proven && !s->tells)
		unchanged = false; /* before and after look alike: neither is known */
	if (!s->readable)
		return SETTLE_LATER;
	if (unchanged)
		return s->again ? SETTLE_UNDONE : SETTLE_LOOK;
	if (s->on_trial)
		return SETTLE_LATER;
	if (s->proven && (s->nothing_to_send || !s->as_before))
		return SETTLE_DONE;
	return s->patient ? SETTLE_LOOK : SETTLE_UNKNOWN;
}

static void every_look(void **state)
{
	(void)state;
	for (unsigned i = 0; i < 256; i++) {
		const struct settle_seen s = { .readable = i & 1, .as_before = i & 2, .proven = i & 4, .tells = i & 8,
			.nothing_to_send = i & 16, .on_trial = i & 32, .again = i & 64, .patient = i & 128 };
		enum settle_end got = settle_judge(&s);

		if (got != expected(&s))
			fail_msg("%u: %s, not %s", i, settle_end_word(got), settle_end_word(expected(&s)));
		/* What must hold whatever the table says. */
		if (got == SETTLE_DONE)
			assert_true(s.readable && s.proven && !s.on_trial);
		if (got == SETTLE_UNDONE)
			assert_true(s.readable && s.as_before && s.again);
	}
}

/* ---- on routers ---- */

struct house {
	char dir[64], path[96], head[104];
	struct journal *journal;
	struct ledger *ledger;
	struct fake f;
};

static int open_house(void **state)
{
	struct house *h = MEM_NEW(struct house);

	clock_fake(100000000, 1795176000000);
	snprintf(h->dir, sizeof(h->dir), "/tmp/peerdeck-settle-XXXXXX");
	if (mkdtemp(h->dir) == NULL)
		return -1;
	snprintf(h->path, sizeof(h->path), "%s/journal.jsonl", h->dir);
	snprintf(h->head, sizeof(h->head), "%s.head", h->path);
	h->journal = journal_open(h->path, NULL);
	h->ledger = ledger_new(h->path);
	*state = h;
	return 0;
}

static void reset_house(struct house *h)
{
	fake_free(&h->f);
	journal_free(h->journal);
	ledger_free(h->ledger);
	unlink(h->path);
	unlink(h->head);
	h->journal = journal_open(h->path, NULL);
	h->ledger = ledger_new(h->path);
}

static int close_house(void **state)
{
	struct house *h = *state;

	fake_free(&h->f);
	journal_free(h->journal);
	ledger_free(h->ledger);
	unlink(h->path);
	unlink(h->head);
	rmdir(h->dir);
	free(h);
	return 0;
}

static const char *const who = "192.0.2.11";

static void furnish(struct house *h, const char *os)
{
	fake_init(&h->f, "r1", os);
	fake_add(&h->f, "192.0.2.10", "as64501_v4", 64501);
	fake_add(&h->f, who, "as64502_v4", 64502);
	if (strcmp(os, "bird") == 0)
		fake_hook(&h->f, "define PD_as64501_v4 = 0;\ndefine PD_as64502_v4 = 0;\n");
	if (strcmp(os, "openbgpd") == 0)
		fake_hook(&h->f, "# kept by peerdeck");
}

/* Another process writes the intent and is killed at once. */
static void begin_and_die(struct house *h, struct plan *plan)
{
	pid_t pid = fork();
	int status;

	if (pid == 0) {
		struct journal *j = journal_open(h->path, "alice");

		_exit(journal_intent(j, "A1", plan, &plan->items[0], NULL) == 0 ? 0 : 1);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
}

static void send_first(struct house *h, const struct plan_item *i, size_t n)
{
	struct act_io io = fake_io(&h->f);
	struct str out;

	str_init(&out, 1 << 20);
	for (size_t k = 0, sent = 0; k < i->apply_count && sent < n; k++) {
		const struct step *s = &i->apply[k];
		struct err e = ERR_INIT;

		if (s->rescue)
			continue;
		sent++;
		if (s->kind == STEP_FILE)
			(void)io.write_file(io.ctx, s->path, s->line, &e);
		else if (s->kind == STEP_RUN)
			(void)io.run(io.ctx, s->line, &out, &e);
		else
			(void)io.cli(io.ctx, s->line, &out, &e);
	}
	h->f.context = 0; /* its connection is gone */
	str_fini(&out);
}

struct claimed {
	struct arena *arena;
	const struct claim *claim;
};

static void keep_left(void *ctx, const struct claim *c, enum claim_life life)
{
	struct claimed *k = ctx;

	if (life == CLAIM_LEFT)
		k->claim = claim_copy(k->arena, c);
}

/* One round of settling; what it ended in (RUN_RECOVERING: still open). */
static enum run_state settle(struct house *h)
{
	struct claimed k = { .arena = arena_new() };
	struct inbox *in = inbox_new();
	struct act_io io = fake_io(&h->f);
	size_t sent = h->f.sent_count;
	struct act_progress *p;
	enum run_state state;
	struct act_job *job;

	assert_int_equal(ledger_refresh(h->ledger, NULL, NULL), 0);
	assert_int_equal(journal_claims(h->journal, keep_left, &k, NULL), 0);
	assert_non_null(k.claim);
	job = act_job_settle(k.claim, h->journal, h->ledger);
	act_job_run(job, &io, &h->f.conf, &h->f.driver, in);
	act_job_free(job);
	p = fake_final(in);
	assert_non_null(p);
	assert_true(p->settling);
	state = p->state;
	assert_int_equal(h->f.sent_count, sent); /* nothing but reads */
	act_progress_free(p);
	inbox_free(in);
	arena_free(k.arena);
	assert_int_equal(ledger_refresh(h->ledger, NULL, NULL), 0);
	return state;
}

static size_t to_send(const struct plan_item *i)
{
	size_t n = 0;

	for (size_t k = 0; k < i->apply_count; k++)
		n += !i->apply[k].rescue;
	return n;
}

/* Killed after k lines of n: what reading may conclude. */
static void check_end(struct house *h, const struct plan_item *i, size_t k, size_t n, enum run_state got)
{
	bool opens = verb_info(i->verb)->opens_ledger;
	struct ledger_entry const *held = ledger_find(h->ledger, "r1", "", who, VERB_COUNT);

	if (k == 0 && i->verb != VERB_REFRESH && got != RUN_FAILED)
		fail_msg("%s %s, nothing sent: %s", h->f.os, verb_info(i->verb)->name, run_state_word(got));
	if (k == n && i->verb != VERB_REFRESH && got != RUN_DONE)
		fail_msg("%s %s, all sent: %s", h->f.os, verb_info(i->verb)->name, run_state_word(got));
	if (!run_final(got))
		fail_msg("%s %s, %zu of %zu sent: %s", h->f.os, verb_info(i->verb)->name, k, n, run_state_word(got));
	if (opens && got == RUN_FAILED)
		assert_null(held);
	if (opens && got == RUN_DONE)
		assert_int_equal(held->state, LEDGER_HELD);
	if (opens && got == RUN_UNKNOWN)
		assert_int_equal(held->state, LEDGER_UNKNOWN);
}

static void killed_after_each_line(struct house *h, const char *os, enum verb verb)
{
	size_t n = 1;

	for (size_t k = 0; k <= n; k++) {
		enum run_state got;
		struct plan *plan;
		bool trial;

		furnish(h, os);
		plan = fake_plan(&h->f, verb, NULL, &who, 1, h->ledger);
		if (plan->items[0].skip != NULL)
			fail_msg("%s %s: %s", os, verb_info(verb)->name, plan->items[0].skip);
		n = to_send(&plan->items[0]);
		trial = plan->items[0].confirm_count > 0;
		begin_and_die(h, plan);
		send_first(h, &plan->items[0], k);
		got = settle(h);
		if (trial && got == RUN_RECOVERING) {
			clock_fake_advance((int64_t)SETTLE_TRIAL_S * 1000);
			got = settle(h);
		}
		check_end(h, &plan->items[0], k, n, got);
		plan_unref(plan);
		reset_house(h);
	}
}

static void every_verb_on_every_router(void **state)
{
	static const char *const oses[] = { "frr", "bird", "openbgpd", "gobgp" };
	struct house *h = *state;

	for (size_t i = 0; i < ARRAY_LEN(oses); i++) {
		killed_after_each_line(h, oses[i], VERB_SUSPEND);
		if (strcmp(oses[i], "gobgp") != 0)
			killed_after_each_line(h, oses[i], VERB_WITHDRAW);
		killed_after_each_line(h, oses[i], VERB_REFRESH);
	}
}

/* The inverse closes what it was the inverse of, or leaves it. */
static void an_inverse_is_settled_too(void **state)
{
	struct house *h = *state;

	for (size_t k = 0; k <= 4; k += 4) {
		struct plan *plan;
		struct act_progress *p;

		furnish(h, "frr");
		plan = fake_plan(&h->f, VERB_SUSPEND, NULL, &who, 1, h->ledger);
		p = fake_perform(&h->f, plan, h->journal, h->ledger, NULL);
		assert_int_equal(p->state, RUN_DONE);
		act_progress_free(p);
		plan_unref(plan);
		assert_int_equal(ledger_refresh(h->ledger, NULL, NULL), 0);
		plan = fake_plan(&h->f, VERB_RESUME, NULL, &who, 1, h->ledger);
		begin_and_die(h, plan);
		send_first(h, &plan->items[0], k);
		assert_int_equal(settle(h), k == 0 ? RUN_FAILED : RUN_DONE);
		assert_int_equal(ledger_find(h->ledger, "r1", "", who, VERB_SUSPEND) != NULL, k == 0);
		plan_unref(plan);
		reset_house(h);
	}
}

static void a_router_that_does_not_answer_stays_open(void **state)
{
	struct house *h = *state;
	struct plan *plan;

	furnish(h, "frr");
	plan = fake_plan(&h->f, VERB_SUSPEND, NULL, &who, 1, h->ledger);
	begin_and_die(h, plan);
	h->f.fault = FAKE_LOOK_FAILS;
	assert_int_equal(settle(h), RUN_RECOVERING);
	h->f.fault = FAKE_FINE;
	assert_int_equal(settle(h), RUN_FAILED);
	plan_unref(plan);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(every_look),
	    cmocka_unit_test_setup_teardown(every_verb_on_every_router, open_house, close_house),
	    cmocka_unit_test_setup_teardown(an_inverse_is_settled_too, open_house, close_house),
	    cmocka_unit_test_setup_teardown(a_router_that_does_not_answer_stays_open, open_house, close_house),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
