/* Routes and ports of SR Linux; see srlinux_read.h. */
#include "backends/drivers/srlinux_read.h"
#include "backends/parse/jget.h"
#include "backends/parse/lines.h"
#include "backends/parse/refusal.h"
#include "backends/parse/words.h"

#include <stdlib.h>
#include <string.h>

enum { LINE_MAX_LEN = 4096 };

struct routes {
	struct route_out *out;
	bool seen, in_table, open, in_path, has_path;
	size_t prefix_at; /* where it stands in its line */
	struct str prefix, hop, path;
};

static void end(struct routes *t)
{
	if (t->open)
		route_out_row(t->out, t->hop.len > 0, str_slice(&t->prefix), str_slice(&t->hop),
		    slice_trim(str_slice(&t->path)));
	t->open = t->in_path = t->has_path = false;
}

static void begin(struct routes *t, struct slice prefix)
{
	end(t);
	str_clear(&t->prefix);
	str_clear(&t->hop);
	str_clear(&t->path);
	str_add(&t->prefix, prefix.p, prefix.len);
	t->open = true;
}

/* One word of "[64501, 64502]", commas as blanks. */
static void take_path_word(struct routes *t, struct slice w)
{
	if (t->path.len > 0)
		str_putc(&t->path, ' ');
	for (size_t i = 0; i < w.len; i++) {
		if (w.p[i] == ']')
			t->in_path = false;
		else if (w.p[i] != '[' && w.p[i] != ',')
			str_putc(&t->path, w.p[i]);
	}
}

/* "203.0.113.0/2" over "4": the rest of a cell stands below it. */
static bool is_rest_of_prefix(const struct routes *t, struct slice w, size_t at)
{
	return t->open && t->hop.len > 0 && at + w.len > t->prefix_at && at < t->prefix_at + t->prefix.len &&
	       memchr(w.p, '/', w.len) == NULL;
}

static void take_word(struct routes *t, struct slice w, size_t at)
{
	struct prefix p;
	struct slice bare;

	if (memchr(w.p, '/', w.len) != NULL && prefix_parse(w, &p)) {
		begin(t, w);
		t->prefix_at = at;
	} else if (!t->open) {
		return;
	} else if (w.p[0] == '[' && !t->has_path) {
		t->in_path = t->has_path = true;
		take_path_word(t, w);
	} else if (t->in_path && (w.p[0] == '(' || (w.p[0] >= '0' && w.p[0] <= '9') || w.p[0] == ']')) {
		take_path_word(t, w);
	} else if (t->hop.len == 0 && word_is_address(w, &bare)) {
		str_add(&t->hop, bare.p, bare.len);
	}
}

static void take_line(void *ctx, struct slice raw)
{
	struct routes *t = ctx;
	struct slice line = slice_trim(raw);
	char plain[LINE_MAX_LEN];
	struct words w;

	if (slice_find(line, " BGP routes") > 0 || slice_starts(line, "Origin codes:") || slice_starts(line, "Peer "))
		t->seen = true;
	if (line.len < 2 || line.p[0] != '|' || line.len > sizeof(plain)) {
		end(t);
		return;
	}
	for (size_t i = 0; i < line.len; i++)
		plain[i] = line.p[i] == '|' ? ' ' : line.p[i];
	words_cut(&w, (struct slice){ plain, line.len });
	if (slice_find((struct slice){ plain, line.len }, "Network") >= 0 &&
	    slice_find((struct slice){ plain, line.len }, "Next") >= 0) {
		t->in_table = t->seen = true;
		return;
	}
	if (w.n > 0 && is_rest_of_prefix(t, w.w[0], w.at[0])) {
		str_add(&t->prefix, w.w[0].p, w.w[0].len);
		w.w[0] = SLICE("-");
	}
	for (size_t i = 0; t->in_table && i < w.n; i++)
		take_word(t, w.w[i], w.at[i]);
}

static int done(void *ctx, struct slice head, struct err *e)
{
	struct routes *t = ctx;

	end(t);
	return t->seen ? 0 : refusal_or_not_found(head, "table of routes", e);
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

static struct routes *routes_new(struct route_out *out)
{
	struct routes *t = MEM_NEW(struct routes);

	t->out = out;
	str_init(&t->prefix, 256);
	str_init(&t->hop, 256);
	str_init(&t->path, 65536);
	return t;
}

struct intake srlinux_routes_intake(struct route_out *out)
{
	return lines_intake(&ops, routes_new(out));
}

int srlinux_routes(struct report *r, struct slice text, struct err *e)
{
	struct route_out out = route_out_report(r);
	int rc = lines_whole(&ops, routes_new(&out), text, e);

	route_out_report_end(&out);
	return rc;
}

/* ---- ports ---- */

int srlinux_neighbor_port(struct slice out, struct str *name, struct err *e)
{
	struct scan c = scan_of(out);
	struct slice line, bare;
	struct words w;

	while (scan_line(&c, &line)) {
		const char *port = NULL;
		bool address = false;

		words_cut(&w, line);
		for (size_t i = 0; i < w.n; i++) {
			if (port == NULL && (slice_starts(w.w[i], "ethernet-") || slice_starts(w.w[i], "lag") ||
			    slice_starts(w.w[i], "irb") || slice_starts(w.w[i], "mgmt"))) {
				str_clear(name);
				str_add(name, w.w[i].p, w.w[i].len);
				port = w.w[i].p;
			}
			address = address || word_is_address(w.w[i], &bare);
		}
		if (port != NULL && address)
			return 0;
	}
	str_clear(name);
	return refusal_or_not_found(out, "port of the neighbor", e);
}

static count_t port_speed(struct slice v)
{
	struct scan c = scan_of(v);
	uint64_t n;

	if (!scan_u64(&c, &n) || n > 1000000 || scan_done(&c))
		return COUNT_UNKNOWN;
	return (count_t)n * (*c.p == 'T' ? 1000000000000 : *c.p == 'G' ? 1000000000 : 1000000);
}

static void take_port(struct report *r, const struct jnode *p)
{
	struct iface *f = report_iface(r);

	f->name = report_text(r, jget_text(p, "name"));
	f->link = report_text(r, jget_text(p, "oper-state"));
	if (jget_text(p, "description").len > 0)
		f->description = report_text(r, jget_text(p, "description"));
	f->speed_bps = port_speed(jget_text(p, "ethernet/port-speed"));
	f->input_octets = jget_count(p, "statistics/in-octets");
	f->output_octets = jget_count(p, "statistics/out-octets");
	f->input_errors = jget_count(p, "statistics/in-error-packets");
	f->output_errors = jget_count(p, "statistics/out-error-packets");
	f->crc_errors = jget_count(p, "ethernet/statistics/in-crc-error-frames");
	f->input_bps = jget_count(p, "traffic-rate/in-bps");
	f->output_bps = jget_count(p, "traffic-rate/out-bps");
	r->rows_seen++;
	r->rows_parsed++;
}

int srlinux_interfaces(struct report *r, struct slice out, struct err *e)
{
	struct arena *a = arena_new();
	struct jnode *root;
	const struct jnode *p;
	int rc = jget_json(a, out, &root, e);

	r->kind = REPORT_INTERFACES;
	for (p = rc == 0 ? jget(root, "interface") : NULL; p != NULL; p = jget_again(p))
		take_port(r, p);
	if (rc == 0 && r->iface_count == 0)
		rc = err_set(e, ERR_PARSE, "no \"interface\" in the answer");
	arena_free(a);
	return rc;
}
