/*
 * A drain asked for at the screen: two plans, one of them shown (app/drain_plan.h); the wait begins when the marking is
 * proven.
 */
#include "app/console_priv.h"

void console_drain_forget(struct console *c)
{
	drain_plan_free(c->drain);
	c->drain = NULL;
}

void console_drain_plan(struct console *c, const struct request *rq, const struct operation_target *targets, struct err *e)
{
	const struct drain_ask ask = { .terms = rq->terms, .reason = rq->reason, .ticket = rq->ticket, .message = rq->message,
		.scope = rq->scope, .scope_name = rq->scope_name };

	c->drain = drain_plan_new(&c->op, &ask, targets, rq->target_count, e);
}

bool console_drain_plans(struct console *c)
{
	struct err e = ERR_INIT;

	if (c->drain == NULL || c->op.phase == OPERATION_RUNNING || c->op.phase == OPERATION_ENDED)
		return false;
	switch (drain_plan_step(c->drain, &e)) {
	case DRAIN_PLAN_GOES_ON:
		ui_plan_waiting(c->ui, drain_plan_words(c->drain));
		return true;
	case DRAIN_PLAN_REFUSED:
		ui_plan_close(c->ui, e.text);
		console_drain_forget(c);
		operation_fini(&c->op);
		return true;
	case DRAIN_PLAN_SHOWN:
		break;
	}
	return false;
}

/* While what flows is read, nothing comes from the workers' plans. */
void console_drain_tick(struct console *c)
{
	if (c->drain != NULL && c->op.phase == OPERATION_SHOWN && !drain_plan_shown(c->drain))
		(void)console_drain_plans(c);
}

/* The marking has ended: the wait begins, if anything was marked; true if it does. */
bool console_drain_ended(struct console *c)
{
	struct err e = ERR_INIT;
	bool waits = false;

	if (c->drain == NULL)
		return false;
	if (c->op.done > 0)
		waits = drain_wait(c->records.journal, drain_plan_wish(c->drain), &e) == 0;
	if (e.code != ERR_NONE)
		console_notice(c, "marked, but the wait could not be journalled (%s): suspend by hand", e.text);
	console_drain_forget(c);
	return waits;
}
