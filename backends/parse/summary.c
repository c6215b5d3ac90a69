/*
 * The table of neighbors; see summary.h.
 *
 * One pass over the lines.  A line is a place (VRF, family, router id), a header, or, once a header stood,
 * perhaps a row.  What begins like a row and cannot be read is counted as seen.
 */
#include "backends/parse/summary_priv.h"
#include "backends/parse/duration.h"
#include "backends/parse/refusal.h"

#include <string.h>
#include <strings.h>

static bool same(struct slice s, const char *word)
{
	return s.len == strlen(word) && strncasecmp(s.p, word, s.len) == 0;
}

static enum column column_of(struct slice head)
{
	static const struct {
		const char *word;
		enum column col;
	} heads[] = {
		{ "Description", COL_DESCRIPTION }, { "Desc", COL_DESCRIPTION },
		{ "Neighbor", COL_NEIGHBOR }, { "Peer", COL_NEIGHBOR }, { "PeerID", COL_NEIGHBOR },
		{ "V", COL_VERSION }, { "Spk", COL_VERSION }, { "AS", COL_AS }, { "ASN", COL_AS },
		{ "MsgRcvd", COL_IN }, { "MsgRcv", COL_IN }, { "MsgSent", COL_OUT },
		{ "Up/Down", COL_SINCE }, { "Up/Dwn", COL_SINCE }, { "State", COL_STATE },
		{ "State/PfxRcd", COL_STATE_OR_COUNT }, { "St/PfxRcd", COL_STATE_OR_COUNT },
		{ "State/PfxRcvd", COL_STATE_OR_COUNT }, { "PfxRcd", COL_RECEIVED },
		{ "PrefRcv", COL_RECEIVED }, { "RtRcv", COL_RECEIVED }, { "PfxRcv", COL_RECEIVED },
		{ "PfxAcc", COL_ACCEPTED }, { "PfxSnt", COL_ADVERTISED }, { "RtAdv", COL_ADVERTISED },
		{ "PfxAdv", COL_ADVERTISED }, { "PrefAdv", COL_ADVERTISED },
	};

	for (size_t i = 0; i < ARRAY_LEN(heads); i++)
		if (same(head, heads[i].word))
			return heads[i].col;
	return COL_SKIP;
}

/* A header names the neighbor, its AS and the time; takes its columns. */
static bool take_header(struct summary_table *t, struct slice line)
{
	struct words w;
	unsigned have = 0;
	size_t needed = 0;

	words_cut(&w, line);
	if (w.n < 5 || w.n > COLUMNS_MAX)
		return false;
	for (size_t i = 0; i < w.n; i++) {
		enum column c = column_of(w.w[i]);

		have |= 1u << c;
		if (c == COL_STATE || c == COL_STATE_OR_COUNT || c == COL_SINCE)
			needed = i + 1;
	}
	if (!(have & 1u << COL_NEIGHBOR) || !(have & 1u << COL_AS) || !(have & 1u << COL_SINCE))
		return false;
	t->cols = w.n;
	t->needed = needed;
	for (size_t i = 0; i < w.n; i++)
		t->col[i] = column_of(w.w[i]);
	t->seen = true;
	return true;
}

/* EOS, where the header is left out: what follows its line on the codes has these columns. */
static bool take_codes(struct summary_table *t, struct slice line)
{
	static const enum column eos[] = { COL_DESCRIPTION, COL_NEIGHBOR, COL_VERSION, COL_AS, COL_IN, COL_OUT, COL_SKIP,
		COL_SKIP, COL_SINCE, COL_STATE, COL_RECEIVED, COL_ACCEPTED };

	if (!slice_starts(line, "Neighbor Status Codes:"))
		return false;
	memcpy(t->col, eos, sizeof(eos));
	t->cols = ARRAY_LEN(eos);
	t->needed = ARRAY_LEN(eos) - 2;
	t->seen = true;
	return true;
}

bool summary_state(struct slice words, struct session *s)
{
	struct slice word = words, why = SLICE("");
	ptrdiff_t at = slice_find(words, "(");

	if (at >= 0) {
		word = slice_trim(slice_upto(words, (size_t)at));
		why = slice_from(words, (size_t)at + 1);
	}
	if (slice_starts(why, "Admin") || same(word, "Admin"))
		s->admin_down = TRI_YES;
	if (slice_starts(why, "PfxCt"))
		s->limit_tripped = TRI_YES;
	if ((word.len == 0 && (slice_starts(why, "Policy") || slice_starts(why, "NoNeg"))) ||
	    same(word, "NoNeg") || same(word, "No neg"))
		s->state = BGP_ESTABLISHED;
	else if (same(word, "Shut") || same(word, "Closing") || same(word, "Shutdown") ||
	         same(word, "Clsng") || same(word, "Admin"))
		s->state = BGP_IDLE;
	else if (same(word, "OpenConf") || same(word, "OpenCon"))
		s->state = BGP_OPENCONFIRM;
	else
		return bgp_state_parse(word, &s->state);
	if (same(word, "Shut") || same(word, "Shutdown"))
		s->admin_down = TRI_YES;
	return true;
}

/* "Idle (Admin)", "0 (No Cap)": the words of a bracket belong to the word before; *next gets the word after. */
static struct slice state_words(const struct words *w, size_t i, size_t *next)
{
	size_t last = i;

	if (i + 1 < w->n && w->w[i].p[0] != '(' && w->w[i + 1].p[0] == '(')
		last = i + 1;
	else if (i + 1 < w->n && same(w->w[i], "No") && same(w->w[i + 1], "neg")) /* VRP: a family without negotiation */
		last = i + 1;
	while (last + 1 < w->n && !same(w->w[last], "neg") && w->w[last].p[w->w[last].len - 1] != ')' &&
	       (last > i || w->w[i].p[0] == '('))
		last++;
	*next = last + 1;
	return words_span(w, i, last);
}

static bool take_state(struct session *s, struct slice words, bool may_count)
{
	struct scan c = scan_of(words);
	struct slice first = SLICE("");
	int64_t n;

	if (words.len > 1 && words.p[words.len - 1] == '!')
		words.len--; /* XR: no policy in one direction, or above its warning threshold */
	if (!may_count)
		return summary_state(words, s);
	if (scan_word(&c, &first) && first.len > 1 && first.p[first.len - 1] == '!')
		first.len--;
	if (word_count(first, &n)) {
		s->state = BGP_ESTABLISHED;
		s->received = n;
		return true;
	}
	return summary_state(words, s);
}

/* The value of one column into the row; false if it cannot be right. */
static bool take_value(struct session *s, enum column col, struct slice w)
{
	int64_t n;

	switch (col) {
	case COL_AS:
		return session_take_remote_as(s, w);
	case COL_IN:
		return !word_count(w, &n) || (s->messages_in = n, true);
	case COL_OUT:
		return !word_count(w, &n) || (s->messages_out = n, true);
	case COL_SINCE:
		s->since_s = duration_s(w);
		return true;
	case COL_RECEIVED:
		return !word_count(w, &n) || (s->received = n, true);
	case COL_ACCEPTED:
		return !word_count(w, &n) || (s->accepted = n, true);
	case COL_ADVERTISED:
		return !word_count(w, &n) || (s->advertised = n, true);
	default:
		return true;
	}
}

/* Where the neighbor stands: the first word, or where a description leads, the last address that a version and
 * an AS number follow.  Marks before it ("*", "m", ">") are passed over. */
static bool find_neighbor(const struct summary_table *t, const struct words *w, struct summary_named *who)
{
	asn_t as;
	bool version = t->cols > 1 && t->col[0] == COL_NEIGHBOR && t->col[1] == COL_VERSION;

	if (t->col[0] == COL_DESCRIPTION) {
		for (size_t i = w->n; i-- > 0;)
			if (i + 2 < w->n && w->w[i + 1].len == 1 && asn_parse(w->w[i + 2], &as) &&
			    word_is_neighbor(w->w[i], &who->name, &who->peer)) {
				who->at = i;
				return true;
			}
		return false;
	}
	for (size_t i = 0; i < w->n && i < 2; i++) {
		if (word_is_neighbor(w->w[i], &who->name, &who->peer)) {
			who->at = i;
			return true;
		}
		if (w->w[i].len > 2)
			break;
	}
	who->at = 0; /* an interface names an unnumbered neighbor */
	who->name = w->w[0];
	return version && w->n > 2 && slice_eq(w->w[1], "4") && asn_parse(w->w[2], &as);
}

/* Reads what stands in the row into *s.  False: no whole row. */
static bool read_columns(const struct summary_table *t, const struct words *w, struct session *s, struct slice *description)
{
	size_t i = t->neighbor.at, col = 0;
	bool leads = t->col[0] == COL_DESCRIPTION;

	*description = SLICE("");
	if (leads) {
		size_t from = slice_eq(w->w[0], "m") && w->at[0] == 0 ? 1 : 0; /* EOS: under maintenance */

		if (i > from)
			*description = words_span(w, from, i - 1);
		col = 1;
	}
	if (w->w[i].p[0] == '*' || (i == 1 && slice_eq(w->w[0], "*")))
		s->dynamic = TRI_YES;
	for (i++, col++; col < t->cols && i < w->n; col++) {
		if (t->col[col] == COL_DESCRIPTION) {
			*description = words_span(w, i, w->n - 1);
			return true;
		}
		if (t->col[col] == COL_STATE || t->col[col] == COL_STATE_OR_COUNT) {
			struct slice st = state_words(w, i, &i);

			if (!take_state(s, st, t->col[col] == COL_STATE_OR_COUNT))
				return false;
			continue;
		}
		if (!take_value(s, t->col[col], w->w[i++]))
			return false;
	}
	return col >= t->needed;
}

static enum afi_safi family_here(const struct summary_table *t)
{
	if (t->family != AF_UNKNOWN)
		return t->family;
	if (t->asked.family != AF_UNKNOWN)
		return t->asked.family;
	return t->neighbor.peer.family == ADDR_IP6 ? AF_IPV6_UNICAST : AF_IPV4_UNICAST;
}

/* A row's values over those of the session it belongs to, which another table may have begun. */
static void keep_row(struct summary_table *t, const struct session *row, struct slice description)
{
	struct slice vrf = t->vrf.len > 0 ? t->vrf : t->asked.vrf;
	struct session *s = snap_builder_fresh(t->b, t->from, vrf, t->neighbor.name, &t->neighbor.peer, family_here(t));

	s->remote_as = row->remote_as;
	s->remote_as_zero = row->remote_as_zero;
	s->state = row->state;
	s->since_s = row->since_s;
	s->messages_in = row->messages_in;
	s->messages_out = row->messages_out;
	s->received = row->received;
	s->accepted = row->accepted;
	s->advertised = row->advertised;
	s->dynamic = row->dynamic;
	s->limit_tripped = row->limit_tripped;
	s->admin_down = row->state == BGP_ESTABLISHED ? TRI_NO : row->admin_down;
	if (description.len > 0)
		s->description = snap_builder_text(t->b, description);
}

void summary_end_row(struct summary_table *t)
{
	struct slice description;
	struct session s;
	bool ok;

	if (t->row_lines == 0)
		return;
	session_init(&s);
	ok = read_columns(t, &t->row, &s, &description);
	if (ok)
		keep_row(t, &s, description);
	snap_builder_rows(t->b, 1, ok ? 1 : 0);
	t->row_lines = 0;
}

/* A row begins with an address, with a mark before it, or, where a description leads, holds one.  Ends the row
 * before. */
static bool begin_row(struct summary_table *t, struct slice line)
{
	struct words w;
	struct summary_named who;

	if (t->row_lines == 0) { /* as good as always: nothing to keep */
		words_cut(&t->row, line);
		if (t->row.n == 0 || !find_neighbor(t, &t->row, &t->neighbor))
			return false;
	} else {
		words_cut(&w, line);
		if (w.n == 0 || !find_neighbor(t, &w, &who))
			return false;
		summary_end_row(t);
		words_cut(&t->row, line);
		t->neighbor = who;
	}
	t->row_lines = 1;
	return true;
}

static void take_row_line(struct summary_table *t, struct slice line)
{
	if (slice_trim(line).len == 0) {
		if (t->row_lines > 0 && t->row.n >= t->needed)
			summary_end_row(t);
		return;
	}
	if (begin_row(t, line)) {
		/* perhaps whole */
	} else if (t->row_lines > 0 && t->row_lines < LINES_MAX && t->row.n < t->needed &&
	           (line.p[0] == ' ' || line.p[0] == '\t')) {
		words_more(&t->row, line);
		t->row_lines++;
	} else {
		summary_end_row(t);
		return;
	}
	if (t->row.n >= t->needed)
		summary_end_row(t);
}

/* Below a header, what begins like an address or its mark is a row: most lines are, and no heading is. */
static bool surely_row(const struct summary_table *t, struct slice raw)
{
	return t->cols > 0 && raw.len > 0 && ((raw.p[0] >= '0' && raw.p[0] <= '9') || raw.p[0] == '*');
}

/* A row below a header that is not known: seen, and not read. */
static bool count_lost(struct summary_table *t, struct slice line)
{
	struct words w;
	struct slice bare;

	words_cut(&w, line);
	if (!t->seen || t->other || w.n < 5 || !word_is_address(w.w[0], &bare))
		return false;
	snap_builder_rows(t->b, 1, 0);
	return true;
}

static void take_line(struct summary_table *t, struct slice raw)
{
	struct slice line;

	if (surely_row(t, raw)) {
		take_row_line(t, raw);
		return;
	}
	line = slice_trim(raw);
	if (summary_take_place(t, line))
		return;
	if (take_header(t, line) || take_codes(t, line)) {
		t->row_lines = 0;
		return;
	}
	if (slice_starts(line, "Neighbor ")) { /* of a table that tells something else, as NX-OS has below this one */
		summary_end_row(t);
		t->cols = 0;
		t->other = true;
		return;
	}
	if (summary_take_router(t, line))
		return;
	if (t->cols > 0)
		take_row_line(t, raw);
	else if (summary_take_echo(t, line) || count_lost(t, line))
		return;
	else if (summary_says_none(line))
		t->seen = true;
}

int summary_read(struct snap_builder *b, struct slice out, struct asked asked, struct err *e)
{
	struct summary_table t = { .b = b, .from = snap_builder_count(b), .asked = asked };
	struct scan c = scan_of(out);
	struct slice line;

	while (scan_line(&c, &line))
		take_line(&t, line);
	summary_end_row(&t);
	return t.seen ? 0 : refusal_or_not_found(out, "summary of BGP neighbors", e);
}
