/* Rounds over who is there, what is wanted and whose turn it is; see collect.h. */
#include "app/collect_priv.h"
#include "core/base/mem.h"

#include <limits.h>
#include <stdlib.h>

enum {
	TICK_MS = 500,
	WANTS_MS = 5000,
	AT_ONCE = 3000, /* of a round before keys are looked for again: about microseconds */
};

uint64_t collect_stat_stamp(const struct collect *c)
{
	struct keeper_state s;

	if (c->ripestat == NULL)
		return 0;
	keeper_state(c->ripestat, &s);
	return (uint64_t)s.last_wall_ms * 1000 + s.answered;
}

/* One step of a round; the next one, the same if it is not through. */
static enum collect_stage step(struct collect *c, const struct world *w, bool quiet, long *left)
{
	switch (c->stage) {
	case COLLECT_SEE:
		return collect_see(c, w, left) ? COLLECT_WANT : COLLECT_SEE;
	case COLLECT_WANT:
		if (w->now_boot_ms < c->wants_due_ms)
			return COLLECT_SERVE;
		c->wants_due_ms = w->now_boot_ms + WANTS_MS;
		collect_want(c, w);
		c->past_begun = false;
		return COLLECT_PAST;
	case COLLECT_PAST:
		return collect_want_past(c, left) ? COLLECT_SERVE : COLLECT_PAST;
	case COLLECT_SERVE:
		return quiet || collect_serve(c, w->now_boot_ms, left) ? COLLECT_REST : COLLECT_SERVE;
	case COLLECT_REST:
		break;
	}
	return COLLECT_REST;
}

void collect_tick(struct collect *c, const struct world *w, bool quiet)
{
	long left = AT_ONCE;

	work_take(c->work, c);
	if (c->stage == COLLECT_REST) {
		if (w->now_boot_ms < c->tick_due_ms)
			return;
		c->tick_due_ms = w->now_boot_ms + TICK_MS;
		c->stat_stamp = collect_stat_stamp(c);
		c->stage = COLLECT_SEE;
		c->serve_at = 0;
		left = c->wants_due_ms == 0 && !c->way.threaded ? LONG_MAX : left; /* a command that ends has time */
	}
	while (c->stage != COLLECT_REST && left > 0)
		c->stage = step(c, w, quiet, &left);
}

bool collect_busy(const struct collect *c)
{
	return c != NULL && c->stage != COLLECT_REST;
}

size_t collect_now(struct collect *c, asn_t asn, bool all)
{
	size_t n = 0;

	for (struct place *p = c->places; p != NULL; p = p->hh.next) {
		const struct lane *l = collect_lane(c, p->router);

		if (p->asn != asn)
			continue;
		n += l != NULL && l->ready;
		for (int i = 0; i < ROUTE_SIDES; i++) {
			p->sides[i].wanted_now = true;
			p->sides[i].tried = false;
		}
		p->probe_now = p->probe_now || (all && place_prober(p) == p);
		p->port_now = p->port_now || all;
	}
	c->tick_due_ms = 0;
	return n;
}

bool collect_settled(struct collect *c, asn_t asn)
{
	for (const struct place *p = c->places; p != NULL; p = p->hh.next) {
		const struct lane *l = collect_lane(c, p->router);

		if (p->asn != asn || !p->present || l == NULL || !l->ready)
			continue;
		for (int i = 0; p->up && i < ROUTE_SIDES; i++)
			if (p->sides[i].wanted_now || p->asking)
				return false;
		if (p->probe_now || p->port_now)
			return false;
	}
	return true;
}

void collect_again(struct collect *c)
{
	c->tick_due_ms = c->wants_due_ms = 0;
	c->stage = COLLECT_REST;
}

uint64_t collect_generation(const struct collect *c)
{
	return c->generation;
}

/* ---- beginning and end ---- */

struct collect *collect_new(const struct collect_way *way, struct err *e)
{
	struct collect *c = MEM_NEW(struct collect);

	c->way = *way;
	c->generation = c->sets = 1;
	if (way->threaded)
		c->work = work_start("comparing prefixes", e);
	collect_sources_start(c, e);
	return c;
}

void collect_own(struct collect *c, const char *macro, const char *sources)
{
	free(c->own_macro);
	free(c->own_sources);
	c->own_macro = mem_strdup(macro);
	c->own_sources = mem_strdup(sources);
}

/* Jobs may ask the sources: they end first. */
static void stop(struct collect *c)
{
	work_stop(c->work);
	c->work = NULL;
	collect_sources_stop(c);
}

void collect_quit(struct collect *c)
{
	if (c != NULL)
		stop(c);
}

void collect_free(struct collect *c)
{
	struct place *p, *next;

	if (c == NULL)
		return;
	stop(c);
	others_unref(c->others);
	HASH_ITER(hh, c->places, p, next)
		collect_place_free(c, p);
	digest_free(c);
	free(c->lanes);
	free(c->own_macro);
	free(c->own_sources);
	free(c);
}
