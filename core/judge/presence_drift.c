/* Where PeeringDB and the routers disagree; a part of presence.h. */
#include "core/judge/presence.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A published limit is a round number with room above: far is ten times what comes, and by hundreds. */
enum { FAR_TIMES = 10, FAR_AT_LEAST = 500 };

struct drifting {
	struct arena *arena;
	const struct presence_in *in;
	const struct presence_view *v;
	struct drift *p;
	size_t n, cap;
};

const char *drift_word(enum drift_kind k)
{
	static const char *const words[DRIFT_KINDS] = {
		[DRIFT_ADDRESS_GONE] = "address-gone", [DRIFT_ADDRESS_CHANGED] = "address-changed",
		[DRIFT_OTHER_ASN] = "other-asn", [DRIFT_NOT_OPERATIONAL] = "not-operational",
		[DRIFT_OVER_LIMIT] = "over-limit", [DRIFT_FAR_LIMIT] = "far-limit",
	};

	return words[k];
}

static void __attribute__((format(printf, 3, 4))) add(struct drifting *d, struct drift drift, const char *fmt, ...)
{
	char words[300];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(words, sizeof(words), fmt, ap);
	va_end(ap);
	drift.words = text_safez(d->arena, words);
	MEM_GROW(d->p, d->cap, d->n + 1);
	d->p[d->n++] = drift;
}

static const struct presence *port_with(const struct peer *p, const struct addr *a)
{
	for (size_t i = 0; p != NULL && i < p->presence_count; i++)
		if (addr_equal(&p->presence[i].ip4, a) || addr_equal(&p->presence[i].ip6, a))
			return &p->presence[i];
	return NULL;
}

/* The network that PeeringDB gives the address to, another than `but`; NULL if none of those known. */
static const struct peer *owner_of(const struct peer_set *set, const struct addr *a, const struct peer *but)
{
	for (size_t i = 0; i < set->peer_count; i++)
		if (&set->peers[i] != but && port_with(&set->peers[i], a) != NULL)
			return &set->peers[i];
	return NULL;
}

/* Their addresses of one family on a LAN, in words; false if there is none. */
static bool addresses_there(const struct peer *p, const struct exchange *x, enum addr_family family, char *out, size_t size)
{
	size_t at = 0;

	out[0] = '\0';
	for (size_t i = 0; i < p->presence_count && at < size; i++) {
		const struct presence *port = &p->presence[i];
		const struct addr *a = family == ADDR_IP4 ? &port->ip4 : &port->ip6;
		char words[ADDR_STRLEN];

		if (port->ix_id != x->ix_id || port->ixlan_id != x->ixlan_id || a->family == ADDR_NONE)
			continue;
		at += (size_t)snprintf(out + at, size - at, "%s%s", at > 0 ? ", " : "", addr_print(a, words));
	}
	return out[0] != '\0';
}

/* A session with this network, to an address that is none of its ports. */
static void check_address(struct drifting *d, const struct presence_seen *s, const struct exchange *x)
{
	const struct peer *p = d->v->theirs, *owner = owner_of(d->in->set, &s->peer, p);
	const char *name = text_or(x->name, "the exchange");
	struct drift drift = { .kind = DRIFT_ADDRESS_GONE, .seen = s, .exchange = x };
	char peer[ADDR_STRLEN], there[200];

	addr_print(&s->peer, peer);
	if (owner != NULL) {
		drift.kind = DRIFT_OTHER_ASN;
		drift.other = owner->asn;
		add(d, drift, "%s on %s is expected to be AS%u; PeeringDB gives it to AS%u %s", peer, s->router, s->remote_as,
		    owner->asn, text_or(owner->name, ""));
	} else if (addresses_there(p, x, s->peer.family, there, sizeof(there))) {
		drift.kind = DRIFT_ADDRESS_CHANGED;
		add(d, drift, "%s on %s is no port of AS%u at %s; PeeringDB lists %s", peer, s->router, p->asn, name, there);
	} else {
		add(d, drift, "%s on %s: PeeringDB lists no such port of AS%u at %s", peer, s->router, p->asn, name);
	}
}

static void check_limit(struct drifting *d, const struct presence_seen *s)
{
	count_t limit = peer_published_limit(d->v->theirs, s->family);
	struct drift drift = { .kind = DRIFT_OVER_LIMIT, .seen = s, .limit = limit,
		.exchange = peer_set_exchange_of(d->in->set, &s->peer) };
	char peer[ADDR_STRLEN];

	if (limit == COUNT_UNKNOWN || s->received == COUNT_UNKNOWN || s->state != BGP_ESTABLISHED)
		return;
	addr_print(&s->peer, peer);
	if (s->received > limit) {
		add(d, drift, "%s on %s sends %lld prefixes; the network publishes %lld as its limit", peer, s->router,
		    (long long)s->received, (long long)limit);
	} else if (limit > FAR_TIMES * s->received && limit - s->received >= FAR_AT_LEAST) {
		drift.kind = DRIFT_FAR_LIMIT;
		add(d, drift, "%s on %s sends %lld prefixes; the published limit of %lld is more than %d times that", peer, s->router,
		    (long long)s->received, (long long)limit, FAR_TIMES);
	}
}

/* A session to a port of this network that the router takes for another's.  The row's own number may be what it means. */
static void check_asn(struct drifting *d, const struct presence_seen *s, const struct presence *port)
{
	const struct drift drift = { .kind = DRIFT_OTHER_ASN, .seen = s, .port = port, .other = d->v->asn,
		.exchange = peer_set_exchange(d->in->set, port->ix_id, port->ixlan_id) };
	char peer[ADDR_STRLEN];

	if (s->remote_as == ASN_UNKNOWN || s->remote_as == d->v->asn || s->remote_as == port->asn)
		return;
	addr_print(&s->peer, peer);
	add(d, drift, "%s on %s is expected to be AS%u; PeeringDB gives it to AS%u %s", peer, s->router, s->remote_as, d->v->asn,
	    text_or(d->v->theirs->name, ""));
}

static void check_session(struct drifting *d, const struct presence_seen *s)
{
	const struct presence *port = s->peer.family != ADDR_NONE ? port_with(d->v->theirs, &s->peer) : NULL;
	const struct exchange *x = peer_set_exchange_of(d->in->set, &s->peer);

	if (port != NULL)
		check_asn(d, s, port);
	if (s->remote_as != d->v->asn)
		return;
	if (port == NULL && x != NULL)
		check_address(d, s, x);
	check_limit(d, s);
}

static void check_ports(struct drifting *d, const struct common_exchange *x)
{
	struct drift drift = { .kind = DRIFT_NOT_OPERATIONAL, .exchange = x->exchange };
	char four[ADDR_STRLEN], six[ADDR_STRLEN];

	for (size_t i = 0; i < x->their_count; i++) {
		drift.port = x->theirs[i];
		drift.seen = NULL;
		for (size_t k = 0; k < x->meeting_count && drift.seen == NULL; k++)
			drift.seen = x->meetings[k].theirs == drift.port ? x->meetings[k].seen : NULL;
		addr_print(&drift.port->ip4, four);
		addr_print(&drift.port->ip6, six);
		if (drift.port->operational == TRI_NO)
			add(d, drift, "the port of AS%u at %s (%s%s%s) is marked as not operational%s", d->v->asn, text_or(x->name, "?"), four,
			    *four && *six ? ", " : "", six, drift.seen == NULL ? "" : drift.seen->state == BGP_ESTABLISHED ?
			    ", but a session to it is up" : ", and a session to it is down");
	}
	for (size_t i = 0; i < x->our_count; i++)
		if (x->ours[i].row != NULL && x->ours[i].row->operational == TRI_NO) {
			drift.port = x->ours[i].row;
			drift.seen = NULL;
			add(d, drift, "our own port at %s is marked as not operational in PeeringDB", text_or(x->name, "?"));
		}
}

void presence_drift(struct arena *a, const struct presence_in *in, struct presence_view *v)
{
	struct drifting d = { .arena = a, .in = in, .v = v };

	if (v->theirs == NULL)
		return;
	for (size_t i = 0; i < in->seen_count; i++)
		check_session(&d, &in->seen[i]);
	for (size_t i = 0; i < v->exchange_count; i++)
		check_ports(&d, &v->exchanges[i]);
	v->drifts = arena_alloc(a, d.n * sizeof(*d.p));
	if (d.n > 0)
		memcpy(v->drifts, d.p, d.n * sizeof(*d.p));
	v->drift_count = d.n;
	free(d.p);
}
