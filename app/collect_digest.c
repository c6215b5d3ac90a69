/*
 * A session's prefixes against what others say of them; see collect_priv.h.
 *
 * A digest is made when its set, or what it is held against, is another one than last time; the rounds of judging read
 * it again and again for nothing.
 */
#include "app/collect_priv.h"
#include "backends/sources/ripestat.h"
#include "core/base/mem.h"

#include <stdlib.h>
#include <string.h>

/* A table whose silence about a prefix means something: what a transit provider or a full route server sends. */
enum { FULL_TABLE_4 = 200000, FULL_TABLE_6 = 40000, OTHERS_MAX = 2000 };

static void put(struct heap *h, bool good, const struct prefix *p, asn_t origin)
{
	if (good) {
		h->good++;
		return;
	}
	h->bad++;
	if (h->example_count < EXAMPLES_MAX) {
		h->examples[h->example_count] = *p;
		h->origins[h->example_count++] = origin;
	}
}

static const struct prefixset *of_family(const struct prefixset *set, const struct prefixset *v4, const struct prefixset *v6)
{
	return prefixset_family(set) == ADDR_IP6 ? v6 : v4;
}

void digest_against(const struct prefixset *set, const struct prefixset *list, struct heap *h)
{
	for (size_t i = 0; i < prefixset_count(set); i++) {
		struct prefix p;
		asn_t origin;

		prefixset_at(set, i, &p, &origin);
		put(h, prefixset_find(list, &p, NULL), &p, origin);
	}
}

static void validated(void *ctx, const struct prefix *p, asn_t origin, enum validity v)
{
	struct heap *h = ctx;

	if (v == VALIDITY_NOT_FOUND || v == VALIDITY_UNKNOWN)
		h->open++;
	else
		put(h, v == VALIDITY_VALID, p, origin);
}

void digest_validate(const struct vrp_table *vrps, const struct prefixset *set, asn_t asn, struct heap *h)
{
	struct prefixset_builder *b = prefixset_count(set) > 0 ? prefixset_builder_new(prefixset_family(set)) : NULL;
	struct prefixset *with_origin;

	for (size_t i = 0; i < prefixset_count(set); i++) {
		struct prefix p;

		prefixset_at(set, i, &p, NULL);
		prefixset_add(b, &p, asn);
	}
	if (b == NULL)
		return;
	with_origin = prefixset_freeze(b, true);
	vrp_validate(vrps, with_origin, validated, h);
	prefixset_unref(with_origin);
}

/* ---- other paths ---- */

/* What another network lets us see: before our policy if that can be read. */
static const struct prefixset *told_by(const struct place *q)
{
	return q->sides[ROUTES_RECEIVED].set != NULL ? q->sides[ROUTES_RECEIVED].set : q->sides[ROUTES_ACCEPTED].set;
}

static bool is_other(const struct place *q, asn_t asn, enum addr_family family)
{
	return q->present && q->up && !q->internal && q->asn != asn && prefixset_family(told_by(q)) == family;
}

static int larger_first(const void *a, const void *b)
{
	size_t x = prefixset_count(*(const struct prefixset *const *)a), y = prefixset_count(*(const struct prefixset *const *)b);

	return x < y ? 1 : x > y ? -1 : 0;
}

static size_t other_sets(const struct collect *c, asn_t asn, enum addr_family family, const struct prefixset **out)
{
	size_t n = 0;

	for (const struct place *q = c->places; q != NULL && n < OTHERS_MAX; q = q->hh.next)
		if (is_other(q, asn, family))
			out[n++] = told_by(q);
	qsort(out, n, sizeof(*out), larger_first);
	return n;
}

static bool is_unseen(const struct digest *d, asn_t origin)
{
	for (size_t i = 0; i < d->unseen_count; i++)
		if (d->unseen[i] == origin)
			return true;
	return false;
}

static void note_unseen(struct digest *d, asn_t origin)
{
	if (is_unseen(d, origin))
		return;
	if (origin == ASN_UNKNOWN || origin == ASN_NONE || d->unseen_count == UNSEEN_MAX)
		d->unseen_all = false;
	else
		d->unseen[d->unseen_count++] = origin;
}

static bool told_elsewhere(const struct collect *c, const struct place *p, const struct prefix *pre)
{
	for (const struct place *q = c->places; q != NULL; q = q->hh.next)
		if (is_other(q, p->asn, (enum addr_family)pre->net.family) && prefixset_find(told_by(q), pre, NULL))
			return true;
	return false;
}

static void elsewhere(const struct collect *c, const struct place *p, const struct prefixset *set, struct digest *d)
{
	const struct prefixset **others = mem_calloc(OTHERS_MAX, sizeof(*others));
	enum addr_family family = prefixset_family(set);
	size_t n = other_sets(c, p->asn, family, others);

	d->elsewhere = (struct heap){ .good = 0 };
	d->any_other = n > 0;
	d->unseen_count = 0;
	d->unseen_all = true;
	d->full_table = n > 0 && prefixset_count(others[0]) >= (family == ADDR_IP6 ? FULL_TABLE_6 : FULL_TABLE_4);
	for (size_t i = 0; i < prefixset_count(set); i++) {
		bool seen = false;
		struct prefix pre;
		asn_t origin;

		prefixset_at(set, i, &pre, &origin);
		for (size_t k = 0; k < n && !seen; k++)
			seen = prefixset_find(others[k], &pre, NULL);
		put(&d->elsewhere, seen, &pre, origin);
		if (!seen)
			note_unseen(d, origin);
	}
	free(others);
}

/* ---- RIPEstat ---- */

static bool announced(struct collect *c, const struct prefix *p, asn_t origin, bool *seen)
{
	char key[KEEPER_KEY_MAX + 1];
	struct kept_view v;
	const struct ripestat_answer *a;

	ripestat_key(key, RIPESTAT_ANNOUNCED, origin);
	if (!keeper_get(c->ripestat, key, &v) || v.hold == NULL)
		return false;
	a = v.answer;
	*seen = prefixset_find(p->net.family == ADDR_IP6 ? a->v6 : a->v4, p, NULL);
	keeper_release(v.hold);
	return true;
}

void digest_stat(struct collect *c, struct place *p)
{
	struct digest *d = &p->received;
	const struct prefixset *set = told_by(p);

	d->asked_stat = d->unseen_all && d->unseen_count > 0;
	d->stat = (struct heap){ .good = 0 };
	for (size_t i = 0; i < d->unseen_count; i++) {
		struct prefix none = { .net.family = ADDR_IP4 };
		bool seen;

		d->asked_stat = d->asked_stat && announced(c, &none, d->unseen[i], &seen);
	}
	for (size_t i = 0; d->asked_stat && i < prefixset_count(set); i++) {
		struct prefix pre;
		asn_t origin;
		bool seen = false;

		prefixset_at(set, i, &pre, &origin);
		if (is_unseen(d, origin))
			announced(c, &pre, origin, &seen);
		/* Whose origin is not among the unseen was told by another session. */
		put(&d->stat, seen || !is_unseen(d, origin) || told_elsewhere(c, p, &pre), &pre, origin);
	}
}

/* ---- digests ---- */

void digest_received(struct collect *c, struct place *p, const struct prefixset *v4, const struct prefixset *v6, const void *expansion,
    const struct vrp_table *vrps)
{
	const struct prefixset *set = told_by(p);
	struct digest *d = &p->received;
	bool other_set = d->set != set;

	if (set == NULL)
		return;
	if (expansion != NULL && (other_set || d->expansion != expansion)) {
		d->registered = (struct heap){ .good = 0 };
		digest_against(set, of_family(set, v4, v6), &d->registered);
	}
	if (vrps != NULL && (other_set || d->vrps != vrps)) {
		d->rpki = (struct heap){ .good = 0 };
		vrp_validate(vrps, set, validated, &d->rpki);
	}
	if (other_set || d->others != c->generation)
		elsewhere(c, p, set, d);
	d->set = set;
	d->expansion = expansion;
	d->vrps = vrps;
	d->others = c->generation;
}

void digest_listed(struct digest *d, const struct prefixset *set, const struct prefixset *v4, const struct prefixset *v6, const void *expansion)
{
	if (set == NULL || expansion == NULL || (d->set == set && d->expansion == expansion))
		return;
	d->registered = (struct heap){ .good = 0 };
	digest_against(set, of_family(set, v4, v6), &d->registered);
	d->set = set;
	d->expansion = expansion;
}

/* ---- the network as a whole ---- */

static void forget(struct network *n)
{
	for (int i = 0; i < 2; i++) {
		free(n->consistent[i].keys);
		free(n->consistent[i].missing);
		n->consistent[i].keys = NULL;
		n->consistent[i].missing = NULL;
		n->consistent[i].compared = 0;
	}
}

static void compare(struct collect *c, struct network *n, int ip)
{
	enum afi_safi family = ip == 6 ? AF_IPV6_UNICAST : AF_IPV4_UNICAST;
	struct prefixset **sets = mem_calloc(HASH_COUNT(c->places) + 1, sizeof(*sets));
	const char **keys = mem_calloc(HASH_COUNT(c->places) + 1, sizeof(*keys));
	size_t count = 0;

	for (struct place *p = c->places; p != NULL; p = p->hh.next)
		if (p->asn == n->asn && p->present && p->up && p->family == family && p->sides[ROUTES_RECEIVED].set != NULL) {
			sets[count] = p->sides[ROUTES_RECEIVED].set;
			keys[count++] = p->key;
		}
	n->consistent[ip == 6].keys = keys;
	n->consistent[ip == 6].compared = count;
	n->consistent[ip == 6].missing = mem_calloc(count + 1, sizeof(*n->consistent[0].missing));
	prefixset_compare(sets, count, n->consistent[ip == 6].missing, &n->consistent[ip == 6].total, &n->consistent[ip == 6].in_all);
	free(sets);
}

/* Is the network the origin of something that another network tells us? */
static void seen_by_others(const struct collect *c, struct network *n)
{
	n->seen = TRI_UNKNOWN;
	for (const struct place *q = c->places; q != NULL; q = q->hh.next) {
		enum addr_family family = prefixset_family(told_by(q));

		if (family == ADDR_NONE || !is_other(q, n->asn, family) || !prefixset_has_origin(told_by(q), n->asn))
			continue;
		n->seen = TRI_YES;
		n->seen_router = q->router;
		memcpy(n->seen_neighbor, q->neighbor, sizeof(n->seen_neighbor));
		n->seen_wall_ms = q->sides[told_by(q) == q->sides[ROUTES_RECEIVED].set ? ROUTES_RECEIVED : ROUTES_ACCEPTED].read_wall_ms;
		return;
	}
}

struct network *collect_network(struct collect *c, asn_t asn)
{
	struct network *n = NULL;

	HASH_FIND(hh, c->networks, &asn, sizeof(asn), n);
	if (n == NULL) {
		n = MEM_NEW(struct network);
		n->asn = asn;
		HASH_ADD(hh, c->networks, asn, sizeof(n->asn), n);
	}
	return n;
}

const struct network *digest_network(struct collect *c, asn_t asn)
{
	struct network *n = collect_network(c, asn);

	if (n->generation != c->generation) {
		forget(n);
		compare(c, n, 4);
		compare(c, n, 6);
		seen_by_others(c, n);
		n->generation = c->generation;
	}
	return n;
}

void digest_free(struct collect *c)
{
	struct network *n, *next;

	HASH_ITER(hh, c->networks, n, next) {
		forget(n);
		HASH_DEL(c->networks, n);
		free(n);
	}
}
