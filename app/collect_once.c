/* Collecting with an end; see collect_once.h. */
#include "app/collect_once.h"
#include "core/base/clock.h"
#include "core/judge/assemble.h"

#include <stdlib.h>

enum { STEP_MS = 200 };

static void ask(void *ctx, const char *router, struct question *q)
{
	struct collect_once *o = ctx;

	worker_ask(pool_worker(o->gather->pool, router), q);
}

int collect_once_open(struct collect_once *o, struct gather *g, const char *own_macro, const char *own_sources, struct err *e)
{
	struct collect_way way = { .config = g->config, .ask = ask, .ctx = o };

	*o = (struct collect_once){ .gather = g };
	if (g->config->prometheus.url != NULL || g->config->ripestat.enabled || g->config->rdap.enabled)
		o->http = http_start(e);
	o->history = history_open(g->config->data_dir, &g->config->history);
	way.http = o->http;
	way.history = o->history;
	o->collect = collect_new(&way, e);
	if (own_macro != NULL)
		collect_own(o->collect, own_macro, own_sources);
	return e->code == ERR_NONE ? 0 : -1;
}

static void take(struct msg *m)
{
	struct question *q = m->kind == MSG_ASKED ? m->asked : NULL;

	m->asked = NULL;
	if (q != NULL && q->answered != NULL)
		q->answered(q->answered_ctx, q);
	else
		question_free(q);
	msg_free(m);
}

/* Which origins are in no macro and in no other table shows only when sets are held against them. */
static void look_once(struct collect_once *o, asn_t asn)
{
	struct arena *a = arena_new();
	struct evidence ev;

	collect_once_evidence(o, asn, a, &ev);
	arena_free(a);
}

/* Three rounds: what routers answer decides what else the sources are asked, and so does what they answer. */
bool collect_once_wait(struct collect_once *o, asn_t asn, bool routers, int64_t timeout_ms)
{
	int64_t deadline = clock_boot_ms() + timeout_ms;
	bool settled = false;

	present_now(&o->gather->present);
	collect_tick(o->collect, &o->gather->present.w, true);
	if (routers)
		collect_now(o->collect, asn, true);
	while (!settled && clock_boot_ms() < deadline) {
		struct msg *m;

		present_now(&o->gather->present);
		collect_tick(o->collect, &o->gather->present.w, !routers);
		settled = !routers || collect_settled(o->collect, asn);
		if (settled)
			break;
		m = gather_wait(o->gather, clock_boot_ms() + STEP_MS);
		if (m != NULL)
			take(m);
	}
	collect_again(o->collect);
	present_now(&o->gather->present);
	collect_tick(o->collect, &o->gather->present.w, true);
	settled = collect_sources_settled(o->collect, deadline) && settled;
	look_once(o, asn);
	collect_again(o->collect);
	present_now(&o->gather->present);
	collect_tick(o->collect, &o->gather->present.w, true);
	return collect_sources_settled(o->collect, deadline) && settled;
}

void collect_once_evidence(struct collect_once *o, asn_t asn, struct arena *a, struct evidence *ev)
{
	struct world *w = &o->gather->present.w;
	struct world_session *rows = NULL;
	size_t n = world_sessions(w, &rows), count = 0;
	struct world_session *mine = arena_alloc(a, (n + 1) * sizeof(*mine));
	const struct world_session **of = arena_alloc(a, (n + 1) * sizeof(const struct world_session *));

	for (size_t i = 0; i < n; i++)
		if (rows[i].s->remote_as == asn) {
			mine[count] = rows[i];
			of[count] = &mine[count];
			count++;
		}
	free(rows);
	w->registered = collect_registered(o->collect, a);
	evidence_assemble(ev, a, asn, &(struct assemble_input){ .w = w, .rows = of, .row_count = count });
	w->registered = NULL; /* the arena is not ours */
	collect_fill(o->collect, ev);
}

void collect_once_close(struct collect_once *o)
{
	if (o->collect == NULL)
		return;
	collect_quit(o->collect);
	http_stop(o->http);
	if (o->gather->pool != NULL) {
		pool_free(o->gather->pool);
		o->gather->pool = NULL;
	}
	collect_free(o->collect);
	history_close(o->history);
	o->collect = NULL;
}
