/*
 * A session's prefixes against what others say of them; see collect_priv.h.
 *
 * A digest is made when its set, or what it is held against, is another one than last time; the rounds of judging read
 * it again and again for nothing.  Making it is a job (collect_work.h): all that it reads is held by the job.
 */
#include "app/collect_priv.h"
#include "backends/sources/irr.h"
#include "backends/sources/ripestat.h"
#include "core/base/mem.h"

#include <stdio.h>
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

/* ---- what every session tells ---- */

const struct prefixset *place_told(const struct place *q)
{
	return q->sides[ROUTES_RECEIVED].set != NULL ? q->sides[ROUTES_RECEIVED].set : q->sides[ROUTES_ACCEPTED].set;
}

static int larger_first(const void *a, const void *b)
{
	size_t x = prefixset_count(((const struct other *)a)->set), y = prefixset_count(((const struct other *)b)->set);

	return x < y ? 1 : x > y ? -1 : 0;
}

void others_unref(struct others *o)
{
	if (o == NULL || --o->refs > 0)
		return;
	for (size_t i = 0; i < o->count; i++)
		prefixset_unref(o->sets[i].set);
	free(o->sets);
	free(o);
}

static struct others *others_new(const struct collect *c)
{
	struct others *o = MEM_NEW(struct others);

	o->refs = 1;
	o->stamp = c->sets;
	o->sets = mem_calloc(OTHERS_MAX, sizeof(*o->sets));
	for (const struct place *q = c->places; q != NULL && o->count < OTHERS_MAX; q = q->hh.next) {
		const struct prefixset *told = place_told(q);
		struct other *to = &o->sets[o->count];

		if (!q->present || !q->up || q->internal || told == NULL)
			continue;
		*to = (struct other){ .set = prefixset_ref((struct prefixset *)(uintptr_t)told), .asn = q->asn, .router = q->router,
			.read_wall_ms = q->sides[told == q->sides[ROUTES_RECEIVED].set ? ROUTES_RECEIVED : ROUTES_ACCEPTED].read_wall_ms };
		memcpy(to->neighbor, q->neighbor, sizeof(to->neighbor));
		o->count++;
	}
	qsort(o->sets, o->count, sizeof(*o->sets), larger_first);
	return o;
}

struct others *collect_others(struct collect *c)
{
	if (c->others == NULL || c->others->stamp != c->sets) {
		others_unref(c->others);
		c->others = others_new(c);
	}
	c->others->refs++;
	return c->others;
}

/* ---- other paths ---- */

struct digest_job {
	struct job job;
	struct place *place; /* pinned; not looked into by the thread */
	struct digest *into;
	asn_t asn;
	asn_t own;           /* the origin of prefixes whose path is not told; ASN_UNKNOWN: nobody knows */
	struct prefixset *set;
	struct kept *irr, *vrps; /* held; NULL: not held against it */
	const struct irr_expansion *expansion;
	const struct vrp_table *table;
	struct others *others;   /* NULL: not held against it */
	struct keeper *ripestat;
	struct keeper *registry; /* NULL: only the list counts */
	struct digest out;
};

static asn_t origin_of(const struct digest_job *j, asn_t told)
{
	return told == ASN_UNKNOWN ? j->own : told;
}

static bool is_other(const struct digest_job *j, const struct other *o)
{
	return o->asn != j->asn && prefixset_family(o->set) == prefixset_family(j->set);
}

static bool told_elsewhere(const struct digest_job *j, const struct prefix *pre)
{
	for (size_t i = 0; i < j->others->count; i++)
		if (is_other(j, &j->others->sets[i]) && prefixset_find(j->others->sets[i].set, pre, NULL))
			return true;
	return false;
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

static void elsewhere(struct digest_job *j)
{
	size_t full = prefixset_family(j->set) == ADDR_IP6 ? FULL_TABLE_6 : FULL_TABLE_4;
	struct digest *d = &j->out;

	d->elsewhere = (struct heap){ .good = 0 };
	d->any_other = d->full_table = false;
	d->unseen_count = 0;
	d->unseen_all = true;
	for (size_t i = 0; i < j->others->count; i++)
		if (is_other(j, &j->others->sets[i])) {
			d->any_other = true;
			d->full_table = d->full_table || prefixset_count(j->others->sets[i].set) >= full;
		}
	for (size_t i = 0; i < prefixset_count(j->set); i++) {
		struct prefix pre;
		asn_t origin;
		bool seen;

		prefixset_at(j->set, i, &pre, &origin);
		origin = origin_of(j, origin);
		seen = d->any_other && told_elsewhere(j, &pre);
		put(&d->elsewhere, seen, &pre, origin);
		if (!seen)
			note_unseen(d, origin);
	}
}

/* ---- RIPEstat ---- */

static bool announced(struct keeper *ripestat, const struct prefix *p, asn_t origin, bool *seen)
{
	char key[KEEPER_KEY_MAX + 1];
	struct kept_view v;
	const struct ripestat_answer *a;

	ripestat_key(key, RIPESTAT_ANNOUNCED, origin);
	if (!keeper_get(ripestat, key, &v) || v.hold == NULL)
		return false;
	a = v.answer;
	*seen = prefixset_find(p->net.family == ADDR_IP6 ? a->v6 : a->v4, p, NULL);
	keeper_release(v.hold);
	return true;
}

/* Where no full table is told here: the prefixes that no other session tells against what RIPEstat says of their origins. */
static void ask_stat(struct digest_job *j)
{
	struct digest *d = &j->out;

	d->asked_stat = d->unseen_all && d->unseen_count > 0;
	d->stat = (struct heap){ .good = 0 };
	for (size_t i = 0; i < d->unseen_count; i++) {
		struct prefix none = { .net.family = ADDR_IP4 };
		bool seen;

		d->asked_stat = d->asked_stat && announced(j->ripestat, &none, d->unseen[i], &seen);
	}
	for (size_t i = 0; d->asked_stat && i < prefixset_count(j->set); i++) {
		struct prefix pre;
		asn_t origin;
		bool seen = false;

		prefixset_at(j->set, i, &pre, &origin);
		origin = origin_of(j, origin);
		if (is_unseen(d, origin))
			announced(j->ripestat, &pre, origin, &seen);
		/* Whose origin is not among the unseen was told by another session. */
		put(&d->stat, seen || !is_unseen(d, origin) || told_elsewhere(j, &pre), &pre, origin);
	}
}

static bool wants_stat(const struct digest *d)
{
	return d->elsewhere.bad > 0 && !d->full_table;
}

/* ---- digests ---- */

void stray_key(char out[KEEPER_KEY_MAX + 1], asn_t origin)
{
	char macro[20];

	snprintf(macro, sizeof(macro), "AS%u", origin);
	irr_key(out, macro, NULL);
}

/* Answered: *held says whether the origin has registered it. */
static bool stray_answer(struct keeper *registry, asn_t origin, const struct prefix *p, bool *held)
{
	char key[KEEPER_KEY_MAX + 1];
	const struct irr_expansion *x;
	struct kept_view v;

	stray_key(key, origin);
	if (!keeper_get(registry, key, &v) || v.hold == NULL)
		return false;
	x = v.answer;
	*held = p != NULL && prefixset_find(p->net.family == ADDR_IP6 ? x->v6 : x->v4, p, NULL);
	keeper_release(v.hold);
	return true;
}

static size_t strays_done(struct keeper *registry, const struct digest *d)
{
	size_t n = 0;
	bool held;

	for (size_t i = 0; registry != NULL && i < d->stray_count; i++)
		n += stray_answer(registry, d->stray[i], NULL, &held);
	return n;
}

/* Not one of the list: whether its origin has registered it.  What nobody has answered yet is open. */
static void put_stray(struct digest_job *j, const struct prefix *p, asn_t origin)
{
	struct digest *d = &j->out;
	size_t i = 0;
	bool held = false;

	if (j->registry == NULL || origin == ASN_UNKNOWN || origin == ASN_NONE || origin == j->asn) {
		put(&d->registered, false, p, origin);
		return;
	}
	while (i < d->stray_count && d->stray[i] != origin)
		i++;
	if (i == d->stray_count && d->stray_count < UNSEEN_MAX)
		d->stray[d->stray_count++] = origin;
	if (stray_answer(j->registry, origin, p, &held))
		put(&d->registered, held, p, origin);
	else
		d->registered.open++;
}

static void registered(struct digest_job *j)
{
	const struct prefixset *list = of_family(j->set, j->expansion->v4, j->expansion->v6);

	j->out.registered = (struct heap){ .good = 0 };
	j->out.stray_count = 0;
	for (size_t i = 0; i < prefixset_count(j->set); i++) {
		struct prefix p;
		asn_t origin;

		prefixset_at(j->set, i, &p, &origin);
		if (prefixset_find(list, &p, NULL))
			j->out.registered.good++;
		else
			put_stray(j, &p, origin);
	}
}

static void validate(struct digest_job *j)
{
	struct prefixset_builder *b;
	struct prefixset *ours;

	if (j->own == ASN_UNKNOWN || prefixset_count(j->set) == 0) {
		vrp_validate(j->table, j->set, validated, &j->out.rpki);
		return;
	}
	b = prefixset_builder_new(prefixset_family(j->set));
	for (size_t i = 0; i < prefixset_count(j->set); i++) {
		struct prefix p;
		asn_t origin;

		prefixset_at(j->set, i, &p, &origin);
		prefixset_add(b, &p, origin_of(j, origin));
	}
	ours = prefixset_freeze(b, true);
	vrp_validate(j->table, ours, validated, &j->out.rpki);
	prefixset_unref(ours);
}

static void digest_run(struct job *job)
{
	struct digest_job *j = (struct digest_job *)job;
	struct digest *d = &j->out;
	bool other_set = d->set != j->set;

	if (j->expansion != NULL && (other_set || d->expansion != j->expansion || d->stray_count > 0)) {
		d->stray_done = strays_done(j->registry, d); /* before: what is answered meanwhile is looked at again */
		registered(j);
	}
	if (j->table != NULL && (other_set || d->vrps != j->table)) {
		d->rpki = (struct heap){ .good = 0 };
		validate(j);
	}
	if (j->others != NULL && (other_set || d->others != j->others->stamp))
		elsewhere(j);
	if (j->others != NULL && j->ripestat != NULL && wants_stat(d))
		ask_stat(j);
	d->set = j->set;
	d->expansion = j->expansion;
	d->vrps = j->table;
	d->others = j->others != NULL ? j->others->stamp : 0;
}

static void digest_take(void *ctx, struct job *job)
{
	struct digest_job *j = (struct digest_job *)job;

	((struct collect *)ctx)->generation++;
	j->out.busy = false;
	*j->into = j->out;
}

static void digest_drop(struct job *job)
{
	struct digest_job *j = (struct digest_job *)job;

	j->place->pinned--;
	prefixset_unref(j->set);
	keeper_release(j->irr);
	keeper_release(j->vrps);
	others_unref(j->others);
	free(j);
}

static struct digest_job *digest_job(struct place *p, struct digest *d, const struct prefixset *set, const struct kept_view *irr)
{
	struct digest_job *j = MEM_NEW(struct digest_job);

	j->job = (struct job){ .run = digest_run, .take = digest_take, .drop = digest_drop };
	j->place = p;
	p->pinned++;
	j->into = d;
	j->asn = p->asn;
	j->set = prefixset_ref((struct prefixset *)(uintptr_t)set);
	j->irr = keeper_hold(irr->hold);
	j->expansion = irr->answer;
	j->out = *d;
	j->out.irr_as_of = irr->as_of_wall_ms;
	d->busy = true;
	return j;
}

void digest_received(struct collect *c, struct place *p, const struct kept_view *irr, const struct kept_view *vrps)
{
	const struct prefixset *set = place_told(p);
	struct digest *d = &p->received;
	uint64_t stat = c->work != NULL ? c->stat_stamp : collect_stat_stamp(c);
	struct digest_job *j;

	if (set == NULL || d->busy)
		return;
	if (d->set == set && d->expansion == irr->answer && d->vrps == vrps->answer && d->irr_as_of == irr->as_of_wall_ms &&
	    d->vrps_as_of == vrps->as_of_wall_ms && d->others == c->sets && (d->stat_stamp == stat || !wants_stat(d)) &&
	    d->stray_done == strays_done(c->irr, d))
		return;
	j = digest_job(p, d, set, irr);
	j->registry = c->irr;
	j->vrps = keeper_hold(vrps->hold);
	j->table = vrps->answer;
	j->others = collect_others(c);
	j->ripestat = c->ripestat;
	j->out.vrps_as_of = vrps->as_of_wall_ms;
	j->out.stat_stamp = stat;
	work_give(c->work, &j->job, c);
}

void digest_listed(struct collect *c, struct place *p, struct digest *d, const struct prefixset *set, const struct kept_view *irr,
    bool by_origin)
{
	struct digest_job *j;

	if (set == NULL || irr->answer == NULL || d->busy || (d->set == set && d->expansion == irr->answer && d->irr_as_of == irr->as_of_wall_ms &&
	    d->stray_done == strays_done(c->irr, d)))
		return;
	j = digest_job(p, d, set, irr);
	j->registry = by_origin ? c->irr : NULL;
	work_give(c->work, &j->job, c);
}

/* The peer's view of what we send it: other paths are those that do not begin with us, the peer's own among them. */
void digest_mirror(struct collect *c, struct place *p, const struct kept_view *vrps)
{
	const struct prefixset *set = p->sides[ROUTES_ADVERTISED].set;
	const struct kept_view none = { .hold = NULL };
	uint64_t stat = c->work != NULL ? c->stat_stamp : collect_stat_stamp(c);
	struct digest *d = &p->mirrored;
	struct digest_job *j;

	if (set == NULL || d->busy || (d->set == set && d->vrps == vrps->answer && d->vrps_as_of == vrps->as_of_wall_ms && d->others == c->sets &&
	    (d->stat_stamp == stat || !wants_stat(d))))
		return;
	j = digest_job(p, d, set, &none);
	j->asn = j->own = c->way.config->local_as;
	j->vrps = keeper_hold(vrps->hold);
	j->table = vrps->answer;
	j->others = collect_others(c);
	j->ripestat = c->ripestat;
	j->out.vrps_as_of = vrps->as_of_wall_ms;
	j->out.stat_stamp = stat;
	work_give(c->work, &j->job, c);
}

/* ---- a set that was read ---- */

struct set_job {
	struct job job;
	struct place *place; /* asking, so that it stays; only its builder is the thread's */
	struct question *q;
	struct prefixset_builder *builder;
	struct prefixset *before, **known;
	size_t known_count;
	struct read_set out;
	void (*then)(struct collect *c, struct place *p, struct question *q, const struct read_set *r);
};

static void find_longest(struct read_set *r)
{
	int longest = prefixset_longest(r->set);

	for (size_t i = 0; i < prefixset_count(r->set) && r->longest_count < EXAMPLES_MAX; i++) {
		struct long_prefix *to = &r->longest[r->longest_count];

		prefixset_at(r->set, i, &to->p, &to->origin);
		r->longest_count += to->p.len == longest;
	}
}

static void set_run(struct job *job)
{
	struct set_job *j = (struct set_job *)job;

	j->out.set = prefixset_share(prefixset_freeze(j->builder, true), j->known, j->known_count);
	j->builder = NULL;
	if (j->before != NULL)
		prefixset_diff(j->before, j->out.set, &j->out.removed, &j->out.added, NULL, NULL);
	find_longest(&j->out);
}

static void set_take(void *ctx, struct job *job)
{
	struct set_job *j = (struct set_job *)job;
	struct read_set out = j->out;
	struct question *q = j->q;

	j->out.set = NULL;
	j->q = NULL;
	j->then(ctx, j->place, q, &out);
}

static void set_drop(struct job *job)
{
	struct set_job *j = (struct set_job *)job;

	for (size_t i = 0; i < j->known_count; i++)
		prefixset_unref(j->known[i]);
	free(j->known);
	prefixset_builder_free(j->builder);
	prefixset_unref(j->before);
	prefixset_unref(j->out.set);
	question_free(j->q);
	free(j);
}

void digest_set(struct collect *c, struct place *p, struct question *q,
    void (*then)(struct collect *c, struct place *p, struct question *q, const struct read_set *r))
{
	struct set_job *j = MEM_NEW(struct set_job);
	size_t cap = 0;

	*j = (struct set_job){ .job = { .run = set_run, .take = set_take, .drop = set_drop }, .place = p, .q = q, .builder = p->builder,
		.before = prefixset_ref(p->sides[q->side].set), .out = { .added = COUNT_UNKNOWN, .removed = COUNT_UNKNOWN }, .then = then };
	p->builder = NULL;
	for (struct place *k = c->places; k != NULL; k = k->hh.next)
		for (int i = 0; k->asn == p->asn && i < ROUTE_SIDES; i++)
			if (k->sides[i].set != NULL) {
				MEM_GROW(j->known, cap, j->known_count + 1);
				j->known[j->known_count++] = prefixset_ref(k->sides[i].set);
			}
	work_give(c->work, &j->job, c);
}
