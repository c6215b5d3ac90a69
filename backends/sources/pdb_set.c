/* Rows become networks; see pdb_set.h. */
#include "backends/sources/pdb_set.h"
#include "backends/sources/pdb_keys.h"
#include "core/base/mem.h"
#include "core/base/scan.h"

#include <stdlib.h>
#include <string.h>

struct load {
	struct store *store;
	struct peer_set *set;
	struct peer *peers;
	size_t peer_count, peer_cap;
	struct exchange *exchanges;
	size_t exchange_count, exchange_cap;
	/* Of the one network or exchange being read. */
	struct contact *contacts;
	size_t contact_count, contact_cap;
	struct presence *ports;
	size_t port_count, port_cap;
	struct prefix *prefixes;
	size_t prefix_count, prefix_cap;
};

static struct text text_of(const struct load *l, const struct pdb_row *row, const char *field)
{
	struct slice s = pdb_row_text(row, field);

	return s.p != NULL ? text_safe(l->set->arena, s) : (struct text){ NULL };
}

static enum tri tri_of(const struct pdb_row *row, const char *field)
{
	int64_t v = pdb_row_int(row, field, -1);

	return v < 0 ? TRI_UNKNOWN : v > 0 ? TRI_YES : TRI_NO;
}

static void *arena_copy(const struct load *l, const void *from, size_t n, size_t size)
{
	void *to = arena_alloc(l->set->arena, n * size);

	if (n > 0)
		memcpy(to, from, n * size);
	return to;
}

/* --- networks ---------------------------------------------------------------------- */

static int add_contact(void *arg, const struct pdb_row *row)
{
	struct load *l = arg;

	MEM_GROW(l->contacts, l->contact_cap, l->contact_count + 1);
	l->contacts[l->contact_count++] = (struct contact){
		.role = text_of(l, row, "role"), .name = text_of(l, row, "name"),
		.phone = text_of(l, row, "phone"), .email = text_of(l, row, "email"),
		.url = text_of(l, row, "url"), .visible = text_of(l, row, "visible"),
		.updated_wall_ms = pdb_row_int(row, "updated", -1),
	};
	return 0;
}

static void read_addr(const struct pdb_row *row, const char *field, struct addr *a)
{
	struct slice s = pdb_row_text(row, field);

	if (s.p == NULL || !addr_parse(s, a))
		*a = (struct addr){ 0 };
}

static int add_port(void *arg, const struct pdb_row *row)
{
	struct load *l = arg;
	struct presence *p;

	MEM_GROW(l->ports, l->port_cap, l->port_count + 1);
	p = &l->ports[l->port_count++];
	*p = (struct presence){
		.ix_id = (uint32_t)pdb_row_int(row, "ix_id", 0),
		.ixlan_id = (uint32_t)pdb_row_int(row, "ixlan_id", 0),
		.ix_name = text_of(l, row, "name"), .speed_mbit = pdb_row_int(row, "speed", -1),
		.rs_peer = tri_of(row, "is_rs_peer"), .operational = tri_of(row, "operational"),
	};
	read_addr(row, "ipaddr4", &p->ip4);
	read_addr(row, "ipaddr6", &p->ip6);
	return 0;
}

static int add_net(void *arg, const struct pdb_row *row)
{
	struct load *l = arg;
	asn_t asn = (asn_t)pdb_row_int(row, "asn", 0);
	struct peer *p;

	/* Rows come by id: of two with one ASN the later row is the one that lives. */
	if (l->peer_count > 0 && l->peers[l->peer_count - 1].asn == asn)
		l->peer_count--;
	MEM_GROW(l->peers, l->peer_cap, l->peer_count + 1);
	p = &l->peers[l->peer_count++];
	*p = (struct peer){
		.asn = asn, .net_id = (uint32_t)row->v[PDB_AT_ID].i, .name = text_of(l, row, "name"),
		.aka = text_of(l, row, "aka"), .name_long = text_of(l, row, "name_long"),
		.website = text_of(l, row, "website"), .looking_glass = text_of(l, row, "looking_glass"),
		.policy_general = text_of(l, row, "policy_general"), .policy_url = text_of(l, row, "policy_url"),
		.info_type = text_of(l, row, "info_type"), .info_traffic = text_of(l, row, "info_traffic"),
		.info_scope = text_of(l, row, "info_scope"), .notes = text_of(l, row, "notes"),
		.irr_as_set = text_of(l, row, "irr_as_set"),
		.status_dashboard = text_of(l, row, "status_dashboard"),
		.info_prefixes4 = pdb_row_int(row, "info_prefixes4", COUNT_UNKNOWN),
		.info_prefixes6 = pdb_row_int(row, "info_prefixes6", COUNT_UNKNOWN),
		.fetched_wall_ms = row->read_wall_ms, .updated_wall_ms = pdb_row_int(row, "updated", -1),
	};
	return 0;
}

static enum contacts_seen seen_of(struct load *l, asn_t asn)
{
	struct store_mark m;
	struct store_asked a;
	bool asked = store_asked_get(l->store, PDB_NET, asn, &a, NULL) == 1;

	if ((asked && a.with_key) || store_mark_get(l->store, PDB_POC, true, &m, NULL) == 1)
		return CONTACTS_ALL;
	return asked || store_mark_get(l->store, PDB_POC, false, &m, NULL) == 1 ? CONTACTS_PUBLIC_ONLY :
	    CONTACTS_UNKNOWN;
}

static int fill_peer(struct load *l, struct peer *p, struct err *e)
{
	const int64_t net_id = p->net_id;

	l->contact_count = l->port_count = 0;
	if (store_rows(l->store, PDB_POC, "net_id", &net_id, 1, add_contact, l, e) < 0 ||
	    store_rows(l->store, PDB_NETIXLAN, "net_id", &net_id, 1, add_port, l, e) < 0)
		return -1;
	peer_contacts_sort(l->contacts, l->contact_count);
	p->contacts_seen = seen_of(l, p->asn);
	p->contacts = arena_copy(l, l->contacts, l->contact_count, sizeof(*l->contacts));
	p->contact_count = l->contact_count;
	p->presence = arena_copy(l, l->ports, l->port_count, sizeof(*l->ports));
	p->presence_count = l->port_count;
	return 0;
}

static struct pdb_keys sorted_keys(const asn_t *asns, size_t n)
{
	struct pdb_keys keys = { 0 };

	for (size_t i = 0; i < n; i++)
		if (asns[i] != ASN_UNKNOWN)
			pdb_keys_add(&keys, asns[i]);
	pdb_keys_sort(&keys);
	return keys;
}

/* Those that PeeringDB was asked about and does not have.  A snapshot proves nothing: it may be a part. */
static void load_absent(struct load *l, const int64_t *keys, size_t n)
{
	asn_t *absent = arena_alloc(l->set->arena, n * sizeof(*absent));
	size_t at = 0, count = 0;

	for (size_t i = 0; i < n; i++) {
		struct store_asked a;

		while (at < l->peer_count && l->peers[at].asn < keys[i])
			at++;
		if (at < l->peer_count && l->peers[at].asn == keys[i])
			continue;
		if (store_asked_get(l->store, PDB_NET, keys[i], &a, NULL) == 1)
			absent[count++] = (asn_t)keys[i];
	}
	l->set->absent = absent;
	l->set->absent_count = count;
}

static int load_peers(struct load *l, const int64_t *keys, size_t n, struct err *e)
{
	if (store_rows(l->store, PDB_NET, "asn", keys, n, add_net, l, e) < 0)
		return -1;
	for (size_t i = 0; i < l->peer_count; i++) {
		struct peer *p = &l->peers[i];

		if (fill_peer(l, p, e) < 0)
			return -1;
		if (l->set->oldest_wall_ms == 0 || p->fetched_wall_ms < l->set->oldest_wall_ms)
			l->set->oldest_wall_ms = p->fetched_wall_ms;
	}
	load_absent(l, keys, n);
	return 0;
}

/* --- exchanges --------------------------------------------------------------------- */

static int add_exchange(void *arg, const struct pdb_row *row)
{
	struct load *l = arg;

	MEM_GROW(l->exchanges, l->exchange_cap, l->exchange_count + 1);
	l->exchanges[l->exchange_count++] = (struct exchange){
		.ix_id = (uint32_t)row->v[PDB_AT_ID].i, .name = text_of(l, row, "name"),
		.name_long = text_of(l, row, "name_long"), .city = text_of(l, row, "city"),
		.country = text_of(l, row, "country"), .website = text_of(l, row, "website"),
		.status_dashboard = text_of(l, row, "status_dashboard"),
		.tech_email = text_of(l, row, "tech_email"), .tech_phone = text_of(l, row, "tech_phone"),
		.policy_email = text_of(l, row, "policy_email"), .policy_phone = text_of(l, row, "policy_phone"),
	};
	return 0;
}

/* Rows of ixlan and ixpfx, reduced to what joins them; read whole, for one query each is cheaper than thousands. */
struct lan_row {
	uint32_t ixlan_id, ix_id;
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
	l->p[l->n++] = (struct lan_row){ (uint32_t)row->v[PDB_AT_ID].i, (uint32_t)pdb_row_int(row, "ix_id", 0) };
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

static void take_prefixes(struct load *l, struct exchange *x, const struct pfx_rows *all)
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
	x->prefixes = arena_copy(l, l->prefixes, l->prefix_count, sizeof(*l->prefixes));
	x->prefix_count = l->prefix_count;
}

/* One exchange for each of its LANs (nearly all have one); both lists are sorted by ix. */
static void join_exchanges(struct load *l, const struct lan_rows *lans, const struct pfx_rows *prefixes)
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
			take_prefixes(l, &out[count++], prefixes);
		}
		if (count == before)
			out[count++] = l->exchanges[i];
	}
	l->set->exchanges = out;
	l->set->exchange_count = count;
}

static int load_exchanges(struct load *l, struct err *e)
{
	struct lan_rows lans = { 0 };
	struct pfx_rows prefixes = { 0 };
	int rc = store_rows(l->store, PDB_IX, NULL, NULL, 0, add_exchange, l, e);

	if (rc == 0)
		rc = store_rows(l->store, PDB_IXLAN, NULL, NULL, 0, add_lan, &lans, e);
	if (rc == 0)
		rc = store_rows(l->store, PDB_IXPFX, NULL, NULL, 0, add_pfx, &prefixes, e);
	if (lans.n > 0)
		qsort(lans.p, lans.n, sizeof(*lans.p), lan_by_ix);
	if (prefixes.n > 0)
		qsort(prefixes.p, prefixes.n, sizeof(*prefixes.p), pfx_by_lan);
	join_exchanges(l, &lans, &prefixes);
	free(lans.p);
	free(prefixes.p);
	return rc;
}

struct peer_set *pdb_load(struct store *s, const asn_t *asns, size_t n, struct err *e)
{
	struct load l = { .store = s, .set = peer_set_new() };
	struct pdb_keys keys = sorted_keys(asns, n);

	load_peers(&l, keys.p, keys.n, e);
	load_exchanges(&l, e);
	l.set->peers = arena_copy(&l, l.peers, l.peer_count, sizeof(*l.peers));
	l.set->peer_count = l.peer_count;
	peer_set_index(l.set);
	free(keys.p);
	free(l.peers);
	free(l.exchanges);
	free(l.contacts);
	free(l.ports);
	free(l.prefixes);
	return l.set;
}
