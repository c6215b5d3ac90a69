/* One session over an hour, a day or a week: its prefixes as a plot, everything else in rows under the same time. */
#include "core/base/clock.h"
#include "core/base/mem.h"
#include "core/model/track.h"
#include "tui/view.h"

#include <stdio.h>
#include <string.h>

enum { SIDE = 22 /* cells right of the plot for figures */, PLOT_LEAST = 4, PLOT_MOST = 16, LINE_OCTETS = 1024, PAST_SHOWN = 5 };

const char *range_words(unsigned range_s)
{
	return range_s == TRACK_HOUR ? "last hour" : range_s == TRACK_DAY ? "last day" : "last week";
}

const struct damp_line *flaps_of(const struct view_ctx *cx, const struct world_session *r)
{
	return damped_find(cx->damped, r->router->conf->name, text_or(r->s->vrf, ""), text_or(r->s->neighbor, ""), r->s->family);
}

/* What was read, if it is about the selected session and the time that is shown. */
static const struct track *track_of(const struct view_ctx *cx)
{
	const struct track *t = cx->w->track;
	const struct focus *f = cx->focus;

	return t != NULL && t->range_s == cx->range_s && t->family == f->family && strcmp(t->router, f->router) == 0 &&
	    strcmp(t->vrf, f->vrf) == 0 && strcmp(t->neighbor, f->neighbor) == 0 ? t : NULL;
}

/* ---- rows under the plot ---- */

static const struct {
	enum track_kind kind;
	const char *label;
	enum plot_end end;
} lines[] = {
	{ TRACK_ACCEPTED, "accept", PLOT_LOW }, { TRACK_ADVERTISED, "advert", PLOT_LOW }, { TRACK_LOSS, "loss %", PLOT_HIGH },
	{ TRACK_RTT, "rtt ms", PLOT_HIGH }, { TRACK_IN, "in b/s", PLOT_HIGH }, { TRACK_OUT, "out b/s", PLOT_HIGH },
};

static void figures(const struct course *k, char *out, size_t size)
{
	char now[16], low[16], high[16];

	snprintf(out, size, "%s (%s..%s)", plot_value(k->last, now), plot_value(k->least, low), plot_value(k->greatest, high));
}

static void draw_line(const struct view_ctx *cx, struct canvas *c, struct rect r, const char *label, const struct course *k,
    enum plot_end end)
{
	char line[LINE_OCTETS], words[64];

	plot_line(k, r.w - PLOT_AXIS - SIDE, end, cx->plot, line, sizeof(line));
	figures(k, words, sizeof(words));
	canvas_put(c, r.x, r.y, PLOT_AXIS - 1, ROLE_DIM, label);
	canvas_put(c, r.x + PLOT_AXIS, r.y, r.w - PLOT_AXIS - SIDE, ROLE_NORMAL, line);
	canvas_put(c, r.x + r.w - SIDE + 1, r.y, SIDE - 1, ROLE_NORMAL, words);
}

/* Up, down, or down for a part of the column's time: any down is seen. */
static void draw_state(const struct view_ctx *cx, struct canvas *c, struct rect r, const struct course *k)
{
	int w = r.w - PLOT_AXIS - SIDE;

	canvas_put(c, r.x, r.y, PLOT_AXIS - 1, ROLE_DIM, "state");
	for (int i = 0; i < w; i++) {
		double low, high;
		bool down, up;

		if (!course_column(k, (size_t)i, (size_t)w, &low, &high))
			continue;
		down = low < BGP_ESTABLISHED;
		up = high >= BGP_ESTABLISHED;
		canvas_put(c, r.x + PLOT_AXIS + i, r.y, 1, down && up ? ROLE_WARN : down ? ROLE_BAD : ROLE_GOOD,
		    down ? cx->g->down : cx->g->horizontal);
	}
	if (k->any)
		canvas_putf(c, r.x + r.w - SIDE + 1, r.y, SIDE - 1, k->last >= BGP_ESTABLISHED ? ROLE_GOOD : ROLE_BAD, "%s",
		    k->last >= BGP_ESTABLISHED ? "up" : bgp_state_word((enum bgp_state)k->last));
}

/* One letter for each sort of thing that happened; the list says which is which. */
static char letter_of(const struct track_mark *m)
{
	static const char letters[EVENT_KINDS] = { [EVENT_UP] = '+', [EVENT_DOWN] = 'x', [EVENT_ADMIN] = 's',
		[EVENT_PREFIX_JUMP] = 'p', [EVENT_LIMIT_NEAR] = 'l', [EVENT_LIMIT_TRIPPED] = 'L', [EVENT_NEW] = 'n', [EVENT_GONE] = 'g',
		[EVENT_ROUTER_LOST] = 'R', [EVENT_ROUTER_BACK] = 'r', [EVENT_HOSTKEY] = 'k', [EVENT_ACTION] = 'A', [EVENT_NOTE] = 'C',
		[EVENT_VERDICT] = 'v' };

	return letters[m->kind];
}

static enum role mark_role(const struct track_mark *m)
{
	return m->severity == SEV_ALARM ? ROLE_BAD : m->severity == SEV_WARN ? ROLE_WARN :
	    m->kind == EVENT_UP ? ROLE_GOOD : m->kind == EVENT_ACTION || m->kind == EVENT_NOTE ? ROLE_HELD : ROLE_NORMAL;
}

/* The gravest of a column wins; of equals the newest. */
static void draw_marks(struct canvas *c, struct rect r, const struct track *t)
{
	int w = r.w - PLOT_AXIS - SIDE;

	canvas_put(c, r.x, r.y, PLOT_AXIS - 1, ROLE_DIM, "events");
	for (int s = SEV_INFO; s <= SEV_ALARM; s++)
		for (size_t i = t->mark_count; i-- > 0;) {
			const struct track_mark *m = &t->marks[i];
			int at = course_place(t->from_wall_ms, t->to_wall_ms, m->wall_ms, w);
			const char word[2] = { letter_of(m), '\0' };

			if (at >= 0 && (int)m->severity == s)
				canvas_put(c, r.x + PLOT_AXIS + at, r.y, 1, mark_role(m), word);
		}
	canvas_putf(c, r.x + r.w - SIDE + 1, r.y, SIDE - 1, ROLE_NORMAL, "%zu%s", t->mark_count, t->more_marks ? " and more" : "");
}

/* ---- the page ---- */

static void draw_head(const struct view_ctx *cx, struct canvas *c, struct rect r, const struct world_session *s)
{
	char shorter[KEY_NAME_LEN], longer[KEY_NAME_LEN], right[80];
	const char *name = network_name(s->peer)[0] ? network_name(s->peer) : text_or(s->s->description, "");
	int room;

	keymap_key(cx->keys, CMD_RANGE_SHORTER, "plot", shorter);
	keymap_key(cx->keys, CMD_RANGE_LONGER, "plot", longer);
	snprintf(right, sizeof(right), "%s (%s %s), UTC", range_words(cx->range_s), shorter, longer);
	room = r.w - text_width(right);
	canvas_putf(c, r.x, r.y, room - 1, ROLE_ACCENT, "%s%s%s AS%u %s on %s", name, name[0] ? "  " : "", text_or(s->s->neighbor, "?"),
	    s->s->remote_as, family_word(s->s->family), s->router->conf->name);
	canvas_put(c, r.x + room, r.y, r.w - room, ROLE_NORMAL, right);
}

static void draw_figures(struct canvas *c, struct rect r, const struct course *k)
{
	char words[16];
	int x = r.x + r.w - SIDE + 1;

	canvas_put(c, x, r.y, SIDE - 1, ROLE_HEADER, "received");
	if (!k->any)
		return;
	canvas_putf(c, x, r.y + 1, SIDE - 1, ROLE_NORMAL, "last  %s", plot_value(k->last, words));
	canvas_putf(c, x, r.y + 2, SIDE - 1, ROLE_NORMAL, "least %s", plot_value(k->least, words));
	canvas_putf(c, x, r.y + 3, SIDE - 1, ROLE_NORMAL, "most  %s", plot_value(k->greatest, words));
}

static int plot_height(const struct track *t, int h)
{
	int others = 7; /* head, state, marks, and four of the list */

	for (size_t i = 0; i < ARRAY_LEN(lines); i++)
		others += t->course[lines[i].kind].any || i < 2;
	h -= others;
	return h < PLOT_LEAST ? PLOT_LEAST : h > PLOT_MOST ? PLOT_MOST : h;
}

static int draw_plot(const struct view_ctx *cx, struct canvas *c, struct rect r)
{
	const struct world_session *s = view_focus_session(cx);
	const struct track *t = track_of(cx);
	int y = r.y, h;

	if (s == NULL)
		return 0;
	draw_head(cx, c, r, s);
	y++;
	if (t == NULL) {
		canvas_put(c, r.x, y, r.w, cx->w->no_past[0] ? ROLE_WARN : ROLE_DIM,
		    cx->w->no_past[0] ? cx->w->no_past : "the history is being read");
		return 2;
	}
	h = plot_height(t, r.h);
	plot_draw(c, (struct rect){ r.x, y, r.w - SIDE, h }, &t->course[TRACK_RECEIVED], cx->plot, ROLE_ACCENT);
	draw_figures(c, (struct rect){ r.x, y, r.w, h }, &t->course[TRACK_RECEIVED]);
	y += h;
	draw_state(cx, c, (struct rect){ r.x, y++, r.w, 1 }, &t->course[TRACK_STATE]);
	for (size_t i = 0; i < ARRAY_LEN(lines); i++)
		if (t->course[lines[i].kind].any)
			draw_line(cx, c, (struct rect){ r.x, y++, r.w, 1 }, lines[i].label, &t->course[lines[i].kind], lines[i].end);
	draw_marks(c, (struct rect){ r.x, y++, r.w, 1 }, t);
	return y - r.y;
}

static void add_mark(const struct view_ctx *cx, const struct track_mark *m, struct page *p)
{
	char at[24];

	time_words(m->wall_ms, cx->w->now_wall_ms, at, sizeof(at));
	page_line(p, mark_role(m), "%s %c %s%s%s", at, letter_of(m), event_kind_word(m->kind), m->words[0] ? ": " : "", m->words);
}

static void plot_page(const struct view_ctx *cx, struct page *p)
{
	const struct track *t = track_of(cx);

	if (view_focus_session(cx) == NULL)
		page_line(p, ROLE_DIM, "%s", cx->focus->neighbor[0] ? "this session is not there any more" : "no session is selected");
	if (t == NULL)
		return;
	for (size_t i = 0; i < t->mark_count; i++)
		add_mark(cx, &t->marks[i], p);
	if (t->mark_count == 0)
		page_line(p, ROLE_DIM, "nothing happened to it in this time, as far as this host knows");
	if (t->more_marks)
		page_line(p, ROLE_DIM, "older ones: the timeline has them");
}

/* ---- in the session's page ---- */

void add_past(const struct view_ctx *cx, const struct world_session *r, struct page *p)
{
	const struct track *t = track_of(cx);
	char key[KEY_NAME_LEN] = "";
	struct str keys;

	(void)r;
	if (t == NULL)
		return;
	str_init(&keys, 0);
	if (keymap_keys(cx->keys, command_at(CMD_VIEW), "plot", "detail", &keys))
		snprintf(key, sizeof(key), "%.*s", (int)strcspn(keys.p, ","), keys.p);
	str_fini(&keys);
	page_head(p, range_words(cx->range_s));
	for (int k = TRACK_RECEIVED; k <= TRACK_ADVERTISED; k++) {
		static const char *const labels[] = { "received", "accepted", "advertised" };
		const struct course *course = &t->course[k];
		char line[LINE_OCTETS], least[16], most[16];

		plot_line(course, 24, PLOT_LOW, cx->plot, line, sizeof(line));
		if (course->any)
			page_field(p, labels[k], ROLE_NORMAL, "%s %s..%s", line, plot_value(course->least, least), plot_value(course->greatest, most));
		else
			page_field(p, labels[k], ROLE_DIM, "nothing is known of this time");
	}
	for (size_t i = 0; i < t->mark_count && i < PAST_SHOWN; i++)
		add_mark(cx, &t->marks[i], p);
	if (t->mark_count > PAST_SHOWN || key[0] != '\0')
		page_line(p, ROLE_DIM, "%zu event%s; plot: %s", t->mark_count, t->mark_count == 1 ? "" : "s", key);
}

const struct view view_plot = {
	.name = "plot", .title = "Plot", .about = "one session over an hour, a day or a week: prefixes, state, probes, traffic, events",
	.page = plot_page, .draw = draw_plot, .of_past = true, .acts = true,
};
