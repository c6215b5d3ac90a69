/*
 * FRR's summary as text, all versions since Quagga.
 *
 * The columns are told by the header line: LocalAS (wide), PfxSnt and Desc
 * came one after another.  A neighbor too long for its column stands alone
 * on a line, its row on the next.
 */
#include "backends/drivers/frr.h"
#include "backends/parse/duration.h"
#include "backends/parse/family.h"
#include "core/base/scan.h"

#include <string.h>

struct table {
	struct report *r;
	struct snap_builder *b;
	enum afi_safi af;
	struct slice vrf;
	asn_t local_as;
	bool in_rows, instance;
	bool has_local_as, has_sent, has_desc, is_failed;
	struct slice alone; /* a neighbor whose row is on the next line */
	struct slice refusal;
};

/* "(VRF red):", "VRF default vrf-id 0", "VIEW 1 vrf-id -1": the name after the word.  A view is no VRF; its
 * name is taken only where it parts rows that could be the same. */
static void take_vrf(struct table *t, struct slice s)
{
	static const char *const words[] = { "VRF ", "VIEW " };

	for (size_t i = 0; i < ARRAY_LEN(words); i++) {
		ptrdiff_t at = slice_find(s, words[i]);
		struct scan c;
		struct slice name;

		if (at < 0 || (i == 1 && snap_builder_count(t->b) == 0))
			continue;
		c = scan_of(slice_from(s, (size_t)at + strlen(words[i])));
		if (!scan_word(&c, &name))
			continue;
		while (name.len > 0 && (name.p[name.len - 1] == ')' || name.p[name.len - 1] == ':' ||
		    name.p[name.len - 1] == ','))
			name.len--;
		t->vrf = name;
		return;
	}
}

/* "BGP router identifier 10.0.0.6, local AS number 65001 VRF default vrf-id 0" */
static void identity_line(struct table *t, struct slice line)
{
	struct scan c = scan_of(line);
	struct slice word;
	struct addr id;
	ptrdiff_t at = slice_find(line, "local AS number ");

	t->instance = true;
	scan_lit(&c, "BGP router identifier ");
	scan_until(&c, ',', &word);
	if (addr_parse(slice_trim(word), &id) &&
	    snap_builder_router_id(t->b)->family == ADDR_NONE)
		snap_builder_router(t->b, ASN_UNKNOWN, &id);
	t->local_as = ASN_UNKNOWN;
	if (at < 0)
		return;
	c = scan_of(slice_from(line, (size_t)at + strlen("local AS number ")));
	if (scan_word(&c, &word) && asn_parse(word, &t->local_as) &&
	    snap_builder_local_as(t->b) == ASN_UNKNOWN)
		snap_builder_router(t->b, t->local_as, NULL);
	take_vrf(t, line);
}

static void header_line(struct table *t, struct slice line)
{
	t->in_rows = true;
	t->is_failed = slice_find(line, "EstdCnt") >= 0;
	t->has_local_as = slice_find(line, "LocalAS") >= 0;
	t->has_sent = slice_find(line, "PfxSnt") >= 0;
	t->has_desc = slice_find(line, "Desc") >= 0 || slice_find(line, "NeighborName") >= 0;
}

/* "*s1(172.16.42.2)": dynamic, named s1. */
static struct session *row_session(struct table *t, struct slice name)
{
	bool dynamic = slice_starts(name, "*");
	ptrdiff_t open;
	struct session *s;

	if (dynamic)
		name = slice_from(name, 1);
	open = slice_find(name, "(");
	if (open >= 0 && slice_ends(name, ")"))
		name = slice_upto(slice_from(name, (size_t)open + 1), name.len - (size_t)open - 2);
	s = snap_builder_session(t->b, t->vrf, name, t->af);
	s->dynamic = dynamic ? TRI_YES : TRI_NO;
	s->local_as = t->local_as;
	return s;
}

static bool take_count(struct scan *c, count_t *n)
{
	struct slice w;
	uint64_t v;

	if (!scan_word(c, &w) || !slice_u64(w, &v) || v > INT64_MAX)
		return false;
	*n = (count_t)v;
	return true;
}

/* "12", "Idle (Admin)", "(Policy)", "NoNeg": the state column is the only one that may be two words. */
static bool take_state(struct scan *c, struct session *s)
{
	struct slice w, flag;
	struct scan after;
	uint64_t n;

	if (!scan_word(c, &w))
		return false;
	if (slice_u64(w, &n) && n <= INT64_MAX) {
		s->state = BGP_ESTABLISHED;
		s->received = s->accepted = (count_t)n;
		return true;
	}
	if (slice_eq(w, "(Policy)") || slice_eq(w, "NoNeg")) {
		s->state = BGP_ESTABLISHED;
		return true;
	}
	after = *c;
	if (scan_word(&after, &flag) && slice_starts(flag, "(")) {
		*c = after;
		w.len = (size_t)(flag.p + flag.len - w.p);
	}
	frr_state(s, w);
	return s->state != BGP_UNKNOWN;
}

/* All behind the neighbor: V AS [LocalAS] MsgRcvd MsgSent TblVer InQ OutQ Up/Down State [PfxSnt] [Desc]. */
static bool read_row(struct table *t, struct scan *c, struct session *s)
{
	count_t ignored;
	struct slice w, rest;

	if (!take_count(c, &ignored) || !scan_word(c, &w) || !asn_parse(w, &s->remote_as))
		return false;
	if (t->has_local_as && (!scan_word(c, &w) || !asn_parse(w, &s->local_as)))
		return false;
	if (!take_count(c, &s->messages_in) || !take_count(c, &s->messages_out) ||
	    !take_count(c, &ignored) || !take_count(c, &ignored) || !take_count(c, &ignored) ||
	    !scan_word(c, &w))
		return false;
	s->since_s = duration_s(w);
	if (!take_state(c, s))
		return false;
	if (t->has_sent && !take_count(c, &s->advertised))
		return true;
	rest = slice_trim(scan_rest(c));
	if (t->has_desc && rest.len > 0 && !slice_eq(rest, "N/A"))
		s->description = snap_builder_text(t->b, rest);
	return true;
}

/* Neighbor EstdCnt DropCnt ResetTime Reason */
static bool read_failed_row(struct table *t, struct scan *c, struct session *s)
{
	count_t established;
	struct slice w, why;

	if (!take_count(c, &established) || !take_count(c, &s->flaps) || !scan_word(c, &w))
		return false;
	s->since_s = duration_s(w);
	why = slice_trim(scan_rest(c));
	frr_error_direction(&s->last_error, why);
	s->last_error.words = snap_builder_text(t->b, why);
	return true;
}

static void row_line(struct table *t, struct slice line)
{
	struct scan c = scan_of(line);
	struct slice name = t->alone;
	bool ok;

	if (name.len == 0)
		scan_word(&c, &name);
	t->alone = SLICE("");
	if (slice_trim((struct slice){ c.p, (size_t)(c.end - c.p) }).len == 0) {
		t->alone = name;
		return;
	}
	snap_builder_rows(t->b, 1, 0);
	ok = t->is_failed ? read_failed_row(t, &c, row_session(t, name)) :
	    read_row(t, &c, row_session(t, name));
	snap_builder_rows(t->b, 0, ok ? 1 : 0);
}

static bool ends_rows(struct slice line)
{
	return slice_starts(line, "Total number of") || slice_starts(line, "Displayed neighbors");
}

static void summary_line(struct table *t, struct slice line)
{
	struct slice s = slice_trim(line);
	ptrdiff_t at = slice_find(s, " Summary");

	if (s.len == 0 || ends_rows(s)) {
		t->in_rows = false;
	} else if (slice_starts(s, "BGP router identifier ")) {
		identity_line(t, s);
	} else if (slice_starts(s, "Neighbor ") || slice_starts(s, "Neighbhor ")) { /* so SONiC spells it */
		header_line(t, s);
	} else if (t->in_rows && s.p[0] == '-') {
		return; /* a rule below the header */
	} else if (t->in_rows) {
		row_line(t, line);
	} else if (at > 0 && family_parse(slice_upto(s, (size_t)at), &t->af)) {
		take_vrf(t, s);
	} else if (slice_starts(s, "Instance ") && slice_ends(s, ":")) {
		t->vrf = slice_upto(slice_from(s, 9), s.len - 10);
	} else if (slice_starts(s, "% No BGP neighbors") || slice_find(s, "neighbor is configured") > 0) {
		t->instance = true;
	} else if (slice_starts(s, "%") && t->refusal.len == 0) {
		t->refusal = s;
	}
}

int frr_summary_text(struct report *r, struct slice out, struct err *e)
{
	struct table t = { .r = r, .b = r->sessions, .alone = SLICE(""), .refusal = SLICE("") };
	struct scan c = scan_of(out);
	struct slice line;

	r->kind = REPORT_SESSIONS;
	t.af = frr_asked_family(r);
	t.vrf = frr_asked_vrf(r);
	while (scan_line(&c, &line))
		summary_line(&t, line);
	if (t.alone.len > 0)
		snap_builder_rows(t.b, 1, 0);
	if (t.refusal.len > 0 && !t.instance)
		return err_set(e, ERR_DEVICE, "the router says: %.*s", (int)t.refusal.len, t.refusal.p);
	if (!t.instance && snap_builder_count(t.b) == 0)
		return err_set(e, ERR_PARSE, "this is no BGP summary");
	return 0;
}
