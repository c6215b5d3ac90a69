/* The home view: every session of every router, one per neighbor and family. */
#include "core/base/clock.h"
#include "core/base/mem.h"
#include "core/model/scope.h"
#include "core/model/track.h"
#include "tui/view.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct world_session row;

static void show_router(const struct view_ctx *cx, const void *v, int width, struct field *out)
{
	(void)cx, (void)width;
	field_put(out, ROLE_NORMAL, ((const row *)v)->router->conf->name);
}

static void show_asn(const struct view_ctx *cx, const void *v, int width, struct field *out)
{
	const row *r = v;

	(void)width;
	if (r->s->remote_as == ASN_UNKNOWN)
		field_put(out, ROLE_DIM, cx->g->dash);
	else
		field_putf(out, ROLE_NORMAL, "%u", r->s->remote_as);
}

static bool asn_number(const struct view_ctx *cx, const void *v, int64_t *out)
{
	(void)cx;
	*out = ((const row *)v)->s->remote_as;
	return *out != ASN_UNKNOWN;
}

/* What PeeringDB calls it, else what the router's operators wrote. */
static void show_network(const struct view_ctx *cx, const void *v, int width, struct field *out)
{
	const row *r = v;
	const char *name = network_name(r->peer);

	(void)cx, (void)width;
	if (name[0] != '\0')
		field_put(out, ROLE_ACCENT, name);
	else
		field_put(out, ROLE_DIM, text_or(r->s->description, ""));
}

static void show_neighbor(const struct view_ctx *cx, const void *v, int width, struct field *out)
{
	const struct session *s = ((const row *)v)->s;
	bool plain = s->family == (s->peer.family == ADDR_IP6 ? AF_IPV6_UNICAST : AF_IPV4_UNICAST);

	/* A session that carries the other family too has a row for each: they must not look the same. */
	(void)cx, (void)width;
	field_putf(out, ROLE_NORMAL, "%s%s%s%s%s", text_or(s->vrf, ""), text_empty(s->vrf) ? "" : "/",
	    text_or(s->neighbor, "?"), plain ? "" : " ", plain ? "" : family_word(s->family));
}

static void show_state(const struct view_ctx *cx, const void *v, int width, struct field *out)
{
	state_field(cx, v, width, out);
}

static bool state_number(const struct view_ctx *cx, const void *v, int64_t *out)
{
	*out = state_rank(cx, v);
	return true;
}

static bool since_number(const struct view_ctx *cx, const void *v, int64_t *out)
{
	const row *r = v;
	int64_t age = cx->w->now_boot_ms - r->router->snap->taken_boot_ms;

	*out = r->s->since_s + (age > 0 ? age / 1000 : 0);
	return r->s->since_s >= 0;
}

static void show_since(const struct view_ctx *cx, const void *v, int width, struct field *out)
{
	char span[CLOCK_SPAN_LEN];
	int64_t s;

	if (!since_number(cx, v, &s))
		field_put(out, ROLE_DIM, cx->g->dash);
	else if (strlen(clock_span(s, span)) > 5 && width > 0 && width < 6)
		field_putf(out, ROLE_NORMAL, "%lldd", (long long)(s / 86400));
	else
		field_put(out, ROLE_NORMAL, span);
}

static bool received_number(const struct view_ctx *cx, const void *v, int64_t *out)
{
	(void)cx;
	*out = limit_count(((const row *)v)->s);
	return *out != COUNT_UNKNOWN;
}

static void show_received(const struct view_ctx *cx, const void *v, int width, struct field *out)
{
	const row *r = v;
	char got[24], limit[24];
	count_t n = limit_count(r->s);
	bool over = n != COUNT_UNKNOWN && r->s->max_prefixes > 0 && n > r->s->max_prefixes;
	bool near = n != COUNT_UNKNOWN && session_limit_near(r->s, (int)cx->w->config->near_pct);

	(void)width;
	count_words(n, cx->g, got);
	if (r->s->max_prefixes == 0)
		snprintf(limit, sizeof(limit), "none");
	else
		count_words(r->s->max_prefixes, cx->g, limit);
	field_putf(out, n == COUNT_UNKNOWN ? ROLE_DIM : over ? ROLE_BAD : near ? ROLE_WARN : ROLE_NORMAL, "%s%s%s/%s",
	    over ? cx->g->warn : "", over || near ? cx->g->warn : "", got, limit);
}

static void show_age(const struct view_ctx *cx, const void *v, int width, struct field *out)
{
	age_field(cx, ((const row *)v)->router, width, out);
}

static bool age_number(const struct view_ctx *cx, const void *v, int64_t *out)
{
	bool stale;

	*out = world_router_age(cx->w, ((const row *)v)->router, &stale) / 1000;
	return *out >= 0;
}

static void show_exchange(const struct view_ctx *cx, const void *v, int width, struct field *out)
{
	const row *r = v;
	const char *local = scope_local_exchange(r);

	(void)cx, (void)width;
	field_put(out, ROLE_NORMAL, r->exchange ? text_or(r->exchange->name, "") : local != NULL ? local : "");
}

static void show_family(const struct view_ctx *cx, const void *v, int width, struct field *out)
{
	(void)cx, (void)width;
	field_put(out, ROLE_NORMAL, family_word(((const row *)v)->s->family));
}

static void put_count(const struct view_ctx *cx, const row *r, count_t n, struct field *out)
{
	char words[24];

	if (r->s->state != BGP_ESTABLISHED)
		n = COUNT_UNKNOWN;
	field_put(out, n == COUNT_UNKNOWN ? ROLE_DIM : ROLE_NORMAL, count_words(n, cx->g, words));
}

static void show_accepted(const struct view_ctx *cx, const void *v, int width, struct field *out)
{
	(void)width;
	put_count(cx, v, ((const row *)v)->s->accepted, out);
}

static bool accepted_number(const struct view_ctx *cx, const void *v, int64_t *out)
{
	(void)cx;
	*out = ((const row *)v)->s->accepted;
	return *out != COUNT_UNKNOWN && ((const row *)v)->s->state == BGP_ESTABLISHED;
}

static void show_advertised(const struct view_ctx *cx, const void *v, int width, struct field *out)
{
	(void)width;
	put_count(cx, v, ((const row *)v)->s->advertised, out);
}

static bool advertised_number(const struct view_ctx *cx, const void *v, int64_t *out)
{
	(void)cx;
	*out = ((const row *)v)->s->advertised;
	return *out != COUNT_UNKNOWN && ((const row *)v)->s->state == BGP_ESTABLISHED;
}

static void show_description(const struct view_ctx *cx, const void *v, int width, struct field *out)
{
	(void)cx, (void)width;
	field_put(out, ROLE_NORMAL, text_or(((const row *)v)->s->description, ""));
}

static void show_error(const struct view_ctx *cx, const void *v, int width, struct field *out)
{
	const row *r = v;
	bool old = r->s->state == BGP_ESTABLISHED;

	(void)cx, (void)width;
	last_error_words(r->s, out->s, sizeof(out->s));
	out->role = old ? ROLE_DIM : ROLE_NORMAL;
}

static void show_vrf(const struct view_ctx *cx, const void *v, int width, struct field *out)
{
	(void)cx, (void)width;
	field_put(out, ROLE_NORMAL, text_or(((const row *)v)->s->vrf, ""));
}

static void show_held(const struct view_ctx *cx, const void *v, int width, struct field *out)
{
	const row *r = v;

	(void)cx, (void)width;
	if (r->held == NULL)
		field_put(out, ROLE_DIM, "");
	else
		field_putf(out, ROLE_HELD, "%s: %s", text_or(r->held->who, "?"), text_or(r->held->reason, ""));
}

static void show_policy(const struct view_ctx *cx, const void *v, int width, struct field *out)
{
	(void)width;
	verdict_badge(cx, ((const row *)v)->s->remote_as, out);
}

/* As far back as the last reading of the history goes; nothing where nobody looked. */
static void show_trend(const struct view_ctx *cx, const void *v, int width, struct field *out)
{
	const row *r = v;
	char series[HISTORY_NAME_MAX + 1];
	double values[LATELY_CELLS];
	const float *cells;

	field_put(out, ROLE_DIM, "");
	if (width <= 0)
		return;
	track_series(series, r->router->conf->name, text_or(r->s->vrf, ""), text_or(r->s->neighbor, ""), r->s->family, "received");
	cells = lately_find(cx->w->lately, series);
	for (int i = 0; cells != NULL && i < LATELY_CELLS; i++)
		values[i] = (double)cells[i];
	if (cells != NULL)
		plot_line_of(values, LATELY_CELLS, width, cx->plot, out->s, sizeof(out->s));
}

static const struct column columns[] = {
	{ .id = "router", .title = "ROUTER", .help = "our router", .min = 4, .max = 16, .fit = true, .show = show_router },
	{ .id = "asn", .title = "ASN", .help = "the neighbor's AS", .min = 5, .max = 10, .fit = true, .right = true,
	    .show = show_asn, .number = asn_number },
	{ .id = "network", .title = "NETWORK", .help = "its name in PeeringDB, else the description", .min = 10,
	    .max = 24, .show = show_network },
	{ .id = "neighbor", .title = "NEIGHBOR", .help = "address, after its VRF", .min = 11, .max = 39, .fit = true,
	    .tail = true, .show = show_neighbor },
	{ .id = "state", .title = "STATE", .help = "what it does, and why; ~7: changed 7 times lately; sorted: what needs eyes first", .min = 12,
	    .max = 21, .show = show_state, .number = state_number },
	{ .id = "since", .title = "SINCE", .help = "how long it is in this state", .min = 5, .max = 6, .right = true,
	    .show = show_since, .number = since_number },
	{ .id = "received", .title = "RCVD/MAX", .help = "prefixes received / max-prefix; ! is near it, !! over", .min = 9,
	    .max = 14, .fit = true, .right = true, .descends = true, .show = show_received, .number = received_number },
	{ .id = "family", .title = "FAM", .help = "address family", .min = 4, .max = 14, .fit = true, .rank = 2,
	    .show = show_family },
	{ .id = "exchange", .title = "EXCHANGE", .help = "whose LAN the neighbor is on", .min = 8, .max = 16, .fit = true,
	    .rank = 1, .show = show_exchange },
	{ .id = "trend", .title = "LAST HOUR", .help = "prefixes received over the last hour; blank: nobody looked", .min = 10, .max = 12,
	    .rank = 4, .show = show_trend },
	{ .id = "policy", .title = "POL", .help = "clauses of our policy: !3 not met, ?5 not known", .min = 3, .max = 4, .fit = true, .rank = 2,
	    .show = show_policy },
	{ .id = "accepted", .title = "ACCEPT", .help = "prefixes after import policy", .min = 6, .max = 7, .rank = 3,
	    .right = true, .descends = true, .show = show_accepted, .number = accepted_number },
	{ .id = "advertised", .title = "ADVERT", .help = "prefixes sent to it", .min = 6, .max = 7, .rank = 3,
	    .right = true, .descends = true, .show = show_advertised, .number = advertised_number },
	{ .id = "age", .title = "AGE", .help = "of this reading; stale: not to be trusted", .min = 3, .max = 9,
	    .fit = true, .right = true, .show = show_age, .number = age_number },
	{ .id = "description", .title = "DESCRIPTION", .help = "as configured", .min = 40, .max = 50, .rank = 6,
	    .show = show_description },
	{ .id = "error", .title = "LAST ERROR", .help = "the peer's own words, and the last NOTIFICATION", .min = 24,
	    .max = 0, .rank = 5, .show = show_error },
	{ .id = "vrf", .title = "VRF", .help = "routing instance", .min = 4, .max = 12, .rank = COLUMN_HIDDEN,
	    .show = show_vrf },
	{ .id = "held", .title = "HELD BY", .help = "who suspended or withdrew it, and why", .min = 8, .max = 20,
	    .rank = COLUMN_HIDDEN, .show = show_held },
};

static size_t rows_of(const struct view_ctx *cx, void **out)
{
	row *rows = mem_calloc(cx->session_count + 1, sizeof(*rows));

	if (cx->session_count > 0)
		memcpy(rows, cx->sessions, cx->session_count * sizeof(*rows));
	*out = rows;
	return cx->session_count;
}

static void key_of(const void *v, struct str *out)
{
	const row *r = v;

	str_addf(out, "%s|%s|%s|%d", r->router->conf->name, text_or(r->s->vrf, ""),
	    text_or(r->s->neighbor, ""), (int)r->s->family);
}

static void focus_of(const void *v, struct focus *out)
{
	const row *r = v;

	snprintf(out->router, sizeof(out->router), "%s", r->router->conf->name);
	snprintf(out->vrf, sizeof(out->vrf), "%s", text_or(r->s->vrf, ""));
	snprintf(out->neighbor, sizeof(out->neighbor), "%s", text_or(r->s->neighbor, ""));
	out->family = r->s->family;
	out->asn = r->s->remote_as;
}

static bool is_stale(const void *v)
{
	return ((const row *)v)->stale;
}

static bool is_down(const void *v)
{
	return ((const row *)v)->s->state != BGP_ESTABLISHED;
}

static bool is_shut(const void *v)
{
	const struct session *s = ((const row *)v)->s;

	return s->state != BGP_ESTABLISHED && s->admin_down == TRI_YES;
}

static const char *open_row(const void *v, struct str *filter)
{
	(void)v, (void)filter;
	return "detail";
}

const struct view view_sessions = {
	.name = "sessions", .title = "Sessions", .about = "every session of every router",
	.columns = columns, .column_count = ARRAY_LEN(columns), .row_size = sizeof(row), .sort = "state",
	.rows = rows_of, .key = key_of, .focus = focus_of, .is_stale = is_stale, .is_down = is_down, .is_shut = is_shut,
	.open = open_row, .paned = true, .acts = true, .pinned = true,
	.empty = "no router has been read yet; the routers view (5) says how far each is",
};
