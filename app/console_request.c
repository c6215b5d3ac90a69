/* What the views ask for, carried out; and what becomes of actions, told to the views. */
#include "app/console_priv.h"
#include "core/act/undo.h"

#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

void console_notice(struct console *c, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(c->present.w.notice, sizeof(c->present.w.notice), fmt, ap);
	va_end(ap);
	c->present.w.notices++;
}

static void quit(struct console *c)
{
	c->leaving = true;
	if (c->op.phase == OPERATION_RUNNING) {
		plan_stop(c->op.plan);
		console_notice(c, "leaving as soon as the session under way is proven");
	}
}

static void stop_process(struct console *c)
{
	ui_suspend(c->ui);
	raise(SIGSTOP);
	ui_resume(c->ui);
}

static void refresh(struct console *c, const char *router)
{
	size_t asked = 0;

	tty_question_again(&c->question);
	for (size_t i = 0; i < c->present.w.router_count; i++) {
		const char *name = c->present.w.routers[i].conf->name;
		struct worker *w = pool_worker(c->pool, name);

		if ((router == NULL || strcmp(router, name) == 0) && w != NULL) {
			worker_poll_now(w);
			asked++;
		}
	}
	console_notice(c, "reading %s now", router != NULL ? router : asked == 1 ? "the router" : "all routers");
}

static const char *network_name(const struct console *c, asn_t asn)
{
	const struct peer *p = peer_set_find(c->present.w.peers, asn);

	return p != NULL ? text_or(p->name, NULL) : NULL;
}

static void plan(struct console *c, const struct request *rq)
{
	struct operation_target *targets = mem_calloc(rq->target_count, sizeof(*targets));
	const struct operation_ask ask = { .verb = rq->verb, .lasting = rq->lasting, .reason = rq->reason,
		.ticket = rq->ticket, .message = rq->message, .prefixes = rq->prefixes, .scope = rq->scope, .scope_name = rq->scope_name };
	struct err e = ERR_INIT;

	for (size_t i = 0; i < rq->target_count; i++)
		targets[i] = (struct operation_target){ rq->targets[i].router, rq->targets[i].vrf,
			rq->targets[i].neighbor, network_name(c, rq->targets[i].remote_as) };
	console_blast_forget(c);
	console_drain_forget(c);
	console_guard_forget(c);
	if (c->present.w.no_action != NULL)
		err_set(&e, ERR_REFUSED, "no action is possible: %s", c->present.w.no_action);
	else if (rq->drain)
		console_drain_plan(c, rq, targets, &e);
	else
		operation_plan(&c->op, &ask, targets, rq->target_count, &e);
	if (e.code != ERR_NONE)
		ui_plan_close(c->ui, e.text);
	else
		ui_plan_waiting(c->ui, "reading the routers");
	free(targets);
}

static void undo(struct console *c)
{
	struct err e = ERR_INIT;
	struct undo u = { .verb = VERB_COUNT };

	console_blast_forget(c);
	console_drain_forget(c);
	if (undo_find(c->records.ledger, getuid(), NULL, &u, &e) == 0)
		operation_undo(&c->op, &u, NULL, NULL, &e);
	free(u.entries);
	if (e.code != ERR_NONE)
		ui_plan_close(c->ui, e.text);
	else
		ui_plan_waiting(c->ui, "reading the routers");
}

static void confirm(struct console *c, const char *digest)
{
	struct err e = ERR_INIT;

	console_blast_forget(c);
	if (operation_perform(&c->op, digest, &e) != 0)
		ui_plan_close(c->ui, e.text);
	else if (e.code != ERR_NONE) /* some routers could not begin */
		console_notice(c, "%s", e.text);
}

static void stop_batch(struct console *c)
{
	if (c->op.phase != OPERATION_RUNNING) {
		console_notice(c, "no action is under way");
		return;
	}
	plan_stop(c->op.plan);
	console_notice(c, "no further session is begun; what is under way on a router is finished and proven");
}

static void set_read_only(struct console *c, bool on)
{
	if (!on && c->config->read_only) {
		console_notice(c, "read-only by the configuration: it cannot be switched off here");
		return;
	}
	c->present.w.read_only = on;
	console_notice(c, on ? "read-only: no action is possible" : "actions are possible");
}

static void verify_journal(struct console *c)
{
	struct journal_report r;
	struct err e = ERR_INIT;

	if (journal_verify(c->records.path, NULL, &r, &e) != 0)
		console_notice(c, "%s", e.text);
	else
		console_notice(c, "journal: %s", r.words);
}

static void sync_peers(struct console *c)
{
	struct err e = ERR_INIT;

	if (c->pdb == NULL)
		err_set(&e, ERR_REFUSED, "PeeringDB is not there");
	else
		pdb_sync_tables(c->pdb, &e);
	console_notice(c, "%s", e.code != ERR_NONE ? e.text : "PeeringDB: reading whole tables");
}

static void cancel_plan(struct console *c)
{
	console_blast_forget(c);
	if (c->op.phase == OPERATION_RUNNING)
		return;
	console_drain_forget(c);
	operation_fini(&c->op);
}

void console_request(struct console *c, const struct request *rq)
{
	if (console_replay_refuses(c, rq)) {
		if (rq->kind == REQ_PLAN || rq->kind == REQ_UNDO)
			ui_plan_close(c->ui, "replay: no router is touched");
		return;
	}
	switch (rq->kind) {
	case REQ_QUIT:
		quit(c);
		break;
	case REQ_STOP_PROCESS:
		stop_process(c);
		break;
	case REQ_REFRESH:
		refresh(c, rq->router);
		break;
	case REQ_REFRESH_PEERS:
		if (c->pdb != NULL)
			pdb_refresh(c->pdb);
		break;
	case REQ_FIND_NETWORK:
		if (c->pdb != NULL)
			pdb_seek(c->pdb, rq->words);
		break;
	case REQ_COLLECT:
		console_collect_now(c, rq->asn);
		break;
	case REQ_SYNC_PEERS:
		sync_peers(c);
		break;
	case REQ_PLAN:
		plan(c, rq);
		break;
	case REQ_UNDO:
		undo(c);
		break;
	case REQ_STOP_DRAINS:
		console_notice(c, "drains stopped: %zu; nothing was shut, the graceful shutdown stands",
		    draining_stop_all(c->draining));
		break;
	case REQ_PROPOSE:
		console_propose(c, rq->digest);
		break;
	case REQ_PROPOSAL:
		console_read_proposal(c, rq->digest);
		break;
	case REQ_APPROVE:
		console_approve(c, rq->digest);
		break;
	case REQ_CONFIRM:
		confirm(c, rq->digest);
		break;
	case REQ_BLAST:
		console_blast(c);
		break;
	case REQ_CANCEL_PLAN:
		cancel_plan(c);
		break;
	case REQ_STOP_BATCH:
		stop_batch(c);
		break;
	case REQ_ACK_EVENTS:
		for (size_t i = 0; i < rq->event_count; i++)
			event_log_ack(c->present.w.events, rq->events[i]);
		break;
	case REQ_ACK_ALL:
		event_log_ack_all(c->present.w.events);
		break;
	case REQ_READ_ONLY:
		set_read_only(c, rq->read_only);
		break;
	case REQ_CALL:
		console_call(c, rq->call);
		break;
	case REQ_RULING:
		console_rule(c, rq->ruling);
		break;
	case REQ_HANDOVER_ACK:
		console_handover_ack(c);
		break;
	case REQ_NOTE:
		console_note(c, rq->reason);
		break;
	case REQ_ALERT_ACK:
		console_alert_ack(c, rq->words);
		break;
	case REQ_ALERT_SILENCE:
		console_alert_silence(c, rq->words, rq->until_wall_ms, rq->reason);
		break;
	case REQ_ALERT_TEST:
		console_alert_test(c, rq->words);
		break;
	case REQ_INCIDENT:
		console_incident(c, rq);
		break;
	case REQ_EDIT_BOOK:
		console_edit_book(c, rq->edits, rq->edit_count);
		break;
	case REQ_MESSAGE:
		console_message(c, rq);
		break;
	case REQ_MAINTENANCE:
		console_maintenance(c, rq->maintenance);
		break;
	case REQ_MESSAGE_STEP:
		console_message_step(c, rq);
		break;
	case REQ_REPLAY:
		console_replay(c, rq);
		break;
	case REQ_RECORD:
		console_record(c);
		break;
	case REQ_JOURNAL_VERIFY:
		verify_journal(c);
		break;
	default:
		break;
	}
}

static bool is_left(const struct act_progress *p)
{
	return p->state == RUN_FAILED && !p->begun;
}

static enum act_mark mark_of(const struct act_progress *p)
{
	if (is_left(p))
		return ACT_LEFT;
	switch (p->state) {
	case RUN_DONE:
		return ACT_DONE;
	case RUN_FAILED:
		return ACT_FAILED;
	case RUN_UNVERIFIED:
	case RUN_UNKNOWN:
		return ACT_UNVERIFIED;
	default:
		return ACT_RUNS;
	}
}

/* The plan knows whose session it is. */
static asn_t planned_as(const struct plan *plan, const struct act_progress *p)
{
	for (size_t i = 0; plan != NULL && i < plan->count; i++) {
		const struct plan_item *item = &plan->items[i];

		if (strcmp(item->router, p->router) == 0 && strcmp(item->vrf, p->vrf) == 0 &&
		    strcmp(item->neighbor, p->neighbor) == 0)
			return item->remote_as;
	}
	return ASN_UNKNOWN;
}

static void action_event(struct console *c, const struct act_progress *p)
{
	struct event ev = { .kind = EVENT_ACTION,
		.severity = p->state == RUN_DONE ? SEV_NOTICE : p->state == RUN_FAILED ? SEV_WARN : SEV_ALARM };

	snprintf(ev.router, sizeof(ev.router), "%s", p->router);
	snprintf(ev.vrf, sizeof(ev.vrf), "%s", p->vrf);
	snprintf(ev.neighbor, sizeof(ev.neighbor), "%s", p->neighbor);
	ev.remote_as = planned_as(c->op.plan, p);
	snprintf(ev.words, sizeof(ev.words), "%s: %s%s%.120s", verb_info(p->verb)->name,
	    is_left(p) ? "not begun" : run_state_word(p->state), p->words[0] ? ": " : "", p->words);
	event_log_add(c->present.w.events, ev);
}

static void tell_session(struct console *c, const struct act_progress *p)
{
	ui_act_progress(c->ui, p->router, p->vrf, p->neighbor, mark_of(p),
	    p->words[0] != '\0' ? p->words : run_state_word(p->state));
	if (run_final(p->state))
		action_event(c, p);
}

static void tell_end(struct console *c)
{
	char words[160], all[320];
	bool waits;

	operation_words(&c->op, words, sizeof(words));
	console_notice(c, "%s: %s", verb_info(c->op.plan->verb)->name, words);
	waits = console_drain_ended(c); /* its own trouble is the notice that stays */
	snprintf(all, sizeof(all), "%s%s", words,
	    waits ? ". Nothing is shut yet: the drain waits now; :drain-stop ends the wait" : "");
	ui_act_finished(c->ui, all);
	operation_fini(&c->op);
}

static void show_plan(struct console *c)
{
	ui_plan_show(c->ui, c->op.plan);
	console_tell_approval(c);
}

void console_progress(struct console *c, struct act_progress *p)
{
	enum operation_phase before = c->op.phase;

	if (console_upkeep_take(c, p))
		return;
	if (!operation_take(&c->op, p))
		return;
	if (!p->planning && p->neighbor[0] != '\0')
		tell_session(c, p);
	else if (p->planning && !p->final && p->words[0] != '\0' && !console_guard_plans(c))
		ui_plan_waiting(c->ui, p->words);
	if (p->final)
		c->records_due = 0;
	if (before == OPERATION_PLANNING && c->op.phase == OPERATION_SHOWN && (console_drain_plans(c) || console_guard_planned(c)))
		return;
	if (before == OPERATION_PLANNING && c->op.phase == OPERATION_SHOWN)
		show_plan(c);
	else if (before == OPERATION_RUNNING && c->op.phase == OPERATION_ENDED)
		tell_end(c);
}
