/* The summary of SR OS, whose rows take several lines; see sros_read.h. */
#include "backends/drivers/sros_read.h"
#include "backends/parse/duration.h"
#include "backends/parse/family.h"
#include "backends/parse/refusal.h"
#include "backends/parse/summary.h"
#include "backends/parse/words.h"

#include <string.h>

struct reader {
	struct snap_builder *b;
	bool seen, in_table, open, whole;
	struct slice neighbor, vrf, description;
	struct addr peer; /* the neighbor's */
	struct session all; /* what all families of the open neighbor share */
	unsigned families;
	enum afi_safi family; /* of a table of one family */
	struct slice named;   /* the last row's family as printed; that of most rows */
	enum afi_safi named_family;
	bool sent_below;      /* the packets sent stand first in the line below the values, as the header has it */
	struct session *row;  /* of the open neighbor, its first */
	size_t as_back, got_back, sent_back; /* columns between those and the time, as the header has them; 0: none */
};

/* "47/0/2" */
static bool take_triplet(struct slice w, count_t n[3])
{
	struct scan c = scan_of(w);

	if (w.len < 5 || (unsigned)w.p[0] - '0' > 9) /* as many words */
		return false;

	for (int i = 0; i < 3; i++) {
		uint64_t v;

		if ((i > 0 && !scan_lit(&c, "/")) || !scan_u64(&c, &v) || v > INT64_MAX)
			return false;
		n[i] = (count_t)v;
	}
	return scan_done(&c);
}

enum afi_safi sros_by_address(struct slice neighbor)
{
	struct addr a;

	return addr_parse(neighbor, &a) && a.family == ADDR_IP6 ? AF_IPV6_UNICAST : AF_IPV4_UNICAST;
}

static struct session *add_row(struct reader *rd, enum afi_safi f)
{
	struct session *s = snap_builder_peer(rd->b, rd->vrf, rd->neighbor, &rd->peer, f);

	s->remote_as = rd->all.remote_as;
	s->state = rd->all.state;
	s->admin_down = rd->all.admin_down;
	s->dynamic = rd->all.dynamic;
	s->since_s = rd->all.since_s;
	s->messages_in = rd->all.messages_in;
	s->messages_out = rd->all.messages_out;
	if (rd->description.len > 0)
		s->description = snap_builder_text(rd->b, rd->description);
	if (rd->families++ == 0)
		rd->row = s;
	return s;
}

static enum afi_safi family_here(const struct reader *rd)
{
	return rd->family != AF_UNKNOWN ? rd->family :
	    rd->peer.family == ADDR_IP6 ? AF_IPV6_UNICAST : AF_IPV4_UNICAST;
}

static void end(struct reader *rd)
{
	if (!rd->open)
		return;
	rd->open = false;
	if (rd->whole && rd->families == 0)
		add_row(rd, family_here(rd));
	snap_builder_rows(rd->b, 1, rd->whole ? 1 : 0);
}

static void take_routes(struct reader *rd, enum afi_safi f, const count_t n[3])
{
	struct session *s;

	rd->all.state = BGP_ESTABLISHED;
	rd->all.admin_down = TRI_NO;
	s = add_row(rd, f);
	s->received = n[0];
	s->active = n[1];
	s->advertised = n[2];
}

/* "(IPv4)" */
static enum afi_safi family_named(struct reader *rd, struct slice word)
{
	if (word.len != rd->named.len || memcmp(word.p, rd->named.p, word.len) != 0) {
		rd->named = word;
		rd->named_family = family_of(words_upto(slice_from(word, 1), ")"));
	}
	return rd->named_family;
}

/* "r/a/s (Family)" at word i, and where the table is of one family, "r/a/s". */
static void take_family(struct reader *rd, const struct words *w, size_t i, const count_t n[3])
{
	struct slice f = i + 1 < w->n ? w->w[i + 1] : SLICE("");

	if (f.len >= 3 && f.p[0] == '(')
		take_routes(rd, family_named(rd, f), n);
	else
		take_routes(rd, family_here(rd), n);
}

/* Every one of the line from word `from` on; false if there is none. */
static bool take_families(struct reader *rd, const struct words *w, size_t from)
{
	count_t n[3];
	bool any = false;

	for (size_t i = from; i < w->n; i++)
		if (take_triplet(w->w[i], n)) {
			take_family(rd, w, i, n);
			any = true;
		}
	return any;
}

static struct slice column(const struct words *w, size_t time, size_t back)
{
	return back > 0 && time >= back ? w->w[time - back] : SLICE("");
}

/* "04d19h41m", "00h02m11s", "00:02:11": most words of a row are plain numbers. */
static bool is_time(struct slice w, int64_t *seconds)
{
	char last = w.p[w.len - 1];

	if (w.len <= 3 || (last != 'm' && last != 's' && last != 'h' && w.p[w.len - 3] != ':'))
		return false;
	*seconds = duration_s(w);
	return *seconds >= 0;
}

/* "Def. Inst       65000   14004    0 04d19h41m 47/0/2 (IPv4)", "Svc: 100  65001 ... Active" */
static bool take_values(struct reader *rd, const struct words *w, size_t from)
{
	struct session probe;
	int64_t since = -1;
	bool routes = false, disabled = false;
	count_t n[3];
	size_t k;

	for (k = from + 3; k < w->n; k++)
		if (is_time(w->w[k - 1], &since) && ((routes = take_triplet(w->w[k], n)) ||
		    (disabled = slice_eq(w->w[k], "Disabled")) || summary_state(w->w[k], &probe)))
			break;
	if (k >= w->n)
		return false;
	if (slice_eq(w->w[from], "Svc:") && from + 1 < k)
		rd->vrf = w->w[from + 1];
	else if (slice_starts(w->w[from], "Svc:"))
		rd->vrf = slice_from(w->w[from], 4);
	asn_parse(column(w, k - 1, rd->as_back), &rd->all.remote_as);
	word_count(column(w, k - 1, rd->got_back), &rd->all.messages_in);
	word_count(column(w, k - 1, rd->sent_back), &rd->all.messages_out);
	rd->all.since_s = since;
	rd->whole = true;
	if (disabled) {
		rd->all.state = BGP_IDLE;
		rd->all.admin_down = TRI_YES;
	} else if (routes) {
		take_family(rd, w, k, n);
	} else {
		summary_state(w->w[k], &rd->all);
	}
	take_families(rd, w, k + 1);
	return true;
}

/* "BGP Router ID:10.0.0.1       AS:65000       Local AS:65000" */
static void take_router(struct reader *rd, struct slice line)
{
	struct addr id = { 0 };
	asn_t as = ASN_UNKNOWN;
	struct words w;
	struct slice v = words_behind(line, "Local AS");

	words_cut(&w, words_behind(line, "Router ID"));
	for (size_t i = 0; i < w.n && i < 2 && id.family == ADDR_NONE; i++)
		addr_parse(w.w[i].p[0] == ':' ? slice_from(w.w[i], 1) : w.w[i], &id);
	words_cut(&w, v);
	for (size_t i = 0; i < w.n && i < 2 && as == ASN_UNKNOWN; i++)
		asn_parse(w.w[i].p[0] == ':' ? slice_from(w.w[i], 1) : w.w[i], &as);
	snap_builder_router(rd->b, as, &id);
}

/* "ServiceId          AS PktRcvd InQ  Up/Down   State|Rcv/Act/Sent (Addr Family)",
 * "                   AS PktRcvd PktSent  InQ OutQ Up/Down   State|Recv/Actv/Sent" */
static void take_header(struct reader *rd, const struct words *w)
{
	size_t time = 0;

	while (time < w->n && !slice_eq(w->w[time], "Up/Down"))
		time++;
	rd->as_back = rd->got_back = rd->sent_back = 0;
	for (size_t i = 0; i < time && time < w->n; i++) {
		if (slice_eq(w->w[i], "AS"))
			rd->as_back = time - i;
		else if (slice_eq(w->w[i], "PktRcvd"))
			rd->got_back = time - i;
		else if (slice_eq(w->w[i], "PktSent"))
			rd->sent_back = time - i;
	}
}

/* "BGP IPv4 Summary" heads the table of one family, "BGP Summary" that of all. */
static bool take_title(struct reader *rd, struct slice line)
{
	line = slice_trim(line);
	if (!slice_starts(line, "BGP ") || !slice_ends(line, "Summary"))
		return false;
	end(rd);
	rd->seen = true;
	rd->in_table = false;
	rd->family = line.len > 12 ? family_of(slice_upto(slice_from(line, 4), line.len - 12)) : AF_UNKNOWN;
	return true;
}

/* What was read of the row before. */
static void forget(struct session *all)
{
	all->remote_as = ASN_UNKNOWN;
	all->state = BGP_UNKNOWN;
	all->admin_down = all->dynamic = TRI_UNKNOWN;
	all->since_s = -1;
	all->messages_in = all->messages_out = COUNT_UNKNOWN;
}

/* "192.0.2.1", "192.0.2.1(D)", in old releases with the values behind it. */
static bool begin_row(struct reader *rd, struct slice line, const struct words *w)
{
	struct slice bare, name = w->w[0];
	bool glued = name.p[name.len - 1] == ')' && slice_ends(name, "(D)");
	struct addr peer;

	if (glued)
		name.len -= 3;
	if (!rd->in_table || line.p[0] == ' ' || !word_address(name, &bare, &peer))
		return false;
	end(rd);
	rd->peer = peer;
	forget(&rd->all);
	rd->neighbor = bare;
	rd->vrf = rd->description = SLICE("");
	rd->families = 0;
	rd->row = NULL;
	rd->whole = false;
	rd->open = true;
	if (glued || (w->n > 1 && slice_starts(w->w[1], "(D")))
		rd->all.dynamic = TRI_YES;
	take_values(rd, w, 1);
	return true;
}

/* The first word below the values, for this line's families and that of the line above. */
static void take_sent(struct reader *rd, struct slice word)
{
	if (word_count(word, &rd->all.messages_out) && rd->row != NULL)
		rd->row->messages_out = rd->all.messages_out;
}

/* A line below the address: values, a further family, or before those the description. */
static bool go_on(struct reader *rd, struct slice line, const struct words *w)
{
	if (!rd->open || line.p[0] == '-' || line.p[0] == '=')
		return false;
	if (rd->whole && rd->sent_below && rd->all.messages_out == COUNT_UNKNOWN)
		take_sent(rd, w->w[0]);
	if (rd->whole && memchr(line.p, '/', line.len) == NULL) /* no further family */
		return true;
	if (!take_values(rd, w, 0) && !take_families(rd, w, 0) && !rd->whole)
		rd->description = slice_trim(line);
	return true;
}

static void take_summary_line(struct reader *rd, struct slice line)
{
	struct words w;

	words_cut(&w, line);
	if (w.n == 0 || begin_row(rd, line, &w) || go_on(rd, line, &w) || take_title(rd, line))
		return;
	if (line.p[0] == '-' || line.p[0] == '=')
		end(rd);
	else if (slice_find(line, "Router ID") >= 0)
		take_router(rd, line);
	else if (slice_find(line, "PktRcvd") >= 0) {
		rd->seen = rd->in_table = true;
		rd->sent_below = false;
		take_header(rd, &w);
	} else if (slice_eq(w.w[0], "PktSent")) {
		rd->sent_below = true;
	}
}

int sros_poll_summary(struct snap_builder *b, struct slice out, struct err *e)
{
	struct reader rd = { .b = b, .named = SLICE("") };
	struct scan c = scan_of(out);
	struct slice line;

	session_init(&rd.all);
	while (scan_line(&c, &line))
		take_summary_line(&rd, line);
	end(&rd);
	return rd.seen ? 0 : refusal_or_not_found(out, "summary of BGP neighbors", e);
}

int sros_summary(struct report *r, struct slice out, struct err *e)
{
	return sros_poll_summary(r->sessions, out, e);
}
