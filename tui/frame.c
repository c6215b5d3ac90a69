/* One frame: title, view, panes, and what lies over them; the lines at the bottom are drawn in status.c. */
#include "core/base/clock.h"
#include "core/base/text.h"
#include "tui/state.h"

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
	struct canvas *c = u->canvas;
	int w = canvas_width(c);

	canvas_put(c, 0, 0, w, ROLE_WARN, "terminal too small");
	canvas_putf(c, 0, 1, w, ROLE_NORMAL, "%dx%d, needs %dx%d", w, canvas_height(c), TOO_NARROW, TOO_LOW);
	canvas_putf(c, 0, 2, w, ROLE_NORMAL, "routers %zu of %zu up", ui_routers_up(u->world), u->world->router_count);
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
	ui_draw_status(u, h - 2);
	if (u->prompt.kind != PROMPT_NONE)
		prompt_draw(&u->prompt, u->canvas, h - 1);
	else
		ui_draw_hints(u, h - 1);
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
