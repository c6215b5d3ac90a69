/*
 * Prepared lines: shown, never sent, and proven by reading once somebody has pasted them.  And steps for the case of a
 * refusal: sent then and only then.
 */
#include "core/act/build.h"
#include "tests/unit/fake_router.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <unistd.h>
#include <cmocka.h>

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
	snprintf(h->dir, sizeof(h->dir), "/tmp/peerdeck-prepared-XXXXXX");
	if (mkdtemp(h->dir) == NULL)
		return -1;
	snprintf(h->path, sizeof(h->path), "%s/journal.jsonl", h->dir);
	snprintf(h->head, sizeof(h->head), "%s.head", h->path);
	h->journal = journal_open(h->path, NULL);
	h->ledger = ledger_new(h->path);
	*state = h;
	return 0;
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

/* ---- a recipe for FRR's fake that leaves the sending to somebody ---- */

static int build_prepared(const struct act_context *ctx, struct plan_item *item, struct err *e)
{
	struct build b;

	build_start(&b, ctx, item, 0, e);
	build_line(&b, BUILD_APPLY, "configure terminal");
	build_line(&b, BUILD_APPLY, "router bgp {asn}");
	build_line(&b, BUILD_APPLY, "neighbor {neighbor} shutdown");
	build_line(&b, BUILD_APPLY, "end");
	item->touched = strstr(ctx->pre.answers[0], "description touched") != NULL ? "touched" : "";
	return build_end(&b, PROOF_ADMIN_DOWN, BUILD_SHUT_S);
}

static bool shows_prepared(const struct act_context *ctx, const struct plan_item *item, struct str *words)
{
	(void)item;
	if (strstr(ctx->pre.answers[0], " shutdown\n") != NULL)
		return true;
	str_puts(words, "the configuration has no shutdown");
	return false;
}

static const char *const reads[] = { "show running-config bgpd", NULL };
static const struct recipe prepared = { .verb = VERB_SUSPEND, .reads = reads, .build = build_prepared,
	.shows = shows_prepared, .prepare_only = "Nobody has seen this OS do it yet." };
static const struct recipe *const prepared_list[] = { &prepared, NULL };

/* The same, sent, with a candidate to be thrown away. */
static int build_candidate(const struct act_context *ctx, struct plan_item *item, struct err *e)
{
	struct build b;

	build_start(&b, ctx, item, 0, e);
	build_line(&b, BUILD_APPLY, "configure terminal");
	build_line(&b, BUILD_APPLY, "router bgp {asn}");
	build_line(&b, BUILD_APPLY, "neighbor {neighbor} shutdown");
	build_line(&b, BUILD_APPLY, "end");
	build_line(&b, BUILD_APPLY, "clear bgp rescue soft")->rescue = true;
	build_line(&b, BUILD_UNDO, "no neighbor {neighbor} shutdown")->needs = 3;
	item->touched = "";
	return build_end(&b, PROOF_ADMIN_DOWN, BUILD_SHUT_S);
}

static const struct recipe candidate = { .verb = VERB_SUSPEND, .reads = reads, .build = build_candidate };
static const struct recipe *const candidate_list[] = { &candidate, NULL };

static struct plan *plan_of(struct house *h, const struct recipe *const *list)
{
	static const char *const who[] = { "192.0.2.10" };

	fake_init(&h->f, "r1", "frr");
	h->f.driver.recipes = list;
	h->f.journal_path = h->path;
	fake_add(&h->f, "192.0.2.10", "", 64501);
	return fake_plan(&h->f, VERB_SUSPEND, NULL, who, 1, h->ledger);
}

static struct act_progress *perform(struct house *h, struct plan *plan)
{
	struct err e = ERR_INIT;
	struct act_progress *end = fake_perform(&h->f, plan, h->journal, h->ledger, &e);

	if (end == NULL)
		fail_msg("%s", e.text);
	assert_int_equal(ledger_refresh(h->ledger, NULL, &e), 0);
	return end;
}

static void pastes_at_40_s(struct fake *f)
{
	if (clock_boot_ms() >= 100040000 && !f->s[0].shut)
		fake_shut(&f->s[0], true);
}

static void the_plan_says_paste(void **state)
{
	struct house *h = *state;
	struct plan *p = plan_of(h, prepared_list);
	struct str text;

	str_init(&text, 0);
	plan_print(&text, p);
	assert_non_null(strstr(text.p, "  PREPARED  Nobody has seen this OS do it yet.\n"));
	assert_non_null(strstr(text.p, "  paste     configure terminal\n"));
	assert_null(strstr(text.p, "  send "));
	assert_non_null(strstr(text.p, "within 300 s"));
	str_fini(&text);
	plan_unref(p);
}

static void pasted_is_proven_and_held(void **state)
{
	struct house *h = *state;
	struct plan *p = plan_of(h, prepared_list);
	struct act_progress *end;

	h->f.meanwhile = pastes_at_40_s;
	end = perform(h, p);
	assert_int_equal(end->state, RUN_DONE);
	assert_int_equal(h->f.sent_count, 0);
	assert_int_equal(ledger_count(h->ledger), 1);
	assert_int_equal(ledger_at(h->ledger, 0)->state, LEDGER_HELD);
	act_progress_free(end);
	plan_unref(p);
}

static void pasted_between_plan_and_confirmation(void **state)
{
	struct house *h = *state;
	struct plan *p = plan_of(h, prepared_list);
	struct act_progress *end;

	fake_shut(&h->f.s[0], true);
	end = perform(h, p);
	assert_int_equal(end->state, RUN_DONE);
	assert_int_equal(h->f.sent_count, 0);
	act_progress_free(end);
	plan_unref(p);
}

static void nobody_pasted(void **state)
{
	struct house *h = *state;
	struct plan *p = plan_of(h, prepared_list);
	int64_t began = clock_boot_ms();
	struct act_progress *end = perform(h, p);

	assert_int_equal(end->state, RUN_FAILED);
	assert_int_equal(h->f.sent_count, 0);
	assert_in_range(clock_boot_ms() - began, 300000, 320000);
	assert_int_equal(ledger_count(h->ledger), 0);
	act_progress_free(end);
	plan_unref(p);
}

static void trips_at_40_s(struct fake *f)
{
	if (clock_boot_ms() >= 100040000)
		f->s[0].up = false;
}

/* Something happened, and it is not what was prepared: that is said, and stays visible. */
static void something_else_happened(void **state)
{
	struct house *h = *state;
	struct plan *p = plan_of(h, prepared_list);
	struct act_progress *end;

	h->f.meanwhile = trips_at_40_s;
	end = perform(h, p);
	assert_int_equal(end->state, RUN_UNVERIFIED);
	assert_int_equal(h->f.sent_count, 0);
	assert_int_equal(ledger_at(h->ledger, 0)->state, LEDGER_UNVERIFIED);
	act_progress_free(end);
	plan_unref(p);
}

static void rescue_only_after_a_refusal(void **state)
{
	struct house *h = *state;
	struct plan *p = plan_of(h, candidate_list);
	struct act_progress *end = perform(h, p);

	assert_int_equal(end->state, RUN_DONE);
	assert_int_equal(h->f.sent_count, 4);
	act_progress_free(end);
	plan_unref(p);
	fake_free(&h->f);

	p = plan_of(h, candidate_list);
	h->f.fault = FAKE_REFUSES;
	h->f.fault_at = 3;
	end = perform(h, p);
	assert_int_equal(end->state, RUN_FAILED);
	assert_int_equal(h->f.sent_count, 4); /* not `end`: it leaves no mode here */
	assert_string_equal(h->f.sent[3], "clear bgp rescue soft");
	act_progress_free(end);
	plan_unref(p);
}

int main(void)
{
#define IN_HOUSE(f) cmocka_unit_test_setup_teardown(f, open_house, close_house)
	const struct CMUnitTest tests[] = {
	    IN_HOUSE(the_plan_says_paste),
	    IN_HOUSE(pasted_is_proven_and_held),
	    IN_HOUSE(pasted_between_plan_and_confirmation),
	    IN_HOUSE(nobody_pasted),
	    IN_HOUSE(something_else_happened),
	    IN_HOUSE(rescue_only_after_a_refusal),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
