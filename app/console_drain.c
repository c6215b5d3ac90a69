/*
 * A drain asked for at the screen: the suspend is planned first, for its lines; then the graceful shutdown, whose plan is
 * shown with what follows.  One confirmation, of one digest, covers both.
 */
#include "app/console_priv.h"

#include <stdlib.h>
#include <string.h>

struct drain_plan {
	struct drain_wish wish;
	char id[ACT_ID_LEN];
	bool marking; /* the second plan is made or carried out */
	struct arena *arena;
	struct operation_target *targets;
	size_t target_count;
	const char *scope, *scope_name;
};

void console_drain_forget(struct console *c)
{
	if (c->drain == NULL)
		return;
	free(c->drain->wish.lines);
	arena_free(c->drain->arena);
	free(c->drain);
	c->drain = NULL;
}

static int plan(struct console *c, enum verb verb, struct err *e)
{
	const struct drain_plan *d = c->drain;
	const struct operation_ask ask = { .verb = verb, .reason = d->wish.reason, .ticket = d->wish.ticket,
		.scope = d->scope, .scope_name = d->scope_name };

	return operation_plan(&c->op, &ask, d->targets, d->target_count, e);
}

static void refuse(struct console *c, const char *words)
{
	ui_plan_close(c->ui, words);
	console_drain_forget(c);
}

void console_drain_plan(struct console *c, const struct request *rq, const struct operation_target *targets)
{
	struct drain_plan *d = c->drain = MEM_NEW(struct drain_plan);
	struct arena *a = d->arena = arena_new();
	struct err e = ERR_INIT;

	act_id_new(d->id);
	d->wish = (struct drain_wish){ .op = d->id, .terms = { DRAIN_WAIT_S, COUNT_UNKNOWN },
		.reason = arena_strdup(a, rq->reason), .ticket = arena_strdup(a, rq->ticket), .message = "" };
	d->scope = arena_strdup(a, rq->scope);
	d->scope_name = arena_strdup(a, rq->scope_name);
	d->target_count = rq->target_count;
	d->targets = arena_alloc(a, (rq->target_count + 1) * sizeof(*d->targets));
	for (size_t i = 0; i < rq->target_count; i++)
		d->targets[i] = (struct operation_target){ arena_strdup(a, targets[i].router), arena_strdup(a, targets[i].vrf),
			arena_strdup(a, targets[i].neighbor), arena_strdup(a, targets[i].network) };
	if (plan(c, VERB_SUSPEND, &e) != 0)
		refuse(c, e.text);
}

bool console_drain_planned(struct console *c)
{
	struct drain_plan *d = c->drain;
	struct err e = ERR_INIT;
	char *then;

	if (d == NULL || d->marking)
		return false;
	if (plan_todo(c->op.plan, NULL) == 0) {
		refuse(c, c->op.plan->count > 0 && c->op.plan->items[0].skip != NULL ? c->op.plan->items[0].skip
		                                                                      : "nothing could be shut afterwards");
		return true;
	}
	then = drain_then(c->op.plan, &d->wish);
	d->marking = true;
	if (plan(c, VERB_GSHUT, &e) == 0) {
		plan_op(c->op.plan, d->id);
		plan_then(c->op.plan, then);
		ui_plan_waiting(c->ui, "reading the routers");
	} else {
		refuse(c, e.text);
	}
	free(then);
	return true;
}

/* The marking has ended: the wait begins, if anything was marked. */
void console_drain_ended(struct console *c)
{
	struct err e = ERR_INIT;

	if (c->drain == NULL || !c->drain->marking)
		return;
	if (c->op.done > 0 && drain_wait(c->records.journal, &c->drain->wish, &e) != 0)
		console_notice(c, "marked, but the wait could not be journalled (%s): suspend by hand", e.text);
	console_drain_forget(c);
}
