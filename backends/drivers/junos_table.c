/*
 * Junos: routes received and advertised, interfaces; text.  See junos_read.h.
 *
 *     inet.0: 10 destinations, 12 routes (10 active, 0 holddown, 0 hidden)
 *       Prefix                  Nexthop              MED     Lclpref    AS path
 *     * 10.0.0.0/8              192.0.2.1            0       100        65001 65002 I
 */
#include "backends/drivers/junos_read.h"
#include "backends/parse/lines.h"
#include "backends/parse/refusal.h"
#include "backends/parse/words.h"

#include <stdlib.h>
#include <string.h>

struct routes {
	struct route_out *out;
	size_t path_at;     /* 0: no header yet */
	struct str wrapped; /* a long prefix that stands alone on its line */
	bool seen;
};

/* The path stands under its header; its origin is a capital I, E or a question mark. */
static void route_row(struct routes *t, struct slice line)
{
	struct words w;
	struct prefix p;
	size_t i = 0;
	struct slice prefix = str_slice(&t->wrapped), path;

	words_cut(&w, line);
	if (w.n > 0 && slice_eq(w.w[0], "*"))
		i = 1;
	if (i < w.n && prefix_parse(w.w[i], &p)) {
		prefix = w.w[i++];
		if (i == w.n) {
			str_clear(&t->wrapped);
			str_add(&t->wrapped, prefix.p, prefix.len);
			return;
		}
	}
	if (prefix.len == 0 || i >= w.n) {
		t->out->seen++;
		str_clear(&t->wrapped);
		return;
	}
	path = slice_trim(slice_from(line, t->path_at));
	if (path.len > 0 && strchr("IE?", path.p[path.len - 1]) != NULL)
		path = slice_trim(slice_upto(path, path.len - 1));
	route_out_row(t->out, true, prefix, slice_eq(w.w[i], "Self") ? SLICE("") : w.w[i], path);
	str_clear(&t->wrapped);
}

static void route_line(void *ctx, struct slice line)
{
	struct routes *t = ctx;
	ptrdiff_t at = slice_find(line, "AS path");

	if (slice_find(line, "Prefix") >= 0 && at > 0) {
		t->path_at = (size_t)at;
		t->seen = true;
	} else if (slice_find(line, " destinations, ") > 0) {
		t->seen = true;
		t->path_at = 0;
	} else if (t->path_at > 0 && slice_trim(line).len > 0) {
		route_row(t, line);
	}
}

static int routes_done(void *ctx, struct slice head, struct err *e)
{
	struct routes *t = ctx;

	return t->seen ? 0 : refusal_or_not_found(head, "table of routes", e);
}

static void routes_free(void *ctx)
{
	struct routes *t = ctx;

	str_fini(&t->wrapped);
	free(t);
}

static const struct lines_ops routes_ops = { route_line, routes_done, routes_free };

static struct routes *routes_new(struct route_out *out)
{
	struct routes *t = MEM_NEW(struct routes);

	t->out = out;
	str_init(&t->wrapped, 256);
	return t;
}

struct intake junos_routes_intake(struct route_out *out)
{
	return lines_intake(&routes_ops, routes_new(out));
}

int junos_routes(struct report *r, struct slice text, struct err *e)
{
	struct route_out out = route_out_report(r);
	int rc = lines_whole(&routes_ops, routes_new(&out), text, e);

	route_out_report_end(&out);
	return rc;
}

static struct slice upto_comma(struct slice s)
{
	const char *comma = memchr(s.p, ',', s.len);

	return slice_trim(comma ? slice_upto(s, (size_t)(comma - s.p)) : s);
}

static void take_number(struct slice line, const char *key, count_t *to)
{
	struct words w;
	int64_t n;

	words_cut(&w, words_behind(line, key));
	if (w.n == 0)
		return;
	if (w.w[0].p[w.w[0].len - 1] == ',')
		w.w[0].len--;
	if (word_count(w.w[0], &n))
		*to = n;
}

/* "Physical interface: ge-0/0/0, Enabled, Physical link is Up" */
int junos_interfaces(struct report *r, struct slice out, struct err *e)
{
	struct scan c = scan_of(out);
	struct slice line;
	struct iface *f = NULL;
	bool logical = false;

	r->kind = REPORT_INTERFACES;
	while (scan_line(&c, &line)) {
		line = slice_trim(line);
		if (slice_starts(line, "Physical interface: ")) {
			struct slice rest = slice_from(line, 20);

			f = report_iface(r);
			logical = false;
			f->name = report_text(r, upto_comma(rest));
			f->link = report_text(r, slice_find(rest, "Administratively down") >= 0 ?
			    SLICE("administratively down") : words_behind(rest, "Physical link is "));
			r->rows_seen++;
			r->rows_parsed++;
		} else if (slice_starts(line, "Logical interface ")) {
			logical = true;
		} else if (f != NULL && !logical) {
			if (slice_starts(line, "Description: "))
				f->description = report_text(r, slice_from(line, 13));
			take_number(line, "Input  bytes  :", &f->input_octets);
			take_number(line, "Output bytes  :", &f->output_octets);
			take_number(line, "Input rate     :", &f->input_bps);
			take_number(line, "Output rate    :", &f->output_bps);
			if (slice_starts(line, "Errors: ") || slice_starts(line, "Input errors: "))
				take_number(line, "rrors: ", f->input_errors == COUNT_UNKNOWN ? &f->input_errors :
				    &f->output_errors);
			take_number(line, "CRC/Align errors ", &f->crc_errors);
		}
	}
	return r->iface_count > 0 ? 0 : refusal_or_not_found(out, "interface", e);
}
