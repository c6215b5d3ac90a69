/*
 * Look-ups in a frozen set of networks; see peer.h.
 *
 * Every row of the sessions view asks for the exchange of its address on
 * every frame, so prefixes are kept in groups of one family and length, the
 * longest first: a look-up is one binary search in each of about a dozen
 * groups, and the first hit is the longest.
 */
#include "core/model/peer.h"
#include "core/base/scan.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

const char *contacts_seen_words(enum contacts_seen c)
{
	switch (c) {
	case CONTACTS_PUBLIC_ONLY:
		return "read without a key: only public contacts, others may be hidden";
	case CONTACTS_ALL:
		return "all contacts read";
	case CONTACTS_UNKNOWN:
		break;
	}
	return "contacts never read";
}

struct peer_set *peer_set_new(void)
{
	struct peer_set *s = MEM_NEW(struct peer_set);

	atomic_init(&s->refs, 1);
	s->arena = arena_new();
	s->state = TEXT_LIT("");
	return s;
}

struct peer_set *peer_set_ref(struct peer_set *s)
{
	atomic_fetch_add_explicit(&s->refs, 1, memory_order_relaxed);
	return s;
}

void peer_set_unref(struct peer_set *s)
{
	if (s == NULL || atomic_fetch_sub_explicit(&s->refs, 1, memory_order_acq_rel) != 1)
		return;
	arena_free(s->arena);
	free(s);
}

static unsigned ladder_rank(struct text role)
{
	static const char *const order[] = { "NOC", "Technical", "Maintenance", "Policy", "Abuse" };

	for (unsigned i = 0; i < ARRAY_LEN(order); i++)
		if (strcasecmp(text_or(role, ""), order[i]) == 0)
			return i;
	return ARRAY_LEN(order);
}

void peer_contacts_sort(struct contact *contacts, size_t n)
{
	/* A ladder has a handful of rungs, and their order within a role must stay. */
	for (size_t i = 1; i < n; i++) {
		struct contact c = contacts[i];
		size_t j = i;

		for (; j > 0 && ladder_rank(contacts[j - 1].role) > ladder_rank(c.role); j--)
			contacts[j] = contacts[j - 1];
		contacts[j] = c;
	}
}

static int peer_cmp(const void *key, const void *item)
{
	asn_t a = *(const asn_t *)key, b = ((const struct peer *)item)->asn;

	return a < b ? -1 : a > b;
}

static int asn_cmp(const void *key, const void *item)
{
	asn_t a = *(const asn_t *)key, b = *(const asn_t *)item;

	return a < b ? -1 : a > b;
}

const struct peer *peer_set_find(const struct peer_set *s, asn_t asn)
{
	if (s == NULL || s->peer_count == 0)
		return NULL;
	return bsearch(&asn, s->peers, s->peer_count, sizeof(*s->peers), peer_cmp);
}

const struct peer *peer_set_own(const struct peer_set *s)
{
	return s != NULL && s->own_asn != ASN_UNKNOWN ? peer_set_find(s, s->own_asn) : NULL;
}

static int facility_cmp(const void *key, const void *item)
{
	uint32_t a = *(const uint32_t *)key, b = ((const struct facility *)item)->fac_id;

	return a < b ? -1 : a > b;
}

const struct facility *peer_set_facility(const struct peer_set *s, uint32_t fac_id)
{
	if (s == NULL || s->facility_count == 0)
		return NULL;
	return bsearch(&fac_id, s->facilities, s->facility_count, sizeof(*s->facilities), facility_cmp);
}

const struct exchange *peer_set_exchange(const struct peer_set *s, uint32_t ix_id, uint32_t ixlan_id)
{
	size_t low = 0, high = s != NULL ? s->exchange_count : 0;

	while (low < high) {
		size_t mid = low + (high - low) / 2;
		const struct exchange *x = &s->exchanges[mid];

		if (x->ix_id < ix_id || (x->ix_id == ix_id && x->ixlan_id < ixlan_id))
			low = mid + 1;
		else
			high = mid;
	}
	if (s == NULL || low >= s->exchange_count || s->exchanges[low].ix_id != ix_id)
		return NULL;
	return ixlan_id == 0 || s->exchanges[low].ixlan_id == ixlan_id ? &s->exchanges[low] : NULL;
}

bool peer_set_absent(const struct peer_set *s, asn_t asn)
{
	return s != NULL && s->absent_count > 0 &&
	       bsearch(&asn, s->absent, s->absent_count, sizeof(*s->absent), asn_cmp) != NULL;
}

struct lan {
	struct prefix prefix;
	const struct exchange *exchange;
};

/* Rows from..from+count of one family and length, sorted by address. */
struct lan_group {
	uint8_t family, len;
	size_t from, count;
};

struct peer_index {
	struct lan *lans;
	size_t lan_count;
	struct lan_group *groups; /* longest first within a family */
	size_t group_count;
};

static int lan_cmp(const void *x, const void *y)
{
	const struct lan *a = x, *b = y;

	if (a->prefix.net.family != b->prefix.net.family)
		return a->prefix.net.family < b->prefix.net.family ? -1 : 1;
	if (a->prefix.len != b->prefix.len)
		return a->prefix.len > b->prefix.len ? -1 : 1;
	return addr_cmp(&a->prefix.net, &b->prefix.net);
}

/* Sorts the lans and cuts them into groups. */
static struct peer_index *index_build(struct arena *a, const struct lan *lans, size_t n)
{
	struct peer_index *x = arena_alloc(a, sizeof(*x));

	x->lans = arena_alloc(a, n * sizeof(*lans));
	x->groups = arena_alloc(a, n * sizeof(*x->groups));
	x->lan_count = n;
	if (n > 0)
		memcpy(x->lans, lans, n * sizeof(*lans));
	qsort(x->lans, n, sizeof(*lans), lan_cmp);
	for (size_t i = 0; i < n; i++) {
		const struct prefix *p = &x->lans[i].prefix;
		struct lan_group *g = x->group_count > 0 ? &x->groups[x->group_count - 1] : NULL;

		if (g == NULL || g->family != p->net.family || g->len != p->len) {
			g = &x->groups[x->group_count++];
			*g = (struct lan_group){ p->net.family, p->len, i, 0 };
		}
		g->count++;
	}
	return x;
}

static const struct exchange *index_find(const struct peer_index *x, const struct addr *a)
{
	for (size_t i = 0; i < x->group_count; i++) {
		const struct lan_group *g = &x->groups[i];
		struct lan key = { .prefix = { *a, g->len } };
		const struct lan *hit;

		if (g->family != a->family)
			continue;
		prefix_mask(&key.prefix);
		hit = bsearch(&key, x->lans + g->from, g->count, sizeof(key), lan_cmp);
		if (hit != NULL)
			return hit->exchange;
	}
	return NULL;
}

/* The slow way, for small sets that nobody indexed. */
static const struct exchange *exchanges_walk(const struct peer_set *s, const struct addr *a)
{
	const struct exchange *best = NULL;
	unsigned best_len = 0;

	for (size_t i = 0; i < s->exchange_count; i++) {
		const struct exchange *x = &s->exchanges[i];

		for (size_t k = 0; k < x->prefix_count; k++)
			if (prefix_holds(&x->prefixes[k], a) &&
			    (best == NULL || x->prefixes[k].len > best_len)) {
				best = x;
				best_len = x->prefixes[k].len;
			}
	}
	return best;
}

static int exchange_cmp(const void *x, const void *y)
{
	const struct exchange *a = x, *b = y;

	if (a->ix_id != b->ix_id)
		return a->ix_id < b->ix_id ? -1 : 1;
	return a->ixlan_id < b->ixlan_id ? -1 : a->ixlan_id > b->ixlan_id;
}

struct lan_list {
	struct lan *p;
	size_t n, cap;
};

static void lan_add(struct lan_list *l, struct prefix p, const struct exchange *x)
{
	MEM_GROW(l->p, l->cap, l->n + 1);
	l->p[l->n++] = (struct lan){ p, x };
}

/* A port's own address says its exchange too: for exchanges whose prefix rows are missing. */
static void add_port(struct lan_list *l, const struct peer_set *s, const struct peer_index *lans,
    const struct presence *port, const struct addr *a)
{
	struct exchange key = { .ix_id = port->ix_id, .ixlan_id = port->ixlan_id };
	const struct exchange *x;

	if (a->family == ADDR_NONE || s->exchange_count == 0 || index_find(lans, a) != NULL)
		return;
	x = bsearch(&key, s->exchanges, s->exchange_count, sizeof(key), exchange_cmp);
	if (x != NULL)
		lan_add(l, (struct prefix){ *a, a->family == ADDR_IP4 ? 32 : 128 }, x);
}

void peer_set_index(struct peer_set *s)
{
	struct lan_list l = { 0 };
	const struct peer_index *lans;
	size_t before;

	for (size_t i = 0; i < s->exchange_count; i++)
		for (size_t k = 0; k < s->exchanges[i].prefix_count; k++)
			lan_add(&l, s->exchanges[i].prefixes[k], &s->exchanges[i]);
	lans = index_build(s->arena, l.p, l.n);
	before = l.n;
	for (size_t i = 0; i < s->peer_count; i++)
		for (size_t k = 0; k < s->peers[i].presence_count; k++) {
			const struct presence *port = &s->peers[i].presence[k];

			add_port(&l, s, lans, port, &port->ip4);
			add_port(&l, s, lans, port, &port->ip6);
		}
	s->index = l.n == before ? lans : index_build(s->arena, l.p, l.n);
	free(l.p);
}

const struct exchange *peer_set_exchange_of(const struct peer_set *s, const struct addr *a)
{
	if (s == NULL || a->family == ADDR_NONE)
		return NULL;
	return s->index != NULL ? index_find(s->index, a) : exchanges_walk(s, a);
}

/* An id, if the whole word is one. */
static const struct exchange *exchange_by_id(const struct peer_set *s, const char *name)
{
	uint64_t id;

	if (!slice_u64(slice_of(name), &id))
		return NULL;
	for (size_t i = 0; i < s->exchange_count; i++)
		if (s->exchanges[i].ix_id == id)
			return &s->exchanges[i];
	return NULL;
}

const struct exchange *peer_set_exchange_named(const struct peer_set *s, const char *name)
{
	const struct exchange *part = NULL, *x;
	bool unique = true;

	if (s == NULL || *name == '\0')
		return NULL;
	x = exchange_by_id(s, name);
	if (x != NULL)
		return x;
	for (size_t i = 0; i < s->exchange_count; i++) {
		x = &s->exchanges[i];
		if (strcasecmp(text_or(x->name, ""), name) == 0)
			return x;
		if (strcasestr(text_or(x->name, ""), name) == NULL)
			continue;
		unique = unique && (part == NULL || part->ix_id == x->ix_id);
		part = part == NULL ? x : part;
	}
	return unique ? part : NULL;
}

count_t peer_published_limit(const struct peer *p, enum afi_safi family)
{
	if (p == NULL)
		return COUNT_UNKNOWN;
	/* The published figures are about unicast; a VPN or flowspec session is not what they mean. */
	if (family == AF_IPV4_UNICAST)
		return p->info_prefixes4;
	return family == AF_IPV6_UNICAST ? p->info_prefixes6 : COUNT_UNKNOWN;
}
