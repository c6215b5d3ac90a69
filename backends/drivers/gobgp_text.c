/*
 * gobgp's text: the table of neighbors, and one neighbor.
 *
 * Widths follow the content, so the table is read by the "|" before the counts.
 */
#include "backends/drivers/gobgp.h"
#include "backends/parse/duration.h"
#include "core/base/scan.h"

#include <string.h>

static count_t count_of(struct slice s)
{
	uint64_t n;

	s = slice_trim(s);
	return slice_u64(s, &n) && n <= INT64_MAX ? (count_t)n : COUNT_UNKNOWN;
}

/* "Establ", "Idle(Admin)", "BGP_FSM_ESTABLISHED", "established" */
static void read_state(struct session *s, struct slice w)
{
	ptrdiff_t flag = slice_find(w, "(");
	struct slice word = flag > 0 ? slice_upto(w, (size_t)flag) : w;

	if (slice_starts(word, "BGP_FSM_"))
		word = slice_from(word, strlen("BGP_FSM_"));
	bgp_state_parse(word, &s->state);
	if (slice_find(w, "(Admin)") > 0)
		s->admin_down = TRI_YES;
	if (slice_find(w, "(PfxCt)") > 0)
		s->limit_tripped = TRI_YES;
}

struct table_row {
	struct slice peer, state;
	asn_t as;
	int64_t since_s;
	count_t received, accepted;
};

/* "192.0.2.1 64500 1d 00:00:44 Establ | 5 5" */
static bool split_row(struct slice line, struct table_row *row)
{
	ptrdiff_t bar = slice_find(line, "|");
	struct scan c;
	struct slice w, left, updown = SLICE("");

	if (bar < 0)
		return false;
	left = slice_trim(slice_upto(line, (size_t)bar));
	c = scan_of(left);
	if (!scan_word(&c, &row->peer) || !scan_word(&c, &w) || !asn_parse(w, &row->as))
		return false;
	left = slice_trim(scan_rest(&c));
	for (size_t at = left.len; at > 0; at--)
		if (left.p[at - 1] == ' ') {
			updown = slice_trim(slice_upto(left, at));
			left = slice_from(left, at);
			break;
		}
	row->state = left;
	row->since_s = duration_s(updown);
	c = scan_of(slice_from(line, (size_t)bar + 1));
	if (left.len == 0 || !scan_word(&c, &w))
		return false;
	row->received = count_of(w);
	row->accepted = scan_word(&c, &w) ? count_of(w) : COUNT_UNKNOWN;
	return true;
}

/* Calls `found` for every row; counts rows into seen and parsed. */
static int each_row(struct slice out, void (*found)(void *ctx, const struct table_row *row), void *ctx,
    unsigned *seen, unsigned *parsed, struct err *e)
{
	struct scan c = scan_of(out);
	struct slice line;
	struct table_row row;
	bool table = false;

	if (gobgp_refusal(out, e) != 0)
		return -1;
	while (scan_line(&c, &line)) {
		if (slice_starts(line, "Peer ") && slice_find(line, "|") > 0) {
			table = true;
		} else if (table && slice_trim(line).len > 0) {
			++*seen;
			if (split_row(line, &row)) {
				++*parsed;
				found(ctx, &row);
			}
		}
	}
	return table ? 0 : err_set(e, ERR_PARSE, "no table of neighbors in the answer");
}

static void add_duration(void *ctx, const struct table_row *row)
{
	struct snap_builder *b = ctx;
	struct session *s;

	for (size_t i = 0; (s = snap_builder_at(b, i)) != NULL; i++)
		if (slice_eq(row->peer, text_or(s->neighbor, "")))
			s->since_s = row->since_s;
}

int gobgp_table_query(struct snap_builder *b, struct slice out, struct err *e)
{
	unsigned seen = 0, parsed = 0;

	return each_row(out, add_duration, b, &seen, &parsed, e);
}

static void add_session(void *ctx, const struct table_row *row)
{
	struct session *s = snap_builder_session(ctx, SLICE(""), row->peer, AF_UNKNOWN);

	s->remote_as = row->as;
	s->since_s = row->since_s;
	s->received = row->received;
	s->accepted = row->accepted;
	s->admin_down = s->limit_tripped = TRI_NO;
	read_state(s, row->state);
}

int gobgp_table(struct report *r, struct slice out, struct err *e)
{
	unsigned seen = 0, parsed = 0;
	int rc;

	r->kind = REPORT_SESSIONS;
	rc = each_row(out, add_session, r->sessions, &seen, &parsed, e);
	snap_builder_rows(r->sessions, seen, parsed);
	return rc;
}

static struct slice word_after(struct slice s, const char *lit)
{
	ptrdiff_t at = slice_find(s, lit);
	struct slice w = SLICE("");
	struct scan c;

	if (at < 0)
		return w;
	c = scan_of(slice_from(s, (size_t)at + strlen(lit)));
	scan_word(&c, &w);
	while (w.len > 0 && w.p[w.len - 1] == ',')
		w.len--;
	return w;
}

static void on_state(struct snap_builder *b, struct session *s, struct slice v)
{
	ptrdiff_t up = slice_find(v, "up for ");

	(void)b;
	read_state(s, word_after(v, ""));
	if (up >= 0)
		s->since_s = duration_s(slice_from(v, (size_t)up + strlen("up for ")));
}

static void on_outq(struct snap_builder *b, struct session *s, struct slice v)
{
	(void)b;
	s->flaps = count_of(word_after(v, "Flops = "));
}

static void on_hold(struct snap_builder *b, struct session *s, struct slice v)
{
	count_t n = count_of(word_after(v, ""));

	(void)b;
	if (n > 0 && n <= 65535)
		s->hold_time_s = (int)n;
}

static void on_total(struct snap_builder *b, struct session *s, struct slice v)
{
	struct scan c = scan_of(v);
	struct slice sent, received;

	(void)b;
	if (!scan_word(&c, &sent) || !scan_word(&c, &received))
		return;
	s->messages_out = count_of(sent);
	s->messages_in = count_of(received);
}

static void on_advertised(struct snap_builder *b, struct session *s, struct slice v)
{
	(void)b;
	s->advertised = count_of(v);
}

static void on_received(struct snap_builder *b, struct session *s, struct slice v)
{
	(void)b;
	s->received = count_of(v);
}

static void on_accepted(struct snap_builder *b, struct session *s, struct slice v)
{
	(void)b;
	s->accepted = count_of(v);
}

static void on_description(struct snap_builder *b, struct session *s, struct slice v)
{
	s->description = snap_builder_text(b, v);
}

static const struct {
	const char *begins;
	void (*read)(struct snap_builder *b, struct session *s, struct slice rest);
} lines[] = {
	{ "BGP state = ", on_state }, { "BGP OutQ = ", on_outq }, { "Hold time is ", on_hold },
	{ "Total:", on_total }, { "Advertised:", on_advertised }, { "Received:", on_received },
	{ "Accepted:", on_accepted }, { "Description: ", on_description },
};

/* "ipv4-unicast:	Maximum prefixes allowed 100, Threshold for warning message 80%" */
static void limit_line(struct session *s, struct slice line)
{
	struct slice max = word_after(line, "Maximum prefixes allowed ");
	struct slice pct = word_after(line, "Threshold for warning message ");

	if (max.len == 0 || s->max_prefixes != COUNT_UNKNOWN)
		return;
	s->max_prefixes = count_of(max);
	s->limit_action = LIMIT_TEARDOWN;
	if (slice_ends(pct, "%"))
		s->limit_warn_pct = (int)count_of(slice_upto(pct, pct.len - 1));
}

static struct session *neighbor_line(struct snap_builder *b, struct slice v)
{
	struct session *s = snap_builder_session(b, SLICE(""), word_after(v, ""), AF_UNKNOWN);

	asn_parse(word_after(v, "remote AS "), &s->remote_as);
	snap_builder_rows(b, 1, 1);
	return s;
}

int gobgp_neighbor_text(struct report *r, struct slice out, struct err *e)
{
	static const char begins[] = "BGP neighbor is ";
	struct scan c = scan_of(out);
	struct slice line, t;
	struct session *s = NULL;

	r->kind = REPORT_SESSIONS;
	if (gobgp_refusal(out, e) != 0)
		return -1;
	while (scan_line(&c, &line)) {
		t = slice_trim(line);
		if (slice_starts(t, begins))
			s = neighbor_line(r->sessions, slice_from(t, sizeof(begins) - 1));
		if (s == NULL)
			continue;
		for (size_t i = 0; i < ARRAY_LEN(lines); i++)
			if (slice_starts(t, lines[i].begins))
				lines[i].read(r->sessions, s, slice_trim(slice_from(t, strlen(lines[i].begins))));
		limit_line(s, t);
	}
	return s != NULL ? 0 : err_set(e, ERR_PARSE, "no BGP neighbor in the answer");
}
