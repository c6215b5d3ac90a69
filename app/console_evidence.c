/*
 * Evidence in the console: what the routers and the slow sources are asked beside the polls.
 *
 * While an action runs nothing is asked: the routers' time is the action's.
 */
#include "app/console_priv.h"
#include "backends/link/worker.h"

#include <stdio.h>

enum { LINES_MS = 2000 };

static void ask(void *ctx, const char *router, struct question *q)
{
	struct console *c = ctx;

	console_ask_router(c, router, q);
}

static void fill(void *ctx, struct evidence *ev)
{
	collect_fill(ctx, ev);
}

void console_evidence_start(struct console *c)
{
	const struct collect_way way = { c->config, c->history, c->http, ask, c, true };
	struct err e = ERR_INIT;

	c->collect = collect_new(&way, &e);
	if (e.code != ERR_NONE)
		console_notice(c, "evidence: %s", e.text);
	if (c->judging.policy == NULL)
		return;
	collect_own(c->collect, c->judging.policy->as_set, c->judging.policy->irr_sources);
	for (size_t i = 0; i < c->present.w.mirror_count; i++)
		collect_mirror(c->collect, c->present.w.mirrors[i].asn);
	c->judging.collect = fill;
	c->judging.collect_ctx = c->collect;
}

static void show_lines(struct console *c)
{
	struct world *w = &c->present.w;
	struct arena *before = c->collectors_arena;

	c->collectors_arena = arena_new();
	w->collector_count = collect_lines(c->collect, c->collectors_arena, &w->collectors);
	w->collectors_revision++;
	c->collectors_due = w->now_boot_ms + LINES_MS;
	arena_free(before);
}

/* What is drawn from the former set is drawn anew: the world says that it changed. */
static void show_registered(struct console *c)
{
	struct world *w = &c->present.w;
	uint64_t stamp = collect_registered_stamp(c->collect);
	struct arena *before = c->registered_arena;

	if (before != NULL && stamp == w->registered_revision)
		return;
	c->registered_arena = arena_new();
	w->registered = collect_registered(c->collect, c->registered_arena);
	w->registered_revision = stamp;
	arena_free(before);
}

void console_evidence_tick(struct console *c)
{
	collect_tick(c->collect, &c->present.w, c->op.phase == OPERATION_RUNNING);
	if (collect_busy(c->collect)) /* what is told of it waits until it is through: both at once would hold a key */
		return;
	if (c->present.w.now_boot_ms >= c->collectors_due)
		show_lines(c);
	show_registered(c);
}

void console_collect_now(struct console *c, asn_t asn)
{
	size_t n = collect_now(c->collect, asn, true);

	if (n == 0)
		console_notice(c, "nothing can be read of AS%u: none of its sessions is on a router that is reached", asn);
	else
		console_notice(c, "AS%u: reading its prefixes, pings and ports on %zu session%s; the collectors view shows how far it is", asn, n,
		    n == 1 ? "" : "s");
	c->collectors_due = 0;
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
	c->present.w.collectors = NULL;
	c->present.w.collector_count = 0;
	c->present.w.registered = NULL;
	arena_free(c->collectors_arena);
	arena_free(c->registered_arena);
}
