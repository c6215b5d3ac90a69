/*
 * FRRouting through one kept vtysh.
 *
 * The summary of all VRFs is cheap and comes with every poll.  What is said
 * per neighbor (limits, policies, reasons) is ten times as long and comes
 * seldom; `carry` keeps it for the polls between.  Our own shutdown text
 * stands only in the running configuration, of which only the lines about
 * shutting are asked for: nobody needs to see the passwords.
 */
#include "backends/drivers/drivers.h"
#include "backends/drivers/host.h"
#include "backends/drivers/recipes.h"
#include "backends/drivers/frr.h"

static const char *const errors[] = {
	"^% ", "^Exiting: failed to connect to any daemons", "^vtysh: ", NULL,
};

static const struct dialogue dialogue = {
	.prompt = "[\\w.-]+(\\([\\w-]+\\))?[#>] ?$",
	.setup = (const char *const[]){ "terminal length 0", NULL },
	.pager = NULL,
	.errors = errors,
	.config_prompt = "[\\w.-]+\\(config[\\w-]*\\)# ?$",
	.bye = "exit",
	.echoes = true, /* readline does, terminal or not */
};

static const struct query queries[] = {
	{ .name = "version", .command = "show version", .when = QUERY_ONCE, .parse = frr_version },
	{ .name = "summary", .command = "show bgp vrf all summary json", .when = QUERY_ALWAYS,
	    .open = frr_summary_intake },
	{ .name = "neighbors", .command = "show bgp vrf all neighbors json", .when = QUERY_SLOW,
	    .ceiling = 64 << 20, .open = frr_neighbors_intake },
	{ .name = "shutdowns", .command = "show running-config bgpd | include ^router bgp|shutdown",
	    .when = QUERY_SLOW, .optional = true, .parse = frr_shutdown_lines },
};

#define SHOW_BGP "show [ip] bgp [vrf|view <name>] [ipv4|ipv6|vpnv4|vpnv6|l2vpn] " \
	"[unicast|multicast|vpn|labeled-unicast|flowspec|evpn] "
#define ROUTES_OF "neighbors|neighbor <neighbor> routes|received-routes|advertised-routes|filtered-routes "

#define OF_NEIGHBOR(what) "show bgp {family} neighbors {neighbor} " what " json", \
	"show bgp vrf {vrf} {family} neighbors {neighbor} " what " json"
static const struct route_query route_queries[] = {
	{ ROUTES_RECEIVED, 0, OF_NEIGHBOR("received-routes"), frr_routes_intake, "routes before policy are kept only with this line: address-family {family} / neighbor {neighbor} "
	  "soft-reconfiguration inbound", NULL },
	{ ROUTES_ACCEPTED, 0, OF_NEIGHBOR("routes"), frr_routes_intake, NULL, NULL },
	{ ROUTES_ADVERTISED, 0, OF_NEIGHBOR("advertised-routes"), frr_routes_intake, NULL, NULL },
};

static const struct reading readings[] = {
	{ SHOW_BGP "summary|sum [established|failed] [wide] [neighbor <x>] [remote-as <x>] json",
	    frr_summary_json },
	{ SHOW_BGP "summary|sum [established|failed] [neighbor <x>] [remote-as <x>] [wide]",
	    frr_summary_text },
	{ SHOW_BGP ROUTES_OF "json", frr_routes_json },
	{ SHOW_BGP ROUTES_OF, frr_routes_text },
	{ SHOW_BGP "neighbors|neighbor json", frr_neighbors_json },
	{ SHOW_BGP "neighbors|neighbor <neighbor> json", frr_neighbors_json },
	{ SHOW_BGP "neighbors|neighbor", frr_neighbors_text },
	{ SHOW_BGP "neighbors|neighbor <neighbor>", frr_neighbors_text },
	{ SHOW_BGP "[wide] json", frr_routes_json },
	{ SHOW_BGP "[wide]", frr_routes_text },
};

static struct text keep(struct arena *a, struct text t)
{
	return (struct text){ arena_strdup(a, t.s) };
}

/* All that the neighbors and the configuration say and the summary does not. */
static void carry(struct session *now, const struct session *before, struct arena *a)
{
	bool same = now->state == before->state && now->since_s >= 0 && before->since_s >= 0;

	now->group = keep(a, before->group);
	now->local = before->local;
	now->max_prefixes = before->max_prefixes;
	now->limit_action = before->limit_action;
	now->limit_warn_pct = before->limit_warn_pct;
	now->limit_restart_s = before->limit_restart_s;
	now->soft_reconfig = before->soft_reconfig;
	now->import_policy = keep(a, before->import_policy);
	now->export_policy = keep(a, before->export_policy);
	now->auth = before->auth;
	now->hold_time_s = before->hold_time_s;
	now->last_error = before->last_error;
	now->last_error.words = keep(a, before->last_error.words);
	if (before->last_error.ago_s >= 0)
		now->last_error.ago_s = !same ? -1 :
		    before->last_error.ago_s + now->since_s - before->since_s;
	now->shutdown_message = keep(a, before->shutdown_message);
	now->own_message = keep(a, before->own_message);
	if (!text_known(now->description))
		now->description = keep(a, before->description);
}

const struct driver driver_frr = {
	.name = "frr",
	.title = "FRRouting (vtysh)",
	.aliases = (const char *const[]){ "frrouting", "sonic", "cumulus", NULL },
	.transport = DRIVER_KEPT,
	.cli = "vtysh",
	.dialogue = &dialogue,
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
	.carry = carry,
	.recipes = frr_recipes,
	.limit_lines = "configure terminal\n"
	    "router bgp {as}\n"
	    "address-family ipv{ip} unicast\n"
	    "neighbor {neighbor} maximum-prefix {limit}\n"
	    "end\n"
	    "write memory",
	.doctor = "show bgp vrf all summary json",
};
