/*
 * Juniper Junos: `| display xml` for sessions, which every release has, JSON and text read too.
 *
 * "show bgp neighbor" names the instance of every peer and the tables of those that are up; how long a peer has
 * been in its state stands only in the summary, which names no instance of a peer that is down.  So every poll
 * asks for both.
 */
#include "backends/drivers/carry.h"
#include "backends/drivers/cisco.h"
#include "backends/drivers/drivers.h"
#include "backends/drivers/junos_read.h"
#include "backends/parse/route_iface.h"
#include "backends/drivers/recipes.h"

static const char *const setup[] = { "set cli screen-length 0", "set cli screen-width 511",
	"set cli complete-on-space off", NULL };
static const char *const errors[] = { "^error: ", "^syntax error", "^unknown command", "^\\s*\\^\\s*$",
	"^permission denied", "^missing argument", "^invalid (value|number|input|ip address|interface)", "^'.*' is ambiguous", NULL };

static const struct dialogue dialogue = {
	.prompt = "[\\w.-]+@[\\w.-]+[>#%] ?$",
	.setup = setup,
	.pager = "^---\\(more( \\d+%)?\\)---",
	.pager_answer = " ",
	.errors = errors,
	.config_prompt = "[\\w.-]+@[\\w.-]+# ?$",
	.lead = "^(\\{(master|backup|linecard)[\\w:]*\\})?(\\[edit[^\\]]*\\])?$",
	.bye = "exit",
	.echoes = true,
	.commit_s = 180,
};

static const struct query queries[] = {
	{ .name = "version", .command = "show version", .when = QUERY_ONCE, .optional = true,
	    .parse = cisco_poll_version },
	{ .name = "neighbors", .command = "show bgp neighbor | display xml", .when = QUERY_ALWAYS,
	    .timeout_s = 60, .ceiling = 64 << 20, .parse = junos_poll_neighbors },
	{ .name = "summary", .command = "show bgp summary | display xml", .when = QUERY_ALWAYS,
	    .optional = true, .parse = junos_poll_summary },
};

#define BGP_ROUTES(way) "show route " way "-protocol bgp {neighbor} | no-more", \
	"show route " way "-protocol bgp {neighbor} | no-more"
static const struct route_query route_queries[] = {
	{ ROUTES_RECEIVED, 0, BGP_ROUTES("receive"), junos_routes_intake, NULL, NULL },
	{ ROUTES_ADVERTISED, 0, BGP_ROUTES("advertising"), junos_routes_intake, NULL, NULL },
};

static const struct reading readings[] = {
	{ "show bgp summary [instance|group|logical-system <x>] [| display json|xml] [| no-more]", junos_sessions },
	{ "show bgp neighbor|neighbors [instance|group|logical-system <x>] [| display json|xml] [| no-more]",
	    junos_sessions },
	{ "show bgp neighbor|neighbors <ip> [instance|group|logical-system <x>] [| display json|xml] [| no-more]",
	    junos_sessions },
	{ "show route receive-protocol|advertising-protocol bgp <ip> [<a> [<b> [<c> [<d>]]]] "
	  "[| display json|xml] [| no-more]",
	    junos_routes },
	{ "show route protocol bgp [table <t>] [extensive|detail|all] [| display json|xml] [| no-more]", junos_routes },
	{ "show interfaces [<if>] [extensive|detail|media|brief|terse|statistics] | display json|xml [| no-more]", junos_ports },
	{ "show interfaces [<if>] [extensive|detail|media|brief|terse]", junos_interfaces },
	{ PING_ANY, cisco_ping },
};

static const struct ping_query ping_queries[] = {
	{ 0, "ping {neighbor} count {count} rapid[ source {local}]",
	    "ping {neighbor} count {count} rapid[ source {local}] routing-instance {vrf}", false, cisco_ping },
};

static const struct iface_query iface_queries[] = {
	{ 0, "show route {neighbor} | no-more", "show route {neighbor} table {vrf} | no-more", route_iface,
	    "show interfaces {interface} extensive | no-more", junos_interfaces, .whole_port = true },
};

static const char *const aliases[] = { "juniper_junos", "juniper", NULL };

const struct driver driver_junos = {
	.name = "junos",
	.title = "Juniper Junos",
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
	.recipes = junos_recipes,
	.limit_lines = "configure\n"
	    "set protocols bgp group {group} neighbor {neighbor} family inet{six} unicast prefix-limit maximum {limit}\n"
	    "set protocols bgp group {group} neighbor {neighbor} family inet{six} unicast prefix-limit teardown\n"
	    "commit",
	.doctor = "show cli authorization",
};
