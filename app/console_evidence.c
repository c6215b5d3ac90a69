/*
 * Evidence in the console: what the routers and the slow sources are asked beside the polls.
 *
 * While an action runs nothing is asked: the routers' time is the action's.
 */
#include "app/console_priv.h"
#include "backends/link/worker.h"

#include <stdio.h>

static void ask(void *ctx, const char *router, struct question *q)
{
	struct console *c = ctx;

	worker_ask(pool_worker(c->pool, router), q);
}

static void fill(void *ctx, struct evidence *ev)
{
	collect_fill(ctx, ev);
}

void console_evidence_start(struct console *c)
{
	const struct collect_way way = { c->config, c->history, c->http, ask, c };
	struct err e = ERR_INIT;

	c->collect = collect_new(&way, &e);
	if (e.code != ERR_NONE)
		console_notice(c, "evidence: %s", e.text);
	if (c->judging.policy == NULL)
		return;
	collect_own(c->collect, c->judging.policy->as_set, c->judging.policy->irr_sources);
	c->judging.collect = fill;
	c->judging.collect_ctx = c->collect;
}

void console_evidence_tick(struct console *c)
{
	collect_tick(c->collect, &c->present.w, c->op.phase == OPERATION_RUNNING);
}

void console_evidence_quit(struct console *c)
{
	c->judging.collect = NULL;
	collect_quit(c->collect);
}

void console_evidence_stop(struct console *c)
{
	collect_free(c->collect);
	c->collect = NULL;
}
