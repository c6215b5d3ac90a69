/* What the views ask for, carried out: one handler for each kind of request.  What becomes of actions is told in
 * console_progress.c. */
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

static void on_quit(struct console *c, const struct request *rq)
{
	(void)rq;
	quit(c);
}

static void on_stop_process(struct console *c, const struct request *rq)
{
	(void)rq;
	stop_process(c);
}

static void on_refresh(struct console *c, const struct request *rq)
{
	refresh(c, rq->router);
}

static void on_refresh_peers(struct console *c, const struct request *rq)
{
	(void)rq;
	if (c->pdb != NULL)
		pdb_refresh(c->pdb);
}

static void on_find_network(struct console *c, const struct request *rq)
{
	if (c->pdb != NULL)
		pdb_seek(c->pdb, rq->words);
}

static void on_collect(struct console *c, const struct request *rq)
{
	console_collect_now(c, rq->asn);
}

static void on_sync_peers(struct console *c, const struct request *rq)
{
	(void)rq;
	sync_peers(c);
}

static void on_undo(struct console *c, const struct request *rq)
{
	(void)rq;
	undo(c);
}

static void on_stop_drains(struct console *c, const struct request *rq)
{
	(void)rq;
	console_notice(c, "drains stopped: %zu; nothing was shut, the graceful shutdown stands",
	    draining_stop_all(c->draining));
}

static void on_propose(struct console *c, const struct request *rq)
{
	console_propose(c, rq->digest);
}

static void on_proposal(struct console *c, const struct request *rq)
{
	console_read_proposal(c, rq->digest);
}

static void on_approve(struct console *c, const struct request *rq)
{
	console_approve(c, rq->digest);
}

static void on_confirm(struct console *c, const struct request *rq)
{
	confirm(c, rq->digest);
}

static void on_blast(struct console *c, const struct request *rq)
{
	(void)rq;
	console_blast(c);
}

static void on_cancel_plan(struct console *c, const struct request *rq)
{
	(void)rq;
	cancel_plan(c);
}

static void on_stop_batch(struct console *c, const struct request *rq)
{
	(void)rq;
	stop_batch(c);
}

static void on_ack_events(struct console *c, const struct request *rq)
{
	for (size_t i = 0; i < rq->event_count; i++)
		event_log_ack(c->present.w.events, rq->events[i]);
}

static void on_ack_all(struct console *c, const struct request *rq)
{
	(void)rq;
	event_log_ack_all(c->present.w.events);
}

static void on_read_only(struct console *c, const struct request *rq)
{
	set_read_only(c, rq->read_only);
}

static void on_call(struct console *c, const struct request *rq)
{
	console_call(c, rq->call);
}

static void on_ruling(struct console *c, const struct request *rq)
{
	console_rule(c, rq->ruling);
}

static void on_handover_ack(struct console *c, const struct request *rq)
{
	(void)rq;
	console_handover_ack(c);
}

static void on_note(struct console *c, const struct request *rq)
{
	console_note(c, rq->reason);
}

static void on_alert_ack(struct console *c, const struct request *rq)
{
	console_alert_ack(c, rq->words);
}

static void on_alert_silence(struct console *c, const struct request *rq)
{
	console_alert_silence(c, rq->words, rq->until_wall_ms, rq->reason);
}

static void on_alert_test(struct console *c, const struct request *rq)
{
	console_alert_test(c, rq->words);
}

static void on_edit_book(struct console *c, const struct request *rq)
{
	console_edit_book(c, rq->edits, rq->edit_count);
}

static void on_maintenance(struct console *c, const struct request *rq)
{
	console_maintenance(c, rq->maintenance);
}

static void on_record(struct console *c, const struct request *rq)
{
	(void)rq;
	console_record(c);
}

static void on_journal_verify(struct console *c, const struct request *rq)
{
	(void)rq;
	verify_journal(c);
}

/* One row for each kind of request; what has none asks for nothing. */
static void (*const handlers[REQ_KINDS])(struct console *c, const struct request *rq) = {
	[REQ_QUIT] = on_quit,
	[REQ_STOP_PROCESS] = on_stop_process,
	[REQ_REFRESH] = on_refresh,
	[REQ_REFRESH_PEERS] = on_refresh_peers,
	[REQ_FIND_NETWORK] = on_find_network,
	[REQ_COLLECT] = on_collect,
	[REQ_SYNC_PEERS] = on_sync_peers,
	[REQ_PLAN] = plan,
	[REQ_UNDO] = on_undo,
	[REQ_STOP_DRAINS] = on_stop_drains,
	[REQ_PROPOSE] = on_propose,
	[REQ_PROPOSAL] = on_proposal,
	[REQ_APPROVE] = on_approve,
	[REQ_CONFIRM] = on_confirm,
	[REQ_BLAST] = on_blast,
	[REQ_CANCEL_PLAN] = on_cancel_plan,
	[REQ_STOP_BATCH] = on_stop_batch,
	[REQ_ACK_EVENTS] = on_ack_events,
	[REQ_ACK_ALL] = on_ack_all,
	[REQ_READ_ONLY] = on_read_only,
	[REQ_CALL] = on_call,
	[REQ_RULING] = on_ruling,
	[REQ_HANDOVER_ACK] = on_handover_ack,
	[REQ_NOTE] = on_note,
	[REQ_ALERT_ACK] = on_alert_ack,
	[REQ_ALERT_SILENCE] = on_alert_silence,
	[REQ_ALERT_TEST] = on_alert_test,
	[REQ_INCIDENT] = console_incident,
	[REQ_EDIT_BOOK] = on_edit_book,
	[REQ_MESSAGE] = console_message,
	[REQ_MAINTENANCE] = on_maintenance,
	[REQ_MESSAGE_STEP] = console_message_step,
	[REQ_REPLAY] = console_replay,
	[REQ_RECORD] = on_record,
	[REQ_JOURNAL_VERIFY] = on_journal_verify,
};

void console_request(struct console *c, const struct request *rq)
{
	if (console_replay_refuses(c, rq)) {
		if (rq->kind == REQ_PLAN || rq->kind == REQ_UNDO)
			ui_plan_close(c->ui, "replay: no router is touched");
		return;
	}
	if (handlers[rq->kind] != NULL)
		handlers[rq->kind](c, rq);
}
