/*
 * Nokia SR Linux: `info from state ... | as json` for polls, the table of `show ... bgp neighbor` read too.
 *
 * Facts: the YANG model srl_nokia-bgp 25.3.  Lists are JSON lists; names of families and states carry the module
 * before a colon ("srl_nokia-common:ipv4-unicast").  received-routes counts what policy rejected too.
 */
#include "backends/drivers/carry.h"
#include "backends/drivers/cisco.h"
#include "backends/drivers/drivers.h"
#include "backends/drivers/recipes.h"
#include "backends/drivers/srlinux_read.h"
#include "backends/parse/duration.h"
#include "backends/parse/family.h"
#include "backends/parse/jget.h"
#include "backends/parse/refusal.h"
#include "backends/parse/summary.h"
#include "backends/parse/words.h"

#include <string.h>

/* A member by its name, with or without the module before a colon. */
static const struct jnode *member(const struct jnode *n, const char *name)
{
	for (const struct jnode *d = n ? n->down : NULL; d != NULL; d = d->next) {
		const char *colon = strchr(d->name, ':');

		if (strcmp(colon ? colon + 1 : d->name, name) == 0)
			return d;
	}
	return NULL;
}


static struct slice text_of(const struct jnode *n, const char *name)
{
	const struct jnode *m = member(n, name);

	return m != NULL && m->text.p != NULL ? slice_trim(m->text) : SLICE("");
}

static struct slice past_module(struct slice s)
{
	const char *colon = memchr(s.p, ':', s.len);

	return colon ? slice_from(s, (size_t)(colon - s.p) + 1) : s;
}

static count_t count_of(const struct jnode *n, const char *name)
{
	int64_t v;

	return word_count(text_of(n, name), &v) ? v : COUNT_UNKNOWN;
}

static void take_text(struct snap_builder *b, struct slice v, struct text *to)
{
	if (v.len > 0)
		*to = snap_builder_text(b, v);
}

static void take_notification(struct session *s, const struct jnode *messages, enum direction dir)
{
	int64_t code, sub;

	if (!word_count(text_of(messages, "last-notification-error-code"), &code) || code <= 0 || code > 255)
		return;
	s->last_error.code = (int)code;
	s->last_error.subcode = word_count(text_of(messages, "last-notification-error-subcode"), &sub) &&
	    sub <= 255 ? (int)sub : -1;
	s->last_error.dir = dir;
}

static void take_peer(struct snap_builder *b, struct session *s, const struct jnode *p)
{
	count_t hold = count_of(member(p, "timers"), "negotiated-hold-time");

	asn_parse(text_of(p, "peer-as"), &s->remote_as);
	asn_parse(text_of(member(p, "local-as"), "as-number"), &s->local_as);
	summary_state(past_module(text_of(p, "session-state")), s);
	if (slice_eq(text_of(p, "admin-state"), "disable")) {
		s->admin_down = TRI_YES;
		if (s->state == BGP_UNKNOWN)
			s->state = BGP_IDLE;
	} else if (text_of(p, "admin-state").len > 0) {
		s->admin_down = TRI_NO;
	}
	if (text_of(p, "dynamic-neighbor").len > 0)
		s->dynamic = slice_eq(text_of(p, "dynamic-neighbor"), "true") ? TRI_YES : TRI_NO;
	take_text(b, text_of(p, "description"), &s->description);
	take_text(b, text_of(p, "peer-group"), &s->group);
	take_text(b, text_of(p, "import-policy"), &s->import_policy);
	take_text(b, text_of(p, "export-policy"), &s->export_policy);
	if (hold <= 0)
		hold = count_of(member(p, "timers"), "hold-time");
	if (hold >= 0 && hold <= 65535)
		s->hold_time_s = (int)hold;
	addr_parse(text_of(member(p, "transport"), "local-address"), &s->local);
	if (count_of(p, "established-transitions") > 0)
		s->flaps = count_of(p, "established-transitions") - (s->state == BGP_ESTABLISHED ? 1 : 0);
	s->messages_in = count_of(member(p, "received-messages"), "total-messages");
	s->messages_out = count_of(member(p, "sent-messages"), "total-messages");
	take_notification(s, member(p, "sent-messages"), DIR_SENT);
	take_notification(s, member(p, "received-messages"), DIR_RECEIVED);
}

static void take_family(struct session *s, const struct jnode *f)
{
	const struct jnode *limit = member(f, "prefix-limit");
	count_t pct;

	if (limit == NULL)
		limit = member(f, "prefix-limit-received");
	s->received = count_of(f, "received-routes");
	s->active = count_of(f, "active-routes");
	s->advertised = count_of(f, "sent-routes");
	if (s->received != COUNT_UNKNOWN && count_of(f, "rejected-routes") >= 0 &&
	    count_of(f, "rejected-routes") <= s->received)
		s->accepted = s->received - count_of(f, "rejected-routes");
	s->max_prefixes = count_of(limit, "max-received-routes");
	if (s->max_prefixes != COUNT_UNKNOWN)
		s->limit_action = slice_eq(text_of(limit, "prevent-teardown"), "true") ? LIMIT_WARN : LIMIT_TEARDOWN;
	pct = count_of(limit, "warning-threshold-pct");
	if (pct >= 0 && pct <= 100)
		s->limit_warn_pct = (int)pct;
}

/* Every family that is not switched off is a row, in the state of the session. */
static void take_neighbor(struct snap_builder *b, struct slice instance, const struct jnode *p)
{
	struct slice name = text_of(p, "peer-address");
	bool any = false;
	struct addr a = { 0 };

	if (name.len == 0) {
		snap_builder_rows(b, 1, 0);
		return;
	}
	for (const struct jnode *f = member(p, "afi-safi"); f != NULL; f = jget_again(f)) {
		struct session *s;

		if (slice_eq(text_of(f, "admin-state"), "disable"))
			continue;
		s = snap_builder_session(b, instance, name, family_of(past_module(text_of(f, "afi-safi-name"))));
		take_peer(b, s, p);
		take_family(s, f);
		any = true;
	}
	addr_parse(name, &a);
	if (!any)
		take_peer(b, snap_builder_session(b, instance, name,
		    a.family == ADDR_IP6 ? AF_IPV6_UNICAST : AF_IPV4_UNICAST), p);
	snap_builder_rows(b, 1, 1);
}

static int poll_state(struct snap_builder *b, struct slice out, struct err *e)
{
	struct arena *scratch = arena_new(); /* the tree is larger than what is kept of it */
	struct jnode *root = NULL;
	const struct jnode *i = NULL;
	int rc = jget_json(scratch, out, &root, e);

	if (rc == 0)
		i = member(root, "network-instance");
	if (rc == 0 && i == NULL && root->down != NULL)
		rc = refusal_or_not_found(out, "network-instance", e);
	for (; i != NULL; i = jget_again(i)) {
		const struct jnode *bgp = member(member(i, "protocols"), "bgp");
		struct slice name = text_of(i, "name");
		struct addr id = { 0 };
		asn_t as = ASN_UNKNOWN;

		addr_parse(text_of(bgp, "router-id"), &id);
		asn_parse(text_of(bgp, "autonomous-system"), &as);
		snap_builder_router(b, as, &id);
		for (const struct jnode *p = member(bgp, "neighbor"); p != NULL; p = jget_again(p))
			take_neighbor(b, name, p);
	}
	arena_free(scratch);
	return rc;
}

static int read_state(struct report *r, struct slice out, struct err *e)
{
	return poll_state(r->sessions, out, e);
}

/* ---- show network-instance X protocols bgp neighbor: a table in boxes ----
 *
 *     | Net-Inst | Peer        | Group | Flag | Peer-AS | State       | Uptime      | AFI/SAFI     | [Rx/Active/Tx] |
 *     | default  | 192.0.2.1   | ix    | S    | 64500   | established | 0d:1h:2m:3s | ipv4-unicast | [2/1/3]        |
 *     |          |             |       |      |         |             |             | evpn         | [0/0/0]        |
 *
 * What is too long for its cell goes on in the cell below.
 */
enum { CELLS_MAX = 12 };

struct box {
	char text[CELLS_MAX][96];
};

struct boxes {
	struct snap_builder *b;
	int peer, instance, as, state, uptime, family, counts; /* columns, -1 if there is none */
	bool seen, open;
	struct box now;
};

static size_t cut_cells(struct slice line, struct slice cells[CELLS_MAX])
{
	struct scan c = scan_of(slice_from(line, 1));
	size_t n = 0;

	while (n < CELLS_MAX && scan_until(&c, '|', &cells[n])) {
		cells[n] = slice_trim(cells[n]);
		n++;
		scan_lit(&c, "|");
	}
	return n;
}

static void take_heads(struct boxes *x, struct slice cells[CELLS_MAX], size_t n)
{
	x->peer = x->instance = x->as = x->state = x->uptime = x->family = x->counts = -1;
	for (size_t i = 0; i < n; i++) {
		int at = (int)i;

		if (slice_eq(cells[i], "Net-Inst"))
			x->instance = at;
		else if (slice_eq(cells[i], "Peer"))
			x->peer = at;
		else if (slice_eq(cells[i], "Peer-AS"))
			x->as = at;
		else if (slice_eq(cells[i], "State"))
			x->state = at;
		else if (slice_eq(cells[i], "Uptime"))
			x->uptime = at;
		else if (slice_starts(cells[i], "AFI/SAFI"))
			x->family = at;
		else if (slice_starts(cells[i], "[Rx"))
			x->counts = at;
	}
	x->seen = true;
}

static struct slice cell(const struct boxes *x, int col)
{
	return col < 0 ? SLICE("") : slice_of(x->now.text[col]);
}

static void take_box_counts(struct session *s, struct slice v)
{
	struct scan c = scan_of(v);
	uint64_t n[3];

	if (scan_lit(&c, "[") && scan_u64(&c, &n[0]) && scan_lit(&c, "/") && scan_u64(&c, &n[1]) &&
	    scan_lit(&c, "/") && scan_u64(&c, &n[2]) && n[0] < INT64_MAX && n[1] < INT64_MAX &&
	    n[2] < INT64_MAX && s->state == BGP_ESTABLISHED) {
		s->received = (count_t)n[0];
		s->active = (count_t)n[1];
		s->advertised = (count_t)n[2];
	}
}

/* "0d:1h:2m:3s" */
static int64_t box_uptime(struct slice v)
{
	char plain[48];
	size_t n = 0;

	for (size_t i = 0; i < v.len && n < sizeof(plain); i++)
		if (v.p[i] != ':')
			plain[n++] = v.p[i];
	return duration_s((struct slice){ plain, n });
}

/* One family of the open row. */
static void end_box(struct boxes *x)
{
	struct slice peer = cell(x, x->peer), state = cell(x, x->state);
	struct session *s;
	struct addr a = { 0 };
	enum afi_safi f;

	if (!x->open)
		return;
	x->open = false;
	if (!addr_parse(peer, &a)) {
		snap_builder_rows(x->b, 1, 0);
		return;
	}
	f = family_of(cell(x, x->family));
	if (f == AF_UNKNOWN && cell(x, x->family).len == 0)
		f = a.family == ADDR_IP6 ? AF_IPV6_UNICAST : AF_IPV4_UNICAST;
	s = snap_builder_session(x->b, cell(x, x->instance), peer, f);
	asn_parse(cell(x, x->as), &s->remote_as);
	summary_state(state, s);
	if (slice_starts(state, "disable")) {
		s->state = BGP_IDLE;
		s->admin_down = TRI_YES;
	} else if (s->state == BGP_ESTABLISHED) {
		s->admin_down = TRI_NO;
	}
	s->since_s = box_uptime(cell(x, x->uptime));
	take_box_counts(s, cell(x, x->counts));
	snap_builder_rows(x->b, 1, 1);
}

static void put_cell(struct boxes *x, size_t i, struct slice v, bool append)
{
	char *to = x->now.text[i];
	size_t have = append ? strlen(to) : 0, room = sizeof(x->now.text[i]) - 1 - have;
	size_t n = v.len < room ? v.len : room;

	memcpy(to + have, v.p, n);
	to[have + n] = '\0';
}

static void take_cells(struct boxes *x, struct slice cells[CELLS_MAX], size_t n)
{
	bool first = x->instance >= 0 && cells[x->instance].len > 0 &&
	    (x->peer < 0 || word_is_address(cells[x->peer], &(struct slice){ 0 }) || cells[x->peer].len > 6);
	bool family = x->counts >= 0 && x->family >= 0 && cells[x->counts].len > 0 && cells[x->counts].p[0] == '[';

	if (first) {
		end_box(x);
		memset(&x->now, 0, sizeof(x->now));
		for (size_t i = 0; i < n; i++)
			put_cell(x, i, cells[i], false);
		x->open = true;
		return;
	}
	if (family && x->now.text[x->counts][0] != '\0') { /* a further family of the same peer */
		end_box(x);
		put_cell(x, (size_t)x->family, cells[x->family], false);
		put_cell(x, (size_t)x->counts, cells[x->counts], false);
		x->open = true;
		return;
	}
	for (size_t i = 0; i < n && x->open; i++)
		if (cells[i].len > 0)
			put_cell(x, i, cells[i], true);
}

static int read_boxes(struct report *r, struct slice out, struct err *e)
{
	struct boxes x = { .b = r->sessions };
	struct scan c = scan_of(out);
	struct slice line, cells[CELLS_MAX];
	size_t heads = 0;

	while (scan_line(&c, &line)) {
		size_t n;

		line = slice_trim(line);
		if (slice_starts(line, "BGP neighbor summary for network-instance"))
			x.seen = true;
		if (line.len < 2 || line.p[0] != '|')
			continue;
		memset(cells, 0, sizeof(cells));
		n = cut_cells(line, cells);
		if (slice_eq(cells[0], "Net-Inst")) {
			take_heads(&x, cells, n);
			heads = n;
		} else if (heads > 0 && n == heads) {
			take_cells(&x, cells, n);
		}
	}
	end_box(&x);
	return x.seen ? 0 : refusal_or_not_found(out, "table of BGP neighbors", e);
}

static const char *const setup[] = { "environment cli-engine type basic",
	"environment complete-on-space false", NULL };
static const char *const errors[] = { "^Error: ", "^Parsing error", "^Unknown token", NULL };

static const struct dialogue dialogue = {
	.prompt = "[AB]:(\\S+@)?[\\w.-]+# ?$",
	.setup = setup,
	.errors = errors,
	.config_prompt = "--\\{ [+*!]* ?candidate",
	.lead = "^--\\{.*\\}--\\[.*\\]--$",
	.bye = "quit",
	.echoes = true,
	.commit_s = 120,
};

static const struct query queries[] = {
	{ .name = "version", .command = "show version | grep Version", .when = QUERY_ONCE, .optional = true,
	    .parse = cisco_poll_version },
	{ .name = "neighbors", .command = "info from state network-instance * protocols bgp neighbor * | as json",
	    .when = QUERY_ALWAYS, .timeout_s = 60, .ceiling = 64 << 20, .parse = poll_state },
};

static const struct reading readings[] = {
	{ "info [depth <d>] [from state] [/] network-instance <i> protocols bgp [neighbor <ip>] | as json", read_state },
	{ "info [depth <d>] from state /network-instance <i> protocols bgp [neighbor <ip>] | as json", read_state },
	{ "show network-instance <i> protocols bgp neighbor [<ip>]", read_boxes },
	{ "show network-instance <i> protocols bgp neighbor <ip> received-routes|advertised-routes [<family>]",
	    srlinux_routes },
	{ "show network-instance <i> protocols bgp routes [<family>] summary", srlinux_routes },
	{ "show interface [<x>] [brief|detail]", srlinux_ports },
	{ "info [depth <d>] [from state] [/] interface <x> | as json", srlinux_interfaces },
	{ PING_ANY, cisco_ping },
};

#define OF_NEIGHBOR(what) "show network-instance default protocols bgp neighbor {neighbor} " what " {name}", \
	"show network-instance {vrf} protocols bgp neighbor {neighbor} " what " {name}"
static const struct route_query route_queries[] = {
	{ ROUTES_RECEIVED, 0, OF_NEIGHBOR("received-routes"), srlinux_routes_intake, NULL, NULL },
	{ ROUTES_ADVERTISED, 0, OF_NEIGHBOR("advertised-routes"), srlinux_routes_intake, NULL, NULL },
};

static const struct iface_query iface_queries[] = {
	{ 4, "show arpnd arp-entries | grep {neighbor}", "show arpnd arp-entries | grep {neighbor}", srlinux_neighbor_port,
	    "info from state interface {interface} | as json", srlinux_interfaces, .shell = false },
	{ 6, "show arpnd neighbors | grep {neighbor}", "show arpnd neighbors | grep {neighbor}", srlinux_neighbor_port,
	    "info from state interface {interface} | as json", srlinux_interfaces, .shell = false },
};

static const struct ping_query ping_queries[] = {
	{ 4, "ping network-instance default {neighbor} -c {count}", "ping network-instance {vrf} {neighbor} -c {count}", false,
	    cisco_ping },
	{ 6, "ping6 network-instance default {neighbor} -c {count}", "ping6 network-instance {vrf} {neighbor} -c {count}",
	    false, cisco_ping },
};

static const char *const aliases[] = { "nokia_srl", "nokia_srlinux", "srl", "sr-linux", NULL };

const struct driver driver_srlinux = {
	.name = "srlinux",
	.title = "Nokia SR Linux",
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
	.recipes = srlinux_recipes,
	.limit_lines = "enter candidate\n"
	    "set / network-instance default protocols bgp neighbor {neighbor} afi-safi ipv{ip}-unicast ipv{ip}-unicast prefix-limit max-received-routes {limit}\n"
	    "commit save",
	.doctor = "show version",
};
