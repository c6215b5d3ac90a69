/*
 * Collecting, with routers that are a list of routes: who is asked when, and what the evidence says of it.
 */
#include "app/collect.h"
#include "app/flowing.h"
#include "core/base/clock.h"
#include "core/base/mem.h"
#include "core/base/scan.h"
#include "core/judge/assemble.h"
#include "tests/unit/spawned.h"

#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

enum { ROUTERS = 2, ASKED_MAX = 64, WAIT_MS = 20000 };

/* What a router answers to ASK_ROUTES of one neighbor and side: rows "prefix|next hop|path", or an error. */
struct answer {
	const char *router, *neighbor;
	enum route_side side;
	const char *const *rows;
	const char *error;
	bool cut; /* one row more was seen than could be read */
};

struct bench {
	struct config *config;
	struct world w;
	struct world_router routers[ROUTERS];
	struct collect *c;
	const struct answer *answers;
	struct question *asked[ASKED_MAX];
	const char *asked_router[ASKED_MAX];
	size_t asked_count, asked_ever;
	unsigned in_flight[ROUTERS], most_in_flight;
	char dir[64];
	bool real; /* the clock runs: slow sources are asked over sockets, whose deadlines must not jump */
};

static bool threaded; /* all of it once more with the thread of the console */

static void ask(void *ctx, const char *router, struct question *q)
{
	struct bench *b = ctx;
	unsigned *n = &b->in_flight[strcmp(router, "r2") == 0];

	assert_true(b->asked_count < ASKED_MAX);
	b->asked_router[b->asked_count] = router;
	b->asked[b->asked_count++] = q;
	b->asked_ever++;
	if (++*n > b->most_in_flight)
		b->most_in_flight = *n;
}

static void add_session(struct snap_builder *sb, const char *neighbor, asn_t asn, enum bgp_state state)
{
	struct session *s;
	struct addr a;

	assert_true(addr_parse(slice_of(neighbor), &a));
	s = snap_builder_session(sb, SLICE(""), slice_of(neighbor), a.family == ADDR_IP6 ? AF_IPV6_UNICAST : AF_IPV4_UNICAST);
	s->peer = a;
	s->remote_as = asn;
	s->local_as = 64500;
	s->state = state;
	s->since_s = 1000;
}

static void begin(struct bench *b, const struct answer *answers, const char *more)
{
	struct err e = ERR_INIT;
	char *text;
	struct collect_way way = { .ask = ask, .ctx = b };

	*b = (struct bench){ .answers = answers };
	snprintf(b->dir, sizeof(b->dir), "/tmp/peerdeck-collect-XXXXXX");
	assert_non_null(mkdtemp(b->dir));
	text = mem_printf("local-as = 64500\ndata-dir = \"%s\"\nrouter r1 { os = frr\n address = 127.0.0.1 }\n"
			  "router r2 { os = frr\n address = 127.0.0.1 }\npeeringdb { enabled = no }\n%s\n", b->dir, more);
	b->config = config_parse("test", text, &e);
	if (b->config == NULL)
		fail_msg("%s", e.text);
	free(text);
	b->real = strstr(more, "irr {") != NULL;
	if (!b->real)
		clock_fake(1000000, 1790000000000);
	b->w = (struct world){ .config = b->config, .routers = b->routers, .router_count = ROUTERS };
	for (size_t i = 0; i < ROUTERS; i++) {
		struct snap_builder *sb = snap_builder_new(b->config->routers[i].name);

		add_session(sb, "192.0.2.1", 64501, BGP_ESTABLISHED);
		add_session(sb, "192.0.2.9", 64509, i == 0 ? BGP_ESTABLISHED : BGP_ACTIVE);
		b->routers[i] = (struct world_router){ .conf = &b->config->routers[i], .link = { .state = LINK_READY } };
		b->routers[i].snap = snap_builder_freeze(sb, 1);
	}
	way.config = b->config;
	way.threaded = threaded;
	b->c = collect_new(&way, &e);
	if (e.code != ERR_NONE)
		fail_msg("%s", e.text);
}

static void finish(struct bench *b)
{
	DIR *d;
	struct dirent *entry;

	collect_free(b->c);
	for (size_t i = 0; i < b->asked_count; i++)
		question_free(b->asked[i]);
	for (size_t i = 0; i < ROUTERS; i++)
		snap_unref(b->routers[i].snap);
	config_free(b->config);
	d = opendir(b->dir);
	while (d != NULL && (entry = readdir(d)) != NULL)
		unlinkat(dirfd(d), entry->d_name, 0);
	if (d != NULL)
		closedir(d);
	rmdir(b->dir);
	clock_real();
}

static void tick(struct bench *b, int64_t ms, bool quiet)
{
	if (b->real)
		collect_again(b->c);
	else
		clock_fake_advance(ms);
	b->w.now_boot_ms = clock_boot_ms();
	b->w.now_wall_ms = clock_wall_ms();
	collect_tick(b->c, &b->w, quiet);
}

static void answer_routes(const struct bench *b, const char *router, struct question *q)
{
	char neighbor[ADDR_STRLEN];
	const struct answer *a = b->answers;

	addr_print(&q->peer, neighbor);
	for (; a->router != NULL; a++)
		if (strcmp(a->router, router) == 0 && strcmp(a->neighbor, neighbor) == 0 && a->side == q->side)
			break;
	if (a->router == NULL || a->error != NULL) {
		err_set(&q->err, ERR_DEVICE, "%s", a->error != NULL ? a->error : "no such thing");
		return;
	}
	for (const char *const *row = a->rows; *row != NULL; row++) {
		struct slice rest = slice_of(*row), part[3];

		for (int i = 0; i < 3; i++) {
			struct scan c = scan_of(rest);

			scan_until(&c, '|', &part[i]);
			rest = scan_rest(&c);
			if (rest.len > 0 && rest.p[0] == '|')
				rest = slice_from(rest, 1);
		}
		q->rows_seen++;
		q->rows_parsed++;
		tally_route(&q->tally, part[0], part[1]);
		q->each(q->each_ctx, part[0], part[1], part[2]);
	}
	q->rows_seen += a->cut;
	tally_sort(&q->tally);
}

/* Answers the oldest question. */
static void answer_one(struct bench *b)
{
	struct question *q = b->asked[0];
	const char *router = b->asked_router[0];

	b->asked_count--;
	memmove(b->asked, b->asked + 1, b->asked_count * sizeof(b->asked[0]));
	memmove(b->asked_router, b->asked_router + 1, b->asked_count * sizeof(b->asked_router[0]));
	b->in_flight[strcmp(router, "r2") == 0]--;
	if (q->kind == ASK_ROUTES) {
		answer_routes(b, router, q);
	} else if (q->kind == ASK_PING) {
		q->report = report_new();
		q->report->ping = (struct ping){ .sent = 10, .received = 9, .min_ms = 1, .avg_ms = 2, .max_ms = 9, .mdev_ms = 0.5 };
	} else {
		struct iface *f;

		q->report = report_new();
		f = report_iface(q->report);
		f->name = TEXT_LIT("ix0");
		f->speed_bps = 10000000000;
		f->input_octets = (count_t)(clock_boot_ms() * 125000); /* 1 Gbit/s */
		f->output_octets = (count_t)(clock_boot_ms() * 12500);
	}
	q->answered(q->answered_ctx, q);
}

/* Everything that is asked for about the network, answered at once. */
static void collect_all(struct bench *b, asn_t asn)
{
	tick(b, 1000, true);
	collect_now(b->c, asn, true);
	for (int i = 0; i < 400 && (!collect_settled(b->c, asn) || b->asked_count > 0); i++) {
		while (b->asked_count > 0)
			answer_one(b);
		if (threaded)
			usleep(1000);
		tick(b, 1000, false);
	}
	assert_true(collect_settled(b->c, asn));
	clock_real();
	collect_again(b->c);
	b->w.now_boot_ms = clock_boot_ms();
	b->w.now_wall_ms = clock_wall_ms();
	collect_tick(b->c, &b->w, true);
	assert_true(collect_sources_settled(b->c, clock_boot_ms() + WAIT_MS));
}

static bool compared(const struct basis *b)
{
	return b->known || strstr(text_or(b->missing, ""), "being compared") == NULL;
}

static bool all_compared(const struct evidence *ev)
{
	bool all = compared(&ev->consistent[0].basis) && compared(&ev->consistent[1].basis) && compared(&ev->sent[0].basis);

	for (size_t i = 0; i < ev->session_count; i++) {
		const struct prefix_facts *r = &ev->sessions[i].received, *t = &ev->sessions[i].advertised;

		all = all && compared(&r->registered.basis) && compared(&r->rpki.basis) && compared(&r->seen_elsewhere.basis) &&
			compared(&r->filter.basis) && compared(&t->own_macro.basis) &&
			compared(&t->rpki.basis) && compared(&t->seen_elsewhere.basis);
	}
	return all;
}

static void fill_once(struct bench *b, asn_t asn, struct arena *a, struct evidence *ev)
{
	struct world_session *rows = NULL;
	size_t n = world_sessions(&b->w, &rows), k = 0;

	evidence_init(ev, a, asn, 64500, b->w.now_wall_ms);
	for (size_t i = 0; i < n; i++)
		k += rows[i].s->remote_as == asn;
	evidence_sessions(ev, k);
	k = 0;
	for (size_t i = 0; i < n; i++)
		if (rows[i].s->remote_as == asn) {
			ev->sessions[k].router = rows[i].router->conf->name;
			ev->sessions[k++].s = rows[i].s;
		}
	free(rows);
	collect_fill(b->c, ev);
}

/* What is not compared yet is said to be so, and is there soon. */
static void fill(struct bench *b, asn_t asn, struct arena *a, struct evidence *ev)
{
	for (int i = 0; i < 2000; i++) {
		fill_once(b, asn, a, ev);
		if (!threaded)
			return;
		usleep(1000);
		collect_tick(b->c, &b->w, true);
		fill_once(b, asn, a, ev);
		if (all_compared(ev) && i > 20) /* a digest that is there may still be of the former sets of others */
			return;
	}
	fail_msg("the sets were not compared");
}

#define ROWS(...) (const char *const[]){ __VA_ARGS__, NULL }
#define HOP "|192.0.2.1|64501"

static void everything_is_compared(void **state)
{
	const struct answer answers[] = {
		{ "r1", "192.0.2.1", ROUTES_RECEIVED, ROWS("10.0.0.0/8" HOP, "10.1.0.0/25" HOP " 64502", "0.0.0.0/0|192.0.2.7|64501"), NULL, false },
		{ "r2", "192.0.2.1", ROUTES_RECEIVED, ROWS("10.0.0.0/8" HOP), NULL, false },
		{ "r1", "192.0.2.1", ROUTES_ACCEPTED, ROWS("10.0.0.0/8" HOP), NULL, false },
		{ "r1", "192.0.2.1", ROUTES_ADVERTISED, ROWS("198.51.100.0/24||", "203.0.113.0/24||"), NULL, false },
		{ "r1", "192.0.2.9", ROUTES_RECEIVED, ROWS("10.0.0.0/8|192.0.2.9|64509 64501"), NULL, false },
		{ NULL, NULL, ROUTES_RECEIVED, NULL, NULL, false },
	};
	struct bench b;
	struct arena *a = arena_new();
	struct evidence ev;
	const struct prefix_facts *f;

	(void)state;
	begin(&b, answers, "");
	collect_all(&b, 64501);
	clock_fake(2000000, 1790001000000);
	collect_all(&b, 64509);
	fill(&b, 64501, a, &ev);
	f = &ev.sessions[0].received;
	assert_true(f->basis.known && !f->after_policy && f->count == 3 && f->longest == 25 && f->default_route);
	assert_string_equal(f->longest_prefix.s, "10.1.0.0/25 AS64502");
	assert_true(f->of_length[8] == 1 && f->of_length[0] == 1);
	assert_true(f->next_hops.basis.known && f->next_hops.good == 2 && f->next_hops.bad == 1);
	assert_string_equal(f->next_hops.examples[0].s, "192.0.2.7");
	assert_true(ev.consistent[0].basis.known && ev.consistent[0].compared == 2 && ev.consistent[0].unread == 0);
	assert_true(ev.consistent[0].total == 3 && ev.consistent[0].in_all == 1 && ev.consistent[0].difference_count == 1);
	assert_true(ev.consistent[0].differences[0].session == 1 && ev.consistent[0].differences[0].missing == 2);
	assert_string_equal(ev.consistent[0].differences[0].examples[0].s, "0.0.0.0/0");
	assert_true(ev.sessions[0].advertised.basis.known && ev.sessions[0].advertised.count == 2);
	/* Another network tells a path to 64501's prefix; what it does not tell proves nothing: it is no full table. */
	assert_true(ev.visible.basis.known && ev.visible.seen == TRI_YES);
	assert_false(f->seen_elsewhere.basis.known);
	assert_non_null(strstr(f->seen_elsewhere.basis.missing.s, "full table"));
	assert_true(ev.sessions[1].received.seen_elsewhere.basis.known && ev.sessions[1].received.seen_elsewhere.good == 1);
	/* Without the blocks in the configuration nothing is known of registries and payloads. */
	assert_false(f->registered.basis.known || f->rpki.basis.known || ev.irr.basis.known);
	/* Probes and ports. */
	assert_true(ev.sessions[0].quality.basis.known && ev.sessions[0].quality.window_count == 1);
	assert_true(ev.sessions[0].quality.windows[0].received == 9 && ev.sessions[0].quality.windows[0].p95_ms == 9);
	assert_true(ev.port_count == 2 && ev.sessions[0].port == 0 && ev.ports[0].speed_mbit == 10000);
	arena_free(a);
	finish(&b);
}

static struct plan *plan_of(enum verb verb)
{
	static const char *const who[][2] = { { "r1", "192.0.2.1" }, { "r1", "192.0.2.9" }, { "r2", "192.0.2.1" } };
	struct plan *p = plan_new(verb, "test", NULL, NULL);
	struct plan_part *part = MEM_NEW(struct plan_part);

	part->arena = arena_new();
	part->count = ARRAY_LEN(who);
	part->items = arena_alloc(part->arena, sizeof(*part->items) * part->count);
	for (size_t i = 0; i < part->count; i++)
		part->items[i] = (struct plan_item){ .router = who[i][0], .vrf = "", .neighbor = who[i][1], .handle = "",
			.network = "", .verb = verb, .established = true };
	plan_join(p, part);
	return p;
}

static void told_of_traffic(const struct plan *p, const char *const *lines)
{
	size_t n = 0;

	for (; lines[n] != NULL; n++)
		assert_true(n < p->traffic_count && strcmp(p->traffic[n], lines[n]) == 0);
	assert_int_equal(p->traffic_count, n);
}

/* What was counted is told with its age, each interface once; what was not is said to be unknown, not left out. */
static void a_plan_tells_what_was_counted(void **state)
{
	static const struct answer none[] = { { NULL, NULL, ROUTES_RECEIVED, NULL, NULL, false } };
	static const struct history_conf conf = { .fine_s = 3600 };
	struct history *h = history_open(NULL, &conf);
	struct bench b;
	struct plan *p;

	(void)state;
	begin(&b, none, "");
	p = plan_of(VERB_SUSPEND);
	flowing_note(p, b.c, h);
	told_of_traffic(p, (const char *const[]){ "not known yet, which is not none: key b asks", NULL });
	plan_unref(p);
	collect_all(&b, 64501);
	clock_fake(2000000, 1790001000000);
	collect_all(&b, 64509);
	clock_fake(3000000, 1790002000000);
	assert_true(history_put(h, HISTORY_GAUGE, "port/r1/ix0/in-bps", clock_wall_ms() - 120000, 2500000000.0));
	assert_true(history_put(h, HISTORY_GAUGE, "port/r1/ix0/out-bps", clock_wall_ms() - 110000, 40000000.0));
	assert_true(history_put(h, HISTORY_GAUGE, "port/r2/ix0/in-bps", clock_wall_ms(), 1.0)); /* one way only */
	p = plan_of(VERB_SUSPEND);
	flowing_note(p, b.c, h);
	told_of_traffic(p, (const char *const[]){ "r1 ix0, all of it: 2.5 Gbit/s in, 40 Mbit/s out, 2m ago",
		"of 1 more not known, which is not none: key b asks", NULL });
	plan_unref(p);
	p = plan_of(VERB_RESUME);
	flowing_note(p, b.c, h);
	assert_int_equal(p->traffic_count, 0);
	flowing_note(p, NULL, h);
	assert_int_equal(p->traffic_count, 0);
	plan_unref(p);
	finish(&b);
	history_close(h);
}

/* A process before this one has probed: good, then bad three times, then one that is too long ago to count. */
static void windows_of_probes_survive_a_restart(void **state)
{
	static const struct answer none[] = { { NULL, NULL, ROUTES_RECEIVED, NULL, NULL, false } };
	static const struct { int64_t ago_s; double loss; } past[] = { { 7200, 100 }, { 1200, 0 }, { 900, 50 }, { 600, 50 }, { 300, 50 } };
	struct arena *a = arena_new();
	const struct quality_facts *q;
	struct history *h;
	struct evidence ev;
	struct bench b;
	int64_t now;

	(void)state;
	begin(&b, none, "");
	clock_real();
	now = clock_wall_ms();
	h = history_open(b.dir, &b.config->history);
	for (size_t i = 0; i < ARRAY_LEN(past); i++) {
		assert_true(history_put(h, HISTORY_GAUGE, "probe/r1//192.0.2.1/loss-percent", now - past[i].ago_s * 1000, past[i].loss));
		assert_true(history_put(h, HISTORY_GAUGE, "probe/r1//192.0.2.1/avg-ms", now - past[i].ago_s * 1000, 7));
	}
	history_close(h);
	collect_again(b.c);
	b.w.now_boot_ms = clock_boot_ms();
	b.w.now_wall_ms = clock_wall_ms();
	collect_tick(b.c, &b.w, true);
	assert_true(collect_sources_settled(b.c, clock_boot_ms() + WAIT_MS));
	fill(&b, 64501, a, &ev);
	q = &ev.sessions[0].quality;
	assert_true(q->basis.known);
	assert_non_null(strstr(q->basis.source.s, "as the history has it"));
	assert_int_equal(q->window_count, 4);
	assert_true(q->windows[0].told && q->windows[0].loss_percent == 50 && q->windows[3].loss_percent == 0 && q->windows[3].avg_ms == 7);
	assert_true(q->windows[0].wall_ms == now - 300000 && q->windows[3].wall_ms == now - 1200000);
	assert_false(ev.sessions[1].quality.basis.known);
	/* One more probe of our own stands before them. */
	collect_now(b.c, 64501, true);
	for (int i = 0; i < 200 && !collect_settled(b.c, 64501); i++) {
		collect_again(b.c);
		b.w.now_boot_ms = clock_boot_ms() + i * 1000;
		collect_tick(b.c, &b.w, false);
		while (b.asked_count > 0)
			answer_one(&b);
	}
	fill(&b, 64501, a, &ev);
	q = &ev.sessions[0].quality;
	assert_int_equal(q->window_count, 5);
	assert_true(!q->windows[0].told && q->windows[0].received == 9 && q->windows[1].loss_percent == 50);
	arena_free(a);
	finish(&b);
}

/* What we send, as the peer may judge it: over its two sessions, against payloads and the tables of others. */
static void what_we_advertise_is_judged_like_what_is_received(void **state)
{
	const struct answer answers[] = {
		{ "r1", "192.0.2.1", ROUTES_RECEIVED, ROWS("10.0.0.0/8" HOP), NULL, false },
		{ "r1", "192.0.2.9", ROUTES_RECEIVED, ROWS("198.51.100.0/24|192.0.2.9|64509 64502"), NULL, false },
		{ "r1", "192.0.2.1", ROUTES_ADVERTISED, ROWS("198.51.100.0/24|0.0.0.0|64502", "203.0.113.0/24|0.0.0.0|"), NULL, false },
		{ "r2", "192.0.2.1", ROUTES_ADVERTISED, ROWS("198.51.100.0/24|192.0.2.77|64502"), NULL, false },
		{ NULL, NULL, ROUTES_RECEIVED, NULL, NULL, false },
	};
	char vrp[] = "/tmp/peerdeck-vrps-XXXXXX", more[200];
	int fd = mkstemp(vrp);
	struct arena *a = arena_new();
	const struct prefix_facts *f;
	struct evidence ev, seen;
	struct bench b;

	(void)state;
	assert_true(dprintf(fd, "{\"roas\":[{\"asn\":\"AS64999\",\"prefix\":\"198.51.100.0/24\",\"maxLength\":24},"
		"{\"asn\":\"AS64500\",\"prefix\":\"203.0.113.0/24\",\"maxLength\":24}]}") > 0);
	close(fd);
	snprintf(more, sizeof(more), "rpki { vrp-file = \"%s\" }", vrp);
	begin(&b, answers, more);
	clock_real();
	b.real = true;
	collect_all(&b, 64501);
	collect_all(&b, 64509);
	assert_true(collect_sources_settled(b.c, clock_boot_ms() + WAIT_MS));
	fill(&b, 64501, a, &ev);
	assert_false(ev.sessions[0].advertised.rpki.basis.known || ev.sent[0].basis.known); /* nobody asked */
	collect_mirror(b.c, 64501);
	fill(&b, 64501, a, &ev);
	evidence_mirror(&ev, NULL, NULL, &seen, a);
	f = &seen.sessions[0].received;
	assert_true(f->basis.known && f->count == 2);
	/* Our own prefix has no path and is ours. */
	assert_true(f->rpki.basis.known && f->rpki.good == 1 && f->rpki.bad == 1);
	assert_string_equal(f->rpki.examples[0].s, "198.51.100.0/24 AS64502");
	assert_true(f->next_hops.basis.known && f->next_hops.good == 2 && f->next_hops.bad == 0);
	/* What a router shows before it puts its own address in is not known. */
	assert_false(seen.sessions[1].received.next_hops.basis.known);
	assert_non_null(strstr(seen.sessions[1].received.next_hops.basis.missing.s, "before it puts its own"));
	/* One more network tells the one; of the other nothing follows without a full table. */
	assert_false(f->seen_elsewhere.basis.known);
	assert_true(seen.sessions[1].received.seen_elsewhere.basis.known && seen.sessions[1].received.seen_elsewhere.good == 1);
	assert_true(seen.consistent[0].basis.known && seen.consistent[0].compared == 2 && seen.consistent[0].difference_count == 1);
	assert_string_equal(seen.consistent[0].differences[0].examples[0].s, "203.0.113.0/24");
	assert_true(seen.consistent[0].differences[0].session == 1);
	assert_false(f->filter.basis.known || seen.visible.basis.known); /* with words */
	assert_true(f->filter.basis.missing.s != NULL && seen.visible.basis.missing.s != NULL);
	arena_free(a);
	finish(&b);
	unlink(vrp);
}

/* Two private ports that are full in turns: together they are never as full as the sum of both. */
static void ports_that_were_counted_together_are_summed(void **state)
{
	static const struct answer none[] = { { NULL, NULL, ROUTES_RECEIVED, NULL, NULL, false } };
	static const char *const series[] = { "port/r1/ix0/in-bps", "port/r1/ix0/out-bps", "port/r2/ix0/in-bps", "port/r2/ix0/out-bps" };
	struct arena *a = arena_new();
	struct history *h;
	struct evidence ev;
	struct bench b;

	(void)state;
	begin(&b, none, "");
	clock_real();
	b.real = true;
	h = history_open(b.dir, &b.config->history);
	for (int k = 0; k < 4; k++)
		for (int i = 0; i < 100; i++)
			assert_true(history_put(h, HISTORY_GAUGE, series[k], clock_wall_ms() - (int64_t)(101 - i) * 300000, (k < 2) == (i < 50) ? 9e9 + i : 1e9 + i));
	history_close(h);
	for (size_t i = 0; i < ROUTERS; i++) {
		struct snap_builder *sb = snap_builder_new(b.config->routers[i].name);

		snap_unref(b.routers[i].snap);
		add_session(sb, "192.0.2.1", 64501, BGP_ESTABLISHED);
		b.routers[i].snap = snap_builder_freeze(sb, 1);
	}
	collect_all(&b, 64501);
	assert_true(collect_sources_settled(b.c, clock_boot_ms() + WAIT_MS));
	fill(&b, 64501, a, &ev); /* asks for the sum */
	assert_true(ev.port_count == 2 && ev.ports[0].private_port == TRI_YES && ev.traffic.basis.known);
	assert_true(collect_sources_settled(b.c, clock_boot_ms() + WAIT_MS));
	fill(&b, 64501, a, &ev);
	assert_true(ev.traffic.basis.known && ev.traffic.in_least_bps == 0 && ev.traffic.out_least_bps == 0);
	assert_true(ev.traffic.in_p95_bps > 9.9e9 && ev.traffic.in_p95_bps < 10.1e9);
	arena_free(a);
	finish(&b);
}

/* One neighbor, both families: one ping a round, one sample a round, and both sessions stand on it. */
static void both_families_of_a_neighbor_are_pinged_once(void **state)
{
	static const struct answer none[] = { { NULL, NULL, ROUTES_RECEIVED, NULL, NULL, false } };
	struct arena *a = arena_new();
	struct snap_builder *sb;
	struct session *six;
	struct evidence ev;
	struct bench b;
	size_t pings = 0;

	(void)state;
	begin(&b, none, "evidence { probe-gap = 1s\n ping-every = 5m }");
	snap_unref(b.routers[0].snap);
	sb = snap_builder_new(b.config->routers[0].name);
	add_session(sb, "192.0.2.1", 64501, BGP_ESTABLISHED);
	six = snap_builder_session(sb, SLICE(""), SLICE("192.0.2.1"), AF_IPV6_UNICAST);
	add_session(sb, "192.0.2.1", 64501, BGP_ESTABLISHED);
	six->remote_as = 64501;
	six->local_as = 64500;
	six->state = BGP_ESTABLISHED;
	assert_true(addr_parse(SLICE("192.0.2.1"), &six->peer));
	b.routers[0].snap = snap_builder_freeze(sb, 1);
	for (int i = 0; i < 250; i++) {
		tick(&b, 1000, false);
		while (b.asked_count > 0) {
			pings += b.asked[0]->kind == ASK_PING && strcmp(b.asked_router[0], "r1") == 0;
			answer_one(&b);
		}
	}
	fill(&b, 64501, a, &ev);
	assert_int_equal(pings, 1);
	for (size_t i = 0; i < ev.session_count; i++)
		if (strcmp(ev.sessions[i].router, "r1") == 0) {
			assert_true(ev.sessions[i].quality.basis.known);
			assert_int_equal(ev.sessions[i].quality.window_count, 1);
			pings++;
		}
	assert_int_equal(pings, 3); /* the one ping, and both sessions */
	arena_free(a);
	finish(&b);
}

static void what_is_not_whole_is_unknown(void **state)
{
	const struct answer answers[] = {
		{ "r1", "192.0.2.1", ROUTES_RECEIVED, NULL, "no soft-reconfiguration; configure: neighbor 192.0.2.1 soft-reconfiguration inbound", false },
		{ "r1", "192.0.2.1", ROUTES_ACCEPTED, ROWS("10.0.0.0/8" HOP), NULL, false },
		{ "r1", "192.0.2.1", ROUTES_ADVERTISED, ROWS("198.51.100.0/24||", "nonsense||"), NULL, false },
		{ "r2", "192.0.2.1", ROUTES_RECEIVED, ROWS("10.0.0.0/8" HOP), NULL, true },
		{ NULL, NULL, ROUTES_RECEIVED, NULL, NULL, false },
	};
	struct bench b;
	struct arena *a = arena_new();
	struct evidence ev;

	(void)state;
	begin(&b, answers, "");
	collect_all(&b, 64501);
	fill(&b, 64501, a, &ev);
	/* Behind the policy something is there, and the line that would show the rest is named. */
	assert_true(ev.sessions[0].received.basis.known && ev.sessions[0].received.after_policy);
	assert_non_null(strstr(ev.sessions[0].received.basis.missing.s, "soft-reconfiguration inbound"));
	assert_false(ev.sessions[0].advertised.basis.known);
	assert_non_null(strstr(ev.sessions[0].advertised.basis.missing.s, "could not be read"));
	assert_false(ev.sessions[1].received.basis.known);
	assert_non_null(strstr(ev.sessions[1].received.basis.missing.s, "1 of 2 rows"));
	assert_false(ev.consistent[0].basis.known);
	assert_int_equal(ev.consistent[0].unread, 2);
	arena_free(a);
	finish(&b);
}

static void an_old_set_outlives_a_failure(void **state)
{
	const struct answer good[] = {
		{ "r1", "192.0.2.1", ROUTES_RECEIVED, ROWS("10.0.0.0/8" HOP, "10.1.0.0/16" HOP), NULL, false },
		{ NULL, NULL, ROUTES_RECEIVED, NULL, NULL, false },
	};
	const struct answer other[] = {
		{ "r1", "192.0.2.1", ROUTES_RECEIVED, ROWS("10.0.0.0/8" HOP, "10.2.0.0/16" HOP, "10.3.0.0/16" HOP), NULL, false },
		{ NULL, NULL, ROUTES_RECEIVED, NULL, NULL, false },
	};
	static const struct answer failing[] = { { NULL, NULL, ROUTES_RECEIVED, NULL, NULL, false } };
	struct bench b;
	struct arena *a = arena_new();
	struct evidence ev;

	(void)state;
	begin(&b, good, "");
	collect_all(&b, 64501);
	clock_fake(2000000, 1790001000000);
	b.answers = other;
	collect_all(&b, 64501);
	fill(&b, 64501, a, &ev);
	assert_true(ev.sessions[0].received.count == 3 && ev.sessions[0].received.added == 2 && ev.sessions[0].received.removed == 1);
	clock_fake(3000000, 1790002000000);
	b.answers = failing;
	collect_all(&b, 64501);
	fill(&b, 64501, a, &ev);
	assert_true(ev.sessions[0].received.basis.known && ev.sessions[0].received.count == 3);
	arena_free(a);
	finish(&b);
}

static void routers_do_not_notice(void **state)
{
	static const struct answer none[] = { { NULL, NULL, ROUTES_RECEIVED, NULL, NULL, false } };
	struct bench b;

	(void)state;
	begin(&b, none, "evidence { routes-gap = 30s\n probe-gap = 5s\n ping-every = 5m }");
	for (int i = 0; i < 100; i++)
		tick(&b, 1000, true);
	assert_int_equal(b.asked_ever, 0); /* an action runs */
	for (int i = 0; i < 600; i++) {
		tick(&b, 1000, false);
		while (b.asked_count > 0)
			answer_one(&b);
	}
	assert_int_equal(b.most_in_flight, 1);
	assert_true(b.asked_ever > 10 && b.asked_ever < 2 * 600 / 5);
	b.routers[0].link.state = b.routers[1].link.state = LINK_WAITING;
	tick(&b, 600000, false);
	{
		size_t before = b.asked_ever;

		for (int i = 0; i < 100; i++)
			tick(&b, 10000, false);
		assert_int_equal(b.asked_ever, before);
	}
	finish(&b);
}

static void lost_questions_leak_nothing(void **state)
{
	static const struct answer none[] = { { NULL, NULL, ROUTES_RECEIVED, NULL, NULL, false } };
	struct bench b;

	(void)state;
	begin(&b, none, "");
	tick(&b, 1000, false);
	assert_true(b.asked_count > 0);
	finish(&b); /* the console ends while they are under way */
}

static const char database[] =
    "{\"sources\": {\"RADB\": {\"sets\": {}, \"routes\": {\"64501\": [\"10.0.0.0/8\"], \"64500\": [\"198.51.100.0/24\"]}}}}";

static void write_file(const char *path, const char *text)
{
	FILE *f = fopen(path, "w");

	assert_non_null(f);
	fputs(text, f);
	fclose(f);
}

static const char with_customers[] = "{\"sources\":{\"RADB\":{\"sets\":{},\"routes\":{\"64501\":[\"10.0.0.0/8\"],\"64510\":[\"10.10.0.0/16\"]}}}}";

/* A customer's route object counts although no macro names the customer; another has none, and that is known as well. */
static void an_origin_outside_of_the_macro_is_asked_for(void **state)
{
	const struct answer answers[] = {
		{ "r1", "192.0.2.1", ROUTES_RECEIVED, ROWS("10.0.0.0/8" HOP, "10.10.0.0/16" HOP " 64510", "10.11.0.0/16" HOP " 64511"), NULL, false },
		{ "r1", "192.0.2.1", ROUTES_ACCEPTED, ROWS("10.0.0.0/8" HOP, "10.10.0.0/16" HOP " 64510"), NULL, false },
		{ NULL, NULL, ROUTES_RECEIVED, NULL, NULL, false },
	};
	char irr[] = "/tmp/peerdeck-collect-irr-XXXXXX", *more;
	struct arena *a = arena_new();
	const struct prefix_facts *f;
	struct spawned server;
	struct evidence ev;
	struct bench b;

	(void)state;
	close(mkstemp(irr));
	write_file(irr, with_customers);
	assert_int_equal(spawned_start(&server, "tests/data/irr_server.py", irr), 0);
	more = mem_printf("irr { host = 127.0.0.1\n port = %u }", server.port);
	begin(&b, answers, more);
	free(more);
	collect_all(&b, 64501);
	fill(&b, 64501, a, &ev);
	f = &ev.sessions[0].received;
	assert_true(f->registered.basis.known && f->registered.good == 1 && f->registered.bad == 0 && f->registered.open == 2);
	assert_false(f->filter.basis.known);
	collect_again(b.c);
	collect_tick(b.c, &b.w, true);
	assert_true(collect_sources_settled(b.c, clock_boot_ms() + WAIT_MS));
	for (int i = 0; i < 200 && ev.sessions[0].received.registered.open > 0; i++)
		fill(&b, 64501, a, &ev);
	f = &ev.sessions[0].received;
	assert_true(f->registered.good == 2 && f->registered.bad == 1 && f->registered.open == 0);
	assert_string_equal(f->registered.examples[0].s, "10.11.0.0/16 AS64511");
	assert_true(f->filter.basis.known && f->filter.good == 2 && f->filter.bad == 0);
	spawned_stop(&server);
	arena_free(a);
	finish(&b);
	unlink(irr);
}

static void registries_and_payloads(void **state)
{
	const struct answer answers[] = {
		{ "r1", "192.0.2.1", ROUTES_RECEIVED, ROWS("10.0.0.0/8" HOP, "10.1.0.0/16" HOP, "11.0.0.0/8" HOP), NULL, false },
		{ "r1", "192.0.2.1", ROUTES_ACCEPTED, ROWS("10.0.0.0/8" HOP, "11.0.0.0/8" HOP), NULL, false },
		{ "r1", "192.0.2.1", ROUTES_ADVERTISED, ROWS("198.51.100.0/24||", "203.0.113.0/24||"), NULL, false },
		{ NULL, NULL, ROUTES_RECEIVED, NULL, NULL, false },
	};
	struct spawned server;
	struct bench b;
	struct arena *a = arena_new();
	struct evidence ev;
	const struct prefix_facts *f;
	char irr[] = "/tmp/peerdeck-collect-irr-XXXXXX", vrp[] = "/tmp/peerdeck-collect-vrp-XXXXXX", *more;

	(void)state;
	close(mkstemp(irr));
	close(mkstemp(vrp));
	write_file(irr, database);
	write_file(vrp, "{\"roas\":[{\"asn\":64501,\"prefix\":\"10.0.0.0/8\",\"maxLength\":8}]}");
	assert_int_equal(spawned_start(&server, "tests/data/irr_server.py", irr), 0);
	more = mem_printf("irr { host = 127.0.0.1\n port = %u }\nrpki { vrp-file = \"%s\" }", server.port, vrp);
	begin(&b, answers, more);
	free(more);
	collect_own(b.c, "AS64500", NULL);
	collect_all(&b, 64501);
	fill(&b, 64501, a, &ev);
	f = &ev.sessions[0].received;
	assert_true(f->registered.basis.known && f->registered.good == 1 && f->registered.bad == 2);
	assert_string_equal(f->registered.examples[0].s, "10.1.0.0/16 AS64501");
	assert_true(f->rpki.basis.known && f->rpki.good == 1 && f->rpki.bad == 1 && f->rpki.open == 1);
	assert_string_equal(f->rpki.examples[0].s, "10.1.0.0/16 AS64501");
	/* The filter lets one in that is not registered. */
	assert_true(f->filter.basis.known && f->filter.good == 1 && f->filter.bad == 1);
	assert_string_equal(f->filter.examples[0].s, "11.0.0.0/8 AS64501");
	assert_true(ev.irr.basis.known && ev.irr.prefixes4 == 1 && ev.own_irr.basis.known && ev.vrps.vrps == 1);
	assert_true(ev.sessions[0].advertised.own_macro.good == 1 && ev.sessions[0].advertised.own_macro.bad == 1);
	assert_string_equal(ev.sessions[0].advertised.own_macro.examples[0].s, "203.0.113.0/24");
	/* Payloads that are too old decide nothing. */
	ev.now_wall_ms += (int64_t)10 * 86400000;
	b.w.now_wall_ms = ev.now_wall_ms;
	fill(&b, 64501, a, &ev);
	assert_false(ev.sessions[0].received.rpki.basis.known || ev.vrps.basis.known);
	spawned_stop(&server);
	arena_free(a);
	finish(&b);
	unlink(irr);
	unlink(vrp);
}

enum { MANY = 2000 };

static void show_many(struct bench *b, unsigned from, unsigned generation)
{
	struct snap_builder *sb = snap_builder_new(b->config->routers[0].name);
	char words[40];

	for (unsigned i = from; i < MANY; i++) {
		snprintf(words, sizeof(words), "10.0.%u.%u", i / 200, i % 200 + 1);
		add_session(sb, words, 64600 + i % 50, BGP_ESTABLISHED);
	}
	snap_unref(b->routers[0].snap);
	b->routers[0].snap = snap_builder_freeze(sb, generation);
}

/* As the collectors view tells it: "0 of 2001 sessions". */
static void expect_told(struct bench *b, const char *words)
{
	const struct collector_line *lines;
	struct arena *a = arena_new();
	size_t n = collect_lines(b->c, a, &lines);

	for (size_t i = 0; i < n; i++)
		if (strcmp(text_or(lines[i].what, ""), "routes received") == 0)
			assert_string_equal(text_or(lines[i].have, ""), words);
	arena_free(a);
}

static unsigned calls_to_the_end(struct bench *b)
{
	unsigned n = 1;

	clock_fake_advance(1000);
	b->w.now_boot_ms = clock_boot_ms();
	collect_tick(b->c, &b->w, false);
	for (; collect_busy(b->c); n++) {
		assert_true(n < 10 * MANY);
		collect_tick(b->c, &b->w, false); /* no clock has to go on for that */
	}
	return n;
}

/* The screen's thread is given back between; nobody is lost, nobody stays, and each router is asked. */
static void thousands_are_taken_in_a_little_at_a_time(void **state)
{
	struct bench b;

	(void)state;
	begin(&b, NULL, "");
	show_many(&b, 0, 2);
	if (threaded)
		assert_in_range(calls_to_the_end(&b), 5, 1000);
	else
		assert_int_equal(calls_to_the_end(&b), 1); /* a command has nothing else to do */
	expect_told(&b, "0 of 2001 sessions");
	assert_int_equal(b.asked_count, ROUTERS);
	show_many(&b, MANY - 500, 3);
	assert_in_range(calls_to_the_end(&b), 1, 1000);
	expect_told(&b, "0 of 501 sessions");
	show_many(&b, 0, 4); /* replaced while it is gone through */
	clock_fake_advance(1000);
	b.w.now_boot_ms = clock_boot_ms();
	collect_tick(b.c, &b.w, false);
	show_many(&b, MANY - 100, 5);
	calls_to_the_end(&b);
	calls_to_the_end(&b);
	expect_told(&b, "0 of 101 sessions");
	finish(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(everything_is_compared),
		cmocka_unit_test(a_plan_tells_what_was_counted),
		cmocka_unit_test(windows_of_probes_survive_a_restart),
		cmocka_unit_test(both_families_of_a_neighbor_are_pinged_once),
		cmocka_unit_test(ports_that_were_counted_together_are_summed),
		cmocka_unit_test(what_we_advertise_is_judged_like_what_is_received),
		cmocka_unit_test(what_is_not_whole_is_unknown),
		cmocka_unit_test(an_old_set_outlives_a_failure),
		cmocka_unit_test(routers_do_not_notice),
		cmocka_unit_test(lost_questions_leak_nothing),
		cmocka_unit_test(an_origin_outside_of_the_macro_is_asked_for),
		cmocka_unit_test(registries_and_payloads),
		cmocka_unit_test(thousands_are_taken_in_a_little_at_a_time),
	};

	int failed = cmocka_run_group_tests(tests, NULL, NULL);

	threaded = true;
	return cmocka_run_group_tests_name("with a thread", tests, NULL, NULL) + failed;
}
