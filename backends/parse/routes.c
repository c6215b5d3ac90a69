/* BGP tables of prefixes; see routes.h. */
#include "backends/parse/routes.h"
#include "backends/parse/lines.h"
#include "backends/parse/refusal.h"
#include "backends/parse/words.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum shape {
	SHAPE_NONE,
	SHAPE_PLACED, /* numbers under their headers, some empty */
	SHAPE_FILLED, /* EOS: every column filled, with "-" if need be */
	SHAPE_FROM,   /* XR advertised: Network, Next Hop, From, AS Path */
	SHAPE_PACKED, /* blanks squeezed */
};

enum { LINES_MAX = 4, STATUS_MAX = 8, NETWORK_MAX = 256, HOP_MAX = 64 };

struct reader {
	struct route_out *out;
	unsigned packed;
	enum shape shape;
	bool seen;          /* something of this shape stood in the answer */
	size_t network_at;  /* places in the header */
	size_t hop_at, weight_end;
	size_t filled;      /* SHAPE_FILLED: columns between next hop and path */
	struct slice network; /* of the rows that leave theirs empty */
	struct slice hop;     /* of a row whose numbers stand on the next line */
	bool open;            /* a row has begun and is not yet whole */
	size_t open_lines;
	char network_kept[NETWORK_MAX], hop_kept[HOP_MAX]; /* lines go, these stay */
};

static struct slice kept(char *to, size_t size, struct slice s)
{
	s.len = s.len < size ? s.len : size;
	memmove(to, s.p, s.len);
	return (struct slice){ to, s.len };
}

static bool same(struct slice s, const char *word)
{
	return s.len == strlen(word) && strncasecmp(s.p, word, s.len) == 0;
}

/* A prefix, an address, or an NLRI in brackets. */
static bool is_network(struct slice w)
{
	struct prefix p;
	struct addr a;

	if (w.len > 2 && (w.p[0] == '[' || slice_starts(w, "RT:")))
		return true;
	return memchr(w.p, '/', w.len) != NULL ? prefix_parse(w, &p) : addr_parse(w, &a);
}

static bool is_hop(struct slice w)
{
	struct slice bare;

	return (word_is_address(w, &bare) && (bare.len == w.len || memchr(w.p, '/', w.len) == NULL)) ||
	       slice_eq(w, "-");
}

static bool take_header(struct reader *rd, struct slice line)
{
	struct words w;
	size_t hop = 0;
	bool squeezed = true;

	words_cut(&w, line);
	if (w.n < 4 || w.n > 12 || !same(w.w[0], "Network"))
		return false;
	for (size_t i = 1; i < w.n; i++) {
		squeezed = squeezed && w.at[i] == w.at[i - 1] + w.w[i - 1].len + 1;
		if (hop == 0 && (same(w.w[i], "Next") || same(w.w[i], "Next-hop") || same(w.w[i], "NextHop")))
			hop = i;
		if (same(w.w[i], "Weight"))
			rd->weight_end = w.at[i] + w.w[i].len;
		if (same(w.w[i], "From"))
			rd->shape = SHAPE_FROM;
	}
	if (hop == 0)
		return false;
	if (same(w.w[w.n - 2], "From") || (w.n > 2 && same(w.w[w.n - 3], "From")))
		rd->shape = SHAPE_FROM;
	else
		rd->shape = squeezed ? SHAPE_PACKED : SHAPE_PLACED;
	rd->filled = w.n - 1 - (hop + (same(w.w[hop], "Next") ? 2 : 1));
	for (size_t i = 0; i < w.n; i++)
		if (same(w.w[i], "LocPref") && rd->shape == SHAPE_PLACED)
			rd->shape = SHAPE_FILLED;
	rd->network_at = w.at[0];
	rd->hop_at = w.at[hop];
	rd->network = SLICE("");
	rd->open = false;
	rd->seen = true;
	return true;
}

static bool all_status(struct slice s)
{
	static const char codes[] = " \t*>=#@|&~!+-sdhrSmbfxaclietLRINVEqpnCX2";

	for (size_t i = 0; i < s.len; i++)
		if (s.p[i] != ' ' && memchr(codes, s.p[i], sizeof(codes) - 1) == NULL)
			return false;
	return true;
}

/* What stands at that place of the line, which a code of the status may be glued to, as the first of w from then on:
 * *first is its index.  False: a blank. */
static bool cut_at(struct words *w, size_t at, size_t *first)
{
	size_t i = 0;

	while (i < w->n && w->at[i] + w->w[i].len <= at)
		i++;
	if (i == w->n || w->at[i] > at)
		return false;
	w->w[i] = slice_from(w->w[i], at - w->at[i]);
	w->at[i] = at;
	*first = i;
	return true;
}

static struct slice word_at(struct slice line, size_t at)
{
	struct scan c = scan_of(slice_from(line, at));
	struct slice w;

	if (at >= line.len || line.p[at] == ' ' || line.p[at] == '\t' || !scan_word(&c, &w))
		return SLICE("");
	return w;
}

/* Where the status codes end: under "Network" in the header if that makes sense, else where the first word that
 * is a network or next hop begins. */
static bool past_status(const struct reader *rd, struct slice line, size_t *at)
{
	size_t h = rd->network_at;

	if (h > 0 && h < line.len && all_status(slice_upto(line, h)) && line.p[h - 1] != '[' &&
	    is_network(word_at(line, h))) {
		*at = h;
		return true;
	}
	for (size_t i = 0; i < line.len && i <= STATUS_MAX + 60; i++) {
		if (!all_status(slice_upto(line, i)))
			return false;
		if (is_network(word_at(line, i)) || (slice_eq(word_at(line, i), "-") && i >= rd->hop_at)) {
			*at = i;
			return true;
		}
		if (i > STATUS_MAX && line.p[i] != ' ' && line.p[i] != '\t')
			return false;
	}
	return false;
}

/* "65108?" ends with its origin code; so does "...", "i". */
static bool is_origin(struct slice w)
{
	return w.len == 1 && (w.p[0] == 'i' || w.p[0] == 'e' || w.p[0] == '?');
}

/* The index of the word with the origin code that ends the path; false if the row is not whole. */
static bool find_origin(const struct words *w, size_t from, size_t *at)
{
	for (size_t i = from; i < w->n; i++)
		if (is_origin(w->w[i])) {
			*at = i;
			return true;
		}
	return false;
}

static void keep(struct reader *rd, struct slice hop, struct slice path)
{
	route_out_row(rd->out, true, rd->network, slice_eq(hop, "-") ? SLICE("") : hop, slice_trim(path));
	rd->open = false;
}

static size_t distance(size_t a, size_t b)
{
	return a > b ? a - b : b - a;
}

static bool apart(const struct words *w, size_t i)
{
	return w->at[i] > w->at[i - 1] + w->w[i - 1].len + 1;
}

/* How many of the words from `first` on are metric, local preference and weight: the last of them is the one
 * that ends nearest to the end of "Weight" in the header.  Rows whose network ran over its column stand
 * `shift` places to the right. */
static size_t count_numbers(const struct reader *rd, const struct words *w, size_t first,
    size_t origin, size_t shift)
{
	size_t best = 0, best_d = SIZE_MAX;
	int64_t n;

	for (size_t i = first; i < origin && i < first + 3 && word_count(w->w[i], &n); i++) {
		size_t end = w->at[i] + w->w[i].len;
		size_t d = distance(end, rd->weight_end);
		size_t moved = distance(end, rd->weight_end + shift);

		if (moved < d)
			d = moved;
		if (d < best_d || apart(w, i)) { /* one blank parts the words of a path: a wider gap lies before it */
			best_d = d;
			best = i - first + 1;
		}
	}
	return best;
}

static size_t count_packed(const struct reader *rd, const struct words *w, size_t first, size_t origin)
{
	size_t k = 0;
	int64_t n;

	while (k < rd->packed && first + k < origin && word_count(w->w[first + k], &n))
		k++;
	return k;
}

/* A row of one line with nothing but single blanks: its places say nothing. */
static bool squeezed(const struct words *w, size_t first)
{
	for (size_t i = first + 1; i < w->n; i++)
		if (w->at[i] != w->at[i - 1] + w->w[i - 1].len + 1)
			return false;
	return w->n > first + 1;
}

/* The words behind the next hop: numbers, path, origin.  False if the line ends before the origin.  `own`: the row's
 * network stands before the next hop. */
static bool take_rest(struct reader *rd, const struct words *w, size_t first, bool own, struct slice hop,
    size_t shift)
{
	size_t origin, skip;

	if (!find_origin(w, first, &origin))
		return false;
	if (rd->shape == SHAPE_FILLED)
		skip = rd->filled;
	else if (rd->shape == SHAPE_PACKED || (own && squeezed(w, first - 1)))
		skip = count_packed(rd, w, first, origin);
	else
		skip = count_numbers(rd, w, first, origin, shift);
	if (first + skip > origin)
		skip = origin - first;
	keep(rd, hop, first + skip < origin ? words_span(w, first + skip, origin - 1) : SLICE(""));
	return true;
}

/* XR advertised: what follows the next hop is "From" and a path whose last number carries the origin code. */
static bool take_from(struct reader *rd, const struct words *w, size_t first, struct slice hop)
{
	struct slice path;

	if (first >= w->n)
		return false;
	path = first + 1 < w->n ? words_span(w, first + 1, w->n - 1) : SLICE("");
	if (path.len > 0 && strchr("ie?", path.p[path.len - 1]) != NULL)
		path.len--;
	keep(rd, hop, path);
	return true;
}

static bool take_behind_hop(struct reader *rd, const struct words *w, size_t first, bool own, struct slice hop,
    size_t shift)
{
	return rd->shape == SHAPE_FROM ? take_from(rd, w, first, hop) : take_rest(rd, w, first, own, hop, shift);
}

/* The second or third line of a row. */
static bool go_on(struct reader *rd, struct slice line)
{
	struct words w;
	size_t first = 0;
	struct slice hop = rd->hop;

	words_cut(&w, line);
	if (w.n == 0 || (line.p[0] != ' ' && line.p[0] != '\t'))
		return false;
	if (hop.len == 0) {
		if (!is_hop(w.w[0]))
			return false;
		hop = w.w[0];
		first = 1;
	}
	if (take_behind_hop(rd, &w, first, false, hop, 0))
		return true;
	if (first < w.n || ++rd->open_lines >= LINES_MAX)
		return false;
	rd->hop = kept(rd->hop_kept, HOP_MAX, hop);
	return true;
}

static void give_up(struct reader *rd)
{
	if (rd->open)
		rd->out->seen++;
	rd->open = false;
}

/* Opens a row; true if the line was one. */
static bool begin(struct reader *rd, struct slice line)
{
	struct words w;
	size_t at, first, shift = 0;
	struct slice hop;
	bool own, followed;

	if (!past_status(rd, line, &at))
		return false;
	words_cut(&w, line);
	if (!cut_at(&w, at, &first))
		return false;
	/* a network, unless a next hop stands there alone */
	followed = w.n > first + 1 && is_hop(w.w[first + 1]);
	own = w.n == first + 1 ? at < rd->hop_at || rd->network.len == 0 : followed || !is_hop(w.w[first]);
	if (own) {
		rd->network = kept(rd->network_kept, NETWORK_MAX, w.w[first]);
		if (w.n == first + 1) {
			rd->open = true;
			rd->open_lines = 1;
			rd->hop = SLICE("");
			return true;
		}
		if (!followed)
			return rd->out->seen++, true;
		first++;
		shift = w.at[first] > rd->hop_at ? w.at[first] - rd->hop_at : 0;
	}
	hop = w.w[first++];
	if (rd->network.len == 0)
		return rd->out->seen++, true;
	if (!take_behind_hop(rd, &w, first, own, hop, shift)) {
		rd->open = true;
		rd->open_lines = 1;
		rd->hop = kept(rd->hop_kept, HOP_MAX, hop);
	}
	return true;
}

/* Words that stand where no row does, and show that the answer is one of this shape. */
static bool is_frame(struct slice line)
{
	static const char *const beginnings[] = {
		"BGP table version", "BGP routing table information", "BGP router identifier", "Peer ",
		"For address family", "Address Family", "Total number of prefixes", "Processed ", "Displayed ",
		"Router identifier", "Status", "Origin codes", "BGP instance", "VRF: ",
	};

	for (size_t i = 0; i < ARRAY_LEN(beginnings); i++)
		if (slice_starts(line, beginnings[i]))
			return true;
	return false;
}

static void take_line(void *ctx, struct slice raw)
{
	struct reader *rd = ctx;
	struct slice line = slice_trim(raw);

	if (line.len > 0 && (line.p[0] == 'N' || line.p[0] == 'n') && take_header(rd, raw))
		return;
	if (rd->open && go_on(rd, raw))
		return;
	give_up(rd);
	if (line.len == 0)
		return;
	if (line.p[0] >= 'A' && line.p[0] <= 'Z') {
		if (slice_starts(line, "Route Distinguisher")) {
			rd->network = SLICE("");
			return;
		}
		if (is_frame(line)) {
			rd->seen = true;
			return;
		}
	}
	/* marks of a route stand before none of a device's errors */
	if (rd->shape != SHAPE_NONE && (line.p[0] == '*' || !refusal_line(line)))
		begin(rd, raw);
}

static int done(void *ctx, struct slice head, struct err *e)
{
	struct reader *rd = ctx;

	give_up(rd);
	return rd->seen || rd->out->parsed > 0 ? 0 : refusal_or_not_found(head, "table of routes", e);
}

static const struct lines_ops ops = { take_line, done, free };

static struct reader *reader_new(struct route_out *out, unsigned packed)
{
	struct reader *rd = MEM_NEW(struct reader);

	rd->out = out;
	rd->packed = packed;
	return rd;
}

struct intake routes_intake(struct route_out *out)
{
	return lines_intake(&ops, reader_new(out, 0));
}

int routes_read(struct report *r, struct slice text, unsigned packed, struct err *e)
{
	struct route_out out = route_out_report(r);
	int rc = lines_whole(&ops, reader_new(&out, packed), text, e);

	route_out_report_end(&out);
	return rc;
}
