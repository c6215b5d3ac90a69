/*
 * The lines above the rows of a table of neighbors: VRF, family, router id; see summary_priv.h.
 */
#include "backends/parse/family.h"
#include "backends/parse/summary_priv.h"

#include <string.h>

static struct slice behind_colon(struct slice v)
{
	return v.len > 0 && v.p[0] == ':' ? slice_trim(slice_from(v, 1)) : v;
}

/* "BGP router identifier 10.0.0.1, local AS number 64500 vrf-id 0", "BGP Local router ID   : 10.0.0.1"; the default
 * VRF's id is the router's. */
static void take_ids(struct summary_table *t, struct slice line)
{
	static const char *const ids[] = { "outer identifier ", "ocal router ID", "ocal Router ID" };
	static const char *const numbers[] = { "ocal AS number" };
	struct addr id = { 0 };
	asn_t as = ASN_UNKNOWN;

	for (size_t i = 0; i < ARRAY_LEN(ids) && id.family == ADDR_NONE; i++)
		addr_parse(words_upto(behind_colon(words_behind(line, ids[i])), ", "), &id);
	for (size_t i = 0; i < ARRAY_LEN(numbers) && as == ASN_UNKNOWN; i++)
		asn_parse(words_upto(behind_colon(words_behind(line, numbers[i])), ", "), &as);
	if (id.family == ADDR_NONE && as == ASN_UNKNOWN)
		return;
	t->seen = true;
	if (snap_builder_router_id(t->b)->family != ADDR_NONE)
		id.family = ADDR_NONE;
	if (snap_builder_local_as(t->b) != ASN_UNKNOWN)
		as = ASN_UNKNOWN;
	snap_builder_router(t->b, as, &id);
}

static void new_section(struct summary_table *t, bool keeps_header)
{
	summary_end_row(t);
	if (!keeps_header)
		t->cols = 0;
	t->other = false;
	t->seen = true;
}

/* Family named in a line of its own: "For address family: X", "Address Family: X", "Address Family:X". */
static bool take_family(struct summary_table *t, struct slice line)
{
	struct slice name = words_behind(line, "ddress family:");

	if (name.len == 0)
		name = words_behind(line, "ddress Family:");
	if (name.len == 0)
		return false;
	new_section(t, false);
	t->family = family_of(name);
	return true;
}

/* FRR: "IPv4 Unicast Summary (VRF red):", "IPv4 Unicast Summary:"; Quagga "IPv4 Unicast - max multipaths". */
static bool take_family_title(struct summary_table *t, struct slice line)
{
	ptrdiff_t at = slice_find(line, " Summary");
	enum afi_safi f;

	if (at < 0)
		at = slice_find(line, " - max multipaths");
	if (at < 0)
		return false;
	f = family_of(slice_upto(line, (size_t)at));
	if (f == AF_UNKNOWN)
		return false;
	new_section(t, false);
	t->family = f;
	if (slice_find(line, "(VRF ") >= 0)
		t->vrf = words_upto(words_behind(line, "(VRF "), ")");
	return true;
}

/* NX-OS and EOS: "BGP summary information for VRF red, address family IPv4 Unicast". */
static bool take_information(struct summary_table *t, struct slice line)
{
	struct slice name = words_behind(line, "ummary information for VRF ");

	if (name.len == 0)
		return false;
	new_section(t, false);
	t->vrf = words_upto(name, ",");
	if (slice_find(name, "address family ") >= 0)
		t->family = family_of(words_behind(name, "address family "));
	return true;
}

/* IOS XR "VRF: red", VRP "VPN-Instance red, Router ID 10.0.0.1:", FRR "Instance red:". */
static bool take_vrf(struct summary_table *t, struct slice line)
{
	struct slice name = SLICE("");

	if (slice_starts(line, "VRF: "))
		name = slice_trim(slice_from(line, 5));
	else if (slice_starts(line, "VPN-Instance "))
		name = words_upto(slice_from(line, 13), ",: ");
	else if (slice_starts(line, "VPN instance: "))
		name = slice_trim(slice_from(line, 14));
	else if (slice_starts(line, "Instance "))
		name = words_upto(slice_from(line, 9), ":");
	else
		return false;
	new_section(t, slice_starts(line, "VPN-Instance ")); /* VRP prints its header once, above all of them */
	t->vrf = name;
	if (slice_starts(line, "VPN")) /* of the VPN's own sessions */
		t->family = t->asked.family == AF_VPNV6_UNICAST ? AF_IPV6_UNICAST :
		    t->asked.family == AF_VPNV4_UNICAST ? AF_IPV4_UNICAST : t->family;
	return true;
}

bool summary_take_echo(struct summary_table *t, struct slice line)
{
	struct asked a;

	if (slice_find(line, "bgp") < 0 || (slice_find(line, "sh") < 0 && slice_find(line, "dis") < 0) ||
	    slice_find(line, "summ") + slice_find(line, "peer") < -1)
		return false;
	a = asked_of(line);
	if (a.vrf.len > 0)
		t->asked.vrf = a.vrf;
	if (a.family != AF_UNKNOWN && t->asked.family == AF_UNKNOWN)
		t->asked.family = a.family;
	return true;
}

bool summary_take_place(struct summary_table *t, struct slice line)
{
	return take_information(t, line) || take_family(t, line) || take_vrf(t, line) || take_family_title(t, line);
}

bool summary_take_router(struct summary_table *t, struct slice line)
{
	if (slice_find(line, "outer identifier ") < 0 && slice_find(line, "ocal router ID") < 0 &&
	    slice_find(line, "ocal Router ID") < 0 && slice_find(line, "ocal AS number") < 0)
		return false;
	take_ids(t, line);
	return true;
}

bool summary_says_none(struct slice line)
{
	static const char *const words[] = { "BGP not active", "BGP is not running", "o BGP neighbors found",
		"BGP instance not found", "BGP inactive", "o such neighbor" };

	for (size_t i = 0; i < ARRAY_LEN(words); i++)
		if (slice_find(line, words[i]) >= 0)
			return true;
	return slice_starts(line, "BGP instance ");
}
