/*
 * HPE Comware, whose tables are those of VRP with the columns in another order.
 */
#include "backends/drivers/carry.h"
#include "backends/drivers/cisco.h"
#include "backends/drivers/drivers.h"
#include "backends/drivers/recipes.h"
#include "backends/drivers/vrp_read.h"
#include "backends/parse/route_iface.h"

static const char *const setup[] = { "screen-length disable", NULL };

static const struct dialogue dialogue = {
	.prompt = "(<[^<>\\s]+>|\\[[~*]?[^\\[\\]\\s]+\\]) ?$",
	.setup = setup,
	.pager = "^ *---- ?More ?----",
	.pager_answer = " ",
	.errors = vrp_errors,
	.config_prompt = "\\[[~*]?[^\\[\\]\\s]+\\] ?$",
	.bye = "quit",
	.echoes = true,
};

static const struct query queries[] = {
	{ .name = "version", .command = "display version", .when = QUERY_ONCE, .optional = true,
	    .parse = cisco_poll_version },
	{ .name = "peers, IPv4", .command = "display bgp peer ipv4", .when = QUERY_ALWAYS,
	    .parse = vrp_poll_summary4 },
	{ .name = "peers, IPv6", .command = "display bgp peer ipv6", .when = QUERY_ALWAYS, .optional = true,
	    .parse = vrp_poll_summary6 },
	{ .name = "peers of VPNs", .command = "display bgp peer vpnv4", .when = QUERY_ALWAYS,
	    .optional = true, .parse = vrp_poll_vpnv4 },
	{ .name = "peers in detail, IPv4", .command = "display bgp peer ipv4 verbose", .when = QUERY_SLOW,
	    .optional = true, .timeout_s = 60, .parse = vrp_poll_verbose4 },
	{ .name = "peers in detail, IPv6", .command = "display bgp peer ipv6 verbose", .when = QUERY_SLOW,
	    .optional = true, .timeout_s = 60, .parse = vrp_poll_verbose6 },
};

#define OF_PEER(what) "display bgp routing-table {name} peer {neighbor} " what, \
	"display bgp routing-table {name} vpn-instance {vrf} peer {neighbor} " what
static const struct route_query route_queries[] = {
	{ ROUTES_RECEIVED, 0, OF_PEER("received-routes"), vrp_routes_intake, NULL, NULL },
	{ ROUTES_ADVERTISED, 0, OF_PEER("advertised-routes"), vrp_routes_intake, NULL, NULL },
};

static const struct reading readings[] = {
	{ "display|dis bgp peer [ipv4|ipv6|vpnv4|vpnv6|l2vpn] [unicast|vpls|evpn] [vpn-instance <v>]", vrp_summary },
	{ "display|dis bgp peer [ipv4|ipv6|vpnv4|vpnv6|l2vpn] [unicast|vpls|evpn] [vpn-instance <v>] [<ip>] verbose",
	    vrp_verbose },
	{ "display|dis bgp routing-table [ipv4|ipv6|vpnv4|vpnv6] [unicast] [vpn-instance <v>] "
	  "[peer <ip> received-routes|advertised-routes]", vrp_routes },
	{ PING_ANY, cisco_ping },
	{ "display|dis interface [<if>] [<n>]", cisco_interfaces },
};

static const struct ping_query ping_queries[] = {
	{ 4, "ping -c {count} [-a {local} ]{neighbor}", "ping -vpn-instance {vrf} -c {count} [-a {local} ]{neighbor}", false,
	    cisco_ping },
	{ 6, "ping ipv6 -c {count} [-a {local} ]{neighbor}", "ping ipv6 -vpn-instance {vrf} -c {count} [-a {local} ]{neighbor}",
	    false, cisco_ping },
};

static const struct iface_query iface_queries[] = {
	{ 4, "display ip routing-table {neighbor}", "display ip routing-table vpn-instance {vrf} {neighbor}", route_iface,
	    "display interface {interface}", cisco_interfaces, .shell = false },
	{ 6, "display ipv6 routing-table {neighbor}", "display ipv6 routing-table vpn-instance {vrf} {neighbor}", route_iface,
	    "display interface {interface}", cisco_interfaces, .shell = false },
};

static const char *const aliases[] = { "hp_comware", "hpe_comware", "h3c_comware", "h3c", NULL };

const struct driver driver_comware = {
	.name = "comware",
	.title = "HPE Comware",
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
	.recipes = comware_recipes,
	.limit_lines = "system-view\n"
	    "bgp {as}\n"
	    "address-family ipv{ip} unicast\n"
	    "peer {neighbor} route-limit {limit}\n"
	    "save",
	.doctor = "display users",
};
