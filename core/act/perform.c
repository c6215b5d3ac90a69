/*
 * Carrying out a confirmed plan on one router; see action.h.
 *
 * Which state follows which stands in run.c; here is only what is done in
 * each.  A step that was begun is never begun again: `sent` counts steps
 * that were answered, and a step without an answer ends in reading.
 */
#include "core/act/action_priv.h"
#include "core/act/proof.h"
#include "core/act/tmpl.h"
#include "core/base/clock.h"
#include "core/base/match.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
	FIRST_PAUSE_MS = 200,
	MAX_PAUSE_MS = 2000,
	MAX_AWAITING_MS = 5000,
	REVERT_S = 15,
	RECOVER_LOOKS = 3, /* after a lost link: so many failed looks, and the outcome is unknown */
	ANSWER_MAX = 1 << 20,
};

/* One session under way. */
struct action {
	const struct act_run *run;
	struct plan *plan;
	const struct plan_item *item, *first; /* first: of this router, for what was done before */
	size_t number;
	char id[ACT_ID_LEN];
	enum run_state state;
	size_t sent, confirmed;
	bool reverted, begun;
	unsigned pause_ms, failed_looks;
	int64_t deadline_ms;
	count_t advertised_after;
	const char *refusal; /* the first step's, read back whether it was one; NULL none */
	struct str words;
	const char **replies;
	size_t reply_count, reply_cap;
	struct arena *arena;
};

static void say(struct action *a, const char *what, const char *more)
{
	str_clear(&a->words);
	str_addf(&a->words, "%s%s%s", what, more != NULL && more[0] != '\0' ? ": " : "", more == NULL ? "" : more);
}

static void tell(const struct action *a)
{
	struct act_progress *p = job_progress(a->run->job);

	p->item = a->number;
	p->state = a->state;
	p->begun = a->begun;
	snprintf(p->id, sizeof(p->id), "%s", a->id);
	snprintf(p->vrf, sizeof(p->vrf), "%s", a->item->vrf);
	snprintf(p->neighbor, sizeof(p->neighbor), "%s", a->item->neighbor);
	snprintf(p->words, sizeof(p->words), "%s", a->words.p);
	job_post(a->run->job, a->run->inbox, p);
}

static void note_reply(struct action *a, const struct step *s, const char *answer)
{
	const char *what = s->kind == STEP_FILE ? s->path : s->line;

	MEM_GROW(a->replies, a->reply_cap, a->reply_count + 1);
	a->replies[a->reply_count++] = arena_printf(a->arena, "%s%s\n%s", s->kind == STEP_FILE ? "wrote " : "> ",
	    what == NULL ? "" : what, answer);
}

/* ---- sending ---- */

enum sent { SENT_OK, SENT_REFUSED, SENT_LOST };

/* Did the router take it?  Its exit codes and silence mean nothing; only `expect` and the driver's error lines do. */
static enum sent answered(const struct step *s, int rc, const struct str *answer, struct err *why)
{
	if (rc < 0)
		return why->code == ERR_DEVICE || why->code == ERR_REFUSED ? SENT_REFUSED : SENT_LOST;
	if (s->expect != NULL && match_text(s->expect, str_slice(answer), why) != 1) {
		err_set(why, ERR_DEVICE, "unexpected answer: %.300s", answer->len > 0 ? answer->p : "(empty)");
		return SENT_REFUSED;
	}
	return SENT_OK;
}

static enum sent send_step(struct action *a, const struct step *s, struct err *why)
{
	const struct act_io *io = a->run->io;
	enum sent result;
	struct str answer;
	int rc = 0;

	if (tmpl_gate(s, why) < 0)
		return SENT_REFUSED;
	str_init(&answer, ANSWER_MAX);
	switch (s->kind) {
	case STEP_CLI:
		rc = io->step != NULL ? io->step(io->ctx, s, &answer, why) : io->cli(io->ctx, s->line, &answer, why);
		break;
	case STEP_RUN:
		rc = io->run == NULL ? err_set(why, ERR_REFUSED, "no program can be run on this router")
		                     : io->run(io->ctx, s->line, &answer, why);
		break;
	case STEP_FILE:
		rc = io->write_file(io->ctx, s->path, s->line, why);
		break;
	case STEP_PAUSE:
		rc = io->wait(io->ctx, s->ms) ? 0 : err_set(why, ERR_CANCELLED, "stopped while waiting");
		break;
	}
	result = answered(s, rc, &answer, why);
	note_reply(a, s, answer.len > 0 ? answer.p : why->text);
	str_fini(&answer);
	return result;
}

/* After a refusal: what throws a candidate away or only leaves a mode is sent all the same. */
static void leave(struct action *a, const struct step *steps, size_t from, size_t n)
{
	for (size_t i = from; i < n; i++) {
		struct err ignored = ERR_INIT;

		if (steps[i].leave || steps[i].rescue)
			(void)send_step(a, &steps[i], &ignored);
	}
}

static bool anything_to_undo(const struct action *a)
{
	for (size_t i = 0; i < a->item->undo_count; i++)
		if (a->item->undo[i].needs < a->sent)
			return true;
	return false;
}

static void say_refused(struct action *a, const struct step *s, const struct err *why)
{
	str_clear(&a->words);
	str_addf(&a->words, "\"%s\" was refused: %s", s->kind == STEP_FILE ? s->path : s->line, why->text);
	if (!anything_to_undo(a))
		str_puts(&a->words, "; nothing had been changed before it");
	else
		str_addf(&a->words, "; %zu of %zu steps had been sent", a->sent, a->item->apply_count);
}

/* Steps for the case of a refusal count as passed. */
static void skip_rescue(struct action *a)
{
	while (a->sent < a->item->apply_count && a->item->apply[a->sent].rescue)
		a->sent++;
}

static enum run_input do_send(struct action *a)
{
	const struct plan_item *i = a->item;
	const struct step *s;
	struct err why = ERR_INIT;

	skip_rescue(a);
	s = &i->apply[a->sent];
	if (a->sent == i->apply_count)
		return RUN_IN_SENT_ALL; /* already so: only read back */
	switch (send_step(a, s, &why)) {
	case SENT_OK:
		a->sent++;
		skip_rescue(a);
		return a->sent == i->apply_count ? RUN_IN_SENT_ALL : RUN_IN_SENT;
	case SENT_REFUSED:
		say_refused(a, s, &why);
		leave(a, i->apply, a->sent + 1, i->apply_count);
		if (anything_to_undo(a))
			return RUN_IN_REFUSED_LATER;
		if (why.code == ERR_REFUSED)
			return RUN_IN_REFUSED; /* by us: it did not leave this host */
		a->refusal = arena_strdup(a->arena, a->words.p);
		return RUN_IN_DOUBTED;
	default:
		say(a, "no complete answer while sending; only reading from here on", why.text);
		return RUN_IN_LOST;
	}
}

/* ---- before ---- */

static enum run_input do_intent(struct action *a)
{
	struct err why = ERR_INIT;

	if (atomic_load(&a->plan->stop)) {
		say(a, "stopped before it was begun", NULL);
		return RUN_IN_CANCEL;
	}
	if (journal_intent(a->run->job->journal, a->id, a->plan, a->item, &why) < 0) {
		say(a, "not begun, nothing was sent", why.text);
		return RUN_IN_JOURNAL_FAILED;
	}
	a->begun = true;
	return RUN_IN_JOURNALLED;
}

/* Builds the item anew from what the router says now; it must come out the same, byte for byte. */
static bool same_item(struct action *a, const struct snap *snap, struct str *what)
{
	const struct act_target t = { .vrf = a->item->vrf, .neighbor = a->item->neighbor, .network = a->item->network };
	char planned[PLAN_DIGEST_LEN], now[PLAN_DIGEST_LEN];
	struct plan_item again;

	planning_item(a->run, &t, (struct item_choice){ a->item->message, a->item->prefixes }, snap, a->first,
	    (size_t)(a->item - a->first), true, a->arena, &again);
	if (again.skip != NULL) {
		str_puts(what, again.skip);
		return false;
	}
	plan_item_digest(a->item, planned);
	plan_item_digest(&again, now);
	if (strcmp(planned, now) == 0)
		return true;
	if (strcmp(a->item->touched == NULL ? "" : a->item->touched, again.touched == NULL ? "" : again.touched) != 0)
		str_addf(what, "the router's configuration there is now: %.200s",
		    again.touched == NULL || again.touched[0] == '\0' ? "(empty)" : again.touched);
	else
		str_puts(what, "other lines would be needed now");
	return false;
}

/* The proof of the item on a fresh look, and what the recipe's reads must show. */
static bool holds(struct action *a, const struct snap *snap, struct str *words)
{
	return proof_judge(a->item, snap, words) == PROOF_HOLDS &&
	    planning_shows(a->run, a->item, snap, words);
}

static enum run_input do_reread(struct action *a)
{
	enum run_input in = RUN_IN_CHANGED;
	struct err why = ERR_INIT;
	struct snap *snap = NULL;
	struct str what;

	if (a->run->io->look(a->run->io->ctx, &snap, &why) < 0) {
		say(a, "the router could not be read again, nothing was sent", why.text);
		return RUN_IN_READ_FAILED;
	}
	str_init(&what, 0);
	if (proof_as_planned(a->item, snap, &what) && same_item(a, snap, &what))
		in = a->item->prepare_only != NULL ? RUN_IN_PREPARED : RUN_IN_SAME;
	else if (a->item->prepare_only != NULL && holds(a, snap, &what))
		in = RUN_IN_PREPARED; /* pasted before the confirmation */
	else
		say(a, "changed since the plan, nothing was sent", what.p);
	if (in == RUN_IN_PREPARED)
		say(a, "prepared; reading until somebody has pasted the lines", NULL);
	str_fini(&what);
	snap_unref(snap);
	return in;
}

/* ---- after ---- */

static bool pause_more(struct action *a)
{
	unsigned most = a->state == RUN_AWAITING ? MAX_AWAITING_MS : MAX_PAUSE_MS;
	bool go_on = a->run->io->wait(a->run->io->ctx, a->pause_ms);

	a->pause_ms = a->pause_ms * 2 > most ? most : a->pause_ms * 2;
	return go_on;
}

static void start_watch(struct action *a, unsigned seconds)
{
	a->deadline_ms = clock_boot_ms() + (int64_t)seconds * 1000;
	a->pause_ms = FIRST_PAUSE_MS;
}

/* The additional proof by text. */
static bool text_holds(struct action *a, struct str *words)
{
	const struct step check = { .kind = STEP_CLI, .line = a->item->check, .expect = a->item->check_match };
	struct err why = ERR_INIT;

	if (a->item->check == NULL || send_step(a, &check, &why) == SENT_OK)
		return true;
	str_clear(words);
	str_addf(words, "\"%s\": %s", a->item->check, why.text);
	return false;
}

static enum run_input missed(const struct action *a)
{
	if (a->state == RUN_AWAITING)
		return RUN_IN_DEADLINE;
	return a->item->undo_unproven ? RUN_IN_DEADLINE_UNDO : RUN_IN_DEADLINE;
}

static enum run_input judge(struct action *a, const struct snap *snap)
{
	enum run_input in = RUN_IN_NOT_YET;
	enum proof_finding finding;
	struct str seen;

	str_init(&seen, 0);
	finding = proof_judge(a->item, snap, &seen);
	a->advertised_after = proof_seen_of(a->item, snap).advertised;
	if (finding == PROOF_HOLDS &&
	    (!planning_shows(a->run, a->item, snap, &seen) || !text_holds(a, &seen)))
		finding = PROOF_NOT_YET;
	if (finding == PROOF_HOLDS) {
		say(a, verb_info(a->item->verb)->past, seen.p);
		in = a->state == RUN_RECOVERING && a->item->confirm_count > 0 ? RUN_IN_DEADLINE : RUN_IN_PROVEN;
	} else {
		say(a, a->state == RUN_AWAITING ? "not yet seen" : "sent, not proven", seen.p);
		if (finding == PROOF_BROKEN)
			in = missed(a);
	}
	str_fini(&seen);
	return in;
}

/* Nobody pasted the lines, or somebody did something that does not prove the verb: the pre-image tells which. */
static enum run_input give_up(struct action *a)
{
	struct err why = ERR_INIT;
	struct snap *snap = NULL;
	struct str what;
	bool same;

	if (a->run->io->look(a->run->io->ctx, &snap, &why) < 0)
		return RUN_IN_DEADLINE;
	str_init(&what, 0);
	same = proof_as_planned(a->item, snap, &what) && same_item(a, snap, &what);
	if (same)
		say(a, "not done: nobody has pasted the lines, and the router is as it was", NULL);
	str_fini(&what);
	snap_unref(snap);
	return same ? RUN_IN_UNTOUCHED : RUN_IN_DEADLINE;
}

/* What looked like a refusal may have been noise in the answer to a command that was carried out: what is read decides. */
static enum run_input after_refusal(struct action *a, const struct snap *snap, enum run_input in)
{
	struct str what;

	if (in == RUN_IN_PROVEN) {
		str_addf(&a->words, "; though the answer was taken for a refusal: %s", a->refusal);
		return in;
	}
	str_init(&what, 0);
	if (same_item(a, snap, &what)) {
		say(a, a->refusal, NULL);
		str_puts(&a->words, "; read back as it was");
		in = RUN_IN_UNTOUCHED;
	} else {
		str_clear(&a->words);
		str_addf(&a->words, "%s; but it is not as it was: %s", a->refusal, what.p);
	}
	str_fini(&what);
	return in;
}

static enum run_input do_verify(struct action *a)
{
	struct err why = ERR_INIT;
	struct snap *snap = NULL;
	enum run_input in;

	if (a->deadline_ms == 0)
		start_watch(a, a->item->deadline_s);
	if (!pause_more(a) || clock_boot_ms() > a->deadline_ms ||
	    (a->state == RUN_AWAITING && atomic_load(&a->plan->stop)))
		return a->state == RUN_AWAITING ? give_up(a) : missed(a);
	if (a->run->io->look(a->run->io->ctx, &snap, &why) < 0) {
		say(a, a->state == RUN_AWAITING ? "not read" : "sent, not read back", why.text);
		if (a->state == RUN_RECOVERING && ++a->failed_looks < RECOVER_LOOKS)
			return RUN_IN_NOT_YET;
		return RUN_IN_READ_FAILED;
	}
	in = judge(a, snap);
	if (a->refusal != NULL)
		in = after_refusal(a, snap, in);
	snap_unref(snap);
	return in;
}

static enum run_input do_commit(struct action *a)
{
	const struct plan_item *i = a->item;
	struct err why = ERR_INIT;

	if (i->confirm_count == 0)
		return RUN_IN_SENT_ALL;
	switch (send_step(a, &i->confirm[a->confirmed], &why)) {
	case SENT_OK:
		a->confirmed++;
		return a->confirmed == i->confirm_count ? RUN_IN_SENT_ALL : RUN_IN_SENT;
	case SENT_REFUSED:
		say(a, "proven, but the confirmation was refused", why.text);
		return RUN_IN_REFUSED_LATER;
	default:
		say(a, "proven, but the confirmation had no complete answer", why.text);
		return RUN_IN_LOST;
	}
}

/* Read until the item would be planned as it was: then the former state is back. */
static bool former_state(struct action *a, struct str *what)
{
	start_watch(a, REVERT_S);
	while (pause_more(a) && clock_boot_ms() <= a->deadline_ms) {
		struct err why = ERR_INIT;
		struct snap *snap = NULL;
		bool same;

		str_clear(what);
		if (a->run->io->look(a->run->io->ctx, &snap, &why) < 0) {
			str_puts(what, why.text);
			continue;
		}
		same = same_item(a, snap, what);
		snap_unref(snap);
		if (same)
			return true;
	}
	return false;
}

static enum run_input do_revert(struct action *a)
{
	const struct plan_item *i = a->item;
	struct str what;

	for (size_t k = 0; k < i->undo_count; k++) {
		struct err why = ERR_INIT;

		if (i->undo[k].rescue || i->undo[k].needs >= a->sent || send_step(a, &i->undo[k], &why) == SENT_OK)
			continue;
		str_addf(&a->words, "; UNDO FAILED at \"%s\": %s",
		    i->undo[k].kind == STEP_FILE ? i->undo[k].path : i->undo[k].line, why.text);
		leave(a, i->undo, k + 1, i->undo_count);
		return RUN_IN_REVERT_FAILED;
	}
	str_init(&what, 0);
	a->reverted = former_state(a, &what);
	if (a->reverted)
		str_puts(&a->words, "; undone, and read back as before");
	else
		str_addf(&a->words, "; the undo was sent, but the former state is not back: %s", what.p);
	str_fini(&what);
	return a->reverted ? RUN_IN_REVERTED : RUN_IN_REVERT_FAILED;
}

/* ---- the whole ---- */

static enum run_input act(struct action *a, enum run_do todo)
{
	switch (todo) {
	case RUN_DO_INTENT:
		return do_intent(a);
	case RUN_DO_REREAD:
		return do_reread(a);
	case RUN_DO_SEND:
		return do_send(a);
	case RUN_DO_VERIFY:
		return do_verify(a);
	case RUN_DO_COMMIT:
		return do_commit(a);
	case RUN_DO_REVERT:
		return do_revert(a);
	case RUN_DO_NOTHING:
	case RUN_DO_BUG:
		break;
	}
	return RUN_IN_CANCEL; /* not reached: such turns end in a final state */
}

static void write_outcome(struct action *a)
{
	const struct journal_outcome o = {
	    .state = a->state,
	    .words = a->words.p,
	    .sent = a->sent,
	    .reverted = a->reverted,
	    .replies = a->replies,
	    .reply_count = a->reply_count,
	    .advertised_after = a->advertised_after,
	};
	struct err why = ERR_INIT;

	if (a->begun && journal_outcome(a->run->job->journal, a->id, a->plan, a->item, &o, &why) < 0)
		str_addf(&a->words, " (THE OUTCOME COULD NOT BE JOURNALLED: %s)", why.text);
}

static void drive(struct action *a)
{
	enum run_input in = RUN_IN_CONFIRM;

	while (!run_final(a->state)) {
		struct run_turn turn = run_step(a->state, in);
		bool moved = turn.next != a->state;

		a->state = turn.next;
		if (run_final(a->state))
			break;
		if (moved && (a->state != RUN_COMMITTING || a->item->confirm_count > 0))
			tell(a);
		in = act(a, turn.act);
	}
	write_outcome(a);
	tell(a);
}

static void count_end(struct act_job *job, enum run_state state)
{
	switch (state) {
	case RUN_DONE:
		job->done++;
		break;
	case RUN_UNVERIFIED:
		job->unverified++;
		break;
	case RUN_UNKNOWN:
		job->unknown++;
		break;
	default:
		job->failed++;
		break;
	}
}

/* `halt`: why this one is not begun any more; NULL: do it. */
static enum run_state perform_item(const struct act_run *run, const struct plan_item *item,
    const struct plan_item *first, size_t number, const char *halt)
{
	struct action a = {
	    .run = run,
	    .plan = run->job->plan,
	    .item = item,
	    .first = first,
	    .number = number,
	    .state = halt == NULL ? RUN_PLANNED : RUN_FAILED,
	    .advertised_after = COUNT_UNKNOWN,
	    .arena = arena_new(),
	};

	act_id_new(a.id);
	str_init(&a.words, 0);
	if (halt != NULL)
		say(&a, "not begun", halt);
	drive(&a);
	count_end(run->job, a.state);
	str_fini(&a.words);
	free(a.replies);
	arena_free(a.arena);
	return a.state;
}

void perform_run(const struct act_run *run)
{
	struct act_job *job = run->job;
	const struct plan_item *first = NULL;
	struct act_progress *end;
	const char *halt = NULL;
	size_t number = 0;

	for (size_t i = 0; i < job->plan->count; i++) {
		const struct plan_item *item = &job->plan->items[i];

		if (strcmp(item->router, job->router) != 0)
			continue;
		if (first == NULL)
			first = item;
		if (item->skip != NULL)
			continue;
		if (perform_item(run, item, first, ++number, halt) != RUN_DONE && halt == NULL)
			halt = "an earlier session on this router did not end well";
	}
	end = job_progress(job);
	end->final = true;
	end->state = job->unknown > 0 ? RUN_UNKNOWN : job->failed > 0 ? RUN_FAILED
	    : job->unverified > 0                                     ? RUN_UNVERIFIED
	                                                              : RUN_DONE;
	snprintf(end->words, sizeof(end->words), "%s: %zu done, %zu failed, %zu unverified, %zu unknown",
	    job->router, job->done, job->failed, job->unverified, job->unknown);
	job_post(job, run->inbox, end);
}
