/*
 * Sessions of RouterOS; see routeros_read.h.
 *
 * `print` gives one record per session: a number, flags, and key=value pairs broken over lines.  A session of
 * version 7 prints no state, only the flag E.  Notifications are printed as the hex of the message, from which the
 * peer's shutdown text (RFC 9003) is taken.
 */
#include "backends/drivers/routeros_read.h"
#include "backends/drivers/routeros_pairs.h"
#include "backends/parse/duration.h"
#include "backends/parse/family.h"
#include "backends/parse/refusal.h"
#include "backends/parse/summary.h"
#include "backends/parse/words.h"

#include <string.h>

struct record {
	bool open, established, disabled, dynamic, range;
	struct slice name, remote, local, vrf, families, state, comment;
	struct session s;
	struct ros_pairs pairs;
};

struct reader {
	struct snap_builder *b;
	struct record rec;
	bool seen, configured; /* configured: connections, not sessions */
};

static int hex_digit(char ch)
{
	if (ch >= '0' && ch <= '9')
		return ch - '0';
	ch = (char)(ch | 0x20);
	return ch >= 'a' && ch <= 'f' ? ch - 'a' + 10 : -1;
}

/* A raw NOTIFICATION (RFC 4271 4.5) in hex: sixteen ff, length, type 3, code, subcode, data. */
static void take_notification(struct reader *rd, struct slice hex, enum direction dir)
{
	unsigned char msg[300];
	size_t n = 0;
	struct last_error *le = &rd->rec.s.last_error;

	for (; n < sizeof(msg) && 2 * n + 1 < hex.len; n++) {
		int hi = hex_digit(hex.p[2 * n]), lo = hex_digit(hex.p[2 * n + 1]);

		if (hi < 0 || lo < 0)
			return;
		msg[n] = (unsigned char)(hi << 4 | lo);
	}
	if (n < 21 || msg[18] != 3 || le->dir == DIR_RECEIVED)
		return;
	le->code = msg[19];
	le->subcode = msg[20];
	le->dir = dir;
	if (dir == DIR_RECEIVED && msg[19] == 6 && (msg[20] == 2 || msg[20] == 4) && n > 22 &&
	    (size_t)msg[21] <= n - 22 && msg[21] > 0)
		rd->rec.s.shutdown_message = snap_builder_text(rd->b,
		    (struct slice){ (const char *)msg + 22, msg[21] });
}

/* "10.0.0.1@vrf1"; of a connection "10.0.0.1/32", and "10.0.0.0/24" for all that call from there */
static void take_remote(struct reader *rd, struct slice v)
{
	const char *at = memchr(v.p, '@', v.len), *slash;

	rd->rec.remote = at ? slice_upto(v, (size_t)(at - v.p)) : v;
	if (at != NULL)
		rd->rec.vrf = slice_from(v, (size_t)(at - v.p) + 1);
	slash = memchr(rd->rec.remote.p, '/', rd->rec.remote.len);
	if (slash != NULL && (slice_ends(rd->rec.remote, "/32") || slice_ends(rd->rec.remote, "/128")))
		rd->rec.remote.len = (size_t)(slash - rd->rec.remote.p);
	else if (slash != NULL)
		rd->rec.range = true;
}

static void take_local(struct reader *rd, struct slice v)
{
	struct slice bare;

	if (word_is_address(v, &bare))
		addr_parse(bare, &rd->rec.s.local);
}

static void take_remote_as(struct reader *rd, struct slice v)
{
	asn_parse(v, &rd->rec.s.remote_as);
}

static void take_local_as(struct reader *rd, struct slice v)
{
	asn_parse(v, &rd->rec.s.local_as);
}

static void take_name(struct reader *rd, struct slice v)
{
	rd->rec.name = v;
	rd->rec.s.handle = snap_builder_text(rd->b, v);
}

static void take_uptime(struct reader *rd, struct slice v)
{
	rd->rec.s.since_s = duration_s(v);
}

static void take_count(struct slice v, count_t *to)
{
	int64_t n;

	if (word_count(v, &n))
		*to = n;
}

static void take_prefixes(struct reader *rd, struct slice v) { take_count(v, &rd->rec.s.received); }
static void take_limit(struct reader *rd, struct slice v) { take_count(v, &rd->rec.s.max_prefixes); }
static void take_in(struct reader *rd, struct slice v) { take_count(v, &rd->rec.s.messages_in); }
static void take_out(struct reader *rd, struct slice v) { take_count(v, &rd->rec.s.messages_out); }
static void take_state(struct reader *rd, struct slice v) { rd->rec.state = v; }
static void take_families(struct reader *rd, struct slice v) { rd->rec.families = v; }
static void take_vrf(struct reader *rd, struct slice v) { rd->rec.vrf = v; }

static void take_hold(struct reader *rd, struct slice v)
{
	int64_t s = duration_s(v);

	if (s >= 0 && s <= 65535)
		rd->rec.s.hold_time_s = (int)s;
}

static void take_import(struct reader *rd, struct slice v)
{
	rd->rec.s.import_policy = snap_builder_text(rd->b, v);
}

static void take_export(struct reader *rd, struct slice v)
{
	rd->rec.s.export_policy = snap_builder_text(rd->b, v);
}

static void take_key(struct reader *rd, struct slice v)
{
	rd->rec.s.auth = v.len == 0 ? AUTH_NONE : AUTH_MD5; /* the key itself is not kept */
}

static void take_input_notification(struct reader *rd, struct slice v)
{
	take_notification(rd, v, DIR_RECEIVED);
}

static void take_output_notification(struct reader *rd, struct slice v)
{
	take_notification(rd, v, DIR_SENT);
}

static void take_tripped(struct reader *rd, struct slice v)
{
	if (slice_eq(v, "yes") || v.len == 0)
		rd->rec.s.limit_tripped = TRI_YES;
}

static const struct {
	const char *key;
	void (*take)(struct reader *rd, struct slice value);
} keys[] = {
	{ "name", take_name }, { "remote-address", take_remote }, { "remote.address", take_remote },
	{ "remote-as", take_remote_as }, { "remote.as", take_remote_as }, { "local.as", take_local_as },
	{ "local-address", take_local }, { "local.address", take_local }, { "uptime", take_uptime },
	{ "prefix-count", take_prefixes }, { "max-prefix-limit", take_limit },
	{ "input.limit-process-routes-ipv4", take_limit }, { "input.limit-process-routes-ipv6", take_limit }, { "state", take_state },
	{ "address-families", take_families }, { "afi", take_families }, { "remote.afi", take_families },
	{ "hold-time", take_hold }, { "used-hold-time", take_hold }, { "in-filter", take_import },
	{ "input.filter", take_import }, { "out-filter", take_export },
	{ "output.filter-chain", take_export }, { "tcp-md5-key", take_key },
	{ "remote.messages", take_in }, { "local.messages", take_out },
	{ "input.last-notification", take_input_notification },
	{ "output.last-notification", take_output_notification },
	{ "limit-exceeded", take_tripped }, { "routing-table", take_vrf }, { "vrf", take_vrf },
};

/* "ip,ipv6" alone does not say which the counts are of: the address decides. */
static enum afi_safi family_here(const struct record *rec)
{
	enum afi_safi f = family_of(slice_eq(rec->families, "ip") ? SLICE("ipv4") : rec->families);
	struct addr a;

	if (f != AF_UNKNOWN)
		return f;
	return addr_parse(rec->remote, &a) && a.family == ADDR_IP6 ? AF_IPV6_UNICAST : AF_IPV4_UNICAST;
}

static void settle(struct record *rec)
{
	struct session *s = &rec->s;

	if (rec->established)
		s->state = BGP_ESTABLISHED;
	else if (rec->state.len > 0)
		summary_state(rec->state, s);
	if (s->state == BGP_ESTABLISHED)
		s->admin_down = TRI_NO;
	else
		s->received = COUNT_UNKNOWN; /* what is printed of a closed session is from before */
	if (rec->disabled) {
		s->admin_down = TRI_YES;
		if (s->state == BGP_UNKNOWN)
			s->state = BGP_IDLE;
	}
	if (rec->dynamic)
		s->dynamic = TRI_YES;
}

/* What the connection said and the session does not.  The connection's name is the one to act upon. */
static void keep_configured(struct session *s, const struct session *before)
{
	if (!text_known(s->description))
		s->description = before->description;
	if (text_known(before->handle))
		s->handle = before->handle;
	if (!text_known(s->export_policy))
		s->export_policy = before->export_policy;
	if (!text_known(s->import_policy))
		s->import_policy = before->import_policy;
	if (s->max_prefixes == COUNT_UNKNOWN)
		s->max_prefixes = before->max_prefixes;
	if (s->remote_as == ASN_UNKNOWN)
		s->remote_as = before->remote_as;
}

static void end(struct reader *rd)
{
	struct record *rec = &rd->rec;
	struct session *to, keep;

	if (!rec->open)
		return;
	rec->open = false;
	if (rec->range && rd->configured)
		return; /* its sessions stand in the other list */
	snap_builder_rows(rd->b, 1, rec->remote.len > 0 ? 1 : 0);
	if (rec->remote.len == 0)
		return;
	settle(rec);
	if (slice_eq(rec->vrf, "main"))
		rec->vrf = SLICE("");
	to = snap_builder_session(rd->b, rec->vrf, rec->remote, family_here(rec));
	keep = *to;
	*to = rec->s;
	to->vrf = keep.vrf;
	to->neighbor = keep.neighbor;
	to->peer = keep.peer;
	to->family = keep.family;
	keep_configured(to, &keep);
	if (!text_known(to->description) && rec->comment.len > 0)
		to->description = snap_builder_text(rd->b, rec->comment);
	if (snap_builder_local_as(rd->b) == ASN_UNKNOWN)
		snap_builder_router(rd->b, to->local_as, NULL);
}

/* " 0 E ;;; comment", " 1   name=...": a number and flags. */
static bool begin(struct reader *rd, struct scan *c)
{
	struct scan d = *c;
	uint64_t n;

	scan_blanks(&d);
	if (!scan_u64(&d, &n) || scan_done(&d) || (*d.p != ' ' && *d.p != '\t'))
		return false;
	end(rd);
	memset(&rd->rec, 0, sizeof(rd->rec));
	session_init(&rd->rec.s);
	rd->rec.open = rd->seen = true;
	for (;;) {
		struct slice w;
		struct scan flags = d;

		if (!scan_word(&flags, &w) || w.len > 3 || memchr(w.p, '=', w.len) != NULL ||
		    slice_eq(w, ";;;"))
			break;
		for (size_t i = 0; i < w.len; i++) {
			rd->rec.established = rd->rec.established || w.p[i] == 'E';
			rd->rec.disabled = rd->rec.disabled || w.p[i] == 'X';
			rd->rec.dynamic = rd->rec.dynamic || w.p[i] == 'D';
			if (w.p[i] == 'L')
				rd->rec.s.limit_tripped = TRI_YES;
		}
		d = flags;
	}
	*c = d;
	return true;
}

static void take_pair(struct reader *rd, struct slice key, struct slice value)
{
	for (size_t i = 0; i < ARRAY_LEN(keys); i++)
		if (slice_eq(key, keys[i].key)) {
			keys[i].take(rd, value);
			return;
		}
}

static void take_line(struct reader *rd, struct slice line)
{
	struct scan c = scan_of(line);
	struct slice key, value;

	if (slice_starts(slice_trim(line), "Flags:") || slice_starts(slice_trim(line), "Columns:")) {
		rd->seen = true;
		return;
	}
	begin(rd, &c);
	if (!rd->rec.open)
		return;
	scan_blanks(&c);
	if (scan_lit(&c, ";;;")) {
		rd->rec.comment = slice_trim(scan_rest(&c));
		return;
	}
	while (ros_pair(&rd->rec.pairs, &c, &key, &value))
		take_pair(rd, key, value);
}

static int poll_list(struct snap_builder *b, struct slice out, bool configured, struct err *e)
{
	struct reader rd = { .b = b, .configured = configured };
	struct scan c = scan_of(out);
	struct slice line;

	while (scan_line(&c, &line))
		take_line(&rd, line);
	end(&rd);
	if (rd.seen || slice_trim(out).len == 0) /* without sessions it prints nothing */
		return 0;
	return refusal_or_not_found(out, "list of BGP sessions", e);
}

int routeros_poll_sessions(struct snap_builder *b, struct slice out, struct err *e)
{
	return poll_list(b, out, false, e);
}

int routeros_poll_connections(struct snap_builder *b, struct slice out, struct err *e)
{
	return poll_list(b, out, true, e);
}

int routeros_sessions(struct report *r, struct slice out, struct err *e)
{
	return routeros_poll_sessions(r->sessions, out, e);
}
