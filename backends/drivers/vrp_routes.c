/* Routes of VRP and Comware as they come, "display bgp routing-table"; see vrp_read.h. */
#include "backends/drivers/vrp_read.h"
#include "backends/parse/lines.h"
#include "backends/parse/refusal.h"
#include "backends/parse/words.h"

#include <stdlib.h>
#include <string.h>

/* " *>i  10.0.0.0/8   192.0.2.1   0   100   0   65001 65002i"; the network is left out where it repeats, and in
 * VRP stands without its length if that is the class's.  Comware: "* >  10.0.0.0/8  192.0.2.1 0 0 65001?" */
struct routes {
	struct route_out *out;
	size_t path_at; /* 0: no header yet */
	struct str network;
	struct str hop; /* of a block; empty: no block is open */
	bool block;     /* a block has begun whose path has not come */
	bool seen;
};

/* "Network  : 2001:db8:1::    PrefixLen : 48": what stands behind a key and its colon; false if that is not there. */
static bool value_of(struct slice line, const char *key, struct slice *v)
{
	struct slice behind = words_behind(line, key);

	if (behind.len == 0 || behind.p[0] != ':')
		return false;
	*v = slice_trim(slice_from(behind, 1));
	return true;
}

static struct slice without_origin(struct slice path)
{
	path = slice_trim(path);
	if (path.len > 0 && strchr("ie?", path.p[path.len - 1]) != NULL)
		path = slice_trim(slice_upto(path, path.len - 1));
	return path;
}

static void end_block(struct routes *t, struct slice path)
{
	if (t->block)
		route_out_row(t->out, t->hop.len > 0, str_slice(&t->network), str_slice(&t->hop), path);
	t->block = false;
	str_clear(&t->hop);
}

/* IPv6 takes a block of lines for each route:
 *
 *     *>  Network  : 2001:db8:1::                   PrefixLen : 48
 *         NextHop  : 2001:db8::1                    LocPrf    :
 *         Path/Ogn : 65001 65002 i
 */
static bool block_line(struct routes *t, struct slice line)
{
	struct slice v, len;

	if (value_of(line, "Network", &v) && value_of(line, "PrefixLen", &len)) {
		end_block(t, SLICE(""));
		v = words_upto(v, " \t");
		len = words_upto(len, " \t");
		str_clear(&t->network);
		str_addf(&t->network, "%.*s/%.*s", (int)v.len, v.p, (int)len.len, len.p);
		t->block = t->seen = true;
		return true;
	}
	if (!t->block)
		return false;
	if (value_of(line, "NextHop", &v)) {
		v = words_upto(v, " \t");
		str_clear(&t->hop);
		str_add(&t->hop, v.p, v.len);
	} else if (value_of(line, "Path/Ogn", &v)) {
		end_block(t, without_origin(v));
	}
	return true;
}

static bool route_row(struct routes *t, struct slice line)
{
	struct words w;
	size_t i = 0;
	struct slice bare, path;
	struct prefix p;

	words_cut(&w, line);
	while (i < w.n && !word_is_address(w.w[i], &bare) && !prefix_parse(w.w[i], &p))
		i++;
	if (i >= w.n)
		return false;
	if (prefix_parse(w.w[i], &p) || (i + 1 < w.n && word_is_address(w.w[i + 1], &bare))) {
		str_clear(&t->network);
		str_add(&t->network, w.w[i].p, w.w[i].len);
		i++;
	}
	if (i >= w.n || !word_is_address(w.w[i], &bare) || t->network.len == 0)
		return false;
	path = without_origin(slice_from(line, t->path_at));
	route_out_row(t->out, true, str_slice(&t->network), w.w[i], path);
	return true;
}

static void route_line(void *ctx, struct slice line)
{
	struct routes *t = ctx;
	ptrdiff_t at;

	if (block_line(t, line))
		return;
	at = slice_find(line, "Path/Ogn");
	if (at < 0)
		at = slice_find(line, "Path/Origin");
	if (at >= 0) {
		t->path_at = (size_t)at;
		t->seen = true;
	} else if (slice_find(line, "Total Number of Routes") >= 0 || slice_find(line, "Total number of routes") >= 0) {
		t->seen = true;
	} else if (t->path_at > 0 && slice_trim(line).len > 0 && slice_find(line, ":") != 0) {
		if (!route_row(t, line) && slice_find(slice_upto(line, 6), "*") >= 0)
			t->out->seen++;
	}
}

static int routes_done(void *ctx, struct slice head, struct err *e)
{
	struct routes *t = ctx;

	end_block(t, SLICE(""));
	return t->seen ? 0 : refusal_or_not_found(head, "table of routes", e);
}

static void routes_free(void *ctx)
{
	struct routes *t = ctx;

	str_fini(&t->network);
	str_fini(&t->hop);
	free(t);
}

static const struct lines_ops routes_ops = { route_line, routes_done, routes_free };

static struct routes *routes_new(struct route_out *out)
{
	struct routes *t = MEM_NEW(struct routes);

	t->out = out;
	str_init(&t->network, 256);
	str_init(&t->hop, 64);
	return t;
}

struct intake vrp_routes_intake(struct route_out *out)
{
	return lines_intake(&routes_ops, routes_new(out));
}

int vrp_routes(struct report *r, struct slice text, struct err *e)
{
	struct route_out out = route_out_report(r);
	int rc = lines_whole(&routes_ops, routes_new(&out), text, e);

	route_out_report_end(&out);
	return rc;
}
