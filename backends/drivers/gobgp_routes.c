/*
 * Routes as gobgp prints them, text and JSON.
 *
 * Widths of the text follow the content: it is read by the places of its own header.
 */
#include "backends/drivers/gobgp.h"
#include "backends/parse/jstream.h"
#include "core/base/scan.h"

#include <stdlib.h>

struct columns {
	size_t network, next_hop, path, after;
};

static bool header_columns(struct slice line, struct columns *col)
{
	ptrdiff_t network = slice_find(line, "Network"), hop = slice_find(line, "Next Hop");
	ptrdiff_t path = slice_find(line, "AS_PATH"), age = slice_find(line, "Age");
	ptrdiff_t attrs = slice_find(line, "Attrs"), after = age > 0 ? age : attrs;

	if (network < 0 || hop < network || path < hop || after < path)
		return false;
	*col = (struct columns){ (size_t)network, (size_t)hop, (size_t)path, (size_t)after };
	return true;
}

static struct slice cell(struct slice line, size_t from, size_t to)
{
	return slice_trim(slice_upto(slice_from(line, from), to - from));
}

static bool route_row(struct report *r, struct slice line, const struct columns *col)
{
	struct slice network = cell(line, col->network, col->next_hop);
	struct slice hop = cell(line, col->next_hop, col->path);
	struct slice path = cell(line, col->path, col->after);
	struct route *row;

	if (hop.len == 0 || (network.len == 0 && r->route_count == 0))
		return false;
	if (slice_starts(path, "[") && slice_ends(path, "]"))
		path = slice_trim(slice_upto(slice_from(path, 1), path.len - 2));
	row = report_route(r);
	row->prefix = network.len > 0 ? report_text(r, network) : r->routes[r->route_count - 2].prefix;
	row->next_hop = report_text(r, hop);
	if (path.len > 0)
		row->as_path = report_text(r, path);
	return true;
}

int gobgp_routes_text(struct report *r, struct slice out, struct err *e)
{
	struct scan c = scan_of(out);
	struct columns col;
	struct slice line;
	bool table = false, none = false;

	r->kind = REPORT_ROUTES;
	if (gobgp_refusal(out, e) != 0)
		return -1;
	while (scan_line(&c, &line)) {
		if (header_columns(line, &col)) {
			table = true;
		} else if (table && slice_trim(line).len > 0) {
			r->rows_seen++;
			r->rows_parsed += route_row(r, line, &col) ? 1 : 0;
		} else if (slice_starts(line, "Network not in table")) {
			none = true;
		}
	}
	return table || none ? 0 : err_set(e, ERR_PARSE, "no table of routes in the answer");
}

/* {"10.1.0.0/24":[{"attrs":[{"type":2,"as_paths":[{"asns":[64500]}]},{"type":3,"nexthop":"192.0.2.1"}]}]} */
struct rib {
	struct route_out *out;
	bool any;
	struct str hop, path, refusal;
};

static bool is_route(const struct jpath *at)
{
	return at->depth == 2 && slice_eq(at->key[1], "[]");
}

static void rib_enter(void *ctx, const struct jpath *at)
{
	struct rib *t = ctx;

	if (is_route(at)) {
		str_clear(&t->hop);
		str_clear(&t->path);
	}
}

static void rib_value(void *ctx, const struct jpath *at, const struct jvalue *v)
{
	static const char *const asn[] = { "as_paths", "[]", "asns", "[]", NULL };
	static const char *const hop[] = { "nexthop", NULL };
	struct rib *t = ctx;

	if (at->depth == 1 && slice_eq(at->key[0], "error"))
		text_append(&t->refusal, v->text);
	if (at->depth < 5 || !slice_eq(at->key[2], "attrs"))
		return;
	if (jpath_is(at, 4, hop) && t->hop.len == 0)
		str_add(&t->hop, v->text.p, v->text.len);
	else if (jpath_is(at, 4, asn))
		str_addf(&t->path, "%s%.*s", t->path.len > 0 ? " " : "", (int)v->text.len, v->text.p);
}

static void rib_leave(void *ctx, const struct jpath *at)
{
	struct rib *t = ctx;

	if (at->depth == 0)
		t->any = true;
	if (is_route(at))
		route_out_row(t->out, t->hop.len > 0, at->key[0], str_slice(&t->hop), str_slice(&t->path));
}

static int rib_done(void *ctx, struct err *e)
{
	struct rib *t = ctx;

	if (t->refusal.len > 0)
		return err_set(e, ERR_DEVICE, "the router says: %s", t->refusal.p);
	return t->any ? 0 : err_set(e, ERR_PARSE, "no routes in the answer");
}

static void rib_free(void *ctx)
{
	struct rib *t = ctx;

	str_fini(&t->hop);
	str_fini(&t->path);
	str_fini(&t->refusal);
	free(t);
}

static const struct jstream_ops rib_ops = { rib_enter, rib_value, rib_leave, rib_done, rib_free };

static struct rib *rib_new(struct route_out *out)
{
	struct rib *t = MEM_NEW(struct rib);

	t->out = out;
	str_init(&t->hop, 256);
	str_init(&t->path, 65536);
	str_init(&t->refusal, 1024);
	return t;
}

struct intake gobgp_routes_intake(struct route_out *out)
{
	return jstream_intake(&rib_ops, rib_new(out));
}

int gobgp_routes_json(struct report *r, struct slice text, struct err *e)
{
	struct route_out out = route_out_report(r);
	int rc = jstream_whole(&rib_ops, rib_new(&out), text, true, e);

	route_out_report_end(&out);
	return rc;
}
