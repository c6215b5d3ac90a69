/* The checks as a table: from here come the policy language, its manual's list and the matrix's columns. */
#include "core/judge/check_table.h"

#include <string.h>

static const char *const needs[] = { "contact", "as-set", "prefixes", "policy", "type", "ports", "website", NULL };
static const char *const auths[] = { "agreed", "md5", "tcp-ao", "any", NULL };
static const char *const exceeds[] = { "never", "published", NULL };
static const char *const rpkis[] = { "fail", "beside", NULL };
static const char *const traffic_ways[] = { "to-peer", "from-peer", "sum", NULL };
static const char *const ratio_ways[] = { "out:in", "in:out", "either", NULL };

#define DAY INT64_C(86400)
#define RATE_MAX INT64_C(1000000000000000)
#define WINDOW { "window", PARAM_SPAN, "30d", 3600, 400 * DAY, NULL, "over how long traffic is looked at" }
#define COVERAGE { "coverage", PARAM_PERCENT, "50%", 100, 10000, NULL, "how much of the window must have been measured" }

const struct check checks[] = {
	{ "asn-public", "public", "the AS number is public and assigned by a registry",
	    "IANA's special-purpose ranges; the registry's status in PeeringDB; RDAP",
	    "peer with an AS number that a Regional Internet Registry assigned", check_asn_public, { { 0 } } },
	{ "asn-visible", "visible", "the AS is routed and visible in the default-free zone",
	    "paths in our own tables that do not begin with the peer; RIPEstat where allowed",
	    "announce at least one prefix to other networks as well", check_asn_visible, { { 0 } } },
	{ "bgp-capable", "bgp", "an edge router that speaks BGP", "a session that is or has been Established",
	    "bring a session up", check_bgp_capable, { { 0 } } },
	{ "session-auth", "auth", "sessions are authenticated as agreed",
	    "what was agreed with the peer (kept with it) against what the router has configured",
	    "configure on both sides what was agreed, or note another agreement", check_session_auth,
	    { { "kind", PARAM_CHOICE, "agreed", 0, 0, auths, "what is asked: what was agreed, or one kind for all" } } },
	{ "peeringdb-complete", "pdb", "the PeeringDB entry is complete, accurate and kept up to date",
	    "the fields of the entry; its ports against the live sessions; its age",
	    "complete and correct the network's entry in PeeringDB", check_peeringdb_complete,
	    { { "need", PARAM_SET, "contact, as-set, prefixes, policy, type, ports", 0, 0, needs, "what must be filled in" },
	        { "max-age", PARAM_SPAN, "730d", DAY, 3650 * DAY, NULL, "how long ago it may have been updated last" } } },
	{ "noc-24x7", "noc", "a NOC that answers at any hour",
	    "the contact book (hours = 24x7, last proof); else a NOC contact with phone and mail in PeeringDB",
	    "publish a NOC contact with phone and mail in PeeringDB, or tell us one for the contact book", check_noc_24x7,
	    { { "proof", PARAM_SPAN, "365d", DAY, 3650 * DAY, NULL, "a proof of the contact book counts so long" } } },
	{ "escalation-path", "escal", "an escalation path that works", "the rungs of the contact ladder that can be reached",
	    "name a further contact above the NOC, with phone or mail", check_escalation_path,
	    { { "rungs", PARAM_COUNT, "2", 1, 10, NULL, "how many different contacts there must be" } } },
	{ "abuse-contact", "abuse", "somebody answers about abuse", "an Abuse contact in the book or PeeringDB; else RDAP's",
	    "publish an Abuse contact in PeeringDB or in the registry", check_abuse_contact, { { 0 } } },
	{ "ix-rules", "ixrules", "each exchange's technical requirements are kept",
	    "session addresses against the exchange's LAN and the peer's port there; next hops; operational",
	    "use the address that PeeringDB has for the port, and send routes with that next hop only", check_ix_rules, { { 0 } } },
	{ "all-common-ixps", "ixps", "sessions at every exchange that both are on",
	    "each address of the peer on a LAN where we are too, per family and port, against the live sessions",
	    "set up the sessions that are missing", check_all_common_ixps,
	    { { "grace", PARAM_SPAN, "1d", 0, 365 * DAY, NULL, "a session may be down so long before it counts as missing" },
	        { "route-server", PARAM_BOOL, "no", 0, 0, NULL, "a port that peers through the route server needs no session" } } },
	{ "min-traffic", "traffic", "enough traffic to make peering worth while", "95th percentile of counters; never PeeringDB's bucket",
	    "nothing: the traffic is what it is; a waiver says why the session stays", check_min_traffic,
	    { { "minimum", PARAM_RATE, "500M", 1, RATE_MAX, NULL, "95th percentile that must be reached" },
	        { "direction", PARAM_CHOICE, "to-peer", 0, 0, traffic_ways, "which traffic counts" }, WINDOW, COVERAGE } },
	{ "max-length", "length", "no prefix is longer than agreed", "the longest prefix received, before our import policy",
	    "aggregate, or filter longer prefixes toward us", check_max_length,
	    { { "ipv4", PARAM_BITS, "/24", 1, 32, NULL, "longest IPv4 prefix" },
	        { "ipv6", PARAM_BITS, "/48", 1, 128, NULL, "longest IPv6 prefix" },
	        { "strict", PARAM_BOOL, "no", 0, 0, NULL, "prefixes must be shorter than that, not as long" } } },
	{ "prefixes-visible", "dfz", "what is announced to us is visible in the default-free zone",
	    "each received prefix also seen by another path, or by RIPEstat",
	    "announce the prefix, or an aggregate, to other networks as well", check_prefixes_visible,
	    { { "at-least", PARAM_PERCENT, "100%", 1, 10000, NULL, "share of the prefixes that must be visible" } } },
	{ "consistent-announcements", "consist", "the same prefixes at every point of interconnection",
	    "the sets received on each session of the network, per family",
	    "announce the missing prefixes on those sessions too, or agree on an exception", check_consistent_announcements,
	    { { "tolerance", PARAM_COUNT, "0", 0, 1000000, NULL, "so many prefixes may be missing on a session" } } },
	{ "only-announced-destinations", "only", "traffic is sent only to what we announce", "flow data where a query is configured; else a person",
	    "take static routes and defaults toward us away", check_only_announced,
	    { { "ignore-below", PARAM_RATE, "1M", 1, RATE_MAX, NULL, "traffic to other destinations below this is noise" } } },
	{ "no-default-route", "default", "no default or static route toward us", "a default route received; flow data; else a person",
	    "stop announcing a default route; take static routes toward us away", check_no_default_route,
	    { { "ignore-below", PARAM_RATE, "1M", 1, RATE_MAX, NULL, "traffic to other destinations below this is noise" } } },
	{ "max-prefixes", "limit", "a prefix limit on every session", "the limit on the router against the default, the peer's own and what is received",
	    "set the limit on our router: see the lines shown", check_max_prefixes,
	    { { "ipv4", PARAM_COUNT, "250", 1, 10000000, NULL, "default limit of an IPv4 session" },
	        { "ipv6", PARAM_COUNT, "250", 1, 10000000, NULL, "default limit of an IPv6 session" },
	        { "may-exceed", PARAM_CHOICE, "never", 0, 0, exceeds, "a larger limit is met: never, or up to what the peer publishes" } } },
	{ "irr-registered", "irr", "what is announced is registered as route objects",
	    "received prefixes against the expansion of the peer's as-set; RPKI beside it",
	    "register route/route6 objects and correct ROAs for these prefixes", check_irr_registered,
	    { { "at-least", PARAM_PERCENT, "100%", 1, 10000, NULL, "share of the prefixes that must be registered" },
	        { "rpki-invalid", PARAM_CHOICE, "fail", 0, 0, rpkis, "an RPKI-invalid prefix fails the clause, or is only told" } } },
	{ "explicit-filter", "filter", "we filter what the peer announces", "the import policy of each session, and whether what it lets in is registered",
	    "set an import filter on our router, built from the peer's as-set", check_explicit_filter, { { 0 } } },
	{ "own-as-macro", "macro", "we announce what our own AS macro says", "advertised prefixes against the expansion of our macro",
	    "register the prefix under our macro, or stop announcing it", check_own_as_macro, { { 0 } } },
	{ "min-capacity", "capac", "enough ports in mutual locations", "ports of both networks at common exchanges, and private ports",
	    "add ports at a common location", check_min_capacity,
	    { { "ports", PARAM_COUNT, "2", 1, 100, NULL, "how many ports" },
	        { "speed", PARAM_RATE, "10G", 1, RATE_MAX, NULL, "speed of each port" },
	        { "lag", PARAM_BOOL, "yes", 0, 0, NULL, "a port of several times the speed counts as so many" } } },
	{ "congestion-free", "congest", "the ports between us are not congested", "95th percentile of each port's use",
	    "upgrade the port, or move traffic", check_congestion_free,
	    { { "threshold", PARAM_PERCENT, "80%", 100, 10000, NULL, "use of a port that must not be reached" },
	        { "window", PARAM_SPAN, "1h", 300, 400 * DAY, NULL, "over how long traffic is looked at" }, COVERAGE } },
	{ "traffic-ratio", "ratio", "traffic is balanced as agreed", "counters over the window, averages of both directions",
	    "move traffic, or agree on another ratio", check_traffic_ratio,
	    { { "limit", PARAM_RATIO, "2:1", 1, 1000000, NULL, "the larger side may be so many times the smaller" },
	        { "direction", PARAM_CHOICE, "out:in", 0, 0, ratio_ways, "what is divided by what, seen from our ports" }, WINDOW, COVERAGE,
	        { "ignore-below", PARAM_RATE, "1M", 1, RATE_MAX, NULL, "no ratio is told of less traffic than this" } } },
	{ "quality", "quality", "latency, loss and jitter toward the peer stay good", "probes from the router to the neighbor: some of many windows",
	    "find the fault on the path to the neighbor; suspend the session while others carry its traffic", check_quality,
	    { { "loss", PARAM_PERCENT, "2%", 1, 10000, NULL, "loss in one window that makes it bad" },
	        { "latency", PARAM_MS, "300ms", 1, 10000000, NULL, "95th percentile, or else average, that makes a window bad" },
	        { "over-baseline", PARAM_MS, "50ms", 1, 10000000, NULL, "average above the neighbor's usual one that makes it bad" },
	        { "jitter", PARAM_MS, "30ms", 1, 10000000, NULL, "jitter that makes it bad" },
	        { "windows", PARAM_QUORUM, "3 of 5", 2001, 100100, NULL, "so many bad ones of the last" },
	        { "recover", PARAM_COUNT, "5", 1, 100, NULL, "good windows in a row until it is good again" },
	        { "max-age", PARAM_SPAN, "1h", 60, 30 * DAY, NULL, "an older last window says nothing about now" } } },
	{ 0 },
};

size_t check_count(void)
{
	return ARRAY_LEN(checks) - 1;
}

const struct check *check_find(const char *name)
{
	for (const struct check *c = checks; c->name != NULL; c++)
		if (strcmp(c->name, name) == 0)
			return c;
	return NULL;
}

size_t check_param_count(const struct check *c)
{
	size_t n = 0;

	while (n < PARAMS_MAX && c->params[n].key != NULL)
		n++;
	return n;
}
