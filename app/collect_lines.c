/* How the collecting goes, one line for each kind; see collect.h. */
#include "app/collect_priv.h"
#include "core/base/clock.h"
#include "core/base/mem.h"

#include <stdio.h>
#include <string.h>

enum { LINES_MAX = 16 };

struct count {
	size_t all, have, failing;
	int64_t last_wall_ms, next_boot_ms;
	const struct err *err;
	const struct place *at;
};

static void count_one(struct count *n, const struct place *p, bool have, const struct err *e, int64_t wall_ms, int64_t due_boot_ms)
{
	n->all++;
	n->have += have;
	if (e->code != ERR_NONE) {
		n->failing++;
		n->err = e;
		n->at = p;
	}
	if (wall_ms > n->last_wall_ms)
		n->last_wall_ms = wall_ms;
	if (n->next_boot_ms == 0 || due_boot_ms < n->next_boot_ms)
		n->next_boot_ms = due_boot_ms;
}

static struct collector_line line_of(struct arena *a, const char *what, const struct count *n, const char *unit)
{
	struct collector_line l = { .what = text_safez(a, what), .last_wall_ms = n->last_wall_ms };

	l.have = text_safez(a, arena_printf(a, "%zu of %zu %s", n->have, n->all, unit));
	if (n->next_boot_ms != 0)
		l.next_wall_ms = clock_wall_ms() + (n->next_boot_ms > clock_boot_ms() ? n->next_boot_ms - clock_boot_ms() : 0);
	if (n->failing > 0)
		l.trouble = text_safez(a, arena_printf(a, "%zu: %s %s: %s", n->failing, n->at->router, n->at->neighbor, n->err->text));
	return l;
}

static struct collector_line source_line(struct arena *a, struct keeper *k, const char *what, const char *off)
{
	struct collector_line l = { .what = text_safez(a, what) };
	struct keeper_state st;

	if (k == NULL) {
		l.have = text_safez(a, off);
		return l;
	}
	keeper_state(k, &st);
	l.have = text_safez(a, arena_printf(a, "%zu of %zu answers", st.answered, st.wanted));
	l.last_wall_ms = st.last_wall_ms;
	l.next_wall_ms = st.next_wall_ms;
	if (st.failing > 0)
		l.trouble = text_safez(a, arena_printf(a, "%zu: %s", st.failing, st.words));
	return l;
}

static struct collector_line history_line(struct collect *c, struct arena *a)
{
	struct collector_line l = { .what = TEXT_LIT("history") };
	struct history_state st;

	history_state(c->way.history, &st);
	l.have = text_safez(a, arena_printf(a, "%llu written, %llu dropped", (unsigned long long)st.written, (unsigned long long)st.dropped));
	l.last_wall_ms = st.written_wall_ms;
	l.trouble = text_safez(a, st.note);
	return l;
}

size_t collect_lines(struct collect *c, struct arena *a, const struct collector_line **out)
{
	static const char *const sides[ROUTE_SIDES] = { "routes received", "routes accepted", "routes advertised" };
	struct collector_line *l = arena_alloc(a, LINES_MAX * sizeof(*l));
	struct count routes[ROUTE_SIDES] = { { .all = 0 } }, probes = { .all = 0 }, ports = { .all = 0 };
	size_t n = 0;

	for (struct place *p = c->places; p != NULL; p = p->hh.next) {
		if (!p->present)
			continue;
		for (int i = 0; p->up && !p->internal && i < ROUTE_SIDES; i++)
			count_one(&routes[i], p, p->sides[i].set != NULL, &p->sides[i].err, p->sides[i].read_wall_ms, p->sides[i].due_boot_ms);
		if (place_prober(p) == p)
			count_one(&probes, p, p->probe_count > 0, &p->probe_err, p->probe_wall_ms, p->probe_due_ms);
		count_one(&ports, p, p->iface[0] != '\0', &p->port_err, p->port_wall_ms, p->port_due_ms);
	}
	for (int i = 0; i < ROUTE_SIDES; i++)
		l[n++] = line_of(a, sides[i], &routes[i], "sessions");
	l[n++] = line_of(a, "probes", &probes, "neighbors");
	l[n++] = line_of(a, "ports", &ports, "neighbors");
	l[n++] = source_line(a, c->irr, "IRR", "off: no irr block");
	l[n++] = source_line(a, c->rpki, "RPKI", "off: no rpki block");
	l[n++] = source_line(a, c->prometheus, "Prometheus", "off: no prometheus block");
	l[n++] = source_line(a, c->ripestat, "RIPEstat", "off: not enabled");
	l[n++] = source_line(a, c->rdap, "RDAP", "off: not enabled");
	l[n++] = source_line(a, c->past, "past samples", "off");
	l[n++] = history_line(c, a);
	*out = l;
	return n;
}
