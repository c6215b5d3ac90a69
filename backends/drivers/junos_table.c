/*
 * Junos: routes received and advertised, interfaces, as text.  See junos_read.h.
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
	bool in_table;      /* its header stood */
	struct str wrapped; /* a long prefix that stands alone on its line */
	struct junos_entry entry; /* where there is no header */
	bool seen;
};

/* Behind the last wide gap: the columns before it are padded, and outputs stand beside their header. */
static struct slice path_of(struct slice row)
{
	size_t from = 0;

	for (size_t i = 0; i + 1 < row.len; i++)
		if (row.p[i] == '\t' || (row.p[i] == ' ' && row.p[i + 1] == ' '))
			from = i + 1;
	row = slice_trim(slice_from(row, from));
	if (row.len > 0 && strchr("IE?", row.p[row.len - 1]) != NULL)
		row.len--;
	return slice_trim(row);
}

static void route_row(struct routes *t, struct slice line)
{
	struct words w;
	struct prefix p;
	size_t i = 0;
	struct slice prefix = str_slice(&t->wrapped);

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
	route_out_row(t->out, true, prefix, w.w[i],
	    path_of(slice_trim(slice_from(line, w.at[i] + w.w[i].len))));
	str_clear(&t->wrapped);
}

static void route_line(void *ctx, struct slice line)
{
	struct routes *t = ctx;

	if (slice_find(line, "Prefix") >= 0 && slice_find(line, "AS path") > 0) {
		t->in_table = t->seen = true;
	} else if (slice_find(line, " destinations, ") > 0) {
		t->seen = true;
		t->in_table = false;
		junos_entry_end(&t->entry);
		str_clear(&t->entry.prefix);
	} else if (t->in_table && slice_trim(line).len > 0) {
		route_row(t, line);
	} else if (!t->in_table && t->seen) {
		junos_entry_line(&t->entry, line);
	}
}

static int routes_done(void *ctx, struct slice head, struct err *e)
{
	struct routes *t = ctx;

	junos_entry_end(&t->entry);
	return t->seen ? 0 : refusal_or_not_found(head, "table of routes", e);
}

static void routes_free(void *ctx)
{
	struct routes *t = ctx;

	str_fini(&t->wrapped);
	junos_entry_fini(&t->entry);
	free(t);
}

static const struct lines_ops routes_ops = { route_line, routes_done, routes_free };

static struct routes *routes_new(struct route_out *out)
{
	struct routes *t = MEM_NEW(struct routes);

	t->out = out;
	str_init(&t->wrapped, 256);
	junos_entry_init(&t->entry, out);
	return t;
}

struct intake junos_text_routes_intake(struct route_out *out)
{
	return lines_intake(&routes_ops, routes_new(out));
}

static struct slice upto_comma(struct slice s)
{
	const char *comma = memchr(s.p, ',', s.len);

	return slice_trim(comma ? slice_upto(s, (size_t)(comma - s.p)) : s);
}

/* "Key   : value, ..." of one line, however many blanks stand before the colon. */
static bool value_of(struct slice line, const char *key, struct slice *v)
{
	struct scan c;

	if (!slice_starts(line, key))
		return false;
	c = scan_of(slice_from(line, strlen(key)));
	scan_blanks(&c);
	if (!scan_lit(&c, ":"))
		return false;
	*v = slice_trim(scan_rest(&c));
	return true;
}

static void take_number(struct slice line, const char *key, count_t *to)
{
	struct slice v;
	struct words w;
	int64_t n;

	if (!value_of(line, key, &v))
		return;
	words_cut(&w, v);
	if (w.n > 0 && w.w[0].p[w.w[0].len - 1] == ',')
		w.w[0].len--;
	if (w.n > 0 && word_count(w.w[0], &n))
		*to = n;
}

/* "Speed: 10Gbps", "Speed: 1000mbps" */
static void take_speed(struct slice line, count_t *bps)
{
	struct scan c = scan_of(words_behind(line, " Speed: "));
	uint64_t n;

	if (!scan_u64(&c, &n) || scan_done(&c) || n > 1000000000)
		return;
	if ((*c.p | 0x20) == 'g')
		*bps = (count_t)n * 1000000000;
	else if ((*c.p | 0x20) == 'm')
		*bps = (count_t)n * 1000000;
}

/* "Errors: 0, Drops: 0, ..." below "Input errors:", "Carrier transitions: 1, Errors: 0, ..." below "Output errors:". */
static void take_errors(struct iface *f, struct slice line)
{
	if (slice_starts(line, "Errors: "))
		take_number(line, "Errors", f->input_errors == COUNT_UNKNOWN ? &f->input_errors : &f->output_errors);
	else if (slice_starts(line, "Carrier transitions: ") && slice_find(line, ", Errors: ") > 0)
		take_number(slice_from(line, (size_t)slice_find(line, ", Errors: ") + 2), "Errors", &f->output_errors);
}

static void take_interface_line(struct report *r, struct iface *f, struct slice line)
{
	struct slice v;

	if (value_of(line, "Description", &v) && !text_known(f->description))
		f->description = report_text(r, v);
	take_speed(line, &f->speed_bps);
	take_number(line, "Input  bytes", &f->input_octets);
	take_number(line, "Output bytes", &f->output_octets);
	take_number(line, "Input rate", &f->input_bps);
	take_number(line, "Output rate", &f->output_bps);
	take_errors(f, line);
	if (slice_starts(line, "CRC/Align errors ")) {
		struct words w;

		words_cut(&w, line);
		if (w.n > 2)
			word_count(w.w[2], &f->crc_errors);
	}
}

static struct iface *begin_interface(struct report *r, struct slice name)
{
	struct iface *f = report_iface(r);

	f->name = report_text(r, name);
	r->rows_seen++;
	r->rows_parsed++;
	return f;
}

/* "Physical interface: ge-0/0/0, Enabled, Physical link is Up"; units only where they were asked for alone. */
int junos_interfaces(struct report *r, struct slice out, struct err *e)
{
	struct scan c = scan_of(out);
	struct slice line;
	struct iface *f = NULL;
	bool unit = false, port = false;

	r->kind = REPORT_INTERFACES;
	while (scan_line(&c, &line)) {
		line = slice_trim(line);
		if (slice_starts(line, "Physical interface: ")) {
			struct slice rest = slice_from(line, 20);

			f = begin_interface(r, upto_comma(rest));
			f->link = report_text(r, slice_find(rest, "Administratively down") >= 0 ?
			    SLICE("administratively down") : words_behind(rest, "Physical link is "));
			unit = false;
			port = true;
		} else if (slice_starts(line, "Logical interface ")) {
			unit = true;
			if (!port)
				f = begin_interface(r, words_upto(slice_from(line, 18), " "));
		} else if (f != NULL && (!unit || !port)) {
			if (unit && slice_starts(line, "Flags: ") && !text_known(f->link))
				f->link = report_text(r, words_upto(slice_from(line, 7), " "));
			take_interface_line(r, f, line);
		}
	}
	return r->iface_count > 0 ? 0 : refusal_or_not_found(out, "interface", e);
}
