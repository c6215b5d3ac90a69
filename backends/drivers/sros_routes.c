/*
 * Routes and ports of SR OS; see sros_read.h.
 *
 * A route takes three lines; their headers say where the columns stand.
 */
#include "backends/drivers/sros_read.h"
#include "backends/parse/lines.h"
#include "backends/parse/refusal.h"
#include "backends/parse/words.h"

#include <stdlib.h>
#include <string.h>

enum stage { NO_ROUTE, NEED_HOP, NEED_PATH };

struct routes {
	struct route_out *out;
	bool seen, in_table;
	enum stage stage;
	size_t label_at; /* column behind the path, 0: none */
	struct str prefix, hop;
};

/* "10.0.0.0/8", "65500:11:192.0.2.4/32", "2001:db8::/32" */
static bool is_prefix(struct slice w)
{
	const char *slash = memchr(w.p, '/', w.len);

	return w.len > 3 && slash != NULL && (memchr(w.p, '.', w.len) != NULL || memchr(w.p, ':', w.len) != NULL) &&
	       slash + 1 < w.p + w.len && slash[1] >= '0' && slash[1] <= '9';
}

static void give_up(struct routes *t)
{
	if (t->stage != NO_ROUTE)
		t->out->seen++;
	t->stage = NO_ROUTE;
}

/* "No As-Path", "64501 64502                                  -" */
static struct slice path_of(const struct routes *t, struct slice line)
{
	ptrdiff_t gap;

	if (t->label_at > 0 && line.len > t->label_at)
		line = slice_upto(line, t->label_at);
	line = slice_trim(line);
	gap = slice_find(line, "  ");
	if (gap > 0)
		line = slice_upto(line, (size_t)gap);
	return slice_starts(line, "No As-Path") || slice_eq(line, "-") ? SLICE("") : line;
}

static bool begin(struct routes *t, const struct words *w)
{
	for (size_t i = 0; i < w->n && i < 2; i++)
		if (is_prefix(w->w[i])) {
			give_up(t);
			str_clear(&t->prefix);
			str_clear(&t->hop);
			str_add(&t->prefix, w->w[i].p, w->w[i].len);
			t->stage = NEED_HOP;
			return true;
		}
	return false;
}

static void take_line(void *ctx, struct slice line)
{
	struct routes *t = ctx;
	struct words w;

	words_cut(&w, line);
	if (w.n == 0 || line.p[0] == '=' || slice_starts(line, "---")) {
		give_up(t);
		return;
	}
	if (slice_eq(w.w[0], "Flag") && slice_find(line, "Network") > 0) {
		t->in_table = t->seen = true;
		t->label_at = 0;
	} else if (slice_eq(w.w[0], "As-Path") && w.n > 1) {
		t->label_at = w.at[w.n - 1];
	} else if (slice_starts(slice_trim(line), "Routes : ") || slice_find(line, "No Matching Entries") >= 0) {
		t->seen = true;
		t->in_table = false;
	} else if (!t->in_table || begin(t, &w)) {
		return;
	} else if (t->stage == NEED_HOP) {
		str_add(&t->hop, w.w[0].p, w.w[0].len);
		t->stage = NEED_PATH;
	} else if (t->stage == NEED_PATH) {
		route_out_row(t->out, true, str_slice(&t->prefix), str_slice(&t->hop), path_of(t, line));
		t->stage = NO_ROUTE;
	}
}

static int done(void *ctx, struct slice head, struct err *e)
{
	struct routes *t = ctx;

	give_up(t);
	return t->seen ? 0 : refusal_or_not_found(head, "table of routes", e);
}

static void routes_free(void *ctx)
{
	struct routes *t = ctx;

	str_fini(&t->prefix);
	str_fini(&t->hop);
	free(t);
}

static const struct lines_ops ops = { take_line, done, routes_free };

static struct routes *routes_new(struct route_out *out)
{
	struct routes *t = MEM_NEW(struct routes);

	t->out = out;
	str_init(&t->prefix, 512);
	str_init(&t->hop, 512);
	return t;
}

struct intake sros_routes_intake(struct route_out *out)
{
	return lines_intake(&ops, routes_new(out));
}

int sros_routes(struct report *r, struct slice text, struct err *e)
{
	struct route_out out = route_out_report(r);
	int rc = lines_whole(&ops, routes_new(&out), text, e);

	route_out_report_end(&out);
	return rc;
}

/* ---- ports ---- */

/* The line below the prefix: of a network that is connected, the interface; else the next hop. */
int sros_route_interface(struct slice out, struct str *name, struct err *e)
{
	struct scan c = scan_of(out);
	struct slice line, bare;
	struct words w;
	bool below = false;

	while (scan_line(&c, &line)) {
		words_cut(&w, line);
		if (below && w.n > 0 && !word_is_address(w.w[0], &bare))
			return str_add(name, w.w[0].p, w.w[0].len);
		if (below)
			return err_set(e, ERR_PARSE, "the neighbor is not on a connected network: its route leads to %.*s",
			    (int)w.w[0].len, w.n > 0 ? w.w[0].p : "");
		below = w.n > 2 && is_prefix(w.w[0]);
	}
	return refusal_or_not_found(out, "route to the neighbor", e);
}

/* "to-peer      Up        Up/Up       Network 1/1/c1/1": a port, a LAG, with a VLAN behind a colon. */
int sros_interface_port(struct slice out, struct str *name, struct err *e)
{
	struct scan c = scan_of(out);
	struct slice line;
	struct words w;

	while (scan_line(&c, &line)) {
		words_cut(&w, line);
		for (size_t i = 1; i + 1 < w.n; i++)
			if (slice_find(w.w[i], "/") > 0 && (slice_starts(w.w[i], "Up/") || slice_starts(w.w[i], "Down/"))) {
				struct slice port = words_upto(w.w[w.n - 1], ":");

				return str_add(name, port.p, port.len);
			}
	}
	return refusal_or_not_found(out, "port of the interface", e);
}

struct port {
	struct report *r;
	struct iface *f;
	struct slice description; /* stands above the name */
};

static struct slice value_of(struct slice line, const char *key)
{
	struct slice v = words_behind(line, key);

	while (v.len > 0 && (v.p[0] == ' ' || v.p[0] == ':'))
		v = slice_from(v, 1);
	return v;
}

/* "10 Gbps", "100 mbps" */
static void take_speed(struct slice v, count_t *bps)
{
	struct words w;
	int64_t n;

	words_cut(&w, v);
	if (w.n < 2 || !word_count(w.w[0], &n) || n > 1000000000)
		return;
	*bps = (w.w[1].p[0] | 0x20) == 'g' ? n * 1000000000 : (w.w[1].p[0] | 0x20) == 'm' ? n * 1000000 : COUNT_UNKNOWN;
}

/* "Octets            123      456", "Errors     0      0": in, out */
static void take_both(struct slice line, const char *key, count_t *in, count_t *out)
{
	struct words w;
	int64_t a, z;

	words_cut(&w, line);
	if (w.n == 3 && slice_eq(w.w[0], key) && word_count(w.w[1], &a) && word_count(w.w[2], &z) && *in == COUNT_UNKNOWN) {
		*in = a;
		*out = z;
	}
}

static void take_port_line(struct port *p, struct slice line)
{
	struct slice v;

	if (slice_starts(line, "Description "))
		p->description = value_of(line, "Description ");
	if (slice_starts(line, "Interface ") && value_of(line, "Interface ").len > 0 && p->f == NULL) {
		p->f = report_iface(p->r);
		p->f->name = report_text(p->r, words_upto(value_of(line, "Interface "), " "));
		if (p->description.len > 0)
			p->f->description = report_text(p->r, p->description);
		p->r->rows_seen++;
		p->r->rows_parsed++;
	}
	if (p->f == NULL)
		return;
	v = slice_find(line, "Oper Speed") >= 0 ? value_of(line, "Oper Speed") : SLICE("");
	take_speed(v, &p->f->speed_bps);
	if (slice_find(line, "Oper State") >= 0 && !text_known(p->f->link))
		p->f->link = report_text(p->r, words_upto(value_of(line, "Oper State"), " "));
	take_both(line, "Octets", &p->f->input_octets, &p->f->output_octets);
	take_both(line, "Errors", &p->f->input_errors, &p->f->output_errors);
	if (slice_starts(line, "CRC/Align Errors")) {
		struct words w;

		words_cut(&w, value_of(line, "CRC/Align Errors"));
		if (w.n > 0)
			word_count(w.w[0], &p->f->crc_errors);
	}
}

int sros_port(struct report *r, struct slice out, struct err *e)
{
	struct port p = { .r = r };
	struct scan c = scan_of(out);
	struct slice line;

	r->kind = REPORT_INTERFACES;
	while (scan_line(&c, &line))
		take_port_line(&p, slice_trim(line));
	return p.f != NULL ? 0 : refusal_or_not_found(out, "port", e);
}
