/* Filter, search, order, marks and copies: what is done to the rows of a view. */
#include "tui/state.h"

#include <stdio.h>
#include <string.h>

/* ---- finding ---- */

static struct table *need_table(struct ui *u)
{
	struct table *t = ui_level(u)->table;

	if (t == NULL)
		ui_say(u, "this view has no rows");
	return t;
}

void ui_set_filter(struct ui *u, const char *text)
{
	struct table *t = ui_level(u)->table;
	struct view_ctx cx = ui_ctx(u);
	struct err e = ERR_INIT;

	ui_first_page(u);
	if (t != NULL && table_filter(t, &cx, text, &e) != 0)
		ui_say(u, "%s", e.text);
}

static void open_filter(struct ui *u, const char *arg)
{
	struct table *t = need_table(u);

	if (t == NULL)
		return;
	if (arg != NULL) {
		ui_set_filter(u, arg);
		return;
	}
	snprintf(u->former_filter, sizeof(u->former_filter), "%s", t->filter_text.p);
	prompt_open(&u->prompt, PROMPT_FILTER, t->filter_text.p);
}

static void search_step(struct ui *u, int direction, bool from_here)
{
	struct table *t = need_table(u);
	struct view_ctx cx = ui_ctx(u);

	if (t == NULL)
		return;
	if (t->search == NULL)
		ui_say(u, "nothing has been searched for yet");
	else if (!table_search_step(t, &cx, direction, from_here))
		ui_say(u, "no row matches");
}

void ui_search_for(struct ui *u, const char *text)
{
	struct table *t = need_table(u);
	struct err e = ERR_INIT;

	if (t == NULL)
		return;
	if (table_search(t, text, &e) != 0)
		ui_say(u, "%s", e.text);
	else if (text[0] != '\0')
		search_step(u, 1, true);
}

static void sort_by(struct ui *u, const char *name)
{
	struct table *t = need_table(u);
	struct view_ctx cx = ui_ctx(u);
	const struct column *c;

	if (t == NULL)
		return;
	c = name ? column_find(t->view->columns, t->view->column_count, name) : NULL;
	if (name != NULL && c == NULL)
		ui_say(u, "no column '%s' here", name);
	else
		table_sort(t, &cx, c, c != NULL && (t->sort == c ? !t->descending : c->descends));
}

static bool finding(struct ui *u, enum command_id id, const char *arg)
{
	struct table *t = ui_level(u)->table;
	struct view_ctx cx = ui_ctx(u);

	switch (id) {
	case CMD_FILTER:
		open_filter(u, arg);
		return true;
	case CMD_SEARCH:
		if (arg != NULL)
			ui_search_for(u, arg);
		else if (need_table(u) != NULL)
			prompt_open(&u->prompt, PROMPT_SEARCH, "");
		return true;
	case CMD_SEARCH_NEXT:
	case CMD_SEARCH_PREV:
		search_step(u, id == CMD_SEARCH_NEXT ? 1 : -1, false);
		return true;
	case CMD_SORT:
		sort_by(u, arg);
		return true;
	case CMD_SORT_NEXT:
	case CMD_SORT_PREV:
		if (t != NULL)
			table_sort_step(t, &cx, id == CMD_SORT_NEXT ? 1 : -1);
		return true;
	case CMD_SORT_INVERT:
		if (t != NULL && t->sort != NULL)
			table_sort(t, &cx, t->sort, !t->descending);
		return true;
	default:
		return false;
	}
}

/* ---- marks and copies ---- */

static void copy(struct ui *u)
{
	struct view_ctx cx = ui_ctx(u);
	struct table *t = ui_level(u)->table;

	str_clear(&u->copied);
	if (t != NULL)
		table_copy(t, &cx, &u->copied);
	else
		page_copy(&u->page, &u->copied);
	if (t != NULL)
		ui_say(u, "%zu row%s copied to the terminal's clipboard", t->marks > 0 ? t->marks : t->shown > 0,
		    t->marks > 1 ? "s" : "");
	else
		ui_say(u, "this page was copied to the terminal's clipboard");
}

static bool marking(struct ui *u, enum command_id id)
{
	struct table *t = ui_level(u)->table;

	switch (id) {
	case CMD_MARK:
		if (t != NULL)
			table_mark(t);
		return true;
	case CMD_MARK_ALL:
		if (t != NULL)
			table_mark_all(t);
		return true;
	case CMD_MARK_CLEAR:
		if (t != NULL)
			table_mark_clear(t);
		return true;
	case CMD_COPY:
		copy(u);
		return true;
	default:
		return false;
	}
}

bool ui_find(struct ui *u, enum command_id id, const char *arg)
{
	return finding(u, id, arg) || marking(u, id);
}
