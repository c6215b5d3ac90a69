/* Exchanges and facilities out of rows; see pdb_set_priv.h. */
#include "backends/sources/pdb_set_priv.h"
#include "core/base/mem.h"
#include "core/base/scan.h"

#include <stdlib.h>
#include <string.h>

static int add_exchange(void *arg, const struct pdb_row *row)
{
	struct pdb_loading *l = arg;

	MEM_GROW(l->exchanges, l->exchange_cap, l->exchange_count + 1);
	l->exchanges[l->exchange_count++] = (struct exchange){
		.ix_id = (uint32_t)row->v[PDB_AT_ID].i, .name = pdb_text_of(l, row, "name"),
		.name_long = pdb_text_of(l, row, "name_long"), .city = pdb_text_of(l, row, "city"),
		.country = pdb_text_of(l, row, "country"), .website = pdb_text_of(l, row, "website"),
		.status_dashboard = pdb_text_of(l, row, "status_dashboard"),
		.tech_email = pdb_text_of(l, row, "tech_email"), .tech_phone = pdb_text_of(l, row, "tech_phone"),
		.policy_email = pdb_text_of(l, row, "policy_email"), .policy_phone = pdb_text_of(l, row, "policy_phone"),
		.sales_email = pdb_text_of(l, row, "sales_email"), .sales_phone = pdb_text_of(l, row, "sales_phone"),
		.aka = pdb_text_of(l, row, "aka"), .media = pdb_text_of(l, row, "media"),
		.service_level = pdb_text_of(l, row, "service_level"),
		.net_count = pdb_row_int(row, "net_count", COUNT_UNKNOWN), .mtu = COUNT_UNKNOWN,
		.read_wall_ms = row->read_wall_ms, .updated_wall_ms = pdb_row_int(row, "updated", -1),
	};
	return 0;
}

/* Rows of ixlan and ixpfx, reduced to what joins them; read whole, for one query each is cheaper than thousands. */
struct lan_row {
	uint32_t ixlan_id, ix_id;
	asn_t rs_asn;
	count_t mtu;
};
struct lan_rows {
	struct lan_row *p;
	size_t n, cap;
};
struct pfx_row {
	uint32_t ixlan_id;
	struct prefix prefix;
};
struct pfx_rows {
	struct pfx_row *p;
	size_t n, cap;
};

static int add_lan(void *arg, const struct pdb_row *row)
{
	struct lan_rows *l = arg;

	MEM_GROW(l->p, l->cap, l->n + 1);
	l->p[l->n++] = (struct lan_row){ (uint32_t)row->v[PDB_AT_ID].i, (uint32_t)pdb_row_int(row, "ix_id", 0),
		(asn_t)pdb_row_int(row, "rs_asn", ASN_UNKNOWN), pdb_row_int(row, "mtu", COUNT_UNKNOWN) };
	return 0;
}

static int add_pfx(void *arg, const struct pdb_row *row)
{
	struct pfx_rows *l = arg;
	struct prefix p;

	if (!prefix_parse(pdb_row_text(row, "prefix"), &p))
		return 0;
	MEM_GROW(l->p, l->cap, l->n + 1);
	l->p[l->n++] = (struct pfx_row){ (uint32_t)pdb_row_int(row, "ixlan_id", 0), p };
	return 0;
}

static int lan_by_ix(const void *x, const void *y)
{
	const struct lan_row *a = x, *b = y;

	if (a->ix_id != b->ix_id)
		return a->ix_id < b->ix_id ? -1 : 1;
	return a->ixlan_id < b->ixlan_id ? -1 : a->ixlan_id > b->ixlan_id;
}

static int pfx_by_lan(const void *x, const void *y)
{
	const struct pfx_row *a = x, *b = y;

	return a->ixlan_id < b->ixlan_id ? -1 : a->ixlan_id > b->ixlan_id;
}

static void take_prefixes(struct pdb_loading *l, struct exchange *x, const struct pfx_rows *all)
{
	size_t low = 0, high = all->n;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (all->p[mid].ixlan_id < x->ixlan_id)
			low = mid + 1;
		else
			high = mid;
	}
	l->prefix_count = 0;
	for (; low < all->n && all->p[low].ixlan_id == x->ixlan_id; low++) {
		MEM_GROW(l->prefixes, l->prefix_cap, l->prefix_count + 1);
		l->prefixes[l->prefix_count++] = all->p[low].prefix;
	}
	x->prefixes = pdb_arena_copy(l, l->prefixes, l->prefix_count, sizeof(*l->prefixes));
	x->prefix_count = l->prefix_count;
}

/* One exchange for each of its LANs (nearly all have one); both lists are sorted by ix. */
static void join_exchanges(struct pdb_loading *l, const struct lan_rows *lans, const struct pfx_rows *prefixes)
{
	struct exchange *out = arena_alloc(l->set->arena, (lans->n + l->exchange_count) * sizeof(*out));
	size_t count = 0, at = 0;

	for (size_t i = 0; i < l->exchange_count; i++) {
		size_t before = count;

		while (at < lans->n && lans->p[at].ix_id < l->exchanges[i].ix_id)
			at++;
		for (; at < lans->n && lans->p[at].ix_id == l->exchanges[i].ix_id; at++) {
			out[count] = l->exchanges[i];
			out[count].ixlan_id = lans->p[at].ixlan_id;
			out[count].rs_asn = lans->p[at].rs_asn;
			out[count].mtu = lans->p[at].mtu;
			take_prefixes(l, &out[count++], prefixes);
		}
		if (count == before)
			out[count++] = l->exchanges[i];
	}
	l->set->exchanges = out;
	l->set->exchange_count = count;
}

/* LANs and prefixes: of all exchanges, or of some. */
static int read_lans(struct pdb_loading *l, bool all, struct lan_rows *lans, struct pfx_rows *prefixes, struct err *e)
{
	struct pdb_keys ids = { 0 };
	int rc;

	if (all)
		return store_rows(l->store, PDB_IXLAN, NULL, NULL, 0, add_lan, lans, e) == 0 ?
		    store_rows(l->store, PDB_IXPFX, NULL, NULL, 0, add_pfx, prefixes, e) : -1;
	rc = store_rows(l->store, PDB_IXLAN, "ix_id", l->ix_ids.p, l->ix_ids.n, add_lan, lans, e);
	for (size_t i = 0; i < lans->n; i++)
		pdb_keys_add(&ids, lans->p[i].ixlan_id);
	pdb_keys_sort(&ids);
	if (rc == 0)
		rc = store_rows(l->store, PDB_IXPFX, "ixlan_id", ids.p, ids.n, add_pfx, prefixes, e);
	free(ids.p);
	return rc;
}

static int load_exchanges(struct pdb_loading *l, bool all, struct err *e)
{
	struct lan_rows lans = { 0 };
	struct pfx_rows prefixes = { 0 };
	int rc = store_rows(l->store, PDB_IX, all ? NULL : "id", l->ix_ids.p, all ? 0 : l->ix_ids.n, add_exchange, l, e);

	if (rc == 0)
		rc = read_lans(l, all, &lans, &prefixes, e);
	if (lans.n > 0)
		qsort(lans.p, lans.n, sizeof(*lans.p), lan_by_ix);
	if (prefixes.n > 0)
		qsort(prefixes.p, prefixes.n, sizeof(*prefixes.p), pfx_by_lan);
	join_exchanges(l, &lans, &prefixes);
	free(lans.p);
	free(prefixes.p);
	return rc;
}

static int add_facility(void *arg, const struct pdb_row *row)
{
	struct pdb_loading *l = arg;

	MEM_GROW(l->facilities, l->facility_cap, l->facility_count + 1);
	l->facilities[l->facility_count++] = (struct facility){
		.fac_id = (uint32_t)row->v[PDB_AT_ID].i, .name = pdb_text_of(l, row, "name"),
		.aka = pdb_text_of(l, row, "aka"), .city = pdb_text_of(l, row, "city"),
		.country = pdb_text_of(l, row, "country"), .website = pdb_text_of(l, row, "website"),
		.status_dashboard = pdb_text_of(l, row, "status_dashboard"),
		.tech_email = pdb_text_of(l, row, "tech_email"), .tech_phone = pdb_text_of(l, row, "tech_phone"),
		.sales_email = pdb_text_of(l, row, "sales_email"), .sales_phone = pdb_text_of(l, row, "sales_phone"),
		.read_wall_ms = row->read_wall_ms, .updated_wall_ms = pdb_row_int(row, "updated", -1),
	};
	return 0;
}

int pdb_load_places(struct pdb_loading *l, bool all, struct err *e)
{
	int rc;

	pdb_keys_sort(&l->ix_ids);
	pdb_keys_sort(&l->fac_ids);
	rc = load_exchanges(l, all, e);
	if (store_rows(l->store, PDB_FAC, "id", l->fac_ids.p, l->fac_ids.n, add_facility, l, e) < 0)
		rc = -1;
	l->set->facilities = pdb_arena_copy(l, l->facilities, l->facility_count, sizeof(*l->facilities));
	l->set->facility_count = l->facility_count;
	return rc;
}
