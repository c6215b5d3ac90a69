/*
 * Cisco IOS XR.  Text; NETCONF is not used.
 *
 * Every answer begins with a line of the time of day, which the readings pass over.  The prompt names the
 * processor: "RP/0/RP0/CPU0:host#".
 */
#include "backends/drivers/carry.h"
#include "backends/drivers/cisco.h"
#include "backends/drivers/drivers.h"
#include "backends/drivers/recipes.h"
#include "backends/parse/route_iface.h"
#include "backends/parse/routes.h"
#include "backends/parse/refusal.h"
#include "backends/parse/summary.h"
#include "backends/parse/words.h"

/* The answer names the VRF and not the family; where no VRF has the family it is empty, or a time of day only. */
static int poll_vrfs(struct snap_builder *b, struct slice out, struct slice asked, struct err *e)
{
	if (slice_find(out, "VRF") < 0 && slice_find(out, "eighbor") < 0 && slice_find(out, "%") < 0)
		return 0;
	return summary_read(b, out, asked_of(asked), e);
}

static int poll_vrfs4(struct snap_builder *b, struct slice out, struct err *e)
{
	return poll_vrfs(b, out, SLICE("ipv4 unicast"), e);
}

static int poll_vrfs6(struct snap_builder *b, struct slice out, struct err *e)
{
	return poll_vrfs(b, out, SLICE("ipv6 unicast"), e);
}

/* "show bgp sessions", which tells of no family:
 *
 *     Neighbor        VRF                   Spk    AS   InQ  OutQ  NBRState     NSRState
 *     192.0.2.1       default                 0 65001     0     0  Established  None
 */
static bool sessions_row(struct snap_builder *b, const struct words *w, size_t from, struct slice name,
    const struct addr *peer)
{
	struct session probe, *s;

	session_init(&probe);
	if (w->n < from + 6 || !session_take_remote_as(&probe, w->w[from + 2]) ||
	    !summary_state(w->w[from + 5], &probe))
		return false;
	s = snap_builder_peer(b, w->w[from], name, peer, peer->family == ADDR_IP6 ? AF_IPV6_UNICAST : AF_IPV4_UNICAST);
	s->remote_as = probe.remote_as;
	s->state = probe.state;
	s->admin_down = probe.admin_down;
	return true;
}

static int iosxr_sessions(struct report *r, struct slice out, struct err *e)
{
	struct scan c = scan_of(out);
	struct slice line, name = SLICE(""), bare;
	struct addr peer = { 0 }, a;
	bool in_table = false, own;
	struct words w;

	r->kind = REPORT_SESSIONS;
	while (scan_line(&c, &line)) {
		words_cut(&w, line);
		if (slice_find(line, "NBRState") > 0)
			in_table = true;
		if (!in_table || w.n == 0)
			continue;
		own = word_address(w.w[0], &bare, &a);
		if (own) {
			name = bare;
			peer = a;
		}
		if (name.len > 0 && w.n > 1) { /* a long address stands alone, its row on the next line */
			snap_builder_rows(r->sessions, 1, sessions_row(r->sessions, &w, own ? 1 : 0, name, &peer) ? 1 : 0);
			name = SLICE("");
		}
	}
	return in_table ? 0 : refusal_or_not_found(out, "table of sessions", e);
}

static const char *const setup[] = { "terminal length 0", "terminal width 511",
	"terminal exec prompt no-timestamp", NULL };

static const struct dialogue dialogue = {
	.prompt = "RP/\\d+/[\\w/]+:[\\w.-]+(\\([^)\\s]+\\))?# ?$",
	.setup = setup,
	.pager = "^ ?--More-- ?$",
	.pager_answer = " ",
	.errors = cisco_errors,
	.config_prompt = "\\(config[^)]*\\)# ?$",
	.config_show = "do ",
	.commit_s = 120,
	.stamp = "^(Mon|Tue|Wed|Thu|Fri|Sat|Sun) [A-Z][a-z]{2} +\\d+ [\\d:.]+ \\S+$",
	.bye = "exit",
	.echoes = true,
};

static const struct query queries[] = {
	{ .name = "version", .command = "show version", .when = QUERY_ONCE, .optional = true,
	    .parse = cisco_poll_version },
	{ .name = "summary", .command = "show bgp all all summary", .when = QUERY_ALWAYS,
	    .parse = cisco_poll_summary },
	{ .name = "summary of VRFs, IPv4", .command = "show bgp vrf all ipv4 unicast summary",
	    .when = QUERY_ALWAYS, .optional = true, .parse = poll_vrfs4 },
	{ .name = "summary of VRFs, IPv6", .command = "show bgp vrf all ipv6 unicast summary",
	    .when = QUERY_ALWAYS, .optional = true, .parse = poll_vrfs6 },
	{ .name = "neighbors", .command = "show bgp neighbors", .when = QUERY_SLOW, .optional = true,
	    .timeout_s = 60, .parse = cisco_poll_detail },
	{ .name = "neighbors of VRFs", .command = "show bgp vrf all neighbors", .when = QUERY_SLOW,
	    .optional = true, .timeout_s = 60, .parse = cisco_poll_detail },
};

#define OF_NEIGHBOR(what) "show bgp {family} neighbors {neighbor} " what, \
	"show bgp vrf {vrf} {family} neighbors {neighbor} " what
static const struct route_query route_queries[] = {
	{ ROUTES_RECEIVED, 0, OF_NEIGHBOR("received routes"), routes_intake,
	    "routes before policy are kept only with \"soft-reconfiguration inbound always\" in the neighbor's family", NULL },
	{ ROUTES_ACCEPTED, 0, OF_NEIGHBOR("routes"), routes_intake, NULL, NULL },
	{ ROUTES_ADVERTISED, 0, OF_NEIGHBOR("advertised-routes"), routes_intake, NULL, NULL },
};

static const struct reading readings[] = {
	{ "show bgp [instance <i>] [all] [all] [vrf <v>] [ipv4|ipv6|vpnv4|vpnv6|l2vpn [<x>]] summary",
	    cisco_summary },
	{ "show bgp [instance <i>] [vrf <v>] [ipv4|ipv6|vpnv4|vpnv6|l2vpn [<x>]] [vrf <v>] summary",
	    cisco_summary },
	{ "show bgp [instance <i>] [all] [all] [vrf <v>] [ipv4|ipv6|vpnv4|vpnv6|l2vpn [<x>]] neighbors|neighbor [<ip>] "
	  "[detail]", cisco_detail },
	{ "show bgp [instance <i>] [all] [all] [vrf <v>] [ipv4|ipv6|vpnv4|vpnv6|l2vpn [<x>]] neighbors|neighbor <ip> "
	  "routes|received-routes|advertised-routes", cisco_routes },
	{ "show bgp [instance <i>] [all] [all] [vrf <v>] [ipv4|ipv6|vpnv4|vpnv6|l2vpn [<x>]] neighbors|neighbor <ip> "
	  "received|advertised routes", cisco_routes },
	{ "show [ip] bgp [instance <i>] [all] [all] [vrf <v>] [ipv4|ipv6|vpnv4|vpnv6|l2vpn [<x>]]", cisco_routes },
	{ "show bgp [instance <i>] sessions", iosxr_sessions },
	{ "show [ip] bgp [<a> [<b> [<c> [<d> [<e> [<f>]]]]]] summary", cisco_summary }, /* families of other releases */
	{ "show [ip] bgp [<a> [<b> [<c> [<d> [<e> [<f>]]]]]] neighbors|neighbor [<ip>] [detail]", cisco_detail },
	{ PING_ANY, cisco_ping },
	{ "show interfaces|interface [<if>] [<n>]", cisco_interfaces },
};

static const struct ping_query ping_queries[] = {
	{ 0, "ping {neighbor} count {count}[ source {local}]", "ping vrf {vrf} {neighbor} count {count}[ source {local}]",
	    false, cisco_ping },
};

static const struct iface_query iface_queries[] = {
	{ 0, "show route {name} {neighbor}", "show route vrf {vrf} {name} {neighbor}", route_iface,
	    "show interfaces {interface}", cisco_interfaces, .shell = false },
};

static const char *const aliases[] = { "cisco_xr", "cisco_iosxr", "ios-xr", "xr", NULL };

const struct driver driver_iosxr = {
	.name = "iosxr",
	.title = "Cisco IOS XR",
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
	.recipes = iosxr_recipes,
	.limit_lines = "configure\n"
	    "router bgp {as}\n"
	    "neighbor {neighbor}\n"
	    "address-family ipv{ip} unicast\n"
	    "maximum-prefix {limit}\n"
	    "commit",
	.doctor = "show user all",
};
