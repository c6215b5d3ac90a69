/*
 * MikroTik RouterOS 6 and 7.  Text; routeros_read.h says how it looks.
 */
#include "backends/drivers/carry.h"
#include "backends/drivers/cisco.h"
#include "backends/drivers/drivers.h"
#include "backends/drivers/recipes.h"
#include "backends/drivers/routeros_read.h"

static const char *const errors[] = { "^bad command name", "^syntax error", "^expected ", "^no such item",
	"^failure:", "^input does not match", "^not enough permissions", "^missing value", "^invalid value", "^ambiguous value",
	"^value of ", NULL };

/* RouterOS has no dialogue on an exec channel: one command, one answer. */
static const struct dialogue dialogue = {
	.prompt = "\\[[^\\]]+@[^\\]]+\\] [^>]*> ?$",
	.errors = errors,
	.bye = "/quit",
};

/* Version 6 refuses the first two, version 7 the third. */
static const struct query queries[] = {
	{ .name = "connections", .command = "/routing/bgp/connection/print detail without-paging",
	    .when = QUERY_ALWAYS, .one_of = 1, .parse = routeros_poll_connections },
	{ .name = "sessions", .command = "/routing/bgp/session/print detail without-paging",
	    .when = QUERY_ALWAYS, .one_of = 1, .parse = routeros_poll_sessions },
	{ .name = "peers of version 6", .command = "/routing bgp peer print status without-paging",
	    .when = QUERY_ALWAYS, .one_of = 1, .parse = routeros_poll_sessions },
};

static const struct reading readings[] = {
	{ "/routing/bgp/session/print [detail|brief|status|terse] [where <x>] [without-paging]", routeros_sessions },
	{ "/routing|routing bgp session print [detail|brief|status|terse] [without-paging]", routeros_sessions },
	{ "/routing/bgp/peer/print [detail|status|terse] [without-paging]", routeros_sessions },
	{ "/routing|routing bgp peer print [detail|status|terse] [without-paging]", routeros_sessions },
	{ "/routing/bgp/connection/print [detail] [without-paging]", routeros_sessions },
	{ "/routing|routing bgp connection print [detail] [without-paging]", routeros_sessions },
	{ "/routing/route/print [detail|terse] [without-paging] [where <a> [<b> [<c> [<d>]]]]", routeros_routes },
	{ "/routing|routing route print [detail|terse] [without-paging] [where <a> [<b> [<c> [<d>]]]]", routeros_routes },
	{ "/ip|/ipv6|ip|ipv6 route print [detail|terse] [without-paging] [where <a> [<b>]]", routeros_routes },
	{ "/ip/route/print|/ipv6/route/print [detail|terse] [without-paging] [where <a> [<b>]]", routeros_routes },
	{ "/routing/bgp/advertisements/print [detail] [without-paging] [<a> [<b> [<c> [<d>]]]]", routeros_routes },
	{ "/routing|routing bgp advertisements print [detail] [without-paging] [<a> [<b> [<c> [<d>]]]]", routeros_routes },
	{ "/interface|interface [ethernet] print stats-detail|stats|detail [detail] [without-paging] [where <a>]",
	    routeros_interfaces },
	{ "/interface/print|/interface/ethernet/print stats-detail|stats|detail [detail] [without-paging] [where <a>]",
	    routeros_interfaces },
	{ PING_ANY, cisco_ping },
	{ "/" PING_ANY, cisco_ping },
	{ "/tool|tool ping [<a> [<b> [<c> [<d>]]]]", cisco_ping },
};

static const struct ping_query ping_queries[] = {
	{ 0, "/ping {neighbor} count={count}[ src-address={local}]", NULL, false, cisco_ping },
};

/* Version 7 first; what it refuses is asked as version 6 knows it. */
#define FROM_PEER7 "/routing/route/print detail without-paging where bgp and belongs-to~\"(-| ){neighbor}\\$\""
#define TO_PEER7 "/routing/bgp/advertisements/print detail without-paging where peer=\"{handle}\" or peer=\"{handle}-1\""
#define TO_PEER6 "/routing bgp advertisements print without-paging peer={handle}"
static const struct route_query route_queries[] = {
	{ ROUTES_RECEIVED, 0, FROM_PEER7, FROM_PEER7, routeros_received_intake, NULL, "routes that an input filter rejects, "
	  "not only filters, are not kept by the router" },
	{ ROUTES_RECEIVED, 4, "/ip route print detail without-paging where received-from={handle}", NULL,
	    routeros_received_intake, NULL, NULL },
	{ ROUTES_RECEIVED, 6, "/ipv6 route print detail without-paging where received-from={handle}", NULL,
	    routeros_received_intake, NULL, NULL },
	{ ROUTES_ACCEPTED, 0, FROM_PEER7, FROM_PEER7, routeros_accepted_intake, NULL, NULL },
	{ ROUTES_ACCEPTED, 4, "/ip route print detail without-paging where received-from={handle}", NULL,
	    routeros_accepted_intake, NULL, NULL },
	{ ROUTES_ACCEPTED, 6, "/ipv6 route print detail without-paging where received-from={handle}", NULL,
	    routeros_accepted_intake, NULL, NULL },
	{ ROUTES_ADVERTISED, 0, TO_PEER7, TO_PEER7, routeros_received_intake, NULL, NULL },
	{ ROUTES_ADVERTISED, 0, TO_PEER6, NULL, routeros_received_intake, NULL, NULL },
};

static const struct iface_query iface_queries[] = {
	{ 4, "/ip arp print terse without-paging where address={neighbor}", NULL, routeros_neighbor_port,
	    "/interface print stats-detail without-paging where name=\"{interface}\"", routeros_interfaces, .counted = true },
	{ 6, "/ipv6 neighbor print terse without-paging where address={neighbor}", NULL, routeros_neighbor_port,
	    "/interface print stats-detail without-paging where name=\"{interface}\"", routeros_interfaces, .counted = true },
};

static const char *const aliases[] = { "mikrotik_routeros", "mikrotik", NULL };

const struct driver driver_routeros = {
	.name = "routeros",
	.title = "MikroTik RouterOS 6 and 7",
	.aliases = aliases,
	.transport = DRIVER_EXEC,
	.dialogue = &dialogue,
	.queries = queries,
	.query_count = ARRAY_LEN(queries),
	.routes = route_queries,
	.route_count = ARRAY_LEN(route_queries),
	.iface = iface_queries,
	.iface_count = ARRAY_LEN(iface_queries),
	.ping = ping_queries,
	.ping_count = ARRAY_LEN(ping_queries),
	.readings = readings,
	.reading_count = ARRAY_LEN(readings),
	.carry = carry_unknown,
	.recipes = routeros_recipes,
	.limit_lines = "/routing/bgp/connection set [find name=\"{handle}\"] input.limit-process-routes-ipv{ip}={limit}",
	.doctor = "/user/active/print",
};
