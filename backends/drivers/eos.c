/*
 * Arista EOS: `| json` for sessions, text for the rest.
 *
 * AS numbers come as strings, `upDownTime` is a moment and not a duration, and a summary of old releases names
 * its family only in the command.  New releases have one object per family inside the peer.
 */
#include "backends/drivers/carry.h"
#include "backends/drivers/cisco.h"
#include "backends/drivers/drivers.h"
#include "backends/drivers/eos_read.h"
#include "backends/drivers/recipes.h"
#include "backends/parse/asked.h"
#include "backends/parse/family.h"
#include "backends/parse/jget.h"
#include "backends/parse/refusal.h"
#include "backends/parse/route_iface.h"
#include "backends/parse/summary.h"

#include <string.h>

/* The tree is larger than what is kept of it: it stands in an arena of its own. */
static int read_vrfs(struct arena *scratch, struct slice out, const struct jnode **vrfs, struct err *e)
{
	struct jnode *root;

	if (jget_json(scratch, out, &root, e) != 0)
		return -1;
	*vrfs = jget(root, "vrfs");
	if (*vrfs == NULL && jget(root, "errors") != NULL) {
		struct slice why = jget_text(root, "errors");

		return err_set(e, ERR_DEVICE, "%.*s", (int)(why.len < 200 ? why.len : 200), why.p);
	}
	return *vrfs != NULL ? 0 : refusal_or_not_found(out, "\"vrfs\"", e);
}

static bool take_state(struct session *s, struct slice state)
{
	if (!summary_state(state, s))
		return false;
	if (s->state == BGP_ESTABLISHED)
		s->admin_down = TRI_NO;
	return true;
}

static asn_t peer_asn(const struct jnode *p)
{
	asn_t as = jget_asn(p, "asn");

	return as != ASN_UNKNOWN ? as : jget_asn(p, "peerAsn");
}

/* One family of a peer: of the command, or an object of its own inside the peer. */
static void take_row(struct snap_builder *b, struct slice vrf, const struct jnode *p,
    enum afi_safi family, const struct jnode *own)
{
	struct session *s = snap_builder_session(b, vrf, slice_of(p->name), family);
	bool ok = take_state(s, jget_text(p, "peerState"));

	s->remote_as = peer_asn(p);
	s->messages_in = jget_count(p, "msgReceived");
	s->messages_out = jget_count(p, "msgSent");
	s->received = own ? jget_count(own, "nlrisReceived") : jget_count(p, "prefixReceived");
	s->accepted = own ? jget_count(own, "nlrisAccepted") : jget_count(p, "prefixAccepted");
	if (slice_find(jget_text(p, "peerStateIdleReason"), "dmin") >= 0 ||
	    slice_find(jget_text(p, "idleReason"), "dmin") >= 0)
		s->admin_down = TRI_YES;
	if (jget_text(p, "description").len > 0)
		s->description = snap_builder_text(b, jget_text(p, "description"));
	snap_builder_rows(b, 1, ok ? 1 : 0);
}

static void take_peer(struct snap_builder *b, struct slice vrf, const struct jnode *p,
    enum afi_safi asked)
{
	bool any = false;

	for (const struct jnode *own = p->down; own != NULL; own = own->next)
		if (jget(own, "afiSafiState") != NULL || jget(own, "nlrisReceived") != NULL) {
			take_row(b, vrf, p, family_of(slice_of(own->name)), own);
			any = true;
		}
	if (!any) {
		struct addr a = { 0 };

		addr_parse(slice_of(p->name), &a);
		take_row(b, vrf, p, asked != AF_UNKNOWN ? asked :
		    a.family == ADDR_IP6 ? AF_IPV6_UNICAST : AF_IPV4_UNICAST, NULL);
	}
}

static int take_summary(struct snap_builder *b, struct slice out, enum afi_safi asked, struct err *e)
{
	struct arena *scratch = arena_new();
	const struct jnode *vrfs = NULL;
	int rc = read_vrfs(scratch, out, &vrfs, e);

	for (const struct jnode *v = rc == 0 ? vrfs->down : NULL; v != NULL; v = v->next) {
		struct addr id = jget_addr(v, "routerId");

		if (strcmp(v->name, "default") == 0 || snap_builder_router_id(b)->family == ADDR_NONE)
			snap_builder_router(b, jget_asn(v, "asn"), &id);
		for (const struct jnode *p = jget(v, "peers") ? jget(v, "peers")->down : NULL; p; p = p->next)
			take_peer(b, slice_of(v->name), p, asked);
	}
	arena_free(scratch);
	return rc;
}

static int read_summary_json(struct report *r, struct slice out, struct err *e)
{
	return take_summary(r->sessions, out, asked_of(slice_of(r->command)).family, e);
}

static int poll_summary4(struct snap_builder *b, struct slice out, struct err *e)
{
	return take_summary(b, out, AF_IPV4_UNICAST, e);
}

static int poll_summary6(struct snap_builder *b, struct slice out, struct err *e)
{
	return take_summary(b, out, AF_IPV6_UNICAST, e);
}

static int poll_evpn(struct snap_builder *b, struct slice out, struct err *e)
{
	return take_summary(b, out, AF_L2VPN_EVPN, e);
}

/* Counters of one family in the flat object of a peer. */
static void take_counts(struct session *s, const struct jnode *p)
{
	static const struct {
		enum afi_safi family;
		const char *sent, *received;
	} keys[] = {
		{ AF_IPV4_UNICAST, "prefixesSent", "prefixesReceived" },
		{ AF_IPV6_UNICAST, "v6PrefixesSent", "v6PrefixesReceived" },
		{ AF_IPV4_LABELED, "labPrefixesSent", "labPrefixesReceived" },
		{ AF_IPV6_LABELED, "labV6PrefixesSent", "labV6PrefixesReceived" },
		{ AF_L2VPN_EVPN, "evpnSent", "evpnReceived" },
		{ AF_VPNV4_UNICAST, "vpnIpv4Sent", "vpnIpv4Received" },
		{ AF_VPNV6_UNICAST, "vpnIpv6Sent", "vpnIpv6Received" },
	};

	for (size_t i = 0; i < ARRAY_LEN(keys); i++)
		if (s->family == keys[i].family) {
			s->advertised = jget_count(p, keys[i].sent);
			if (s->received == COUNT_UNKNOWN)
				s->received = jget_count(p, keys[i].received);
		}
}

static void take_last_error(struct session *s, const struct jnode *p)
{
	count_t got = jget_count(p, "lastErrorRcvdCode"), sent = jget_count(p, "lastErrorSentCode");
	bool received = got > 0;

	if (got <= 0 && sent <= 0)
		return;
	s->last_error.code = (int)(received ? got : sent) & 0xff;
	s->last_error.subcode = (int)jget_count(p, received ? "lastErrorRcvdSubcode" : "lastErrorSentSubcode");
	s->last_error.dir = received ? DIR_RECEIVED : DIR_SENT;
}

static void take_policies(struct snap_builder *b, struct session *s, const struct jnode *p)
{
	struct slice in = jget_text(p, "routeMapInbound"), out = jget_text(p, "routeMapOutbound");

	if (in.len == 0)
		in = jget_text(p, "routeMapInfo/inboundIpv4Uni");
	if (out.len == 0)
		out = jget_text(p, "routeMapInfo/outboundIpv4Uni");
	if (in.len > 0)
		s->import_policy = snap_builder_text(b, in);
	if (out.len > 0)
		s->export_policy = snap_builder_text(b, out);
}

static void take_detail(struct snap_builder *b, struct session *s, const struct jnode *p)
{
	count_t hold = jget_count(p, "holdTime");

	take_state(s, jget_text(p, "state"));
	s->remote_as = peer_asn(p) != ASN_UNKNOWN ? peer_asn(p) : s->remote_as;
	s->local_as = jget_asn(p, "localAsn");
	if (s->state == BGP_ESTABLISHED && jget_count(p, "establishedTime") >= 0)
		s->since_s = jget_count(p, "establishedTime");
	if (slice_find(jget_text(p, "idleReason"), "dministratively") >= 0)
		s->admin_down = TRI_YES;
	if (hold > 0 && hold <= 65535)
		s->hold_time_s = (int)hold;
	if (jget_text(p, "description").len > 0)
		s->description = snap_builder_text(b, jget_text(p, "description"));
	if (jget_text(p, "peerGroupName").len > 0)
		s->group = snap_builder_text(b, jget_text(p, "peerGroupName"));
	s->local = jget_addr(p, "updateSource");
	if (jget(p, "md5AuthEnabled") != NULL)
		s->auth = jget_bool(p, "md5AuthEnabled") == TRI_YES ? AUTH_MD5 : AUTH_NONE;
	if (jget_count(p, "maxTotalRoutes") > 0) {
		s->max_prefixes = jget_count(p, "maxTotalRoutes");
		s->limit_action = LIMIT_TEARDOWN;
	}
	s->messages_in = jget_count(p, "receivedMessages");
	s->messages_out = jget_count(p, "sentMessages");
	if (jget_count(p, "establishedTransitions") > 0)
		s->flaps = jget_count(p, "establishedTransitions") - (s->state == BGP_ESTABLISHED ? 1 : 0);
	take_counts(s, p);
	take_last_error(s, p);
	take_policies(b, s, p);
}

/* The families that both sides agreed on; of a peer that is down, those that we offer. */
static void take_neighbor(struct snap_builder *b, struct slice vrf, const struct jnode *p, bool create)
{
	const struct jnode *caps = jget(p, "neighborCapabilities/multiprotocolCaps");
	struct slice name = jget_text(p, "peerAddress");
	struct session *s;
	struct addr a = { 0 };
	bool any = false, up = slice_eq(jget_text(p, "state"), "Established");

	for (const struct jnode *c = caps ? caps->down : NULL; c != NULL; c = c->next) {
		enum afi_safi f = family_of(slice_of(c->name));

		if (up && jget_bool(c, "enabled") == TRI_NO)
			continue;
		s = create ? snap_builder_session(b, vrf, name, f) : snap_builder_find(b, vrf, name, f);
		if (s != NULL)
			take_detail(b, s, p);
		any = true;
	}
	if (!any) {
		enum afi_safi f;

		addr_parse(name, &a);
		f = a.family == ADDR_IP6 ? AF_IPV6_UNICAST : AF_IPV4_UNICAST;
		s = create ? snap_builder_session(b, vrf, name, f) : snap_builder_find(b, vrf, name, f);
		if (s != NULL)
			take_detail(b, s, p);
	}
}

static int take_neighbors(struct snap_builder *b, struct slice out, bool create, struct err *e)
{
	struct arena *scratch = arena_new();
	const struct jnode *vrfs = NULL;
	int rc = read_vrfs(scratch, out, &vrfs, e);

	for (const struct jnode *v = rc == 0 ? vrfs->down : NULL; v != NULL; v = v->next)
		for (const struct jnode *p = jget(v, "peerList"); p != NULL; p = jget_again(p)) {
			take_neighbor(b, slice_of(v->name), p, create);
			if (create)
				snap_builder_rows(b, 1, 1);
			if (snap_builder_local_as(b) == ASN_UNKNOWN)
				snap_builder_router(b, jget_asn(p, "localAsn"), NULL);
		}
	arena_free(scratch);
	return rc;
}

static int poll_neighbors(struct snap_builder *b, struct slice out, struct err *e)
{
	return take_neighbors(b, out, false, e);
}

static int read_neighbors_json(struct report *r, struct slice out, struct err *e)
{
	return take_neighbors(r->sessions, out, true, e);
}

static const char *const setup[] = { "terminal length 0", "terminal width 32767", NULL };

static const struct dialogue dialogue = {
	.prompt = "[\\w.-]+(\\([^)\\s]+\\))*[#>] ?$",
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

static const struct query queries[] = {
	{ .name = "version", .command = "show version", .when = QUERY_ONCE, .optional = true,
	    .parse = cisco_poll_version },
	{ .name = "summary, IPv4", .command = "show ip bgp summary vrf all | json", .when = QUERY_ALWAYS,
	    .parse = poll_summary4 },
	{ .name = "summary, IPv6", .command = "show ipv6 bgp summary vrf all | json", .when = QUERY_ALWAYS,
	    .optional = true, .parse = poll_summary6 },
	{ .name = "summary, EVPN", .command = "show bgp evpn summary vrf all | json", .when = QUERY_ALWAYS,
	    .optional = true, .parse = poll_evpn },
	{ .name = "neighbors", .command = "show bgp neighbors vrf all | json", .when = QUERY_SLOW,
	    .optional = true, .timeout_s = 60, .ceiling = 64 << 20, .parse = poll_neighbors },
};

#define SHOW_BGP "show [ip|ipv6] bgp [ipv4|ipv6|evpn|vpn-ipv4|vpn-ipv6 [unicast|multicast]] "

#define OF_NEIGHBOR(what) "show bgp neighbors {neighbor} " what " | json", \
	"show bgp neighbors {neighbor} " what " vrf {vrf} | json"
static const struct route_query route_queries[] = {
	{ ROUTES_RECEIVED, 0, OF_NEIGHBOR("received-routes"), eos_routes_intake, NULL, NULL },
	{ ROUTES_ACCEPTED, 0, OF_NEIGHBOR("routes"), eos_routes_intake, NULL, NULL },
	{ ROUTES_ADVERTISED, 0, OF_NEIGHBOR("advertised-routes"), eos_routes_intake, NULL, NULL },
};

static const struct reading readings[] = {
	{ SHOW_BGP "summary [vrf <v>] | json", read_summary_json },
	{ SHOW_BGP "summary [vrf <v>]", eos_text_summary },
	{ SHOW_BGP "neighbors|peers [<ip>] [vrf <v>] | json", read_neighbors_json },
	{ SHOW_BGP "neighbors|peers <ip> routes|received-routes|advertised-routes [vrf <v>] | json",
	    eos_routes_json },
	{ SHOW_BGP "neighbors|peers <ip> routes|received-routes|advertised-routes [vrf <v>]", cisco_routes },
	{ SHOW_BGP "neighbors|peers [<ip>] [vrf <v>]", cisco_detail },
	{ SHOW_BGP "[vrf <v>] | json", eos_routes_json },
	{ SHOW_BGP "[vrf <v>]", cisco_routes },
	{ "show bgp [<a> [<b> [<c>]]] summary [vrf <v>] | json", read_summary_json }, /* families of other releases */
	{ "show bgp [<a> [<b> [<c>]]] summary [vrf <v>]", eos_text_summary },
	{ PING_ANY, cisco_ping },
	{ "show interfaces|interface [<if>] [<n>]", cisco_interfaces },
};

static const struct ping_query ping_queries[] = {
	{ 4, "ping {neighbor} repeat {count}[ source {local}]", "ping vrf {vrf} {neighbor} repeat {count}[ source {local}]",
	    false, cisco_ping },
	{ 6, "ping ipv6 {neighbor} repeat {count}[ source {local}]",
	    "ping vrf {vrf} ipv6 {neighbor} repeat {count}[ source {local}]", false, cisco_ping },
};

static const struct iface_query iface_queries[] = {
	{ 4, "show ip route {neighbor}", "show ip route vrf {vrf} {neighbor}", route_iface, "show interfaces {interface}",
	    cisco_interfaces, .shell = false },
	{ 6, "show ipv6 route {neighbor}", "show ipv6 route vrf {vrf} {neighbor}", route_iface, "show interfaces {interface}",
	    cisco_interfaces, .shell = false },
};

static const char *const aliases[] = { "arista_eos", "arista", NULL };

const struct driver driver_eos = {
	.name = "eos",
	.title = "Arista EOS",
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
	.recipes = eos_recipes,
	.limit_lines = "configure\n"
	    "router bgp {as}\n"
	    "neighbor {neighbor} maximum-routes {limit}\n"
	    "end\n"
	    "write memory",
	.doctor = "show privilege",
};
