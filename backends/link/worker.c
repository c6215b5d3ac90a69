/* One router's thread: connect, poll, act, reconnect; see worker.h. */
#include "backends/link/question.h"
#include "backends/link/worker_priv.h"
#include "core/base/clock.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
	BACKOFF_FIRST_MS = 1000,
	BACKOFF_MAX_MS = 60000,
	STORE_LOOK_MS = 2000, /* how often a locked router looks whether its host key was enrolled */
	TIMEOUTS_MAX = 3,     /* in a row: the link is given up */
	POLL_GAP_MS = 250,    /* between the end of a late poll and the next */
};

bool worker_stopping(struct worker *w)
{
	bool stop;

	pthread_mutex_lock(&w->lock);
	stop = w->stop;
	pthread_mutex_unlock(&w->lock);
	return stop;
}

void worker_poll_now(struct worker *w)
{
	pthread_mutex_lock(&w->lock);
	w->poll_asked = true;
	eventfd_write(w->wake_fd, 1);
	pthread_mutex_unlock(&w->lock);
}

static void enqueue(struct worker *w, struct act_job *job, struct question *question)
{
	struct queued_job *q = MEM_NEW(struct queued_job), **at;

	q->job = job;
	q->question = question;
	pthread_mutex_lock(&w->lock);
	for (at = &w->jobs; *at != NULL;)
		at = &(*at)->next;
	*at = q;
	eventfd_write(w->wake_fd, 1);
	pthread_mutex_unlock(&w->lock);
}

void worker_act(struct worker *w, struct act_job *job)
{
	enqueue(w, job, NULL);
}

void worker_ask(struct worker *w, struct question *q)
{
	enqueue(w, NULL, q);
}

static void give_back(struct worker *w, struct question *q)
{
	struct msg *m = MEM_NEW(struct msg);

	m->kind = MSG_ASKED;
	m->router = w->conf->name;
	m->asked = q;
	m->asked_free = question_free;
	inbox_post(w->pool->inbox, m);
}

/* What was asked since the last call; false: nothing to do. */
static bool take_asked(struct worker *w, bool *poll_asked, struct queued_job *out)
{
	struct queued_job *q;
	eventfd_t count;

	pthread_mutex_lock(&w->lock);
	*poll_asked = w->poll_asked;
	w->poll_asked = false;
	q = w->jobs;
	if (q != NULL) {
		w->jobs = q->next;
		*out = *q;
		free(q);
	}
	if (w->jobs == NULL)
		eventfd_read(w->wake_fd, &count);
	pthread_mutex_unlock(&w->lock);
	return q != NULL;
}

void worker_post_status(struct worker *w)
{
	struct msg *m = MEM_NEW(struct msg);

	if (w->link != NULL) {
		w->link->ops->describe(w->link, &w->st);
		w->st.octets_in += w->octets_before;
	}
	m->kind = MSG_LINK;
	m->router = w->conf->name;
	m->link = w->st;
	inbox_post(w->pool->inbox, m);
}

void worker_set_state(struct worker *w, enum link_state state)
{
	if (w->st.state != state) {
		w->st.state = state;
		w->st.since_boot_ms = clock_boot_ms();
		w->st.since_wall_ms = clock_wall_ms();
	}
	worker_post_status(w);
}

/* Safe text, cut between two characters. */
static void put_words(struct link_status *st, const char *words)
{
	struct str safe;
	size_t n;

	str_init(&safe, 4096);
	text_append(&safe, slice_of(words));
	n = safe.len < sizeof(st->words) ? safe.len : sizeof(st->words) - 1;
	while (n > 0 && n < safe.len && ((unsigned char)safe.p[n] & 0xc0) == 0x80)
		n--;
	memcpy(st->words, safe.p, n);
	st->words[n] = '\0';
	str_fini(&safe);
}

void worker_set_cause(struct worker *w, const struct err *why)
{
	w->st.cause = why ? why->code : ERR_NONE;
	put_words(&w->st, why ? why->text : "");
}

static void on_step(void *ctx, enum link_state state, const char *words)
{
	struct worker *w = ctx;

	/* The reason of the last failure stays in view while the next try goes on. */
	if (w->st.cause == ERR_NONE)
		put_words(&w->st, words);
	worker_set_state(w, state);
}

static int on_turn(void *ctx, struct err *e)
{
	struct worker *w = ctx;

	worker_set_state(w, LINK_QUEUED);
	if (places_take(w->pool->handshakes, w->cancel_fd, e) < 0)
		return -1;
	w->has_place = true;
	return 0;
}

/* A number that changes when a host-key file of the way to this router does. */
static uint64_t store_mark(const struct worker *w)
{
	const struct router_conf *c = w->conf;
	struct arena *a = arena_new();
	uint64_t mark = 0;
	struct stat st;

	for (int i = 0; c != NULL && i < 8; i++) {
		if (stat(hostkey_path(a, w->pool->hostkey_dir, c->name), &st) == 0)
			mark = mark * 31 + (uint64_t)st.st_ino + (uint64_t)st.st_mtim.tv_nsec +
			       (uint64_t)st.st_mtim.tv_sec * 1000003 + st.st_mode;
		c = c->jump ? config_router(w->pool->config, c->jump) : NULL;
	}
	arena_free(a);
	return mark;
}

static int connect_router(struct worker *w, struct err *e)
{
	struct ssh_seen seen = { 0 };
	int rc;

	w->way = (struct ssh_way){ .config = w->pool->config, .router = w->login,
		.hostkey_dir = w->pool->hostkey_dir, .cancel_fd = w->cancel_fd, .ctx = w,
		.step = on_step, .turn = on_turn };
	w->once_done = false;
	w->keys_mark = store_mark(w); /* before they are read: who enrolls meanwhile is not overlooked */
	if (w->pool->reach != NULL)
		return w->pool->reach(w->pool->reach_ctx, w->login, w->cancel_fd, &w->link, e);
	rc = ssh_link_open(&w->way, &seen, &w->link, e);
	if (w->has_place)
		places_give(w->pool->handshakes);
	w->has_place = false;
	memcpy(w->st.fingerprint, seen.fingerprint, sizeof(w->st.fingerprint));
	ssh_seen_fini(&seen);
	return rc;
}

int worker_get_ready(struct worker *w, struct err *e)
{
	int64_t deadline;

	if (w->cli != NULL && cli_broken(w->cli)) {
		cli_close(w->cli);
		w->cli = NULL;
	}
	if (w->link == NULL && connect_router(w, e) < 0)
		return -1;
	if (w->cli != NULL)
		return 0;
	worker_set_state(w, LINK_LOGIN);
	deadline = clock_boot_ms() + (int64_t)(w->conf->timeout_s ? w->conf->timeout_s : 15) * 1000;
	if (cli_open(w->link, w->login, w->driver, deadline, &w->cli, e) < 0)
		return -1;
	cli_listen(w->cli, w->pool->recorder != NULL ? &w->take.ear : NULL);
	return 0;
}

void worker_hang_up(struct worker *w)
{
	cli_close(w->acting);
	cli_close(w->cli);
	w->acting = w->cli = NULL;
	if (w->link != NULL) {
		w->link->ops->describe(w->link, &w->st);
		w->octets_before += w->st.octets_in;
		w->link->ops->free(w->link);
	}
	w->link = NULL;
}

/* After a failure: whether the connection itself still stands. */
static bool link_alive(struct worker *w)
{
	return w->link != NULL && w->link->ops->pump(w->link, -1, clock_boot_ms(), NULL) == 0;
}

/* The first poll of a file asks everything, so that the file can be read without the one before it. */
static int poll_and_keep(struct worker *w, struct snap **s, struct err *e)
{
	int rc;

	if (take_begin(&w->take, "poll")) {
		w->once_done = false;
		take_head(&w->take, w->cli);
	}
	rc = poll_router(w, false, s, e);
	if (rc < 0 && e->code == ERR_CANCELLED)
		take_drop(&w->take); /* we were stopped, which is nothing about the router */
	else
		take_end(&w->take, rc < 0 ? e : NULL);
	return rc;
}

/* 0: go on with this link (the status says what failed), -1: reconnect. */
static int poll_once(struct worker *w, struct err *e)
{
	int64_t began = clock_boot_ms();
	struct err own = ERR_INIT;
	struct snap *s = NULL;

	worker_set_state(w, LINK_POLLING);
	if (worker_get_ready(w, &own) == 0 && poll_and_keep(w, &s, &own) == 0) {
		poll_publish(w, s);
		snap_unref(s);
		w->timeouts = w->st.attempts = 0;
		worker_set_cause(w, NULL);
	} else {
		w->timeouts = own.code == ERR_TIMEOUT ? w->timeouts + 1 : 0;
		if (own.code == ERR_CANCELLED || w->timeouts >= TIMEOUTS_MAX || !link_alive(w))
			return err_set(e, own.code, "%s", own.text);
		w->st.attempts++;
		worker_set_cause(w, &own);
	}
	w->st.polls++;
	w->st.poll_ms = (unsigned)(clock_boot_ms() - began);
	worker_set_state(w, LINK_READY);
	return 0;
}

/* Over the command line that is open, or a new one; the link's trouble is the next poll's to find. */
static void answer(struct worker *w, struct question *q)
{
	if (worker_get_ready(w, &q->err) == 0) {
		take_begin(&w->take, "asked");
		question_ask(q, w->link, w->cli, w->conf, w->driver);
		take_end(&w->take, NULL);
	}
	give_back(w, q);
}

/* Polls and acts until the link is lost or the worker is to stop. */
static int serve(struct worker *w, struct err *e)
{
	int64_t next = clock_boot_ms(), interval = (int64_t)(w->conf->interval_s ? w->conf->interval_s : 10) * 1000;
	struct queued_job job;
	bool asked;

	while (!worker_stopping(w)) {
		if (take_asked(w, &asked, &job)) {
			if (job.question != NULL) {
				answer(w, job.question);
				continue;
			}
			act_way_run(w, job.job);
			asked = true;
		}
		if (asked || clock_boot_ms() >= next) {
			next = clock_boot_ms() + interval;
			if (poll_once(w, e) < 0)
				return -1;
			if (next < clock_boot_ms() + POLL_GAP_MS)
				next = clock_boot_ms() + POLL_GAP_MS;
		} else if (w->link->ops->pump(w->link, w->wake_fd, next, e) < 0) {
			return -1;
		}
	}
	return 0;
}

/* Exponential, with half of it by chance, so that a thousand routers do not come back in one moment. */
static int64_t backoff_ms(const struct worker *w)
{
	int64_t base = BACKOFF_FIRST_MS;
	uint32_t chance = 0;

	for (unsigned i = 1; i < w->st.attempts && base < BACKOFF_MAX_MS; i++)
		base *= 2;
	/* Credentials and configuration do not heal by themselves, and accounts are locked by too many tries. */
	if (base > BACKOFF_MAX_MS || w->st.cause == ERR_AUTH || w->st.cause == ERR_CONFIG)
		base = BACKOFF_MAX_MS;
	if (getrandom(&chance, sizeof(chance), GRND_NONBLOCK) < 0)
		chance = (uint32_t)clock_boot_ms();
	return base / 2 + (int64_t)(chance % (uint32_t)(base / 2 + 1));
}

static void refuse(struct worker *w, const struct queued_job *job)
{
	struct err why = ERR_INIT;

	err_set(&why, ERR_REFUSED, "%s is not connected%s%s", w->conf->name, w->st.words[0] ? ": " : "",
	    w->st.words);
	if (job->question != NULL) {
		job->question->err = why;
		give_back(w, job->question);
		return;
	}
	act_job_refuse(job->job, &why, w->pool->inbox);
	act_job_free(job->job);
}

/* Until `until`, or until a poll is asked for; a locked router also ends when its host-key files change. */
static void wait_and_refuse(struct worker *w, int64_t until, bool locked)
{
	struct pollfd wake = { .fd = w->wake_fd, .events = POLLIN };
	struct queued_job job;
	bool asked = false;
	int64_t step;

	while (!asked && !worker_stopping(w)) {
		while (take_asked(w, &asked, &job))
			refuse(w, &job);
		if (asked || clock_boot_ms() >= until || (locked && store_mark(w) != w->keys_mark))
			return;
		step = clock_boot_ms() + STORE_LOOK_MS;
		link_wait(&wake, 1, w->cancel_fd, locked && step < until ? step : until, "", NULL);
	}
}

static void rest(struct worker *w, const struct err *why)
{
	bool locked = why->code == ERR_HOSTKEY;
	int64_t until = INT64_MAX;

	w->st.attempts++;
	worker_set_cause(w, why);
	if (!locked)
		until = clock_boot_ms() + backoff_ms(w);
	w->st.retry_boot_ms = locked ? 0 : until;
	worker_set_state(w, locked ? LINK_LOCKED : LINK_WAITING);
	take_link(&w->take, w->st.state, why);
	wait_and_refuse(w, until, locked);
	w->st.retry_boot_ms = 0;
}

static void end(struct worker *w)
{
	struct queued_job job;
	bool asked;

	while (take_asked(w, &asked, &job))
		refuse(w, &job);
	worker_set_state(w, LINK_STOPPED);
	snap_unref(w->last);
	w->last = NULL;
}

/* Signals are the main thread's: the terminal's size and end, and a broken pipe is an error here, not a signal. */
static void block_signals(void)
{
	sigset_t all;

	sigfillset(&all);
	pthread_sigmask(SIG_BLOCK, &all, NULL);
}

void *worker_main(void *worker)
{
	struct worker *w = worker;
	struct err why;

	block_signals();
	while (!worker_stopping(w)) {
		err_clear(&why);
		w->timeouts = 0;
		if (worker_get_ready(w, &why) == 0)
			serve(w, &why);
		worker_hang_up(w);
		if (!worker_stopping(w))
			rest(w, &why);
	}
	end(w);
	return NULL;
}
