/*
 * Routes of EOS as they come; see eos_read.h.
 *
 *     {"vrfs":{"default":{"bgpRouteEntries":{"10.0.0.0/8":{"bgpRoutePaths":[
 *         {"nextHop":"192.0.2.1","asPathEntry":{"asPath":"65001 i"}}]}}}}}
 */
#include "backends/drivers/eos_read.h"
#include "backends/parse/jstream.h"
#include "core/base/scan.h"

#include <stdlib.h>
#include <string.h>

enum { AT_PREFIX = 3, AT_ROUTE = 6 }; /* places in the path */

struct routes {
	struct route_out *out;
	bool seen;
	struct str hop, path, refusal;
};

static bool is_route(const struct jpath *at)
{
	return at->depth == AT_ROUTE && slice_eq(at->key[0], "vrfs") && slice_eq(at->key[2], "bgpRouteEntries") &&
	       slice_eq(at->key[4], "bgpRoutePaths");
}

static void enter(void *ctx, const struct jpath *at)
{
	struct routes *t = ctx;

	t->seen = t->seen || (at->depth == 1 && slice_eq(at->key[0], "vrfs"));
	if (is_route(at)) {
		str_clear(&t->hop);
		str_clear(&t->path);
	}
}

static void value(void *ctx, const struct jpath *at, const struct jvalue *v)
{
	static const char *const hop[] = { "nextHop", NULL };
	static const char *const path[] = { "asPathEntry", "asPath", NULL };
	struct routes *t = ctx;

	if (at->depth >= 1 && slice_eq(at->key[0], "errors") && t->refusal.len == 0)
		text_append(&t->refusal, v->text);
	if (at->depth <= AT_ROUTE || v->type != JSTRING)
		return;
	if (jpath_is(at, AT_ROUTE, hop) && t->hop.len == 0)
		str_add(&t->hop, v->text.p, v->text.len);
	else if (jpath_is(at, AT_ROUTE, path) && t->path.len == 0)
		str_add(&t->path, v->text.p, v->text.len);
}

/* "65001 i": without the origin; of a route of our own nothing is left. */
static struct slice without_origin(struct slice path)
{
	path = slice_trim(path);
	if (path.len > 0 && strchr("ie?", path.p[path.len - 1]) != NULL &&
	    (path.len == 1 || path.p[path.len - 2] == ' '))
		path.len--;
	return slice_trim(path);
}

static void leave(void *ctx, const struct jpath *at)
{
	struct routes *t = ctx;

	if (is_route(at))
		route_out_row(t->out, true, at->key[AT_PREFIX], str_slice(&t->hop), without_origin(str_slice(&t->path)));
}

static int done(void *ctx, struct err *e)
{
	struct routes *t = ctx;

	if (!t->seen && t->refusal.len > 0)
		return err_set(e, ERR_DEVICE, "the router says: %s", t->refusal.p);
	return t->seen ? 0 : err_set(e, ERR_PARSE, "no \"vrfs\" in the answer");
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

struct intake eos_routes_intake(struct route_out *out)
{
	return jstream_intake(&ops, routes_new(out));
}

int eos_routes_json(struct report *r, struct slice text, struct err *e)
{
	struct route_out out = route_out_report(r);
	int rc = jstream_whole(&ops, routes_new(&out), text, true, e);

	route_out_report_end(&out);
	return rc;
}
