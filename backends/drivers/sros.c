/*
 * Nokia SR OS, classic CLI and MD-CLI.  Text.
 */
#include "backends/drivers/carry.h"
#include "backends/drivers/cisco.h"
#include "backends/drivers/drivers.h"
#include "backends/drivers/recipes.h"
#include "backends/drivers/sros_read.h"

static const char *const setup[] = { "environment no more", "environment more false",
	"environment command-completion space false", NULL };
static const char *const errors[] = { "^(MINOR|MAJOR|CRITICAL): ", "^Error: ", "^\\s*\\^\\s*$", NULL };

static const struct dialogue dialogue = {
	.prompt = "\\*?[AB]:(\\S+@)?[\\w.-]+(>\\S+)?[#$] ?$",
	.setup = setup,
	.pager = "^Press any key to continue \\(Q to quit\\) ?$",
	.pager_answer = " ",
	.errors = errors,
	.config_prompt = ">config\\S*[#$] ?$|^\\*?\\((ex|pr|gl|ro)\\)",
	.lead = "^[!*^]*(\\((ex|gl|pr|ro|op)\\))?\\[[^\\]]*\\]$",
	.bye = "logout",
	.echoes = true,
	.commit_s = 180,
};

static const struct query queries[] = {
	{ .name = "version", .command = "show version", .when = QUERY_ONCE, .optional = true,
	    .parse = cisco_poll_version },
	{ .name = "summary", .command = "show router bgp summary all", .when = QUERY_ALWAYS,
	    .parse = sros_poll_summary },
	{ .name = "neighbors", .command = "show router bgp neighbor", .when = QUERY_SLOW, .optional = true,
	    .timeout_s = 60, .parse = sros_poll_neighbors },
};

static const struct reading readings[] = {
	{ "show router [<i>] bgp summary [all] [family <f>] [neighbor <ip>]", sros_summary },
	{ "show router [<i>] bgp neighbor [<ip>] [detail]", sros_neighbors },
	{ "show router [<i>] bgp neighbor <ip> [<family>] received-routes|advertised-routes [<family>] [brief]", sros_routes },
	{ "show router [<i>] bgp routes [<a> [<b> [<c>]]]", sros_routes },
	{ "show port <port> [detail]", sros_port },
	{ PING_ANY, cisco_ping },
};

#define OF_NEIGHBOR(what) "show router bgp neighbor {neighbor} " what " {name}", \
	"show router {vrf} bgp neighbor {neighbor} " what " {name}"
static const struct route_query route_queries[] = {
	{ ROUTES_RECEIVED, 0, OF_NEIGHBOR("received-routes"), sros_routes_intake, NULL, NULL },
	{ ROUTES_ADVERTISED, 0, OF_NEIGHBOR("advertised-routes"), sros_routes_intake, NULL, NULL },
};

static const struct iface_query iface_queries[] = {
	{ 0, "show router route-table {neighbor}", "show router {vrf} route-table {neighbor}", sros_route_interface,
	    "show port {interface}", sros_port, .counted = true, .port = "show router interface \"{interface}\"",
	    .port_vrf = "show router {vrf} interface \"{interface}\"", .port_name = sros_interface_port },
};

static const struct ping_query ping_queries[] = {
	{ 0, "ping {neighbor} count {count}[ source {local}]", "ping {neighbor} router {vrf} count {count}[ source {local}]",
	    false, cisco_ping },
};

static const char *const aliases[] = { "nokia_sros", "alcatel_sros", "sr-os", "nokia_sros_md", NULL };

const struct driver driver_sros = {
	.name = "sros",
	.title = "Nokia SR OS (classic and MD-CLI)",
	.aliases = aliases,
	.transport = DRIVER_SHELL,
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
	.recipes = sros_recipes,
	.limit_lines = "/configure router bgp group \"{group}\" neighbor {neighbor} prefix-limit ipv{ip} {limit}",
	.doctor = "show users",
};
