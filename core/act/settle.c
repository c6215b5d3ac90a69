/* Left-over actions, settled by reading; see settle.h. */
#include "core/act/settle.h"
#include "core/act/action_priv.h"
#include "core/act/proof.h"
#include "core/base/clock.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PAUSE_MS = 1500 }; /* between two looks: a line that was on its way has arrived by then */

enum settle_end settle_judge(const struct settle_seen *s)
{
	bool before = s->as_before && !s->nothing_to_send && (s->tells || !s->proven);

	if (!s->readable)
		return SETTLE_LATER;
	if (s->on_trial && !before)
		return SETTLE_LATER;
	if (before)
		return s->again ? SETTLE_UNDONE : SETTLE_LOOK;
	if (s->proven && (!s->as_before || s->nothing_to_send))
		return SETTLE_DONE;
	return s->patient ? SETTLE_LOOK : SETTLE_UNKNOWN;
}

const char *settle_end_word(enum settle_end end)
{
	static const char *const word[SETTLE_ENDS] = { "later", "look", "done", "not done", "unknown" };

	return word[end];
}

/* The item as it was planned, as far as judging needs it; times are put on the clock of this boot. */
static struct plan_item item_of(const struct claim *c)
{
	const struct claim_before *b = &c->before;
	bool same_boot = c->owner_told && strcmp(c->owner.boot, process_boot()) == 0;
	int64_t boot_ms = same_boot ? b->taken_boot_ms : clock_boot_ms() - (clock_wall_ms() - b->taken_wall_ms);

	return (struct plan_item){
	    .router = c->router, .vrf = c->vrf, .neighbor = c->neighbor, .handle = c->handle,
	    .remote_as = c->remote_as, .network = c->network, .verb = c->verb, .prefixes = c->prefixes,
	    .message = c->message[0] != '\0' ? c->message : NULL,
	    .saved = c->saved[0] != '\0' ? c->saved : NULL, .touched = c->touched, .proof = b->proof,
	    .check = b->check[0] != '\0' ? b->check : NULL,
	    .check_match = b->check_match[0] != '\0' ? b->check_match : NULL,
	    .deadline_s = b->deadline_s, .established = b->established, .admin_down = b->admin_down,
	    .received = b->received, .advertised = b->advertised, .former_advertised = b->former_advertised,
	    .others = b->others,
	    .since_s = b->since_s, .taken_boot_ms = boot_ms, .flaps = b->flaps,
	};
}

/* Is the touched part of the configuration what it was?  Only a plan that can be built anew shows that part. */
static bool touched_as_before(const struct act_run *run, const struct plan_item *item, const struct snap *snap)
{
	const struct act_target t = { .vrf = item->vrf, .neighbor = item->neighbor, .network = item->network };
	struct arena *arena = arena_new();
	struct plan_item again;
	bool same;

	planning_item(run, &t, (struct item_choice){ item->message, item->prefixes }, snap, NULL, 0, true, arena, &again);
	same = again.skip == NULL && strcmp(again.touched == NULL ? "" : again.touched, item->touched) == 0;
	arena_free(arena);
	return same;
}

/* One look; `words` says what was seen. */
static struct settle_seen look(const struct act_run *run, const struct plan_item *item, struct str *words)
{
	const struct claim *c = run->job->settle;
	struct settle_seen seen = {
	    .tells = c->touched[0] != '\0',
	    .nothing_to_send = c->before.nothing_to_send,
	    .on_trial = c->before.trial && clock_wall_ms() - c->wall_ms < (int64_t)SETTLE_TRIAL_S * 1000,
	};
	struct err why = ERR_INIT;
	struct snap *snap = NULL;
	struct str what;

	str_clear(words);
	if (run->io->look(run->io->ctx, &snap, &why) < 0) {
		str_puts(words, why.text);
		return seen;
	}
	str_init(&what, 0);
	seen.readable = true;
	seen.as_before = proof_as_planned(item, snap, &what) && touched_as_before(run, item, snap);
	str_clear(&what);
	/* A proof by text needs a command typed as a step is, which settling never does. */
	seen.proven = item->check == NULL && item->proof != PROOF_TEXT &&
	    proof_judge(item, snap, words) == PROOF_HOLDS && planning_shows(run, item, snap, words);
	str_fini(&what);
	snap_unref(snap);
	return seen;
}

static enum settle_end find_end(const struct act_run *run, const struct plan_item *item, struct str *words)
{
	int64_t until = clock_boot_ms() + (int64_t)item->deadline_s * 1000;
	enum settle_end end = SETTLE_LATER;
	bool before = false;

	if (!run->job->settle->before.told) {
		str_puts(words, "its intent does not tell what the session was like before");
		return SETTLE_UNKNOWN;
	}
	do {
		struct settle_seen seen = look(run, item, words);

		seen.again = before && seen.as_before;
		seen.patient = clock_boot_ms() < until;
		before = seen.as_before;
		end = settle_judge(&seen);
	} while (end == SETTLE_LOOK && run->io->wait(run->io->ctx, PAUSE_MS));
	return end == SETTLE_LOOK ? SETTLE_LATER : end; /* told to stop */
}

static enum run_state state_of(enum settle_end end)
{
	return end == SETTLE_DONE ? RUN_DONE : end == SETTLE_UNDONE ? RUN_FAILED : RUN_UNKNOWN;
}

static void post(const struct act_run *run, enum settle_end end, const char *words)
{
	const struct claim *c = run->job->settle;
	struct act_progress *p = job_progress(run->job);

	p->state = end == SETTLE_LATER ? RUN_RECOVERING : state_of(end);
	p->final = p->begun = true;
	snprintf(p->id, sizeof(p->id), "%s", c->id);
	snprintf(p->vrf, sizeof(p->vrf), "%s", c->vrf);
	snprintf(p->neighbor, sizeof(p->neighbor), "%s", c->neighbor);
	snprintf(p->words, sizeof(p->words), "%s", words);
	job_post(run->job, run->inbox, p);
}

static void say(struct str *out, enum settle_end end, const char *seen)
{
	static const char *const lead[SETTLE_ENDS] = {
	    [SETTLE_LATER] = "not settled yet",
	    [SETTLE_DONE] = "left without an outcome; read back as done",
	    [SETTLE_UNDONE] = "left without an outcome; not done, the router is as it was before",
	    [SETTLE_UNKNOWN] = "left without an outcome; neither as before nor as intended: look at the router",
	};

	str_puts(out, lead[end]);
	if (end != SETTLE_UNDONE && seen[0] != '\0')
		str_addf(out, ": %.300s", seen);
}

void settle_run(const struct act_run *run)
{
	struct plan_item item = item_of(run->job->settle);
	struct err why = ERR_INIT;
	struct str words, seen;
	enum settle_end end;

	str_init(&words, 0);
	str_init(&seen, 0);
	end = find_end(run, &item, &seen);
	say(&words, end, seen.p);
	if (end != SETTLE_LATER) {
		const struct journal_outcome o = { .state = state_of(end), .words = words.p,
			.advertised_after = COUNT_UNKNOWN };

		if (journal_settle(run->job->journal, run->job->settle, &o, &why) < 0) {
			str_addf(&words, " (not journalled: %s)", why.text);
			end = SETTLE_LATER;
		}
	}
	post(run, end, words.p);
	str_fini(&seen);
	str_fini(&words);
}
