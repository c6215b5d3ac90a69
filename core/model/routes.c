/* Routes on their way through; see routes.h. */
#include "core/model/routes.h"
#include "core/base/scan.h"
#include "core/model/report.h"

#include <stdlib.h>
#include <string.h>

static const char *const sides[ROUTE_SIDES] = { "received", "accepted", "advertised" };

const char *route_side_word(enum route_side side)
{
	return (unsigned)side < ROUTE_SIDES ? sides[side] : "?";
}

bool route_side_parse(const char *word, enum route_side *side)
{
	for (unsigned i = 0; i < ROUTE_SIDES; i++)
		if (strcmp(word, sides[i]) == 0) {
			*side = (enum route_side)i;
			return true;
		}
	return false;
}

void route_out_row(struct route_out *o, bool whole, struct slice prefix, struct slice next_hop, struct slice as_path)
{
	o->seen++;
	o->parsed += whole ? 1 : 0;
	o->take(o->ctx, prefix, next_hop, as_path);
}

static void into_report(void *ctx, struct slice prefix, struct slice next_hop, struct slice as_path)
{
	struct report *r = ctx;
	struct route *row = report_route(r);
	struct slice words[] = { prefix, next_hop, as_path };
	struct text texts[ARRAY_LEN(words)] = { { NULL } };

	text_safe_row(report_arena(r), words, texts, ARRAY_LEN(words));
	row->prefix = texts[0];
	row->next_hop = texts[1];
	row->as_path = texts[2];
}

struct route_out route_out_report(struct report *r)
{
	r->kind = REPORT_ROUTES;
	return (struct route_out){ .take = into_report, .ctx = r };
}

void route_out_report_end(struct route_out *o)
{
	struct report *r = o->ctx;

	r->rows_seen += o->seen;
	r->rows_parsed += o->parsed;
	o->seen = o->parsed = 0;
}

void tally_init(struct route_tally *t)
{
	*t = (struct route_tally){ .longest = { -1, -1 } };
}

static void count_hop(struct route_tally *t, struct slice next_hop)
{
	struct str safe;

	for (size_t i = 0; i < t->hop_count; i++)
		if (slice_eq(next_hop, t->hops[i].words)) {
			t->hops[i].routes++;
			return;
		}
	if (t->hop_count == TALLY_HOPS || next_hop.len >= TALLY_HOP_LEN) {
		t->other_hops++;
		return;
	}
	str_init(&safe, TALLY_HOP_LEN * 8);
	text_append(&safe, next_hop);
	if (safe.len < TALLY_HOP_LEN) {
		memcpy(t->hops[t->hop_count].words, safe.p, safe.len + 1);
		t->hops[t->hop_count++].routes = 1;
	} else {
		t->other_hops++;
	}
	str_fini(&safe);
}

void tally_route(struct route_tally *t, struct slice prefix, struct slice next_hop)
{
	struct prefix p;
	int kind;

	t->total++;
	if (prefix_parse(prefix, &p)) {
		kind = p.net.family == ADDR_IP6;
		t->of_length[kind][p.len]++;
		if (p.len > t->longest[kind])
			t->longest[kind] = p.len;
	} else {
		t->odd++;
	}
	if (next_hop.len > 0)
		count_hop(t, next_hop);
}

static int more_first(const void *a, const void *b)
{
	const struct tally_hop *x = a, *y = b;

	return x->routes != y->routes ? (x->routes < y->routes ? 1 : -1) : strcmp(x->words, y->words);
}

void tally_sort(struct route_tally *t)
{
	qsort(t->hops, t->hop_count, sizeof(t->hops[0]), more_first);
}

count_t tally_longer(const struct route_tally *t, int kind, int len)
{
	count_t n = 0;

	for (int i = len + 1; i <= 128; i++)
		n += t->of_length[kind][i];
	return n;
}
