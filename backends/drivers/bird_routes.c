/*
 * BIRD's routes: `show route [all]` of BIRD 1, 2 and 3.
 *
 * A route's line has "[protocol time]" in it and begins with the prefix, or
 * with blanks where the prefix is the one above; next hops (BIRD 2 and 3) and
 * attributes stand below, named BGP.as_path or bgp_path by version.
 */
#include "backends/drivers/bird.h"
#include "backends/parse/lines.h"

#include <stdlib.h>
#include <string.h>

struct reader {
	struct route_out *out;
	struct str prefix, hop, path; /* of the route whose lines are coming */
	bool open, table;
};

static bool is_destination(struct slice w)
{
	static const char *const words[] = {
		"via", "unicast", "unreachable", "blackhole", "prohibited", "dev", "multipath", "anycast",
	};

	for (size_t i = 0; i < ARRAY_LEN(words); i++)
		if (slice_eq(w, words[i]))
			return true;
	return false;
}

static void set_next_hop(struct reader *t, struct scan c)
{
	struct slice hop;

	if (t->open && t->hop.len == 0 && scan_word(&c, &hop))
		str_add(&t->hop, hop.p, hop.len);
}

/* The lines of a route have all come. */
static void close_route(struct reader *t)
{
	if (t->open)
		route_out_row(t->out, t->prefix.len > 0, str_slice(&t->prefix), str_slice(&t->hop), str_slice(&t->path));
	str_clear(&t->hop);
	str_clear(&t->path);
	t->open = false;
}

/* True if the line begins a route. */
static bool route_line(struct reader *t, struct slice line)
{
	struct scan c = scan_of(line);
	struct slice first, dest;
	bool repeats = line.p[0] == ' ' || line.p[0] == '\t';

	if (slice_find(line, " [") < 0 || !scan_word(&c, &first))
		return false;
	dest = first;
	if (!repeats && !scan_word(&c, &dest))
		return false;
	if (!is_destination(dest))
		return false;
	close_route(t);
	if (!repeats) {
		str_clear(&t->prefix);
		str_add(&t->prefix, first.p, first.len);
	}
	t->open = true;
	if (slice_eq(dest, "via"))
		set_next_hop(t, c);
	return true;
}

static void attribute_line(struct reader *t, struct slice s)
{
	static const char *const path_keys[] = { "BGP.as_path:", "bgp_path:" };

	if (slice_starts(s, "via "))
		set_next_hop(t, scan_of(slice_from(s, 4)));
	for (size_t i = 0; i < ARRAY_LEN(path_keys); i++)
		if (slice_starts(s, path_keys[i]) && t->open && t->path.len == 0) {
			s = slice_trim(slice_from(s, strlen(path_keys[i])));
			str_add(&t->path, s.p, s.len);
		}
}

static void take_line(void *ctx, struct slice line)
{
	struct reader *t = ctx;

	if (slice_starts(line, "Table ") || slice_find(line, "etwork not") >= 0)
		t->table = true;
	else if (slice_trim(line).len > 0 && !route_line(t, line))
		attribute_line(t, slice_trim(line));
}

static int done(void *ctx, struct slice head, struct err *e)
{
	struct reader *t = ctx;

	close_route(t);
	if (bird_greeting(NULL, &head, e) != 0)
		return -1;
	return t->table || t->out->seen > 0 ? 0 : err_set(e, ERR_PARSE, "no route in the answer");
}

static void reader_free(void *ctx)
{
	struct reader *t = ctx;

	str_fini(&t->prefix);
	str_fini(&t->hop);
	str_fini(&t->path);
	free(t);
}

static const struct lines_ops ops = { take_line, done, reader_free };

static struct reader *reader_new(struct route_out *out)
{
	struct reader *t = MEM_NEW(struct reader);

	t->out = out;
	str_init(&t->prefix, 256);
	str_init(&t->hop, 256);
	str_init(&t->path, 65536);
	return t;
}

struct intake bird_routes_intake(struct route_out *out)
{
	return lines_intake(&ops, reader_new(out));
}

int bird_routes(struct report *r, struct slice text, struct err *e)
{
	struct route_out out = route_out_report(r);
	int rc = lines_whole(&ops, reader_new(&out), text, e);

	route_out_report_end(&out);
	return rc;
}
