/*
 * Junos as text; see junos_read.h.
 *
 *     Peer              AS      InPkt     OutPkt    OutQ   Flaps Last Up/Dwn State|#Active/Received/Accepted/Damped...
 *     192.0.2.254    64496    1165670    1238837       0       1 9w2d 5:23:37 Establ
 *       red.inet.0: 23/224/224/0
 *
 * Old releases print the counts of inet.0 (and inet.2) in the place of the state.
 */
#include "backends/drivers/junos_read.h"
#include "backends/parse/detail.h"
#include "backends/parse/duration.h"
#include "backends/parse/family.h"
#include "backends/parse/refusal.h"
#include "backends/parse/summary.h"
#include "backends/parse/words.h"

#include <string.h>

struct reader {
	struct snap_builder *b;
	size_t from;
	struct slice asked; /* the instance of the command */
	bool seen, in_table, open, any;
	bool vpn; /* a table bgp.* stood: those of instances that follow are its copies */
	struct slice neighbor, vrf;
	struct session all;
	struct session *row; /* of the table that is open, in the detail */
};

static struct slice first_word(struct slice s)
{
	struct scan c = scan_of(s);
	struct slice w;

	return scan_word(&c, &w) ? w : SLICE("");
}

/* "23/224/224/0": active, received, accepted, damped; old releases without accepted. */
static bool take_counts(struct slice w, struct session *s)
{
	count_t n[4] = { -1, -1, -1, -1 };
	struct scan c = scan_of(w);
	int i = 0;

	for (; i < 4; i++) {
		uint64_t v;

		if ((i > 0 && !scan_lit(&c, "/")) || !scan_u64(&c, &v) || v > INT64_MAX)
			break;
		n[i] = (count_t)v;
	}
	if (i < 3 || !scan_done(&c))
		return false;
	s->active = n[0];
	s->received = n[1];
	if (i == 4)
		s->accepted = n[2];
	return true;
}

static void give(struct session *to, const struct session *all)
{
	struct session keep = *to;

	*to = *all;
	to->vrf = keep.vrf;
	to->neighbor = keep.neighbor;
	to->peer = keep.peer;
	to->family = keep.family;
	to->active = keep.active;
	to->received = keep.received;
	to->accepted = keep.accepted;
	to->advertised = keep.advertised;
	to->max_prefixes = keep.max_prefixes;
}

static struct session *add_row(struct reader *rd, struct slice instance, enum afi_safi f)
{
	struct slice vrf = rd->vrf.len > 0 ? rd->vrf : rd->asked.len > 0 ? rd->asked : instance;
	struct session *s = snap_builder_fresh(rd->b, rd->from, vrf, rd->neighbor, NULL, f);

	give(s, &rd->all);
	rd->any = true;
	return s;
}

static void end(struct reader *rd)
{
	struct addr a = { 0 };

	if (!rd->open)
		return;
	rd->open = false;
	if (!rd->any) {
		word_is_neighbor(rd->neighbor, &(struct slice){ 0 }, &a); /* it may have a zone */
		add_row(rd, SLICE(""), a.family == ADDR_IP6 ? AF_IPV6_UNICAST : AF_IPV4_UNICAST);
	}
	snap_builder_rows(rd->b, 1, 1);
}

static void begin(struct reader *rd, struct slice neighbor)
{
	end(rd);
	session_init(&rd->all);
	rd->neighbor = neighbor;
	rd->vrf = SLICE("");
	rd->row = NULL;
	rd->any = rd->vpn = false;
	rd->open = true;
}

/* The words between flaps and state are the time: "9w2d 5:23:37", "5:23:37", "29:10", "12". */
static bool take_peer_row(struct reader *rd, const struct words *w)
{
	struct session s;
	struct slice name;
	struct addr a;
	int64_t n;
	size_t k;

	if (!word_is_neighbor(w->w[0], &name, &a) || w->n < 7)
		return false;
	session_init(&s);
	if (!asn_parse(w->w[1], &s.remote_as))
		return false;
	if (word_count(w->w[2], &n))
		s.messages_in = n;
	if (word_count(w->w[3], &n))
		s.messages_out = n;
	if (word_count(w->w[5], &n))
		s.flaps = n;
	for (k = 7; k < w->n; k++) {
		struct session probe = s;

		if (take_counts(w->w[k], &probe) || summary_state(w->w[k], &probe))
			break;
	}
	if (k >= w->n)
		return false;
	s.since_s = duration_s(words_span(w, 6, k - 1));
	if (s.since_s < 0 && word_count(w->w[6], &n)) /* below a minute only the seconds */
		s.since_s = n;
	begin(rd, name);
	rd->all = s;
	if (summary_state(w->w[k], &rd->all)) {
		if (rd->all.state == BGP_ESTABLISHED)
			rd->all.admin_down = TRI_NO;
		return true;
	}
	rd->all.state = BGP_ESTABLISHED;
	rd->all.admin_down = TRI_NO;
	take_counts(w->w[k], add_row(rd, SLICE(""), AF_IPV4_UNICAST));
	return true;
}

static void take_table_line(struct reader *rd, struct slice line)
{
	struct words w;
	struct slice rib, instance;
	struct session counts;

	words_cut(&w, line);
	if (w.n == 0)
		return;
	if (line.p[0] != ' ' && word_is_address(w.w[0], &(struct slice){ 0 })) {
		end(rd);
		if (!take_peer_row(rd, &w))
			snap_builder_rows(rd->b, 1, 0);
		return;
	}
	rib = w.w[0];
	if (!rd->open || w.n < 2 || rib.len < 2 || rib.p[rib.len - 1] != ':') {
		if (w.n > 1 && line.p[0] != ' ')
			end(rd);
		return;
	}
	rib.len--;
	session_init(&counts);
	if (!take_counts(w.w[1], &counts))
		return;
	enum afi_safi f = junos_rib(rib, &instance);

	rd->vpn = rd->vpn || slice_starts(rib, "bgp.");
	if (rd->vpn && instance.len > 0)
		return;
	struct session *s = add_row(rd, instance, f);

	s->active = counts.active;
	s->received = counts.received;
	s->accepted = counts.accepted;
}

/* ---- show bgp neighbor ---- */

/* "Peer: 10.145.0.3+64180 AS 30000  Local: 10.145.0.1+179 AS 1" */
static bool take_peer_line(struct reader *rd, struct slice line)
{
	struct slice name = junos_address(first_word(slice_from(line, 5)));
	struct slice local = words_behind(line, "Local: ");
	struct slice bare;

	if (!slice_starts(line, "Peer: ") || name.len == 0)
		return false;
	begin(rd, name);
	rd->seen = true;
	asn_parse(first_word(words_behind(line, " AS ")), &rd->all.remote_as);
	if (word_is_address(first_word(local), &bare))
		addr_parse(bare, &rd->all.local);
	asn_parse(first_word(words_behind(local, " AS ")), &rd->all.local_as);
	if (snap_builder_local_as(rd->b) == ASN_UNKNOWN)
		snap_builder_router(rd->b, rd->all.local_as, NULL);
	return true;
}

static void take_row_count(struct reader *rd, struct slice line, const char *key, count_t *to)
{
	int64_t n;

	if (slice_starts(line, key) && rd->row != NULL && word_count(first_word(words_behind(line, key)), &n))
		*to = n;
}

static void take_table_name(struct reader *rd, struct slice line)
{
	struct slice instance;
	enum afi_safi f = junos_rib(first_word(slice_from(line, 6)), &instance);

	rd->vpn = rd->vpn || slice_starts(first_word(slice_from(line, 6)), "bgp.");
	rd->row = rd->vpn && instance.len > 0 ? NULL : add_row(rd, instance, f);
}

static void take_bracketed(struct reader *rd, struct slice v, struct text *to)
{
	ptrdiff_t close = slice_find(v, "]");

	if (v.len == 0 || v.p[0] != '[' || close < 1)
		return;
	*to = snap_builder_text(rd->b, slice_trim((struct slice){ v.p + 1, (size_t)close - 1 }));
}

static void take_state_line(struct reader *rd, struct slice line)
{
	summary_state(first_word(words_behind(line, "State: ")), &rd->all);
	if (rd->all.state == BGP_ESTABLISHED)
		rd->all.admin_down = TRI_NO;
	else if (slice_find(line, "Shutdown") >= 0)
		rd->all.admin_down = TRI_YES;
}

static void take_neighbor_line(struct reader *rd, struct slice line)
{
	int64_t n;

	if (slice_starts(line, "Type: ") && slice_find(line, "State: ") >= 0)
		take_state_line(rd, line);
	else if (slice_starts(line, "Description: "))
		rd->all.description = snap_builder_text(rd->b, slice_trim(slice_from(line, 13)));
	else if (slice_starts(line, "Group: "))
		rd->all.group = snap_builder_text(rd->b, first_word(slice_from(line, 7)));
	else if (slice_starts(line, "Number of flaps: ") && word_count(slice_trim(slice_from(line, 17)), &n))
		rd->all.flaps = n;
	if (slice_find(line, "Routing-Instance: ") >= 0 &&
	    !slice_eq(first_word(words_behind(line, "Routing-Instance: ")), "master"))
		rd->vrf = first_word(words_behind(line, "Routing-Instance: "));
	if (slice_find(line, "Export: ") >= 0)
		take_bracketed(rd, words_behind(line, "Export: "), &rd->all.export_policy);
	if (slice_find(line, "Import: ") >= 0)
		take_bracketed(rd, words_behind(line, "Import: "), &rd->all.import_policy);
	if (slice_starts(line, "Last Error: ") && !slice_eq(slice_trim(slice_from(line, 12)), "None")) {
		rd->all.last_error.words = snap_builder_text(rd->b, slice_trim(slice_from(line, 12)));
		detail_error_words(slice_from(line, 12), &rd->all.last_error);
	}
	if (slice_starts(line, "Options: <"))
		rd->all.auth = slice_find(line, "AuthKey") >= 0 ? AUTH_MD5 : AUTH_NONE;
	if (slice_find(line, "Active Holdtime: ") >= 0 &&
	    word_count(first_word(words_behind(line, "Active Holdtime: ")), &n) && n <= 65535)
		rd->all.hold_time_s = (int)n;
	if (slice_starts(line, "Input messages:") && word_count(first_word(words_behind(line, "Total ")), &n))
		rd->all.messages_in = n;
	if (slice_starts(line, "Output messages:") && word_count(first_word(words_behind(line, "Total ")), &n))
		rd->all.messages_out = n;
	if (slice_starts(line, "Table "))
		take_table_name(rd, line);
	if (rd->row == NULL)
		return;
	take_row_count(rd, line, "Active prefixes:", &rd->row->active);
	take_row_count(rd, line, "Received prefixes:", &rd->row->received);
	take_row_count(rd, line, "Accepted prefixes:", &rd->row->accepted);
	take_row_count(rd, line, "Advertised prefixes:", &rd->row->advertised);
}

int junos_text(struct snap_builder *b, struct slice out, struct slice vrf, struct err *e)
{
	struct reader rd = { .b = b, .from = snap_builder_count(b), .asked = vrf };
	struct scan c = scan_of(out);
	struct slice line;

	while (scan_line(&c, &line)) {
		struct slice t = slice_trim(line);

		if (slice_starts(t, "Groups: ") || slice_starts(t, "BGP is not running")) {
			rd.seen = true;
		} else if (slice_starts(t, "Peer ") && slice_find(t, "State|#") > 0) {
			rd.in_table = rd.seen = true;
		} else if (take_peer_line(&rd, t)) {
			rd.in_table = false;
		} else if (rd.in_table) {
			take_table_line(&rd, line);
		} else if (rd.open) {
			take_neighbor_line(&rd, t);
		}
	}
	end(&rd);
	return rd.seen ? 0 : refusal_or_not_found(out, "BGP peer", e);
}
