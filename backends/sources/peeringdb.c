/* The thread that keeps PeeringDB's data; see peeringdb.h. */
#include "backends/sources/peeringdb.h"
#include "backends/sources/pdb_ask.h"
#include "backends/sources/pdb_set.h"
#include "backends/sources/pdb_sync.h"
#include "core/base/clock.h"
#include "core/base/mem.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum {
	LOOK_MS = 900000, /* how often ages are looked at when nothing happens */
	AGAIN_ANONYMOUS_S = 3600,
	AGAIN_KEYED_S = 60,
};

struct wants {
	asn_t *asns;
	size_t asn_count;
	struct addr *addrs;
	size_t addr_count;
};

struct pdb {
	const struct config *conf;
	struct inbox *in;
	pthread_t thread;
	pthread_mutex_t lock;
	pthread_cond_t wake;
	/* Guarded by lock. */
	struct wants wants;
	uint64_t wants_generation;
	bool refresh, stop;
	/* The thread's own. */
	struct store *store;
	struct pdb_ask *ask; /* NULL: cache only; pdb_stop cancels through it */
	struct wants now;
	uint64_t now_generation;
	char posted_state[400];
};

static void wants_fini(struct wants *w)
{
	free(w->asns);
	free(w->addrs);
}

static void *copy(const void *from, size_t n, size_t size)
{
	void *to = mem_calloc(n, size);

	if (n > 0)
		memcpy(to, from, n * size);
	return to;
}

static struct wants wants_copy(const struct wants *w)
{
	return (struct wants){
		.asns = copy(w->asns, w->asn_count, sizeof(*w->asns)), .asn_count = w->asn_count,
		.addrs = copy(w->addrs, w->addr_count, sizeof(*w->addrs)), .addr_count = w->addr_count,
	};
}

/* --- the thread -------------------------------------------------------------------- */

/* The source's trouble first, then the store's. */
static void state_line(const struct pdb *p, char *out, size_t size)
{
	const char *asked = p->ask != NULL ? pdb_ask_state(p->ask) : "";
	const char *kept = store_note(p->store);

	snprintf(out, size, "%.250s%s%.140s", asked, *asked && *kept ? "; " : "", kept);
}

static void post_set(void *arg)
{
	struct pdb *p = arg;
	struct msg *m = MEM_NEW(struct msg);
	struct err e = ERR_INIT;
	char state[400];

	m->kind = MSG_PEERS;
	m->peers = pdb_load(p->store, p->now.asns, p->now.asn_count, p->conf->local_as, &e);
	if (e.code != ERR_NONE && store_heal(p->store)) {
		peer_set_unref(m->peers);
		m->peers = pdb_load(p->store, p->now.asns, p->now.asn_count, p->conf->local_as, NULL);
	}
	state_line(p, state, sizeof(state));
	snprintf(p->posted_state, sizeof(p->posted_state), "%s", state);
	m->peers->state = text_safez(m->peers->arena, state);
	inbox_post(p->in, m);
}

static void sync_once(struct pdb *p, bool again)
{
	const struct pdb_sync_ops ops = { .stored = post_set, .arg = p };
	struct pdb_wanted w = {
		.asns = p->now.asns, .asn_count = p->now.asn_count,
		.addrs = p->now.addrs, .addr_count = p->now.addr_count,
		.local_as = p->conf->local_as, .refresh_s = p->conf->pdb.refresh_s,
	};
	char state[400];

	if (p->ask == NULL || p->now.asn_count == 0)
		return;
	if (again) {
		unsigned least = pdb_ask_keyed(p->ask) ? AGAIN_KEYED_S : AGAIN_ANONYMOUS_S;

		w.refresh_s = w.refresh_s < least ? w.refresh_s : least;
		pdb_ask_retry(p->ask);
	}
	pdb_sync(p->ask, p->store, &w, &ops, NULL);
	state_line(p, state, sizeof(state));
	if (strcmp(state, p->posted_state) != 0)
		post_set(p);
}

/* Waits for new wants, a refresh, the end, or the time; false at the end.  *changed, *again say what it was. */
static bool wait_for_work(struct pdb *p, bool *changed, bool *again)
{
	int64_t ms = p->ask != NULL ? pdb_ask_pause_ms(p->ask) : 0;
	struct timespec until;
	bool timed_out = false, stop;

	ms = ms > 0 && ms < LOOK_MS ? ms + 1 : LOOK_MS;
	clock_gettime(CLOCK_MONOTONIC, &until);
	until.tv_sec += ms / 1000;
	until.tv_nsec += ms % 1000 * 1000000;
	if (until.tv_nsec >= 1000000000) {
		until.tv_sec++;
		until.tv_nsec -= 1000000000;
	}
	pthread_mutex_lock(&p->lock);
	while (!p->stop && !p->refresh && p->wants_generation == p->now_generation && !timed_out)
		timed_out = pthread_cond_timedwait(&p->wake, &p->lock, &until) != 0;
	*changed = p->wants_generation != p->now_generation;
	*again = p->refresh;
	p->refresh = false;
	if (*changed) {
		wants_fini(&p->now);
		p->now = wants_copy(&p->wants);
		p->now_generation = p->wants_generation;
	}
	stop = p->stop;
	pthread_mutex_unlock(&p->lock);
	return !stop;
}

static void *pdb_main(void *arg)
{
	struct pdb *p = arg;
	bool changed, again;

	p->store = store_open(p->conf->data_dir);
	post_set(p);
	while (wait_for_work(p, &changed, &again)) {
		if (changed)
			post_set(p);
		sync_once(p, again);
	}
	store_close(p->store);
	return NULL;
}

/* --- any thread -------------------------------------------------------------------- */

static void pdb_free(struct pdb *p)
{
	pdb_ask_free(p->ask);
	wants_fini(&p->wants);
	wants_fini(&p->now);
	pthread_cond_destroy(&p->wake);
	pthread_mutex_destroy(&p->lock);
	free(p);
}

struct pdb *pdb_start(const struct config *conf, struct inbox *in, struct http *http, struct err *e)
{
	struct pdb *p = MEM_NEW(struct pdb);
	pthread_condattr_t attr;

	p->conf = conf;
	p->in = in;
	if (conf->pdb.enabled && http != NULL)
		p->ask = pdb_ask_new(&conf->pdb, http);
	pthread_mutex_init(&p->lock, NULL);
	pthread_condattr_init(&attr);
	pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
	pthread_cond_init(&p->wake, &attr);
	pthread_condattr_destroy(&attr);
	if (pthread_create(&p->thread, NULL, pdb_main, p) != 0) {
		err_set(e, ERR_IO, "cannot start the thread for PeeringDB");
		pdb_free(p);
		return NULL;
	}
	return p;
}

void pdb_stop(struct pdb *p)
{
	if (p == NULL)
		return;
	pthread_mutex_lock(&p->lock);
	p->stop = true;
	pthread_cond_signal(&p->wake);
	pthread_mutex_unlock(&p->lock);
	if (p->ask != NULL)
		pdb_ask_cancel(p->ask);
	pthread_join(p->thread, NULL);
	pdb_free(p);
}

static bool same(const struct wants *a, const struct wants *b)
{
	return a->asn_count == b->asn_count && a->addr_count == b->addr_count &&
	       (a->asn_count == 0 || memcmp(a->asns, b->asns, a->asn_count * sizeof(*a->asns)) == 0) &&
	       (a->addr_count == 0 || memcmp(a->addrs, b->addrs, a->addr_count * sizeof(*a->addrs)) == 0);
}

static int asn_cmp(const void *x, const void *y)
{
	asn_t a = *(const asn_t *)x, b = *(const asn_t *)y;

	return a < b ? -1 : a > b;
}

static int addr_order(const void *x, const void *y)
{
	return addr_cmp(x, y);
}

/* Sorted and without repetition, so that the order in which routers answer is no change. */
static void tidy(struct wants *w)
{
	size_t n = 0;

	qsort(w->asns, w->asn_count, sizeof(*w->asns), asn_cmp);
	for (size_t i = 0; i < w->asn_count; i++)
		if (w->asns[i] != ASN_UNKNOWN && (n == 0 || w->asns[n - 1] != w->asns[i]))
			w->asns[n++] = w->asns[i];
	w->asn_count = n;
	n = 0;
	qsort(w->addrs, w->addr_count, sizeof(*w->addrs), addr_order);
	for (size_t i = 0; i < w->addr_count; i++)
		if (n == 0 || !addr_equal(&w->addrs[n - 1], &w->addrs[i]))
			w->addrs[n++] = w->addrs[i];
	w->addr_count = n;
}

void pdb_want(struct pdb *p, const asn_t *asns, size_t asn_count, const struct addr *addrs, size_t addr_count)
{
	struct wants w = {
		.asns = copy(asns, asn_count, sizeof(*asns)), .asn_count = asn_count,
		.addrs = copy(addrs, addr_count, sizeof(*addrs)), .addr_count = addr_count,
	};

	tidy(&w);
	pthread_mutex_lock(&p->lock);
	if (same(&w, &p->wants)) {
		wants_fini(&w);
	} else {
		wants_fini(&p->wants);
		p->wants = w;
		p->wants_generation++;
		pthread_cond_signal(&p->wake);
	}
	pthread_mutex_unlock(&p->lock);
}

void pdb_refresh(struct pdb *p)
{
	pthread_mutex_lock(&p->lock);
	p->refresh = true;
	pthread_cond_signal(&p->wake);
	pthread_mutex_unlock(&p->lock);
}
