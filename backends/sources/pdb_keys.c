/* Sets of ids; see pdb_keys.h. */
#include "backends/sources/pdb_keys.h"
#include "core/base/mem.h"

#include <stdlib.h>

static int key_cmp(const void *x, const void *y)
{
	int64_t a = *(const int64_t *)x, b = *(const int64_t *)y;

	return a < b ? -1 : a > b;
}

void pdb_keys_add(struct pdb_keys *k, int64_t v)
{
	MEM_GROW(k->p, k->cap, k->n + 1);
	k->p[k->n++] = v;
}

void pdb_keys_sort(struct pdb_keys *k)
{
	size_t kept = 0;

	if (k->n > 1)
		qsort(k->p, k->n, sizeof(*k->p), key_cmp);
	for (size_t i = 0; i < k->n; i++)
		if (kept == 0 || k->p[kept - 1] != k->p[i])
			k->p[kept++] = k->p[i];
	k->n = kept;
}

bool pdb_keys_hold(const struct pdb_keys *k, int64_t v)
{
	return k->n > 0 && bsearch(&v, k->p, k->n, sizeof(*k->p), key_cmp) != NULL;
}
