/* One look at the routers; see gather.h. */
#include "app/gather.h"
#include "app/ask.h"
#include "app/replaying.h"
#include "backends/link/player.h"
#include "backends/sources/pdb_set.h"
#include "core/base/clock.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { HANDSHAKES = 32 };

/* The networks seen, as the cache knows them: a command that ends asks PeeringDB nothing. */
static void load_peers(struct gather *g)
{
	struct world_session *rows = NULL;
	size_t n = world_sessions(&g->present.w, &rows);
	asn_t *asns = mem_calloc(n, sizeof(*asns));
	struct store *store = store_open(g->config->data_dir);

	for (size_t i = 0; i < n; i++)
		asns[i] = rows[i].s->remote_as;
	peer_set_unref(g->present.w.peers);
	g->present.w.peers = pdb_load(store, asns, n, g->config->local_as, NULL);
	store_close(store);
	free(asns);
	free(rows);
}

int gather_open(struct gather *g, const struct options *o, struct err *e)
{
	*g = (struct gather){ .config = options_config(o, e) };
	if (g->config == NULL || options_data_dir(g->config, e) != 0)
		return -1;
	present_init(&g->present, g->config, 0);
	g->present.w.read_only = g->config->read_only || o->read_only;
	g->inbox = inbox_new();
	load_peers(g);
	return 0;
}

static void give(struct gather *g, const struct played *pl)
{
	struct msg *m = MEM_NEW(struct msg);

	clock_hold(pl->wall_ms);
	m->kind = MSG_LINK;
	m->router = pl->router;
	m->link = pl->link;
	present_take(&g->present, m);
	if (pl->snap == NULL)
		return;
	m = MEM_NEW(struct msg);
	m->kind = MSG_SNAP;
	m->router = pl->router;
	m->snap = pl->snap;
	present_take(&g->present, m);
}

int gather_replay(struct gather *g, const struct options *o, const char *const *files, size_t count, const char *at,
    struct err *e)
{
	enum player_next next;
	struct player *p;
	struct played pl;
	int64_t until;

	*g = (struct gather){ 0 };
	g->replaying = MEM_NEW(struct replaying);
	if (replaying_open(g->replaying, o, files, count, e) < 0)
		return -1;
	until = replaying_end_ms(g->replaying);
	if (at != NULL && replaying_time(g->replaying, at, replaying_begin_ms(g->replaying), &until, e) < 0)
		return -1;
	g->config = g->replaying->config;
	clock_hold(replaying_begin_ms(g->replaying));
	present_init(&g->present, g->config, 0);
	g->inbox = inbox_new();
	p = player_start(g->replaying->recording, g->config, g->inbox, e);
	while (p != NULL && (next = player_take(p, until, &pl)) != PLAYER_LATER && next != PLAYER_ENDED)
		if (next == PLAYER_GAVE)
			give(g, &pl);
		else
			player_wait(p);
	player_stop(p);
	clock_hold(until);
	present_now(&g->present);
	load_peers(g);
	if (g->replaying->note[0] != '\0')
		fprintf(stderr, "peerdeck: %s\n", g->replaying->note);
	return p != NULL ? 0 : -1;
}

/* Nothing more is to be expected of this router: it was read, or it failed. */
static bool settled(const struct world_router *r)
{
	if (r->snap != NULL)
		return true;
	switch (r->link.state) {
	case LINK_WAITING:
	case LINK_LOCKED:
	case LINK_STOPPED:
		return true;
	case LINK_READY:
		return r->link.cause != ERR_NONE; /* connected, but the answers could not be read */
	default:
		return false;
	}
}

static bool all_settled(const struct gather *g, const char *only)
{
	for (size_t i = 0; i < g->present.w.router_count; i++) {
		const struct world_router *r = &g->present.w.routers[i];

		if ((only == NULL || strcmp(only, r->conf->name) == 0) && !settled(r))
			return false;
	}
	return true;
}

/* False when the deadline has passed. */
static bool sleep_until_mail(const struct gather *g, int64_t deadline)
{
	struct pollfd fd = { .fd = inbox_fd(g->inbox), .events = POLLIN };
	int64_t left = deadline - clock_boot_ms();

	if (left <= 0)
		return false;
	return poll(&fd, 1, left > 60000 ? 60000 : (int)left) >= 0 || errno == EINTR;
}

struct msg *gather_wait(struct gather *g, int64_t deadline_boot_ms)
{
	do {
		struct msg *m;

		while ((m = inbox_take(g->inbox)) != NULL)
			if (!present_take(&g->present, m))
				return m;
	} while (sleep_until_mail(g, deadline_boot_ms));
	return NULL;
}

int gather_look(struct gather *g, const char *only, int64_t timeout_ms, struct err *e)
{
	int64_t deadline = clock_boot_ms() + timeout_ms;
	char *hostkeys = options_path(g->config, DATA_HOSTKEYS);
	struct msg *m;

	ask_secrets_on_terminal();
	g->pool = pool_new(g->config, g->inbox, hostkeys, HANDSHAKES);
	free(hostkeys);
	if (pool_start(g->pool, only, e) != 0)
		return -1;
	do {
		while ((m = inbox_take(g->inbox)) != NULL)
			if (!present_take(&g->present, m))
				msg_free(m);
	} while (!all_settled(g, only) && sleep_until_mail(g, deadline));
	present_now(&g->present);
	load_peers(g);
	return 0;
}

size_t gather_report(const struct gather *g, const char *only)
{
	size_t failed = 0;

	for (size_t i = 0; i < g->present.w.router_count; i++) {
		const struct world_router *r = &g->present.w.routers[i];
		const char *name = r->conf->name;

		if (only != NULL && strcmp(only, name) != 0)
			continue;
		if (r->snap == NULL) {
			fprintf(stderr, "peerdeck: %s: %s: %s\n", name, link_state_word(r->link.state),
			    r->link.words[0] ? r->link.words : "no answer in time");
			failed++;
		} else if (r->snap->rows_seen != r->snap->rows_parsed) {
			fprintf(stderr, "peerdeck: %s: %u rows seen, %u could be read; what is missing is not shown\n",
			    name, r->snap->rows_seen, r->snap->rows_parsed);
			failed++;
		} else if (!text_empty(r->snap->note)) {
			fprintf(stderr, "peerdeck: %s: %s\n", name, r->snap->note.s);
		}
	}
	return failed;
}

void gather_stop(struct gather *g)
{
	if (g->pool != NULL)
		pool_free(g->pool);
	if (g->inbox != NULL) {
		present_fini(&g->present);
		inbox_free(g->inbox);
	}
	if (g->replaying == NULL) {
		config_free(g->config);
		return;
	}
	replaying_close(g->replaying);
	free(g->replaying);
}
