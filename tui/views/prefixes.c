/* Prefixes: what is received, against our limit, against what the network publishes. */
#include "core/base/mem.h"
#include "tui/view.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { BAR_MAX = 60 };

typedef struct world_session row;

static count_t published(const row *r)
{
	return r->peer ? peer_published_limit(r->peer, r->s->family) : COUNT_UNKNOWN;
}

static void show_shared(const char *id, const struct view_ctx *cx, const void *v, int width, struct field *out)
{
	column_find(view_sessions.columns, view_sessions.column_count, id)->show(cx, v, width, out);
}

static void show_router(const struct view_ctx *cx, const void *v, int width, struct field *out)
{
	show_shared("router", cx, v, width, out);
}

static void show_asn(const struct view_ctx *cx, const void *v, int width, struct field *out)
{
	show_shared("asn", cx, v, width, out);
}

static bool asn_number(const struct view_ctx *cx, const void *v, int64_t *out)
{
	(void)cx;
	*out = ((const row *)v)->s->remote_as;
	return *out != ASN_UNKNOWN;
}

static void show_network(const struct view_ctx *cx, const void *v, int width, struct field *out)
{
	show_shared("network", cx, v, width, out);
}

static void show_neighbor(const struct view_ctx *cx, const void *v, int width, struct field *out)
{
	show_shared("neighbor", cx, v, width, out);
}

static void show_state(const struct view_ctx *cx, const void *v, int width, struct field *out)
{
	state_field(cx, v, width, out);
}

static void show_family(const struct view_ctx *cx, const void *v, int width, struct field *out)
{
	show_shared("family", cx, v, width, out);
}

static void show_age(const struct view_ctx *cx, const void *v, int width, struct field *out)
{
	show_shared("age", cx, v, width, out);
}

static void put_count(const struct view_ctx *cx, count_t n, struct field *out)
{
	char words[24];

	field_put(out, n == COUNT_UNKNOWN ? ROLE_DIM : ROLE_NORMAL, count_words(n, cx->g, words));
}

static bool received_number(const struct view_ctx *cx, const void *v, int64_t *out)
{
	(void)cx;
	*out = limit_count(((const row *)v)->s);
	return *out != COUNT_UNKNOWN;
}

static void show_received(const struct view_ctx *cx, const void *v, int width, struct field *out)
{
	(void)width;
	put_count(cx, limit_count(((const row *)v)->s), out);
}

static bool limit_number(const struct view_ctx *cx, const void *v, int64_t *out)
{
	(void)cx;
	*out = ((const row *)v)->s->max_prefixes;
	return *out != COUNT_UNKNOWN;
}

static void show_limit(const struct view_ctx *cx, const void *v, int width, struct field *out)
{
	(void)width;
	put_count(cx, ((const row *)v)->s->max_prefixes, out);
}

static bool published_number(const struct view_ctx *cx, const void *v, int64_t *out)
{
	(void)cx;
	*out = published(v);
	return *out != COUNT_UNKNOWN;
}

static void show_published(const struct view_ctx *cx, const void *v, int width, struct field *out)
{
	const row *r = v;
	count_t n = published(r);

	(void)width;
	put_count(cx, n, out);
	/* A limit below what the network announces of itself will trip by itself one day. */
	if (n > 0 && r->s->max_prefixes > 0 && r->s->max_prefixes < n)
		out->role = ROLE_WARN;
}

static bool used_number(const struct view_ctx *cx, const void *v, int64_t *out)
{
	const row *r = v;
	count_t n = limit_count(r->s);

	(void)cx;
	if (r->s->limit_tripped == TRI_YES) {
		*out = 100;
		return true;
	}
	if (n == COUNT_UNKNOWN || r->s->max_prefixes <= 0)
		return false;
	*out = n * 100 / r->s->max_prefixes;
	return true;
}

static enum role used_role(const struct view_ctx *cx, const row *r, int64_t pct)
{
	if (r->s->limit_tripped == TRI_YES || pct >= 100)
		return ROLE_BAD;
	return pct >= (int64_t)cx->w->config->near_pct ? ROLE_WARN : ROLE_GOOD;
}

static void show_used(const struct view_ctx *cx, const void *v, int width, struct field *out)
{
	const row *r = v;
	int64_t pct;

	(void)width;
	if (r->stale)
		field_put(out, ROLE_STALE, "stale");
	else if (r->s->limit_tripped == TRI_YES)
		field_put(out, ROLE_BAD, "tripped");
	else if (used_number(cx, v, &pct))
		field_putf(out, used_role(cx, r, pct), "%lld%%", (long long)pct);
	else
		field_put(out, ROLE_DIM, r->s->max_prefixes == 0 ? "no limit" : cx->g->dash);
}

/* Filled up to received/limit; the tick stands where the published figure is on the same scale. */
static void show_bar(const struct view_ctx *cx, const void *v, int width, struct field *out)
{
	const row *r = v;
	count_t pdb = published(r), limit = r->s->max_prefixes;
	int cells = width > 0 && width < BAR_MAX ? width : BAR_MAX, filled, tick = -1;
	int64_t pct;
	size_t at = 0;

	if (width == 0 || !used_number(cx, v, &pct)) {
		field_put(out, ROLE_DIM, "");
		return;
	}
	filled = (int)(pct * cells / 100);
	if (filled == 0 && pct > 0)
		filled = 1;
	if (pdb > 0 && limit > 0 && pdb <= limit)
		tick = (int)(pdb * cells / limit) - 1;
	for (int i = 0; i < cells; i++) {
		const char *g = i == tick ? cx->g->tick : i < filled ? cx->g->full : cx->g->empty;

		at += (size_t)snprintf(out->s + at, sizeof(out->s) - at, "%s", g);
	}
	out->role = used_role(cx, r, pct);
}

static void show_action(const struct view_ctx *cx, const void *v, int width, struct field *out)
{
	const char *w = limit_action_word(((const row *)v)->s->limit_action);

	(void)width;
	field_put(out, w ? ROLE_NORMAL : ROLE_DIM, w ? w : cx->g->dash);
}

static const struct column columns[] = {
	{ .id = "router", .title = "ROUTER", .help = "our router", .min = 4, .max = 16, .fit = true, .show = show_router },
	{ .id = "asn", .title = "ASN", .help = "the neighbor's AS", .min = 5, .max = 10, .fit = true, .right = true,
	    .show = show_asn, .number = asn_number },
	{ .id = "network", .title = "NETWORK", .help = "its name", .min = 14, .max = 24, .show = show_network },
	{ .id = "neighbor", .title = "NEIGHBOR", .help = "address, after its VRF", .min = 11, .max = 39, .fit = true,
	    .tail = true, .rank = 1, .show = show_neighbor },
	{ .id = "family", .title = "FAM", .help = "address family", .min = 4, .max = 14, .fit = true, .show = show_family },
	{ .id = "state", .title = "STATE", .help = "what it does, and why", .min = 14, .max = 21, .rank = 2,
	    .show = show_state },
	{ .id = "received", .title = "RCVD", .help = "prefixes received", .min = 5, .max = 7, .right = true,
	    .descends = true, .show = show_received, .number = received_number },
	{ .id = "limit", .title = "LIMIT", .help = "max-prefix as configured", .min = 5, .max = 7, .right = true,
	    .descends = true, .show = show_limit, .number = limit_number },
	{ .id = "published", .title = "PDB", .help = "what the network publishes in PeeringDB", .min = 5, .max = 7,
	    .right = true, .descends = true, .show = show_published, .number = published_number },
	{ .id = "used", .title = "USED", .help = "received of limit", .min = 7, .max = 8, .right = true, .descends = true,
	    .show = show_used, .number = used_number },
	{ .id = "bar", .title = "RECEIVED OF LIMIT", .help = "the same as a bar; the upright stroke is PeeringDB's figure",
	    .min = 8, .max = 40, .show = show_bar },
	{ .id = "action", .title = "ON LIMIT", .help = "what the router does then", .min = 8, .max = 8, .rank = 4,
	    .show = show_action },
	{ .id = "age", .title = "AGE", .help = "of this reading", .min = 9, .max = 9, .right = true, .rank = 1,
	    .show = show_age },
};

static size_t rows_of(const struct view_ctx *cx, void **out)
{
	return view_sessions.rows(cx, out);
}

static void key_of(const void *v, struct str *out)
{
	view_sessions.key(v, out);
}

static void focus_of(const void *v, struct focus *out)
{
	view_sessions.focus(v, out);
}

static bool is_stale(const void *v)
{
	return ((const row *)v)->stale;
}

static const char *open_row(const void *v, struct str *filter)
{
	(void)v, (void)filter;
	return "detail";
}

const struct view view_prefixes = {
	.name = "prefixes", .title = "Prefixes",
	.about = "received against our limit against PeeringDB, nearest to the limit first",
	.columns = columns, .column_count = ARRAY_LEN(columns), .row_size = sizeof(row), .sort = "used",
	.rows = rows_of, .key = key_of, .focus = focus_of, .is_stale = is_stale, .open = open_row, .paned = true, .acts = true, .pinned = true,
	.empty = "no session has been read yet",
};
