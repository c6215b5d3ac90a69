/*
 * The neighbors whose evidence is collected, as the routers' snapshots show them; see collect_priv.h.
 *
 * Only what changed is looked at, and of that some sessions at once: a router's new snapshot may be gone through over
 * several calls.  Until that is through its other neighbors stand as they stood.
 */
#include "app/collect_priv.h"
#include "core/base/clock.h"
#include "core/base/mem.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
	CHANGED_MS = 900000, /* a set whose session counts otherwise now is read again after this */
	COST_SEEN = 2, COST_NEW = 12,
};

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

static void list_in_lane(struct lane *l, struct place *p)
{
	p->lane_prev = l->last;
	if (l->last != NULL)
		l->last->lane_next = p;
	else
		l->first = p;
	l->last = p;
}

static void unlist(struct lane *l, struct place *p)
{
	if (p->lane_prev != NULL)
		p->lane_prev->lane_next = p->lane_next;
	else
		l->first = p->lane_next;
	if (p->lane_next != NULL)
		p->lane_next->lane_prev = p->lane_prev;
	else
		l->last = p->lane_prev;
}

void collect_place_free(struct collect *c, struct place *p)
{
	unlist(&c->lanes[p->lane], p);
	if (c->past_next == p)
		c->past_next = p->hh.next;
	HASH_DEL(c->places, p);
	if (p->twin != NULL)
		p->twin->twin = NULL;
	for (int i = 0; i < ROUTE_SIDES; i++) {
		prefixset_unref(p->sides[i].set);
		free(p->sides[i].hops);
	}
	prefixset_builder_free(p->builder);
	free(p->sums[0]);
	free(p->sums[1]);
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

count_t collect_count(const struct session *s, enum route_side side)
{
	return side == ROUTES_RECEIVED ? s->received : side == ROUTES_ACCEPTED ? s->accepted : s->advertised;
}

/* What changes when a set is worth reading again: the session came up anew, or counts otherwise. */
static void notice_changes(struct place *p, const struct session *s, int64_t now_wall_ms, int64_t now_boot_ms)
{
	for (int i = 0; i < ROUTE_SIDES; i++) {
		struct side *d = &p->sides[i];
		count_t n = collect_count(s, (enum route_side)i);
		bool moved = n != COUNT_UNKNOWN && d->count_then != COUNT_UNKNOWN && n != d->count_then &&
			now_wall_ms - d->read_wall_ms > CHANGED_MS;

		if (d->set != NULL && d->due_boot_ms > now_boot_ms && (moved || (p->up && p->up_since_wall_ms > d->tried_wall_ms)))
			d->due_boot_ms = now_boot_ms;
	}
}

static void see(struct collect *c, const struct world *w, const struct world_router *r, const struct session *s, long *left)
{
	const char *router = r->conf->name;
	bool up = s->state == BGP_ESTABLISHED;
	struct lane *l = lane_of(c, router);
	struct place *p;

	*left -= COST_SEEN;
	if ((s->family != AF_IPV4_UNICAST && s->family != AF_IPV6_UNICAST) || s->peer.family == ADDR_NONE)
		return;
	p = collect_place(c, router, s);
	if (p == NULL) {
		*left -= COST_NEW;
		p = place_new(c, router, s);
		p->lane = (size_t)(l - c->lanes);
		list_in_lane(l, p);
	}
	if (place_told(p) != NULL && (p->asn != s->remote_as || p->up != up))
		c->sets++;
	p->seen = l->seeing;
	p->present = true;
	p->asn = s->remote_as;
	p->internal = s->remote_as != ASN_UNKNOWN && (s->remote_as == w->config->local_as || s->remote_as == s->local_as);
	p->up = up;
	p->up_since_wall_ms = p->up && s->since_s >= 0 ? r->snap->taken_wall_ms - s->since_s * 1000 : -1;
	snprintf(p->handle, sizeof(p->handle), "%s", text_or(s->handle, ""));
	p->about = (struct session){ .peer = s->peer, .local = s->local, .family = s->family, .vrf = { p->vrf },
		.handle = { p->handle }, .neighbor = { p->neighbor }, .received = s->received, .accepted = s->accepted,
		.advertised = s->advertised };
	notice_changes(p, s, w->now_wall_ms, w->now_boot_ms);
}

/* What the snapshot does not have any more; a question under way comes back to its place first. */
static void forget_gone(struct collect *c, const struct lane *l)
{
	struct place *next;

	for (struct place *p = l->first; p != NULL; p = next) {
		next = p->lane_next;
		if (p->seen == l->seeing)
			continue;
		p->present = p->up = false;
		if (p->asking || p->pinned > 0)
			continue;
		collect_place_free(c, p);
		c->generation++;
		c->sets++;
		c->ports_moved = true;
	}
}

/* The sessions of one router as its new snapshot shows them; false when there is more of it. */
static bool see_router(struct collect *c, const struct world *w, const struct world_router *r, struct lane *l, long *left)
{
	if (l->seeing != r->snap->generation) {
		l->seeing = r->snap->generation;
		l->seen_rows = 0;
	}
	while (l->seen_rows < r->snap->count && *left > 0)
		see(c, w, r, &r->snap->sessions[l->seen_rows++], left);
	if (l->seen_rows < r->snap->count)
		return false;
	forget_gone(c, l);
	l->seen = l->seeing;
	return true;
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

bool collect_see(struct collect *c, const struct world *w, long *left)
{
	for (size_t i = 0; i < w->router_count; i++) {
		const struct world_router *r = &w->routers[i];
		struct lane *l = lane_of(c, r->conf->name);

		l->ready = r->link.state == LINK_READY || r->link.state == LINK_POLLING;
	}
	for (size_t i = 0; i < w->router_count; i++) {
		const struct world_router *r = &w->routers[i];
		struct lane *l = collect_lane(c, r->conf->name);

		if (r->snap != NULL && r->snap->generation != l->seen && !see_router(c, w, r, l, left))
			return false;
	}
	if (c->ports_moved)
		collect_choose_leads(c);
	return true;
}
