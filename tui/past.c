/* Which time of the history is shown: its range, and the timeline's page. */
#include "core/model/chronicle.h"
#include "core/model/track.h"
#include "tui/state.h"
#include "tui/ui.h"

#include <string.h>

static const unsigned ranges[] = { TRACK_HOUR, TRACK_DAY, TRACK_WEEK };

static void turn(struct ui *u, size_t page)
{
	if (page == 0)
		u->page_until_wall_ms = 0;
	else if (u->past_page == 0)
		u->page_until_wall_ms = u->world->chronicle->to_wall_ms;
	u->past_page = page;
}

void ui_first_page(struct ui *u)
{
	turn(u, 0);
}

static void set_range(struct ui *u, unsigned range_s)
{
	if (range_s == u->range_s)
		return;
	u->range_s = range_s;
	turn(u, 0);
}

static void step_range(struct ui *u, int by)
{
	int at = 0;

	while (at < 2 && ranges[at] != u->range_s)
		at++;
	at += by;
	if (at < 0 || at > 2)
		ui_say(u, "%s", by < 0 ? "an hour is the shortest" : "a week is the longest");
	else
		set_range(u, ranges[at]);
}

bool ui_past(struct ui *u, enum command_id id, const char *arg)
{
	static const char *const words[] = { "hour", "day", "week" };

	switch (id) {
	case CMD_RANGE_SHORTER:
		step_range(u, -1);
		return true;
	case CMD_RANGE_LONGER:
		step_range(u, 1);
		return true;
	case CMD_RANGE:
		for (size_t i = 0; i < ARRAY_LEN(words); i++)
			if (arg != NULL && strcmp(arg, words[i]) == 0) {
				set_range(u, ranges[i]);
				return true;
			}
		ui_say(u, "range takes hour, day or week");
		return true;
	default:
		return false;
	}
}

/* Ordered by time, newest first: else the last row is not the oldest. */
static bool by_time(const struct table *t)
{
	return t->sort == NULL || (strcmp(t->sort->id, "time") == 0 && t->descending);
}

bool ui_turn_page(struct ui *u, long rows)
{
	const struct chronicle *c = u->world->chronicle;
	struct table *t = ui_level(u)->table;

	if (ui_level(u)->view != view_find("timeline") || c == NULL || t == NULL || u->pane_focused || !by_time(t))
		return false;
	if (rows > 0 && c->older && c->count > 0 && (t->shown == 0 || t->cursor + 1 == t->shown)) {
		turn(u, u->past_page + 1);
		table_home(t, false);
		return true;
	}
	if (rows < 0 && u->past_page > 0 && t->cursor == 0) {
		turn(u, u->past_page - 1);
		table_home(t, false);
		return true;
	}
	return false;
}

/* Of one part of the screen; what a part before it wants stays. */
static void add_wants(const struct part *p, struct ui_wants *out)
{
	const struct level *l = &p->levels[p->depth - 1];
	bool session = strcmp(l->view->name, "detail") == 0 || strcmp(l->view->name, "plot") == 0 || p->pane_shown;

	if (!out->track && session && p->focus.neighbor[0] != '\0') {
		out->track = true;
		out->router = p->focus.router;
		out->vrf = p->focus.vrf;
		out->neighbor = p->focus.neighbor;
		out->family = p->focus.family;
	}
	if (!out->chronicle && strcmp(l->view->name, "timeline") == 0) {
		out->chronicle = true;
		out->filter = l->table != NULL ? l->table->filter_text.p : "";
	}
}

void ui_wants(const struct ui *u, struct ui_wants *out)
{
	*out = (struct ui_wants){ .range_s = u->range_s, .router = u->focus.router, .vrf = u->focus.vrf, .neighbor = u->focus.neighbor,
		.family = u->focus.family, .until_wall_ms = u->page_until_wall_ms, .page = u->past_page, .asn = u->focus.asn, .filter = "" };
	add_wants(&u->part, out);
	for (size_t i = 0; u->parts_fit && i < u->part_count; i++)
		if (i != u->part_at)
			add_wants(&u->parts[i], out);
}
