/*
 * Cisco IOS and IOS-XE.  Text only: there is no JSON on this CLI.
 *
 * Facts: vendors' documents and recorded outputs.  The prompt is cut at a host name of twenty letters, so the
 * dialogue learns it after login.
 *
 * The summary of all families shows the neighbors of VRFs without their VRF.  So a poll asks for the neighbors in
 * detail and has the router keep all but the lines that matter; the whole comes seldom.
 */
#include "backends/drivers/carry.h"
#include "backends/drivers/cisco.h"
#include "backends/drivers/drivers.h"
#include "backends/drivers/recipes.h"
#include "backends/parse/route_iface.h"
#include "backends/parse/routes.h"

/* In squeezed captures of received routes only the metric stands before the path. */
static int ios_routes(struct report *r, struct slice out, struct err *e)
{
	return routes_read(r, out, 1, e);
}

static const char *const setup[] = { "terminal length 0", "terminal width 511", NULL };

static const struct dialogue dialogue = {
	.prompt = "[\\w+.:/\\[\\]-]+(\\([^)\\s]+\\)){0,3}[>#] ?$",
	.setup = setup,
	.pager = "^ ?--More-- ?$",
	.pager_answer = " ",
	.errors = cisco_errors,
	.enable = "enable",
	.password_prompt = "[Pp]assword: ?$",
	.config_prompt = "\\(config[^)]*\\)# ?$",
	.bye = "exit",
	.echoes = true,
};

#define LINES_THAT_MATTER "^BGP neighbor is|BGP state =|or address family:|Description:|Prefixes Current|" \
	"dministratively shut|Last reset|Maximum prefixes"

static const struct query queries[] = {
	{ .name = "version", .command = "show version", .when = QUERY_ONCE, .optional = true,
	    .parse = cisco_poll_version },
	{ .name = "router", .command = "show bgp all summary | include router identifier",
	    .when = QUERY_ALWAYS, .optional = true, .parse = cisco_poll_summary },
	{ .name = "neighbors", .command = "show bgp all neighbors | include " LINES_THAT_MATTER,
	    .when = QUERY_ALWAYS, .timeout_s = 60, .parse = cisco_poll_neighbors },
	{ .name = "neighbors in detail", .command = "show bgp all neighbors", .when = QUERY_SLOW,
	    .optional = true, .timeout_s = 60, .ceiling = 64 << 20, .parse = cisco_poll_detail },
};

#define OF_NEIGHBOR(what) "show bgp {family} neighbors {neighbor} " what, \
	"show bgp vpnv{number} unicast vrf {vrf} neighbors {neighbor} " what
static const struct route_query route_queries[] = {
	{ ROUTES_RECEIVED, 0, OF_NEIGHBOR("received-routes"), routes_intake,
	    "routes before policy are kept only with \"neighbor {neighbor} soft-reconfiguration inbound\"", NULL },
	{ ROUTES_ACCEPTED, 0, OF_NEIGHBOR("routes"), routes_intake, NULL, NULL },
	{ ROUTES_ADVERTISED, 0, OF_NEIGHBOR("advertised-routes"), routes_intake, NULL, NULL },
};

static const struct reading readings[] = {
	{ "show [ip] bgp [all] summary", cisco_summary },
	{ "show [ip] bgp [instance <n>] ipv4|ipv6|vpnv4|vpnv6|l2vpn|nsap|rtfilter [<x>] [all] [vrf <v>] summary",
	    cisco_summary },
	{ "show [ip] bgp vrf <v> [<x>] [<y>] [all] summary", cisco_summary },
	{ "show [ip] bgp [all] neighbors [<ip>]", cisco_detail },
	{ "show [ip] bgp ipv4|ipv6|vpnv4|vpnv6|l2vpn|nsap|rtfilter [<x>] [all] [vrf <v>] neighbors [<ip>]",
	    cisco_detail },
	{ "show [ip] bgp vrf <v> [<x>] [<y>] [all] neighbors [<ip>]", cisco_detail },
	{ "show [ip] bgp [all] neighbors <ip> routes|received-routes|advertised-routes", ios_routes },
	{ "show [ip] bgp ipv4|ipv6|vpnv4|vpnv6|l2vpn [<x>] [all] [vrf <v>] neighbors <ip> "
	  "routes|received-routes|advertised-routes", ios_routes },
	{ "show [ip] bgp vrf <v> [<x>] [<y>] neighbors <ip> routes|received-routes|advertised-routes",
	    ios_routes },
	{ "show [ip] bgp [all]", ios_routes },
	{ "show [ip] bgp ipv4|ipv6|vpnv4|vpnv6|l2vpn [<x>] [all] [vrf <v>]", ios_routes },
	{ "show [ip] bgp [<a> [<b> [<c> [<d> [<e>]]]]] summary [vrf <v>]", cisco_summary }, /* families of other releases */
	{ "show [ip] bgp [<a> [<b> [<c> [<d> [<e>]]]]] neighbors [<ip>]", cisco_detail },
	{ PING_ANY, cisco_ping },
	{ "show interfaces|interface [<if>] [<n>]", cisco_interfaces },
};

static const struct ping_query ping_queries[] = {
	{ 0, "ping {neighbor} repeat {count}[ source {local}]", "ping vrf {vrf} {neighbor} repeat {count}[ source {local}]",
	    false, cisco_ping },
};

static const struct iface_query iface_queries[] = {
	{ 4, "show ip route {neighbor}", "show ip route vrf {vrf} {neighbor}", route_iface, "show interfaces {interface}",
	    cisco_interfaces, .whole_port = true },
	{ 6, "show ipv6 route {neighbor}", "show ipv6 route vrf {vrf} {neighbor}", route_iface, "show interfaces {interface}",
	    cisco_interfaces, .whole_port = true },
};

static const char *const aliases[] = { "cisco_ios", "cisco_xe", "cisco_iosxe", "iosxe", "ios-xe", NULL };

const struct driver driver_ios = {
	.name = "ios",
	.title = "Cisco IOS and IOS-XE",
	.aliases = aliases,
	.transport = DRIVER_SHELL,
	.dialogue = &dialogue,
	.queries = queries,
	.query_count = ARRAY_LEN(queries),
	.routes = route_queries,
	.route_count = ARRAY_LEN(route_queries),
	.ping = ping_queries,
	.ping_count = ARRAY_LEN(ping_queries),
	.iface = iface_queries,
	.iface_count = ARRAY_LEN(iface_queries),
	.readings = readings,
	.reading_count = ARRAY_LEN(readings),
	.carry = carry_unknown,
	.recipes = ios_recipes,
	.limit_lines = "configure terminal\n"
	    "router bgp {as}\n"
	    "address-family ipv{ip} unicast\n"
	    "neighbor {neighbor} maximum-prefix {limit}\n"
	    "end\n"
	    "write memory",
	.doctor = "show privilege",
};
