/* Timeline: what happened over all sessions in an hour, a day or a week, newest first. */
#include "core/base/clock.h"
#include "core/base/mem.h"
#include "core/model/chronicle.h"
#include "tui/view.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct chronicle_line row;

static enum role role_of(const row *r)
{
	switch (r->e.severity) {
	case SEV_ALARM:
		return ROLE_BAD;
	case SEV_WARN:
		return ROLE_WARN;
	default:
		return r->e.kind == EVENT_ACTION || r->e.kind == EVENT_NOTE ? ROLE_HELD : r->e.kind == EVENT_UP ? ROLE_GOOD : ROLE_NORMAL;
	}
}

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

static void show_kind(const struct view_ctx *cx, const void *v, int width, struct field *out)
{
	(void)cx, (void)width;
	field_put(out, role_of(v), ((const row *)v)->what);
}

static void show_severity(const struct view_ctx *cx, const void *v, int width, struct field *out)
{
	(void)cx, (void)width;
	field_put(out, role_of(v), severity_word(((const row *)v)->e.severity));
}

static bool severity_number(const struct view_ctx *cx, const void *v, int64_t *out)
{
	(void)cx;
	*out = ((const row *)v)->e.severity;
	return true;
}

static void show_times(const struct view_ctx *cx, const void *v, int width, struct field *out)
{
	const row *r = v;

	(void)cx, (void)width;
	field_put(out, ROLE_WARN, "");
	if (r->times > 1)
		field_putf(out, ROLE_WARN, "%ux", r->times);
}

static bool times_number(const struct view_ctx *cx, const void *v, int64_t *out)
{
	(void)cx;
	*out = ((const row *)v)->times;
	return true;
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

static void show_network(const struct view_ctx *cx, const void *v, int width, struct field *out)
{
	const row *r = v;
	const char *name = network_name(peer_set_find(cx->w->peers, r->e.remote_as));

	(void)width;
	if (name[0] != '\0')
		field_put(out, ROLE_ACCENT, name);
	else if (r->e.remote_as != ASN_UNKNOWN)
		field_putf(out, ROLE_NORMAL, "AS%u", r->e.remote_as);
	else
		field_put(out, ROLE_NORMAL, r->incident);
}

static void show_words(const struct view_ctx *cx, const void *v, int width, struct field *out)
{
	(void)cx, (void)width;
	field_put(out, role_of(v), ((const row *)v)->e.words);
}

static const struct column columns[] = {
	{ .id = "time", .title = "UTC", .help = "when we saw it", .min = 8, .max = 11, .fit = true, .descends = true,
	    .show = show_time, .number = time_number },
	{ .id = "kind", .title = "KIND", .help = "down, up, action, call, incident, note, policy ...", .min = 6, .max = 13, .fit = true,
	    .show = show_kind },
	{ .id = "times", .title = "N", .help = "changes of a session that flaps, in one line", .min = 1, .max = 5, .fit = true, .right = true,
	    .show = show_times, .number = times_number },
	{ .id = "severity", .title = "LEVEL", .help = "info, notice, warning, alarm", .min = 5, .max = 7, .fit = true, .rank = 5,
	    .descends = true, .show = show_severity, .number = severity_number },
	{ .id = "router", .title = "ROUTER", .help = "our router", .min = 4, .max = 16, .fit = true, .show = show_router },
	{ .id = "asn", .title = "ASN", .help = "the neighbor's AS", .min = 6, .max = 10, .fit = true, .right = true, .rank = 4,
	    .show = show_asn, .number = asn_number },
	{ .id = "network", .title = "NETWORK", .help = "its name", .min = 10, .max = 24, .fit = true, .show = show_network },
	{ .id = "neighbor", .title = "NEIGHBOR", .help = "address, after its VRF", .min = 11, .max = 39, .fit = true,
	    .tail = true, .rank = 2, .show = show_neighbor },
	{ .id = "what", .title = "WHAT", .help = "in words", .min = 20, .max = 0, .show = show_words },
};

static size_t rows_of(const struct view_ctx *cx, void **out)
{
	const struct chronicle *c = cx->w->chronicle;
	size_t n = c != NULL ? c->count : 0;
	row *rows = mem_calloc(n + 1, sizeof(*rows));

	if (n > 0)
		memcpy(rows, c->lines, n * sizeof(*rows));
	*out = rows;
	return n;
}

/* A run keeps its name while it grows. */
static void key_of(const void *v, struct str *out)
{
	const row *r = v;

	str_addf(out, "%lld|%s|%s|%s|%s|%d|%.40s", (long long)r->first_wall_ms, r->what[0] && r->times == 1 ? r->what : "", r->e.router,
	    r->e.vrf, r->e.neighbor, (int)r->e.family, r->times == 1 ? r->e.words : "");
}

static void focus_of(const void *v, struct focus *out)
{
	const row *r = v;

	snprintf(out->router, sizeof(out->router), "%s", r->e.router);
	snprintf(out->vrf, sizeof(out->vrf), "%s", r->e.vrf);
	snprintf(out->neighbor, sizeof(out->neighbor), "%s", r->e.neighbor);
	snprintf(out->incident, sizeof(out->incident), "%s", r->incident);
	out->family = r->e.family;
	out->asn = r->e.remote_as;
}

static void aside_of(const struct view_ctx *cx, const void *v, struct page *p)
{
	const row *r = v;
	char iso[CLOCK_ISO_LEN], first[CLOCK_ISO_LEN];
	const char *name = network_name(peer_set_find(cx->w->peers, r->e.remote_as));

	page_line(p, role_of(r), "%s %s %s%s%s", clock_iso(r->e.wall_ms, iso), severity_word(r->e.severity), r->what,
	    r->times > 1 ? ", since " : "", r->times > 1 ? clock_iso(r->first_wall_ms, first) : "");
	if (r->e.router[0] != '\0')
		page_line(p, ROLE_NORMAL, "%s %s%s%s", r->e.router, r->e.neighbor, name[0] ? " " : "", name);
	page_line(p, ROLE_NORMAL, "%s", r->e.words);
}

/* ---- how dense it was ---- */

static void put_strip(const struct view_ctx *cx, struct canvas *c, int x, int y, int w, const struct chronicle *k)
{
	double all[CHRONICLE_CELLS] = { 0 };
	char line[1024];
	bool bad[CHRONICLE_CELLS] = { false };

	w = w < CHRONICLE_CELLS ? w : CHRONICLE_CELLS;
	for (int i = 0; i < CHRONICLE_CELLS; i++) {
		all[i * w / CHRONICLE_CELLS] += k->cells[i].all;
		bad[i * w / CHRONICLE_CELLS] = bad[i * w / CHRONICLE_CELLS] || k->cells[i].bad > 0;
	}
	plot_line_of(all, w, w, cx->plot, line, sizeof(line));
	canvas_put(c, x, y, w, ROLE_NORMAL, line);
	for (int i = 0; i < w; i++)
		canvas_tint(c, x + i, y, 1, bad[i] ? ROLE_WARN : all[i] > 0 ? ROLE_NORMAL : ROLE_DIM);
}

static int draw_density(const struct view_ctx *cx, struct canvas *c, struct rect r)
{
	const struct chronicle *k = cx->w->chronicle;
	char shorter[KEY_NAME_LEN], longer[KEY_NAME_LEN];

	if (r.h < 8)
		return 0;
	keymap_key(cx->keys, CMD_RANGE_SHORTER, "timeline", shorter);
	keymap_key(cx->keys, CMD_RANGE_LONGER, "timeline", longer);
	if (k == NULL) {
		canvas_putf(c, r.x, r.y, r.w, cx->w->no_past[0] ? ROLE_WARN : ROLE_DIM, "%s (%s %s): %s", range_words(cx->range_s), shorter,
		    longer, cx->w->no_past[0] ? cx->w->no_past : "the history is being read");
		return 1;
	}
	canvas_putf(c, r.x + 1, r.y, r.w - 1, ROLE_NORMAL, "%s (%s %s): %zu event%s%s%s%s", range_words(cx->range_s), shorter, longer,
	    k->total, k->total == 1 ? "" : "s", cx->older_page ? "; an older page: up from its first row goes back" : "",
	    k->older ? "; down from the last row: older ones" : "",
	    k->cut && !k->older ? "; what is older is too much: take a shorter time or a filter" : "");
	put_strip(cx, c, r.x + 1, r.y + 1, r.w - 2, k);
	plot_times(c, r.x + 1, r.y + 2, r.w - 2, k->from_wall_ms, k->to_wall_ms);
	return 3;
}

static const char *open_row(const void *v, struct str *filter)
{
	const row *r = v;

	if (r->incident[0] != '\0')
		return "incident";
	if (r->e.neighbor[0] != '\0')
		return "detail";
	if (r->e.router[0] != '\0')
		str_addf(filter, "router:^\\Q%s\\E$", r->e.router);
	else if (r->e.remote_as != ASN_UNKNOWN)
		str_addf(filter, "asn:%u", r->e.remote_as);
	else
		return NULL;
	return "sessions";
}

const struct view view_timeline = {
	.name = "timeline", .title = "Timeline", .about = "what happened over all sessions: an hour, a day or a week",
	.columns = columns, .column_count = ARRAY_LEN(columns), .row_size = sizeof(row),
	.aside = aside_of, .rows = rows_of, .key = key_of, .focus = focus_of, .open = open_row, .draw = draw_density, .of_past = true,
	.paned = true, .acts = true, .empty = "nothing is to be shown of this time",
};
