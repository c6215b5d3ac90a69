/* Matrix: every network against every kind of check, one mark each. */
#include "core/base/clock.h"
#include "core/judge/verdict_book.h"
#include "tui/view.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct {
	const struct network_verdicts *n; /* only while it is drawn: a round of judging may forget it */
	asn_t asn;
} row;

static void show_asn(const struct view_ctx *cx, const void *p, int width, struct field *out)
{
	(void)cx, (void)width;
	field_putf(out, ROLE_NORMAL, "%u", ((const row *)p)->n->asn);
}

static bool asn_number(const struct view_ctx *cx, const void *p, int64_t *out)
{
	(void)cx;
	*out = ((const row *)p)->n->asn;
	return true;
}

static void show_network(const struct view_ctx *cx, const void *p, int width, struct field *out)
{
	(void)cx, (void)width;
	field_put(out, ROLE_ACCENT, text_or(((const row *)p)->n->name, ""));
}

static void show_failed(const struct view_ctx *cx, const void *p, int width, struct field *out)
{
	const struct verdict_sum *s = &((const row *)p)->n->sum;

	(void)cx, (void)width;
	field_putf(out, s->failed > 0 ? ROLE_BAD : ROLE_DIM, "%zu", s->failed);
}

/* What needs eyes first: the number of failures, the worst of them before. */
static bool failed_number(const struct view_ctx *cx, const void *p, int64_t *out)
{
	const struct verdict_sum *s = &((const row *)p)->n->sum;

	(void)cx;
	*out = (s->failed > 0 ? ((int64_t)s->worst + 1) * 1000000 : 0) + (int64_t)s->failed * 1000 + (int64_t)s->unknown;
	return true;
}

static void show_unknown(const struct view_ctx *cx, const void *p, int width, struct field *out)
{
	(void)cx, (void)width;
	field_putf(out, ROLE_DIM, "%zu", ((const row *)p)->n->sum.unknown);
}

static bool unknown_number(const struct view_ctx *cx, const void *p, int64_t *out)
{
	(void)cx;
	*out = (int64_t)((const row *)p)->n->sum.unknown;
	return true;
}

/* The worst verdict of all clauses that ask for this check; NULL: none does. */
static const struct verdict *worst_of(const struct network_verdicts *n, size_t check)
{
	const struct verdict *worst = NULL;

	for (size_t i = 0; i < n->count; i++)
		if (n->verdicts[i].clause->check == &checks[check] && (worst == NULL || verdict_worse(&n->verdicts[i], worst) < 0))
			worst = &n->verdicts[i];
	return worst;
}

static void show_check(const struct view_ctx *cx, const row *r, size_t check, int width, struct field *out)
{
	const struct verdict *v = worst_of(r->n, check);

	if (v == NULL)
		field_put(out, ROLE_DIM, width == 0 ? "not asked" : "");
	else
		field_put(out, verdict_role(v), width == 0 ? verdict_state_word(v) : verdict_glyph(v, cx->g));
}

#define CHECK_COLUMN(n) \
	static void show_check_##n(const struct view_ctx *cx, const void *p, int width, struct field *out) \
	{ \
		show_check(cx, p, n, width, out); \
	}
CHECK_COLUMN(0) CHECK_COLUMN(1) CHECK_COLUMN(2) CHECK_COLUMN(3) CHECK_COLUMN(4) CHECK_COLUMN(5) CHECK_COLUMN(6) CHECK_COLUMN(7)
CHECK_COLUMN(8) CHECK_COLUMN(9) CHECK_COLUMN(10) CHECK_COLUMN(11) CHECK_COLUMN(12) CHECK_COLUMN(13) CHECK_COLUMN(14) CHECK_COLUMN(15)
CHECK_COLUMN(16) CHECK_COLUMN(17) CHECK_COLUMN(18) CHECK_COLUMN(19) CHECK_COLUMN(20) CHECK_COLUMN(21) CHECK_COLUMN(22) CHECK_COLUMN(23)

/* A mark each, titled by two letters: the help tells them. */
#define C(n, name, two, r) { .id = name, .title = two, .help = name, .min = 2, .max = 3, .rank = r, .show = show_check_##n }
static const struct column columns[] = {
	{ .id = "asn", .title = "ASN", .help = "AS number", .min = 5, .max = 10, .fit = true, .right = true, .show = show_asn, .number = asn_number },
	{ .id = "network", .title = "NETWORK", .help = "name in PeeringDB", .min = 8, .max = 20, .show = show_network, .rank = 2 },
	{ .id = "failed", .title = "NOT", .help = "clauses that are not met; sorted: worst first", .min = 3, .max = 4, .right = true, .descends = true,
	    .show = show_failed, .number = failed_number },
	{ .id = "unknown", .title = "?", .help = "clauses that are not known", .min = 2, .max = 4, .right = true, .descends = true, .rank = 2,
	    .show = show_unknown, .number = unknown_number },
	C(0, "asn-public", "AS", 0), C(1, "asn-visible", "VI", 1), C(2, "bgp-capable", "BG", 1), C(3, "session-auth", "AU", 0), C(4, "peeringdb-complete", "PD", 0),
	C(5, "noc-24x7", "NO", 0), C(6, "escalation-path", "ES", 0), C(7, "abuse-contact", "AB", 0), C(8, "ix-rules", "IX", 0), C(9, "all-common-ixps", "CO", 0),
	C(10, "min-traffic", "TR", 0), C(11, "max-length", "LE", 0), C(12, "prefixes-visible", "DF", 1), C(13, "consistent-announcements", "CS", 0),
	C(14, "only-announced-destinations", "ON", 1), C(15, "no-default-route", "DE", 0), C(16, "max-prefixes", "MX", 0), C(17, "irr-registered", "IR", 0),
	C(18, "explicit-filter", "FI", 0), C(19, "own-as-macro", "OW", 0), C(20, "min-capacity", "CA", 0), C(21, "congestion-free", "CG", 0),
	C(22, "traffic-ratio", "RA", 0), C(23, "quality", "QU", 0),
};

static size_t rows_of(const struct view_ctx *cx, void **out)
{
	size_t n = cx->w->verdicts != NULL ? verdict_book_count(cx->w->verdicts) : 0;
	row *rows = mem_calloc(n + 1, sizeof(*rows));

	for (size_t i = 0; i < n; i++)
		rows[i] = (row){ verdict_book_at(cx->w->verdicts, i), verdict_book_at(cx->w->verdicts, i)->asn };
	*out = rows;
	return n;
}

static void key_of(const void *p, struct str *out)
{
	str_addf(out, "%u", ((const row *)p)->asn);
}

static void focus_of(const void *p, struct focus *out)
{
	out->asn = ((const row *)p)->asn;
}

static void head(const struct view_ctx *cx, struct page *p)
{
	const struct policy *policy = cx->w->verdicts != NULL ? verdict_book_policy(cx->w->verdicts) : NULL;

	if (policy == NULL)
		page_line(p, ROLE_WARN, "%s", cx->w->no_verdicts != NULL ? cx->w->no_verdicts : "no policy is configured");
	else
		page_line(p, ROLE_DIM, "against AS%u %s: %s met  %s not met  %s not known  %s waived; blank: not asked", policy->asn, policy->name, cx->g->up,
		    cx->g->down, cx->g->unknown, cx->g->held);
}

static void aside(const struct view_ctx *cx, const void *p, struct page *out)
{
	const struct network_verdicts *n = ((const row *)p)->n;

	(void)cx;
	page_line(out, ROLE_ACCENT, "AS%u %s: %zu not met, %zu not known, %zu waived, %zu met", n->asn, text_or(n->name, ""), n->sum.failed, n->sum.unknown,
	    n->sum.waived, n->sum.passed);
	for (size_t i = 0; i < n->count; i++)
		if (n->verdicts[i].value == VERDICT_FAIL)
			page_field(out, n->verdicts[i].clause->id, verdict_role(&n->verdicts[i]), "%s", n->verdicts[i].words.s);
}

static const char *open_row(const void *p, struct str *filter)
{
	(void)p, (void)filter;
	return "policy";
}

const struct view view_matrix = {
	.name = "matrix", .title = "Matrix", .about = "every network against every check of the policy; Enter opens the network's clauses",
	.columns = columns, .column_count = ARRAY_LEN(columns), .row_size = sizeof(row), .sort = "failed",
	.rows = rows_of, .key = key_of, .focus = focus_of, .head = head, .aside = aside, .open = open_row,
	.empty = "no network has been judged yet",
};
