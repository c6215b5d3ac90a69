/* Events: what happened, newest first. */
#include "core/base/clock.h"
#include "core/base/mem.h"
#include "tui/view.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct event_row {
	struct event e; /* a copy: the ring moves on */
	const char *network;
	uint64_t first; /* id of the oldest event in this line */
	unsigned times;
};

typedef struct event_row row;

static void show_time(const struct view_ctx *cx, const void *v, int width, struct field *out)
{
	(void)width;
	time_words(((const row *)v)->e.wall_ms, cx->w->now_wall_ms, out->s, sizeof(out->s));
	out->role = ROLE_NORMAL;
}

static bool time_number(const struct view_ctx *cx, const void *v, int64_t *out)
{
	(void)cx;
	*out = ((const row *)v)->e.wall_ms;
	return true;
}

static enum role severity_role(enum severity s)
{
	return s == SEV_ALARM ? ROLE_BAD : s == SEV_WARN ? ROLE_WARN : s == SEV_NOTICE ? ROLE_NORMAL : ROLE_DIM;
}

static void show_severity(const struct view_ctx *cx, const void *v, int width, struct field *out)
{
	const row *r = v;

	(void)cx, (void)width;
	field_put(out, severity_role(r->e.severity), severity_word(r->e.severity));
}

static bool severity_number(const struct view_ctx *cx, const void *v, int64_t *out)
{
	(void)cx;
	*out = ((const row *)v)->e.severity;
	return true;
}

static void show_acked(const struct view_ctx *cx, const void *v, int width, struct field *out)
{
	const row *r = v;

	(void)cx, (void)width;
	if (r->e.severity < SEV_WARN)
		field_put(out, ROLE_DIM, "");
	else
		field_put(out, r->e.acked ? ROLE_DIM : ROLE_ALARM, r->e.acked ? "seen" : "NEW");
}

static void show_kind(const struct view_ctx *cx, const void *v, int width, struct field *out)
{
	(void)cx, (void)width;
	field_put(out, ROLE_NORMAL, event_kind_word(((const row *)v)->e.kind));
}

static void show_router(const struct view_ctx *cx, const void *v, int width, struct field *out)
{
	(void)cx, (void)width;
	field_put(out, ROLE_NORMAL, ((const row *)v)->e.router);
}

static void show_neighbor(const struct view_ctx *cx, const void *v, int width, struct field *out)
{
	const struct event *e = &((const row *)v)->e;

	(void)cx, (void)width;
	field_putf(out, ROLE_NORMAL, "%s%s%s", e->vrf, e->vrf[0] ? "/" : "", e->neighbor);
}

static void show_network(const struct view_ctx *cx, const void *v, int width, struct field *out)
{
	const row *r = v;

	(void)cx, (void)width;
	if (r->e.remote_as == ASN_UNKNOWN)
		field_put(out, ROLE_NORMAL, r->e.neighbor);
	else if (r->network[0] != '\0')
		field_put(out, ROLE_ACCENT, r->network);
	else
		field_putf(out, ROLE_NORMAL, "AS%u", r->e.remote_as);
}

static void show_asn(const struct view_ctx *cx, const void *v, int width, struct field *out)
{
	const row *r = v;

	(void)cx, (void)width;
	field_put(out, ROLE_DIM, "");
	if (r->e.remote_as != ASN_UNKNOWN)
		field_putf(out, ROLE_NORMAL, "%u", r->e.remote_as);
}

static bool asn_number(const struct view_ctx *cx, const void *v, int64_t *out)
{
	(void)cx;
	*out = ((const row *)v)->e.remote_as;
	return *out != ASN_UNKNOWN;
}

static void show_words(const struct view_ctx *cx, const void *v, int width, struct field *out)
{
	const row *r = v;

	(void)cx, (void)width;
	field_put(out, severity_role(r->e.severity), r->e.words);
}

static const struct column columns[] = {
	{ .id = "time", .title = "UTC", .help = "when we saw it", .min = 8, .max = 11, .fit = true, .descends = true,
	    .show = show_time, .number = time_number },
	{ .id = "severity", .title = "LEVEL", .help = "info, notice, warning, alarm", .min = 5, .max = 7, .fit = true,
	    .descends = true, .show = show_severity, .number = severity_number },
	{ .id = "acked", .title = "SEEN", .help = "NEW until it is acknowledged", .min = 4, .max = 4, .show = show_acked },
	{ .id = "router", .title = "ROUTER", .help = "our router", .min = 4, .max = 16, .fit = true, .show = show_router },
	{ .id = "asn", .title = "ASN", .help = "the neighbor's AS", .min = 6, .max = 10, .fit = true, .right = true, .rank = 4,
	    .show = show_asn, .number = asn_number },
	{ .id = "network", .title = "NETWORK", .help = "its name", .min = 12, .max = 24, .fit = true, .show = show_network },
	{ .id = "neighbor", .title = "NEIGHBOR", .help = "address, after its VRF", .min = 11, .max = 39, .fit = true,
	    .tail = true, .rank = 2, .show = show_neighbor },
	{ .id = "kind", .title = "KIND", .help = "what sort of event", .min = 8, .max = 14, .rank = 3, .show = show_kind },
	{ .id = "what", .title = "WHAT", .help = "in words", .min = 20, .max = 0, .show = show_words },
};

/* What came with the newest of a run is said of all of it; whether somebody has seen it, of the gravest not seen. */
static row row_of(const struct view_ctx *cx, const struct damp_line *l)
{
	row r = { .e = *l->newest, .network = network_name(peer_set_find(cx->w->peers, l->newest->remote_as)), .first = l->oldest->id,
		.times = l->times };
	struct str words;

	if (l->times < 2)
		return r;
	r.e.severity = l->gravest;
	r.e.acked = !l->unacked;
	str_init(&words, sizeof(r.e.words) - 1);
	damp_words(l, &words);
	snprintf(r.e.words, sizeof(r.e.words), "%s", words.p);
	str_fini(&words);
	return r;
}

static size_t rows_of(const struct view_ctx *cx, void **out)
{
	size_t n = cx->w->events ? event_log_count(cx->w->events) : 0;
	row *rows = mem_calloc(n + 1, sizeof(*rows));

	const struct event **events = mem_calloc(n + 1, sizeof(*events));
	struct damp_line *lines;

	for (size_t i = 0; i < n; i++)
		events[i] = event_log_at(cx->w->events, i);
	n = damp_lines(events, n, &cx->w->config->flap, &lines);
	for (size_t i = 0; i < n; i++)
		rows[i] = row_of(cx, &lines[i]);
	free(lines);
	free(events);
	*out = rows;
	return n;
}

static void key_of(const void *v, struct str *out)
{
	str_addf(out, "%llu", (unsigned long long)((const row *)v)->first); /* a run keeps its name while it grows */
}

static void focus_of(const void *v, struct focus *out)
{
	const struct event *e = &((const row *)v)->e;

	snprintf(out->router, sizeof(out->router), "%s", e->router);
	snprintf(out->vrf, sizeof(out->vrf), "%s", e->vrf);
	snprintf(out->neighbor, sizeof(out->neighbor), "%s", e->neighbor);
	out->family = e->family;
	out->asn = e->remote_as;
	out->event_id = e->id;
	out->event_first = ((const row *)v)->first;
}

static void aside_of(const struct view_ctx *cx, const void *v, struct page *p)
{
	const row *r = v;
	char iso[CLOCK_ISO_LEN];

	(void)cx;
	page_line(p, severity_role(r->e.severity), "%s %s %s", clock_iso(r->e.wall_ms, iso), severity_word(r->e.severity),
	    event_kind_word(r->e.kind));
	if (r->e.router[0] != '\0')
		page_line(p, ROLE_NORMAL, "%s %s%s%s", r->e.router, r->e.neighbor, r->network[0] ? " " : "", r->network);
	page_line(p, ROLE_NORMAL, "%s", r->e.words);
}

/* To the session it is about; to the router's sessions when it is about the router. */
static const char *open_row(const void *v, struct str *filter)
{
	const struct event *e = &((const row *)v)->e;

	if (e->neighbor[0] != '\0')
		return "detail";
	if (e->router[0] == '\0')
		return NULL;
	str_addf(filter, "router:^\\Q%s\\E$", e->router);
	return "sessions";
}

const struct view view_events = {
	.name = "events", .title = "Events", .about = "what happened, newest first",
	.columns = columns, .column_count = ARRAY_LEN(columns), .row_size = sizeof(row),
	.aside = aside_of, .rows = rows_of, .key = key_of, .focus = focus_of, .open = open_row, .paned = true, .acts = true,
	.empty = "nothing has happened since peerdeck was started",
};
