/* Where two networks meet; see presence.h.  Drift is in presence_drift.c. */
#include "core/judge/presence.h"

#include <stdlib.h>
#include <string.h>

/* Own ports of one LAN while they are gathered. */
struct lan_ports {
	uint32_t ix_id, ixlan_id;
	struct own_port *p;
	size_t n, cap;
};
struct lans {
	struct lan_ports *p;
	size_t n, cap;
};

static struct lan_ports *lan_get(struct lans *l, uint32_t ix_id, uint32_t ixlan_id)
{
	for (size_t i = 0; i < l->n; i++)
		if (l->p[i].ixlan_id == ixlan_id && l->p[i].ix_id == ix_id)
			return &l->p[i];
	MEM_GROW(l->p, l->cap, l->n + 1);
	l->p[l->n] = (struct lan_ports){ .ix_id = ix_id, .ixlan_id = ixlan_id };
	return &l->p[l->n++];
}

static void port_add(struct lan_ports *l, struct own_port port)
{
	MEM_GROW(l->p, l->cap, l->n + 1);
	l->p[l->n++] = port;
}

static bool port_has(const struct lan_ports *l, const struct addr *a)
{
	for (size_t i = 0; i < l->n; i++)
		if (addr_equal(&l->p[i].ip4, a) || addr_equal(&l->p[i].ip6, a))
			return true;
	return false;
}

/* An address of ours that PeeringDB does not know.  One of each family on a LAN may well be one port, but nobody says
 * so: they stay apart. */
static void add_seen_address(struct lan_ports *l, const struct addr *a)
{
	if (!port_has(l, a))
		port_add(l, (struct own_port){ .ip4 = a->family == ADDR_IP4 ? *a : (struct addr){ 0 },
			.ip6 = a->family == ADDR_IP6 ? *a : (struct addr){ 0 } });
}

static void gather_own(const struct presence_in *in, struct lans *lans)
{
	const struct peer *own = peer_set_own(in->set);

	for (size_t i = 0; own != NULL && i < own->presence_count; i++) {
		const struct presence *p = &own->presence[i];

		port_add(lan_get(lans, p->ix_id, p->ixlan_id), (struct own_port){ p, p->ip4, p->ip6 });
	}
	for (size_t i = 0; i < in->seen_count; i++) {
		const struct exchange *x = peer_set_exchange_of(in->set, &in->seen[i].local);

		if (x != NULL)
			add_seen_address(lan_get(lans, x->ix_id, x->ixlan_id), &in->seen[i].local);
	}
	/* A neighbor on a LAN says that we are there too, with an address that the router did not tell. */
	for (size_t i = 0; i < in->seen_count; i++) {
		const struct exchange *x = peer_set_exchange_of(in->set, &in->seen[i].peer);

		if (x != NULL && in->seen[i].local.family == ADDR_NONE) {
			struct lan_ports *l = lan_get(lans, x->ix_id, x->ixlan_id);

			if (l->n == 0)
				port_add(l, (struct own_port){ 0 });
		}
	}
}

static const struct addr *address(const struct presence *p, int version)
{
	return version == 4 ? &p->ip4 : &p->ip6;
}

/* A session to that address from our port; one whose local address is not known counts for every port of ours. */
static const struct presence_seen *session_at(const struct presence_in *in, const struct addr *theirs,
    const struct own_port *ours)
{
	const struct presence_seen *found = NULL;

	for (size_t i = 0; i < in->seen_count; i++) {
		const struct presence_seen *s = &in->seen[i];

		if (!addr_equal(&s->peer, theirs))
			continue;
		if (ours != NULL && s->local.family != ADDR_NONE && !addr_equal(&s->local, &ours->ip4) &&
		    !addr_equal(&s->local, &ours->ip6))
			continue;
		if (found == NULL || (s->state == BGP_ESTABLISHED && found->state != BGP_ESTABLISHED))
			found = s;
	}
	return found;
}

/* We have an address of that family there, or cannot know: then there may be one. */
static bool speaks(const struct own_port *o, int version)
{
	if (o->ip4.family == ADDR_NONE && o->ip6.family == ADDR_NONE)
		return true;
	return (version == 4 ? o->ip4 : o->ip6).family != ADDR_NONE;
}

static void add_meeting(const struct presence_in *in, struct common_exchange *x, const struct own_port *ours,
    const struct presence *theirs, int version)
{
	const struct addr *a = address(theirs, version);
	struct meeting m = { .ours = ours, .theirs = theirs, .version = version };

	if (a->family == ADDR_NONE || !speaks(ours, version))
		return;
	m.seen = session_at(in, a, ours);
	m.elsewhere = m.seen == NULL && session_at(in, a, NULL) != NULL;
	x->missing += m.seen == NULL && !m.elsewhere;
	x->meetings[x->meeting_count++] = m;
}

static void meet(struct arena *a, const struct presence_in *in, struct common_exchange *x)
{
	x->meetings = arena_alloc(a, x->our_count * x->their_count * 2 * sizeof(*x->meetings));
	for (size_t i = 0; i < x->their_count; i++)
		for (size_t k = 0; k < x->our_count; k++) {
			add_meeting(in, x, &x->ours[k], x->theirs[i], 4);
			add_meeting(in, x, &x->ours[k], x->theirs[i], 6);
		}
}

/* Their ports on this LAN. */
static size_t their_ports(const struct peer *p, const struct lan_ports *l, const struct presence **out)
{
	size_t n = 0;

	for (size_t i = 0; i < p->presence_count; i++)
		if (p->presence[i].ixlan_id == l->ixlan_id && p->presence[i].ix_id == l->ix_id)
			out[n++] = &p->presence[i];
	return n;
}

static int exchange_order(const void *x, const void *y)
{
	const struct common_exchange *a = x, *b = y;

	if (a->ix_id != b->ix_id)
		return a->ix_id < b->ix_id ? -1 : 1;
	return a->ixlan_id < b->ixlan_id ? -1 : a->ixlan_id > b->ixlan_id;
}

static void join_exchanges(struct arena *a, const struct presence_in *in, struct presence_view *v)
{
	struct lans lans = { 0 };

	gather_own(in, &lans);
	v->exchanges = arena_alloc(a, lans.n * sizeof(*v->exchanges));
	for (size_t i = 0; v->theirs != NULL && i < lans.n; i++) {
		const struct lan_ports *l = &lans.p[i];
		struct common_exchange *x = &v->exchanges[v->exchange_count];
		struct own_port *ours;

		*x = (struct common_exchange){ .ix_id = l->ix_id, .ixlan_id = l->ixlan_id, .our_count = l->n,
			.exchange = peer_set_exchange(in->set, l->ix_id, l->ixlan_id) };
		x->theirs = arena_alloc(a, v->theirs->presence_count * sizeof(*x->theirs));
		x->their_count = their_ports(v->theirs, l, x->theirs);
		if (x->their_count == 0)
			continue;
		ours = arena_alloc(a, l->n * sizeof(*ours));
		memcpy(ours, l->p, l->n * sizeof(*ours));
		x->ours = ours;
		x->name = x->exchange != NULL ? x->exchange->name : x->theirs[0]->ix_name;
		meet(a, in, x);
		v->missing += x->missing;
		v->exchange_count++;
	}
	qsort(v->exchanges, v->exchange_count, sizeof(*v->exchanges), exchange_order);
	for (size_t i = 0; i < lans.n; i++)
		free(lans.p[i].p);
	free(lans.p);
}

static void join_facilities(struct arena *a, const struct peer_set *set, struct presence_view *v)
{
	const struct peer *x = v->ours, *y = v->theirs;
	size_t i = 0, k = 0;

	v->facilities_known = x != NULL && y != NULL && x->sites_known && y->sites_known;
	if (x == NULL || y == NULL)
		return;
	v->facilities = arena_alloc(a, x->site_count * sizeof(*v->facilities));
	while (i < x->site_count && k < y->site_count) {
		uint32_t id = x->sites[i].fac_id;

		if (id == y->sites[k].fac_id)
			v->facilities[v->facility_count++] = (struct common_facility){ &x->sites[i], &y->sites[k],
				peer_set_facility(set, id) };
		if (id <= y->sites[k].fac_id)
			while (i < x->site_count && x->sites[i].fac_id == id)
				i++;
		else
			k++;
	}
}

static const struct presence_seen *seen_at(const struct presence_in *in, const struct book_port *port)
{
	for (size_t i = 0; port->address.family != ADDR_NONE && i < in->seen_count; i++)
		if (addr_equal(&in->seen[i].peer, &port->address) &&
		    (text_empty(port->router) || strcmp(port->router.s, in->seen[i].router) == 0))
			return &in->seen[i];
	return NULL;
}

static void join_privates(struct arena *a, const struct presence_in *in, struct presence_view *v)
{
	const struct book_network *n = in->asn != BOOK_OURS ? book_find(in->book, in->asn) : NULL;

	if (n == NULL)
		return;
	v->privates = arena_alloc(a, (n->port_count + 1) * sizeof(*v->privates));
	for (size_t i = 0; i < n->port_count; i++)
		v->privates[v->private_count++] = (struct private_peering){ &n->ports[i], seen_at(in, &n->ports[i]) };
}

struct presence_view *presence_of(struct arena *a, const struct presence_in *in)
{
	struct presence_view *v = arena_alloc(a, sizeof(*v));

	*v = (struct presence_view){ .asn = in->asn, .ours = peer_set_own(in->set), .theirs = peer_set_find(in->set, in->asn),
		.all_read = in->all_read };
	join_exchanges(a, in, v);
	join_facilities(a, in->set, v);
	join_privates(a, in, v);
	presence_drift(a, in, v);
	return v;
}
