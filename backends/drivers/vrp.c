/*
 * Huawei VRP 5 and 8.  Text only.
 *
 * "<host>" is the user view, "[host]", "[~host]" and "[*host]" are configuration views (the mark tells a clean
 * or changed candidate).  There is one table per family, and none that says all.
 */
#include "backends/drivers/carry.h"
#include "backends/drivers/cisco.h"
#include "backends/drivers/drivers.h"
#include "backends/drivers/recipes.h"
#include "backends/drivers/vrp_read.h"
#include "backends/parse/route_iface.h"

static const char *const setup[] = { "screen-length 0 temporary", NULL };

static const struct dialogue dialogue = {
	.prompt = "(<[^<>\\s]+>|\\[[~*]?[^\\[\\]\\s]+\\]) ?$",
	.setup = setup,
	.pager = "^ *---- ?More ?----",
	.pager_answer = " ",
	.errors = vrp_errors,
	.config_prompt = "\\[[~*]?[^\\[\\]\\s]+\\] ?$",
	.bye = "quit",
	.echoes = true,
	.commit_s = 120,
};

static const struct query queries[] = {
	{ .name = "version", .command = "display version", .when = QUERY_ONCE, .optional = true,
	    .parse = cisco_poll_version },
	{ .name = "peers, IPv4", .command = "display bgp peer", .when = QUERY_ALWAYS,
	    .parse = vrp_poll_summary4 },
	{ .name = "peers, IPv6", .command = "display bgp ipv6 peer", .when = QUERY_ALWAYS, .optional = true,
	    .parse = vrp_poll_summary6 },
	{ .name = "peers of VPNs", .command = "display bgp vpnv4 all peer", .when = QUERY_ALWAYS,
	    .optional = true, .parse = vrp_poll_vpnv4 },
	{ .name = "peers in detail, IPv4", .command = "display bgp peer verbose", .when = QUERY_SLOW,
	    .optional = true, .timeout_s = 60, .parse = vrp_poll_verbose4 },
	{ .name = "peers in detail, IPv6", .command = "display bgp ipv6 peer verbose", .when = QUERY_SLOW,
	    .optional = true, .timeout_s = 60, .parse = vrp_poll_verbose6 },
};

#define DISPLAY_BGP "display|dis bgp [instance <i>] [ipv4|ipv6|vpnv4|vpnv6|evpn|l2vpn|multicast] [unicast|all] " \
	"[vpn-instance <v>] "

#define OF_PEER4(what) "display bgp routing-table peer {neighbor} " what, \
	"display bgp vpnv4 vpn-instance {vrf} routing-table peer {neighbor} " what
#define OF_PEER6(what) "display bgp ipv6 routing-table peer {neighbor} " what, \
	"display bgp vpnv6 vpn-instance {vrf} routing-table peer {neighbor} " what
static const struct route_query route_queries[] = {
	{ ROUTES_RECEIVED, 4, OF_PEER4("received-routes"), vrp_routes_intake,
	    "routes before policy are kept only with \"peer {neighbor} keep-all-routes\"", NULL },
	{ ROUTES_RECEIVED, 6, OF_PEER6("received-routes"), vrp_routes_intake,
	    "routes before policy are kept only with \"peer {neighbor} keep-all-routes\"", NULL },
	{ ROUTES_ADVERTISED, 4, OF_PEER4("advertised-routes"), vrp_routes_intake, NULL, NULL },
	{ ROUTES_ADVERTISED, 6, OF_PEER6("advertised-routes"), vrp_routes_intake, NULL, NULL },
};

static const struct reading readings[] = {
	{ DISPLAY_BGP "peer", vrp_summary },
	{ DISPLAY_BGP "all summary", vrp_summary },
	{ DISPLAY_BGP "summary", vrp_summary },
	{ DISPLAY_BGP "peer [<ip>] verbose", vrp_verbose },
	{ DISPLAY_BGP "peer <ip>", vrp_summary },
	{ DISPLAY_BGP "routing-table [peer <ip> received-routes|advertised-routes|accepted-routes]", vrp_routes },
	{ "display|dis bgp <f> [<a> [<v>]] peer", vrp_summary }, /* families of other releases */
	{ "display|dis bgp <f> [<a> [<v>]] peer [<ip>] verbose", vrp_verbose },
	{ PING_ANY, cisco_ping },
	{ "display|dis interface [<if>] [<n>]", cisco_interfaces },
};

static const struct ping_query ping_queries[] = {
	{ 4, "ping -c {count} [-a {local} ]{neighbor}", "ping -vpn-instance {vrf} -c {count} [-a {local} ]{neighbor}", false,
	    cisco_ping },
	{ 6, "ping ipv6 -c {count} [-a {local} ]{neighbor}", "ping ipv6 vpn-instance {vrf} -c {count} [-a {local} ]{neighbor}",
	    false, cisco_ping },
};

static const struct iface_query iface_queries[] = {
	{ 4, "display ip routing-table {neighbor}", "display ip routing-table vpn-instance {vrf} {neighbor}", route_iface,
	    "display interface {interface}", cisco_interfaces, .shell = false },
	{ 6, "display ipv6 routing-table {neighbor}", "display ipv6 routing-table vpn-instance {vrf} {neighbor}", route_iface,
	    "display interface {interface}", cisco_interfaces, .shell = false },
};

static const char *const aliases[] = { "huawei_vrp", "huawei", "huawei_vrpv8", "ce", NULL };

const struct driver driver_vrp = {
	.name = "vrp",
	.title = "Huawei VRP",
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
	.recipes = vrp_recipes,
	.limit_lines = "system-view\n"
	    "bgp {as}\n"
	    "ipv{ip}-family unicast\n"
	    "peer {neighbor} route-limit {limit}\n"
	    "quit\n"
	    "save",
	.doctor = "display users",
};
