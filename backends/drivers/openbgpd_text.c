/*
 * bgpctl's text: the summary, neighbors, routes.
 *
 * A neighbor may be shown by its description, which may hold blanks: so rows
 * of the summary are read from the right.
 */
#include "backends/drivers/openbgpd.h"
#include "backends/parse/duration.h"
#include "backends/parse/family.h"
#include "core/base/scan.h"

#include <string.h>

/* Takes the last word off s. */
static struct slice last_word(struct slice *s)
{
	struct slice w;
	size_t at;

	*s = slice_trim(*s);
	at = s->len;
	while (at > 0 && s->p[at - 1] != ' ' && s->p[at - 1] != '\t')
		at--;
	w = slice_from(*s, at);
	s->len = at;
	return w;
}

static count_t count_of(struct slice s)
{
	struct scan c = scan_of(slice_trim(s));
	uint64_t n;

	return scan_u64(&c, &n) && n <= INT64_MAX ? (count_t)n : COUNT_UNKNOWN;
}

/* "6/50": received of the limit; "Idle"; "Template" */
static bool read_state(struct session *s, struct slice w)
{
	struct scan c = scan_of(w);
	uint64_t n, max;

	if (slice_eq(w, "Template")) {
		s->dynamic = TRI_YES;
		return true;
	}
	if (!scan_u64(&c, &n))
		return bgp_state_parse(w, &s->state);
	s->state = BGP_ESTABLISHED;
	s->received = (count_t)n;
	if (scan_lit(&c, "/") && scan_u64(&c, &max))
		s->max_prefixes = (count_t)max;
	return scan_done(&c);
}

/* "frr four   64500   7   7   0 00:00:03   6/50" */
static bool summary_row(struct report *r, struct slice line)
{
	struct slice rest = line, state = last_word(&rest), updown = last_word(&rest);
	struct slice outq = last_word(&rest), sent = last_word(&rest), received = last_word(&rest);
	struct slice as = last_word(&rest);
	struct session *s, read;

	rest = slice_trim(rest);
	session_init(&read);
	if (rest.len == 0 || count_of(outq) < 0 || !asn_parse(as, &read.remote_as) || !read_state(&read, state))
		return false;
	s = snap_builder_session(r->sessions, SLICE(""), rest, AF_UNKNOWN);
	s->remote_as = read.remote_as;
	s->state = read.state;
	s->received = read.received;
	s->max_prefixes = read.max_prefixes;
	s->dynamic = read.dynamic;
	s->messages_in = count_of(received);
	s->messages_out = count_of(sent);
	s->since_s = duration_s(updown);
	return true;
}

int openbgpd_summary(struct report *r, struct slice out, struct err *e)
{
	struct scan c = scan_of(out);
	struct slice line;
	bool table = false;

	r->kind = REPORT_SESSIONS;
	if (openbgpd_refusal(out, e) != 0)
		return -1;
	while (scan_line(&c, &line)) {
		if (slice_starts(line, "Neighbor ")) {
			table = true;
		} else if (table && slice_trim(line).len > 0) {
			snap_builder_rows(r->sessions, 1, 0);
			snap_builder_rows(r->sessions, 0, summary_row(r, line) ? 1 : 0);
		}
	}
	return table ? 0 : err_set(e, ERR_PARSE, "no summary in the answer");
}

/* "frr four 64500 Established" */
int openbgpd_terse(struct report *r, struct slice out, struct err *e)
{
	struct scan c = scan_of(out);
	struct slice line;

	r->kind = REPORT_SESSIONS;
	if (openbgpd_refusal(out, e) != 0)
		return -1;
	while (scan_line(&c, &line)) {
		struct slice rest = line, state = last_word(&rest), as = last_word(&rest);
		struct session *s, read;

		session_init(&read);
		if (slice_trim(line).len == 0)
			continue;
		snap_builder_rows(r->sessions, 1, 0);
		if (!asn_parse(as, &read.remote_as) || !read_state(&read, state))
			continue;
		s = snap_builder_session(r->sessions, SLICE(""), slice_trim(rest), AF_UNKNOWN);
		s->remote_as = read.remote_as;
		s->state = read.state;
		s->dynamic = read.dynamic;
		snap_builder_rows(r->sessions, 0, 1);
	}
	return 0;
}

struct reader {
	struct snap_builder *b;
	struct session s;
	struct slice name;
	bool open, in_updates, negotiated;
	unsigned families;
};

static struct slice word_after(struct slice s, const char *lit)
{
	ptrdiff_t at = slice_find(s, lit);
	struct slice w = SLICE("");
	struct scan c;

	if (at < 0)
		return w;
	c = scan_of(slice_from(s, (size_t)at + strlen(lit)));
	scan_word(&c, &w);
	while (w.len > 0 && (w.p[w.len - 1] == ',' || w.p[w.len - 1] == ')'))
		w.len--;
	return w;
}

static void finish_neighbor(struct reader *t)
{
	struct session identity, *s;

	if (!t->open)
		return;
	t->open = false;
	if (t->families != 1)
		t->s.family = AF_UNKNOWN;
	s = snap_builder_session(t->b, SLICE(""), t->name, t->s.family);
	identity = *s;
	*s = t->s;
	s->vrf = identity.vrf;
	s->neighbor = identity.neighbor;
	s->peer = identity.peer;
	s->limit_tripped = s->state == BGP_IDLE && s->last_error.code == 6 && s->last_error.subcode == 1 &&
	    s->last_error.dir == DIR_SENT ? TRI_YES : TRI_NO;
	snap_builder_rows(t->b, 0, s->state != BGP_UNKNOWN ? 1 : 0);
}

static void on_neighbor(struct reader *t, struct slice v)
{
	finish_neighbor(t);
	*t = (struct reader){ .b = t->b, .open = true };
	session_init(&t->s);
	t->s.admin_down = TRI_NO;
	t->name = word_after(v, "");
	asn_parse(word_after(v, "remote AS "), &t->s.remote_as);
	snap_builder_rows(t->b, 1, 0);
}

static void on_description(struct reader *t, struct slice v)
{
	t->s.description = openbgpd_text(snap_builder_arena(t->b), v);
}

/* "50 (restart 10)": minutes */
static void on_max(struct reader *t, struct slice v)
{
	count_t minutes = count_of(word_after(v, "restart "));

	t->s.max_prefixes = count_of(v);
	t->s.limit_action = minutes > 0 ? LIMIT_RESTART : LIMIT_TEARDOWN;
	if (minutes > 0)
		t->s.limit_restart_s = minutes * 60;
}

/* `Idle, marked down with shutdown reason "..."`, `Established, up for 00:18:00`, `Idle, down for 01w0d16h` */
static void on_state(struct reader *t, struct slice v)
{
	struct slice since = word_after(v, " for ");
	ptrdiff_t quote = slice_find(v, "reason \"");

	bgp_state_parse(word_after(v, ""), &t->s.state);
	if (t->s.max_prefixes == COUNT_UNKNOWN) /* it stands above the state where there is one */
		t->s.max_prefixes = 0;
	if (slice_find(v, "marked down") >= 0)
		t->s.admin_down = TRI_YES;
	else
		t->s.since_s = duration_s(since);
	if (quote >= 0 && slice_ends(v, "\""))
		t->s.own_message = openbgpd_text(snap_builder_arena(t->b),
		    slice_upto(slice_from(v, (size_t)quote + 8), v.len - (size_t)quote - 9));
}

static void on_hold(struct reader *t, struct slice v)
{
	count_t n = count_of(word_after(v, "holdtime "));

	if (n >= 0 && n <= 65535)
		t->s.hold_time_s = (int)n;
}

static void on_negotiated(struct reader *t, struct slice v)
{
	(void)v;
	t->negotiated = true;
	t->families = 0;
}

/* "IPv4 unicast, IPv6 unicast": first what the neighbor can, then what was agreed. */
static void on_families(struct reader *t, struct slice v)
{
	struct scan c = scan_of(v);
	struct slice item;

	while (!scan_done(&c)) {
		scan_until(&c, ',', &item);
		if (!scan_done(&c))
			c.p++;
		if (t->negotiated && t->families++ == 0)
			family_parse(item, &t->s.family);
	}
}

static void on_total(struct reader *t, struct slice v)
{
	struct slice sent = word_after(v, "");
	struct slice rest = slice_trim(v);

	t->s.messages_out = count_of(sent);
	t->s.messages_in = count_of(last_word(&rest));
}

/* "Prefixes    1    8": sent, received */
static void on_prefixes(struct reader *t, struct slice v)
{
	struct scan c = scan_of(v);
	struct slice sent, received;

	if (!scan_word(&c, &sent) || !scan_word(&c, &received))
		return;
	t->s.advertised = count_of(sent);
	t->s.received = count_of(received);
}

static void on_error_sent(struct reader *t, struct slice v)
{
	if (t->s.last_error.dir != DIR_RECEIVED)
		openbgpd_error(t->b, &t->s.last_error, v, DIR_SENT);
}

static void on_error_received(struct reader *t, struct slice v)
{
	openbgpd_error(t->b, &t->s.last_error, v, DIR_RECEIVED);
}

static void on_peer_text(struct reader *t, struct slice v)
{
	if (v.len >= 2 && v.p[0] == '"' && slice_ends(v, "\""))
		t->s.shutdown_message = openbgpd_text(snap_builder_arena(t->b),
		    slice_upto(slice_from(v, 1), v.len - 2));
}

static void on_local(struct reader *t, struct slice v)
{
	addr_parse(word_after(v, ""), &t->s.local);
}

static const struct {
	const char *begins;
	void (*read)(struct reader *t, struct slice rest);
} lines[] = {
	{ "BGP neighbor is ", on_neighbor }, { "Description: ", on_description },
	{ "Max-prefix: ", on_max }, { "BGP state = ", on_state }, { "Last read ", on_hold },
	{ "Negotiated capabilities:", on_negotiated }, { "Multiprotocol extensions: ", on_families },
	{ "Total ", on_total }, { "Prefixes ", on_prefixes }, { "Last error sent: ", on_error_sent },
	{ "Last error received: ", on_error_received },
	{ "Last received shutdown reason: ", on_peer_text }, { "Local host: ", on_local },
};

int openbgpd_neighbors_text(struct report *r, struct slice out, struct err *e)
{
	struct reader t = { .b = r->sessions };
	struct scan c = scan_of(out);
	struct slice line, s;
	bool any = false;

	r->kind = REPORT_SESSIONS;
	if (openbgpd_refusal(out, e) != 0)
		return -1;
	while (scan_line(&c, &line)) {
		s = slice_trim(line);
		for (size_t i = 0; i < ARRAY_LEN(lines); i++)
			if (slice_starts(s, lines[i].begins) && (t.open || i == 0)) {
				lines[i].read(&t, slice_trim(slice_from(s, strlen(lines[i].begins))));
				any = true;
				break;
			}
	}
	finish_neighbor(&t);
	return any ? 0 : err_set(e, ERR_PARSE, "no BGP neighbor in the answer");
}

/* "*>    N-? 2.0.1.0/24   192.0.2.21   100   2 2 i": the destination is the first word with a slash. */
static bool rib_row(struct report *r, struct slice line)
{
	struct scan c = scan_of(line);
	struct slice w, hop, lpref, med, path;
	struct route *row;

	do {
		if (!scan_word(&c, &w))
			return false;
	} while (slice_find(w, "/") < 0);
	if (!scan_word(&c, &hop) || !scan_word(&c, &lpref) || !scan_word(&c, &med))
		return false;
	path = slice_trim(scan_rest(&c));
	if (path.len > 0 && strchr("ie?", path.p[path.len - 1]) != NULL)
		path.len--;
	path = slice_trim(path);
	row = report_route(r);
	row->prefix = report_text(r, w);
	row->next_hop = report_text(r, hop);
	if (path.len > 0)
		row->as_path = report_text(r, path);
	return true;
}

int openbgpd_rib(struct report *r, struct slice out, struct err *e)
{
	struct scan c = scan_of(out);
	struct slice line;
	bool table = false;

	r->kind = REPORT_ROUTES;
	if (openbgpd_refusal(out, e) != 0)
		return -1;
	while (scan_line(&c, &line)) {
		if (slice_find(line, "destination") > 0 && slice_find(line, "gateway") > 0) {
			table = true;
		} else if (table && slice_trim(line).len > 0) {
			r->rows_seen++;
			r->rows_parsed += rib_row(r, line) ? 1 : 0;
		}
	}
	return table ? 0 : err_set(e, ERR_PARSE, "no table of routes in the answer");
}
