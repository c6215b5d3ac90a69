/*
 * Route origin validation by one walk; see vrp.h.
 *
 * Payloads and prefixes are in the same order, in which what covers a prefix stands before it.  So the payloads that
 * may cover what comes next are a stack: each lies inside the one below.  A full table against all payloads is two
 * arrays read once.
 */
#include "core/model/vrp.h"
#include "core/base/mem.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

struct vrp {
	struct prefix p;
	uint8_t max_length;
	asn_t asn;
};

struct vrp_table {
	atomic_uint refs;
	struct vrp *rows; /* IPv4 first */
	size_t count;
};

struct vrp_builder {
	struct vrp *rows;
	size_t count, cap;
};

struct vrp_builder *vrp_builder_new(void)
{
	return MEM_NEW(struct vrp_builder);
}

void vrp_builder_free(struct vrp_builder *b)
{
	if (b == NULL)
		return;
	free(b->rows);
	free(b);
}

bool vrp_add(struct vrp_builder *b, const struct prefix *p, int max_length, asn_t asn)
{
	int most = p->net.family == ADDR_IP6 ? 128 : 32;

	if (max_length < p->len || max_length > most || b->count >= VRPS_MAX)
		return false;
	MEM_GROW(b->rows, b->cap, b->count + 1);
	b->rows[b->count++] = (struct vrp){ *p, (uint8_t)max_length, asn };
	return true;
}

size_t vrp_builder_count(const struct vrp_builder *b)
{
	return b->count;
}

static int prefix_order(const struct prefix *a, const struct prefix *b)
{
	int c = addr_cmp(&a->net, &b->net);

	return c != 0 ? c : a->len < b->len ? -1 : a->len > b->len;
}

static int order(const void *x, const void *y)
{
	return prefix_order(&((const struct vrp *)x)->p, &((const struct vrp *)y)->p);
}

struct vrp_table *vrp_freeze(struct vrp_builder *b)
{
	struct vrp_table *t = MEM_NEW(struct vrp_table);

	atomic_init(&t->refs, 1);
	if (b->count > 0)
		qsort(b->rows, b->count, sizeof(*b->rows), order);
	t->rows = b->rows;
	t->count = b->count;
	free(b);
	return t;
}

struct vrp_table *vrp_ref(struct vrp_table *t)
{
	if (t != NULL)
		atomic_fetch_add_explicit(&t->refs, 1, memory_order_relaxed);
	return t;
}

void vrp_unref(struct vrp_table *t)
{
	if (t == NULL || atomic_fetch_sub_explicit(&t->refs, 1, memory_order_acq_rel) != 1)
		return;
	free(t->rows);
	free(t);
}

size_t vrp_count(const struct vrp_table *t)
{
	return t != NULL ? t->count : 0;
}

static bool covers(const struct vrp *v, const struct prefix *p)
{
	return v->p.len <= p->len && prefix_holds(&v->p, &p->net);
}

struct stack {
	const struct vrp **at;
	size_t count, cap;
};

static void leave(struct stack *s, const struct prefix *p)
{
	while (s->count > 0 && !covers(s->at[s->count - 1], p))
		s->count--;
}

static enum validity judge(const struct stack *s, const struct prefix *p, asn_t origin)
{
	if (s->count == 0)
		return VALIDITY_NOT_FOUND;
	if (origin == ASN_UNKNOWN)
		return VALIDITY_UNKNOWN;
	for (size_t i = 0; i < s->count; i++)
		if (s->at[i]->asn == origin && p->len <= s->at[i]->max_length)
			return VALIDITY_VALID;
	return VALIDITY_INVALID;
}

void vrp_validate(const struct vrp_table *t, const struct prefixset *set,
    void (*each)(void *ctx, const struct prefix *p, asn_t origin, enum validity v), void *ctx)
{
	struct stack s = { NULL, 0, 0 };
	size_t next = 0;

	for (size_t i = 0; i < prefixset_count(set); i++) {
		struct prefix p;
		asn_t origin;

		prefixset_at(set, i, &p, &origin);
		for (; next < vrp_count(t) && prefix_order(&t->rows[next].p, &p) <= 0; next++) {
			leave(&s, &t->rows[next].p);
			MEM_GROW(s.at, s.cap, s.count + 1);
			s.at[s.count++] = &t->rows[next];
		}
		leave(&s, &p);
		each(ctx, &p, origin, judge(&s, &p, origin));
	}
	free(s.at);
}
