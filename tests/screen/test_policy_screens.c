/*
 * The policy's screens over the standing night: a network whose link loses packets, others of which little is known.
 *
 * `GOLDEN_WRITE=1 build/release/tests/screen/test_policy_screens` writes the golden files anew.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "core/judge/assemble.h"
#include "core/judge/verdict_book.h"
#include "tests/screen/night.h"
#include "tui/canvas.h"
#include "tui/ui.h"

struct stage {
	struct night *n;
	struct policy *policy;
	struct verdict_book *book, *theirs; /* theirs: about us */
	struct mirror_line mirrors[2];
	struct ui *u;
	struct request last;
	char reason[300], clause[60], words[300];
	size_t targets;
	struct plan *plan;
};

/* AS64501: its session on r1 loses packets, a /25 comes in on edge2, a waiver for its missing IRR. */
static void stage_alpha(struct evidence *ev)
{
	static struct quality_window windows[6];
	static struct waiver waivers[1];
	static struct text examples[1];

	if (ev->asn != 64501)
		return;
	for (int i = 0; i < 6; i++)
		windows[i] = (struct quality_window){ .wall_ms = NIGHT_WALL - 60000 * (i + 1), .sent = 20, .received = 18, .min_ms = 8, .avg_ms = 21.5,
			.p95_ms = 44, .jitter_ms = 9 };
	examples[0] = TEXT_LIT("198.51.100.128/25 AS64501");
	for (size_t i = 0; i < ev->session_count; i++) {
		struct evidence_session *s = &ev->sessions[i];
		bool r1 = strcmp(s->router, "r1") == 0 && s->s->family == AF_IPV4_UNICAST;

		s->received.basis = basis_known(ev, NIGHT_WALL - 600000, "%s: show bgp neighbors received-routes", s->router);
		s->received.longest = !r1 && s->s->family == AF_IPV4_UNICAST ? 25 : 24;
		s->received.longest_prefix = TEXT_LIT("198.51.100.128/25");
		s->received.registered = (struct tally){ .basis = basis_known(ev, NIGHT_WALL - 3600000, "RADB, AS-EXAMPLE"), .good = 811, .bad = 1,
			.examples = examples, .example_count = 1 };
		if (r1)
			s->quality = (struct quality_facts){ .basis = basis_known(ev, NIGHT_WALL - 60000, "r1: ping"), .windows = windows, .window_count = 6, .baseline_ms = 9 };
	}
	waivers[0] = (struct waiver){ .subject = TEXT_LIT("registered"), .who = TEXT_LIT("bob"), .reason = TEXT_LIT("they move to another registry, CASE-12"),
		.wall_ms = NIGHT_WALL - 86400000, .expires_wall_ms = NIGHT_WALL + INT64_C(86400000) * 30 };
	ev->waivers = waivers;
	ev->waiver_count = 1;
}

/* We send AS64501 less on one session than on the other, and one prefix that is invalid. */
static void judge_mirror(struct stage *s, struct evidence *ev)
{
	static struct text examples[1] = { { "203.0.113.0/24 AS64500" } };
	struct difference d = { .session = 0, .missing = 3, .examples = examples, .example_count = 1 };
	struct evidence seen;

	for (size_t i = 0; i < ev->session_count; i++) {
		struct prefix_facts *f = &ev->sessions[i].advertised;

		f->basis = basis_known(ev, NIGHT_WALL - 600000, "%s: advertised routes", ev->sessions[i].router);
		f->longest = 24;
		f->count = 12;
		f->rpki = (struct tally){ .basis = f->basis, .good = 11, .bad = 1, .examples = examples, .example_count = 1 };
		f->own_macro = (struct tally){ .basis = f->basis, .good = 12, .bad = 0 };
	}
	ev->sent[0] = (struct consistency){ .basis = basis_known(ev, NIGHT_WALL - 600000, "advertised routes of 2 sessions"), .compared = 2, .total = 12,
		.in_all = 9, .differences = &d, .difference_count = 1 };
	evidence_mirror(ev, s->n->w.peers, NULL, &seen, ev->arena);
	verdict_book_judge(s->theirs, &seen, NULL, NULL);
	s->mirrors[0] = (struct mirror_line){ .asn = 64501, .book = s->theirs };
	s->mirrors[1] = (struct mirror_line){ .asn = 64502, .trouble = "their.policy:3: \"clauses\" is no word here" };
	s->n->w.mirrors = s->mirrors;
	s->n->w.mirror_count = ARRAY_LEN(s->mirrors);
}

static void judge(struct stage *s)
{
	struct world_session *rows = NULL;
	size_t n = world_sessions(&s->n->w, &rows);

	for (asn_t asn = 64501; asn <= 64509; asn++) {
		const struct world_session *of[20];
		struct arena *a = arena_new();
		struct assemble_input in = { .w = &s->n->w, .rows = of, .book = s->n->w.book, .calls = s->n->w.calls };
		struct evidence ev;

		for (size_t i = 0; i < n && in.row_count < ARRAY_LEN(of); i++)
			if (rows[i].s->remote_as == asn)
				of[in.row_count++] = &rows[i];
		evidence_assemble(&ev, a, asn, &in);
		stage_alpha(&ev);
		verdict_book_judge(s->book, &ev, NULL, NULL);
		if (asn == 64501)
			judge_mirror(s, &ev);
		arena_free(a);
	}
	free(rows);
	s->n->w.verdicts = s->book;
	s->n->w.verdicts_revision = verdict_book_revision(s->book);
}

/* Some answered, one failing, one switched off, one never asked. */
static void stage_collectors(struct night *n)
{
	static const struct collector_line lines[] = {
		{ { "routes received" }, { "11 of 12 sessions" }, { "1: r1: 192.0.2.21 has no soft-reconfiguration inbound" },
		    NIGHT_WALL - 600000, NIGHT_WALL + 21000000 },
		{ { "probes" }, { "12 of 12 neighbors" }, { "" }, NIGHT_WALL - 12000, NIGHT_WALL + 1000 },
		{ { "ports" }, { "0 of 12 neighbors" }, { "" }, 0, NIGHT_WALL },
		{ { "IRR" }, { "8 of 9 answers" }, { "1: IRR: AS-NORTH6 is not known at RADB" }, NIGHT_WALL - 7200000, NIGHT_WALL + 60000 },
		{ { "RIPEstat" }, { "off: not enabled" }, { "" }, 0, 0 },
	};

	n->w.collectors = lines;
	n->w.collector_count = ARRAY_LEN(lines);
	n->w.collectors_revision++;
}

static void open_stage(struct stage *s, int w, int h, const char *theme, bool ascii)
{
	struct ui_settings settings = { .theme = theme, .ascii = ascii };
	struct err e = ERR_INIT;

	*s = (struct stage){ .n = night_new() };
	s->policy = policy_load("policies/as54600.policy", NULL, &e);
	if (s->policy == NULL)
		fail_msg("%s", e.text);
	s->book = verdict_book_new(s->policy);
	s->theirs = verdict_book_new(s->policy);
	verdict_book_past(s->book, 64501, "prefix-length", VERDICT_PASS, VERDICT_FAIL, NIGHT_WALL - 7200000);
	judge(s);
	stage_collectors(s->n);
	s->u = ui_new_offscreen(&settings, w, h, &e);
	if (s->u == NULL)
		fail_msg("%s", e.text);
	ui_draw(s->u, &s->n->w);
}

static void close_stage(struct stage *s)
{
	plan_unref(s->plan);
	ui_free(s->u);
	verdict_book_free(s->book);
	verdict_book_free(s->theirs);
	policy_free(s->policy);
	night_free(s->n);
}

static void type(struct stage *s, const char *keys)
{
	struct request rq;

	ui_feed(s->u, keys, strlen(keys));
	clock_fake_advance(100);
	while (ui_input(s->u, &s->n->w, &rq)) {
		s->last = rq;
		s->targets = rq.target_count;
		if (rq.kind == REQ_RULING) {
			snprintf(s->clause, sizeof(s->clause), "%s", rq.ruling->clause);
			snprintf(s->words, sizeof(s->words), "%s", rq.ruling->words);
		}
		if (rq.kind != REQ_PLAN)
			continue;
		snprintf(s->reason, sizeof(s->reason), "%s", rq.reason);
		plan_unref(s->plan);
		s->plan = night_plan(NULL, rq.verb, rq.reason, rq.message, rq.targets, rq.target_count);
		ui_plan_show(s->u, s->plan);
	}
	ui_draw(s->u, &s->n->w);
}

static char *screen_text(const struct stage *s)
{
	struct str out;
	char *text;

	str_init(&out, 0);
	canvas_text(ui_canvas(s->u), &out);
	text = str_take(&out);
	str_fini(&out);
	return text;
}

static void expect_golden(const struct stage *s, const char *name, int w)
{
	char path[200], *text = screen_text(s), *want;
	FILE *f;
	long n;

	snprintf(path, sizeof(path), "tests/screen/golden/%s-%d.txt", name, w);
	if (getenv("GOLDEN_WRITE") != NULL) {
		f = fopen(path, "w");
		assert_non_null(f);
		fputs(text, f);
		fclose(f);
		free(text);
		return;
	}
	f = fopen(path, "r");
	if (f == NULL)
		fail_msg("%s is not there", path);
	fseek(f, 0, SEEK_END);
	n = ftell(f);
	rewind(f);
	want = mem_calloc(1, (size_t)n + 1);
	assert_int_equal(fread(want, 1, (size_t)n, f), n);
	fclose(f);
	if (strcmp(want, text) != 0)
		fail_msg("%s differs; the screen is\n%s", path, text);
	free(want);
	free(text);
}

static void expect_words(const struct stage *s, const char *words, bool there)
{
	char *text = screen_text(s);

	if ((strstr(text, words) != NULL) != there)
		fail_msg("\"%s\" %s on the screen:\n%s", words, there ? "is not" : "is", text);
	free(text);
}

static void every_view_in_two_sizes(void **state)
{
	static const struct { const char *name, *keys; } screens[] = {
		{ "policy", "/asn:64501\rV" }, { "clause", "/asn:64501\rV\r" }, { "matrix", "M" }, { "policy-sessions", "" },
		{ "proposal", "/asn:64501\rVP" }, { "collectors", ":collectors\r" },
		{ "mirror", "/asn:64501\r:mirror\r" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(screens); i++)
		for (int wide = 0; wide < 2; wide++) {
			struct stage s;

			open_stage(&s, wide ? 200 : 80, wide ? 50 : 24, "dark", false);
			type(&s, screens[i].keys);
			expect_golden(&s, screens[i].name, wide ? 200 : 80);
			close_stage(&s);
		}
}

static void a_mirror_says_why_there_is_none(void **state)
{
	static const struct { const char *keys, *words; } cases[] = {
		{ "/asn:64501\r:mirror\r", "meet the policy" },
		{ "/asn:64502\r:mirror\r", "their.policy:3" },
		{ "/asn:64503\r:mirror\r", "network AS64503 { policy = FILE }" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct stage s;

		open_stage(&s, 120, 40, "dark", false);
		type(&s, cases[i].keys);
		expect_words(&s, cases[i].words, true);
		close_stage(&s);
	}
}

static void ascii_has_no_other_octets(void **state)
{
	static const char *const keys[] = { "/asn:64501\rV", "/asn:64501\rV\r", "M" };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(keys); i++) {
		struct stage s;
		char *text;

		open_stage(&s, 80, 24, "mono", true);
		type(&s, keys[i]);
		text = screen_text(&s);
		for (const char *p = text; *p != '\0'; p++)
			assert_true((unsigned char)*p < 0x80);
		free(text);
		close_stage(&s);
	}
}

static void one_key_makes_the_plan_that_is_proposed(void **state)
{
	struct stage s;

	(void)state;
	open_stage(&s, 100, 30, "mono", false);
	type(&s, "/asn:64501\rVP");
	assert_int_equal(s.last.kind, REQ_PLAN);
	assert_int_equal(s.last.verb, VERB_SUSPEND);
	assert_int_equal(s.targets, 1);
	assert_string_equal(s.last.targets[0].neighbor, "192.0.2.11");
	assert_non_null(strstr(s.reason, "policy clause quality"));
	type(&s, "\r"); /* the focus is on Cancel */
	assert_int_equal(s.last.kind, REQ_CANCEL_PLAN);
	close_stage(&s);
	open_stage(&s, 100, 30, "mono", false);
	s.n->w.read_only = true;
	type(&s, "/asn:64501\rVP");
	assert_int_not_equal(s.last.kind, REQ_PLAN);
	expect_words(&s, "read-only", true);
	close_stage(&s);
	open_stage(&s, 100, 30, "mono", false);
	type(&s, "/asn:64502\rVP");
	expect_words(&s, "proposes nothing", true);
	close_stage(&s);
}

static void a_mail_from_a_clause_is_about_it(void **state)
{
	struct stage s;

	(void)state;
	open_stage(&s, 100, 30, "mono", false);
	type(&s, "/asn:64501\rV\rm");
	assert_int_equal(s.last.kind, REQ_MESSAGE);
	assert_int_equal(s.last.asn, 64501);
	assert_non_null(s.last.clause);
	assert_non_null(policy_clause(s.policy, s.last.clause));
	assert_int_equal(s.targets, 0); /* the network's, not one session's */
	close_stage(&s);
}

static void a_network_is_collected_now(void **state)
{
	struct stage s;

	(void)state;
	open_stage(&s, 100, 30, "mono", false);
	type(&s, "/asn:64502\rQ");
	assert_int_equal(s.last.kind, REQ_COLLECT);
	assert_int_equal(s.last.asn, 64502);
	close_stage(&s);
}

static void a_ruling_needs_a_date_and_words(void **state)
{
	struct stage s;

	(void)state;
	open_stage(&s, 100, 30, "mono", false);
	type(&s, "/asn:64501\rVw");
	expect_words(&s, ":waive", true);
	type(&s, "2027-03-31\r");
	expect_words(&s, "a reason", true);
	type(&s, "w2020-01-01 too late\r");
	expect_words(&s, "a date that is to come", true);
	assert_int_not_equal(s.last.kind, REQ_RULING);
	type(&s, "w2027-03-31 agreed by mail, CASE-13\r");
	assert_int_equal(s.last.kind, REQ_RULING);
	assert_int_equal(s.last.ruling->asn, 64501);
	assert_true(s.last.ruling->waiver);
	assert_string_equal(s.words, "agreed by mail, CASE-13");
	assert_true(strlen(s.clause) > 0);
	type(&s, "tmaybe 2027-03-31 x\r");
	expect_words(&s, "met or not-met first", true);
	type(&s, "tnot-met 2027-03-31 their NOC says so\r");
	assert_false(s.last.ruling->waiver);
	assert_false(s.last.ruling->holds);
	assert_string_equal(s.words, "their NOC says so");
	close_stage(&s);
}

/* A round that says the same again lets go of the former verdicts, and nothing on the screen may still point there. */
static void a_round_that_changes_nothing_is_drawn_as_well(void **state)
{
	static const char *const views[] = { "V", "M", "" };
	struct stage s;

	(void)state;
	open_stage(&s, 100, 30, "mono", true);
	type(&s, "/asn:64501\r");
	for (size_t i = 0; i < ARRAY_LEN(views); i++) {
		uint64_t before = s.n->w.verdicts_revision;

		type(&s, views[i]);
		judge(&s);
		assert_int_equal(s.n->w.verdicts_revision, before);
		type(&s, "j");
		expect_words(&s, "not met", true);
		type(&s, i == 0 ? "k:waive\r\033" : "k");
	}
	close_stage(&s);
}

static void without_a_policy_it_says_how_to_have_one(void **state)
{
	struct stage s;

	(void)state;
	open_stage(&s, 100, 30, "mono", false);
	s.n->w.verdicts = NULL;
	s.n->w.verdicts_revision++;
	s.n->w.no_verdicts = "no policy is configured: set policy = FILE in /etc/peerdeck/peerdeck.conf";
	type(&s, "V");
	expect_words(&s, "set policy = FILE", true);
	type(&s, "\033M");
	expect_words(&s, "set policy = FILE", true);
	close_stage(&s);
}

static void every_size_down_to_one_cell(void **state)
{
	struct stage s;

	(void)state;
	open_stage(&s, 120, 40, "mono", false);
	for (int w = 120; w > 0; w -= w > 10 ? 7 : 1)
		for (int h = 40; h > 0; h -= h > 6 ? 6 : 1) {
			ui_resize(s.u, w, h);
			type(&s, "M\r\r\033\033");
			type(&s, "V\r\033\033");
		}
	close_stage(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_view_in_two_sizes),
		cmocka_unit_test(ascii_has_no_other_octets),
		cmocka_unit_test(a_mirror_says_why_there_is_none),
		cmocka_unit_test(one_key_makes_the_plan_that_is_proposed),
		cmocka_unit_test(a_mail_from_a_clause_is_about_it),
		cmocka_unit_test(a_network_is_collected_now),
		cmocka_unit_test(a_ruling_needs_a_date_and_words),
		cmocka_unit_test(a_round_that_changes_nothing_is_drawn_as_well),
		cmocka_unit_test(without_a_policy_it_says_how_to_have_one),
		cmocka_unit_test(every_size_down_to_one_cell),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
