/* The fields of PeeringDB that matter; see pdbrow.h. */
#include "core/model/pdbrow.h"
#include "core/base/mem.h"
#include "core/base/scan.h"

#include <string.h>

#define HEAD { "id", PDB_ID, PDB_NEEDED }, { "status", PDB_TEXT, 0 }, { "updated", PDB_TIME, 0 }
#define TEXT_FIELD(name) { name, PDB_TEXT, 0 }
#define REST_FIELD(name) { name, PDB_TEXT, PDB_AT_REST }
#define LINK_FIELD(name) { name, PDB_ID, PDB_NEEDED | PDB_INDEXED }

static const struct pdb_field org_fields[] = {
	HEAD, TEXT_FIELD("name"), REST_FIELD("aka"), REST_FIELD("name_long"), REST_FIELD("website"),
	REST_FIELD("notes"), REST_FIELD("address1"), REST_FIELD("address2"), REST_FIELD("city"),
	REST_FIELD("state"), REST_FIELD("zipcode"), REST_FIELD("country"), { "latitude", PDB_REAL, PDB_AT_REST },
	{ "longitude", PDB_REAL, PDB_AT_REST }, { "created", PDB_TIME, PDB_AT_REST },
};

static const struct pdb_field fac_fields[] = {
	HEAD, { "org_id", PDB_ID, PDB_AT_REST }, { "campus_id", PDB_ID, PDB_AT_REST }, TEXT_FIELD("name"), TEXT_FIELD("aka"),
	REST_FIELD("name_long"), TEXT_FIELD("website"), REST_FIELD("clli"), REST_FIELD("notes"),
	REST_FIELD("address1"), REST_FIELD("address2"), TEXT_FIELD("city"), REST_FIELD("state"),
	REST_FIELD("zipcode"), TEXT_FIELD("country"), REST_FIELD("region_continent"),
	REST_FIELD("floor"), REST_FIELD("suite"), { "latitude", PDB_REAL, PDB_AT_REST },
	{ "longitude", PDB_REAL, PDB_AT_REST }, TEXT_FIELD("tech_email"), TEXT_FIELD("tech_phone"),
	TEXT_FIELD("sales_email"), TEXT_FIELD("sales_phone"), TEXT_FIELD("status_dashboard"),
	{ "created", PDB_TIME, PDB_AT_REST },
};

static const struct pdb_field net_fields[] = {
	HEAD, { "asn", PDB_ASN, PDB_NEEDED | PDB_INDEXED }, { "org_id", PDB_ID, 0 },
	TEXT_FIELD("name"), TEXT_FIELD("aka"), TEXT_FIELD("name_long"),
	TEXT_FIELD("website"), TEXT_FIELD("looking_glass"), TEXT_FIELD("route_server"),
	TEXT_FIELD("irr_as_set"), TEXT_FIELD("info_type"),
	{ "info_prefixes4", PDB_COUNT, 0 }, { "info_prefixes6", PDB_COUNT, 0 },
	TEXT_FIELD("info_traffic"), TEXT_FIELD("info_ratio"), TEXT_FIELD("info_scope"),
	{ "info_unicast", PDB_BOOL, 0 }, { "info_multicast", PDB_BOOL, 0 }, { "info_ipv6", PDB_BOOL, 0 },
	{ "info_never_via_route_servers", PDB_BOOL, 0 }, { "ix_count", PDB_COUNT, 0 },
	{ "fac_count", PDB_COUNT, 0 }, TEXT_FIELD("notes"), { "netixlan_updated", PDB_TIME, PDB_AT_REST },
	{ "netfac_updated", PDB_TIME, PDB_AT_REST }, { "poc_updated", PDB_TIME, PDB_AT_REST }, TEXT_FIELD("policy_url"),
	TEXT_FIELD("policy_general"), TEXT_FIELD("policy_locations"), { "policy_ratio", PDB_BOOL, 0 },
	TEXT_FIELD("policy_contracts"), TEXT_FIELD("status_dashboard"), TEXT_FIELD("rir_status"),
	{ "rir_status_updated", PDB_TIME, PDB_AT_REST }, { "created", PDB_TIME, PDB_AT_REST },
};

static const struct pdb_field ix_fields[] = {
	HEAD, { "org_id", PDB_ID, PDB_AT_REST }, TEXT_FIELD("name"), TEXT_FIELD("aka"),
	TEXT_FIELD("name_long"), TEXT_FIELD("city"), TEXT_FIELD("country"),
	REST_FIELD("region_continent"), TEXT_FIELD("media"), REST_FIELD("notes"), TEXT_FIELD("website"),
	REST_FIELD("url_stats"), TEXT_FIELD("tech_email"), TEXT_FIELD("tech_phone"),
	TEXT_FIELD("policy_email"), TEXT_FIELD("policy_phone"), TEXT_FIELD("sales_email"),
	TEXT_FIELD("sales_phone"), TEXT_FIELD("service_level"), REST_FIELD("terms"),
	TEXT_FIELD("status_dashboard"), { "net_count", PDB_COUNT, 0 }, { "fac_count", PDB_COUNT, PDB_AT_REST },
	{ "created", PDB_TIME, PDB_AT_REST },
};

static const struct pdb_field ixlan_fields[] = {
	HEAD, LINK_FIELD("ix_id"), REST_FIELD("name"), REST_FIELD("descr"), { "mtu", PDB_COUNT, 0 },
	{ "dot1q_support", PDB_BOOL, PDB_AT_REST }, { "rs_asn", PDB_ASN, 0 }, REST_FIELD("arp_sponge"),
	{ "created", PDB_TIME, PDB_AT_REST },
};

static const struct pdb_field ixpfx_fields[] = {
	HEAD, LINK_FIELD("ixlan_id"), REST_FIELD("protocol"), { "prefix", PDB_TEXT, PDB_NEEDED },
	{ "in_dfz", PDB_BOOL, PDB_AT_REST }, { "created", PDB_TIME, PDB_AT_REST },
};

static const struct pdb_field ixfac_fields[] = {
	HEAD, LINK_FIELD("ix_id"), LINK_FIELD("fac_id"), TEXT_FIELD("name"), TEXT_FIELD("city"),
	TEXT_FIELD("country"), { "created", PDB_TIME, PDB_AT_REST },
};

static const struct pdb_field netixlan_fields[] = {
	HEAD, LINK_FIELD("net_id"), LINK_FIELD("ix_id"), { "ixlan_id", PDB_ID, PDB_NEEDED },
	TEXT_FIELD("name"), TEXT_FIELD("notes"), { "speed", PDB_COUNT, 0 }, { "asn", PDB_ASN, 0 },
	TEXT_FIELD("ipaddr4"), TEXT_FIELD("ipaddr6"),
	{ "is_rs_peer", PDB_BOOL, 0 }, { "bfd_support", PDB_BOOL, 0 }, { "operational", PDB_BOOL, 0 },
	{ "net_side_id", PDB_ID, PDB_AT_REST }, { "ix_side_id", PDB_ID, PDB_AT_REST }, { "created", PDB_TIME, PDB_AT_REST },
};

static const struct pdb_field netfac_fields[] = {
	HEAD, LINK_FIELD("net_id"), LINK_FIELD("fac_id"), { "local_asn", PDB_ASN, PDB_AT_REST },
	TEXT_FIELD("name"), TEXT_FIELD("city"), TEXT_FIELD("country"), { "created", PDB_TIME, PDB_AT_REST },
};

static const struct pdb_field poc_fields[] = {
	HEAD, LINK_FIELD("net_id"), TEXT_FIELD("role"), TEXT_FIELD("visible"), TEXT_FIELD("name"),
	TEXT_FIELD("phone"), TEXT_FIELD("email"), TEXT_FIELD("url"), { "created", PDB_TIME, PDB_AT_REST },
};

static const struct pdb_field carrier_fields[] = {
	HEAD, { "org_id", PDB_ID, 0 }, TEXT_FIELD("name"), TEXT_FIELD("aka"), TEXT_FIELD("name_long"),
	TEXT_FIELD("website"), TEXT_FIELD("notes"), { "fac_count", PDB_COUNT, 0 },
	{ "created", PDB_TIME, PDB_AT_REST },
};

static const struct pdb_field carrierfac_fields[] = {
	HEAD, LINK_FIELD("carrier_id"), LINK_FIELD("fac_id"), TEXT_FIELD("name"),
	{ "created", PDB_TIME, PDB_AT_REST },
};

static const struct pdb_field campus_fields[] = {
	HEAD, { "org_id", PDB_ID, 0 }, TEXT_FIELD("name"), TEXT_FIELD("aka"), TEXT_FIELD("name_long"),
	TEXT_FIELD("website"), TEXT_FIELD("city"), TEXT_FIELD("country"), TEXT_FIELD("notes"),
	{ "created", PDB_TIME, PDB_AT_REST },
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

/* `n` decimal digits at p; -1 if one of them is none. */
static int digits(const char *p, int n)
{
	int v = 0;

	for (int i = 0; i < n; i++) {
		if (p[i] < '0' || p[i] > '9')
			return -1;
		v = v * 10 + (p[i] - '0');
	}
	return v;
}

/* Days from 1970-01-01 to a date of the Gregorian calendar.  A million of these are read in a full table: timegm would be
 * a tenth of the whole work. */
static int64_t days_to(int year, int month, int day)
{
	static const int before[] = { 0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334 };
	int64_t y = year - 1;
	bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;

	return y * 365 + y / 4 - y / 100 + y / 400 - 719162 + before[month - 1] + (leap && month > 2) + day - 1;
}

bool pdb_time_parse(struct slice s, int64_t *wall_ms)
{
	int year, month, day, hour, minute, second;

	if (s.len < 19 || s.p[4] != '-' || s.p[7] != '-' || s.p[10] != 'T' || s.p[13] != ':' || s.p[16] != ':')
		return false;
	year = digits(s.p, 4);
	month = digits(s.p + 5, 2);
	day = digits(s.p + 8, 2);
	hour = digits(s.p + 11, 2);
	minute = digits(s.p + 14, 2);
	second = digits(s.p + 17, 2);
	if (year < 1970 || month < 1 || month > 12 || day < 1 || day > 31 || hour < 0 || hour > 23 || minute < 0 ||
	    minute > 59 || second < 0 || second > 60)
		return false;
	*wall_ms = (((days_to(year, month, day) * 24 + hour) * 60 + minute) * 60 + second) * 1000;
	return true;
}
