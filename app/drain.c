/* Waits for traffic to leave, then shuts; see drain.h. */
#include "app/drain.h"
#include "app/traffic.h"
#include "core/base/clock.h"
#include "core/judge/param.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LOOK_MS = 10000, AGAIN_MS = 15000, WORDS_MAX = 400 };

/* ---- the wait in the journal ---- */

struct wait_fact {
	char turn[16], until[24], until_boot[24], floor[24], pid[16], start[24];
	struct process self;
	struct journal_more more[8];
	size_t count;
};

static void put(struct wait_fact *f, const char *key, const char *value)
{
	f->more[f->count++] = (struct journal_more){ key, value };
}

static void fill_fact(struct wait_fact *f, unsigned turn, int64_t until_wall, int64_t until_boot, count_t floor)
{
	*f = (struct wait_fact){ .count = 0 };
	process_self(&f->self);
	snprintf(f->turn, sizeof(f->turn), "%u", turn);
	snprintf(f->until, sizeof(f->until), "%" PRId64, until_wall);
	snprintf(f->until_boot, sizeof(f->until_boot), "%" PRId64, until_boot);
	snprintf(f->pid, sizeof(f->pid), "%ld", (long)f->self.pid);
	snprintf(f->start, sizeof(f->start), "%" PRIu64, f->self.start);
	put(f, "turn", f->turn);
	put(f, "until_ms", f->until);
	put(f, "until_boot_ms", f->until_boot);
	put(f, "boot", f->self.boot);
	put(f, "pid", f->pid);
	put(f, "start", f->start);
	if (floor != COUNT_UNKNOWN) {
		snprintf(f->floor, sizeof(f->floor), "%lld", (long long)floor);
		put(f, "floor_bps", f->floor);
	}
}

static int put_wait(struct journal *j, const char *op, const char *reason, const char *ticket, const char *message,
    const char *lines, struct wait_fact *f, const char *from, struct err *e)
{
	struct journal_more more[ARRAY_LEN(f->more) + 2];
	const struct journal_fact fact = { .kind = DRAIN_FACT, .id = op, .remote_as = ASN_UNKNOWN, .reason = reason,
		.ticket = ticket, .words = "marked for graceful shutdown; waiting before the suspend", .more = more,
		.more_count = f->count + 2 };
	char to[32];

	memcpy(more, f->more, f->count * sizeof(more[0]));
	more[f->count] = (struct journal_more){ "message", message };
	more[f->count + 1] = (struct journal_more){ "lines", lines };
	snprintf(to, sizeof(to), "waiting %s", f->turn);
	return journal_mark(j, &fact, from, to, e);
}

int drain_wait(struct journal *j, const struct drain_wish *w, struct err *e)
{
	int64_t ms = w->terms.wait_s * 1000;
	struct wait_fact f;

	fill_fact(&f, 1, clock_wall_ms() + ms, clock_boot_ms() + ms, w->terms.floor_bps);
	return put_wait(j, w->op, w->reason, w->ticket, w->message, w->lines, &f, "", e);
}

/* ---- whoever goes on with it ---- */

struct waiting {
	char op[ACT_ID_LEN];
	unsigned low; /* readings at or below the floor in a row */
	struct traffic *traffic;
	int64_t look_ms, again_ms;
	bool asked;   /* what was read is still to be looked at */
};
struct draining {
	struct operation op;
	drain_told told;
	void *ctx;
	struct process self;
	struct waiting *waits;
	size_t count, cap;
	char current[ACT_ID_LEN]; /* whose suspend is under way; "" none */
	char last[480];
	size_t next; /* which wait the next tick looks at */
};
struct draining *draining_new(const struct operation_way *way, drain_told told, void *ctx)
{
	struct draining *d = MEM_NEW(struct draining);

	operation_init(&d->op, way);
	process_self(&d->self);
	d->told = told;
	d->ctx = ctx;
	return d;
}

void draining_free(struct draining *d)
{
	if (d == NULL)
		return;
	operation_fini(&d->op);
	for (size_t i = 0; i < d->count; i++)
		traffic_free(d->waits[i].traffic);
	free(d->waits);
	free(d);
}

bool draining_busy(const struct draining *d)
{
	return d->op.phase == OPERATION_RUNNING;
}

static struct waiting *waiting_of(struct draining *d, const char *op)
{
	struct waiting *w;

	for (size_t i = 0; i < d->count; i++)
		if (strcmp(d->waits[i].op, op) == 0)
			return &d->waits[i];
	MEM_GROW(d->waits, d->cap, d->count + 1);
	w = &d->waits[d->count++];
	*w = (struct waiting){ .traffic = traffic_new(&d->op.way) };
	snprintf(w->op, sizeof(w->op), "%s", op);
	return w;
}

static const struct drain_entry *entry_of(const struct draining *d, const char *op)
{
	return drains_find(ledger_drains(d->op.way.ledger), op);
}

static bool of_drain(const struct ledger_entry *l, const char *op, enum verb verb)
{
	return l->verb == verb && strcmp(l->op, op) == 0 && l->inverse_id[0] == '\0';
}

static bool is_shut(const struct draining *d, const struct ledger_entry *marked)
{
	const struct ledger_entry *l = ledger_find(d->op.way.ledger, marked->router, marked->vrf, marked->neighbor,
	    VERB_SUSPEND);

	return l != NULL && of_drain(l, marked->op, VERB_SUSPEND) && l->state == LEDGER_HELD;
}

/* Sessions of the drain that are marked and not yet shut; *marked: all that are marked. */
static size_t to_shut(const struct draining *d, const char *op, struct operation_target **out, size_t *marked)
{
	size_t total = ledger_count(d->op.way.ledger), n = 0;

	*out = mem_calloc(total + 1, sizeof(**out));
	*marked = 0;
	for (size_t i = 0; i < total; i++) {
		const struct ledger_entry *l = ledger_at(d->op.way.ledger, i);

		if (!of_drain(l, op, VERB_GSHUT))
			continue;
		(*marked)++;
		if (!is_shut(d, l))
			(*out)[n++] = (struct operation_target){ l->router, l->vrf, l->neighbor, l->network };
	}
	return n;
}

/* Feeds the machine at a wait; writes and tells a final state. */
static enum drain_do feed(struct draining *d, const char *op, enum drain_state at, enum drain_input in, const char *words)
{
	const struct drain_entry *e = entry_of(d, op);
	struct drain_turn turn = drain_step(at, in);
	char safe_op[ACT_ID_LEN], from[32];
	const struct journal_fact fact = { .kind = DRAIN_FACT, .id = safe_op, .remote_as = ASN_UNKNOWN, .words = words };

	snprintf(safe_op, sizeof(safe_op), "%s", op);
	if (drain_final(turn.next) && e != NULL) {
		snprintf(from, sizeof(from), "waiting %u", e->turn);
		(void)journal_mark(d->op.way.journal, &fact, from, drain_state_word(turn.next), NULL);
		(void)ledger_refresh(d->op.way.ledger, NULL, NULL);
	}
	if (turn.next != at || drain_final(turn.next))
		d->told(d->ctx, safe_op, turn.next, words);
	return turn.act;
}

/* ---- traffic ---- */

/* The next input of a wait; DRAIN_IN_HIGH while nothing speaks for going on. */
static enum drain_input read_traffic(struct draining *d, const struct drain_entry *e, struct waiting *w,
    const struct operation_target *t, size_t n, char words[WORDS_MAX])
{
	char now[PARAM_WORDS_LEN], floor[PARAM_WORDS_LEN];
	count_t bps;

	if (e->floor_bps == COUNT_UNKNOWN || traffic_asking(w->traffic))
		return DRAIN_IN_HIGH;
	if (w->asked) {
		w->asked = false;
		bps = traffic_bps(w->traffic);
		w->low = bps != COUNT_UNKNOWN && bps <= e->floor_bps ? w->low + 1 : 0;
		if (bps == COUNT_UNKNOWN)
			snprintf(words, WORDS_MAX, "the traffic is not known: only the timer counts");
		else
			snprintf(words, WORDS_MAX, "%s flow, the floor is %s", rate_words((double)bps, now),
			    rate_words((double)e->floor_bps, floor));
		d->told(d->ctx, w->op, DRAIN_WAITING, words);
	}
	if (w->low >= DRAIN_LOW_READINGS)
		return DRAIN_IN_LOW;
	if (clock_boot_ms() >= w->look_ms) {
		w->look_ms = clock_boot_ms() + LOOK_MS;
		w->asked = true;
		traffic_ask(w->traffic, t, n);
	}
	return DRAIN_IN_HIGH;
}

/* ---- the suspend ---- */

static void shut(struct draining *d, const struct drain_entry *e, const struct operation_target *t, size_t n)
{
	const struct operation_ask ask = { .verb = VERB_SUSPEND, .reason = e->reason, .ticket = e->ticket,
		.message = e->message };
	struct err why = ERR_INIT;

	snprintf(d->current, sizeof(d->current), "%s", e->op);
	d->last[0] = '\0';
	if (operation_plan(&d->op, &ask, t, n, &why) == 0) {
		plan_op(d->op.plan, e->op);
		return;
	}
	waiting_of(d, e->op)->again_ms = clock_boot_ms() + AGAIN_MS;
	d->told(d->ctx, e->op, DRAIN_WAITING, why.text);
	d->current[0] = '\0';
}

static void shut_ended(struct draining *d, enum drain_input in, const char *words)
{
	char op[ACT_ID_LEN];

	memcpy(op, d->current, sizeof(op));
	d->current[0] = '\0';
	(void)ledger_refresh(d->op.way.ledger, NULL, NULL);
	(void)feed(d, op, DRAIN_SHUTTING, in, words);
	operation_fini(&d->op);
}

static void perform(struct draining *d)
{
	const struct drain_entry *e = entry_of(d, d->current);
	struct err why = ERR_INIT;

	if (plan_todo(d->op.plan, NULL) == 0)
		shut_ended(d, DRAIN_IN_NOT_SHUT,
		    d->op.plan->count > 0 && d->op.plan->items[0].skip != NULL ? d->op.plan->items[0].skip : "nothing to shut");
	else if (e == NULL || !drain_as_confirmed(e, d->op.plan))
		shut_ended(d, DRAIN_IN_NOT_SHUT, "other lines would be needed now than were confirmed: suspend by hand");
	else if (operation_perform(&d->op, d->op.plan->digest, &why) != 0)
		shut_ended(d, DRAIN_IN_NOT_SHUT, why.text);
}

bool draining_take(struct draining *d, struct act_progress *p)
{
	enum operation_phase before = d->op.phase;

	if (!operation_take(&d->op, p))
		return false;
	if (p->neighbor[0] != '\0' && p->words[0] != '\0')
		snprintf(d->last, sizeof(d->last), "%s %s: %.300s", p->router, p->neighbor, p->words);
	if (before == OPERATION_PLANNING && d->op.phase == OPERATION_SHOWN)
		perform(d);
	else if (d->op.phase == OPERATION_ENDED)
		shut_ended(d, d->op.failed + d->op.unverified + d->op.unknown > 0 ? DRAIN_IN_NOT_SHUT : DRAIN_IN_SHUT, d->last);
	return true;
}

/* ---- the tick ---- */

/* One wait of ours. */
static void go_on(struct draining *d, const struct drain_entry *e)
{
	struct waiting *w = waiting_of(d, e->op);
	enum drain_input in = DRAIN_IN_HIGH;
	char words[WORDS_MAX] = "the wait is over";
	struct operation_target *t;
	size_t marked, n = to_shut(d, e->op, &t, &marked);

	if (marked == 0)
		(void)feed(d, e->op, DRAIN_WAITING, DRAIN_IN_CHANGED, "its graceful shutdown is no longer held: somebody ended it");
	else if (n == 0)
		(void)feed(d, e->op, DRAIN_SHUTTING, DRAIN_IN_SHUT, "all are shut");
	else if (clock_boot_ms() >= w->again_ms) {
		in = drain_due(e, clock_boot_ms(), clock_wall_ms()) ? DRAIN_IN_TIME : read_traffic(d, e, w, t, n, words);
		if (d->current[0] == '\0' && feed(d, e->op, DRAIN_WAITING, in, words) == DRAIN_DO_SHUT)
			shut(d, entry_of(d, e->op), t, n);
	}
	free(t);
}

/* Whoever waited has ended: one of those who see it goes on. */
static void take_over(struct draining *d, const struct drain_entry *e)
{
	char from[32], words[WORDS_MAX], op[ACT_ID_LEN];
	struct wait_fact f;

	snprintf(op, sizeof(op), "%s", e->op);
	snprintf(words, sizeof(words), "going on with the drain of %s, whose console has ended", e->name[0] != '\0' ? e->name : e->login);
	snprintf(from, sizeof(from), "waiting %u", e->turn);
	fill_fact(&f, e->turn + 1, e->until_wall_ms, e->until_boot_ms, e->floor_bps);
	if (strcmp(e->boot, process_boot()) != 0) /* that boot's clock is gone */
		snprintf(f.until_boot, sizeof(f.until_boot), "%" PRId64, clock_boot_ms() + (e->until_wall_ms - clock_wall_ms()));
	if (put_wait(d->op.way.journal, op, e->reason, e->ticket, e->message, e->lines, &f, from, NULL) == 0)
		d->told(d->ctx, op, DRAIN_WAITING, words);
}

void draining_tick(struct draining *d)
{
	const struct drains *all = ledger_drains(d->op.way.ledger);
	const struct drain_entry *e;

	if (d->op.way.present->w.read_only)
		return;
	(void)ledger_refresh(d->op.way.ledger, NULL, NULL);
	if (drains_count(all) == 0)
		return;
	e = drains_at(all, d->next++ % drains_count(all)); /* one a tick: what it does may change the ledger */
	if (strcmp(e->op, d->current) == 0)
		return;
	if (process_same(&e->owner, &d->self))
		go_on(d, e);
	else if (!process_alive(&e->owner))
		take_over(d, e);
}

int draining_stop(struct draining *d, const char *op, struct err *e)
{
	if (entry_of(d, op) == NULL || strcmp(d->current, op) == 0)
		return err_set(e, ERR_REFUSED, "this drain does not wait any more");
	(void)feed(d, op, DRAIN_WAITING, DRAIN_IN_STOP, "stopped; the graceful shutdown stands, nothing was shut");
	return 0;
}

size_t draining_stop_all(struct draining *d)
{
	const struct drains *all = ledger_drains(d->op.way.ledger);
	size_t stopped = 0, i = 0;

	while (i < drains_count(all)) {
		const struct drain_entry *e = drains_at(all, i);

		/* A stopped one is no longer among them. */
		if (process_same(&e->owner, &d->self) && draining_stop(d, e->op, NULL) == 0)
			stopped++;
		else
			i++;
	}
	return stopped;
}
