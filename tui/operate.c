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
#include <string.h>

/* While something of the operator's own is under way the board would hide it. */
static void open_wallboard(struct ui *u)
{
	if (act_is_running(&u->act)) {
		ui_say(u, "an action is under way: the wallboard would hide it");
		return;
	}
	u->wallboard = true;
	u->board_boot_ms = 0;
}

/* What works on rows works on those that the filter leaves, and not on what was there before it was through. */
static bool needs_rows(const struct command *c)
{
	return c->id == CMD_OPEN || (c->group != GROUP_MOVE && c->group != GROUP_VIEW && c->group != GROUP_FIND && c->group != GROUP_SCREEN);
}

void ui_operate(struct ui *u, const struct command *c, const char *arg, struct request *rq)
{
	const struct view *v = ui_level(u)->view;

	if (needs_rows(c) && ui_level(u)->table != NULL) {
		struct view_ctx cx = ui_ctx(u);

		table_finish(ui_level(u)->table, &cx);
	}
	if (c->id == CMD_OPEN && v->open == NULL && v->enter != CMD_UP)
		c = command_at(v->enter);
	if (ui_navigate(u, c->id, arg) || ui_past(u, c->id, arg) || ui_find(u, c->id, arg) || ui_incident(u, c, arg, rq) ||
	    ui_alerts(u, c, arg, rq) || ui_replay(u, c, arg, rq))
		return;
	if (c->id == CMD_PALETTE)
		prompt_open(&u->prompt, PROMPT_PALETTE, "");
	else if (c->id == CMD_WALLBOARD)
		open_wallboard(u);
	else if (c->id == CMD_SCOPE)
		ui_choose_scope(u);
	else if (c->id == CMD_FIND_NETWORK)
		ui_find_network(u, arg, rq);
	else if (c->id == CMD_THEME)
		ui_set_theme(u, arg);
	else if (c->id == CMD_REDRAW && u->screen != NULL)
		screen_redraw(u->screen);
	else if (c->id == CMD_WAIVE || c->id == CMD_ATTEST)
		ui_rule(u, c, arg, rq);
	else if (c->id == CMD_PROPOSAL)
		ui_propose(u, rq);
	else
		ui_ask(u, c, rq);
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
		ui_go_to(u, name);
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

	ui_first_page(u);
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
		ui_search_for(u, line);
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
			ui_set_filter(u, u->former_filter);
		u->prompt.kind = PROMPT_NONE;
		break;
	case PROMPT_CHANGED:
		try_filter(u);
		break;
	case PROMPT_GOES_ON:
		break;
	}
}

static void choose_input(struct ui *u, keycode k)
{
	const struct scope *s;

	if (canvas_width(u->canvas) < TOO_NARROW || canvas_height(u->canvas) < TOO_LOW)
		return;
	s = choose_key(&u->choose, k);
	if (s != NULL)
		ui_mark_scope(u, s);
}

/* What is not shown must not be acted on: on a terminal that shows nothing only leaving works. */
static bool is_blind(const struct ui *u, const struct command *c)
{
	bool small = canvas_width(u->canvas) < TOO_NARROW || canvas_height(u->canvas) < TOO_LOW;

	return small && c->id != CMD_QUIT && c->id != CMD_CLOSE && c->id != CMD_STOP && c->id != CMD_REDRAW;
}

/* Nobody sits before it: what somebody leans on does nothing. */
static void board_key(struct ui *u, keycode k, struct request *rq)
{
	if (k == ('l' | MOD_CTRL) && u->screen != NULL)
		screen_redraw(u->screen);
	if (k != 'q' && k != ('c' | MOD_CTRL))
		return;
	if (u->only_wallboard)
		rq->kind = REQ_QUIT;
	u->wallboard = u->only_wallboard;
}

void ui_key(struct ui *u, keycode k, struct request *rq)
{
	const struct binding *b;

	u->notice[0] = '\0';
	u->read_notices = u->world->notices;
	if (u->wallboard) {
		board_key(u, k, rq);
		return;
	}
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
	if (u->approve.state != APPROVE_OFF) {
		if (canvas_width(u->canvas) >= TOO_NARROW && canvas_height(u->canvas) >= TOO_LOW)
			approve_key(&u->approve, u->world, k, rq);
		return;
	}
	if (u->choose.open) {
		choose_input(u, k);
		return;
	}
	if (u->compose.open) {
		if (compose_key(&u->compose, k, rq))
			str_add(&u->copied, u->compose.text.p, u->compose.text.len);
		return;
	}
	if (u->maintenance.open) {
		maintenance_key(&u->maintenance, k, rq);
		return;
	}
	if (u->inventory.open != INVENTORY_CLOSED) {
		struct view_ctx cx = ui_ctx(u);

		inventory_key(&u->inventory, &cx, k, rq);
		return;
	}
	if (call_is_modal(&u->call)) {
		call_key(&u->call, k, rq);
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
	if (u->wallboard) {
		return;
	} else if (u->choose.open || u->approve.state != APPROVE_OFF) {
		ui_say(u, "pasted text was not used: nothing asks for words here");
	} else if (act_is_modal(&u->act)) {
		act_paste(&u->act, raw);
	} else if (u->compose.open) {
		ui_say(u, "pasted text was not used: e opens the message in the editor");
	} else if (u->maintenance.open) {
		form_paste(&u->maintenance.form, raw);
	} else if (u->inventory.open != INVENTORY_CLOSED) {
		form_paste(&u->inventory.form, raw);
	} else if (call_is_modal(&u->call)) {
		call_paste(&u->call, raw);
	} else if (u->prompt.kind != PROMPT_NONE) {
		prompt_paste(&u->prompt, raw);
		try_filter(u);
	} else {
		ui_say(u, "pasted text was not used: nothing asks for words here");
	}
}
