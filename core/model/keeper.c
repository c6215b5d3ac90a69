/*
 * One thread, a table of keys; see keeper.h.
 *
 * The lock is never held while something is asked.  Keys that were taken from the list meanwhile are found gone when
 * the answer comes, and the answer is let go.
 */
#include "core/model/keeper.h"
#include "core/base/clock.h"
#include "core/base/mem.h"
#include "core/model/due.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <time.h>
#include <unistd.h>
#include <uthash.h>

enum { LOOK_MS = 60000 };

/* An answer, shared by the table and by whoever looks at it. */
struct kept {
	atomic_uint refs;
	void *answer;
	void (*answer_free)(void *answer);
	int64_t as_of_wall_ms;
};

struct entry {
	struct due due; /* first */
	char *key;
	struct kept *kept; /* NULL: none yet */
	struct err err;
	int64_t tried_wall_ms;
	unsigned failures; /* in a row */
	bool asking, wanted, tried;
	uint64_t round; /* of wants that named it last */
	struct entry *before, *after; /* by when they were named last: who is not named any more stands first */
	UT_hash_handle hh;
};

struct keeper {
	const char *what;
	struct keeper_ops ops;
	void *ctx;
	struct keeper_times times;
	pthread_t thread;
	int cancel_fd;
	pthread_mutex_t lock;
	pthread_cond_t wake, settled;
	struct entry *entries; /* by key */
	struct due_heap due;
	struct entry *oldest, *newest;
	uint64_t round;
	size_t wanted, answered, failing;
	int64_t last_wall_ms;
	bool stop;
};

void keeper_release(struct kept *hold)
{
	if (hold == NULL || atomic_fetch_sub_explicit(&hold->refs, 1, memory_order_acq_rel) != 1)
		return;
	hold->answer_free(hold->answer);
	free(hold);
}

struct kept *keeper_hold(struct kept *hold)
{
	if (hold != NULL)
		atomic_fetch_add_explicit(&hold->refs, 1, memory_order_relaxed);
	return hold;
}

/* How many are what; an entry is taken out before it changes and put in afterwards. */
static void count_out(struct keeper *k, const struct entry *en)
{
	k->wanted -= en->wanted;
	k->answered -= en->kept != NULL;
	k->failing -= en->failures > 0;
}

static void count_in(struct keeper *k, const struct entry *en)
{
	k->wanted += en->wanted;
	k->answered += en->kept != NULL;
	k->failing += en->failures > 0;
}

static void unlist(struct keeper *k, struct entry *en)
{
	*(en->before != NULL ? &en->before->after : &k->oldest) = en->after;
	*(en->after != NULL ? &en->after->before : &k->newest) = en->before;
	en->before = en->after = NULL;
}

static void list_last(struct keeper *k, struct entry *en)
{
	en->before = k->newest;
	*(k->newest != NULL ? &k->newest->after : &k->oldest) = en;
	k->newest = en;
}

static void entry_free(struct keeper *k, struct entry *en)
{
	count_out(k, en);
	if (en->wanted) /* else it is in no list */
		unlist(k, en);
	due_drop(&k->due, &en->due);
	HASH_DEL(k->entries, en);
	keeper_release(en->kept);
	free(en->key);
	free(en);
}

/* ---- the thread ---- */

/* The entry that is due first; NULL if none is wanted. */
static struct entry *first_due(const struct keeper *k)
{
	return (struct entry *)due_first(&k->due);
}

/* The lock is held. */
static void wait_ms(struct keeper *k, int64_t ms)
{
	struct timespec until;

	clock_gettime(CLOCK_MONOTONIC, &until);
	until.tv_sec += ms / 1000;
	until.tv_nsec += ms % 1000 * 1000000;
	if (until.tv_nsec >= 1000000000) {
		until.tv_sec++;
		until.tv_nsec -= 1000000000;
	}
	pthread_cond_timedwait(&k->wake, &k->lock, &until);
}

static int64_t pause_after(const struct keeper *k, unsigned failures)
{
	int64_t ms = (int64_t)k->times.retry_s * 1000, most = (int64_t)k->times.refresh_s * 1000;

	if (failures == 0)
		return most;
	for (unsigned i = 1; i < failures && ms < most; i++)
		ms *= 2;
	return ms < most ? ms : most;
}

/* When an answer grows old, counted from when it was so: one that came from a cache is asked for again sooner. */
static int64_t due_after(const struct keeper *k, const struct entry *en)
{
	int64_t age = clock_wall_ms() - (en->kept != NULL ? en->kept->as_of_wall_ms : 0);
	int64_t pause = pause_after(k, en->failures);

	if (en->failures == 0 && age > 0 && age < pause)
		pause -= age;
	return clock_boot_ms() + (pause > 1000 ? pause : 1000);
}

static void take_answer(struct keeper *k, struct entry *en, void *answer, int64_t as_of, const struct err *e)
{
	count_out(k, en);
	en->asking = false;
	en->tried = true;
	en->tried_wall_ms = clock_wall_ms();
	en->err = *e;
	en->failures = e->code == ERR_NONE ? 0 : en->failures + 1;
	if (e->code == ERR_NONE) {
		struct kept *kept = MEM_NEW(struct kept);

		atomic_init(&kept->refs, 1);
		kept->answer = answer;
		kept->answer_free = k->ops.answer_free;
		kept->as_of_wall_ms = as_of;
		keeper_release(en->kept);
		en->kept = kept;
		k->last_wall_ms = en->tried_wall_ms;
	}
	due_put(&k->due, &en->due, due_after(k, en));
	count_in(k, en);
	if (!en->wanted)
		entry_free(k, en);
}

/* Lock held on entry and exit, not while asking. */
static void ask(struct keeper *k, struct entry *en)
{
	char key[KEEPER_KEY_MAX + 1];
	struct err e = ERR_INIT;
	int64_t as_of = 0;
	void *answer = NULL;
	bool gap;

	snprintf(key, sizeof(key), "%s", en->key);
	en->asking = true;
	pthread_mutex_unlock(&k->lock);
	if (k->ops.ask(k->ctx, key, k->cancel_fd, &answer, &as_of, &e) == 0)
		err_clear(&e);
	else if (e.code == ERR_NONE)
		err_set(&e, ERR_IO, "no answer");
	pthread_mutex_lock(&k->lock);
	gap = k->times.gap_ms > 0 && !k->stop;
	take_answer(k, en, answer, as_of, &e);
	pthread_cond_broadcast(&k->settled);
	if (gap)
		wait_ms(k, k->times.gap_ms);
}

static void *keeper_main(void *arg)
{
	struct keeper *k = arg;

	pthread_mutex_lock(&k->lock);
	while (!k->stop) {
		struct entry *en = first_due(k);
		int64_t left = en != NULL ? en->due.at_ms - clock_boot_ms() : LOOK_MS;

		if (en != NULL && left <= 0)
			ask(k, en);
		else
			wait_ms(k, left < LOOK_MS ? left + 1 : LOOK_MS);
	}
	pthread_mutex_unlock(&k->lock);
	if (k->ops.end != NULL)
		k->ops.end(k->ctx);
	return NULL;
}

/* ---- any thread ---- */

static void keeper_free(struct keeper *k)
{
	struct entry *en, *next;

	HASH_ITER(hh, k->entries, en, next)
		entry_free(k, en);
	due_fini(&k->due);
	close(k->cancel_fd);
	pthread_cond_destroy(&k->wake);
	pthread_cond_destroy(&k->settled);
	pthread_mutex_destroy(&k->lock);
	free(k);
}

struct keeper *keeper_start(const char *what, const struct keeper_ops *ops, void *ctx, const struct keeper_times *times,
    struct err *e)
{
	struct keeper *k = MEM_NEW(struct keeper);
	pthread_condattr_t attr;

	k->what = what;
	k->ops = *ops;
	k->ctx = ctx;
	k->times = *times;
	k->cancel_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	pthread_mutex_init(&k->lock, NULL);
	pthread_condattr_init(&attr);
	pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
	pthread_cond_init(&k->wake, &attr);
	pthread_cond_init(&k->settled, &attr);
	pthread_condattr_destroy(&attr);
	if (k->cancel_fd < 0 || pthread_create(&k->thread, NULL, keeper_main, k) != 0) {
		err_set(e, ERR_IO, "%s: cannot start its thread", what);
		keeper_free(k);
		return NULL;
	}
	return k;
}

void keeper_stop(struct keeper *k)
{
	if (k == NULL)
		return;
	pthread_mutex_lock(&k->lock);
	k->stop = true;
	eventfd_write(k->cancel_fd, 1);
	pthread_cond_broadcast(&k->wake);
	pthread_mutex_unlock(&k->lock);
	pthread_join(k->thread, NULL);
	keeper_free(k);
}

static void want_one(struct keeper *k, const char *key)
{
	struct entry *en = NULL;

	if (strlen(key) > KEEPER_KEY_MAX)
		return;
	HASH_FIND_STR(k->entries, key, en);
	if (en == NULL && HASH_COUNT(k->entries) < KEEPER_KEYS_MAX) {
		en = MEM_NEW(struct entry);
		en->key = mem_strdup(key);
		due_put(&k->due, &en->due, clock_boot_ms());
		HASH_ADD_KEYPTR(hh, k->entries, en->key, strlen(en->key), en);
		pthread_cond_signal(&k->wake);
	}
	if (en == NULL)
		return;
	if (en->wanted)
		unlist(k, en);
	else
		k->wanted++;
	list_last(k, en);
	en->wanted = true;
	en->round = k->round;
}

/* What the round did not name stands first in the list.  What is being asked is let go with its answer. */
static void end_round(struct keeper *k)
{
	struct entry *en;

	while ((en = k->oldest) != NULL && en->round != k->round) {
		if (!en->asking) {
			entry_free(k, en);
			continue;
		}
		unlist(k, en);
		k->wanted--;
		en->wanted = false;
	}
}

void keeper_want(struct keeper *k, const char *const *keys, size_t n)
{
	if (k == NULL)
		return;
	pthread_mutex_lock(&k->lock);
	k->round++;
	for (size_t i = 0; i < n; i++)
		want_one(k, keys[i]);
	end_round(k);
	pthread_mutex_unlock(&k->lock);
}

void keeper_want_part(struct keeper *k, const char *const *keys, size_t n, bool first, bool last)
{
	if (k == NULL)
		return;
	pthread_mutex_lock(&k->lock);
	if (first)
		k->round++;
	for (size_t i = 0; i < n; i++)
		want_one(k, keys[i]);
	if (last)
		end_round(k);
	pthread_mutex_unlock(&k->lock);
}

void keeper_want_also(struct keeper *k, const char *key)
{
	if (k == NULL)
		return;
	pthread_mutex_lock(&k->lock);
	want_one(k, key);
	pthread_mutex_unlock(&k->lock);
}

void keeper_refresh(struct keeper *k, const char *key)
{
	if (k == NULL)
		return;
	pthread_mutex_lock(&k->lock);
	for (struct entry *en = k->entries; en != NULL; en = en->hh.next)
		if (key == NULL || strcmp(key, en->key) == 0) {
			count_out(k, en);
			due_put(&k->due, &en->due, clock_boot_ms());
			en->failures = 0;
			count_in(k, en);
		}
	pthread_cond_signal(&k->wake);
	pthread_mutex_unlock(&k->lock);
}

bool keeper_get(struct keeper *k, const char *key, struct kept_view *out)
{
	struct entry *en = NULL;

	*out = (struct kept_view){ .hold = NULL };
	if (k == NULL)
		return false;
	pthread_mutex_lock(&k->lock);
	HASH_FIND_STR(k->entries, key, en);
	if (en != NULL) {
		out->tried_wall_ms = en->tried_wall_ms;
		out->err = en->err;
		out->asking = en->asking;
		out->hold = en->kept;
	}
	if (out->hold != NULL) {
		atomic_fetch_add_explicit(&out->hold->refs, 1, memory_order_relaxed);
		out->answer = out->hold->answer;
		out->as_of_wall_ms = out->hold->as_of_wall_ms;
	}
	pthread_mutex_unlock(&k->lock);
	return en != NULL;
}

static bool all_tried(const struct keeper *k)
{
	for (const struct entry *en = k->entries; en != NULL; en = en->hh.next)
		if (en->wanted && !en->tried)
			return false;
	return true;
}

bool keeper_settled(struct keeper *k, int64_t deadline_boot_ms)
{
	bool all;

	if (k == NULL)
		return true;
	pthread_mutex_lock(&k->lock);
	while (!(all = all_tried(k)) && clock_boot_ms() < deadline_boot_ms) {
		int64_t left = deadline_boot_ms - clock_boot_ms();
		struct timespec until;

		clock_gettime(CLOCK_MONOTONIC, &until);
		until.tv_sec += left > 1000 ? 1 : 0;
		until.tv_nsec += left > 1000 ? 0 : (left + 1) * 1000000;
		if (until.tv_nsec >= 1000000000) {
			until.tv_sec++;
			until.tv_nsec -= 1000000000;
		}
		pthread_cond_timedwait(&k->settled, &k->lock, &until);
	}
	pthread_mutex_unlock(&k->lock);
	return all;
}

void keeper_state(struct keeper *k, struct keeper_state *out)
{
	struct entry *due;

	pthread_mutex_lock(&k->lock);
	*out = (struct keeper_state){ .what = k->what, .wanted = k->wanted, .answered = k->answered, .failing = k->failing,
		.last_wall_ms = k->last_wall_ms };
	for (struct entry *en = k->entries; k->failing > 0 && en != NULL; en = en->hh.next)
		if (en->failures > 0) {
			snprintf(out->words, sizeof(out->words), "%.290s", en->err.text);
			break;
		}
	due = first_due(k);
	if (due != NULL)
		out->next_wall_ms = clock_wall_ms() + (due->due.at_ms - clock_boot_ms());
	pthread_mutex_unlock(&k->lock);
}
