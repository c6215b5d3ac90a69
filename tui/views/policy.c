/* Policy: the selected network held against every clause, worst first; Enter shows what a verdict is made of. */
#include "core/base/clock.h"
#include "core/judge/verdict_book.h"
#include "tui/view.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* No pointer into verdicts: a judgement replaces them between two drawings, also when it says the same again. */
typedef struct {
	asn_t asn;
	const struct clause *clause; /* of the policy */
	size_t at;     /* which one */
	int64_t place; /* worst first */
} row;

static const struct verdict *verdict_of(const struct view_ctx *cx, const row *r)
{
	static const struct verdict none = { .words = { "not judged any more" }, .wall_ms = -1 };
	const struct network_verdicts *n = verdict_book_find(cx->w->verdicts, r->asn);

	return n != NULL ? &n->verdicts[r->at] : &none;
}

static const struct verdict_trend *trend_of(const struct view_ctx *cx, const row *r)
{
	static const struct verdict_trend none = { .changed_wall_ms = -1, .unknown_since_ms = -1 };
	const struct network_verdicts *n = verdict_book_find(cx->w->verdicts, r->asn);

	return n != NULL ? &n->trends[r->at] : &none;
}

enum role verdict_role(const struct verdict *v)
{
	if (v->value == VERDICT_PASS)
		return ROLE_GOOD;
	if (v->value == VERDICT_UNKNOWN)
		return ROLE_DIM;
	if (verdict_waived(v))
		return ROLE_HELD;
	return v->clause->severity >= CLAUSE_MAJOR ? ROLE_BAD : ROLE_WARN;
}

const char *verdict_glyph(const struct verdict *v, const struct glyphs *g)
{
	return v->value == VERDICT_PASS ? g->up : v->value == VERDICT_UNKNOWN ? g->unknown : verdict_waived(v) ? g->held : g->down;
}

void verdict_badge(const struct view_ctx *cx, asn_t asn, struct field *out)
{
	const struct network_verdicts *n = cx->w->verdicts != NULL ? verdict_book_find(cx->w->verdicts, asn) : NULL;

	if (n == NULL)
		field_put(out, ROLE_DIM, "");
	else if (n->sum.failed > 0)
		field_putf(out, n->sum.worst >= CLAUSE_MAJOR ? ROLE_BAD : ROLE_WARN, "!%zu", n->sum.failed);
	else if (n->sum.unknown > 0)
		field_putf(out, ROLE_DIM, "?%zu", n->sum.unknown);
	else
		field_put(out, ROLE_GOOD, "ok");
}

static void show_verdict(const struct view_ctx *cx, const void *p, int width, struct field *out)
{
	const struct verdict *v = verdict_of(cx, p);

	(void)width;
	field_putf(out, verdict_role(v), "%s %s", verdict_glyph(v, cx->g), v->value == VERDICT_FAIL && !verdict_waived(v) ? "FAIL" : verdict_state_word(v));
}

static bool place_number(const struct view_ctx *cx, const void *p, int64_t *out)
{
	(void)cx;
	*out = ((const row *)p)->place;
	return true;
}

static void show_clause(const struct view_ctx *cx, const void *p, int width, struct field *out)
{
	(void)cx, (void)width;
	field_put(out, ROLE_ACCENT, ((const row *)p)->clause->id);
}

static void show_severity(const struct view_ctx *cx, const void *p, int width, struct field *out)
{
	(void)cx, (void)width;
	field_put(out, ROLE_NORMAL, clause_severity_word(((const row *)p)->clause->severity));
}

static bool severity_number(const struct view_ctx *cx, const void *p, int64_t *out)
{
	(void)cx;
	*out = (int64_t)((const row *)p)->clause->severity;
	return true;
}

static void show_found(const struct view_ctx *cx, const void *p, int width, struct field *out)
{
	const struct verdict *v = verdict_of(cx, p);

	(void)width;
	field_put(out, v->value == VERDICT_UNKNOWN ? ROLE_DIM : ROLE_NORMAL, v->words.s);
}

/* Where it comes from; of what is not known, what would make it known. */
static void show_source(const struct view_ctx *cx, const void *p, int width, struct field *out)
{
	const struct verdict *v = verdict_of(cx, p);
	char at[16];

	(void)width;
	if (v->value == VERDICT_UNKNOWN) {
		field_putf(out, ROLE_DIM, "needs: %s", text_or(v->missing, "?"));
		return;
	}
	time_words(v->wall_ms, cx->w->now_wall_ms, at, sizeof(at));
	field_putf(out, ROLE_DIM, "%s%s%s", text_or(v->source, ""), v->wall_ms > 0 ? ", " : "", v->wall_ms > 0 ? at : "");
}

static void show_since(const struct view_ctx *cx, const void *p, int width, struct field *out)
{
	const struct verdict_trend *t = trend_of(cx, p);
	char span[CLOCK_SPAN_LEN];

	(void)width;
	if (t->changed_wall_ms <= 0)
		field_put(out, ROLE_DIM, cx->g->dash);
	else
		field_put(out, ROLE_NORMAL, clock_span((cx->w->now_wall_ms - t->changed_wall_ms) / 1000, span));
}

static bool since_number(const struct view_ctx *cx, const void *p, int64_t *out)
{
	const struct verdict_trend *t = trend_of(cx, p);

	*out = (cx->w->now_wall_ms - t->changed_wall_ms) / 1000;
	return t->changed_wall_ms > 0;
}

static void show_changes(const struct view_ctx *cx, const void *p, int width, struct field *out)
{
	(void)width;
	field_putf(out, ROLE_NORMAL, "%u", trend_of(cx, p)->changes);
}

static void show_check(const struct view_ctx *cx, const void *p, int width, struct field *out)
{
	(void)cx, (void)width;
	field_put(out, ROLE_DIM, ((const row *)p)->clause->check->name);
}

static const struct column columns[] = {
	{ .id = "verdict", .title = "VERDICT", .help = "met, not met, not known, or waived; sorted: worst first", .min = 9, .max = 9,
	    .show = show_verdict, .number = place_number },
	{ .id = "clause", .title = "CLAUSE", .help = "of the policy file", .min = 10, .max = 20, .fit = true, .show = show_clause },
	{ .id = "severity", .title = "SEVERITY", .help = "as the policy weighs it", .min = 8, .max = 8, .rank = 1, .descends = true,
	    .show = show_severity, .number = severity_number },
	{ .id = "found", .title = "FOUND", .help = "what decided it", .min = 20, .max = 0, .show = show_found },
	{ .id = "since", .title = "SINCE", .help = "how long it is so, as far as anybody looked", .min = 5, .max = 6, .right = true, .rank = 2,
	    .show = show_since, .number = since_number },
	{ .id = "changes", .title = "CHG", .help = "how often it changed, as the journal knows", .min = 3, .max = 4, .right = true, .rank = 3,
	    .show = show_changes },
	{ .id = "source", .title = "SOURCE, OR WHAT IS MISSING", .help = "where it was read and when; what would make it known", .min = 26, .max = 52,
	    .rank = 3, .show = show_source },
	{ .id = "check", .title = "CHECK", .help = "the kind of check behind the clause", .min = 8, .max = 24, .rank = COLUMN_HIDDEN, .show = show_check },
};

/* Only while rows are made. */
struct ranked {
	const struct verdict *v;
	size_t at;
};

static int worse(const void *a, const void *b)
{
	return verdict_worse(((const struct ranked *)a)->v, ((const struct ranked *)b)->v);
}

static size_t rows_of(const struct view_ctx *cx, void **out)
{
	const struct network_verdicts *n = verdict_book_find(cx->w->verdicts, cx->focus->asn);
	size_t count = n != NULL ? n->count : 0;
	struct ranked *ranked = mem_calloc(count + 1, sizeof(*ranked));
	row *rows = mem_calloc(count + 1, sizeof(*rows));

	for (size_t i = 0; i < count; i++)
		ranked[i] = (struct ranked){ &n->verdicts[i], i };
	qsort(ranked, count, sizeof(*ranked), worse);
	for (size_t i = 0; i < count; i++)
		rows[i] = (row){ .asn = n->asn, .clause = ranked[i].v->clause, .at = ranked[i].at, .place = (int64_t)i };
	free(ranked);
	*out = rows;
	return count;
}

static void key_of(const void *p, struct str *out)
{
	str_addf(out, "%u|%s", ((const row *)p)->asn, ((const row *)p)->clause->id);
}

static void focus_of(const void *p, struct focus *out)
{
	out->asn = ((const row *)p)->asn;
	snprintf(out->clause, sizeof(out->clause), "%s", ((const row *)p)->clause->id);
}

static void say_proposals(const struct view_ctx *cx, const struct network_verdicts *n, struct page *p)
{
	char key[KEY_NAME_LEN];

	for (size_t i = 0; i < n->proposal_count; i++) {
		const struct proposal *o = &n->proposals[i];
		const char *verb = o->what == ON_FAIL_PROPOSE_WITHDRAW ? "withdraw" : "suspend";

		if (!text_empty(o->refused))
			page_line(p, ROLE_WARN, "%s: no %s is proposed: %s", o->clause->id, verb, o->refused.s);
		else
			page_line(p, ROLE_ALARM, "%s proposes to %s %s %s%s: %s makes the plan", o->clause->id, verb, o->targets[0].router.s, o->targets[0].neighbor.s,
			    o->target_count > 1 ? " and others" : "", keymap_key(cx->keys, CMD_PROPOSAL, "policy", key)[0] ? key : ":proposal");
		if (!text_empty(o->held))
			page_line(p, ROLE_WARN, "not by itself, as the policy would: %s", o->held.s);
	}
}

static void head(const struct view_ctx *cx, struct page *p)
{
	const struct network_verdicts *n = verdict_book_find(cx->w->verdicts, cx->focus->asn);
	const struct policy *policy = cx->w->verdicts != NULL ? verdict_book_policy(cx->w->verdicts) : NULL;
	char span[CLOCK_SPAN_LEN];

	if (policy == NULL) {
		page_line(p, ROLE_WARN, "%s", cx->w->no_verdicts != NULL ? cx->w->no_verdicts : "no policy is configured");
		return;
	}
	if (n == NULL) {
		page_line(p, ROLE_DIM, cx->focus->asn != ASN_UNKNOWN ? "AS%u has not been judged yet" : "no network is selected", cx->focus->asn);
		return;
	}
	page_line(p, n->sum.failed > 0 ? ROLE_BAD : ROLE_NORMAL, "AS%u %s against AS%u %s: %zu not met, %zu not known, %zu waived, %zu met", n->asn,
	    text_or(n->name, ""), policy->asn, policy->name, n->sum.failed, n->sum.unknown, n->sum.waived, n->sum.passed);
	page_line(p, ROLE_DIM, "%zu of %zu sessions up; judged %s ago", n->live, n->sessions, clock_span((cx->w->now_wall_ms - n->judged_wall_ms) / 1000, span));
	say_proposals(cx, n, p);
}

static void aside(const struct view_ctx *cx, const void *p, struct page *out)
{
	const struct clause *c = ((const row *)p)->clause;
	const struct verdict *v = verdict_of(cx, p);
	char iso[CLOCK_ISO_LEN];

	page_line(out, ROLE_ACCENT, "%s: \"%s\"", c->id, c->text);
	page_field(out, "found", verdict_role(v), "%s", v->words.s);
	if (v->value == VERDICT_UNKNOWN)
		page_field(out, "needs", ROLE_NORMAL, "%s", text_or(v->missing, "?"));
	else
		page_field(out, "source", ROLE_DIM, "%s", text_or(v->source, "-"));
	if (v->waived_until_ms > 0)
		page_field(out, "waived", ROLE_HELD, "until %s by %s: %s", clock_iso(v->waived_until_ms, iso), text_or(v->waived_by, "?"),
		    text_or(v->waived_why, "?"));
	if (v->value == VERDICT_FAIL)
		page_field(out, "to fix", ROLE_NORMAL, "%s", c->check->remedy);
}

static const char *open_row(const void *p, struct str *filter)
{
	(void)p, (void)filter;
	return "clause";
}

const struct clause *view_policy_row(const void *p)
{
	return p != NULL ? ((const row *)p)->clause : NULL;
}

const struct view view_policy = {
	.name = "policy", .title = "Policy", .about = "the selected network held against every clause of the policy; Enter explains",
	.columns = columns, .column_count = ARRAY_LEN(columns), .row_size = sizeof(row), .sort = "verdict",
	.rows = rows_of, .key = key_of, .focus = focus_of, .head = head, .aside = aside, .open = open_row, .of_focus = true,
	.empty = "no verdict to show; select a network in sessions, networks or the matrix",
};
