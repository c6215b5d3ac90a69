/* What a registry says of the networks that are there; see collect.h. */
#include "app/collect_priv.h"
#include "backends/sources/rdap.h"
#include "core/base/mem.h"

#include <stdlib.h>

static int by_asn(const void *a, const void *b)
{
	asn_t x = *(const asn_t *)a, y = *(const asn_t *)b;

	return x < y ? -1 : x > y;
}

/* Sorted, each once; to be freed. */
static size_t networks_of(const struct collect *c, asn_t **out)
{
	asn_t *list = mem_calloc(HASH_COUNT(c->places) + 1, sizeof(*list));
	size_t n = 0, kept = 0;

	for (const struct place *p = c->places; p != NULL; p = p->hh.next)
		if (!p->internal && p->asn != ASN_UNKNOWN)
			list[n++] = p->asn;
	if (c->applicant_asn != ASN_UNKNOWN)
		list[n++] = c->applicant_asn;
	qsort(list, n, sizeof(*list), by_asn);
	for (size_t i = 0; i < n; i++)
		if (kept == 0 || list[kept - 1] != list[i])
			list[kept++] = list[i];
	*out = list;
	return kept;
}

void collect_want_rdap(struct collect *c)
{
	asn_t *asns;
	size_t n = networks_of(c, &asns);
	char (*keys)[KEEPER_KEY_MAX + 1] = mem_calloc(n + 1, sizeof(*keys));
	const char **list = mem_calloc(n + 1, sizeof(*list));

	for (size_t i = 0; i < n; i++) {
		rdap_key(keys[i], asns[i]);
		list[i] = keys[i];
	}
	keeper_want(c->rdap, list, n);
	free(list);
	free(keys);
	free(asns);
}

const struct registered_set *collect_registered(struct collect *c, struct arena *a)
{
	struct registered_set *set;
	struct registered *list;
	asn_t *asns;
	size_t n;

	if (c->rdap == NULL)
		return NULL;
	n = networks_of(c, &asns);
	list = arena_alloc(a, (n + 1) * sizeof(*list));
	for (size_t i = 0; i < n; i++) {
		char key[KEEPER_KEY_MAX + 1];
		struct kept_view v;

		rdap_key(key, asns[i]);
		keeper_get(c->rdap, key, &v);
		list[i] = (struct registered){ .asn = asns[i], .asked_wall_ms = -1 };
		if (v.answer != NULL)
			registered_copy(&list[i], &((const struct rdap_answer *)v.answer)->r, a);
		if (v.err.code != ERR_NONE)
			list[i].trouble = text_safez(a, v.err.text);
		keeper_release(v.hold);
	}
	free(asns);
	set = arena_alloc(a, sizeof(*set));
	*set = (struct registered_set){ list, n };
	return set;
}

uint64_t collect_registered_stamp(struct collect *c)
{
	struct keeper_state st;

	if (c->rdap == NULL)
		return 0;
	keeper_state(c->rdap, &st);
	return (uint64_t)st.last_wall_ms * 31 + st.answered * 1000003 + st.failing * 10007 + st.wanted;
}
