/*
 * Who is there, and whose turn it is; see collect.h.
 *
 * A router is a lane with one question under way.  Of all that is due in a lane, what somebody waits for goes first,
 * then what is overdue longest.
 */
#include "app/collect_priv.h"
#include "core/base/clock.h"
#include "core/base/mem.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
	TICK_MS = 500,
	WANTS_MS = 5000,
	SEEN_AT_ONCE = 2000, /* sessions, in whole routers */
	PAST_AT_ONCE = 2000, /* neighbors: so that 20,000 are through before the next round */
	CHANGED_MS = 900000, /* a set whose session counts otherwise now is read again after this */
	FIND_MS = 86400000,  /* the interface toward a neighbor is looked for again */
};

/* ---- neighbors and routers ---- */

static char *key_of(const char *router, const struct session *s)
{
	return mem_printf("%s|%s|%s|%d", router, text_or(s->vrf, ""), text_or(s->neighbor, ""), (int)s->family);
}

struct place *collect_place(struct collect *c, const char *router, const struct session *s)
{
	char *key = key_of(router, s);
	struct place *p = NULL;

	HASH_FIND_STR(c->places, key, p);
	free(key);
	return p;
}

const char *collect_interface(const struct collect *c, const char *router, const char *vrf, const char *neighbor)
{
	for (const struct place *p = c != NULL ? c->places : NULL; p != NULL; p = p->hh.next)
		if (strcmp(p->router, router) == 0 && strcmp(p->neighbor, neighbor) == 0 && strcmp(p->vrf, vrf) == 0)
			return p->iface;
	return "";
}

/* Two families of one neighbor are one address to ping and one series in the history: a window must not count twice. */
static void find_twin(struct collect *c, struct place *p, const struct session *s)
{
	struct session other = *s;

	other.family = s->family == AF_IPV6_UNICAST ? AF_IPV4_UNICAST : AF_IPV6_UNICAST;
	p->twin = collect_place(c, p->router, &other);
	if (p->twin != NULL)
		p->twin->twin = p;
}

struct place *place_prober(struct place *p)
{
	return p->family == AF_IPV6_UNICAST && p->twin != NULL && p->twin->present ? p->twin : p;
}

static struct place *place_new(struct collect *c, const char *router, const struct session *s)
{
	struct place *p = MEM_NEW(struct place);
	int64_t now = clock_boot_ms();

	p->key = key_of(router, s);
	p->router = router;
	snprintf(p->vrf, sizeof(p->vrf), "%s", text_or(s->vrf, ""));
	snprintf(p->neighbor, sizeof(p->neighbor), "%s", text_or(s->neighbor, ""));
	p->family = s->family;
	p->speed_bps = -1;
	p->in_octets = p->out_octets = COUNT_UNKNOWN;
	p->probe_due_ms = p->port_due_ms = now;
	for (int i = 0; i < ROUTE_SIDES; i++)
		p->sides[i] = (struct side){ .added = COUNT_UNKNOWN, .removed = COUNT_UNKNOWN, .count_then = COUNT_UNKNOWN, .due_boot_ms = now };
	p->leads = true; /* until its port is known */
	find_twin(c, p, s);
	HASH_ADD_KEYPTR(hh, c->places, p->key, strlen(p->key), p);
	return p;
}

static void place_free(struct collect *c, struct place *p)
{
	HASH_DEL(c->places, p);
	if (p->twin != NULL)
		p->twin->twin = NULL;
	for (int i = 0; i < ROUTE_SIDES; i++) {
		prefixset_unref(p->sides[i].set);
		free(p->sides[i].hops);
	}
	prefixset_builder_free(p->builder);
	free(p->key);
	free(p);
}

struct lane *collect_lane(struct collect *c, const char *router)
{
	for (size_t i = 0; i < c->lane_count; i++)
		if (c->lanes[i].router == router)
			return &c->lanes[i];
	return NULL;
}

static struct lane *lane_of(struct collect *c, const char *router)
{
	struct lane *l = collect_lane(c, router);

	if (l != NULL)
		return l;
	c->lanes = mem_realloc(c->lanes, c->lane_count + 1, sizeof(*c->lanes));
	l = &c->lanes[c->lane_count++];
	*l = (struct lane){ .router = router };
	return l;
}

static count_t count_of(const struct session *s, enum route_side side)
{
	return side == ROUTES_RECEIVED ? s->received : side == ROUTES_ACCEPTED ? s->accepted : s->advertised;
}

/* What changes when a set is worth reading again: the session came up anew, or counts otherwise. */
static void notice_changes(struct place *p, const struct session *s, int64_t now_wall_ms, int64_t now_boot_ms)
{
	for (int i = 0; i < ROUTE_SIDES; i++) {
		struct side *d = &p->sides[i];
		count_t n = count_of(s, (enum route_side)i);
		bool moved = n != COUNT_UNKNOWN && d->count_then != COUNT_UNKNOWN && n != d->count_then &&
			now_wall_ms - d->read_wall_ms > CHANGED_MS;

		if (d->set != NULL && d->due_boot_ms > now_boot_ms && (moved || (p->up && p->up_since_wall_ms > d->tried_wall_ms)))
			d->due_boot_ms = now_boot_ms;
	}
}

static void see(struct collect *c, const struct world *w, const struct world_session *row)
{
	const struct session *s = row->s;
	const char *router = row->router->conf->name;
	struct place *p;

	if ((s->family != AF_IPV4_UNICAST && s->family != AF_IPV6_UNICAST) || s->peer.family == ADDR_NONE)
		return;
	p = collect_place(c, router, s);
	if (p == NULL) {
		p = place_new(c, router, s);
		p->lane = (size_t)(lane_of(c, router) - c->lanes);
	}
	if (place_told(p) != NULL && (p->asn != s->remote_as || p->was_up != (s->state == BGP_ESTABLISHED)))
		c->sets++;
	p->present = true;
	p->asn = s->remote_as;
	p->internal = s->remote_as != ASN_UNKNOWN && (s->remote_as == w->config->local_as || s->remote_as == s->local_as);
	p->up = s->state == BGP_ESTABLISHED;
	p->up_since_wall_ms = p->up && s->since_s >= 0 ? row->router->snap->taken_wall_ms - s->since_s * 1000 : -1;
	snprintf(p->handle, sizeof(p->handle), "%s", text_or(s->handle, ""));
	p->about = (struct session){ .peer = s->peer, .local = s->local, .family = s->family, .vrf = { p->vrf },
		.handle = { p->handle }, .neighbor = { p->neighbor }, .received = s->received, .accepted = s->accepted,
		.advertised = s->advertised };
	notice_changes(p, s, w->now_wall_ms, w->now_boot_ms);
}

/* The sessions of one router as its new snapshot shows them. */
static void see_router(struct collect *c, const struct world *w, const struct world_router *r)
{
	struct world one = *w;
	struct world_session *rows = NULL;
	size_t n;
	struct place *p, *next;

	one.routers = (struct world_router *)r;
	one.router_count = 1;
	n = world_sessions(&one, &rows);
	for (p = c->places; p != NULL; p = p->hh.next)
		if (p->router == r->conf->name) {
			p->was_up = p->up;
			p->present = p->up = false;
		}
	for (size_t i = 0; i < n; i++)
		see(c, w, &rows[i]);
	free(rows);
	HASH_ITER(hh, c->places, p, next)
		if (p->router == r->conf->name && !p->present && !p->asking && p->pinned == 0) {
			place_free(c, p);
			c->generation++;
			c->sets++;
			c->ports_moved = true;
		}
}

/* Only what changed is looked at, and of that so many sessions at once: the rest with the next ticks. */
static void see_all(struct collect *c, const struct world *w, size_t most)
{
	size_t n = 0;

	for (size_t i = 0; i < w->router_count; i++) {
		const struct world_router *r = &w->routers[i];
		struct lane *l = lane_of(c, r->conf->name);
		uint64_t generation = r->snap != NULL ? r->snap->generation : 0;

		l->ready = r->link.state == LINK_READY || r->link.state == LINK_POLLING;
		if (r->snap == NULL || generation == l->seen || n >= most)
			continue;
		see_router(c, w, r);
		l->seen = generation;
		n += r->snap->count;
	}
	if (c->ports_moved)
		collect_choose_leads(c);
}

/* ---- whose turn it is ---- */

enum turn { TURN_NONE, TURN_RECEIVED, TURN_ACCEPTED, TURN_ADVERTISED, TURN_PROBE, TURN_PORT };
struct choice {
	struct place *place;
	enum turn turn;
	bool now;
	int64_t due;
};

static void offer(struct choice *best, struct place *p, enum turn turn, bool now, int64_t due, int64_t now_boot_ms)
{
	if (!now && due > now_boot_ms)
		return;
	if (best->place == NULL || now > best->now || (now == best->now && due < best->due))
		*best = (struct choice){ p, turn, now, due };
}

/* A port, by the first neighbor that was found behind it. */
struct port_first {
	char key[160];
	UT_hash_handle hh;
};

static bool first_behind(struct port_first **all, const struct place *p)
{
	struct port_first *f;
	char key[160];

	snprintf(key, sizeof(key), "%p %s", (const void *)p->router, p->iface);
	HASH_FIND_STR(*all, key, f);
	if (f != NULL)
		return false;
	f = MEM_NEW(struct port_first);
	memcpy(f->key, key, sizeof(key));
	HASH_ADD_STR(*all, key, f);
	return true;
}

void collect_choose_leads(struct collect *c)
{
	struct port_first *all = NULL, *f, *next;

	for (struct place *p = c->places; p != NULL; p = p->hh.next)
		p->leads = p->present && (p->iface[0] == '\0' || first_behind(&all, p));
	HASH_ITER(hh, all, f, next) {
		HASH_DEL(all, f);
		free(f);
	}
	c->ports_moved = false;
}

static bool small_enough(const struct evidence_conf *conf, const struct place *p, int side)
{
	count_t n = count_of(&p->about, (enum route_side)side);

	return n == COUNT_UNKNOWN || n <= (count_t)conf->routes_most;
}

static void offers(const struct collect *c, struct place *p, struct choice *best, int64_t now)
{
	const struct evidence_conf *conf = &c->way.config->evidence;
	bool find = p->iface[0] == '\0' || now - p->found_boot_ms > FIND_MS;

	for (int i = 0; p->up && !p->internal && i < ROUTE_SIDES; i++)
		if (p->sides[i].wanted_now || (conf->routes_s > 0 && small_enough(conf, p, i)))
			offer(best, p, (enum turn)(TURN_RECEIVED + i), p->sides[i].wanted_now, p->sides[i].due_boot_ms, now);
	/* Of what somebody waits for the small goes first: asking for all again and again must not keep it back. */
	if (place_prober(p) == p && (conf->ping_s > 0 || p->probe_now))
		offer(best, p, TURN_PROBE, p->probe_now, p->probe_now ? 0 : p->probe_due_ms, now);
	if ((conf->interface_s > 0 && (find || p->leads)) || p->port_now)
		offer(best, p, TURN_PORT, p->port_now, p->port_now ? 0 : p->port_due_ms, now);
}

static void ask(struct collect *c, const struct choice *t)
{
	switch (t->turn) {
	case TURN_RECEIVED:
	case TURN_ACCEPTED:
	case TURN_ADVERTISED:
		collect_ask_routes(c, t->place, (enum route_side)(t->turn - TURN_RECEIVED));
		break;
	case TURN_PROBE:
		collect_ask_probe(c, t->place);
		break;
	case TURN_PORT:
		collect_ask_port(c, t->place);
		break;
	case TURN_NONE:
		break;
	}
}

static void serve(struct collect *c, struct lane *l, const struct choice *best, int64_t now)
{
	/* What somebody waits for does not wait for the pause. */
	if (best->place == NULL || (best->now ? l->pace.asking : !pace_free(&l->pace, now)))
		return;
	pace_asked(&l->pace, now);
	ask(c, best);
}

/* One walk for all routers: there may be 20,000 neighbors. */
static void serve_all(struct collect *c, int64_t now)
{
	struct choice *best = mem_calloc(c->lane_count + 1, sizeof(*best));

	for (struct place *p = c->places; p != NULL; p = p->hh.next)
		if (p->present && !p->asking && c->lanes[p->lane].ready)
			offers(c, p, &best[p->lane], now);
	for (size_t i = 0; i < c->lane_count; i++)
		if (c->lanes[i].ready)
			serve(c, &c->lanes[i], &best[i], now);
	free(best);
}

uint64_t collect_stat_stamp(const struct collect *c)
{
	struct keeper_state s;

	if (c->ripestat == NULL)
		return 0;
	keeper_state(c->ripestat, &s);
	return (uint64_t)s.last_wall_ms * 1000 + s.answered;
}

void collect_tick(struct collect *c, const struct world *w, bool quiet)
{
	int64_t now = w->now_boot_ms;
	bool at_once = c->wants_due_ms == 0; /* who waits for it has time */

	work_take(c->work, c);
	if (now < c->tick_due_ms)
		return;
	c->tick_due_ms = now + TICK_MS;
	c->stat_stamp = collect_stat_stamp(c);
	see_all(c, w, at_once ? SIZE_MAX : SEEN_AT_ONCE);
	if (now >= c->wants_due_ms) {
		c->wants_due_ms = now + WANTS_MS;
		collect_want(c, w);
		c->past_at = 0;
		collect_want_past(c, at_once ? SIZE_MAX : PAST_AT_ONCE);
	} else if (c->past_at > 0) {
		collect_want_past(c, PAST_AT_ONCE);
	}
	if (!quiet)
		serve_all(c, now);
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
		place_free(c, p);
	digest_free(c);
	free(c->lanes);
	free(c->own_macro);
	free(c->own_sources);
	free(c);
}
