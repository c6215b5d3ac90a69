/*
 * peerdeck record, going on: several routers at their intervals into one file or a folder, for a replay.
 *
 * The workers are the console's: what is kept is what a console would have heard, with lost links and their reasons.
 */
#include "app/ask.h"
#include "app/commands/record.h"
#include "app/gather.h"
#include "backends/link/recorder.h"
#include "core/base/clock.h"

#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { HANDSHAKES = 32, STEP_MS = 200, MIB = 1 << 20 };

static volatile sig_atomic_t interrupted;

static void on_signal(int sig)
{
	(void)sig;
	interrupted = 1;
}

static void catch_signals(void)
{
	struct sigaction act = { .sa_handler = on_signal };

	sigemptyset(&act.sa_mask);
	sigaction(SIGINT, &act, NULL);
	sigaction(SIGTERM, &act, NULL);
	sigaction(SIGHUP, &act, NULL);
	signal(SIGPIPE, SIG_IGN);
}

/* Each router once, where no time is said. */
static bool all_looked(const struct gather *g, const unsigned *looks)
{
	for (size_t i = 0; i < g->present.w.router_count; i++) {
		const struct world_router *r = &g->present.w.routers[i];
		bool failed = r->link.state == LINK_WAITING || r->link.state == LINK_LOCKED || r->link.state == LINK_STOPPED ||
			      (r->link.state == LINK_READY && r->link.cause != ERR_NONE);

		if (looks[i] == 0 && !failed && pool_worker(g->pool, r->conf->name) != NULL)
			return false;
	}
	return true;
}

static void take(struct gather *g, unsigned *looks)
{
	struct msg *m;

	while ((m = inbox_take(g->inbox)) != NULL) {
		for (size_t i = 0; m->kind == MSG_SNAP && i < g->present.w.router_count; i++)
			looks[i] += strcmp(g->present.w.routers[i].conf->name, m->router) == 0;
		if (!present_take(&g->present, m))
			msg_free(m);
	}
}

static void listen_to(struct gather *g, struct recorder *rec, unsigned for_s, unsigned *looks)
{
	int64_t until = for_s > 0 ? clock_boot_ms() + (int64_t)for_s * 1000 : INT64_MAX;
	struct pollfd fd = { .fd = inbox_fd(g->inbox), .events = POLLIN };
	struct recorder_state st;

	do {
		poll(&fd, 1, STEP_MS);
		take(g, looks);
		recorder_state(rec, &st);
	} while (!interrupted && st.on && clock_boot_ms() < until && (for_s > 0 || !all_looked(g, looks)));
}

/* The number of routers of which nothing was heard. */
static size_t tell(const struct gather *g, const unsigned *looks)
{
	size_t silent = 0;

	for (size_t i = 0; i < g->present.w.router_count; i++) {
		const struct world_router *r = &g->present.w.routers[i];

		if (pool_worker(g->pool, r->conf->name) == NULL)
			continue;
		if (r->snap != NULL)
			fprintf(stderr, "%s: %u look%s, the last: %u of %u rows read, %zu sessions%s%s\n", r->conf->name, looks[i],
			    looks[i] == 1 ? "" : "s", r->snap->rows_parsed, r->snap->rows_seen, r->snap->count,
			    text_empty(r->snap->note) ? "" : "; ", text_or(r->snap->note, ""));
		else
			fprintf(stderr, "%s: nothing heard: %s\n", r->conf->name, r->link.words[0] ? r->link.words : "no answer in time");
		silent += r->snap == NULL || r->snap->rows_parsed != r->snap->rows_seen;
	}
	return silent;
}

static int start(struct gather *g, const struct record_ask *a, struct recorder *rec, struct err *e)
{
	char *keys = options_path(g->config, DATA_HOSTKEYS);
	struct router_conf *routers = arena_alloc(g->config->arena, (g->config->router_count + 1) * sizeof(*routers));
	int rc = 0;

	for (size_t i = 0; i < g->config->router_count; i++) {
		routers[i] = g->config->routers[i];
		routers[i].interval_s = a->every_s > 0 ? a->every_s : routers[i].interval_s;
	}
	g->config->routers = routers;
	for (size_t i = 0; i < g->present.w.router_count; i++)
		g->present.w.routers[i].conf = config_router(g->config, g->present.w.routers[i].conf->name);
	ask_secrets_on_terminal();
	g->pool = pool_new(g->config, g->inbox, keys, HANDSHAKES);
	free(keys);
	pool_use_recorder(g->pool, rec);
	if (a->all)
		return pool_start(g->pool, NULL, e);
	for (size_t i = 0; rc == 0 && i < a->count; i++)
		rc = pool_start(g->pool, a->names[i], e);
	return rc;
}

int record_on(const struct options *o, const struct record_ask *a, struct err *e)
{
	const struct recorder_way way = { .file = a->to, .most = (uint64_t)a->most_mib * MIB };
	struct recorder *rec = recorder_new();
	struct recorder_state st = { 0 };
	struct recorder_way with = way;
	unsigned *looks = NULL;
	struct gather g = { 0 };
	size_t silent = 0;
	int rc = -1;

	catch_signals();
	if (gather_open(&g, o, e) != 0)
		goto out;
	with.local_as = g.config->local_as;
	looks = mem_calloc(g.present.w.router_count + 1, sizeof(*looks));
	if (recorder_start(rec, &with, e) < 0 || start(&g, a, rec, e) < 0)
		goto out;
	listen_to(&g, rec, a->for_s, looks);
	recorder_state(rec, &st);
	silent = tell(&g, looks);
	if (st.trouble[0] != '\0')
		err_set(e, ERR_IO, "%s", st.trouble);
	else
		rc = silent > 0;
	fprintf(stderr, "%s: %llu octets\n", st.path, (unsigned long long)st.octets);
out:
	gather_stop(&g);
	recorder_free(rec);
	free(looks);
	return rc;
}
