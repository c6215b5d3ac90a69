/*
 * BIRD's protocols, listed or in full.
 *
 * A protocol begins in the first column; what is said of it is indented.  One
 * BGP protocol has a channel per address family: each is a row.  BIRD 1 knows
 * no channels, its daemon speaks one IP version.  Passive is what RFC 4271
 * calls Active: it waits for the peer to connect.
 */
#include "backends/drivers/bird.h"
#include "backends/parse/family.h"
#include "core/base/scan.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

struct channel_part {
	enum afi_safi af;
	count_t imported, filtered, exported;
	count_t limit[2]; /* of import, of receive */
	enum limit_action action[2];
	struct slice in, out;
};

enum { LIMIT_IMPORT, LIMIT_RECEIVE, LIMIT_OTHER };

struct reader {
	struct snap_builder *b;
	bool templates; /* of an output that stands alone: protocols that wait for neighbors of a range get rows too */
	bool table;     /* the header line was seen */
	/* the protocol being read */
	bool open, detailed, is_range;
	struct slice name, proto_state, since, info;
	struct slice bgp_state, address, vrf, message, error;
	struct session all;
	struct channel_part *parts;
	size_t count, cap;
	int limit; /* which one an Action line belongs to */
};

static count_t count_of(struct slice s)
{
	struct scan c = scan_of(slice_trim(s));
	uint64_t n;

	return scan_u64(&c, &n) && n <= INT64_MAX ? (count_t)n : COUNT_UNKNOWN;
}

static struct channel_part *part_add(struct reader *t, enum afi_safi af)
{
	struct channel_part *p;

	MEM_GROW(t->parts, t->cap, t->count + 1);
	p = &t->parts[t->count++];
	*p = (struct channel_part){ .af = af, .imported = COUNT_UNKNOWN, .filtered = COUNT_UNKNOWN,
		.exported = COUNT_UNKNOWN, .limit = { COUNT_UNKNOWN, COUNT_UNKNOWN } };
	return p;
}

/* BIRD 1 tells what belongs to a channel of the protocol itself. */
static struct channel_part *part_last(struct reader *t)
{
	return t->count > 0 ? &t->parts[t->count - 1] : part_add(t, AF_UNKNOWN);
}

/* "Active        Socket: Connection refused": behind the state, "Automatic shutdown: Route limit exceeded": all */
static struct slice info_error(struct slice info)
{
	struct scan c = scan_of(info);
	struct slice first;

	if (scan_word(&c, &first) && slice_find(first, ":") < 0 && !slice_starts(info, "Automatic") &&
	    !slice_starts(info, "BGP Error"))
		return slice_trim(scan_rest(&c));
	return info;
}

/* "Received: Administrative shutdown", "BGP Error: Hold timer expired", "Socket: Connection refused" */
static void read_error(struct reader *t)
{
	struct last_error *le = &t->all.last_error;
	struct slice words = t->error.len > 0 ? t->error : info_error(t->info);
	ptrdiff_t colon = slice_find(words, ": ");

	if (colon < 0)
		return;
	le->words = snap_builder_text(t->b, words);
	if (slice_starts(words, "Received: "))
		le->dir = DIR_RECEIVED;
	else if (slice_starts(words, "BGP Error: "))
		le->dir = DIR_SENT;
	else
		return;
	words = slice_from(words, (size_t)colon + 2);
	bird_error_code(le, words);
}

static void read_state(struct reader *t)
{
	struct slice word = t->bgp_state;
	struct scan c = scan_of(t->info);
	struct session *s = &t->all;

	if (word.len == 0)
		scan_word(&c, &word);
	if (slice_eq(word, "Passive"))
		s->state = BGP_ACTIVE;
	else if (slice_eq(word, "Down") || slice_eq(word, "Close"))
		s->state = BGP_IDLE;
	else
		bgp_state_parse(word, &s->state);
	s->limit_tripped = slice_find(t->info, "limit exceeded") >= 0 ? TRI_YES : TRI_NO;
	if (slice_eq(t->proto_state, "down") || slice_eq(t->proto_state, "stop") ||
	    slice_eq(t->proto_state, "flush")) {
		s->state = BGP_IDLE;
		s->admin_down = slice_find(t->info, "Automatic shutdown") >= 0 ? TRI_NO : TRI_YES;
	} else {
		s->admin_down = TRI_NO;
	}
}

/*
 * "Message:" holds the text of whoever shut last.  Ours is cleared when the session is started again, by `enable` or
 * by `configure`; the peer's stays, also while it is up again.  So on a session that is down and not by us it is the
 * peer's, unless a later error says otherwise.  Its notification is mostly hidden soon: a peer that shut refuses
 * the next attempt ("Socket: Connection refused").
 */
static void read_message(struct reader *t)
{
	struct session *s = &t->all;
	bool by_peer = s->last_error.code == 6 && s->last_error.dir == DIR_RECEIVED &&
	    (s->last_error.subcode == 2 || s->last_error.subcode == 4);

	if (s->admin_down == TRI_YES)
		s->own_message = snap_builder_text(t->b, t->message);
	else if (t->message.len > 0 && (by_peer || (s->last_error.code < 0 && s->state != BGP_ESTABLISHED)) &&
	    s->limit_tripped != TRI_YES)
		s->shutdown_message = snap_builder_text(t->b, t->message);
}

/* Moments are printed in the router's own time; its clock comes from `show status`. */
static int64_t since_seconds(struct reader *t)
{
	int64_t now = snap_builder_clock_of(t->b), then, ago;
	bool day, exact;

	if (now < 0 || !bird_moment(t->since, &then, &day, &exact))
		return -1;
	if (!day) {
		ago = now % 86400 - then;
		return ago < 0 ? ago + 86400 : ago;
	}
	ago = exact ? now - then : now - now % 86400 - then;
	return ago < 0 ? 0 : ago;
}

static struct slice neighbor_name(const struct reader *t)
{
	return t->address.len > 0 ? t->address : t->name;
}

/* Two protocols may speak the same family with one address (of two tables): the second is named by itself. */
static struct session *row(struct reader *t, enum afi_safi af)
{
	struct slice name = neighbor_name(t);
	struct session *s = snap_builder_session(t->b, t->vrf, name, af);
	struct addr peer;

	if (!text_known(s->handle) || slice_eq(t->name, s->handle.s))
		return s;
	peer = s->peer;
	s = snap_builder_session(t->b, t->vrf, t->name, af);
	s->peer = peer;
	return s;
}

static enum afi_safi channel_family(const struct reader *t, const struct channel_part *p)
{
	struct addr a;

	if (p->af != AF_UNKNOWN || !addr_parse(t->address, &a))
		return p->af;
	return a.family == ADDR_IP4 ? AF_IPV4_UNICAST : AF_IPV6_UNICAST;
}

static void join_part(struct reader *t, struct session *s, const struct channel_part *p)
{
	int which = p->limit[LIMIT_IMPORT] != COUNT_UNKNOWN ? LIMIT_IMPORT : LIMIT_RECEIVE;

	s->accepted = p->imported;
	s->advertised = p->exported;
	if (p->imported >= 0 && p->filtered >= 0)
		s->received = p->imported + p->filtered;
	s->max_prefixes = p->limit[which];
	s->limit_action = p->action[which];
	if (p->in.len > 0 && s->max_prefixes == COUNT_UNKNOWN) /* the channel was shown with its settings, and without a limit */
		s->max_prefixes = 0;
	if (p->in.len > 0)
		s->import_policy = snap_builder_text(t->b, p->in);
	if (p->out.len > 0)
		s->export_policy = snap_builder_text(t->b, p->out);
}

static void join_all(struct reader *t, struct session *s)
{
	struct session identity = *s;

	*s = t->all;
	s->vrf = identity.vrf;
	s->neighbor = identity.neighbor;
	s->peer = identity.peer;
	s->family = identity.family;
}

static void finish_protocol(struct reader *t)
{
	if (!t->open)
		return;
	t->open = false;
	if (t->is_range && !t->templates)
		return;
	snap_builder_rows(t->b, 1, 0);
	if (t->detailed && t->address.len == 0 && !t->is_range)
		return;
	read_state(t);
	read_error(t);
	read_message(t);
	t->all.since_s = since_seconds(t);
	t->all.handle = snap_builder_text(t->b, t->name);
	if (t->is_range)
		t->all.dynamic = TRI_YES;
	if (snap_builder_local_as(t->b) == ASN_UNKNOWN)
		snap_builder_router(t->b, t->all.local_as, NULL);
	part_last(t);
	for (size_t i = 0; i < t->count; i++) {
		struct session *s = row(t, channel_family(t, &t->parts[i]));

		join_all(t, s);
		join_part(t, s, &t->parts[i]);
	}
	snap_builder_rows(t->b, 0, 1);
}

/* "R111x1     BGP        ---        up     2019-01-23 14:18:50  Established" */
static void protocol_line(struct reader *t, struct slice line)
{
	struct scan c = scan_of(line);
	struct slice proto, table, word;
	int64_t seconds;
	bool day, exact;

	finish_protocol(t);
	t->name = t->proto_state = t->since = SLICE("");
	if (!scan_word(&c, &t->name) || !scan_word(&c, &proto) || !slice_eq(proto, "BGP"))
		return;
	scan_word(&c, &table);
	scan_word(&c, &t->proto_state);
	scan_word(&c, &t->since);
	scan_blanks(&c);
	word = (struct slice){ c.p, 0 };
	scan_word(&c, &word);
	if (word.len > 0 && bird_moment(word, &seconds, &day, &exact) && !day)
		t->since.len = (size_t)(word.p + word.len - t->since.p);
	else
		c.p = word.p;
	t->info = slice_trim(scan_rest(&c));
	t->bgp_state = t->address = t->vrf = t->message = t->error = SLICE("");
	t->detailed = t->is_range = false;
	t->count = 0;
	t->limit = LIMIT_OTHER;
	session_init(&t->all);
	t->all.dynamic = TRI_NO;
	t->open = true;
}

static void on_state(struct reader *t, struct slice v)
{
	t->bgp_state = v;
}

static void on_address(struct reader *t, struct slice v)
{
	struct scan c = scan_of(v);

	scan_word(&c, &t->address);
}

static void on_range(struct reader *t, struct slice v)
{
	on_address(t, v);
	t->is_range = true;
}

static void on_neighbor_as(struct reader *t, struct slice v)
{
	asn_parse(v, &t->all.remote_as);
}

static void on_local_as(struct reader *t, struct slice v)
{
	asn_parse(v, &t->all.local_as);
}

static void on_source(struct reader *t, struct slice v)
{
	addr_parse(v, &t->all.local);
}

/* "147.392/180": what is left of what was agreed */
static void on_hold(struct reader *t, struct slice v)
{
	ptrdiff_t slash = slice_find(v, "/");
	count_t n = slash < 0 ? COUNT_UNKNOWN : count_of(slice_from(v, (size_t)slash + 1));

	if (n >= 0 && n <= 65535)
		t->all.hold_time_s = (int)n;
}

static void on_vrf(struct reader *t, struct slice v)
{
	t->vrf = v;
}

static void on_description(struct reader *t, struct slice v)
{
	t->all.description = snap_builder_text(t->b, v);
}

static void on_message(struct reader *t, struct slice v)
{
	t->message = v;
}

static void on_error(struct reader *t, struct slice v)
{
	t->error = v;
}

static void on_ao(struct reader *t, struct slice v)
{
	(void)v;
	t->all.auth = AUTH_TCP_AO;
}

static void on_in(struct reader *t, struct slice v)
{
	part_last(t)->in = v;
}

static void on_out(struct reader *t, struct slice v)
{
	part_last(t)->out = v;
}

static void on_limit(struct reader *t, struct slice v, int which)
{
	part_last(t)->limit[which] = count_of(v);
	t->limit = which;
}

static void on_import_limit(struct reader *t, struct slice v)
{
	on_limit(t, v, LIMIT_IMPORT);
}

static void on_receive_limit(struct reader *t, struct slice v)
{
	on_limit(t, v, LIMIT_RECEIVE);
}

static void on_export_limit(struct reader *t, struct slice v)
{
	(void)v;
	t->limit = LIMIT_OTHER;
}

static void on_action(struct reader *t, struct slice v)
{
	static const struct {
		const char *word;
		enum limit_action action;
	} actions[] = {
		{ "warn", LIMIT_WARN }, { "block", LIMIT_BLOCK }, { "restart", LIMIT_RESTART },
		{ "disable", LIMIT_TEARDOWN },
	};

	for (size_t i = 0; t->limit != LIMIT_OTHER && i < ARRAY_LEN(actions); i++)
		if (slice_eq(v, actions[i].word))
			part_last(t)->action[t->limit] = actions[i].action;
}

/* "4 imported, 1 filtered, 8 exported, 3 preferred" */
static void on_routes(struct reader *t, struct slice v)
{
	struct channel_part *p = part_last(t);
	struct scan c = scan_of(v);
	struct slice item;

	while (!scan_done(&c)) {
		scan_until(&c, ',', &item);
		if (!scan_done(&c))
			c.p++;
		if (slice_ends(item, " imported"))
			p->imported = count_of(item);
		else if (slice_ends(item, " filtered"))
			p->filtered = count_of(item);
		else if (slice_ends(item, " exported"))
			p->exported = count_of(item);
	}
}

static const struct {
	const char *key;
	void (*read)(struct reader *t, struct slice value);
} keys[] = {
	{ "BGP state", on_state }, { "Neighbor address", on_address }, { "Neighbor range", on_range },
	{ "Neighbor AS", on_neighbor_as }, { "Local AS", on_local_as }, { "Source address", on_source },
	{ "Hold timer", on_hold }, { "VRF", on_vrf }, { "Description", on_description },
	{ "Message", on_message }, { "Last error", on_error }, { "TCP-AO", on_ao },
	{ "Input filter", on_in }, { "Import filter", on_in }, { "Output filter", on_out },
	{ "Export filter", on_out }, { "Import limit", on_import_limit },
	{ "Receive limit", on_receive_limit }, { "Export limit", on_export_limit },
	{ "Action", on_action }, { "Routes", on_routes },
};

static void detail_line(struct reader *t, struct slice line)
{
	struct scan c = scan_of(line);
	struct slice key;
	enum afi_safi af = AF_UNKNOWN;

	t->detailed = true;
	if (slice_starts(line, "Channel ")) {
		family_parse(slice_from(line, 8), &af);
		part_add(t, af);
		return;
	}
	if (!scan_until(&c, ':', &key))
		return;
	c.p++;
	for (size_t i = 0; i < ARRAY_LEN(keys); i++)
		if (slice_eq(key, keys[i].key)) {
			keys[i].read(t, slice_trim(scan_rest(&c)));
			return;
		}
}

static bool is_header(struct slice line)
{
	return line.len > 4 && strncasecmp(line.p, "name ", 5) == 0 &&
	       (slice_find(line, "Proto") > 0 || slice_find(line, "proto") > 0);
}

/* "R194_42  BGP  T65001_x up ...": the first row of a table whose header somebody has cut off. */
static bool is_row(struct slice line)
{
	static const char *const protos[] = { "BGP", "Pipe", "Device", "Direct", "Kernel", "Static", "OSPF", "RIP", "RPKI",
		"BFD", "RAdv", "Babel", "MRT", "BMP", "L3VPN", "Aggregator", "Perf" };
	struct scan c = scan_of(line);
	struct slice name, proto, table;

	if (line.p[0] == ' ' || line.p[0] == '\t' || !scan_word(&c, &name) || !scan_word(&c, &proto) ||
	    !scan_word(&c, &table))
		return false;
	for (size_t i = 0; i < ARRAY_LEN(protos); i++)
		if (slice_eq(proto, protos[i]))
			return true;
	return false;
}

static void protocols_line(struct reader *t, struct slice line)
{
	struct slice s = slice_trim(line);

	t->table = t->table || (t->templates && s.len > 0 && is_row(line));

	if (s.len == 0)
		finish_protocol(t);
	else if (is_header(line))
		t->table = true;
	else if (t->table && line.p[0] != ' ' && line.p[0] != '\t')
		protocol_line(t, line);
	else if (t->open)
		detail_line(t, s);
}

static int read_protocols(struct reader *t, struct slice out, struct err *e)
{
	struct slice line;
	struct scan c;

	if (bird_greeting(t->b, &out, e) != 0)
		return -1;
	c = scan_of(out);
	while (scan_line(&c, &line))
		protocols_line(t, line);
	finish_protocol(t);
	free(t->parts);
	if (!t->table)
		return err_set(e, ERR_PARSE, "no table of protocols in the answer");
	return 0;
}

/* In full, an empty line ends every protocol: if the last line is none, the answer broke off. */
int bird_protocols_query(struct snap_builder *b, struct slice out, struct err *e)
{
	struct reader t = { .b = b };

	if (read_protocols(&t, out, e) != 0)
		return -1;
	if (!slice_ends(out, "\n\n"))
		return err_set(e, ERR_PARSE, "the list of protocols ends early");
	return 0;
}

int bird_protocols(struct report *r, struct slice out, struct err *e)
{
	struct reader t = { .b = r->sessions, .templates = true };

	r->kind = REPORT_SESSIONS;
	r->handle_first = true;
	return read_protocols(&t, out, e);
}
