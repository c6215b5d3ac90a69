/*
 * BIRD's routes: `show route [all]` of BIRD 1, 2 and 3.
 *
 * A route's line has "[protocol time]" in it and begins with the prefix, or
 * with blanks where the prefix is the one above; next hops (BIRD 2 and 3) and
 * attributes stand below, named BGP.as_path or bgp_path by version.
 */
#include "backends/drivers/bird.h"
#include "core/base/scan.h"

#include <string.h>

struct reader {
	struct report *r;
	struct text prefix;
	struct route *row;
	bool table;
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

	if (t->row != NULL && !text_known(t->row->next_hop) && scan_word(&c, &hop))
		t->row->next_hop = report_text(t->r, hop);
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
	if (!repeats)
		t->prefix = report_text(t->r, first);
	t->row = report_route(t->r);
	t->row->prefix = t->prefix;
	t->r->rows_seen++;
	t->r->rows_parsed += text_known(t->prefix) ? 1 : 0;
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
		if (slice_starts(s, path_keys[i]) && t->row != NULL)
			t->row->as_path = report_text(t->r, slice_trim(slice_from(s, strlen(path_keys[i]))));
}

int bird_routes(struct report *r, struct slice out, struct err *e)
{
	struct reader t = { .r = r };
	struct slice line;
	struct scan c;

	r->kind = REPORT_ROUTES;
	if (bird_greeting(NULL, &out, e) != 0)
		return -1;
	c = scan_of(out);
	while (scan_line(&c, &line)) {
		if (slice_starts(line, "Table ") || slice_find(line, "etwork not") >= 0)
			t.table = true;
		else if (slice_trim(line).len > 0 && !route_line(&t, line))
			attribute_line(&t, slice_trim(line));
	}
	if (r->route_count == 0 && !t.table)
		return err_set(e, ERR_PARSE, "no route in the answer");
	return 0;
}
