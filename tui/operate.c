/*
 * What keys do.
 *
 * A key goes to the action's dialogue if one is open, else to the prompt if
 * one is open, else through the keymap to a command.  Pasted text goes to
 * fields that take words and nowhere else.
 */
#include "core/base/text.h"
#include "tui/state.h"

#include <stdio.h>
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
	for (size_t i = 0; i < VIEWS; i++)
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
static void go_to(struct ui *u, const char *name)
{
	const struct view *v = view_find(name);

	if (v == NULL) {
		ui_say(u, "there is no view '%s'", name);
		return;
	}
	if (ui_level(u)->view == v && !ui_level(u)->owned)
		return;
	if (v->page != NULL) {
		if (ui_level(u)->view->page != NULL)
			pop(u);
	} else {
		pop_to(u, 1);
	}
	if (u->levels[0].view != v)
		push(u, v, NULL);
}

static void open_row(struct ui *u)
{
	struct level *l = ui_level(u);
	const void *row = l->table ? table_selected(l->table) : NULL;
	const char *name;
	struct str filter;

	if (row == NULL || l->view->open == NULL)
		return;
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
	else
		prompt_open(&u->prompt, PROMPT_ASK_QUIT, "");
}

/* ---- moving ---- */

static void move(struct ui *u, long rows)
{
	struct level *l = ui_level(u);

	if (u->pane_focused) {
		page_scroll(&u->pane[0], (int)rows);
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

/* ---- finding ---- */

static struct table *need_table(struct ui *u)
{
	struct table *t = ui_level(u)->table;

	if (t == NULL)
		ui_say(u, "this view has no rows");
	return t;
}

static void set_filter(struct ui *u, const char *text)
{
	struct table *t = ui_level(u)->table;
	struct view_ctx cx = ui_ctx(u);
	struct err e = ERR_INIT;

	if (t != NULL && table_filter(t, &cx, text, &e) != 0)
		ui_say(u, "%s", e.text);
}

static void open_filter(struct ui *u, const char *arg)
{
	struct table *t = need_table(u);

	if (t == NULL)
		return;
	if (arg != NULL) {
		set_filter(u, arg);
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

static void search_for(struct ui *u, const char *text)
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
			search_for(u, arg);
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

/* ---- actions ---- */

static void add_target(struct ui *u, const struct focus *f)
{
	struct target t = { f->router, f->vrf, f->neighbor, f->asn };

	if (f->neighbor[0] != '\0')
		act_add_target(&u->act, &t);
}

static void collect_targets(struct ui *u)
{
	struct level *l = ui_level(u);
	const void *row;

	if (l->table == NULL) {
		if (l->view->acts)
			add_target(u, &u->focus);
		return;
	}
	for (size_t i = 0; l->view->focus != NULL && (row = table_target(l->table, i)) != NULL; i++) {
		struct focus f = { .router = "" };

		l->view->focus(row, &f);
		add_target(u, &f);
	}
}

static const struct router_conf *closed_router(const struct ui *u)
{
	for (size_t i = 0; i < u->act.target_count; i++) {
		const struct router_conf *c = config_router(u->world->config, u->act.targets[i].router);

		if (c != NULL && c->read_only)
			return c;
	}
	return NULL;
}

static void begin_action(struct ui *u, const struct command *c)
{
	char key[KEY_NAME_LEN];

	if (act_is_running(&u->act)) {
		ui_say(u, "an action is under way; it must end first");
	} else if (u->world->read_only) {
		ui_say(u, "read-only: %s is not possible; %s switches it off", c->name,
		    keymap_key(u->keys, CMD_READ_ONLY, NULL, key)[0] ? key : ":read-only");
	} else if (u->world->no_action != NULL) {
		ui_say(u, "no action is possible: %s", u->world->no_action);
	} else {
		act_begin(&u->act, c->verb);
		collect_targets(u);
		if (u->act.target_count == 0)
			ui_say(u, "no session is selected here: %s works on sessions", c->name);
		else if (closed_router(u) != NULL)
			ui_say(u, "router %s is read-only in the configuration", closed_router(u)->name);
		if (u->notice[0] != '\0')
			u->act.state = ACT_NONE;
	}
}

static void show_action(struct ui *u)
{
	if (u->act.state == ACT_NONE)
		ui_say(u, "no action is under way");
	u->act.hidden = false;
}

/* ---- what app carries out ---- */

static const char *router_here(struct ui *u)
{
	struct level *l = ui_level(u);
	const void *row = l->table ? table_selected(l->table) : NULL;
	struct focus f = { .router = "" };
	const struct router_conf *c;

	if (row != NULL && l->view->focus != NULL)
		l->view->focus(row, &f);
	c = config_router(u->world->config, f.router[0] ? f.router : u->focus.router);
	return c ? c->name : NULL;
}

static void ack(struct ui *u, struct request *rq)
{
	struct level *l = ui_level(u);
	const void *row = l->table ? table_selected(l->table) : NULL;
	struct focus f = { .router = "" };

	if (row == NULL || l->view->focus == NULL) {
		ui_say(u, "go to the events to acknowledge one");
		return;
	}
	l->view->focus(row, &f);
	if (f.event_id == 0) {
		ui_say(u, "go to the events to acknowledge one");
		return;
	}
	rq->kind = REQ_ACK_EVENT;
	rq->event_id = f.event_id;
	table_move(l->table, 1);
}

static void toggle_read_only(struct ui *u, struct request *rq)
{
	if (u->world->read_only) {
		prompt_open(&u->prompt, PROMPT_ASK_WRITE, "");
		return;
	}
	rq->kind = REQ_READ_ONLY;
	rq->read_only = true;
}

static void requests(struct ui *u, enum command_id id, struct request *rq)
{
	switch (id) {
	case CMD_REFRESH:
		rq->kind = REQ_REFRESH;
		rq->router = router_here(u);
		ui_say(u, "reading %s now", rq->router ? rq->router : "all routers");
		break;
	case CMD_REFRESH_ALL:
		rq->kind = REQ_REFRESH;
		ui_say(u, "reading all routers now");
		break;
	case CMD_REFRESH_PEERS:
		rq->kind = REQ_REFRESH_PEERS;
		rq->asn = u->focus.asn;
		ui_say(u, "asking PeeringDB about AS%u", rq->asn);
		break;
	case CMD_ACK:
		ack(u, rq);
		break;
	case CMD_ACK_ALL:
		rq->kind = REQ_ACK_ALL;
		break;
	case CMD_VERIFY:
		rq->kind = REQ_JOURNAL_VERIFY;
		break;
	case CMD_READ_ONLY:
		toggle_read_only(u, rq);
		break;
	case CMD_STOP:
		rq->kind = REQ_STOP_PROCESS;
		break;
	default:
		break;
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
		go_to(u, arg ? arg : "sessions");
		return true;
	case CMD_HELP:
		go_to(u, "help");
		return true;
	case CMD_NEXT_PANE:
		u->pane_focused = u->pane_shown && !u->pane_focused;
		return true;
	case CMD_PANE:
		u->pane_off = !u->pane_off;
		u->pane_focused = false;
		return true;
	default:
		return false;
	}
}

void ui_operate(struct ui *u, const struct command *c, const char *arg, struct request *rq)
{
	if (motion(u, c->id) || viewing(u, c->id, arg) || finding(u, c->id, arg) || marking(u, c->id))
		return;
	if (c->id == CMD_ACTION)
		show_action(u);
	else if (c->group == GROUP_ACT)
		begin_action(u, c);
	else if (c->id == CMD_PALETTE)
		prompt_open(&u->prompt, PROMPT_PALETTE, "");
	else if (c->id == CMD_THEME)
		ui_set_theme(u, arg);
	else if (c->id == CMD_REDRAW && u->screen != NULL)
		screen_redraw(u->screen);
	else
		requests(u, c->id, rq);
}

/* ---- the prompt ---- */

/* The command of this name, or the only one that begins so. */
static const struct command *command_of(const char *name)
{
	const struct command *c = command_find(name), *found = NULL;

	if (c != NULL)
		return c;
	for (int i = 0; i < CMD_COUNT; i++) {
		if (strncmp(command_at((enum command_id)i)->name, name, strlen(name)) != 0)
			continue;
		if (found != NULL)
			return NULL;
		found = command_at((enum command_id)i);
	}
	return found;
}

static void run_line(struct ui *u, const char *line, struct request *rq)
{
	size_t n = strcspn(line, " ");
	const char *arg = line + n + strspn(line + n, " ");
	const struct command *c;
	char name[32];

	if (n == 0)
		return;
	snprintf(name, sizeof(name), "%.*s", (int)n, line);
	c = command_of(name);
	prompt_remember(&u->prompt, line);
	if (c == NULL && view_find(name) != NULL)
		go_to(u, name);
	else if (c == NULL)
		ui_say(u, "no command '%s'; Tab completes, the help lists them", name);
	else if (arg[0] != '\0' && c->arg == ARG_NONE)
		ui_say(u, "%s takes no argument", c->name);
	else
		ui_operate(u, c, arg[0] ? arg : NULL, rq);
}

static void answer_yes(struct ui *u, enum prompt_kind kind, struct request *rq)
{
	if (kind == PROMPT_ASK_QUIT) {
		rq->kind = REQ_QUIT;
	} else {
		rq->kind = REQ_READ_ONLY;
		rq->read_only = false;
	}
	(void)u;
}

/* While a filter is typed the rows follow; a half-typed expression leaves them as they are. */
static void try_filter(struct ui *u)
{
	struct view_ctx cx = ui_ctx(u);
	struct err e = ERR_INIT;

	if (u->prompt.kind == PROMPT_FILTER && table_filter(ui_level(u)->table, &cx, u->prompt.line.text.p, &e) != 0)
		snprintf(u->prompt.error, sizeof(u->prompt.error), "%.199s", e.text);
}

static void end_prompt(struct ui *u, struct request *rq)
{
	enum prompt_kind kind = u->prompt.kind;
	char line[512];

	snprintf(line, sizeof(line), "%s", u->prompt.line.text.p);
	if (kind == PROMPT_FILTER) {
		try_filter(u);
		if (u->prompt.error[0] != '\0')
			return; /* stays open with the error */
	}
	u->prompt.kind = PROMPT_NONE;
	if (kind == PROMPT_SEARCH)
		search_for(u, line);
	else if (kind == PROMPT_PALETTE)
		run_line(u, line, rq);
	else if (kind != PROMPT_FILTER)
		answer_yes(u, kind, rq);
}

static void prompt_input(struct ui *u, keycode k, struct request *rq)
{
	switch (prompt_key(&u->prompt, k, ui_level(u)->view)) {
	case PROMPT_DONE:
		end_prompt(u, rq);
		break;
	case PROMPT_LEFT:
		if (u->prompt.kind == PROMPT_FILTER)
			set_filter(u, u->former_filter);
		u->prompt.kind = PROMPT_NONE;
		break;
	case PROMPT_CHANGED:
		try_filter(u);
		break;
	case PROMPT_GOES_ON:
		break;
	}
}

/* What is not shown must not be acted on: on a terminal that shows nothing only leaving works. */
static bool is_blind(const struct ui *u, const struct command *c)
{
	bool small = canvas_width(u->canvas) < TOO_NARROW || canvas_height(u->canvas) < TOO_LOW;

	return small && c->id != CMD_QUIT && c->id != CMD_CLOSE && c->id != CMD_STOP && c->id != CMD_REDRAW;
}

void ui_key(struct ui *u, keycode k, struct request *rq)
{
	const struct binding *b;

	u->notice[0] = '\0';
	snprintf(u->read_notice, sizeof(u->read_notice), "%s", u->world->notice);
	if (k == ('z' | MOD_CTRL)) {
		rq->kind = REQ_STOP_PROCESS;
		return;
	}
	if (k == ('l' | MOD_CTRL)) {
		ui_operate(u, command_at(CMD_REDRAW), NULL, rq);
		return;
	}
	if (act_is_modal(&u->act)) {
		if (canvas_width(u->canvas) >= TOO_NARROW && canvas_height(u->canvas) >= TOO_LOW)
			act_key(&u->act, k, rq);
		return;
	}
	if (u->prompt.kind != PROMPT_NONE) {
		prompt_input(u, k, rq);
		return;
	}
	b = keymap_find(u->keys, k, ui_level(u)->view->name);
	if (b != NULL && !is_blind(u, b->command))
		ui_operate(u, b->command, b->arg, rq);
}

void ui_paste(struct ui *u, struct slice raw)
{
	if (act_is_modal(&u->act)) {
		act_paste(&u->act, raw);
	} else if (u->prompt.kind != PROMPT_NONE) {
		prompt_paste(&u->prompt, raw);
		try_filter(u);
	} else {
		ui_say(u, "pasted text was not used: nothing asks for words here");
	}
}
