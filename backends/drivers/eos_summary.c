/*
 * "show bgp summary" of EOS from 4.23 on as text: a row for each family of a neighbor; see eos_read.h.
 *
 *     Neighbor          AS Session State AFI/SAFI                AFI/SAFI State   NLRI Rcd   NLRI Acc
 *     -------- ----------- ------------- ----------------------- -------------- ---------- ----------
 *     192.0.2.1      65002 Established   IPv4 Unicast            Negotiated              5          4
 */
#include "backends/drivers/cisco.h"
#include "backends/drivers/eos_read.h"
#include "backends/parse/family.h"
#include "backends/parse/summary.h"
#include "backends/parse/words.h"

enum { FAMILY_WORDS = 4 };

struct table {
	struct snap_builder *b;
	struct slice vrf;
	bool in_rows, described;
};

/* The words from *i on that name a family, as many as do; *i goes behind them. */
static enum afi_safi take_family(const struct words *w, size_t *i)
{
	enum afi_safi f = AF_UNKNOWN, longer;
	size_t from = *i;

	for (size_t n = 0; n < FAMILY_WORDS && from + n < w->n; n++) {
		longer = family_of(words_span(w, from, from + n));
		if (longer != AF_UNKNOWN) {
			f = longer;
			*i = from + n + 1;
		}
	}
	return f;
}

/* The neighbor is the first address that an AS number follows; a description may stand before it. */
static bool find_neighbor(const struct words *w, size_t *at, struct slice *name, struct addr *peer)
{
	asn_t as;

	for (size_t i = 0; i + 3 < w->n; i++)
		if (asn_parse(w->w[i + 1], &as) && word_is_neighbor(w->w[i], name, peer)) {
			*at = i;
			return true;
		}
	return false;
}

static bool row(struct table *t, const struct words *w)
{
	struct session probe, *s;
	struct slice name;
	struct addr peer;
	enum afi_safi f;
	size_t at, i, from = w->n > 0 && slice_eq(w->w[0], "m") ? 1 : 0;

	if (!find_neighbor(w, &at, &name, &peer))
		return false;
	session_init(&probe);
	session_take_remote_as(&probe, w->w[at + 1]);
	i = at + 3;
	if (i < w->n && w->w[i].p[0] == '(') /* "Idle (Admin)" */
		i++;
	if (!summary_state(words_span(w, at + 2, i - 1), &probe) || (f = take_family(w, &i)) == AF_UNKNOWN)
		return false;
	s = snap_builder_peer(t->b, t->vrf, name, &peer, f);
	s->remote_as = probe.remote_as;
	s->state = probe.state;
	s->admin_down = probe.state == BGP_ESTABLISHED ? TRI_NO : probe.admin_down;
	s->limit_tripped = probe.limit_tripped;
	if (w->n >= i + 2 && word_count(w->w[w->n - 2], &s->received))
		word_count(w->w[w->n - 1], &s->accepted);
	if (t->described && at > from)
		s->description = snap_builder_text(t->b, words_span(w, from, at - 1));
	return true;
}

static void take_line(struct table *t, struct slice raw)
{
	struct slice line = slice_trim(raw), vrf = words_behind(line, "BGP summary information for VRF ");
	struct addr id = { 0 };
	asn_t as = ASN_UNKNOWN;
	struct words w;

	words_cut(&w, line);
	if (vrf.len > 0) {
		t->vrf = words_upto(vrf, ",");
		t->in_rows = false;
	} else if (slice_starts(line, "Router identifier ")) {
		addr_parse(words_upto(words_behind(line, "identifier "), ","), &id);
		asn_parse(words_upto(words_behind(line, "local AS number "), ", "), &as);
		if (snap_builder_router_id(t->b)->family == ADDR_NONE || slice_eq(t->vrf, "default"))
			snap_builder_router(t->b, as, &id);
	} else if (slice_find(line, "Session State") >= 0 && slice_find(line, "AFI/SAFI State") >= 0) {
		t->in_rows = true;
		t->described = slice_starts(line, "Description");
	} else if (t->in_rows && w.n > 3 && line.p[0] != '-') {
		snap_builder_rows(t->b, 1, row(t, &w) ? 1 : 0);
	}
}

int eos_text_summary(struct report *r, struct slice out, struct err *e)
{
	struct table t = { .b = r->sessions, .vrf = SLICE("") };
	struct scan c = scan_of(out);
	struct slice line;

	if (slice_find(out, "AFI/SAFI State") < 0)
		return cisco_summary(r, out, e);
	r->kind = REPORT_SESSIONS;
	while (scan_line(&c, &line))
		take_line(&t, line);
	return 0;
}
