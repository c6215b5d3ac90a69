/* The keeper of the outbox: who leads, what is open, and what goes to which lane; see outbox.h. */
#include "app/outbox_priv.h"
#include "core/base/clock.h"
#include "core/base/mem.h"
#include "core/base/shared.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/file.h>
#include <time.h>
#include <unistd.h>

enum {
	POSTED_MAX = 100000, /* the rules hold 50,000 alerts at most */
	LOOK_S = 1,          /* whether the lock is free, and how the one who leads fares */
	LAST_MOMENT_MS = 2000, /* for what is being sent when the console ends */
};

void outbox_changed(struct outbox *ob)
{
	atomic_fetch_add(&ob->revision, 1);
}

static void set_note(struct outbox *ob, const char *words)
{
	pthread_mutex_lock(&ob->lock);
	if (strcmp(ob->note, words) != 0) {
		snprintf(ob->note, sizeof(ob->note), "%s", words);
		outbox_changed(ob);
	}
	pthread_mutex_unlock(&ob->lock);
}

/* With the store's lock held. */
static void write_changes(struct outbox *ob, struct outstore_changes *c)
{
	if (atomic_load(&ob->leads)) {
		outstore_write(ob->store, c);
		set_note(ob, outstore_note(ob->store));
	}
	outstore_changes_fini(c);
	outbox_changed(ob);
}

void outbox_save(struct outbox *ob, struct lane *l)
{
	struct outstore_changes c = { NULL, 0, 0 };

	pthread_mutex_lock(&ob->store_lock);
	lane_gather(l, &c);
	write_changes(ob, &c);
	pthread_mutex_unlock(&ob->store_lock);
}

/* ---- news ---- */

static void to_lanes(struct outbox *ob, const struct notice *n, unsigned outputs)
{
	for (size_t i = 0; i < ob->config->output_count; i++) {
		struct lane *l = &ob->lanes[i];

		/* an end goes to whoever got the beginning, which the queue knows */
		if (n->news != ALERT_NEWS_RESOLVED && (outputs & ALERT_TO_OUTPUT(i)) == 0)
			continue;
		pthread_mutex_lock(&l->lock);
		outqueue_add(l->queue, n);
		pthread_mutex_unlock(&l->lock);
	}
}

struct ending {
	struct outbox *ob;
	struct outstore_changes *changes;
};

/* It was open when somebody else led, and is no more. */
static void ended_meanwhile(void *ctx, const struct notice *n)
{
	struct ending *en = ctx;
	struct notice over = *n;

	over.news = ALERT_NEWS_RESOLVED;
	over.at_wall_ms = clock_wall_ms();
	snprintf(over.id + strnlen(over.id, sizeof(over.id) - 2), 2, "e");
	outstore_change_add(en->changes, OUTSTORE_OPEN_GONE, NULL)->key = mem_strdup(n->key);
	to_lanes(en->ob, &over, 0);
}

static void take_post(struct outbox *ob, const struct posted *p, struct outstore_changes *changes)
{
	struct ending en = { ob, changes };

	if (p->all_said) {
		openset_sync_end(ob->open, ended_meanwhile, &en);
	} else if (p->notice.news == ALERT_NEWS_RESOLVED) {
		if (openset_end(ob->open, p->notice.key))
			outstore_change_add(changes, OUTSTORE_OPEN_GONE, NULL)->key = mem_strdup(p->notice.key);
		to_lanes(ob, &p->notice, p->outputs);
	} else {
		struct outstore_change *c = outstore_change_add(changes, OUTSTORE_OPEN, NULL);

		openset_put(ob->open, &p->notice);
		c->notice = MEM_NEW(struct notice);
		*c->notice = p->notice;
		to_lanes(ob, &p->notice, p->outputs);
	}
}

/* Written down first, then the lanes are woken: what is told is known here whatever happens. */
static void hand_out(struct outbox *ob, struct posted *list)
{
	struct outstore_changes changes = { NULL, 0, 0 };
	struct posted *next;

	pthread_mutex_lock(&ob->store_lock);
	for (struct posted *p = list; p != NULL; p = next) {
		next = p->next;
		if (atomic_load(&ob->leads))
			take_post(ob, p, &changes);
		free(p);
	}
	for (size_t i = 0; i < ob->config->output_count && atomic_load(&ob->leads); i++)
		lane_gather(&ob->lanes[i], &changes);
	write_changes(ob, &changes);
	pthread_mutex_unlock(&ob->store_lock);
	for (size_t i = 0; i < ob->config->output_count; i++)
		lane_wake(&ob->lanes[i]);
}

/* ---- leading ---- */

/* Without a lock two consoles would tell everything twice; without anybody who leads nothing would be told: that is worse. */
static bool get_lock(struct outbox *ob)
{
	char *path = mem_printf("%s/outbox.lock", ob->config->data_dir);
	bool got;

	if (ob->lock_fd < 0)
		ob->lock_fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, shared_bits_beside(path, 0600));
	got = ob->lock_fd >= 0 ? flock(ob->lock_fd, LOCK_EX | LOCK_NB) == 0 : true;
	if (!got && errno != EWOULDBLOCK && errno != EINTR)
		got = true; /* a file system without locks */
	free(path);
	return got;
}

static void take_open(void *ctx, const struct notice *n)
{
	openset_put(ctx, n);
}

static void take_over(struct outbox *ob)
{
	pthread_mutex_lock(&ob->store_lock);
	openset_clear(ob->open);
	outstore_each_open(ob->store, take_open, ob->open);
	openset_sync_begin(ob->open);
	for (size_t i = 0; i < ob->config->output_count; i++)
		lane_load(&ob->lanes[i]);
	set_note(ob, outstore_note(ob->store));
	atomic_store(&ob->leads, true);
	pthread_mutex_unlock(&ob->store_lock);
	pthread_mutex_lock(&ob->lock);
	ob->asks = true;
	pthread_mutex_unlock(&ob->lock);
	outbox_changed(ob);
	for (size_t i = 0; i < ob->config->output_count; i++)
		lane_wake(&ob->lanes[i]);
}

/* How the console that leads fares, for showing. */
static void look_at_leader(struct outbox *ob)
{
	pthread_mutex_lock(&ob->store_lock);
	for (size_t i = 0; i < ob->config->output_count; i++) {
		struct lane *l = &ob->lanes[i];
		struct output_state state = { 0 };

		outstore_state(ob->store, l->conf->name, &state);
		pthread_mutex_lock(&l->lock);
		if (memcmp(&state, &l->state, sizeof(state)) != 0)
			outbox_changed(ob);
		l->state = state;
		pthread_mutex_unlock(&l->lock);
	}
	pthread_mutex_unlock(&ob->store_lock);
}

static void *keeping(void *arg)
{
	struct outbox *ob = arg;
	struct posted *list;
	bool stop = false;

	while (!stop) {
		struct timespec until;

		if (!atomic_load(&ob->leads)) {
			if (get_lock(ob))
				take_over(ob);
			else
				look_at_leader(ob);
			atomic_store(&ob->decided, true);
		}
		clock_gettime(CLOCK_MONOTONIC, &until);
		until.tv_sec += LOOK_S;
		pthread_mutex_lock(&ob->lock);
		if (ob->first == NULL && !ob->stop)
			pthread_cond_timedwait(&ob->wake, &ob->lock, &until);
		list = ob->first;
		ob->first = NULL;
		ob->last = &ob->first;
		ob->posted = 0;
		stop = ob->stop;
		pthread_mutex_unlock(&ob->lock);
		if (list != NULL)
			hand_out(ob, list);
	}
	return NULL;
}

/* ---- the console's ---- */

/* What is over POSTED_MAX is lost, and counted: then the keeper's disk has been standing still for long. */
static void post(struct outbox *ob, struct posted *p)
{
	if (ob->pending_count >= POSTED_MAX) {
		ob->lost++;
		free(p);
		return;
	}
	p->next = NULL;
	*ob->pending_last = p;
	ob->pending_last = &p->next;
	ob->pending_count++;
}

void outbox_flush(struct outbox *ob)
{
	if (ob == NULL || ob->pending == NULL)
		return;
	pthread_mutex_lock(&ob->lock);
	if (ob->posted < POSTED_MAX) { /* else they wait here */
		*ob->last = ob->pending;
		ob->last = ob->pending_last;
		ob->posted += ob->pending_count;
		ob->pending = NULL;
		ob->pending_last = &ob->pending;
		ob->pending_count = 0;
		pthread_cond_signal(&ob->wake);
	}
	if (ob->lost > 0)
		snprintf(ob->note, sizeof(ob->note), "%llu alerts were not told: too many at once", (unsigned long long)ob->lost);
	pthread_mutex_unlock(&ob->lock);
}

void outbox_post(struct outbox *ob, const struct notice *n, unsigned outputs)
{
	struct posted *p;

	if (ob == NULL || !atomic_load(&ob->leads))
		return;
	p = MEM_NEW(struct posted);
	p->notice = *n;
	p->outputs = outputs;
	post(ob, p);
}

void outbox_post_all_said(struct outbox *ob)
{
	struct posted *p = MEM_NEW(struct posted);

	p->all_said = true;
	post(ob, p);
}

bool outbox_asks(struct outbox *ob)
{
	bool asks;

	if (ob == NULL)
		return false;
	pthread_mutex_lock(&ob->lock);
	asks = ob->asks;
	ob->asks = false;
	pthread_mutex_unlock(&ob->lock);
	return asks;
}

bool outbox_leads(struct outbox *ob)
{
	return ob != NULL && atomic_load(&ob->leads);
}

bool outbox_decided(struct outbox *ob)
{
	return ob == NULL || atomic_load(&ob->decided);
}

void outbox_test(struct outbox *ob, size_t output, const char *who)
{
	struct lane *l = &ob->lanes[output];

	pthread_mutex_lock(&l->lock);
	l->test = true;
	snprintf(l->test_who, sizeof(l->test_who), "%s", who);
	pthread_cond_signal(&l->wake);
	pthread_mutex_unlock(&l->lock);
}

bool outbox_lines(struct outbox *ob, struct output_line *lines)
{
	bool all = true;

	for (size_t i = 0; ob != NULL && i < ob->config->output_count; i++) {
		struct lane *l = &ob->lanes[i];

		if (pthread_mutex_trylock(&l->lock) != 0) {
			all = false;
			continue;
		}
		if (atomic_load(&ob->leads))
			outqueue_state(l->queue, &l->state);
		lines[i] = (struct output_line){ .conf = l->conf, .state = l->state };
		pthread_mutex_unlock(&l->lock);
	}
	return all;
}

uint64_t outbox_revision(struct outbox *ob)
{
	return ob != NULL ? atomic_load(&ob->revision) : 0;
}

void outbox_note(struct outbox *ob, char *out, size_t size)
{
	pthread_mutex_lock(&ob->lock);
	snprintf(out, size, "%s", ob->note);
	pthread_mutex_unlock(&ob->lock);
}

/* ---- beginning and end ---- */

struct outbox *outbox_start(const struct config *c, struct http *http, struct inbox *inbox)
{
	struct outbox *ob = MEM_NEW(struct outbox);
	pthread_condattr_t attr;

	ob->config = c;
	ob->http = http;
	ob->inbox = inbox;
	ob->lock_fd = -1;
	ob->last = &ob->first;
	ob->pending_last = &ob->pending;
	ob->cancel_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	ob->store = outstore_open(c->data_dir);
	ob->open = openset_new();
	pthread_mutex_init(&ob->lock, NULL);
	pthread_mutex_init(&ob->store_lock, NULL);
	pthread_condattr_init(&attr);
	pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
	pthread_cond_init(&ob->wake, &attr);
	pthread_condattr_destroy(&attr);
	for (size_t i = 0; i < c->output_count; i++)
		if (lane_start(&ob->lanes[i], ob, &c->outputs[i]) != 0)
			snprintf(ob->note, sizeof(ob->note), "%s: no thread can be had: nothing is told to it", c->outputs[i].name);
	if (pthread_create(&ob->thread, NULL, keeping, ob) == 0)
		return ob;
	ob->stop = true;
	outbox_stop(ob);
	return NULL;
}

/* What is being sent is answered within a moment, or given up: it is written down as not told yet. */
static void end_lanes(struct outbox *ob)
{
	int64_t end = clock_steady_ms() + LAST_MOMENT_MS;
	const struct timespec nap = { 0, 20000000 };
	size_t busy = 1;

	for (size_t i = 0; i < ob->config->output_count; i++)
		lane_stop(&ob->lanes[i]);
	while (busy > 0 && clock_steady_ms() < end) {
		busy = 0;
		for (size_t i = 0; i < ob->config->output_count; i++)
			busy += ob->lanes[i].running && !atomic_load(&ob->lanes[i].ended);
		if (busy > 0)
			nanosleep(&nap, NULL);
	}
	eventfd_write(ob->cancel_fd, 1);
	for (size_t i = 0; i < ob->config->output_count; i++)
		lane_join(&ob->lanes[i]);
}

void outbox_stop(struct outbox *ob)
{
	bool began;

	if (ob == NULL)
		return;
	outbox_flush(ob);
	pthread_mutex_lock(&ob->lock);
	began = !ob->stop;
	ob->stop = true;
	pthread_cond_signal(&ob->wake);
	pthread_mutex_unlock(&ob->lock);
	if (began)
		pthread_join(ob->thread, NULL);
	end_lanes(ob);
	if (ob->lock_fd >= 0)
		close(ob->lock_fd); /* last: the next one finds all of it written */
	outstore_close(ob->store);
	openset_free(ob->open);
	close(ob->cancel_fd);
	pthread_cond_destroy(&ob->wake);
	pthread_mutex_destroy(&ob->lock);
	pthread_mutex_destroy(&ob->store_lock);
	for (struct posted *p = ob->pending, *next; p != NULL; p = next) {
		next = p->next;
		free(p);
	}
	free(ob);
}
