/*
 * Routes as FRR prints them.
 *
 * Text keeps its columns: what does not fit (a long prefix, an IPv6 next hop)
 * ends its line, and the next one goes on in the right column.  So a word is
 * known by the column it begins in, and a row begins where something stands
 * left of the next hop.
 */
#include "backends/drivers/frr.h"
#include "backends/parse/jstream.h"
#include "core/base/scan.h"

#include <stdlib.h>
#include <string.h>

struct columns {
	size_t network, next_hop, metric, path;
};

struct table {
	struct report *r;
	struct columns col;
	bool in_rows;
	struct text prefix; /* of the row before: further paths do not repeat it */
	struct route *row;
};

static bool header_columns(struct slice line, struct columns *col)
{
	ptrdiff_t network = slice_find(line, "Network"), hop = slice_find(line, "Next Hop");
	ptrdiff_t metric = slice_find(line, "Metric"), path = slice_find(line, "Path");

	if (network < 0 || hop < network || metric < hop || path < metric)
		return false;
	*col = (struct columns){ (size_t)network, (size_t)hop, (size_t)metric, (size_t)path };
	return true;
}

/* The word that begins at or behind `from` and before `to`.  Status codes stand flush before a network;
 * elsewhere what touches `from` from the left is the end of a longer word, and passed over. */
static struct slice word_between(struct slice line, size_t from, size_t to, bool flush)
{
	struct scan c = scan_of(slice_from(line, from));
	struct slice w;

	while (!flush && from > 0 && from <= line.len && line.p[from - 1] != ' ' && !scan_done(&c) &&
	    *c.p != ' ')
		c.p++;

	if (!scan_word(&c, &w) || (size_t)(w.p - line.p) >= to)
		return SLICE("");
	return w;
}

/* "64600 65534 i": without the origin code at the end. */
static struct slice without_origin(struct slice path)
{
	path = slice_trim(path);
	if (path.len > 0 && strchr("ie?", path.p[path.len - 1]) != NULL &&
	    (path.len == 1 || path.p[path.len - 2] == ' '))
		path.len--;
	return slice_trim(path);
}

static void route_line(struct table *t, struct slice line)
{
	struct slice network = word_between(line, t->col.network, t->col.next_hop, true);
	struct slice hop = word_between(line, t->col.next_hop, t->col.metric, false);
	struct slice path = without_origin(slice_from(line, t->col.path));
	bool begins = slice_trim(slice_upto(line, t->col.next_hop)).len > 0;

	if (begins) {
		if (network.len > 0)
			t->prefix = report_text(t->r, network);
		t->row = report_route(t->r);
		t->row->prefix = t->prefix;
		t->r->rows_seen++;
	}
	if (t->row == NULL)
		return;
	if (hop.len > 0 && !text_known(t->row->next_hop)) {
		t->row->next_hop = report_text(t->r, hop);
		t->r->rows_parsed += text_known(t->row->prefix) ? 1 : 0;
	}
	if (path.len > 0)
		t->row->as_path = report_text(t->r, path);
}

int frr_routes_text(struct report *r, struct slice out, struct err *e)
{
	struct table t = { .r = r };
	struct scan c = scan_of(out);
	struct slice line, refusal = SLICE("");
	bool table = false;

	r->kind = REPORT_ROUTES;
	while (scan_line(&c, &line)) {
		if (slice_trim(line).len == 0) {
			t.in_rows = false;
		} else if (header_columns(line, &t.col)) {
			t.in_rows = table = true;
			t.row = NULL;
		} else if (t.in_rows && !slice_starts(line, "Total number") &&
		    !slice_starts(line, "Displayed") && !slice_starts(line, "Route Distinguisher")) {
			route_line(&t, line);
		} else if (slice_starts(line, "%") && refusal.len == 0) {
			refusal = line;
		} else if (slice_find(line, "table version is") >= 0 || slice_starts(line, "No BGP prefixes")) {
			table = true;
		}
	}
	if (table)
		return 0;
	if (refusal.len > 0)
		return err_set(e, ERR_DEVICE, "the router says: %.*s", (int)refusal.len, refusal.p);
	return err_set(e, ERR_PARSE, "no table of routes in this");
}

/* JSON: {"routes":{"10.0.0.0/8":[{path}, ...]}} or {"advertisedRoutes":{"10.0.0.0/8":{path}}}. */
struct routes {
	struct route_out *out;
	size_t at;     /* depth of the container's key; 0: not in one */
	size_t open;   /* depth of the route that is being read; 0: none */
	bool seen;
	struct str hop, path, refusal;
};

static bool is_container(struct slice key)
{
	return slice_eq(key, "routes") || slice_eq(key, "advertisedRoutes") ||
	       slice_eq(key, "receivedRoutes") || slice_eq(key, "filteredRoutes");
}

/* A route is an object of its own, or one of a list below its prefix. */
static bool is_route(const struct routes *t, const struct jpath *at)
{
	return t->at > 0 && ((at->depth == t->at + 1 && !at->array) ||
	    (at->depth == t->at + 2 && slice_eq(at->key[t->at + 1], "[]")));
}

static void enter(void *ctx, const struct jpath *at)
{
	struct routes *t = ctx;

	if (at->depth > 0 && t->at == 0 && is_container(at->key[at->depth - 1])) {
		t->at = at->depth;
		t->seen = true;
	} else if (is_route(t, at)) {
		str_clear(&t->hop);
		str_clear(&t->path);
		t->open = at->depth;
	}
}

static void value(void *ctx, const struct jpath *at, const struct jvalue *v)
{
	struct routes *t = ctx;
	struct slice key = at->key[at->depth - 1];

	if ((slice_eq(key, "warning") || slice_eq(key, "bgpNoSuchNeighbor")) && t->refusal.len == 0) {
		if (slice_eq(key, "warning"))
			text_append(&t->refusal, v->text);
		else
			str_puts(&t->refusal, "no such neighbor");
	}
	if (t->open == 0)
		return;
	if (slice_eq(key, "path") && v->text.len > 0) {
		str_clear(&t->path);
		str_add(&t->path, v->text.p, v->text.len);
	} else if ((slice_eq(key, "nextHop") || slice_eq(key, "nextHopGlobal") || slice_eq(key, "ip")) &&
	    t->hop.len == 0) {
		str_add(&t->hop, v->text.p, v->text.len);
	}
}

static void leave(void *ctx, const struct jpath *at)
{
	struct routes *t = ctx;

	if (t->open > 0 && at->depth == t->open) {
		route_out_row(t->out, t->hop.len > 0, at->key[t->at], str_slice(&t->hop), str_slice(&t->path));
		t->open = 0;
	} else if (t->at > 0 && at->depth == t->at) {
		t->at = 0;
	}
}

static int done(void *ctx, struct err *e)
{
	struct routes *t = ctx;

	if (t->refusal.len > 0)
		return err_set(e, ERR_DEVICE, "the router says: %s", t->refusal.p);
	return t->seen ? 0 : err_set(e, ERR_PARSE, "no routes object in this");
}

static void routes_free(void *ctx)
{
	struct routes *t = ctx;

	str_fini(&t->hop);
	str_fini(&t->path);
	str_fini(&t->refusal);
	free(t);
}

static const struct jstream_ops ops = { enter, value, leave, done, routes_free };

static struct routes *routes_new(struct route_out *out)
{
	struct routes *t = MEM_NEW(struct routes);

	t->out = out;
	str_init(&t->hop, 256);
	str_init(&t->path, 65536);
	str_init(&t->refusal, 1024);
	return t;
}

struct intake frr_routes_intake(struct route_out *out)
{
	return jstream_intake(&ops, routes_new(out));
}

int frr_routes_json(struct report *r, struct slice text, struct err *e)
{
	struct route_out out = route_out_report(r);
	int rc = jstream_whole(&ops, routes_new(&out), text, true, e);

	route_out_report_end(&out);
	return rc;
}
