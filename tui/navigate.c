/* Where the operator is: levels of views, moving in them, backing out. */
#include "tui/state.h"

#include <stdlib.h>
#include <string.h>

/* ---- levels ---- */

static void clear_level(struct ui *u, struct level *l)
{
	if (l->owned) {
		table_fini(l->table);
		free(l->table);
	}
	*l = (struct level){ 0 };
	u->pane_focused = false;
}

static void pop(struct ui *u)
{
	if (u->depth > 1)
		clear_level(u, &u->levels[--u->depth]);
}

static void pop_to(struct ui *u, size_t depth)
{
	while (u->depth > depth)
		pop(u);
}

static struct table *table_of(struct ui *u, const struct view *v)
{
	for (size_t i = 0; i < VIEWS_MAX && view_at(i) != NULL; i++)
		if (u->tables[i].view == v)
			return v->page ? NULL : &u->tables[i];
	return NULL;
}

/* filter NULL: the view's own table; else one of its own with that filter. */
static void push(struct ui *u, const struct view *v, const char *filter)
{
	struct level l = { .view = v, .table = table_of(u, v) };
	struct view_ctx cx = ui_ctx(u);

	if (u->depth == DEPTH_MAX)
		pop(u);
	if (filter != NULL && l.table != NULL) {
		l.table = MEM_NEW(struct table);
		l.owned = true;
		table_init(l.table, v);
		table_filter(l.table, &cx, filter, NULL);
	}
	u->page.top = 0;
	u->pane_focused = false;
	u->levels[u->depth++] = l;
	ui_follow(u, u->world);
}

/* Pages are about what is selected here, and come on top; lists take the place of each other. */
void ui_go_to(struct ui *u, const char *name)
{
	const struct view *v = view_find(name);

	if (v == NULL) {
		ui_say(u, "there is no view '%s'", name);
		return;
	}
	if (ui_level(u)->view == v && !ui_level(u)->owned)
		return;
	if (v->page != NULL || v->of_focus) {
		if (ui_level(u)->view->page != NULL || ui_level(u)->view->of_focus)
			pop(u);
	} else {
		pop_to(u, 1);
	}
	if (u->levels[0].view != v)
		push(u, v, NULL);
	else
		ui_follow(u, u->world); /* its rows are of the time when it was left, or were given back then */
}

static void open_row(struct ui *u)
{
	struct level *l = ui_level(u);
	const void *row = l->table ? table_selected(l->table) : NULL;
	const char *name;
	struct str filter;

	if (row == NULL || l->view->open == NULL)
		return;
	if (l->view->of_focus && l->view->focus != NULL) /* it narrows the selection down that it is about */
		l->view->focus(row, &u->focus);
	str_init(&filter, 0);
	name = l->view->open(row, &filter);
	if (name != NULL)
		push(u, view_find(name), filter.len > 0 ? filter.p : NULL);
	str_fini(&filter);
}

/* One thing at a time, from the nearest out. */
static void back(struct ui *u)
{
	struct level *l = ui_level(u);
	struct view_ctx cx = ui_ctx(u);

	if (u->pane_focused)
		u->pane_focused = false;
	else if (l->table != NULL && l->table->search != NULL)
		table_search(l->table, "", NULL);
	else if (l->table != NULL && l->table->marks > 0)
		table_mark_clear(l->table);
	else if (l->table != NULL && l->table->filter != NULL && !l->owned)
		table_filter(l->table, &cx, "", NULL);
	else
		pop(u);
}

static void close_view(struct ui *u)
{
	if (u->depth > 1)
		pop(u);
	else if (u->part_count > 1)
		part_close(u);
	else
		prompt_open(&u->prompt, PROMPT_ASK_QUIT, "");
}

/* ---- moving ---- */

static void move(struct ui *u, long rows)
{
	struct level *l = ui_level(u);

	if (u->pane_focused) {
		page_scroll(&u->pane[u->pane_at], (int)rows);
	} else if (ui_turn_page(u, rows)) {
		return;
	} else if (l->table != NULL) {
		table_move(l->table, rows);
		u->pane[0].top = u->pane[1].top = 0; /* another session: from its beginning */
	} else {
		page_scroll(&u->page, (int)rows);
	}
}

static long screenful(const struct ui *u)
{
	const struct level *l = &u->levels[u->depth - 1];
	int rows = u->pane_focused || l->table == NULL ? u->page_rows : l->table->page_rows;

	return rows > 2 ? rows - 1 : 1;
}

static void move_end(struct ui *u, bool end)
{
	struct level *l = ui_level(u);

	if (l->table != NULL && !u->pane_focused)
		table_home(l->table, end);
	else
		move(u, end ? 100000 : -100000);
}

static bool motion(struct ui *u, enum command_id id)
{
	switch (id) {
	case CMD_UP:
		move(u, -1);
		return true;
	case CMD_DOWN:
		move(u, 1);
		return true;
	case CMD_PAGE_UP:
		move(u, -screenful(u));
		return true;
	case CMD_PAGE_DOWN:
		move(u, screenful(u));
		return true;
	case CMD_HALF_UP:
		move(u, -(screenful(u) + 1) / 2);
		return true;
	case CMD_HALF_DOWN:
		move(u, (screenful(u) + 1) / 2);
		return true;
	case CMD_TOP:
		move_end(u, false);
		return true;
	case CMD_BOTTOM:
		move_end(u, true);
		return true;
	default:
		return false;
	}
}

/* ---- commands ---- */

/* From the list to the session, to the contacts, and back to the list. */
static void next_pane(struct ui *u)
{
	if (u->part_count > 1 && (!u->pane_shown || (u->pane_focused && u->pane_at == 1))) {
		u->pane_focused = false;
		part_select(u, (u->part_at + 1) % u->part_count);
	} else if (!u->pane_shown) {
		ui_say(u, "there is no pane beside the list now: Enter opens the session");
	} else if (!u->pane_focused) {
		u->pane_focused = true;
		u->pane_at = u->focus.neighbor[0] != '\0' ? 0 : 1;
	} else if (u->pane_at == 0) {
		u->pane_at = 1;
	} else {
		u->pane_focused = false;
	}
}

static bool viewing(struct ui *u, enum command_id id, const char *arg)
{
	switch (id) {
	case CMD_OPEN:
		open_row(u);
		return true;
	case CMD_BACK:
		back(u);
		return true;
	case CMD_CLOSE:
		close_view(u);
		return true;
	case CMD_QUIT:
		prompt_open(&u->prompt, PROMPT_ASK_QUIT, "");
		return true;
	case CMD_VIEW:
		ui_go_to(u, arg ? arg : "sessions");
		return true;
	case CMD_HELP:
		ui_go_to(u, "help");
		return true;
	case CMD_NEXT_PANE:
		next_pane(u);
		return true;
	case CMD_PANE:
		u->pane_off = !u->pane_off;
		u->pane_focused = false;
		return true;
	default:
		return false;
	}
}

bool ui_navigate(struct ui *u, enum command_id id, const char *arg)
{
	return motion(u, id) || viewing(u, id, arg) || ui_part(u, id, arg);
}
