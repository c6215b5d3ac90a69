/* The thread that keeps PeeringDB's data; see peeringdb.h. */
#include "backends/sources/peeringdb.h"
#include "backends/sources/pdb_ask.h"
#include "backends/sources/pdb_find.h"
#include "backends/sources/pdb_set.h"
#include "backends/sources/pdb_sync.h"
#include "backends/sources/pdb_tables.h"
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
	char *seek;          /* words to look for; NULL none */
	bool tables_wanted;  /* whole tables are to be read */
	bool tables_running; /* the other thread has `ask` for itself */
	bool tables_done;    /* it is to be joined */
	/* Of the thread that reads whole tables. */
	pthread_t tables;
	struct pdb_tables_sum tables_sum;
	struct err tables_err;
	/* The thread's own. */
	struct store *store;
	bool busy; /* tables are being read; nothing else is asked meanwhile */
	struct pdb_ask *ask; /* NULL: cache only; pdb_stop cancels through it */
	struct wants now;
	uint64_t now_generation;
	char posted_state[400];
	struct pdb_finds finds; /* of the last search */
	uint64_t finds_serial;
	asn_t sought; /* an AS number that was looked for: asked for if it is not known */
	int64_t tables_due_boot_ms; /* with sync "all" */
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
	const char *asked = p->ask != NULL && !p->busy ? pdb_ask_state(p->ask) : "";
	const char *kept = store_note(p->store);

	snprintf(out, size, "%.250s%s%.140s", asked, *asked && *kept ? "; " : "", kept);
}

static const char *found_word(enum pdb_found_by by)
{
	static const char *const words[] = { [PDB_BY_ASN] = "asn", [PDB_BY_NAME] = "name", [PDB_BY_ADDRESS] = "address",
		[PDB_BY_MACRO] = "as-macro", [PDB_BY_EXCHANGE] = "exchange" };

	return words[by];
}

/* The networks that are seen, and those that were looked for. */
static struct peer_set *load(struct pdb *p, struct err *e)
{
	size_t n = p->now.asn_count, all = n + p->finds.n;
	asn_t *asns = mem_calloc(all, sizeof(*asns));
	struct peer_set *set;
	struct found_peer *found;

	if (n > 0)
		memcpy(asns, p->now.asns, n * sizeof(*asns));
	for (size_t i = 0; i < p->finds.n; i++)
		asns[n + i] = p->finds.p[i].asn;
	set = pdb_load(p->store, asns, all, p->conf->local_as, e);
	found = arena_alloc(set->arena, p->finds.n * sizeof(*found));
	for (size_t i = 0; i < p->finds.n; i++)
		found[i] = (struct found_peer){ p->finds.p[i].asn, text_safez(set->arena, found_word(p->finds.p[i].by)) };
	set->found = found;
	set->found_count = p->finds.n;
	set->found_serial = p->finds_serial;
	free(asns);
	return set;
}

static void post_set(void *arg)
{
	struct pdb *p = arg;
	struct msg *m = MEM_NEW(struct msg);
	struct err e = ERR_INIT;
	char state[400];

	m->kind = MSG_PEERS;
	m->peers = load(p, &e);
	if (e.code != ERR_NONE && store_heal(p->store)) {
		peer_set_unref(m->peers);
		m->peers = load(p, NULL);
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

	if (p->ask == NULL || p->busy || w.asn_count == 0)
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

/* --- whole tables, in a thread of their own ---------------------------------------- */

static void say(const struct pdb *p, const char *words)
{
	struct msg *m = MEM_NEW(struct msg);

	m->kind = MSG_TEXT;
	snprintf(m->words, sizeof(m->words), "PeeringDB: %.180s", words);
	inbox_post(p->in, m);
}

static void tables_progress(void *arg, const char *words)
{
	say(arg, words);
}

static bool tables_cancelled(void *arg)
{
	struct pdb *p = arg;
	bool stop;

	pthread_mutex_lock(&p->lock);
	stop = p->stop;
	pthread_mutex_unlock(&p->lock);
	return stop;
}

static void *tables_main(void *arg)
{
	struct pdb *p = arg;
	const struct pdb_tables_ops ops = { .progress = tables_progress, .cancelled = tables_cancelled, .arg = p };
	const struct pdb_tables_how how = { .whole = false };
	struct store *store = store_open(p->conf->data_dir);

	pdb_tables(p->ask, store, p->conf->data_dir, &how, &ops, &p->tables_sum, &p->tables_err);
	store_close(store);
	pthread_mutex_lock(&p->lock);
	p->tables_done = true;
	pthread_cond_signal(&p->wake);
	pthread_mutex_unlock(&p->lock);
	return NULL;
}

static void begin_tables(struct pdb *p)
{
	p->tables_err = (struct err)ERR_INIT;
	p->busy = pthread_create(&p->tables, NULL, tables_main, p) == 0;
	if (!p->busy)
		say(p, "no thread can be had to read whole tables");
	pthread_mutex_lock(&p->lock);
	p->tables_running = p->busy;
	p->tables_wanted = false;
	pthread_mutex_unlock(&p->lock);
	p->tables_due_boot_ms = clock_boot_ms() + (int64_t)p->conf->pdb.refresh_s * 1000;
}

static void end_tables(struct pdb *p)
{
	size_t changed = 0;
	char words[180];

	pthread_join(p->tables, NULL);
	p->busy = false;
	pthread_mutex_lock(&p->lock);
	p->tables_running = p->tables_done = false;
	pthread_mutex_unlock(&p->lock);
	for (int i = 0; i < PDB_TAGS; i++)
		changed += p->tables_sum.tag[i].changed + p->tables_sum.tag[i].deleted;
	snprintf(words, sizeof(words), "all tables are up to date, %zu rows new, changed or gone", changed);
	say(p, p->tables_err.code != ERR_NONE ? p->tables_err.text : words);
}

/* With sync "all": at the start unless the tables were read lately, and then again and again. */
static bool tables_due(struct pdb *p)
{
	int64_t at;

	if (p->ask == NULL || p->busy || p->conf->pdb.sync == NULL || strcmp(p->conf->pdb.sync, "all") != 0)
		return false;
	if (p->tables_due_boot_ms == 0) {
		int64_t age = pdb_table_whole(p->store, PDB_NET, &at) ? clock_wall_ms() - at : INT64_MAX / 2;

		if (age >= 0 && age < (int64_t)p->conf->pdb.refresh_s * 1000)
			p->tables_due_boot_ms = clock_boot_ms() + (int64_t)p->conf->pdb.refresh_s * 1000 - age;
	}
	return clock_boot_ms() >= p->tables_due_boot_ms;
}

/* --- looking for networks ------------------------------------------------------------ */

static void seek(struct pdb *p, const char *words)
{
	struct err e = ERR_INIT;

	pdb_finds_fini(&p->finds);
	p->finds_serial++;
	p->sought = ASN_UNKNOWN;
	if (pdb_find(p->store, words, &p->finds, &e) < 0)
		say(p, e.text);
	else if (p->finds.n == 0 && p->finds.is_asn && p->ask != NULL)
		p->sought = p->finds.asn;
	post_set(p);
}

/* An AS number that the cache did not know: asked for, and looked for once more. */
static void ask_for_sought(struct pdb *p)
{
	const struct pdb_sync_ops ops = { 0 };
	const struct pdb_wanted w = { .asns = &p->sought, .asn_count = 1, .refresh_s = p->conf->pdb.refresh_s };
	char words[24];

	if (p->sought == ASN_UNKNOWN || p->busy)
		return;
	pdb_sync(p->ask, p->store, &w, &ops, NULL);
	snprintf(words, sizeof(words), "%u", p->sought);
	p->sought = ASN_UNKNOWN;
	pdb_finds_fini(&p->finds);
	pdb_find(p->store, words, &p->finds, NULL);
	post_set(p);
}

/* What woke the thread. */
struct work {
	bool changed, again, tables, tables_done;
	char *seek; /* to be freed */
};

/* Waits for new wants, a refresh, the end, or the time; false at the end. */
static bool wait_for_work(struct pdb *p, struct work *w)
{
	int64_t ms = p->ask != NULL && !p->busy ? pdb_ask_pause_ms(p->ask) : 0;
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
	while (!p->stop && !p->refresh && p->seek == NULL && !p->tables_done && !(p->tables_wanted && !p->busy) &&
	    p->wants_generation == p->now_generation && !timed_out)
		timed_out = pthread_cond_timedwait(&p->wake, &p->lock, &until) != 0;
	*w = (struct work){ p->wants_generation != p->now_generation, p->refresh, p->tables_wanted, p->tables_done, p->seek };
	p->refresh = false;
	p->seek = NULL;
	if (w->changed) {
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
	struct work w;

	p->store = store_open(p->conf->data_dir);
	post_set(p);
	while (wait_for_work(p, &w)) {
		if (w.tables_done)
			end_tables(p);
		if (w.seek != NULL)
			seek(p, w.seek);
		else if (w.changed || w.tables_done)
			post_set(p);
		free(w.seek);
		ask_for_sought(p);
		if ((w.tables && !p->busy) || tables_due(p))
			begin_tables(p);
		sync_once(p, w.again);
	}
	free(w.seek);
	if (p->busy)
		pthread_join(p->tables, NULL);
	pdb_finds_fini(&p->finds);
	store_close(p->store);
	return NULL;
}

/* --- any thread -------------------------------------------------------------------- */

static void pdb_free(struct pdb *p)
{
	pdb_ask_free(p->ask);
	free(p->seek);
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
	if (p->ask != NULL && conf->data_dir != NULL)
		pdb_ask_share(p->ask, conf->data_dir);
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

void pdb_seek(struct pdb *p, const char *words)
{
	pthread_mutex_lock(&p->lock);
	free(p->seek);
	p->seek = mem_strdup(words);
	pthread_cond_signal(&p->wake);
	pthread_mutex_unlock(&p->lock);
}

int pdb_sync_tables(struct pdb *p, struct err *e)
{
	int rc = 0;

	pthread_mutex_lock(&p->lock);
	if (p->ask == NULL)
		rc = err_set(e, ERR_REFUSED, "PeeringDB is disabled in the configuration");
	else if (p->tables_running || p->tables_wanted)
		rc = err_set(e, ERR_REFUSED, "PeeringDB's tables are being read already");
	else
		p->tables_wanted = true;
	pthread_cond_signal(&p->wake);
	pthread_mutex_unlock(&p->lock);
	return rc;
}
