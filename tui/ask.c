/* What the operator wants of app: actions on sessions, and requests. */
#include "core/judge/venue.h"
#include "tui/state.h"

#include <stdio.h>
#include <string.h>

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

/* Says why no action can begin now; false if one can. */
static bool action_refused(struct ui *u, const struct command *c)
{
	char key[KEY_NAME_LEN];

	if (act_is_running(&u->act)) {
		ui_say(u, "an action is under way; it must end first");
	} else if (u->world->replay != NULL) {
		ui_say(u, "replay: no router is touched");
	} else if (u->world->read_only) {
		ui_say(u, "read-only: %s is not possible; %s switches it off", c->name,
		    keymap_key(u->keys, CMD_READ_ONLY, NULL, key)[0] ? key : ":read-only");
	} else if (u->world->no_action != NULL) {
		ui_say(u, "no action is possible: %s", u->world->no_action);
	} else {
		return false;
	}
	return true;
}

static void begin_action(struct ui *u, const struct command *c)
{
	char words[200], name[80];

	if (action_refused(u, c))
		return;
	if (c->id == CMD_DRAIN)
		act_begin_drain(&u->act);
	else
		act_begin(&u->act, c->verb, c->id == CMD_TERMINATE);
	collect_targets(u);
	ui_name_targets(u, words, name);
	act_set_scope(&u->act, words, name);
	if (u->act.target_count == 0)
		ui_say(u, "no session is selected here: %s works on sessions", c->name);
	else if (closed_router(u) != NULL)
		ui_say(u, "router %s is read-only in the configuration", closed_router(u)->name);
	if (u->notice[0] != '\0')
		u->act.state = ACT_NONE;
}

static void begin_undo(struct ui *u, const struct command *c, struct request *rq)
{
	if (action_refused(u, c))
		return;
	act_begin_undo(&u->act);
	rq->kind = REQ_UNDO;
}

static void show_action(struct ui *u)
{
	if (u->act.state == ACT_NONE)
		ui_say(u, "no action is under way");
	u->act.hidden = false;
}

static void halt(struct ui *u, struct request *rq)
{
	if (act_is_running(&u->act))
		act_stop(&u->act, rq);
	else
		ui_say(u, "no action is under way");
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

/* The marked events, else the one under the cursor; the marks are used up by it. */
/* A line is one event, or all changes of a session that flaps. */
static size_t ack_line(struct ui *u, const struct focus *f, size_t n)
{
	const struct event_log *log = u->world->events;

	for (size_t i = 0; log != NULL && i < event_log_count(log); i++) {
		const struct event *e = event_log_at(log, i);

		if (e->id < f->event_first)
			break;
		if (e->id != f->event_id && (e->id > f->event_id || e->family != f->family || strcmp(e->router, f->router) != 0 ||
			strcmp(e->neighbor, f->neighbor) != 0 || strcmp(e->vrf, f->vrf) != 0))
			continue;
		MEM_GROW(u->acked, u->acked_cap, n + 1);
		u->acked[n++] = e->id;
	}
	return n;
}

static void ack(struct ui *u, struct request *rq)
{
	struct table *t = ui_level(u)->table;
	const void *row;
	struct focus f;
	size_t n = 0;

	for (size_t i = 0; t != NULL && t->view->focus != NULL && (row = table_target(t, i)) != NULL; i++) {
		f = (struct focus){ .router = "" };
		t->view->focus(row, &f);
		if (f.event_id == 0)
			break;
		n = ack_line(u, &f, n);
	}
	if (n == 0) {
		ui_say(u, "go to the events to acknowledge one");
		return;
	}
	rq->kind = REQ_ACK_EVENTS;
	rq->events = u->acked;
	rq->event_count = n;
	if (t->marks > 0)
		table_mark_clear(t);
	else
		table_move(t, 1);
}

static void toggle_read_only(struct ui *u, struct request *rq)
{
	if (u->world->replay != NULL) {
		ui_say(u, "replay: no router is touched");
		return;
	}
	if (u->world->read_only) {
		prompt_open(&u->prompt, PROMPT_ASK_WRITE, "");
		return;
	}
	rq->kind = REQ_READ_ONLY;
	rq->read_only = true;
}

/* On the ladder: the rung under the cursor; elsewhere the next one to try. */
static void begin_call(struct ui *u)
{
	struct view_ctx cx = ui_ctx(u);
	const struct level *l = ui_level(u);
	size_t number = 0;
	struct venue v;
	struct rung r;

	if (u->focus.asn == ASN_UNKNOWN && !view_venue(&cx, &v))
		ui_say(u, "no network is selected: put the cursor on one in sessions or networks");
	else if (l->view == &view_contacts && view_ladder_row(table_selected(l->table), &number, &r))
		call_begin(&u->call, &cx, number - 1);
	else
		call_begin(&u->call, &cx, SIZE_MAX);
}

static void begin_message(struct ui *u, struct request *rq)
{
	struct view_ctx cx = ui_ctx(u);
	const struct incident *i = view_focus_incident(&cx);
	const struct level *l = ui_level(u);
	size_t number = 0;
	struct venue v;
	struct rung r;

	if (u->focus.asn == ASN_UNKNOWN && !view_venue(&cx, &v)) {
		ui_say(u, "no network is selected: put the cursor on one in sessions or networks");
		return;
	}
	rq->kind = REQ_MESSAGE;
	rq->asn = u->focus.asn;
	if (i != NULL) {
		snprintf(u->incident, sizeof(u->incident), "%s", i->id);
		rq->incident = u->incident;
	}
	u->about = (struct target){ u->focus.router, u->focus.vrf, u->focus.neighbor, u->focus.asn };
	rq->targets = &u->about;
	rq->target_count = u->focus.neighbor[0] != '\0';
	if (l->view == &view_clause) {
		rq->clause = u->focus.clause;
		rq->target_count = 0; /* the network's, and which sessions the verdict names */
	}
	if (l->view == &view_contacts && l->table->steered && view_ladder_row(table_selected(l->table), &number, &r) &&
	    !text_empty(r.email))
		rq->rung = (unsigned)number;
}

static void begin_edit(struct ui *u)
{
	struct view_ctx cx = ui_ctx(u);
	const struct level *l = ui_level(u);
	size_t number;
	struct venue v;
	struct rung r;

	if (view_venue(&cx, &v) && v.kind != VENUE_OURS)
		ui_say(u, "people of a place stand in the contact book's file: %s \"%.40s\" { contact NOC { ... } }",
		    v.kind == VENUE_EXCHANGE ? "exchange" : "facility", v.kind == VENUE_ROUTER ? "NAME" : v.name);
	else if (u->focus.asn == ASN_UNKNOWN)
		ui_say(u, "no network is selected: put the cursor on one in sessions or networks");
	else if (l->view == &view_contacts)
		inventory_contact(&u->inventory, &cx, view_ladder_row(table_selected(l->table), &number, &r) ? &r : NULL);
	else
		inventory_network(&u->inventory, &cx);
}

static void requests(struct ui *u, enum command_id id, struct request *rq)
{
	switch (id) {
	case CMD_REFRESH:
		rq->kind = REQ_REFRESH;
		rq->router = router_here(u);
		if (u->world->replay == NULL)
			ui_say(u, "reading %s now", rq->router ? rq->router : "all routers");
		break;
	case CMD_REFRESH_ALL:
		rq->kind = REQ_REFRESH;
		if (u->world->replay == NULL)
			ui_say(u, "reading all routers now");
		break;
	case CMD_REFRESH_PEERS:
		rq->kind = REQ_REFRESH_PEERS;
		rq->asn = u->focus.asn;
		if (u->world->replay == NULL)
			ui_say(u, "asking PeeringDB about AS%u", rq->asn);
		break;
	case CMD_COLLECT_NOW:
		if (u->focus.asn == ASN_UNKNOWN) {
			ui_say(u, "no network is selected: put the cursor on one in sessions or networks");
			break;
		}
		rq->kind = REQ_COLLECT;
		rq->asn = u->focus.asn;
		break;
	case CMD_SYNC_PEERS:
		rq->kind = REQ_SYNC_PEERS;
		break;
	case CMD_CALL:
		begin_call(u);
		break;
	case CMD_MAINTENANCE: {
		struct view_ctx cx = ui_ctx(u);

		maintenance_begin(&u->maintenance, &cx);
		break;
	}
	case CMD_EDIT:
		begin_edit(u);
		break;
	case CMD_MESSAGE:
		begin_message(u, rq);
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
	case CMD_RECORD:
		rq->kind = REQ_RECORD;
		break;
	default:
		break;
	}
}

void ui_find_network(struct ui *u, const char *words, struct request *rq)
{
	if (words == NULL) {
		ui_say(u, "find whom? :find-network AS64501, a name, an address, ix:NAME or an AS macro");
		return;
	}
	snprintf(u->sought, sizeof(u->sought), "%s", words);
	rq->kind = REQ_FIND_NETWORK;
	rq->words = u->sought;
	ui_go_to(u, "found");
	ui_say(u, "looking for %s", u->sought);
}

void ui_ask(struct ui *u, const struct command *c, struct request *rq)
{
	if (c->id == CMD_ACTION)
		show_action(u);
	else if (c->id == CMD_APPROVALS)
		approve_open(&u->approve, u->world);
	else if (c->id == CMD_HALT)
		halt(u, rq);
	else if (c->id == CMD_UNDO)
		begin_undo(u, c, rq);
	else if (c->id == CMD_DRAIN_STOP)
		rq->kind = REQ_STOP_DRAINS;
	else if (c->group == GROUP_ACT)
		begin_action(u, c);
	else
		requests(u, c->id, rq);
}
