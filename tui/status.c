/* The two lines at the bottom of a frame: how it stands, and what was said or which keys there are. */
#include "core/base/clock.h"
#include "core/base/text.h"
#include "core/judge/alert.h"
#include "core/judge/incident.h"
#include "tui/state.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

struct health {
	size_t up, routers, held, overdue, draining;
	int64_t oldest_s; /* of the data of any router; -1 none */
	const struct world_router *lossy; /* one whose rows were not all read */
};

static struct health health_of(const struct world *w)
{
	struct health h = { .routers = w->router_count, .held = w->ledger_count, .oldest_s = -1 };

	for (size_t i = 0; i < w->router_count; i++) {
		const struct world_router *r = &w->routers[i];
		bool stale;
		int64_t age = world_router_age(w, r, &stale);

		h.up += link_state_up(r->link.state);
		if (age >= 0 && age / 1000 > h.oldest_s)
			h.oldest_s = age / 1000;
		if (r->snap != NULL && r->snap->rows_parsed < r->snap->rows_seen)
			h.lossy = r;
	}
	for (size_t i = 0; i < w->ledger_count; i++) {
		h.overdue += strcmp(text_or(w->ledger[i].state, ""), "overdue") == 0;
		h.draining += strcmp(text_or(w->ledger[i].state, ""), "draining") == 0;
	}
	return h;
}

/* One thing the status line tells.  Those that come first are drawn whatever happens; the rest where there is room. */
struct item {
	enum role role;
	char words[160];
};

enum { ITEMS_MAX = 16, REASON_LEAST = 24 };

struct status {
	struct item items[ITEMS_MAX];
	size_t count, must; /* the first `must` are never left out */
	size_t shrinks;     /* number of the one that is cut when they do not fit; ITEMS_MAX none */
};

static void __attribute__((format(printf, 3, 4))) add_item(struct status *st, enum role role, const char *fmt, ...)
{
	struct item *it = &st->items[st->count];
	va_list ap;

	if (st->count == ITEMS_MAX)
		return;
	va_start(ap, fmt);
	vsnprintf(it->words, sizeof(it->words), fmt, ap);
	va_end(ap);
	it->role = role;
	if (it->words[0] != '\0')
		st->count++;
}

static void add_musts(struct ui *u, const struct health *h, struct status *st)
{
	const struct world *w = u->world;
	size_t unacked = w->events ? event_log_unacked(w->events) : 0, fresh = 0;
	enum severity worst = SEV_INFO;
	size_t firing = w->alerts != NULL ? alerts_firing(w->alerts, &worst) : 0;
	char span[CLOCK_SPAN_LEN], badge[60];

	if (w->incidents != NULL)
		incidents_open(w->incidents, &fresh);
	if (w->replay != NULL) { /* which is read-only, too */
		ui_replay_words(w->replay, badge, sizeof(badge));
		add_item(st, ROLE_BADGE, "%s", badge);
	} else if (w->read_only) {
		add_item(st, ROLE_BADGE, "READ-ONLY");
	}
	if (w->no_action != NULL) {
		st->shrinks = st->count;
		add_item(st, ROLE_ALARM, "NO ACTION: %s", w->no_action);
	}
	act_badge(&u->act, badge, sizeof(badge));
	if (badge[0] != '\0')
		add_item(st, ROLE_BADGE, "ACTING %s", badge);
	for (size_t i = 0; i < w->proposal_count; i++)
		if (w->proposals[i].waits) {
			add_item(st, ROLE_ALARM, "a plan waits for approval");
			break;
		}
	if (w->presence[0] != '\0')
		add_item(st, ROLE_WARN, "%s", w->presence);
	if (h->overdue > 0)
		add_item(st, ROLE_ALARM, "%zu held OVERDUE", h->overdue);
	if (h->draining > 0)
		add_item(st, ROLE_WARN, "%zu draining", h->draining);
	add_item(st, h->up < h->routers ? ROLE_WARN : ROLE_STATUS, "routers %zu/%zu up", h->up, h->routers);
	if (h->oldest_s >= 0)
		add_item(st, ROLE_STATUS, "oldest %s", clock_span(h->oldest_s, span));
	if (firing > 0)
		add_item(st, worst == SEV_ALARM ? ROLE_ALARM : ROLE_WARN, "%zu alert%s", firing, firing == 1 ? "" : "s");
	if (fresh > 0)
		add_item(st, ROLE_ALARM, "%zu new incident%s", fresh, fresh == 1 ? "" : "s");
	if (fresh == 0 && unacked > 0) /* else the incidents say it in fewer lines */
		add_item(st, ROLE_ALARM, "%zu new event%s", unacked, unacked == 1 ? "" : "s");
	st->must = st->count;
}

static void add_others(struct ui *u, const struct health *h, struct status *st)
{
	const struct world *w = u->world;

	if (h->lossy != NULL)
		add_item(st, ROLE_ALARM, "%s: %u of %u rows read", h->lossy->conf->name, h->lossy->snap->rows_parsed,
		    h->lossy->snap->rows_seen);
	if (h->held > 0)
		add_item(st, ROLE_STATUS, "%zu held", h->held);
	if (w->recording)
		add_item(st, ROLE_STATUS, "recording");
	add_item(st, ROLE_STATUS, "%s", w->peers ? text_or(w->peers->state, "") : "");
	add_item(st, ROLE_STATUS, "%s", w->notice);
}

static int width_of_musts(const struct status *st)
{
	int sum = 0;

	for (size_t i = 0; i < st->must; i++)
		sum += text_width(st->items[i].words) + 2;
	return sum;
}

/* Gives back the cells that are missing from the one item that may be cut. */
static void shrink(struct status *st, int room, const struct glyphs *g)
{
	struct item *it;
	int lack = width_of_musts(st) - room, keep;
	size_t at;

	if (lack <= 0 || st->shrinks == ITEMS_MAX)
		return;
	it = &st->items[st->shrinks];
	keep = text_width(it->words) - lack - 1;
	at = text_fit(it->words, keep > REASON_LEAST ? keep : REASON_LEAST, NULL);
	snprintf(it->words + at, sizeof(it->words) - at, "%s", g->ellipsis);
}

/* What does not fit is left out rather than cut in a word; what must be there goes before the operator's name. */
void ui_draw_status(struct ui *u, int y)
{
	const struct world *w = u->world;
	struct health h = health_of(w);
	struct status st = { .shrinks = ITEMS_MAX };
	const char *who = w->operator_name && w->operator_name[0] ? w->operator_name :
	    w->operator_login ? w->operator_login : "";
	int width = canvas_width(u->canvas), room = width - text_width(who) - 2, x = 0;

	add_musts(u, &h, &st);
	add_others(u, &h, &st);
	canvas_fill(u->canvas, 0, y, width, 1, ROLE_STATUS);
	if (width_of_musts(&st) > room)
		room = width;
	else
		canvas_put(u->canvas, room + 1, y, width - room - 1, ROLE_STATUS, who);
	shrink(&st, room, u->glyphs);
	for (size_t i = 0; i < st.count; i++)
		if (i < st.must || x + text_width(st.items[i].words) + 2 <= room)
			x += canvas_putf(u->canvas, x, y, room - x, st.items[i].role, " %s ", st.items[i].words);
}

static int put_hint(struct ui *u, int x, int y, int room, enum command_id id)
{
	const struct command *c = command_at(id);
	char key[KEY_NAME_LEN];

	keymap_key(u->keys, id, ui_level(u)->view->name, key);
	if (key[0] == '\0' || x + text_width(key) + 1 + text_width(c->hint) > room)
		return x;
	x += canvas_put(u->canvas, x, y, room - x, ROLE_KEY, key) + 1;
	return x + canvas_put(u->canvas, x, y, room - x, ROLE_HINT, c->hint) + 2;
}

static bool hint_fits_view(const struct view *v, const struct command *c)
{
	if (c->id == CMD_RANGE_SHORTER || c->id == CMD_RANGE_LONGER)
		return false; /* put first where they belong */
	if (v->page != NULL)
		return c->group == GROUP_SCREEN || (c->group == GROUP_ACT && v->acts);
	if (c->id == CMD_OPEN)
		return v->open != NULL;
	if (c->group == GROUP_CONTACT)
		return v->of_focus;
	if (c->group == GROUP_ACT || c->id == CMD_MARK)
		return v->acts;
	return true;
}

/* The newest that was said since the last key, by the screen or by the world ("asking ...", and then the answer); "" nothing. */
static const char *newest_notice(const struct ui *u)
{
	const struct world *w = u->world;

	if (u->notice[0] != '\0' && w->notices == u->said_after)
		return u->notice;
	return w->notices != u->read_notices ? w->notice : "";
}

void ui_draw_hints(struct ui *u, int y)
{
	int w = canvas_width(u->canvas), x = 1, last = w - 8;
	const char *notice = newest_notice(u);

	if (notice[0] != '\0') {
		canvas_put(u->canvas, 1, y, w - 1, ROLE_WARN, notice);
		return;
	}
	put_hint(u, last + 1, y, w, CMD_HELP);
	if (ui_level(u)->view->page != NULL) {
		x += canvas_put(u->canvas, x, y, last - x, ROLE_KEY, "Esc") + 1;
		x += canvas_put(u->canvas, x, y, last - x, ROLE_HINT, "back") + 2;
	}
	for (int i = CMD_REPLAY_PAUSE; u->world->replay != NULL && i <= CMD_REPLAY_JUMP; i++)
		x = put_hint(u, x, y, last, (enum command_id)i);
	if (ui_level(u)->view->of_past) {
		x = put_hint(u, x, y, last, CMD_RANGE_SHORTER);
		x = put_hint(u, x, y, last, CMD_RANGE_LONGER);
	}
	/* What is peculiar to this program first; it is cut from the end. */
	for (int pass = 0; pass < 2; pass++)
		for (int i = 0; i < CMD_COUNT; i++) {
			const struct command *c = command_at((enum command_id)i);
			bool acts = c->group == GROUP_ACT;

			if (c->hint == NULL || c->id == CMD_HELP || acts != (pass == 0))
				continue;
			if (c->id >= CMD_REPLAY_PAUSE && c->id <= CMD_REPLAY_JUMP)
				continue;
			if (hint_fits_view(ui_level(u)->view, c) && !(acts && u->world->read_only))
				x = put_hint(u, x, y, last, c->id);
		}
}

size_t ui_routers_up(const struct world *w)
{
	return health_of(w).up;
}
