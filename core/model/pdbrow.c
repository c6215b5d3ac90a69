/* The fields of PeeringDB that matter; see pdbrow.h. */
#include "core/model/pdbrow.h"
#include "core/base/mem.h"
#include "core/base/scan.h"

#include <string.h>
#include <time.h>

#define HEAD { "id", PDB_ID, PDB_NEEDED }, { "status", PDB_TEXT, 0 }, { "updated", PDB_TIME, 0 }
#define TEXT_FIELD(name) { name, PDB_TEXT, 0 }
#define LINK_FIELD(name) { name, PDB_ID, PDB_NEEDED | PDB_INDEXED }

static const struct pdb_field org_fields[] = {
	HEAD, TEXT_FIELD("name"), TEXT_FIELD("aka"), TEXT_FIELD("name_long"), TEXT_FIELD("website"),
	TEXT_FIELD("notes"), TEXT_FIELD("address1"), TEXT_FIELD("address2"), TEXT_FIELD("city"),
	TEXT_FIELD("state"), TEXT_FIELD("zipcode"), TEXT_FIELD("country"), { "latitude", PDB_REAL, 0 },
	{ "longitude", PDB_REAL, 0 }, { "created", PDB_TIME, 0 },
};

static const struct pdb_field fac_fields[] = {
	HEAD, { "org_id", PDB_ID, 0 }, { "campus_id", PDB_ID, 0 }, TEXT_FIELD("name"), TEXT_FIELD("aka"),
	TEXT_FIELD("name_long"), TEXT_FIELD("website"), TEXT_FIELD("clli"), TEXT_FIELD("notes"),
	TEXT_FIELD("address1"), TEXT_FIELD("address2"), TEXT_FIELD("city"), TEXT_FIELD("state"),
	TEXT_FIELD("zipcode"), TEXT_FIELD("country"), TEXT_FIELD("region_continent"),
	TEXT_FIELD("floor"), TEXT_FIELD("suite"), { "latitude", PDB_REAL, 0 },
	{ "longitude", PDB_REAL, 0 }, TEXT_FIELD("tech_email"), TEXT_FIELD("tech_phone"),
	TEXT_FIELD("sales_email"), TEXT_FIELD("sales_phone"), TEXT_FIELD("status_dashboard"),
	{ "created", PDB_TIME, 0 },
};

static const struct pdb_field net_fields[] = {
	HEAD, { "asn", PDB_ASN, PDB_NEEDED | PDB_INDEXED }, { "org_id", PDB_ID, 0 },
	{ "name", PDB_TEXT, PDB_INDEXED }, TEXT_FIELD("aka"), TEXT_FIELD("name_long"),
	TEXT_FIELD("website"), TEXT_FIELD("looking_glass"), TEXT_FIELD("route_server"),
	{ "irr_as_set", PDB_TEXT, PDB_INDEXED }, TEXT_FIELD("info_type"),
	{ "info_prefixes4", PDB_COUNT, 0 }, { "info_prefixes6", PDB_COUNT, 0 },
	TEXT_FIELD("info_traffic"), TEXT_FIELD("info_ratio"), TEXT_FIELD("info_scope"),
	{ "info_unicast", PDB_BOOL, 0 }, { "info_multicast", PDB_BOOL, 0 }, { "info_ipv6", PDB_BOOL, 0 },
	{ "info_never_via_route_servers", PDB_BOOL, 0 }, { "ix_count", PDB_COUNT, 0 },
	{ "fac_count", PDB_COUNT, 0 }, TEXT_FIELD("notes"), { "netixlan_updated", PDB_TIME, 0 },
	{ "netfac_updated", PDB_TIME, 0 }, { "poc_updated", PDB_TIME, 0 }, TEXT_FIELD("policy_url"),
	TEXT_FIELD("policy_general"), TEXT_FIELD("policy_locations"), { "policy_ratio", PDB_BOOL, 0 },
	TEXT_FIELD("policy_contracts"), TEXT_FIELD("status_dashboard"), TEXT_FIELD("rir_status"),
	{ "rir_status_updated", PDB_TIME, 0 }, { "created", PDB_TIME, 0 },
};

static const struct pdb_field ix_fields[] = {
	HEAD, { "org_id", PDB_ID, 0 }, { "name", PDB_TEXT, PDB_INDEXED }, TEXT_FIELD("aka"),
	TEXT_FIELD("name_long"), TEXT_FIELD("city"), TEXT_FIELD("country"),
	TEXT_FIELD("region_continent"), TEXT_FIELD("media"), TEXT_FIELD("notes"), TEXT_FIELD("website"),
	TEXT_FIELD("url_stats"), TEXT_FIELD("tech_email"), TEXT_FIELD("tech_phone"),
	TEXT_FIELD("policy_email"), TEXT_FIELD("policy_phone"), TEXT_FIELD("sales_email"),
	TEXT_FIELD("sales_phone"), TEXT_FIELD("service_level"), TEXT_FIELD("terms"),
	TEXT_FIELD("status_dashboard"), { "net_count", PDB_COUNT, 0 }, { "fac_count", PDB_COUNT, 0 },
	{ "created", PDB_TIME, 0 },
};

static const struct pdb_field ixlan_fields[] = {
	HEAD, LINK_FIELD("ix_id"), TEXT_FIELD("name"), TEXT_FIELD("descr"), { "mtu", PDB_COUNT, 0 },
	{ "dot1q_support", PDB_BOOL, 0 }, { "rs_asn", PDB_ASN, 0 }, TEXT_FIELD("arp_sponge"),
	{ "created", PDB_TIME, 0 },
};

static const struct pdb_field ixpfx_fields[] = {
	HEAD, LINK_FIELD("ixlan_id"), TEXT_FIELD("protocol"), { "prefix", PDB_TEXT, PDB_NEEDED },
	{ "in_dfz", PDB_BOOL, 0 }, { "created", PDB_TIME, 0 },
};

static const struct pdb_field ixfac_fields[] = {
	HEAD, LINK_FIELD("ix_id"), LINK_FIELD("fac_id"), TEXT_FIELD("name"), TEXT_FIELD("city"),
	TEXT_FIELD("country"), { "created", PDB_TIME, 0 },
};

static const struct pdb_field netixlan_fields[] = {
	HEAD, LINK_FIELD("net_id"), LINK_FIELD("ix_id"), { "ixlan_id", PDB_ID, PDB_NEEDED },
	TEXT_FIELD("name"), TEXT_FIELD("notes"), { "speed", PDB_COUNT, 0 }, { "asn", PDB_ASN, 0 },
	{ "ipaddr4", PDB_TEXT, PDB_INDEXED }, { "ipaddr6", PDB_TEXT, PDB_INDEXED },
	{ "is_rs_peer", PDB_BOOL, 0 }, { "bfd_support", PDB_BOOL, 0 }, { "operational", PDB_BOOL, 0 },
	{ "net_side_id", PDB_ID, 0 }, { "ix_side_id", PDB_ID, 0 }, { "created", PDB_TIME, 0 },
};

static const struct pdb_field netfac_fields[] = {
	HEAD, LINK_FIELD("net_id"), LINK_FIELD("fac_id"), { "local_asn", PDB_ASN, 0 },
	TEXT_FIELD("name"), TEXT_FIELD("city"), TEXT_FIELD("country"), { "created", PDB_TIME, 0 },
};

static const struct pdb_field poc_fields[] = {
	HEAD, LINK_FIELD("net_id"), TEXT_FIELD("role"), TEXT_FIELD("visible"), TEXT_FIELD("name"),
	TEXT_FIELD("phone"), TEXT_FIELD("email"), TEXT_FIELD("url"), { "created", PDB_TIME, 0 },
};

static const struct pdb_field carrier_fields[] = {
	HEAD, { "org_id", PDB_ID, 0 }, TEXT_FIELD("name"), TEXT_FIELD("aka"), TEXT_FIELD("name_long"),
	TEXT_FIELD("website"), TEXT_FIELD("notes"), { "fac_count", PDB_COUNT, 0 },
	{ "created", PDB_TIME, 0 },
};

static const struct pdb_field carrierfac_fields[] = {
	HEAD, LINK_FIELD("carrier_id"), LINK_FIELD("fac_id"), TEXT_FIELD("name"),
	{ "created", PDB_TIME, 0 },
};

static const struct pdb_field campus_fields[] = {
	HEAD, { "org_id", PDB_ID, 0 }, TEXT_FIELD("name"), TEXT_FIELD("aka"), TEXT_FIELD("name_long"),
	TEXT_FIELD("website"), TEXT_FIELD("city"), TEXT_FIELD("country"), TEXT_FIELD("notes"),
	{ "created", PDB_TIME, 0 },
};

#define KIND(tag, fields) { tag, fields, ARRAY_LEN(fields) }

const struct pdb_kind pdb_kinds[PDB_TAGS] = {
	[PDB_ORG] = KIND("org", org_fields),
	[PDB_FAC] = KIND("fac", fac_fields),
	[PDB_NET] = KIND("net", net_fields),
	[PDB_IX] = KIND("ix", ix_fields),
	[PDB_IXLAN] = KIND("ixlan", ixlan_fields),
	[PDB_IXPFX] = KIND("ixpfx", ixpfx_fields),
	[PDB_IXFAC] = KIND("ixfac", ixfac_fields),
	[PDB_NETIXLAN] = KIND("netixlan", netixlan_fields),
	[PDB_NETFAC] = KIND("netfac", netfac_fields),
	[PDB_POC] = KIND("poc", poc_fields),
	[PDB_CARRIER] = KIND("carrier", carrier_fields),
	[PDB_CARRIERFAC] = KIND("carrierfac", carrierfac_fields),
	[PDB_CAMPUS] = KIND("campus", campus_fields),
};

_Static_assert(ARRAY_LEN(net_fields) <= PDB_FIELDS_MAX, "net is the widest kind");

enum pdb_tag pdb_tag_find(struct slice name)
{
	int i = 0;

	while (i < PDB_TAGS && !slice_eq(name, pdb_kinds[i].tag))
		i++;
	return (enum pdb_tag)i;
}

int pdb_field_find(enum pdb_tag tag, struct slice name, int hint)
{
	const struct pdb_kind *k = &pdb_kinds[tag];

	if (hint >= 0 && (size_t)hint < k->field_count && slice_eq(name, k->fields[hint].name))
		return hint;
	for (size_t i = 0; i < k->field_count; i++)
		if (slice_eq(name, k->fields[i].name))
			return (int)i;
	return -1;
}

static const struct pdb_value *value_of(const struct pdb_row *r, const char *field)
{
	static const struct pdb_value none;
	int i = pdb_field_find(r->tag, slice_of(field), -1);

	return i < 0 ? &none : &r->v[i];
}

int64_t pdb_row_int(const struct pdb_row *r, const char *field, int64_t otherwise)
{
	const struct pdb_value *v = value_of(r, field);

	return v->is == PDB_IS_INT ? v->i : otherwise;
}

struct slice pdb_row_text(const struct pdb_row *r, const char *field)
{
	const struct pdb_value *v = value_of(r, field);

	return v->is == PDB_IS_TEXT ? v->s : (struct slice){ NULL, 0 };
}

bool pdb_row_live(const struct pdb_row *r)
{
	return r->v[PDB_AT_STATUS].is != PDB_IS_TEXT || !slice_eq(r->v[PDB_AT_STATUS].s, "deleted");
}

/* Takes `digits` decimal digits. */
static bool take_number(struct scan *c, int digits, int *out)
{
	struct scan part = { c->p, c->p + digits };
	uint64_t v;

	if (c->end - c->p < digits || !scan_u64(&part, &v) || !scan_done(&part))
		return false;
	c->p += digits;
	*out = (int)v;
	return true;
}

bool pdb_time_parse(struct slice s, int64_t *wall_ms)
{
	struct scan c = scan_of(s);
	struct tm t = { 0 };

	if (!take_number(&c, 4, &t.tm_year) || !scan_lit(&c, "-") || !take_number(&c, 2, &t.tm_mon) ||
	    !scan_lit(&c, "-") || !take_number(&c, 2, &t.tm_mday) || !scan_lit(&c, "T") ||
	    !take_number(&c, 2, &t.tm_hour) || !scan_lit(&c, ":") || !take_number(&c, 2, &t.tm_min) ||
	    !scan_lit(&c, ":") || !take_number(&c, 2, &t.tm_sec))
		return false;
	if (t.tm_year < 1970 || t.tm_mon < 1 || t.tm_mon > 12 || t.tm_mday < 1 || t.tm_mday > 31 ||
	    t.tm_hour > 23 || t.tm_min > 59 || t.tm_sec > 60)
		return false;
	t.tm_year -= 1900;
	t.tm_mon -= 1;
	*wall_ms = (int64_t)timegm(&t) * 1000;
	return true;
}
