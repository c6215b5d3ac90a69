/*
 * The time of a replay: it stands at a recorded moment, and every turn of the loop moves it on.
 *
 * What was heard is given to the console in the order of then, with the clocks held at each moment, and what is due then
 * is done then: events, incidents and history come out as they did.  Going back is a start from the beginning and a
 * quick way to the time asked for.  A turn takes no longer than a frame; the screen says that it is on its way.
 */
#include "app/console_priv.h"
#include "app/replaying.h"
#include "backends/link/player.h"
#include "backends/link/question.h"
#include "core/base/clock.h"

#include <stdlib.h>
#include <string.h>

enum {
	TURN_MS = 25,        /* of the machine's time: a frame has 40 */
	STEP_MS = 5000,      /* timers of the console run at least so often in recorded time */
	SMOOTH_MS = 100,     /* a frame while time runs faster than it went */
	BEHIND_MS = 4,
	NAMES_MS = 1500,     /* at most this long PeeringDB's names are waited for */
	NAMES_AGAIN_MS = 100, /* of a further router, which may bring no new network */
	HISTORY_QUEUE = 8000, /* its writer gets time before it would have to drop samples */
	SPEED_LEAST = 125, SPEED_MOST = 16000 * 1000,
};

struct replay {
	const struct replaying *source;
	struct player *player;
	struct replay_state state;
	int64_t anchor_ms, anchor_steady_ms; /* recorded time runs from there */
	int64_t goal_ms;      /* on the way to that; INT64_MIN nowhere */
	bool to_event;        /* the next event ends the way */
	uint64_t event_id;    /* the newest when the way began */
	size_t routers_seen;  /* that have a snapshot; their networks were asked for */
	int64_t names_steady_ms; /* until then the answer is waited for; 0 no more */
	const struct peer_set *names_before;
	bool unfinished;      /* what is due at this moment is not done with */
	bool soon;            /* more is to be given than could be */
};

static void anchor(struct replay *r)
{
	r->anchor_ms = r->state.now_ms;
	r->anchor_steady_ms = clock_steady_ms();
}

static uint64_t newest_event(const struct console *c)
{
	const struct event *ev = event_log_at(c->present.w.events, 0);

	return ev != NULL ? ev->id : 0;
}

static void hold(struct console *c, int64_t ms)
{
	c->replay->state.now_ms = ms;
	clock_hold(ms);
	c->replay->unfinished = !console_due(c);
}

/* Incidents are named after exchanges, which PeeringDB's cache knows: its answer belongs to the moment of the question. */
static bool wait_for_names(struct console *c)
{
	struct replay *r = c->replay;
	size_t seen = 0;

	for (size_t i = 0; i < c->present.w.router_count; i++)
		seen += c->present.w.routers[i].snap != NULL;
	if (seen > r->routers_seen) {
		r->names_before = c->present.w.peers;
		r->names_steady_ms = clock_steady_ms() + (r->routers_seen == 0 ? NAMES_MS : NAMES_AGAIN_MS);
		r->routers_seen = seen;
		console_want_peers(c);
	}
	if (c->present.w.peers != r->names_before || c->pdb == NULL || clock_steady_ms() > r->names_steady_ms)
		r->names_steady_ms = 0;
	return r->names_steady_ms != 0;
}

static void give(struct console *c, const struct played *pl)
{
	struct msg *m = MEM_NEW(struct msg);

	m->kind = MSG_LINK;
	m->router = pl->router;
	m->link = pl->link;
	present_take(&c->present, m);
	if (pl->snap == NULL)
		return;
	m = MEM_NEW(struct msg);
	m->kind = MSG_SNAP;
	m->router = pl->router;
	m->snap = pl->snap;
	c->snaps_came = true;
	present_take(&c->present, m);
}

/* Up to there in steps; false: the frame's time is over. */
static bool pass_time(struct console *c, int64_t until_ms, int64_t end_steady_ms)
{
	while (until_ms - c->replay->state.now_ms > STEP_MS) {
		hold(c, c->replay->state.now_ms + STEP_MS);
		if (c->replay->unfinished || clock_steady_ms() >= end_steady_ms)
			return false;
	}
	return true;
}

static bool writer_keeps_up(struct console *c)
{
	struct history_state st;

	history_state(c->history, &st);
	return st.queued < HISTORY_QUEUE;
}

/* Gives what was heard until then.  True when all of it is given, or the event that was looked for came. */
static bool advance(struct console *c, int64_t target_ms)
{
	struct replay *r = c->replay;
	int64_t end_steady_ms = clock_steady_ms() + TURN_MS, next;
	struct played pl;

	while (clock_steady_ms() < end_steady_ms && writer_keeps_up(c) && !wait_for_names(c)) {
		if (r->unfinished) {
			hold(c, r->state.now_ms);
			continue;
		}
		next = player_next_ms(r->player);
		if (!pass_time(c, next < target_ms ? next : target_ms, end_steady_ms))
			return false;
		switch (player_take(r->player, target_ms, &pl)) {
		case PLAYER_GAVE:
			r->state.now_ms = pl.wall_ms > r->state.now_ms ? pl.wall_ms : r->state.now_ms;
			clock_hold(r->state.now_ms);
			present_now(&c->present);
			give(c, &pl);
			hold(c, r->state.now_ms);
			if (r->to_event && newest_event(c) > r->event_id)
				return true;
			break;
		case PLAYER_BEHIND:
			return false;
		default:
			hold(c, target_ms);
			return !r->unfinished;
		}
	}
	return false;
}

static int64_t wanted(const struct replay *r)
{
	int64_t ms = r->anchor_ms;

	if (r->to_event)
		return r->state.end_ms;
	if (r->goal_ms != INT64_MIN)
		return r->goal_ms;
	if (!r->state.paused)
		ms += (clock_steady_ms() - r->anchor_steady_ms) * (int64_t)r->state.speed_permille / 1000;
	return ms < r->state.end_ms ? ms : r->state.end_ms;
}

void console_replay_tick(struct console *c)
{
	struct replay *r = c->replay;
	bool way = r->goal_ms != INT64_MIN || r->to_event;
	int64_t target_ms = wanted(r);
	bool there = advance(c, target_ms);

	r->state.behind = way && !there;
	r->soon = !there;
	if (way && there) {
		if (r->to_event && newest_event(c) == r->event_id)
			console_notice(c, "no further event is in the recording");
		r->goal_ms = INT64_MIN;
		r->to_event = false;
	}
	if (way || !there) /* what could not be done in time makes time slower, it is not made up for */
		anchor(r);
	r->state.ended = there && r->state.now_ms >= r->state.end_ms;
	present_now(&c->present);
}

/* In the machine's milliseconds. */
int console_replay_wait_ms(const struct console *c)
{
	const struct replay *r = c->replay;

	if (r->goal_ms != INT64_MIN || r->to_event || r->soon)
		return BEHIND_MS;
	return r->state.paused || r->state.ended || r->state.speed_permille <= 1000 ? 1000 : SMOOTH_MS;
}

/* ---- what the operator asks ---- */

static void go_to(struct console *c, int64_t ms)
{
	struct replay *r = c->replay;
	struct err e = ERR_INIT;

	r->to_event = false;
	r->goal_ms = ms;
	r->state.ended = false;
	if (ms >= r->state.now_ms)
		return;
	player_quiet(r->player); /* no answer of before comes into what begins now */
	console_take_messages(c);
	console_parts_stop(c);
	replaying_forget(r->source);
	clock_hold(r->state.begin_ms);
	r->state.now_ms = r->state.begin_ms;
	r->state.turn++;
	r->routers_seen = 0;
	if (console_parts_start(c, &e) != 0)
		console_notice(c, "%s", e.text);
	c->present.w.replay = &r->state;
	player_rewind(r->player, c->inbox);
	anchor(r);
}

static void pause_at(struct replay *r, bool paused)
{
	r->state.paused = paused;
	anchor(r);
}

static void set_speed(struct console *c, bool faster)
{
	struct replay *r = c->replay;
	unsigned s = r->state.speed_permille;

	s = faster ? (s < SPEED_MOST / 2 ? s * 2 : SPEED_MOST) : (s / 2 > SPEED_LEAST ? s / 2 : SPEED_LEAST);
	r->state.speed_permille = s;
	anchor(r);
}

static void next_event(struct console *c)
{
	struct replay *r = c->replay;

	r->goal_ms = INT64_MIN;
	r->event_id = newest_event(c);
	r->to_event = true;
	pause_at(r, true);
}

static void previous_event(struct console *c)
{
	struct replay *r = c->replay;
	const struct event *ev;

	pause_at(r, true);
	for (size_t i = 0; (ev = event_log_at(c->present.w.events, i)) != NULL; i++)
		if (ev->wall_ms < r->state.now_ms && ev->wall_ms >= r->state.begin_ms) {
			go_to(c, ev->wall_ms);
			return;
		}
	console_notice(c, "no event is before this time");
}

void console_replay(struct console *c, const struct request *rq)
{
	struct replay *r = c->replay;
	struct err e = ERR_INIT;
	int64_t ms;

	if (r == NULL)
		return;
	switch (rq->replay_op) {
	case REPLAY_PAUSE:
		pause_at(r, !r->state.paused);
		r->to_event = false;
		break;
	case REPLAY_FASTER:
	case REPLAY_SLOWER:
		set_speed(c, rq->replay_op == REPLAY_FASTER);
		break;
	case REPLAY_NEXT:
		next_event(c);
		break;
	case REPLAY_PREV:
		previous_event(c);
		break;
	case REPLAY_JUMP:
		if (replaying_time(r->source, rq->words, r->state.now_ms, &ms, &e) == 0)
			go_to(c, ms);
		else
			console_notice(c, "%s", e.text);
		break;
	}
}

bool console_replay_refuses(struct console *c, const struct request *rq)
{
	static const enum request_kind reaching[] = { REQ_REFRESH, REQ_REFRESH_PEERS, REQ_STOP_DRAINS, REQ_SYNC_PEERS, REQ_PLAN,
		REQ_UNDO, REQ_PROPOSE, REQ_APPROVE, REQ_CONFIRM, REQ_BLAST, REQ_STOP_BATCH, REQ_READ_ONLY, REQ_RULING, REQ_EDIT_BOOK,
		REQ_RECORD, REQ_ALERT_TEST };

	for (size_t i = 0; c->replay != NULL && i < ARRAY_LEN(reaching); i++)
		if (rq->kind == reaching[i]) {
			console_notice(c, rq->kind == REQ_EDIT_BOOK ? "replay: the contact book is not written" :
			    rq->kind == REQ_RECORD ? "replay: this is a recording" :
			    rq->kind == REQ_ALERT_TEST ? "replay: nobody is told of alerts" : "replay: no router is touched");
			return true;
		}
	return false;
}

bool console_ask_router(struct console *c, const char *router, struct question *q)
{
	struct worker *w;

	if (c->replay != NULL) {
		player_ask(c->replay->player, router, c->replay->state.now_ms, q);
		return true;
	}
	w = pool_worker(c->pool, router);
	if (w != NULL)
		worker_ask(w, q);
	return w != NULL;
}

/* ---- beginning and end ---- */

int console_replay_start(struct console *c, const struct replaying *source, const struct replay_start *s, struct err *e)
{
	struct replay *r = MEM_NEW(struct replay);

	c->replay = r;
	r->source = source;
	r->state = (struct replay_state){ .begin_ms = replaying_begin_ms(source), .end_ms = replaying_end_ms(source),
		.now_ms = replaying_begin_ms(source), .speed_permille = s->speed_permille, .paused = s->paused };
	r->goal_ms = s->at_ms > r->state.begin_ms ? s->at_ms : r->state.begin_ms;
	c->present.w.replay = &r->state;
	r->player = player_start(source->recording, c->config, c->inbox, e);
	if (r->player == NULL)
		return -1;
	anchor(r);
	if (source->note[0] != '\0')
		console_notice(c, "%s", source->note);
	return 0;
}

void console_replay_stop(struct console *c)
{
	if (c->replay == NULL)
		return;
	player_stop(c->replay->player);
	console_take_messages(c);
	c->present.w.replay = NULL;
	free(c->replay);
	c->replay = NULL;
}
