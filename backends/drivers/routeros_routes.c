/*
 * Routes and ports of RouterOS; see routeros_read.h.
 *
 * A record of routes begins with a line whose first word is a number or flags; its pairs go on over the lines that
 * follow.
 */
#include "backends/drivers/routeros_pairs.h"
#include "backends/drivers/routeros_read.h"
#include "backends/parse/lines.h"
#include "backends/parse/refusal.h"
#include "backends/parse/words.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

struct routes {
	struct route_out *out;
	struct ros_pairs pairs;
	bool accepted;       /* only what no filter keeps out */
	bool seen, filtered; /* filtered: the record is */
	bool table;          /* version 6: a table of what is announced */
	struct str prefix, hop, path;
};

static void end(struct routes *t)
{
	if (t->prefix.len > 0 && !(t->accepted && t->filtered))
		route_out_row(t->out, true, str_slice(&t->prefix), str_slice(&t->hop), slice_trim(str_slice(&t->path)));
	str_clear(&t->prefix);
	str_clear(&t->hop);
	str_clear(&t->path);
	t->filtered = false;
	memset(&t->pairs, 0, sizeof(t->pairs));
}

/* "64496,64497", "sequence 64496": the numbers alone. */
static void take_path(struct routes *t, struct slice v)
{
	str_clear(&t->path);
	if (slice_starts(v, "sequence "))
		v = slice_from(v, 9);
	for (size_t i = 0; i < v.len; i++)
		str_putc(&t->path, v.p[i] == ',' ? ' ' : v.p[i]);
}

static void take_pair(struct routes *t, struct slice key, struct slice v, struct scan *c)
{
	if (slice_eq(key, "dst-address") || slice_eq(key, "dst") || slice_eq(key, "prefix")) {
		if (t->prefix.len > 0)
			end(t);
		str_add(&t->prefix, v.p, v.len);
		t->seen = true;
	} else if (slice_eq(key, "gateway") || slice_eq(key, "nexthop")) {
		v = words_upto(v, "%@");
		str_clear(&t->hop);
		str_add(&t->hop, v.p, v.len);
	} else if (slice_eq(key, "bgp.as-path") || slice_eq(key, "bgp-as-path") || slice_eq(key, "as-path")) {
		if (slice_eq(v, "sequence"))
			scan_word(c, &v);
		take_path(t, v);
	} else if (slice_eq(key, "contribution")) {
		t->filtered = slice_eq(v, "filtered");
	}
}

/* "PEER  PREFIX  NEXTHOP  AS-PATH  ORIGIN  LOCAL-PREF": the path may be empty, the origin is a word. */
static void take_row(struct routes *t, struct slice line)
{
	struct words w;
	struct prefix p;
	size_t last = 3;

	words_cut(&w, line);
	if (w.n < 3 || !prefix_parse(w.w[1], &p)) {
		t->out->seen += w.n > 0 ? 1 : 0;
		return;
	}
	while (last < w.n && !slice_eq(w.w[last], "igp") && !slice_eq(w.w[last], "egp") && !slice_eq(w.w[last], "incomplete"))
		last++;
	str_add(&t->prefix, w.w[1].p, w.w[1].len);
	str_add(&t->hop, w.w[2].p, w.w[2].len);
	if (last > 3) {
		struct slice path = words_span(&w, 3, last - 1);

		if (path.len >= 2 && path.p[0] == '"')
			path = (struct slice){ path.p + 1, path.len - 2 };
		take_path(t, path);
	}
	end(t);
}

static void take_line(void *ctx, struct slice line)
{
	struct routes *t = ctx;
	struct slice word, key, value;
	struct scan c = scan_of(line), first = c;

	if (!scan_word(&first, &word)) {
		end(t);
		return;
	}
	if (slice_eq(word, "PEER") && slice_find(line, "NEXTHOP") > 0) {
		t->table = t->seen = true;
		return;
	}
	if (t->table) {
		take_row(t, line);
		return;
	}
	if (slice_starts(word, "Flags:") || slice_starts(word, "Columns:")) {
		t->seen = true;
		return;
	}
	if (memchr(word.p, '=', word.len) == NULL && t->prefix.len > 0)
		end(t);
	/* flags stand before the first pair: " Fb   afi=ip4", "0 ADb  dst-address=" */
	for (scan_blanks(&c); scan_word(&c, &word) && memchr(word.p, '=', word.len) == NULL && word.len <= 5;)
		t->filtered = t->filtered || memchr(word.p, 'F', word.len) != NULL;
	c = scan_of(line);
	while (ros_pair(&t->pairs, &c, &key, &value))
		take_pair(t, key, value, &c);
}

static int done(void *ctx, struct slice head, struct err *e)
{
	struct routes *t = ctx;

	end(t);
	if (t->seen || slice_trim(head).len == 0) /* without routes it prints nothing */
		return 0;
	return refusal_or_not_found(head, "list of routes", e);
}

static void routes_free(void *ctx)
{
	struct routes *t = ctx;

	str_fini(&t->prefix);
	str_fini(&t->hop);
	str_fini(&t->path);
	free(t);
}

static const struct lines_ops ops = { take_line, done, routes_free };

static struct routes *routes_new(struct route_out *out, bool accepted)
{
	struct routes *t = MEM_NEW(struct routes);

	t->out = out;
	t->accepted = accepted;
	str_init(&t->prefix, 256);
	str_init(&t->hop, 256);
	str_init(&t->path, 65536);
	return t;
}

struct intake routeros_received_intake(struct route_out *out)
{
	return lines_intake(&ops, routes_new(out, false));
}

struct intake routeros_accepted_intake(struct route_out *out)
{
	return lines_intake(&ops, routes_new(out, true));
}

int routeros_routes(struct report *r, struct slice text, struct err *e)
{
	struct route_out out = route_out_report(r);
	int rc = lines_whole(&ops, routes_new(&out, false), text, e);

	route_out_report_end(&out);
	return rc;
}

/* ---- ports ---- */

int routeros_neighbor_port(struct slice out, struct str *name, struct err *e)
{
	struct ros_pairs pairs = { .group = "" };
	struct scan c = scan_of(out);
	struct slice key, value;

	while (ros_pair(&pairs, &c, &key, &value))
		if (slice_eq(key, "interface") && value.len > 0)
			return str_add(name, value.p, value.len);
	return refusal_or_not_found(out, "interface of the neighbor", e);
}

/* "rx-byte=30 561 131 013": the groups behind the first stand alone. */
static count_t grouped(struct slice first, struct scan *c)
{
	char digits[40];
	size_t n = first.len < sizeof(digits) ? first.len : 0;
	struct slice more;
	int64_t v;

	memcpy(digits, first.p, n);
	for (struct scan d = *c; n > 0 && scan_word(&d, &more) && more.len == 3 && n + 3 < sizeof(digits); *c = d) {
		if (!word_count(more, &v))
			break;
		memcpy(digits + n, more.p, 3);
		n += 3;
	}
	return word_count((struct slice){ digits, n }, &v) ? v : COUNT_UNKNOWN;
}

static void take_port_pair(struct report *r, struct iface **f, struct slice key, struct slice v, struct scan *c)
{
	static const struct {
		const char *key;
		size_t field;
	} counts[] = {
		{ "rx-byte", offsetof(struct iface, input_octets) }, { "tx-byte", offsetof(struct iface, output_octets) },
		{ "rx-error", offsetof(struct iface, input_errors) }, { "tx-error", offsetof(struct iface, output_errors) },
	};

	if (slice_eq(key, "name")) {
		*f = report_iface(r);
		(*f)->name = report_text(r, v);
		r->rows_seen++;
		r->rows_parsed++;
	}
	for (size_t i = 0; *f != NULL && i < ARRAY_LEN(counts); i++)
		if (slice_eq(key, counts[i].key))
			*(count_t *)(void *)((char *)*f + counts[i].field) = grouped(v, c);
}

/* " 0  R  name="ether1" ...": R runs, X is disabled. */
static const char *link_word(struct slice line)
{
	struct scan c = scan_of(line);
	struct slice word;
	const char *state = "down";

	while (scan_word(&c, &word) && memchr(word.p, '=', word.len) == NULL)
		state = memchr(word.p, 'X', word.len) != NULL ? "disabled" : memchr(word.p, 'R', word.len) != NULL ? "up" : state;
	return state;
}

int routeros_interfaces(struct report *r, struct slice out, struct err *e)
{
	struct scan lines = scan_of(out);
	struct slice line, key, value;
	struct ros_pairs pairs = { .group = "" };
	struct iface *f = NULL, *last = NULL;

	r->kind = REPORT_INTERFACES;
	while (scan_line(&lines, &line)) {
		struct scan c = scan_of(line);

		if (slice_starts(slice_trim(line), "Flags:"))
			continue;
		while (ros_pair(&pairs, &c, &key, &value)) {
			take_port_pair(r, &f, key, value, &c);
			if (f != last && f != NULL)
				f->link = report_text(r, slice_of(link_word(line)));
			last = f;
		}
	}
	if (r->iface_count == 0)
		routeros_stats(r, out);
	return r->iface_count > 0 ? 0 : refusal_or_not_found(out, "interface", e);
}
