/* One frame: title, view, panes, status, hints, and what lies over them. */
#include "core/base/clock.h"
#include "core/base/text.h"
#include "core/judge/alert.h"
#include "core/judge/incident.h"
#include "tui/state.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum { BESIDE_WIDTH = 150, BESIDE_PANE = 62, BELOW_HEIGHT = 40, AROUND = 3 /* title, status, hints */, BOARD_AGAIN_MS = 500 };

/* ---- top ---- */

static void count_words_of(const struct level *l, char *out, size_t n)
{
	const struct table *t = l->table;
	size_t at;

	out[0] = '\0';
	if (t == NULL)
		return;
	if (t->shown == t->count)
		at = (size_t)snprintf(out, n, "%zu", t->count);
	else
		at = (size_t)snprintf(out, n, "%zu of %zu", t->shown, t->count);
	if (l->view->is_down != NULL)
		at += (size_t)snprintf(out + at, n - at, ", %zu down", t->down);
	if (t->shut > 0)
		at += (size_t)snprintf(out + at, n - at, ", %zu shut", t->shut);
	if (t->stale > 0)
		at += (size_t)snprintf(out + at, n - at, ", %zu stale", t->stale);
	if (t->marks > 0)
		at += (size_t)snprintf(out + at, n - at, ", %zu marked", t->marks);
	if (t->marks_hidden > 0)
		snprintf(out + at, n - at, " (%zu not shown)", t->marks_hidden);
}

/* On a split screen each part has its own, and says by a mark whether the keys go to it. */
static int put_part_mark(struct ui *u, struct rect r, bool focused)
{
	char key[KEY_NAME_LEN];

	if (u->part_count == 1)
		return 1;
	if (!focused) {
		keymap_key(u->keys, CMD_NEXT_PANE, NULL, key);
		return 2 + canvas_putf(u->canvas, r.x + 2, r.y, r.w - 2, ROLE_HINT, "%s%s", key, key[0] != '\0' ? " " : "");
	}
	canvas_put(u->canvas, r.x, r.y, 2, ROLE_TITLE, u->glyphs->here);
	return 2;
}

static void draw_title(struct ui *u, struct rect r, bool focused)
{
	enum role role = focused ? ROLE_TITLE : ROLE_HINT;
	struct level *l = ui_level(u);
	int x, right = r.x + r.w;
	char counts[120], clock[CLOCK_ISO_LEN];

	canvas_fill(u->canvas, r.x, r.y, r.w, 1, role);
	if (r.y == 0 && right == canvas_width(u->canvas)) {
		clock_iso(u->world->now_wall_ms, clock);
		right -= 10;
		canvas_putf(u->canvas, right, 0, 9, role, "%.8sZ", clock + 11);
	}
	x = r.x + put_part_mark(u, r, focused);
	for (size_t i = 0; i < u->depth; i++)
		x += canvas_putf(u->canvas, x, r.y, right - x, role, "%s%s", i ? " > " : "",
		    u->levels[i].view->title);
	if (!u->parts_fit)
		x += canvas_putf(u->canvas, x, r.y, right - x, ROLE_BADGE, " part %zu of %zu: no room for the others ", u->part_at + 1,
		    u->part_count);
	count_words_of(l, counts, sizeof(counts));
	if (counts[0] != '\0')
		x += canvas_putf(u->canvas, x, r.y, right - x - 1, role, "  %s", counts);
	if (l->table != NULL && l->table->filter != NULL)
		canvas_putf(u->canvas, x + 2, r.y, right - x - 3, ROLE_BADGE, " filter %s%s ", l->table->filter_text.p,
		    table_is_behind(l->table) ? u->glyphs->ellipsis : "");
}

/* ---- bottom ---- */

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
static void draw_status(struct ui *u, int y)
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

static void draw_hints(struct ui *u, int y)
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

/* ---- the middle ---- */

static void fill_panes(struct ui *u)
{
	struct view_ctx cx = ui_ctx(u);

	page_clear(&u->pane[0]);
	page_clear(&u->pane[1]);
	if (u->focus.neighbor[0] != '\0')
		page_of_session(&cx, &u->pane[0]);
	page_of_contacts(&cx, &u->pane[1]);
}

static void draw_below(struct ui *u, struct rect r)
{
	bool both = u->focus.neighbor[0] != '\0';
	int half = both ? r.w / 2 : 0;

	canvas_repeat(u->canvas, r.x, r.y, r.w, u->pane_focused ? ROLE_ACCENT : ROLE_DIM, u->glyphs->horizontal);
	if (u->pane_focused)
		canvas_put(u->canvas, r.x + 2 + (u->pane_at == 1 ? half : 0), r.y, r.w - 4, ROLE_ACCENT,
		    " the keys scroll this; Tab goes on, Esc back ");
	if (both)
		page_draw(&u->pane[0], u->canvas, (struct rect){ r.x + 1, r.y + 1, half - 2, r.h - 1 }, ROLE_NORMAL,
		    u->glyphs);
	page_draw(&u->pane[1], u->canvas, (struct rect){ r.x + half + 1, r.y + 1, r.w - half - 2, r.h - 1 },
	    ROLE_NORMAL, u->glyphs);
	u->page_rows = r.h - 1;
}

static void draw_beside(struct ui *u, struct rect r)
{
	int need, split;

	for (int y = r.y; y < r.y + r.h; y++)
		canvas_put(u->canvas, r.x, y, 1, u->pane_focused ? ROLE_ACCENT : ROLE_DIM, u->glyphs->vertical);
	need = u->focus.neighbor[0] ? page_measure(&u->pane[0], r.w - 3) + 1 : 0;
	split = need < r.h * 2 / 3 ? need : r.h * 2 / 3;
	if (split > 0)
		page_draw(&u->pane[0], u->canvas, (struct rect){ r.x + 2, r.y, r.w - 3, split - 1 }, ROLE_NORMAL, u->glyphs);
	page_draw(&u->pane[1], u->canvas, (struct rect){ r.x + 2, r.y + split, r.w - 3, r.h - split }, ROLE_NORMAL,
	    u->glyphs);
	u->page_rows = split - 1;
}

/* Under the list, as high as its words need. Returns the rows taken. */
static int draw_aside(struct ui *u, struct rect r)
{
	struct level *l = ui_level(u);
	const void *row = table_selected(l->table);
	struct view_ctx cx = ui_ctx(u);
	int h;

	if (l->view->aside == NULL || row == NULL || u->pane_off || r.h < 12)
		return 0;
	page_clear(&u->pane[0]);
	l->view->aside(&cx, row, &u->pane[0]);
	h = page_measure(&u->pane[0], r.w - 2);
	if (h > r.h / 2)
		h = r.h / 2;
	canvas_repeat(u->canvas, r.x, r.y + r.h - h - 1, r.w, ROLE_DIM, u->glyphs->horizontal);
	page_draw(&u->pane[0], u->canvas, (struct rect){ r.x + 1, r.y + r.h - h, r.w - 2, h }, ROLE_NORMAL, u->glyphs);
	return h + 1;
}

/* Over the list, a third of the room at most. Returns the rows taken. */
static int draw_head(struct ui *u, struct rect r)
{
	struct view_ctx cx = ui_ctx(u);
	struct page p;
	int h;

	if (ui_level(u)->view->draw != NULL)
		return ui_level(u)->view->draw(&cx, u->canvas, r);
	if (ui_level(u)->view->head == NULL)
		return 0;
	page_init(&p);
	ui_level(u)->view->head(&cx, &p);
	h = page_measure(&p, r.w - 2);
	if (h > r.h / 3)
		h = r.h / 3;
	page_draw(&p, u->canvas, (struct rect){ r.x + 1, r.y, r.w - 2, h }, ROLE_NORMAL, u->glyphs);
	page_fini(&p);
	return h;
}

static void draw_list(struct ui *u, struct rect r, bool focused)
{
	bool below = r.h + AROUND >= BELOW_HEIGHT;
	int taken = draw_head(u, r);
	struct level *l = ui_level(u);
	struct view_ctx cx = ui_ctx(u);
	bool beside = !below && r.w >= BESIDE_WIDTH;
	struct rect list, pane;

	r.y += taken;
	r.h -= taken;
	list = pane = r;

	u->pane_shown = l->view->paned && !u->pane_off && (below || beside);
	if (u->pane_shown && below) {
		list.h = r.h * 3 / 5;
		pane = (struct rect){ r.x, r.y + list.h, r.w, r.h - list.h };
	} else if (u->pane_shown) {
		list.w = r.w - BESIDE_PANE;
		pane = (struct rect){ r.x + list.w, r.y, BESIDE_PANE, r.h };
	}
	u->pane_focused = u->pane_focused && u->pane_shown;
	if (!u->pane_shown)
		list.h -= draw_aside(u, r);
	table_draw(l->table, &cx, u->canvas, list, focused && !u->pane_focused);
	if (!u->pane_shown)
		return;
	fill_panes(u);
	if (below)
		draw_below(u, pane);
	else
		draw_beside(u, pane);
}

static void draw_page(struct ui *u, struct rect r)
{
	struct view_ctx cx = ui_ctx(u);
	int taken;

	u->pane_shown = false;
	page_clear(&u->page);
	ui_level(u)->view->page(&cx, &u->page);
	r = (struct rect){ r.x + 1, r.y + 1, r.w - 2, r.h - 1 };
	taken = ui_level(u)->view->draw != NULL ? ui_level(u)->view->draw(&cx, u->canvas, (struct rect){ r.x, r.y - 1, r.w, r.h + 1 }) - 1 : 0;
	taken = taken < 0 ? 0 : taken;
	page_draw(&u->page, u->canvas, (struct rect){ r.x, r.y + taken, r.w, r.h - taken }, ROLE_NORMAL, u->glyphs);
	u->page_rows = r.h - taken;
}

/* No view fits: the words that matter most, one a line. */
static void draw_too_small(struct ui *u)
{
	struct health h = health_of(u->world);
	struct canvas *c = u->canvas;
	int w = canvas_width(c);

	canvas_put(c, 0, 0, w, ROLE_WARN, "terminal too small");
	canvas_putf(c, 0, 1, w, ROLE_NORMAL, "%dx%d, needs %dx%d", w, canvas_height(c), TOO_NARROW, TOO_LOW);
	canvas_putf(c, 0, 2, w, ROLE_NORMAL, "routers %zu of %zu up", h.up, h.routers);
	if (u->world->replay != NULL)
		canvas_put(c, 0, 3, w, ROLE_BADGE, "REPLAY");
	else if (u->world->read_only)
		canvas_put(c, 0, 3, w, ROLE_BADGE, "READ-ONLY");
	if (u->prompt.kind != PROMPT_NONE)
		prompt_draw(&u->prompt, c, canvas_height(c) - 1);
}

static void draw_part(struct ui *u, struct rect r, bool focused)
{
	struct rect middle = { r.x, r.y + 1, r.w, r.h - 1 };

	draw_title(u, r, focused);
	if (ui_level(u)->table != NULL)
		draw_list(u, middle, focused);
	else
		draw_page(u, middle);
}

/* Each part is drawn as if it had the keys, and those are given back. */
static void draw_parts(struct ui *u, struct rect whole)
{
	struct rect places[PARTS_MAX];
	size_t focused = u->part_at;

	u->parts_fit = split_layout(whole, u->part_count, u->shares, places);
	if (!u->parts_fit) {
		draw_part(u, whole, true);
		return;
	}
	for (size_t i = 0; i < u->part_count; i++) {
		part_select(u, i);
		if (i != focused)
			ui_follow(u, u->world);
		draw_part(u, places[i], i == focused);
		for (int y = 0; i > 0 && split_is_beside(whole, u->part_count) && y < whole.h; y++)
			canvas_put(u->canvas, places[i].x - 1, whole.y + y, 1, ROLE_DIM, u->glyphs->vertical);
	}
	part_select(u, focused);
}

static void draw_board(struct ui *u)
{
	struct view_ctx cx = ui_ctx(u);
	int64_t ago_ms = u->world->now_boot_ms - u->board_boot_ms;

	if (u->board_boot_ms == 0 || ago_ms < 0 || ago_ms >= BOARD_AGAIN_MS) {
		board_fill(&u->board, &cx);
		u->board_boot_ms = u->world->now_boot_ms;
	}
	board_draw(&u->board, &cx, u->canvas, u->only_wallboard ? "q leaves" : "q goes back");
}

void ui_frame(struct ui *u)
{
	int w = canvas_width(u->canvas), h = canvas_height(u->canvas);

	canvas_clear(u->canvas);
	if (w < TOO_NARROW || h < TOO_LOW) {
		draw_too_small(u);
		return;
	}
	if (u->wallboard) {
		draw_board(u);
		return;
	}
	draw_parts(u, (struct rect){ 0, 0, w, h - 2 });
	draw_status(u, h - 2);
	if (u->prompt.kind != PROMPT_NONE)
		prompt_draw(&u->prompt, u->canvas, h - 1);
	else
		draw_hints(u, h - 1);
	approve_draw(&u->approve, u->world, u->canvas, u->glyphs);
	choose_draw(&u->choose, u->canvas, u->glyphs);
	if (u->maintenance.open)
		form_draw(&u->maintenance.form, u->canvas, u->glyphs);
	if (u->inventory.open != INVENTORY_CLOSED)
		form_draw(&u->inventory.form, u->canvas, u->glyphs);
	compose_draw(&u->compose, u->canvas, u->glyphs);
	call_draw(&u->call, u->canvas, u->glyphs);
	act_draw(&u->act, u->canvas, u->glyphs);
}
