/* Rows become networks; see pdb_set.h. */
#include "backends/sources/pdb_set.h"
#include "backends/sources/pdb_set_priv.h"
#include "backends/sources/pdb_tables.h"
#include "core/base/mem.h"
#include "core/base/scan.h"

#include <stdlib.h>
#include <string.h>

struct text pdb_text_of(const struct pdb_loading *l, const struct pdb_row *row, const char *field)
{
	struct slice s = pdb_row_text(row, field);

	return s.p != NULL ? text_safe(l->set->arena, s) : (struct text){ NULL };
}

enum tri pdb_tri_of(const struct pdb_row *row, const char *field)
{
	int64_t v = pdb_row_int(row, field, -1);

	return v < 0 ? TRI_UNKNOWN : v > 0 ? TRI_YES : TRI_NO;
}

void *pdb_arena_copy(const struct pdb_loading *l, const void *from, size_t n, size_t size)
{
	void *to = arena_alloc(l->set->arena, n * size);

	if (n > 0)
		memcpy(to, from, n * size);
	return to;
}

static struct pdb_keys sorted_keys(const asn_t *asns, size_t n, asn_t own)
{
	struct pdb_keys keys = { 0 };

	for (size_t i = 0; i < n; i++)
		if (asns[i] != ASN_UNKNOWN)
			pdb_keys_add(&keys, asns[i]);
	if (own != ASN_UNKNOWN)
		pdb_keys_add(&keys, own);
	pdb_keys_sort(&keys);
	return keys;
}

/* Those that PeeringDB was asked about, or whose whole table was read, and that are not there.  A snapshot proves nothing: it
 * may be a part. */
static void load_absent(struct pdb_loading *l, const int64_t *keys, size_t n)
{
	asn_t *absent = arena_alloc(l->set->arena, n * sizeof(*absent));
	size_t at = 0, count = 0;
	int64_t read_wall_ms;
	bool whole = pdb_table_whole(l->store, PDB_NET, &read_wall_ms);

	for (size_t i = 0; i < n; i++) {
		struct store_asked a;

		while (at < l->peer_count && l->peers[at].asn < keys[i])
			at++;
		if (at < l->peer_count && l->peers[at].asn == keys[i])
			continue;
		if (whole || store_asked_get(l->store, PDB_NET, keys[i], &a, NULL) == 1)
			absent[count++] = (asn_t)keys[i];
	}
	l->set->absent = absent;
	l->set->absent_count = count;
}

static void loading_fini(struct pdb_loading *l)
{
	free(l->peers);
	free(l->exchanges);
	free(l->facilities);
	free(l->ix_ids.p);
	free(l->fac_ids.p);
	free(l->contacts);
	free(l->ports);
	free(l->sites);
	free(l->prefixes);
}

static struct peer_set *load(struct store *s, const asn_t *asns, size_t n, asn_t own, bool all, struct err *e)
{
	struct pdb_loading l = { .store = s, .set = peer_set_new() };
	struct pdb_keys keys = sorted_keys(asns, n, own);

	store_read_begin(s);
	if (pdb_load_nets(&l, keys.p, keys.n, e) == 0)
		load_absent(&l, keys.p, keys.n);
	pdb_load_places(&l, all, e);
	store_read_end(s);
	l.set->own_asn = own;
	l.set->peers = pdb_arena_copy(&l, l.peers, l.peer_count, sizeof(*l.peers));
	l.set->peer_count = l.peer_count;
	peer_set_index(l.set);
	free(keys.p);
	loading_fini(&l);
	return l.set;
}

struct peer_set *pdb_load(struct store *s, const asn_t *asns, size_t n, asn_t own, struct err *e)
{
	return load(s, asns, n, own, true, e);
}

struct peer_set *pdb_load_only(struct store *s, const asn_t *asns, size_t n, asn_t own, struct err *e)
{
	return load(s, asns, n, own, false, e);
}
