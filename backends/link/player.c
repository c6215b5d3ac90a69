/* Playing recordings; see player.h. */
#include "backends/link/player.h"
#include "backends/link/memory.h"
#include "backends/link/question.h"
#include "backends/link/worker_priv.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { AHEAD_MAX = 64 };

struct asked {
	struct asked *next;
	struct question *question;
	uint32_t router;
	int64_t until_ms;
};

/* A router as its worker knew it. */
struct seat {
	struct worker worker; /* what poll_router needs of one; no thread, no link */
	struct memory memory;
	bool known;           /* its os is one that a driver reads */
};

struct player {
	const struct recording *recording;
	struct inbox *inbox;
	pthread_t thread;
	pthread_mutex_t lock;
	pthread_cond_t work, given;
	bool stop;
	uint64_t turn;  /* counts rewinds: what was read for an earlier one is let go */
	size_t next;    /* look to be read */
	struct played ahead[AHEAD_MAX];
	size_t first, count;
	bool reading;   /* one is being read, which will be ahead[first + count], if no rewind comes between */
	int64_t reading_ms;
	struct asked *asked;
	bool answering;
	/* the thread's own */
	struct seat *seats;
	uint64_t seats_turn;
};

static void seat_reset(struct seat *s)
{
	struct worker *w = &s->worker;

	snap_unref(w->last);
	w->last = NULL;
	w->once_done = false;
	w->until_slow = 0;
	str_clear(&w->slow_notes);
	memset(&w->st, 0, sizeof(w->st));
}

static void set_cause(struct link_status *st, enum err_code code, const char *words)
{
	st->cause = code;
	snprintf(st->words, sizeof(st->words), "%.199s", words);
}

static void set_state(struct link_status *st, enum link_state state, int64_t ms)
{
	if (st->state != state)
		st->since_boot_ms = st->since_wall_ms = ms;
	st->state = state;
}

/* As poll_once has it: a failed look leaves the link and says why. */
static void play_poll(struct seat *s, const struct look *l, struct played *out)
{
	struct worker *w = &s->worker;
	struct err e = ERR_INIT;

	if (!s->known)
		err_set(&e, ERR_CONFIG, "no driver reads its os");
	else if (l->code != ERR_NONE)
		err_set(&e, l->code, "%s", l->words);
	else if (memory_open(&s->memory, l, &e) == 0 && poll_router(w, false, &out->snap, &e) == 0) {
		out->snap->taken_boot_ms = out->snap->taken_wall_ms = l->end_ms;
		snap_unref(w->last);
		w->last = snap_ref(out->snap);
		w->st.last_good_boot_ms = l->end_ms;
		w->st.attempts = 0;
	}
	if (e.code != ERR_NONE)
		w->st.attempts++;
	set_cause(&w->st, e.code, e.text);
	set_state(&w->st, LINK_READY, l->end_ms);
	w->st.polls++;
	w->st.poll_ms = (unsigned)(l->end_ms - l->begin_ms);
	w->st.octets_in += l->len;
}

static void play_link(struct seat *s, const struct look *l)
{
	struct worker *w = &s->worker;

	w->once_done = false; /* a new connection asks everything */
	w->st.attempts++;
	set_cause(&w->st, l->code, l->words);
	set_state(&w->st, l->state, l->end_ms);
}

static void play(struct player *p, const struct look *l, struct played *out)
{
	struct seat *s = &p->seats[l->router];

	*out = (struct played){ .wall_ms = l->end_ms, .router = s->worker.conf->name };
	if (l->kind == LOOK_POLL)
		play_poll(s, l, out);
	else if (l->kind == LOOK_LINK)
		play_link(s, l);
	out->link = s->worker.st;
}

/* ---- questions ---- */

struct finding {
	const struct recording *r;
	uint32_t router;
	int64_t until_ms;
};

/* The latest that began with the same words. */
static const struct look *find_asked(void *ctx, const char *question)
{
	const struct finding *f = ctx;
	size_t low = 0, high = f->r->count;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (f->r->looks[mid].end_ms <= f->until_ms)
			low = mid + 1;
		else
			high = mid;
	}
	while (low-- > 0) {
		const struct look *l = &f->r->looks[low];

		if (l->kind == LOOK_ASKED && l->router == f->router && l->about != NULL && strcmp(l->about, question) == 0)
			return l;
	}
	return NULL;
}

static void give_back(struct player *p, struct asked *a)
{
	struct msg *m = MEM_NEW(struct msg);

	m->kind = MSG_ASKED;
	m->router = p->seats[a->router].worker.conf->name;
	m->asked = a->question;
	m->asked_free = question_free;
	inbox_post(p->inbox, m);
	free(a);
}

static void answer(struct player *p, struct asked *a)
{
	struct seat *s = &p->seats[a->router];
	struct finding f = { p->recording, a->router, a->until_ms };
	struct question *q = a->question;
	struct memory m;
	struct cli *cli;

	if (s->known) {
		memory_init(&m, p->recording, s->worker.driver, ERR_NET);
		m.find = find_asked;
		m.find_ctx = &f;
		cli = cli_remembering(&m.give, s->worker.conf, s->worker.driver);
		question_ask(q, NULL, cli, s->worker.conf, s->worker.driver);
		q->answered_wall_ms = m.look != NULL ? m.look->end_ms : 0;
		cli_close(cli);
		memory_fini(&m);
	} else {
		err_set(&q->err, ERR_CONFIG, "no driver reads its os");
	}
	give_back(p, a);
}

void player_quiet(struct player *p)
{
	struct asked *a;

	pthread_mutex_lock(&p->lock);
	while ((a = p->asked) != NULL) {
		p->asked = a->next;
		err_set(&a->question->err, ERR_CANCELLED, "the replay goes back");
		give_back(p, a);
	}
	while (p->answering)
		pthread_cond_wait(&p->given, &p->lock);
	pthread_mutex_unlock(&p->lock);
}

void player_ask(struct player *p, const char *router, int64_t until_ms, struct question *q)
{
	struct asked *a = MEM_NEW(struct asked), **at;

	*a = (struct asked){ .question = q, .until_ms = until_ms };
	for (size_t i = 0; i < p->recording->router_count; i++)
		if (strcmp(p->recording->routers[i].name, router) == 0)
			a->router = (uint32_t)i;
	pthread_mutex_lock(&p->lock);
	for (at = &p->asked; *at != NULL;)
		at = &(*at)->next;
	*at = a;
	pthread_cond_signal(&p->work);
	pthread_mutex_unlock(&p->lock);
}

/* ---- the thread ---- */

/* The next look that is no question's; the end of the recording if there is none. */
static size_t next_look(const struct recording *r, size_t i)
{
	while (i < r->count && r->looks[i].kind == LOOK_ASKED)
		i++;
	return i;
}

static void let_go(struct player *p)
{
	for (; p->count > 0; p->count--, p->first = (p->first + 1) % AHEAD_MAX)
		snap_unref(p->ahead[p->first].snap);
}

/* Called and left with the lock held. */
static void read_one(struct player *p)
{
	const struct look *l = &p->recording->looks[p->next];
	uint64_t turn = p->turn;
	struct played out;

	p->next = next_look(p->recording, p->next + 1);
	p->reading = true;
	p->reading_ms = l->end_ms;
	pthread_mutex_unlock(&p->lock);
	for (size_t i = 0; turn != p->seats_turn && i < p->recording->router_count; i++)
		seat_reset(&p->seats[i]);
	p->seats_turn = turn;
	play(p, l, &out);
	pthread_mutex_lock(&p->lock);
	p->reading = false;
	if (turn == p->turn)
		p->ahead[(p->first + p->count++) % AHEAD_MAX] = out;
	else
		snap_unref(out.snap);
	pthread_cond_broadcast(&p->given);
}

static void *run(void *ctx)
{
	struct player *p = ctx;
	sigset_t all;

	sigfillset(&all);
	pthread_sigmask(SIG_BLOCK, &all, NULL);
	pthread_mutex_lock(&p->lock);
	while (!p->stop) {
		struct asked *a = p->asked;

		if (a != NULL) {
			p->asked = a->next;
			p->answering = true;
			pthread_mutex_unlock(&p->lock);
			answer(p, a);
			pthread_mutex_lock(&p->lock);
			p->answering = false;
			pthread_cond_broadcast(&p->given);
		} else if (p->count < AHEAD_MAX && p->next < p->recording->count) {
			read_one(p);
		} else {
			pthread_cond_wait(&p->work, &p->lock);
		}
	}
	pthread_mutex_unlock(&p->lock);
	return NULL;
}

static int sit(struct player *p, size_t i, const struct config *c, struct err *e)
{
	const struct recorded_router *r = &p->recording->routers[i];
	struct seat *s = &p->seats[i];
	struct worker *w = &s->worker;

	w->conf = w->login = config_router(c, r->name);
	if (w->conf == NULL)
		return err_set(e, ERR_CONFIG, "router %s of the recording has no block", r->name);
	w->driver = driver_find(w->conf->os);
	str_init(&w->slow_notes, 512);
	str_init(&w->answer, 0);
	s->known = w->driver != NULL;
	if (s->known) {
		memory_init(&s->memory, p->recording, w->driver, ERR_DEVICE);
		w->cli = cli_remembering(&s->memory.give, w->conf, w->driver);
	}
	return 0;
}

static void unseat(struct player *p)
{
	for (size_t i = 0; i < p->recording->router_count; i++) {
		struct seat *s = &p->seats[i];

		if (s->worker.conf == NULL)
			continue;
		snap_unref(s->worker.last);
		cli_close(s->worker.cli);
		str_fini(&s->worker.slow_notes);
		str_fini(&s->worker.answer);
		if (s->known)
			memory_fini(&s->memory);
	}
	free(p->seats);
}

struct player *player_start(const struct recording *r, const struct config *c, struct inbox *inbox, struct err *e)
{
	struct player *p = MEM_NEW(struct player);
	int rc = 0;

	*p = (struct player){ .recording = r, .inbox = inbox, .next = next_look(r, 0) };
	p->seats = mem_calloc(r->router_count, sizeof(*p->seats));
	pthread_mutex_init(&p->lock, NULL);
	pthread_cond_init(&p->work, NULL);
	pthread_cond_init(&p->given, NULL);
	for (size_t i = 0; rc == 0 && i < r->router_count; i++)
		rc = sit(p, i, c, e);
	if (rc == 0 && pthread_create(&p->thread, NULL, run, p) != 0)
		rc = err_set(e, ERR_IO, "no thread left to play the recording");
	if (rc == 0)
		return p;
	unseat(p);
	free(p);
	return NULL;
}

void player_stop(struct player *p)
{
	if (p == NULL)
		return;
	player_quiet(p);
	pthread_mutex_lock(&p->lock);
	p->stop = true;
	pthread_cond_signal(&p->work);
	pthread_mutex_unlock(&p->lock);
	pthread_join(p->thread, NULL);
	let_go(p);
	unseat(p);
	pthread_cond_destroy(&p->work);
	pthread_cond_destroy(&p->given);
	pthread_mutex_destroy(&p->lock);
	free(p);
}

/* When what comes next is, or nothing: lock held. */
static int64_t next_ms(const struct player *p)
{
	if (p->count > 0)
		return p->ahead[p->first].wall_ms;
	if (p->reading)
		return p->reading_ms;
	return p->next < p->recording->count ? p->recording->looks[p->next].end_ms : INT64_MAX;
}

int64_t player_next_ms(struct player *p)
{
	int64_t ms;

	pthread_mutex_lock(&p->lock);
	ms = next_ms(p);
	pthread_mutex_unlock(&p->lock);
	return ms;
}

enum player_next player_take(struct player *p, int64_t until_ms, struct played *out)
{
	enum player_next rc;
	int64_t ms;

	pthread_mutex_lock(&p->lock);
	ms = next_ms(p);
	if (ms == INT64_MAX) {
		rc = PLAYER_ENDED;
	} else if (ms > until_ms) {
		rc = PLAYER_LATER;
	} else if (p->count == 0) {
		rc = PLAYER_BEHIND;
	} else {
		*out = p->ahead[p->first];
		p->first = (p->first + 1) % AHEAD_MAX;
		p->count--;
		rc = PLAYER_GAVE;
	}
	pthread_cond_signal(&p->work);
	pthread_mutex_unlock(&p->lock);
	return rc;
}

void player_wait(struct player *p)
{
	pthread_mutex_lock(&p->lock);
	while (p->count == 0 && (p->reading || p->next < p->recording->count))
		pthread_cond_wait(&p->given, &p->lock);
	pthread_mutex_unlock(&p->lock);
}

void player_rewind(struct player *p, struct inbox *inbox)
{
	pthread_mutex_lock(&p->lock);
	p->inbox = inbox;
	p->turn++;
	p->reading_ms = INT64_MIN;
	p->next = next_look(p->recording, 0);
	let_go(p);
	pthread_cond_signal(&p->work);
	pthread_mutex_unlock(&p->lock);
}
