/* Networks: the sessions put together by ASN. */
#include "core/base/mem.h"
#include "tui/view.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct network_row {
	asn_t asn;
	const struct peer *peer;
	const char *description; /* of its first session */
	const struct world_session *first;
	unsigned total, up, admin, stale, held, routers; /* a stale session is neither up nor down */
	count_t received, advertised; /* sums of what is known; COUNT_UNKNOWN if nothing is */
};

typedef struct network_row row;

static void show_asn(const struct view_ctx *cx, const void *v, int width, struct field *out)
{
	(void)width;
	if (((const row *)v)->asn == ASN_UNKNOWN)
		field_put(out, ROLE_DIM, cx->g->dash);
	else
		field_putf(out, ROLE_NORMAL, "%u", ((const row *)v)->asn);
}

static bool asn_number(const struct view_ctx *cx, const void *v, int64_t *out)
{
	(void)cx;
	*out = ((const row *)v)->asn;
	return *out != ASN_UNKNOWN;
}

static void show_network(const struct view_ctx *cx, const void *v, int width, struct field *out)
{
	const row *r = v;
	const char *name = network_name(r->peer);

	(void)cx, (void)width;
	field_put(out, name[0] ? ROLE_ACCENT : ROLE_DIM, name[0] ? name : r->description);
}

static void show_sessions(const struct view_ctx *cx, const void *v, int width, struct field *out)
{
	const row *r = v;
	unsigned down = r->total - r->up - r->admin - r->stale;
	const char *glyph = down > 0 ? cx->g->down : r->up > 0 ? cx->g->up : cx->g->admin;

	(void)width;
	if (r->stale > 0)
		field_putf(out, down > 0 ? ROLE_BAD : ROLE_STALE, "%s %u up, %u stale", down > 0 ? glyph : cx->g->unknown,
		    r->up, r->stale);
	else
		field_putf(out, down > 0 ? ROLE_BAD : r->up > 0 ? ROLE_GOOD : ROLE_ADMIN, "%s %u of %u up", glyph, r->up,
		    r->total);
}

static bool down_number(const struct view_ctx *cx, const void *v, int64_t *out)
{
	const row *r = v;

	(void)cx;
	*out = r->total - r->up - r->admin - r->stale;
	return true;
}

static void show_down(const struct view_ctx *cx, const void *v, int width, struct field *out)
{
	int64_t n;

	(void)width;
	down_number(cx, v, &n);
	field_putf(out, n > 0 ? ROLE_BAD : ROLE_DIM, "%lld", (long long)n);
}

static void show_shut(const struct view_ctx *cx, const void *v, int width, struct field *out)
{
	const row *r = v;

	(void)cx, (void)width;
	if (r->held > 0)
		field_putf(out, ROLE_HELD, "%u, %u by us", r->admin, r->held);
	else
		field_putf(out, r->admin > 0 ? ROLE_ADMIN : ROLE_DIM, "%u", r->admin);
}

static void show_routers(const struct view_ctx *cx, const void *v, int width, struct field *out)
{
	(void)cx, (void)width;
	field_putf(out, ROLE_NORMAL, "%u", ((const row *)v)->routers);
}

static void show_received(const struct view_ctx *cx, const void *v, int width, struct field *out)
{
	char words[24];

	(void)width;
	field_put(out, ROLE_NORMAL, count_words(((const row *)v)->received, cx->g, words));
}

static bool received_number(const struct view_ctx *cx, const void *v, int64_t *out)
{
	(void)cx;
	*out = ((const row *)v)->received;
	return *out != COUNT_UNKNOWN;
}

static void show_advertised(const struct view_ctx *cx, const void *v, int width, struct field *out)
{
	char words[24];

	(void)width;
	field_put(out, ROLE_NORMAL, count_words(((const row *)v)->advertised, cx->g, words));
}

static void show_policy(const struct view_ctx *cx, const void *v, int width, struct field *out)
{
	const struct peer *p = ((const row *)v)->peer;

	(void)cx, (void)width;
	field_put(out, ROLE_NORMAL, p ? text_or(p->policy_general, "") : "not in PeeringDB");
	if (p == NULL)
		out->role = ROLE_DIM;
}

static void show_type(const struct view_ctx *cx, const void *v, int width, struct field *out)
{
	const struct peer *p = ((const row *)v)->peer;

	(void)cx, (void)width;
	field_put(out, ROLE_NORMAL, p ? text_or(p->info_type, "") : "");
}

static void show_macro(const struct view_ctx *cx, const void *v, int width, struct field *out)
{
	const struct peer *p = ((const row *)v)->peer;

	(void)cx, (void)width;
	field_put(out, ROLE_NORMAL, p ? text_or(p->irr_as_set, "") : "");
}

static void show_limits(const struct view_ctx *cx, const void *v, int width, struct field *out)
{
	const struct peer *p = ((const row *)v)->peer;
	char four[24], six[24];

	(void)width;
	count_words(p ? p->info_prefixes4 : COUNT_UNKNOWN, cx->g, four);
	count_words(p ? p->info_prefixes6 : COUNT_UNKNOWN, cx->g, six);
	field_putf(out, p ? ROLE_NORMAL : ROLE_DIM, "%s/%s", four, six);
}

static void show_presence(const struct view_ctx *cx, const void *v, int width, struct field *out)
{
	const struct peer *p = ((const row *)v)->peer;
	const char *last = "";
	size_t at = 0;

	(void)cx, (void)width;
	field_put(out, ROLE_NORMAL, "");
	for (size_t i = 0; p != NULL && i < p->presence_count && at < sizeof(out->s) - 1; i++) {
		const char *name = text_or(p->presence[i].ix_name, "");

		if (strcmp(name, last) == 0)
			continue;
		at += (size_t)snprintf(out->s + at, sizeof(out->s) - at, "%s%s", at ? ", " : "", name);
		last = name;
	}
}

static const struct column columns[] = {
	{ .id = "asn", .title = "ASN", .help = "AS number", .min = 6, .max = 10, .fit = true, .right = true, .show = show_asn,
	    .number = asn_number },
	{ .id = "network", .title = "NETWORK", .help = "name in PeeringDB, else the description", .min = 16, .max = 32,
	    .show = show_network },
	{ .id = "sessions", .title = "SESSIONS", .help = "how many are up", .min = 15, .max = 17, .show = show_sessions },
	{ .id = "down", .title = "DOWN", .help = "down without being shut by us", .min = 4, .max = 5, .right = true,
	    .descends = true, .show = show_down, .number = down_number },
	{ .id = "shut", .title = "SHUT", .help = "shut by us; \"by us\" stands in the ledger", .min = 10, .max = 12,
	    .show = show_shut },
	{ .id = "routers", .title = "ROUTERS", .help = "on how many of ours", .min = 7, .max = 7, .right = true, .rank = 3,
	    .show = show_routers },
	{ .id = "received", .title = "RCVD", .help = "prefixes received, all sessions", .min = 6, .max = 7, .right = true,
	    .descends = true, .show = show_received, .number = received_number },
	{ .id = "advertised", .title = "ADVERT", .help = "prefixes sent, all sessions", .min = 6, .max = 7, .right = true,
	    .rank = 2, .show = show_advertised },
	{ .id = "policy", .title = "POLICY", .help = "peering policy in PeeringDB", .min = 9, .max = 16, .rank = 1,
	    .show = show_policy },
	{ .id = "limits", .title = "PDB V4/V6", .help = "prefix limits it publishes", .min = 9, .max = 15, .right = true,
	    .rank = 4, .show = show_limits },
	{ .id = "type", .title = "TYPE", .help = "what it is, in its own words", .min = 7, .max = 20, .rank = 5,
	    .show = show_type },
	{ .id = "as-set", .title = "AS-SET", .help = "IRR as-set", .min = 10, .max = 24, .rank = 5, .show = show_macro },
	{ .id = "presence", .title = "EXCHANGES", .help = "where PeeringDB says it is", .min = 12, .max = 0, .rank = 6,
	    .show = show_presence },
};

static int by_asn(const void *a, const void *b)
{
	const struct world_session *const *x = a, *const *y = b;
	asn_t p = (*x)->s->remote_as, q = (*y)->s->remote_as;

	if (p != q)
		return p < q ? -1 : 1;
	return *x < *y ? -1 : *x > *y;
}

static void add_count(count_t *sum, count_t n)
{
	if (n != COUNT_UNKNOWN)
		*sum = (*sum == COUNT_UNKNOWN ? 0 : *sum) + n;
}

static void add_session(row *r, const struct world_session *s, const struct world_session *before)
{
	r->total++;
	if (before == NULL || before->router != s->router)
		r->routers++;
	if (s->held != NULL)
		r->held++;
	if (s->stale) {
		r->stale++;
	} else if (s->s->state == BGP_ESTABLISHED) {
		r->up++;
		add_count(&r->received, limit_count(s->s));
		add_count(&r->advertised, s->s->advertised);
	} else if (s->s->admin_down == TRI_YES) {
		r->admin++;
	}
}

static size_t rows_of(const struct view_ctx *cx, void **out)
{
	const struct world_session **by = mem_calloc(cx->session_count + 1, sizeof(const struct world_session *));
	row *rows = mem_calloc(cx->session_count + 1, sizeof(*rows));
	size_t n = 0;

	for (size_t i = 0; i < cx->session_count; i++)
		by[i] = &cx->sessions[i];
	qsort(by, cx->session_count, sizeof(const struct world_session *), by_asn);
	for (size_t i = 0; i < cx->session_count; i++) {
		bool fresh = i == 0 || by[i]->s->remote_as != by[i - 1]->s->remote_as;

		if (fresh)
			rows[n++] = (row){ .asn = by[i]->s->remote_as, .peer = by[i]->peer, .first = by[i],
				.description = text_or(by[i]->s->description, ""),
				.received = COUNT_UNKNOWN, .advertised = COUNT_UNKNOWN };
		add_session(&rows[n - 1], by[i], fresh ? NULL : by[i - 1]);
	}
	free(by);
	*out = rows;
	return n;
}

static void key_of(const void *v, struct str *out)
{
	str_addf(out, "%u", ((const row *)v)->asn);
}

static void focus_of(const void *v, struct focus *out)
{
	out->asn = ((const row *)v)->asn;
}

static bool is_down(const void *v)
{
	const row *r = v;

	return r->total > r->up + r->admin + r->stale;
}

static const char *open_row(const void *v, struct str *filter)
{
	str_addf(filter, "asn:%u", ((const row *)v)->asn);
	return "sessions";
}

const struct view view_networks = {
	.name = "networks", .title = "Networks", .about = "the sessions put together by ASN",
	.columns = columns, .column_count = ARRAY_LEN(columns), .row_size = sizeof(row), .sort = "down",
	.rows = rows_of, .key = key_of, .focus = focus_of, .is_down = is_down, .open = open_row, .paned = true,
	.empty = "no session has been read yet",
};
