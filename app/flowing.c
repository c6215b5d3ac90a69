/* Known traffic in a plan; see flowing.h. */
#include "app/flowing.h"
#include "core/base/clock.h"
#include "core/judge/param.h"

#include <stdio.h>
#include <string.h>

enum {
	PORTS_TOLD = 4,    /* more would push the warnings off the screen */
	LOOKED_UP = 64,    /* sessions; finding an interface goes through all neighbors, and the screen waits */
	SERIES_SAMPLES = 1,
};

struct flowing {
	struct plan *plan;
	const struct collect *collect;
	struct history *history;
	const char *router[LOOKED_UP], *port[LOOKED_UP]; /* seen already */
	size_t ports, told, unknown, looked, more;
};

static bool newest(const struct flowing *f, const char *router, const char *port, const char *what, struct history_sample *out)
{
	char series[HISTORY_NAME_MAX + 1];

	snprintf(series, sizeof(series), "port/%s/%s/%s", router, port, what);
	return history_recent(f->history, series, out, SERIES_SAMPLES) == 1;
}

static bool seen(const struct flowing *f, const char *router, const char *port)
{
	for (size_t i = 0; i < f->ports; i++)
		if (strcmp(f->router[i], router) == 0 && strcmp(f->port[i], port) == 0)
			return true;
	return false;
}

static void port(struct flowing *f, const char *router, const char *name)
{
	char in[PARAM_WORDS_LEN], out[PARAM_WORDS_LEN], age[CLOCK_SPAN_LEN];
	struct history_sample a, b;
	int64_t when;

	f->router[f->ports] = router;
	f->port[f->ports++] = name;
	if (!newest(f, router, name, "in-bps", &a) || !newest(f, router, name, "out-bps", &b)) {
		f->unknown++;
		return;
	}
	if (f->told == PORTS_TOLD) {
		f->more++;
		return;
	}
	f->told++;
	when = a.until_wall_ms < b.until_wall_ms ? a.until_wall_ms : b.until_wall_ms;
	plan_traffic(f->plan, "%s %s, all of it: %s in, %s out, %s ago", router, name, rate_words(a.value, in),
	    rate_words(b.value, out), clock_span((clock_wall_ms() - when) / 1000, age));
}

static void session(struct flowing *f, const struct plan_item *i)
{
	const char *name;

	if (i->skip != NULL || !i->established)
		return;
	if (f->looked == LOOKED_UP) {
		f->unknown++;
		return;
	}
	f->looked++;
	name = collect_interface(f->collect, i->router, i->vrf, i->neighbor);
	if (name[0] == '\0')
		f->unknown++;
	else if (!seen(f, i->router, name))
		port(f, i->router, name);
}

void flowing_note(struct plan *p, const struct collect *collect, struct history *history)
{
	struct flowing f = { .plan = p, .collect = collect, .history = history };

	if (p->op[0] != '\0') /* a drain asks, and tells it with its terms */
		return;
	if (collect == NULL || history == NULL || !verb_info(p->verb)->opens_ledger)
		return;
	for (size_t part = 0; part < p->part_count; part++)
		for (size_t i = 0; i < p->parts[part]->count; i++)
			session(&f, &p->parts[part]->items[i]);
	if (f.more > 0)
		plan_traffic(p, "and on %zu more interface%s: key b tells", f.more, f.more == 1 ? "" : "s");
	if (f.unknown > 0 && f.told == 0)
		plan_traffic(p, "not known yet, which is not none: key b asks");
	else if (f.unknown > 0)
		plan_traffic(p, "of %zu more not known, which is not none: key b asks", f.unknown);
}
