/*
 * stall SESSIONS PREFIXES - a console's collecting of that many sessions of one network, and how long its thread is kept by
 * any one call; for tests/bench/evidence.py.  Prints "name value" lines: milliseconds of wall time.
 *
 * Routes are handed over outside of the measuring, as they come in the workers' threads.  Each place lacks other
 * prefixes, and another network tells half of them.
 */
#include "app/collect.h"
#include "core/base/clock.h"
#include "core/base/mem.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { PEER_AS = 64501, OTHER_AS = 64502, ASKED_MAX = 256 };

static struct question *asked[ASKED_MAX];
static size_t asked_count;
static double worst, worst_tick, worst_answer, worst_fill;

static void ask(void *ctx, const char *router, struct question *q)
{
	(void)ctx, (void)router;
	if (asked_count < ASKED_MAX)
		asked[asked_count++] = q;
}

static double now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1000 + (double)t.tv_nsec / 1e6;
}

static void measure(double since, double *most)
{
	double ms = now_ms() - since;

	*most = ms > *most ? ms : *most;
	worst = ms > worst ? ms : worst;
}

static void answer(struct question *q, unsigned place, unsigned prefixes)
{
	char prefix[40], path[40];
	double since;

	for (unsigned i = 0; q->kind == ASK_ROUTES && q->side != ROUTES_ADVERTISED && i < prefixes; i++) {
		if (i % 50000 == place)
			continue;
		snprintf(prefix, sizeof(prefix), "%u.%u.%u.0/24", 1 + (i >> 16), i >> 8 & 255, i & 255);
		snprintf(path, sizeof(path), "%d %u", PEER_AS, 65550 + i % 300);
		q->rows_seen++;
		q->rows_parsed++;
		q->each(q->each_ctx, slice_of(prefix), SLICE("192.0.2.1"), slice_of(path));
	}
	if (q->kind == ASK_PING)
		q->report = report_new();
	if (q->kind == ASK_INTERFACE)
		q->report = report_new();
	since = now_ms();
	q->answered(q->answered_ctx, q);
	measure(since, &worst_answer);
}

static void add_session(struct snap_builder *sb, const char *neighbor, asn_t asn)
{
	struct addr a;
	struct session *s;

	addr_parse(slice_of(neighbor), &a);
	s = snap_builder_session(sb, SLICE(""), slice_of(neighbor), AF_IPV4_UNICAST);
	s->peer = a;
	s->remote_as = asn;
	s->local_as = 64500;
	s->state = BGP_ESTABLISHED;
	s->since_s = 1000;
}

static struct config *house(unsigned n)
{
	struct str text;
	struct config *c;
	struct err e = ERR_INIT;

	str_init(&text, 1 << 20);
	str_puts(&text, "local-as = 64500\npeeringdb { enabled = no }\ndata-dir = \"/nonexistent\"\n");
	for (unsigned i = 0; i < n; i++)
		str_addf(&text, "router r%u { os = frr\n address = 127.0.0.1 }\n", i);
	c = config_parse("bench", text.p, &e);
	if (c == NULL) {
		fprintf(stderr, "stall: %s\n", e.text);
		exit(1);
	}
	str_fini(&text);
	return c;
}

static void fill(struct collect *c, struct world *w, struct arena *a, struct evidence *ev)
{
	struct world_session *rows = NULL;
	size_t n = world_sessions(w, &rows), k = 0;
	double since;

	evidence_init(ev, a, PEER_AS, 64500, w->now_wall_ms);
	evidence_sessions(ev, n);
	for (size_t i = 0; i < n; i++)
		if (rows[i].s->remote_as == PEER_AS) {
			ev->sessions[k].router = rows[i].router->conf->name;
			ev->sessions[k++].s = rows[i].s;
		}
	ev->session_count = k;
	free(rows);
	since = now_ms();
	collect_fill(c, ev);
	measure(since, &worst_fill);
}

static bool known(const struct evidence *ev)
{
	bool all = ev->consistent[0].basis.known && ev->consistent[0].compared == ev->session_count;

	for (size_t i = 0; i < ev->session_count; i++)
		all = all && ev->sessions[i].received.basis.known;
	return all;
}

int main(int argc, char **argv)
{
	unsigned n = argc > 1 ? (unsigned)strtoul(argv[1], NULL, 10) : 10, prefixes = argc > 2 ? (unsigned)strtoul(argv[2], NULL, 10) : 200000;
	struct config *conf = house(n);
	struct world w = { .config = conf, .routers = mem_calloc(n, sizeof(*w.routers)), .router_count = n };
	struct collect_way way = { .config = conf, .ask = ask, .threaded = argc < 4 };
	struct err e = ERR_INIT;
	struct collect *c = collect_new(&way, &e);
	double began = now_ms();
	bool done = false;

	for (unsigned i = 0; i < n; i++) {
		struct snap_builder *sb = snap_builder_new(conf->routers[i].name);

		add_session(sb, "192.0.2.1", PEER_AS);
		if (i == 0)
			add_session(sb, "192.0.2.2", OTHER_AS);
		w.routers[i] = (struct world_router){ .conf = &conf->routers[i], .link = { .state = LINK_READY } };
		w.routers[i].snap = snap_builder_freeze(sb, 1);
	}
	for (int round = 0; round < 20000 && !done; round++) {
		struct arena *a = arena_new();
		struct evidence ev;
		double since;

		w.now_boot_ms = clock_boot_ms();
		w.now_wall_ms = clock_wall_ms();
		since = now_ms();
		collect_tick(c, &w, false);
		measure(since, &worst_tick);
		if (round == 0) {
			collect_now(c, OTHER_AS, false);
			collect_now(c, PEER_AS, false);
		}
		while (asked_count > 0) {
			struct question *q = asked[--asked_count];

			answer(q, (unsigned)asked_count, prefixes);
		}
		fill(c, &w, a, &ev);
		done = round > 10 && collect_settled(c, PEER_AS) && known(&ev);
		arena_free(a);
		usleep(5000);
	}
	printf("stall_ms %.1f\nstall_tick_ms %.1f\nstall_answer_ms %.1f\nstall_fill_ms %.1f\ntook_ms %.0f\ndone %d\n", worst, worst_tick, worst_answer,
	    worst_fill, now_ms() - began, done);
	collect_quit(c);
	while (asked_count > 0)
		question_free(asked[--asked_count]);
	collect_free(c);
	for (unsigned i = 0; i < n; i++)
		snap_unref(w.routers[i].snap);
	free(w.routers);
	config_free(conf);
	return done ? 0 : 1;
}
