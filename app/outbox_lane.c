/* One output's thread: takes what is due, sends it, and tries again with growing pauses; see outbox.h. */
#include "app/deliver.h"
#include "app/outbox_priv.h"
#include "core/base/clock.h"
#include "core/base/mem.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum {
	BATCH_MAX = 128,
	FIRST_PAUSE_MS = 2000, LAST_PAUSE_MS = 300000, /* between attempts, doubled each time */
	LOOK_MS = 15000,      /* whether quiet hours are over, or something waits too long */
};

/* A pause of two thirds to four thirds: consoles on many hosts must not all come back at once. */
static int64_t pause_ms(struct lane *l, int64_t asked_s)
{
	int64_t ms = FIRST_PAUSE_MS;

	for (unsigned i = 1; i < l->state.failures && ms < LAST_PAUSE_MS; i++)
		ms *= 2;
	if (ms > LAST_PAUSE_MS)
		ms = LAST_PAUSE_MS;
	l->jitter = l->jitter * 1103515245u + 12345u;
	ms = ms * 2 / 3 + ms * 2 / 3 * (int64_t)(l->jitter >> 16 & 1023) / 1023;
	return asked_s > 0 && asked_s * 1000 > ms ? asked_s * 1000 : ms;
}

static void account(struct lane *l, const struct delivery *d)
{
	int64_t now = clock_wall_ms(), pause;

	if (d->fate == DELIVERY_DONE) {
		l->state.sent_wall_ms = now;
		l->state.error[0] = '\0';
	} else {
		l->state.failed_wall_ms = now;
		snprintf(l->state.error, sizeof(l->state.error), "%s", d->words);
	}
	if (d->fate != DELIVERY_LATER) {
		l->state.failures = 0;
		l->state.retry_wall_ms = l->retry_boot_ms = 0;
		return;
	}
	l->state.failures++;
	pause = pause_ms(l, d->retry_after_s);
	l->retry_boot_ms = clock_boot_ms() + pause;
	l->state.retry_wall_ms = now + pause;
}

static void send_batch(struct lane *l, const struct notice *const *notices, size_t count)
{
	struct outbox *ob = l->outbox;
	const struct notice_batch batch = { notices, count, outqueue_unsaid(l->queue), deliver_host(), ob->config->local_as, clock_wall_ms() };
	struct delivery d;

	pthread_mutex_unlock(&l->lock);
	outbox_save(ob, l); /* that somebody may have seen it, before somebody can have */
	deliver(ob->config, l->conf, ob->http, &batch, ob->cancel_fd, &d);
	pthread_mutex_lock(&l->lock);
	outqueue_done(l->queue, d.fate);
	account(l, &d);
	pthread_mutex_unlock(&l->lock);
	outbox_save(ob, l);
	pthread_mutex_lock(&l->lock);
}

static void say(struct outbox *ob, const char *words)
{
	struct msg *m = MEM_NEW(struct msg);

	m->kind = MSG_TEXT;
	snprintf(m->words, sizeof(m->words), "%s", words);
	inbox_post(ob->inbox, m);
}

static void send_test(struct lane *l)
{
	struct outbox *ob = l->outbox;
	const struct notice *one;
	char line[200];
	struct delivery d;
	struct notice n;

	notice_test(&n, l->conf->name, l->test_who, clock_wall_ms());
	l->test = false;
	pthread_mutex_unlock(&l->lock);
	one = &n;
	deliver(ob->config, l->conf, ob->http, &(struct notice_batch){ &one, 1, 0, deliver_host(), ob->config->local_as, n.at_wall_ms },
	    ob->cancel_fd, &d);
	snprintf(line, sizeof(line), "test of %.40s: %s: %.130s", l->conf->name, d.fate == DELIVERY_DONE ? "taken" : "NOT taken", d.words);
	say(ob, line);
	pthread_mutex_lock(&l->lock);
	if (d.fate == DELIVERY_DONE && l->state.failures > 0)
		l->retry_boot_ms = 0; /* it works again: what waits need not */
}

static void wait_ms(struct lane *l, int64_t ms)
{
	struct timespec until;

	clock_gettime(CLOCK_MONOTONIC, &until);
	until.tv_sec += ms / 1000;
	until.tv_nsec += ms % 1000 * 1000000;
	if (until.tv_nsec >= 1000000000) {
		until.tv_sec++;
		until.tv_nsec -= 1000000000;
	}
	pthread_cond_timedwait(&l->wake, &l->lock, &until);
}

/* What is due is sent, and else the time until something may be. */
static void go_on(struct lane *l)
{
	const struct notice *notices[BATCH_MAX];
	size_t most = deliver_most(l->conf), n;
	int64_t left = l->retry_boot_ms > 0 ? l->retry_boot_ms - clock_boot_ms() : 0;

	if (!atomic_load(&l->outbox->leads)) {
		wait_ms(l, LOOK_MS);
	} else if (left > 0) {
		wait_ms(l, left);
	} else if ((n = outqueue_take(l->queue, clock_wall_ms(), notices, most < BATCH_MAX ? most : BATCH_MAX)) > 0) {
		send_batch(l, notices, n);
	} else {
		wait_ms(l, LOOK_MS);
	}
}

static void *sending(void *arg)
{
	struct lane *l = arg;

	pthread_mutex_lock(&l->lock);
	while (!l->stop)
		if (l->test)
			send_test(l);
		else
			go_on(l);
	pthread_mutex_unlock(&l->lock);
	atomic_store(&l->ended, true);
	return NULL;
}

int lane_start(struct lane *l, struct outbox *ob, const struct output_conf *conf)
{
	pthread_condattr_t attr;

	*l = (struct lane){ .outbox = ob, .conf = conf, .queue = outqueue_new(conf), .jitter = (unsigned)clock_wall_ms() };
	pthread_mutex_init(&l->lock, NULL);
	pthread_condattr_init(&attr);
	pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
	pthread_cond_init(&l->wake, &attr);
	pthread_condattr_destroy(&attr);
	l->running = pthread_create(&l->thread, NULL, sending, l) == 0;
	return l->running ? 0 : -1;
}

void lane_stop(struct lane *l)
{
	pthread_mutex_lock(&l->lock);
	l->stop = true;
	pthread_cond_signal(&l->wake);
	pthread_mutex_unlock(&l->lock);
}

void lane_join(struct lane *l)
{
	if (l->running)
		pthread_join(l->thread, NULL);
	outqueue_free(l->queue);
	pthread_cond_destroy(&l->wake);
	pthread_mutex_destroy(&l->lock);
}

void lane_wake(struct lane *l)
{
	pthread_mutex_lock(&l->lock);
	pthread_cond_signal(&l->wake);
	pthread_mutex_unlock(&l->lock);
}

/* ---- the store ---- */

static void take_item(void *ctx, uint64_t id, unsigned attempts, const struct notice *n)
{
	outqueue_restore(ctx, id, attempts, n);
}

static void take_got(void *ctx, const char *key)
{
	outqueue_restore_got(ctx, key);
}

void lane_load(struct lane *l)
{
	struct outstore *store = l->outbox->store;
	struct outqueue *fresh = outqueue_new(l->conf), *old;
	struct output_state state = { 0 };

	outstore_each_item(store, l->conf->name, take_item, fresh);
	outstore_each_got(store, l->conf->name, take_got, fresh);
	if (outstore_state(store, l->conf->name, &state))
		outqueue_restore_state(fresh, &state);
	pthread_mutex_lock(&l->lock);
	old = l->queue;
	l->queue = fresh;
	l->state = state;
	l->state.retry_wall_ms = l->retry_boot_ms = 0; /* whoever comes anew tries at once */
	pthread_mutex_unlock(&l->lock);
	outqueue_free(old);
}

void lane_gather(struct lane *l, struct outstore_changes *out)
{
	struct outstore_change *c = outstore_change_add(out, OUTSTORE_STATE, l->conf->name);

	c->state = MEM_NEW(struct output_state);
	pthread_mutex_lock(&l->lock);
	outqueue_state(l->queue, &l->state);
	*c->state = l->state;
	outqueue_changes(l->queue, out);
	pthread_mutex_unlock(&l->lock);
}
