/* Networks out of rows; see pdb_set_priv.h. */
#include "backends/sources/pdb_set_priv.h"
#include "core/base/mem.h"
#include "core/base/scan.h"

#include <stdlib.h>

static int add_contact(void *arg, const struct pdb_row *row)
{
	struct pdb_loading *l = arg;

	MEM_GROW(l->contacts, l->contact_cap, l->contact_count + 1);
	l->contacts[l->contact_count++] = (struct contact){
		.role = pdb_text_of(l, row, "role"), .name = pdb_text_of(l, row, "name"),
		.phone = pdb_text_of(l, row, "phone"), .email = pdb_text_of(l, row, "email"),
		.url = pdb_text_of(l, row, "url"), .visible = pdb_text_of(l, row, "visible"),
		.read_wall_ms = row->read_wall_ms, .updated_wall_ms = pdb_row_int(row, "updated", -1),
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
	struct pdb_loading *l = arg;
	struct presence *p;

	MEM_GROW(l->ports, l->port_cap, l->port_count + 1);
	p = &l->ports[l->port_count++];
	*p = (struct presence){
		.id = (uint32_t)row->v[PDB_AT_ID].i,
		.asn = (asn_t)pdb_row_int(row, "asn", ASN_UNKNOWN),
		.ix_id = (uint32_t)pdb_row_int(row, "ix_id", 0),
		.ixlan_id = (uint32_t)pdb_row_int(row, "ixlan_id", 0),
		.ix_name = pdb_text_of(l, row, "name"), .speed_mbit = pdb_row_int(row, "speed", -1),
		.rs_peer = pdb_tri_of(row, "is_rs_peer"), .operational = pdb_tri_of(row, "operational"),
		.bfd = pdb_tri_of(row, "bfd_support"), .notes = pdb_text_of(l, row, "notes"),
		.read_wall_ms = row->read_wall_ms, .updated_wall_ms = pdb_row_int(row, "updated", -1),
	};
	pdb_keys_add(&l->ix_ids, p->ix_id);
	read_addr(row, "ipaddr4", &p->ip4);
	read_addr(row, "ipaddr6", &p->ip6);
	return 0;
}

static int add_site(void *arg, const struct pdb_row *row)
{
	struct pdb_loading *l = arg;

	MEM_GROW(l->sites, l->site_cap, l->site_count + 1);
	l->sites[l->site_count] = (struct site){
		.fac_id = (uint32_t)pdb_row_int(row, "fac_id", 0), .name = pdb_text_of(l, row, "name"),
		.city = pdb_text_of(l, row, "city"), .country = pdb_text_of(l, row, "country"),
		.read_wall_ms = row->read_wall_ms, .updated_wall_ms = pdb_row_int(row, "updated", -1),
	};
	pdb_keys_add(&l->fac_ids, l->sites[l->site_count++].fac_id);
	return 0;
}

static int site_cmp(const void *x, const void *y)
{
	const struct site *a = x, *b = y;

	return a->fac_id < b->fac_id ? -1 : a->fac_id > b->fac_id;
}

static int add_net(void *arg, const struct pdb_row *row)
{
	struct pdb_loading *l = arg;
	asn_t asn = (asn_t)pdb_row_int(row, "asn", 0);
	struct peer *p;

	/* Rows come by id: of two with one ASN the later row is the one that lives. */
	if (l->peer_count > 0 && l->peers[l->peer_count - 1].asn == asn)
		l->peer_count--;
	MEM_GROW(l->peers, l->peer_cap, l->peer_count + 1);
	p = &l->peers[l->peer_count++];
	*p = (struct peer){
		.asn = asn, .net_id = (uint32_t)row->v[PDB_AT_ID].i, .name = pdb_text_of(l, row, "name"),
		.aka = pdb_text_of(l, row, "aka"), .name_long = pdb_text_of(l, row, "name_long"),
		.website = pdb_text_of(l, row, "website"), .looking_glass = pdb_text_of(l, row, "looking_glass"),
		.policy_general = pdb_text_of(l, row, "policy_general"), .policy_url = pdb_text_of(l, row, "policy_url"),
		.info_type = pdb_text_of(l, row, "info_type"), .info_traffic = pdb_text_of(l, row, "info_traffic"),
		.info_scope = pdb_text_of(l, row, "info_scope"), .notes = pdb_text_of(l, row, "notes"),
		.irr_as_set = pdb_text_of(l, row, "irr_as_set"),
		.status_dashboard = pdb_text_of(l, row, "status_dashboard"),
		.route_server = pdb_text_of(l, row, "route_server"), .info_ratio = pdb_text_of(l, row, "info_ratio"),
		.policy_locations = pdb_text_of(l, row, "policy_locations"),
		.policy_contracts = pdb_text_of(l, row, "policy_contracts"),
		.rir_status = pdb_text_of(l, row, "rir_status"), .policy_ratio = pdb_tri_of(row, "policy_ratio"),
		.never_via_rs = pdb_tri_of(row, "info_never_via_route_servers"),
		.info_ipv6 = pdb_tri_of(row, "info_ipv6"), .info_unicast = pdb_tri_of(row, "info_unicast"),
		.info_multicast = pdb_tri_of(row, "info_multicast"),
		.org_id = (uint32_t)pdb_row_int(row, "org_id", 0),
		.ix_count = pdb_row_int(row, "ix_count", COUNT_UNKNOWN),
		.fac_count = pdb_row_int(row, "fac_count", COUNT_UNKNOWN),
		.info_prefixes4 = pdb_row_int(row, "info_prefixes4", COUNT_UNKNOWN),
		.info_prefixes6 = pdb_row_int(row, "info_prefixes6", COUNT_UNKNOWN),
		.fetched_wall_ms = row->read_wall_ms, .updated_wall_ms = pdb_row_int(row, "updated", -1),
	};
	return 0;
}

static enum contacts_seen seen_of(struct pdb_loading *l, asn_t asn)
{
	struct store_mark m;
	struct store_asked a;
	bool asked = store_asked_get(l->store, PDB_NET, asn, &a, NULL) == 1;

	if ((asked && a.with_key) || store_mark_get(l->store, PDB_POC, true, &m, NULL) == 1)
		return CONTACTS_ALL;
	return asked || store_mark_get(l->store, PDB_POC, false, &m, NULL) == 1 ? CONTACTS_PUBLIC_ONLY :
	    CONTACTS_UNKNOWN;
}

/* The network's facilities were asked for, or the whole table was read. */
static bool sites_known(struct pdb_loading *l, uint32_t net_id)
{
	struct store_mark m;
	struct store_asked a;

	return store_asked_get(l->store, PDB_NETFAC, net_id, &a, NULL) == 1 ||
	       store_mark_get(l->store, PDB_NETFAC, false, &m, NULL) == 1;
}

struct named {
	struct pdb_loading *l;
	struct text *name;
};

static int take_name(void *arg, const struct pdb_row *row)
{
	const struct named *n = arg;

	*n->name = pdb_text_of(n->l, row, "name");
	return 1;
}

static int fill_peer(struct pdb_loading *l, struct peer *p, struct err *e)
{
	const int64_t net_id = p->net_id, org_id = p->org_id;
	struct named org = { l, &p->org_name };

	l->contact_count = l->port_count = l->site_count = 0;
	if (store_rows(l->store, PDB_POC, "net_id", &net_id, 1, add_contact, l, e) < 0 ||
	    store_rows(l->store, PDB_NETIXLAN, "net_id", &net_id, 1, add_port, l, e) < 0 ||
	    store_rows(l->store, PDB_NETFAC, "net_id", &net_id, 1, add_site, l, e) < 0 ||
	    store_rows(l->store, PDB_ORG, "id", &org_id, 1, take_name, &org, e) < 0)
		return -1;
	peer_contacts_sort(l->contacts, l->contact_count);
	if (l->site_count > 0)
		qsort(l->sites, l->site_count, sizeof(*l->sites), site_cmp);
	p->contacts_seen = seen_of(l, p->asn);
	p->contacts = pdb_arena_copy(l, l->contacts, l->contact_count, sizeof(*l->contacts));
	p->contact_count = l->contact_count;
	p->presence = pdb_arena_copy(l, l->ports, l->port_count, sizeof(*l->ports));
	p->presence_count = l->port_count;
	p->sites = pdb_arena_copy(l, l->sites, l->site_count, sizeof(*l->sites));
	p->site_count = l->site_count;
	p->sites_known = l->site_count > 0 || sites_known(l, p->net_id);
	return 0;
}

int pdb_load_nets(struct pdb_loading *l, const int64_t *asns, size_t n, struct err *e)
{
	if (store_rows(l->store, PDB_NET, "asn", asns, n, add_net, l, e) < 0)
		return -1;
	for (size_t i = 0; i < l->peer_count; i++) {
		struct peer *p = &l->peers[i];

		if (fill_peer(l, p, e) < 0)
			return -1;
		if (l->set->oldest_wall_ms == 0 || p->fetched_wall_ms < l->set->oldest_wall_ms)
			l->set->oldest_wall_ms = p->fetched_wall_ms;
	}
	return 0;
}
