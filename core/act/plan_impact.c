/*
 * The blast radius of a plan; see plan_impact in plan.h.
 *
 * "LAST session" is the one line of a plan that must never be missing and
 * never be wrong: a session counts as another way only if it was seen up just
 * now, is not in the plan itself and, where announcements are taken back,
 * announces.
 */
#include "core/act/plan.h"
#include "core/base/mem.h"
#include "core/model/book.h"

#include <stdlib.h>
#include <string.h>

enum { PLACES_NAMED = 4 };

/* One neighbor that is up, whatever number of families it has. */
struct way {
	const char *router, *vrf, *neighbor;
	asn_t asn;
};

static int cmp_place(const char *router_a, const char *vrf_a, const char *neighbor_a, const char *router_b,
    const char *vrf_b, const char *neighbor_b)
{
	int c = strcmp(router_a, router_b);

	if (c == 0)
		c = strcmp(vrf_a, vrf_b);
	return c != 0 ? c : strcmp(neighbor_a, neighbor_b);
}

static int cmp_way(const void *va, const void *vb)
{
	const struct way *a = va, *b = vb;

	if (a->asn != b->asn)
		return a->asn < b->asn ? -1 : 1;
	return cmp_place(a->router, a->vrf, a->neighbor, b->router, b->vrf, b->neighbor);
}

static int cmp_item(const void *va, const void *vb)
{
	const struct plan_item *const *a = va, *const *b = vb;

	return cmp_place((*a)->router, (*a)->vrf, (*a)->neighbor, (*b)->router, (*b)->vrf, (*b)->neighbor);
}

/* The items that will be done, sorted by place; *out is allocated. */
static size_t done_items(const struct plan *p, const struct plan_item ***out)
{
	const struct plan_item **items = mem_calloc(p->count + 1, sizeof(*items));
	size_t n = 0;

	for (size_t i = 0; i < p->count; i++)
		if (p->items[i].skip == NULL)
			items[n++] = &p->items[i];
	qsort(items, n, sizeof(*items), cmp_item);
	*out = items;
	return n;
}

static bool planned(const struct way *w, const struct plan_item **items, size_t count)
{
	const struct plan_item like = { .router = w->router, .vrf = w->vrf, .neighbor = w->neighbor }, *key = &like;

	return bsearch(&key, items, count, sizeof(*items), cmp_item) != NULL;
}

/* What stays up beside the plan, sorted by network; *out is allocated. */
static size_t ways_left(const struct plan *p, const struct plan_seen *seen, size_t count, struct way **out)
{
	struct way *ways = mem_calloc(count + 1, sizeof(*ways));
	const struct plan_item **items;
	size_t n = 0, kept = 0, planned_count = done_items(p, &items);

	for (size_t i = 0; i < count; i++) {
		const struct session *s = seen[i].s;

		if (!seen[i].stale && s->state == BGP_ESTABLISHED && (p->verb != VERB_WITHDRAW || s->advertised != 0))
			ways[n++] = (struct way){ seen[i].router, text_or(s->vrf, ""), text_or(s->neighbor, ""),
				s->remote_as };
	}
	qsort(ways, n, sizeof(*ways), cmp_way);
	for (size_t i = 0; i < n; i++)
		if ((kept == 0 || cmp_way(&ways[kept - 1], &ways[i]) != 0) && !planned(&ways[i], items, planned_count))
			ways[kept++] = ways[i];
	free(items);
	*out = ways;
	return kept;
}

/* The first way of this network, and how many there are. */
static const struct way *ways_of(const struct way *ways, size_t count, asn_t asn, size_t *n)
{
	size_t low = 0, high = count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (ways[middle].asn < asn)
			low = middle + 1;
		else
			high = middle;
	}
	for (*n = 0; low + *n < count && ways[low + *n].asn == asn;)
		++*n;
	return &ways[low];
}

static const char *last_line(const struct plan *p, const struct plan_item *item)
{
	static const char *const loses[VERB_COUNT] = {
		[VERB_SUSPEND] = "no other session with it is up",
		[VERB_WITHDRAW] = "nothing is announced to it any more",
		[VERB_WITHDRAW_PREFIXES] = "the chosen prefixes are announced to it nowhere else",
		[VERB_GSHUT] = "its traffic has no other session to move to",
	};

	return arena_printf(p->arena, "LAST session with AS%u%s%s: %s", item->remote_as,
	    item->network[0] != '\0' ? " " : "", item->network,
	    loses[p->verb] != NULL ? loses[p->verb] : "no other session with it is up");
}

static const char *left_line(const struct plan *p, const struct plan_item *item, const struct way *ways, size_t n)
{
	const char *line;
	struct str where;

	str_init(&where, 1024);
	for (size_t i = 0; i < n && i < PLACES_NAMED; i++)
		str_addf(&where, "%s%s %s", i > 0 ? ", " : "", ways[i].router, ways[i].neighbor);
	if (n > PLACES_NAMED)
		str_puts(&where, ", ...");
	line = arena_printf(p->arena, "%zu other session%s with AS%u stay%s %s: %s", n, n == 1 ? "" : "s",
	    item->remote_as, n == 1 ? "s" : "", p->verb == VERB_WITHDRAW ? "announced" : "up", where.p);
	str_fini(&where);
	return line;
}

static int cmp_asn(const void *va, const void *vb)
{
	const struct plan_item *const *a = va, *const *b = vb;

	if ((*a)->remote_as != (*b)->remote_as)
		return (*a)->remote_as < (*b)->remote_as ? -1 : 1;
	return *a < *b ? -1 : *a > *b;
}

static int cmp_order(const void *va, const void *vb)
{
	const struct plan_item *const *a = va, *const *b = vb;

	return *a < *b ? -1 : *a > *b;
}

/* The first item of each network, in the plan's order; *out is allocated. */
static size_t networks(const struct plan *p, const struct plan_item ***out)
{
	const struct plan_item **firsts = mem_calloc(p->count + 1, sizeof(*firsts));
	size_t n = 0, kept = 0;

	for (size_t i = 0; i < p->count; i++)
		if (p->items[i].skip == NULL && p->items[i].remote_as != ASN_UNKNOWN)
			firsts[n++] = &p->items[i];
	qsort(firsts, n, sizeof(*firsts), cmp_asn);
	for (size_t i = 0; i < n; i++)
		if (kept == 0 || firsts[kept - 1]->remote_as != firsts[i]->remote_as)
			firsts[kept++] = firsts[i];
	qsort(firsts, kept, sizeof(*firsts), cmp_order);
	*out = firsts;
	return kept;
}

void plan_impact(struct plan *p, const struct plan_seen *seen, size_t count)
{
	const struct plan_item **firsts;
	size_t n = networks(p, &firsts), way_count, lines = 0;
	const char **last = arena_alloc(p->arena, (2 * n + 2) * sizeof(*last)), **left = last + n + 1;
	struct way *ways;

	p->impact = last;
	if (!verb_info(p->verb)->opens_ledger)
		n = 0;
	way_count = ways_left(p, seen, count, &ways);
	for (size_t i = 0; i < n; i++) {
		size_t others;
		const struct way *first = ways_of(ways, way_count, firsts[i]->remote_as, &others);

		if (others == 0)
			last[p->last_count++] = last_line(p, firsts[i]);
		else
			left[lines++] = left_line(p, firsts[i], first, others);
	}
	memcpy(&last[p->last_count], left, lines * sizeof(*last));
	last[p->last_count + lines] = NULL;
	free(ways);
	free(firsts);
}

void plan_warn_book(struct plan *p, const struct book *b)
{
	asn_t *said = NULL;
	size_t n = 0, cap = 0;

	/* Before the plan is sealed its items still lie in the parts. */
	for (size_t part = 0; part < p->part_count; part++)
		for (size_t i = 0; i < p->parts[part]->count; i++) {
			const struct plan_item *item = &p->parts[part]->items[i];
			const char *words = item->skip == NULL ? book_warning(b, item->remote_as) : NULL;
			size_t k = 0;

			while (k < n && said[k] != item->remote_as)
				k++;
			if (words == NULL || k < n)
				continue;
			MEM_GROW(said, cap, n + 1);
			said[n++] = item->remote_as;
			plan_warn(p, "AS%u: %s", item->remote_as, words);
		}
	free(said);
}
