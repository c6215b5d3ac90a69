/*
 * VyOS 1.3 and later: FRR underneath, which a login user may ask through vtysh.
 *
 * So the readers are those of FRR.  Acting must go through VyOS' own configuration (a change made in vtysh is
 * undone by the next commit), and is therefore not FRR's.
 */
#include "backends/drivers/carry.h"
#include "backends/drivers/cisco.h"
#include "backends/drivers/drivers.h"
#include "backends/drivers/frr.h"
#include "backends/drivers/host.h"
#include "backends/drivers/recipes.h"

static const char *const setup[] = { "terminal length 0", NULL };
static const char *const errors[] = { "^% ", "^Exiting: failed to connect to any daemons", "^vtysh: ",
	"^Invalid command", NULL };

static const struct dialogue dialogue = {
	.prompt = "[\\w.-]+(\\([\\w-]+\\))?[#>] ?$",
	.setup = setup,
	.errors = errors,
	.config_prompt = "[\\w.-]+\\(config[\\w-]*\\)# ?$",
	.bye = "exit",
	.echoes = true, /* readline does, terminal or not */
};

/* The login shell: operational commands and, inside `configure`, VyOS' own configuration. */
static const char *const acting_setup[] = { "set terminal length 0", "set terminal width 512", NULL };
static const char *const acting_errors[] = { "^% ", "^\\s*(Invalid|Incomplete|Ambiguous) command", "^\\s*Set failed", "^\\s*Commit failed",
	"^\\s*Delete failed", "^\\[\\[.*\\]\\] failed", "^\\s*Configuration path: .* is not valid", "^Cannot exit",
	"temporarily locked", "command not found", NULL };

static const struct dialogue acting = {
	.prompt = "[\\w.-]+@[\\w.-]+(:[^\\s$#]*)?[$#] ?$",
	.setup = acting_setup,
	.pager = "^ ?:$",
	.pager_answer = " ",
	.errors = acting_errors,
	.config_prompt = "[\\w.-]+@[\\w.-]+# ?$",
	.lead = "^\\[edit[^\\]]*\\]$",
	.bye = "exit",
	.echoes = true,
	.commit_s = 120,
};

static const struct query queries[] = {
	{ .name = "version", .command = "show version", .when = QUERY_ONCE, .optional = true,
	    .parse = frr_version },
	{ .name = "summary", .command = "show bgp vrf all summary json", .when = QUERY_ALWAYS,
	    .open = frr_summary_intake },
	{ .name = "neighbors", .command = "show bgp vrf all neighbors json", .when = QUERY_SLOW,
	    .ceiling = 64 << 20, .open = frr_neighbors_intake },
};

#define SHOW_BGP "show [ip|ipv6] bgp [vrf <v>] [ipv4|ipv6|vpnv4|vpnv6|l2vpn] " \
	"[unicast|multicast|vpn|labeled-unicast|flowspec|evpn] [vrf <v>] "

#define OF_NEIGHBOR(what) "show bgp {family} neighbors {neighbor} " what " json", \
	"show bgp vrf {vrf} {family} neighbors {neighbor} " what " json"
static const struct route_query route_queries[] = {
	{ ROUTES_RECEIVED, 0, OF_NEIGHBOR("received-routes"), frr_routes_intake, "routes before policy are kept only with: set protocols bgp neighbor {neighbor} address-family "
	  "{name}-unicast soft-reconfiguration inbound", NULL },
	{ ROUTES_ACCEPTED, 0, OF_NEIGHBOR("routes"), frr_routes_intake, NULL, NULL },
	{ ROUTES_ADVERTISED, 0, OF_NEIGHBOR("advertised-routes"), frr_routes_intake, NULL, NULL },
};

static const struct reading readings[] = {
	{ SHOW_BGP "summary [established|failed] json", frr_summary_json },
	{ SHOW_BGP "summary [established|failed] [wide]", cisco_summary },
	{ SHOW_BGP "neighbors [<ip>] json", frr_neighbors_json },
	{ SHOW_BGP "neighbors <ip> routes|received-routes|advertised-routes|filtered-routes json", frr_routes_json },
	{ SHOW_BGP "neighbors <ip> routes|received-routes|advertised-routes|filtered-routes", cisco_routes },
	{ SHOW_BGP "neighbors [<ip>]", cisco_detail },
	{ SHOW_BGP "json", frr_routes_json },
	{ SHOW_BGP, cisco_routes },
	{ PING_ANY, cisco_ping },
};

static const char *const aliases[] = { "vyos_vyos", "vyatta", "vyatta_vyos", NULL };

const struct driver driver_vyos = {
	.name = "vyos",
	.title = "VyOS (FRR through vtysh)",
	.aliases = aliases,
	.transport = DRIVER_KEPT,
	.cli = "vtysh",
	.dialogue = &dialogue,
	.acting = &acting,
	.queries = queries,
	.query_count = ARRAY_LEN(queries),
	.ping = host_ping,
	.ping_count = ARRAY_LEN(host_ping),
	.iface = host_iface,
	.iface_count = ARRAY_LEN(host_iface),
	.routes = route_queries,
	.route_count = ARRAY_LEN(route_queries),
	.readings = readings,
	.reading_count = ARRAY_LEN(readings),
	.carry = carry_unknown,
	.recipes = vyos_recipes,
	.limit_lines = "configure\n"
	    "set protocols bgp neighbor {neighbor} address-family ipv{ip}-unicast maximum-prefix {limit}\n"
	    "commit\n"
	    "save",
	.doctor = "show bgp vrf all summary json",
};
