/*
 * Cisco NX-OS: `| json` for sessions, text for the rest.
 *
 * JSON comes as TABLE_x/ROW_x, where ROW_x is an object or a list; all values may be strings.  A VRF's row may
 * come several times, once for each family and once without any.  Times are "6w3d" on old releases and ISO 8601
 * durations on newer ones.
 */
#include "backends/drivers/carry.h"
#include "backends/drivers/cisco.h"
#include "backends/drivers/drivers.h"
#include "backends/drivers/recipes.h"
#include "backends/parse/route_iface.h"
#include "backends/parse/routes.h"
#include "backends/parse/detail.h"
#include "backends/parse/duration.h"
#include "backends/parse/family.h"
#include "backends/parse/jget.h"
#include "backends/parse/refusal.h"
#include "backends/parse/summary.h"
#include "backends/parse/words.h"

#include <string.h>

static struct session *row(struct snap_builder *b, struct slice vrf, struct slice name,
    enum afi_safi family)
{
	struct slice bare;
	struct addr peer;
	bool dynamic = name.len > 0 && name.p[0] == '*';
	struct session *s = snap_builder_session(b, vrf, word_is_neighbor(name, &bare, &peer) ? bare : name, family);

	if (dynamic)
		s->dynamic = TRI_YES;
	return s;
}

/* "Admin (Shut)", "Shutdown", "Shut (Admin)", "Idle", "Established" */
static bool take_state(struct session *s, struct slice state)
{
	if (!summary_state(state, s))
		return false;
	if (s->state == BGP_ESTABLISHED)
		s->admin_down = TRI_NO;
	return true;
}

/* One ROW_neighbor of the summary. */
static void take_peer(struct snap_builder *b, struct slice vrf, enum afi_safi family,
    const struct jnode *n)
{
	struct slice name = jget_text(n, "neighborid");
	struct session *s;
	bool ok;

	if (name.len == 0) {
		snap_builder_rows(b, 1, 0);
		return;
	}
	s = row(b, vrf, name, family);
	s->remote_as = jget_asn(n, "neighboras");
	s->since_s = duration_s(jget_text(n, "time"));
	s->messages_in = jget_count(n, "msgrecvd");
	s->messages_out = jget_count(n, "msgsent");
	ok = take_state(s, jget_text(n, "state"));
	s->received = jget_count(n, "prefixreceived");
	snap_builder_rows(b, 1, ok ? 1 : 0);
}

static void take_saf(struct snap_builder *b, struct slice vrf, const struct jnode *saf)
{
	enum afi_safi f = family_of(jget_text(saf, "af-name"));

	for (const struct jnode *n = jget(saf, "TABLE_neighbor/ROW_neighbor"); n; n = jget_again(n))
		take_peer(b, vrf, f, n);
}

static void take_vrf(struct snap_builder *b, const struct jnode *v)
{
	struct slice name = jget_text(v, "vrf-name-out");
	struct addr id = jget_addr(v, "vrf-router-id");

	if (slice_eq(name, "default") || snap_builder_router_id(b)->family == ADDR_NONE)
		snap_builder_router(b, jget_asn(v, "vrf-local-as"), &id);
	for (const struct jnode *af = jget(v, "TABLE_af/ROW_af"); af; af = jget_again(af))
		for (const struct jnode *saf = jget(af, "TABLE_saf/ROW_saf"); saf; saf = jget_again(saf))
			take_saf(b, name, saf);
}

static int poll_summary(struct snap_builder *b, struct slice out, struct err *e)
{
	struct arena *scratch = arena_new(); /* the tree is larger than what is kept of it */
	struct jnode *root = NULL;
	int rc = jget_json(scratch, out, &root, e);

	if (rc == 0 && jget(root, "TABLE_vrf") == NULL)
		rc = refusal_or_not_found(out, "TABLE_vrf", e);
	for (const struct jnode *v = rc == 0 ? jget(root, "TABLE_vrf/ROW_vrf") : NULL; v; v = jget_again(v))
		take_vrf(b, v);
	arena_free(scratch);
	return rc;
}

/* "Last reset": of the two sides the one that came later counts. */
static void take_reset(struct snap_builder *b, struct session *s, const struct jnode *n)
{
	struct slice ours = jget_text(n, "resetreason"), theirs = jget_text(n, "peerresetreason");
	int64_t our_s = duration_s(jget_text(n, "resettime"));
	int64_t their_s = duration_s(jget_text(n, "peerresettime"));
	bool peer = theirs.len > 0 && !slice_eq(theirs, "No error") &&
	    (our_s < 0 || (their_s >= 0 && their_s <= our_s));
	struct slice why = peer ? theirs : ours;

	if (why.len == 0 || slice_eq(why, "No error"))
		return;
	s->last_error.words = snap_builder_text(b, why);
	s->last_error.dir = peer ? DIR_RECEIVED : DIR_SENT;
	s->last_error.ago_s = peer ? their_s : our_s;
	detail_error_words(why, &s->last_error);
}

/* What a neighbor's part says, for one of its rows. */
static void take_common(struct snap_builder *b, struct session *s, const struct jnode *n)
{
	count_t hold = jget_count(n, "holdtime");

	if (jget_asn(n, "remoteas") != ASN_UNKNOWN)
		s->remote_as = jget_asn(n, "remoteas");
	take_state(s, jget_text(n, "state"));
	s->since_s = duration_s(jget_text(n, "elapsedtime"));
	if (hold >= 0 && hold <= 65535)
		s->hold_time_s = (int)hold;
	s->flaps = jget_count(n, "connsdropped");
	s->local = jget_addr(n, "localaddr");
	s->messages_in = jget_count(n, "msgrecvd");
	s->messages_out = jget_count(n, "msgsent");
	if (jget_text(n, "description").len > 0)
		s->description = snap_builder_text(b, jget_text(n, "description"));
	if (jget_text(n, "tcpmd5").len > 0)
		s->auth = jget_bool(n, "tcpmd5") == TRI_YES ? AUTH_MD5 : AUTH_NONE;
	take_reset(b, s, n);
}

static void take_policy(struct snap_builder *b, const struct jnode *n, const char *table,
    const char *name, struct text *to)
{
	struct slice words = jget_text(jget(n, table), name);

	if (words.len > 0)
		*to = snap_builder_text(b, words);
}

static void take_neighbor_family(struct snap_builder *b, struct slice vrf, const struct jnode *n,
    const struct jnode *saf)
{
	struct session *s = row(b, vrf, jget_text(n, "neighbor"), family_of(jget_text(saf, "af-name")));

	take_common(b, s, n);
	s->accepted = jget_count(saf, "pfxrecvd");
	s->advertised = jget_count(saf, "pfxsent");
	s->soft_reconfig = jget_bool(saf, "insoftreconfigallowed");
	s->max_prefixes = jget_count(saf, "maxpfx");
	take_policy(b, saf, "TABLE_inpolicy/ROW_inpolicy", "inpolicyname", &s->import_policy);
	take_policy(b, saf, "TABLE_outpolicy/ROW_outpolicy", "outpolicyname", &s->export_policy);
}

static void take_neighbor(struct snap_builder *b, const struct jnode *n)
{
	struct slice vrf = jget_text(n, "vrf-name-out");
	bool any = false;

	for (const struct jnode *af = jget(n, "TABLE_af/ROW_af"); af; af = jget_again(af))
		for (const struct jnode *saf = jget(af, "TABLE_saf/ROW_saf"); saf; saf = jget_again(saf)) {
			take_neighbor_family(b, vrf, n, saf);
			any = true;
		}
	for (const struct jnode *f = jget(n, "TABLE_peraf/ROW_peraf"); f && !any; f = jget_again(f))
		take_neighbor_family(b, vrf, n, f);
	if (!any && jget(n, "TABLE_peraf") == NULL)
		take_common(b, row(b, vrf, jget_text(n, "neighbor"), AF_UNKNOWN), n);
	snap_builder_rows(b, 1, 1);
}

static int poll_detail(struct snap_builder *b, struct slice out, struct err *e)
{
	struct arena *scratch = arena_new();
	struct jnode *root = NULL;
	int rc = jget_json(scratch, out, &root, e);

	if (rc == 0 && jget(root, "TABLE_neighbor") == NULL)
		rc = refusal_or_not_found(out, "TABLE_neighbor", e);
	for (const struct jnode *n = rc == 0 ? jget(root, "TABLE_neighbor/ROW_neighbor") : NULL; n; n = jget_again(n))
		take_neighbor(b, n);
	arena_free(scratch);
	return rc;
}

static int read_summary_json(struct report *r, struct slice out, struct err *e)
{
	return poll_summary(r->sessions, out, e);
}

static int read_detail_json(struct report *r, struct slice out, struct err *e)
{
	return poll_detail(r->sessions, out, e);
}

/* ---- show bgp sessions: one row per neighbor, states as single letters ---- */

static bool state_letter(struct slice w, struct session *s)
{
	static const struct {
		char letter;
		enum bgp_state st;
	} letters[] = {
		{ 'I', BGP_IDLE }, { 'A', BGP_ACTIVE }, { 'O', BGP_OPENSENT }, { 'E', BGP_ESTABLISHED },
		{ 'C', BGP_IDLE }, { 'S', BGP_IDLE },
	};

	for (size_t i = 0; i < ARRAY_LEN(letters); i++)
		if (w.len == 1 && w.p[0] == letters[i].letter) {
			s->state = letters[i].st;
			if (w.p[0] == 'S')
				s->admin_down = TRI_YES;
			if (w.p[0] == 'E')
				s->admin_down = TRI_NO;
			return true;
		}
	return false;
}

/* "10.0.0.1  333 0  01:03:39|never   |never    I   0/0   0/0" */
enum { SESSION_WORDS = 5 }; /* neighbor, AS, flaps, times, state at least */

static bool sessions_row(struct snap_builder *b, struct slice vrf, const struct words *w)
{
	struct session *s;
	struct slice since;
	asn_t as;
	int64_t n;
	struct scan c;
	bool ok = false;

	if (w->n < SESSION_WORDS || !asn_parse(w->w[1], &as))
		return false;
	s = row(b, vrf, w->w[0], AF_UNKNOWN);
	s->remote_as = as;
	if (word_count(w->w[2], &n))
		s->flaps = n;
	c = scan_of(w->w[3]);
	scan_until(&c, '|', &since);
	s->since_s = duration_s(since);
	for (size_t i = 4; i < w->n && !ok; i++)
		ok = state_letter(w->w[i], s);
	return ok;
}

/* What stands around the rows: "ASN 64500", "VRF red, local ASN 64500", "... local router-id 192.0.2.9". */
static bool sessions_heading(struct snap_builder *b, struct slice line, const struct words *w, struct slice *vrf)
{
	struct addr id = { 0 };
	asn_t as;

	if (slice_eq(w->w[0], "ASN") && w->n == 2 && asn_parse(w->w[1], &as)) {
		snap_builder_router(b, as, NULL);
	} else if (slice_eq(w->w[0], "VRF") && w->n > 1) {
		*vrf = words_upto(w->w[1], ",");
	} else if (slice_find(line, "local router-id ") >= 0) {
		addr_parse(w->w[w->n - 1], &id);
		if (snap_builder_router_id(b)->family == ADDR_NONE)
			snap_builder_router(b, ASN_UNKNOWN, &id);
	} else {
		return false;
	}
	return true;
}

/* A long address, or a long AS number behind it, has the rest of its row on the next line. */
static int read_sessions(struct report *r, struct slice out, struct err *e)
{
	struct scan c = scan_of(out);
	struct slice line, bare, vrf = SLICE("");
	struct words w, row = { .n = 0 };
	bool seen = false;

	while (scan_line(&c, &line)) {
		words_cut(&w, line);
		if (w.n > 0 && sessions_heading(r->sessions, line, &w, &vrf)) {
			seen = true;
			continue;
		}
		if (w.n > 0 && word_is_address(w.w[0], &bare))
			row = w;
		else if (w.n > 0 && row.n > 0 && line.p[0] == ' ')
			words_more(&row, line);
		if (row.n == 0 || (row.n < SESSION_WORDS && w.n > 0))
			continue;
		snap_builder_rows(r->sessions, 1, sessions_row(r->sessions, vrf, &row) ? 1 : 0);
		row.n = 0;
	}
	if (row.n > 0)
		snap_builder_rows(r->sessions, 1, 0);
	return seen ? 0 : refusal_or_not_found(out, "table of BGP sessions", e);
}

static const char *const setup[] = { "terminal length 0", "terminal width 511", NULL };

static const struct dialogue dialogue = {
	.prompt = "[\\w.-]+(\\(maint-mode\\))?(\\([^)\\s]+\\))?[#>] ?$",
	.setup = setup,
	.pager = "^ ?--More-- ?$",
	.pager_answer = " ",
	.errors = cisco_errors,
	.config_prompt = "\\(config[^)]*\\)# ?$",
	.bye = "exit",
	.echoes = true,
};

static const struct query queries[] = {
	{ .name = "version", .command = "show version", .when = QUERY_ONCE, .optional = true,
	    .parse = cisco_poll_version },
	{ .name = "summary", .command = "show bgp all summary vrf all | json", .when = QUERY_ALWAYS,
	    .parse = poll_summary },
	{ .name = "neighbors", .command = "show bgp vrf all all neighbors", .when = QUERY_SLOW,
	    .optional = true, .timeout_s = 60, .parse = cisco_poll_detail },
};

#define OF_NEIGHBOR(what) "show bgp {family} neighbors {neighbor} " what, \
	"show bgp {family} neighbors {neighbor} " what " vrf {vrf}"
static const struct route_query route_queries[] = {
	{ ROUTES_RECEIVED, 0, OF_NEIGHBOR("received-routes"), routes_intake,
	    "routes before policy are kept only with \"soft-reconfiguration inbound\" in the neighbor's family", NULL },
	{ ROUTES_ACCEPTED, 0, OF_NEIGHBOR("routes"), routes_intake, NULL, NULL },
	{ ROUTES_ADVERTISED, 0, OF_NEIGHBOR("advertised-routes"), routes_intake, NULL, NULL },
};

static const struct reading readings[] = {
	{ "show [ip|ipv6] bgp [all] summary [vrf <v>] | json|json-pretty", read_summary_json },
	{ "show bgp [ipv4|ipv6|vpnv4|vpnv6|l2vpn <x>] summary [vrf <v>] | json|json-pretty", read_summary_json },
	{ "show bgp vrf <v> [all] [ipv4|ipv6|vpnv4|vpnv6|l2vpn <x>] summary | json|json-pretty", read_summary_json },
	{ "show [ip|ipv6] bgp [vrf <v>] [all] [ipv4|ipv6|vpnv4|vpnv6|l2vpn <x>] neighbors [<ip>] [vrf <v>] | json|json-pretty",
	    read_detail_json },
	{ "show [ip|ipv6] bgp [all] summary [vrf <v>]", cisco_summary },
	{ "show [ip] bgp [ipv4|ipv6|vpnv4|vpnv6|l2vpn <x>] summary [vrf <v>]", cisco_summary },
	{ "show [ip|ipv6] bgp vrf <v> [all] [ipv4|ipv6|vpnv4|vpnv6|l2vpn <x>] summary", cisco_summary },
	{ "show [ip] bgp sessions [vrf <v>]", read_sessions },
	{ "show [ip|ipv6] bgp [vrf <v>] [all] [ipv4|ipv6|vpnv4|vpnv6|l2vpn <x>] neighbors [<ip>] [vrf <v>]",
	    cisco_detail },
	{ "show [ip|ipv6] bgp [vrf <v>] [all] [ipv4|ipv6|vpnv4|vpnv6|l2vpn <x>] neighbors <ip> "
	  "routes|received-routes|advertised-routes [vrf <v>]", cisco_routes },
	{ "show [ip|ipv6] bgp [vrf <v>] [all] [ipv4|ipv6|vpnv4|vpnv6|l2vpn <x>] [vrf <v>]", cisco_routes },
	{ "show [ip|ipv6] bgp [<a> [<b> [<c> [<d>]]]] summary [vrf <v>]", cisco_summary }, /* families of other releases */
	{ "show [ip|ipv6] bgp [<a> [<b> [<c> [<d>]]]] neighbors [<ip>] [vrf <v>]", cisco_detail },
	{ PING_ANY, cisco_ping },
	{ "show interface|interfaces [<if>] [<n>]", cisco_interfaces },
};

static const struct ping_query ping_queries[] = {
	{ 4, "ping {neighbor} count {count}[ source {local}]", "ping {neighbor} count {count}[ source {local}] vrf {vrf}",
	    false, cisco_ping },
	{ 6, "ping6 {neighbor} count {count}[ source {local}]", "ping6 {neighbor} count {count}[ source {local}] vrf {vrf}",
	    false, cisco_ping },
};

static const struct iface_query iface_queries[] = {
	{ 4, "show ip route {neighbor}", "show ip route {neighbor} vrf {vrf}", route_iface, "show interface {interface}",
	    cisco_interfaces, .shell = false },
	{ 6, "show ipv6 route {neighbor}", "show ipv6 route {neighbor} vrf {vrf}", route_iface, "show interface {interface}",
	    cisco_interfaces, .shell = false },
};

static const char *const aliases[] = { "cisco_nxos", "cisco_nx", "nx-os", "nexus", NULL };

const struct driver driver_nxos = {
	.name = "nxos",
	.title = "Cisco NX-OS",
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
	.recipes = nxos_recipes,
	.limit_lines = "configure terminal\n"
	    "router bgp {as}\n"
	    "neighbor {neighbor}\n"
	    "address-family ipv{ip} unicast\n"
	    "maximum-prefix {limit}\n"
	    "end\n"
	    "copy running-config startup-config",
	.doctor = "show privilege",
};
