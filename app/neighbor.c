/* One neighbor of one router; see neighbor.h. */
#include "app/neighbor.h"
#include "app/selector.h"
#include "core/base/clock.h"

#include <stdlib.h>
#include <string.h>

static const char *router_of(const struct gather *g, const struct neighbor_ask *a, struct err *e)
{
	const struct world *w = &g->present.w;
	struct selector sel;

	if (selector_parse(a->selector, &sel, e) != 0 || selector_check(&sel, w, e) != 0)
		return NULL;
	if (sel.kind != SELECT_NEIGHBOR) {
		err_set(e, ERR_USAGE, "%s: one neighbor is wanted, as ROUTER/NEIGHBOR", a->selector);
		return NULL;
	}
	for (size_t i = 0; i < w->router_count; i++)
		if (strcmp(w->routers[i].conf->name, sel.router) == 0)
			return w->routers[i].conf->name;
	err_set(e, ERR_USAGE, "%s: no such router", sel.router);
	return NULL;
}

static int wanted_ip(const struct neighbor_ask *a, const struct session *s)
{
	return a->ip != 0 ? a->ip : s->peer.family == ADDR_IP6 ? 6 : 4;
}

/* Of the rows of one neighbor, the unicast one of the wanted family. */
static const struct world_session *pick(const struct gather *g, const struct neighbor_ask *a,
    const struct world_session *rows, size_t n, struct err *e)
{
	const struct world_session **picked = NULL, *best = NULL;
	size_t count = 0;

	if (selector_pick(&a->selector, 1, &g->present.w, rows, n, &picked, &count, e) != 0)
		return NULL;
	for (size_t i = 0; i < count; i++) {
		const struct session *s = picked[i]->s;
		int ip = afi_version(s->family);

		if (!text_same(s->neighbor, picked[0]->s->neighbor) || !text_same(s->vrf, picked[0]->s->vrf))
			err_set(e, ERR_USAGE, "%s: several neighbors are called so", a->selector);
		if (best == NULL && (ip == 0 || ip == wanted_ip(a, s)))
			best = picked[i];
	}
	if (best == NULL)
		err_set(e, ERR_USAGE, "%s: no IPv%d session", a->selector, wanted_ip(a, picked[0]->s));
	free(picked);
	return e->code == ERR_NONE ? best : NULL;
}

static int wait_answer(struct gather *g, struct question *q, int64_t deadline, struct err *e)
{
	struct msg *m;

	while ((m = gather_wait(g, deadline)) != NULL) {
		bool ours = m->kind == MSG_ASKED && m->asked == q;

		if (ours)
			m->asked = NULL;
		msg_free(m);
		if (ours)
			return 0;
	}
	return err_set(e, ERR_TIMEOUT, "no answer in time");
}

int neighbor_ask(struct gather *g, const struct options *o, const struct neighbor_ask *a, struct question **out,
    struct err *e)
{
	int64_t deadline = clock_boot_ms() + (int64_t)a->timeout_s * 1000;
	const struct world_session *row;
	struct world_session *rows = NULL;
	struct question *q = NULL;
	const char *router;
	size_t n;
	int rc = -1;

	if (gather_open(g, o, e) != 0 || (router = router_of(g, a, e)) == NULL ||
	    gather_look(g, router, (int64_t)a->timeout_s * 1000, e) != 0)
		return -1;
	if (gather_report(g, router) > 0 && present_router(&g->present, router)->snap == NULL)
		return err_set(e, ERR_NET, "%s: nothing could be asked", router);
	n = world_sessions(&g->present.w, &rows);
	row = pick(g, a, rows, n, e);
	if (row != NULL) {
		q = question_new(a->kind, row->s);
		if (a->prepare != NULL)
			a->prepare(a->ctx, q, row);
		worker_ask(pool_worker(g->pool, router), q);
		rc = wait_answer(g, q, deadline, e);
		if (rc != 0)
			q = NULL; /* the worker still has it; when it ends it goes into the inbox, which frees it */
	}
	if (rc == 0 && q->err.code != ERR_NONE)
		rc = err_set(e, q->err.code, "%s: %s", a->selector, q->err.text);
	free(rows);
	if (rc == 0)
		*out = q;
	else
		question_free(q);
	return rc;
}
