/*
 * The history's writer thread, its queue, and the recent window in memory; see core/model/history.h.
 *
 * Whoever puts a sample takes a lock for a moment and never waits for the disk.  The thread takes the whole queue at
 * once and writes it in one transaction; what a failed transaction held is dropped and counted, because a history
 * that stops the console, or grows without end while the disk is full, would be worse than a gap that is said.
 */
#include "backends/store/history_db.h"
#include "core/base/clock.h"
#include "core/base/mem.h"

#include <math.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <uthash.h>

enum {
	QUEUE_MAX = 20000,        /* samples; a poll of 1,000 sessions puts 4,000 at most */
	EVENTS_MAX = 100000,      /* likewise; a storm of 20,000 sessions is no loss */
	RECENT_SERIES_MAX = 20000,
	GATHER_MS = 1000,         /* samples that come one after another share a transaction */
	AGE_EVERY_MS = 600000,
	AGAIN_MS = 60000,         /* after a failure */
};

struct queued {
	enum history_kind kind;
	int64_t wall_ms;
	double value;
	char *series;
};

struct recent {
	char *series;
	struct history_sample *ring;
	unsigned cap, count, next;
	UT_hash_handle hh;
};

struct history {
	struct history_conf conf;
	char *path; /* NULL: memory only */
	pthread_t thread;
	bool running;
	pthread_mutex_t lock;
	pthread_cond_t wake;
	/* guarded by lock */
	struct queued *queue;
	size_t count, cap;
	struct event *events;
	size_t event_count, event_cap;
	bool stop;
	struct recent *recent;
	struct history_state state;
	/* the thread's own */
	struct history_file *file;
	int64_t aged_boot_ms, again_boot_ms;
};

/* ---- the recent window ---- */

static void recent_add(struct history *h, const char *series, int64_t wall_ms, double value)
{
	struct recent *r;

	HASH_FIND_STR(h->recent, series, r);
	if (r == NULL) {
		if (HASH_COUNT(h->recent) >= RECENT_SERIES_MAX)
			return;
		r = MEM_NEW(struct recent);
		r->series = mem_strdup(series);
		HASH_ADD_KEYPTR(hh, h->recent, r->series, strlen(r->series), r);
	}
	if (r->count > 0) {
		struct history_sample *last = &r->ring[(r->next + r->cap - 1) % r->cap];

		if (last->value == value && wall_ms >= last->until_wall_ms &&
		    wall_ms - last->until_wall_ms <= HISTORY_SAME_MS) {
			last->until_wall_ms = wall_ms;
			last->count++;
			return;
		}
	}
	if (r->count == r->cap && r->cap < HISTORY_RECENT) {
		/* A ring that never was full has its oldest at 0. */
		r->cap = r->cap == 0 ? 4 : r->cap * 2 > HISTORY_RECENT ? HISTORY_RECENT : r->cap * 2;
		r->ring = mem_realloc(r->ring, r->cap, sizeof(*r->ring));
		r->next = r->count;
	}
	r->ring[r->next] = (struct history_sample){ wall_ms, wall_ms, value, value, value, 1 };
	r->next = (r->next + 1) % r->cap;
	r->count += r->count < r->cap;
}

size_t history_recent(struct history *h, const char *series, struct history_sample *out, size_t max)
{
	struct recent *r = NULL;
	size_t n = 0;

	if (h == NULL)
		return 0;
	pthread_mutex_lock(&h->lock);
	HASH_FIND_STR(h->recent, series, r);
	if (r != NULL) {
		n = r->count < max ? r->count : max;
		for (size_t i = 0; i < n; i++)
			out[i] = r->ring[(r->next + r->cap - n + i) % r->cap];
	}
	pthread_mutex_unlock(&h->lock);
	return n;
}

static void recent_free(struct history *h)
{
	struct recent *r, *next;

	HASH_ITER(hh, h->recent, r, next) {
		HASH_DEL(h->recent, r);
		free(r->series);
		free(r->ring);
		free(r);
	}
}

/* ---- the writer thread ---- */

static void note(struct history *h, const char *words)
{
	pthread_mutex_lock(&h->lock);
	snprintf(h->state.note, sizeof(h->state.note), "%s", words);
	pthread_mutex_unlock(&h->lock);
}

static void set_aside(struct history *h, const struct err *why)
{
	char words[300];

	db_set_aside(h->path);
	snprintf(words, sizeof(words), "history was damaged (%.80s); set aside as %.150s.damaged, a new one is begun", why->text,
	    h->path);
	note(h, words);
}

static void open_file(struct history *h)
{
	enum db_fault fault = DB_FINE;
	struct err e = ERR_INIT;
	char words[300];

	h->file = history_file_open(h->path, &fault, &e);
	if (h->file == NULL && fault == DB_DAMAGED) {
		set_aside(h, &e);
		err_clear(&e);
		h->file = history_file_open(h->path, &fault, &e);
	}
	if (h->file == NULL) {
		snprintf(words, sizeof(words), "history is not kept: %.80s: %.160s", h->path, e.text);
		note(h, words);
		h->again_boot_ms = clock_boot_ms() + AGAIN_MS;
	}
}

/* After a failure the file is closed: opening it again finds out whether it is damaged. */
static void give_up(struct history *h, const struct err *e)
{
	char words[300];
	bool damaged = history_file_fault(h->file) == DB_DAMAGED;

	history_file_close(h->file);
	h->file = NULL;
	if (damaged) {
		set_aside(h, e);
		open_file(h);
		return;
	}
	snprintf(words, sizeof(words), "history could not be written: %.200s", e->text);
	note(h, words);
	h->again_boot_ms = clock_boot_ms() + AGAIN_MS;
}

/* What the thread takes out of the queues at once. */
struct batch {
	struct queued *samples;
	size_t sample_count;
	struct event *events;
	size_t event_count;
};

static int write_all(struct history *h, const struct batch *b, struct err *e)
{
	if (history_file_begin(h->file, e) < 0)
		return -1;
	for (size_t i = 0; i < b->sample_count; i++) {
		const struct queued *q = &b->samples[i];

		if (history_file_add(h->file, q->kind, q->series, q->wall_ms, q->value, e) < 0)
			goto failed;
	}
	for (size_t i = 0; i < b->event_count; i++)
		if (history_file_event(h->file, &b->events[i], e) < 0)
			goto failed;
	return history_file_commit(h->file, e);
failed:
	history_file_rollback(h->file);
	return -1;
}

static void write_batch(struct history *h, struct batch *b)
{
	struct err e = ERR_INIT;
	int rc = -1;

	if (h->file == NULL && clock_boot_ms() >= h->again_boot_ms)
		open_file(h);
	if (h->file != NULL && (rc = write_all(h, b, &e)) < 0) {
		give_up(h, &e);
		if (h->file != NULL) /* a new file was begun */
			rc = write_all(h, b, NULL);
	}
	pthread_mutex_lock(&h->lock);
	if (rc == 0) {
		h->state.written += b->sample_count + b->event_count;
		h->state.written_wall_ms = clock_wall_ms();
		if (strncmp(h->state.note, "history could not", 17) == 0 || strncmp(h->state.note, "history is not", 14) == 0)
			h->state.note[0] = '\0';
	} else {
		h->state.dropped += b->sample_count + b->event_count;
	}
	pthread_mutex_unlock(&h->lock);
	for (size_t i = 0; i < b->sample_count; i++)
		free(b->samples[i].series);
	free(b->samples);
	free(b->events);
}

static void age(struct history *h)
{
	int64_t now = clock_boot_ms();
	struct err e = ERR_INIT;

	if (h->file == NULL || (h->aged_boot_ms != 0 && now - h->aged_boot_ms < AGE_EVERY_MS))
		return;
	h->aged_boot_ms = now;
	if (history_file_age(h->file, &h->conf, clock_wall_ms(), &e) < 0)
		give_up(h, &e);
}

static void wait_a_moment(struct history *h, int64_t ms)
{
	struct timespec until;

	clock_gettime(CLOCK_MONOTONIC, &until);
	until.tv_sec += ms / 1000;
	until.tv_nsec += ms % 1000 * 1000000;
	if (until.tv_nsec >= 1000000000) {
		until.tv_sec++;
		until.tv_nsec -= 1000000000;
	}
	while (!h->stop && pthread_cond_timedwait(&h->wake, &h->lock, &until) == 0)
		continue;
}

static void *writer(void *arg)
{
	struct history *h = arg;
	bool stop = false;

	open_file(h);
	while (!stop) {
		struct batch b;

		pthread_mutex_lock(&h->lock);
		while (!h->stop && h->count == 0 && h->event_count == 0)
			pthread_cond_wait(&h->wake, &h->lock);
		wait_a_moment(h, GATHER_MS);
		stop = h->stop;
		b = (struct batch){ h->queue, h->count, h->events, h->event_count };
		h->queue = NULL;
		h->count = h->cap = 0;
		h->events = NULL;
		h->event_count = h->event_cap = 0;
		pthread_mutex_unlock(&h->lock);
		write_batch(h, &b);
		if (!stop)
			age(h);
	}
	history_file_close(h->file);
	return NULL;
}

/* ---- any thread ---- */

struct history *history_open(const char *dir, const struct history_conf *conf)
{
	struct history *h = MEM_NEW(struct history);
	pthread_condattr_t attr;

	h->conf = *conf;
	pthread_mutex_init(&h->lock, NULL);
	pthread_condattr_init(&attr);
	pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
	pthread_cond_init(&h->wake, &attr);
	pthread_condattr_destroy(&attr);
	if (dir == NULL)
		return h;
	h->path = mem_printf("%s/history.db", dir);
	h->running = pthread_create(&h->thread, NULL, writer, h) == 0;
	if (!h->running)
		note(h, "history is not kept: its thread cannot be started");
	return h;
}

void history_close(struct history *h)
{
	if (h == NULL)
		return;
	pthread_mutex_lock(&h->lock);
	h->stop = true;
	pthread_cond_broadcast(&h->wake);
	pthread_mutex_unlock(&h->lock);
	if (h->running)
		pthread_join(h->thread, NULL);
	for (size_t i = 0; i < h->count; i++)
		free(h->queue[i].series);
	free(h->queue);
	free(h->events);
	recent_free(h);
	pthread_cond_destroy(&h->wake);
	pthread_mutex_destroy(&h->lock);
	free(h->path);
	free(h);
}

static bool enqueue(struct history *h, enum history_kind kind, const char *series, int64_t wall_ms, double value)
{
	if (h->path == NULL)
		return true;
	if (!h->running || h->count >= QUEUE_MAX)
		return false;
	MEM_GROW(h->queue, h->cap, h->count + 1);
	h->queue[h->count++] = (struct queued){ kind, wall_ms, value, mem_strdup(series) };
	if (h->count == 1)
		pthread_cond_signal(&h->wake);
	return true;
}

bool history_put(struct history *h, enum history_kind kind, const char *series, int64_t wall_ms, double value)
{
	bool taken;

	if (h == NULL)
		return false;
	pthread_mutex_lock(&h->lock);
	taken = strlen(series) <= HISTORY_NAME_MAX && isfinite(value);
	if (taken) {
		recent_add(h, series, wall_ms, value);
		taken = enqueue(h, kind, series, wall_ms, value);
	}
	h->state.put++;
	h->state.dropped += !taken;
	pthread_mutex_unlock(&h->lock);
	return taken;
}

bool history_has_room(struct history *h, size_t samples)
{
	bool room;

	if (h == NULL || h->path == NULL || !h->running)
		return true; /* waiting would not help */
	pthread_mutex_lock(&h->lock);
	room = h->count == 0 || h->count + samples <= QUEUE_MAX;
	pthread_mutex_unlock(&h->lock);
	return room;
}

bool history_event(struct history *h, const struct event *ev)
{
	bool taken;

	if (h == NULL)
		return false;
	pthread_mutex_lock(&h->lock);
	taken = h->path == NULL || (h->running && h->event_count < EVENTS_MAX);
	if (taken && h->path != NULL) {
		MEM_GROW(h->events, h->event_cap, h->event_count + 1);
		h->events[h->event_count++] = *ev;
		if (h->event_count == 1)
			pthread_cond_signal(&h->wake);
	}
	h->state.put++;
	h->state.dropped += !taken;
	pthread_mutex_unlock(&h->lock);
	return taken;
}

void history_state(struct history *h, struct history_state *out)
{
	if (h == NULL) {
		*out = (struct history_state){ .note = "no history is kept" };
		return;
	}
	pthread_mutex_lock(&h->lock);
	*out = h->state;
	out->queued = h->count + h->event_count;
	pthread_mutex_unlock(&h->lock);
}
