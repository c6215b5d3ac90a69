/*
 * Routes of Junos in the forms that take several lines for each; see junos_read.h.
 *
 *     * 10.0.0.0/8 (1 entry, 1 announced)         10.0.0.0/8   *[BGP/170] 3d 02:00:01, localpref 100
 *          Nexthop: 192.0.2.1                                     AS path: 65001 65002 I, validation-state: valid
 *          AS path: 65001 65002 I                               > to 192.0.2.1 via ge-0/0/0.0
 */
#include "backends/drivers/junos_read.h"
#include "backends/parse/words.h"

enum { PREFIX_OCTETS = 256, PATH_OCTETS = 65536 };

void junos_entry_init(struct junos_entry *t, struct route_out *out)
{
	*t = (struct junos_entry){ .out = out };
	str_init(&t->prefix, PREFIX_OCTETS);
	str_init(&t->hop, PREFIX_OCTETS);
	str_init(&t->path, PATH_OCTETS);
}

void junos_entry_fini(struct junos_entry *t)
{
	str_fini(&t->prefix);
	str_fini(&t->hop);
	str_fini(&t->path);
}

void junos_entry_end(struct junos_entry *t)
{
	if (t->open && t->told)
		route_out_row(t->out, t->hop.len > 0, str_slice(&t->prefix), str_slice(&t->hop), str_slice(&t->path));
	else if (t->open)
		t->out->seen++;
	t->open = t->told = false;
	str_clear(&t->hop);
	str_clear(&t->path);
}

static void begin(struct junos_entry *t)
{
	junos_entry_end(t);
	t->open = t->prefix.len > 0;
}

/* "65001 65002 I, validation-state: valid", "65001 ?  (Looped)": without what follows the origin. */
static struct slice path_of(struct slice words)
{
	struct words w;
	size_t n = 0;

	words_cut(&w, words_upto(words, ",\n"));
	while (n < w.n && !slice_eq(w.w[n], "I") && !slice_eq(w.w[n], "E") && !slice_eq(w.w[n], "?"))
		n++;
	return n > 0 ? words_span(&w, 0, n - 1) : SLICE("");
}

static void take(struct junos_entry *t, struct str *to, struct slice words)
{
	t->told = true;
	if (to->len == 0)
		str_add(to, words.p, words.len);
}

static bool take_part(struct junos_entry *t, struct slice line)
{
	if (slice_starts(line, "AS path:"))
		take(t, &t->path, path_of(slice_from(line, 8)));
	else if (slice_starts(line, "Nexthop:"))
		take(t, &t->hop, words_upto(slice_trim(slice_from(line, 8)), " ,"));
	else if (slice_starts(line, "Next hop:"))
		take(t, &t->hop, words_upto(slice_trim(slice_from(line, 9)), " ,"));
	else if (slice_starts(line, "to ") && slice_find(line, " via ") > 0)
		take(t, &t->hop, words_upto(slice_trim(slice_from(line, 3)), " ,"));
	else
		return false;
	return true;
}

/* "[BGP/170] ...", "*BGP    Preference: 170/-101": a way to the prefix; of another protocol it is no route of BGP. */
static bool take_way(struct junos_entry *t, struct slice line)
{
	while (line.len > 0 && (line.p[0] == '*' || line.p[0] == '+' || line.p[0] == '-'))
		line = slice_from(line, 1);
	if (slice_find(line, "Preference:") > 0) {
		if (!t->open || t->told)
			begin(t);
		t->open = t->open && slice_starts(line, "BGP ");
		return true;
	}
	if (line.len == 0 || line.p[0] != '[' || slice_find(line, "/") < 0 || slice_find(line, "]") < 0)
		return false;
	if (!t->open || t->told)
		begin(t);
	t->open = t->open && slice_starts(line, "[BGP/");
	return true;
}

bool junos_entry_line(struct junos_entry *t, struct slice line)
{
	struct words w;
	struct prefix p;
	size_t i;

	line = slice_trim(line);
	words_cut(&w, line);
	i = w.n > 0 && slice_eq(w.w[0], "*") ? 1 : 0;
	if (i < w.n && prefix_parse(w.w[i], &p)) {
		junos_entry_end(t);
		str_clear(&t->prefix);
		str_add(&t->prefix, w.w[i].p, w.w[i].len);
		t->open = true;
		if (i + 1 < w.n)
			take_way(t, slice_from(line, w.at[i + 1]));
		return true;
	}
	if (take_way(t, line))
		return true;
	if (w.n > 0 && slice_eq(w.w[0], ">"))
		line = slice_trim(slice_from(line, 1));
	return t->open && take_part(t, line);
}
