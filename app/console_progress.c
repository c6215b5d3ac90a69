/* What becomes of actions, told to the views. */
#include "app/console_priv.h"

#include <stdio.h>
#include <string.h>

static bool is_left(const struct act_progress *p)
{
	return p->state == RUN_FAILED && !p->begun;
}

static enum act_mark mark_of(const struct act_progress *p)
{
	if (is_left(p))
		return ACT_LEFT;
	switch (p->state) {
	case RUN_DONE:
		return ACT_DONE;
	case RUN_FAILED:
		return ACT_FAILED;
	case RUN_UNVERIFIED:
	case RUN_UNKNOWN:
		return ACT_UNVERIFIED;
	default:
		return ACT_RUNS;
	}
}

/* The plan knows whose session it is. */
static asn_t planned_as(const struct plan *plan, const struct act_progress *p)
{
	for (size_t i = 0; plan != NULL && i < plan->count; i++) {
		const struct plan_item *item = &plan->items[i];

		if (strcmp(item->router, p->router) == 0 && strcmp(item->vrf, p->vrf) == 0 &&
		    strcmp(item->neighbor, p->neighbor) == 0)
			return item->remote_as;
	}
	return ASN_UNKNOWN;
}

static void action_event(struct console *c, const struct act_progress *p)
{
	struct event ev = { .kind = EVENT_ACTION,
		.severity = p->state == RUN_DONE ? SEV_NOTICE : p->state == RUN_FAILED ? SEV_WARN : SEV_ALARM };

	snprintf(ev.router, sizeof(ev.router), "%s", p->router);
	snprintf(ev.vrf, sizeof(ev.vrf), "%s", p->vrf);
	snprintf(ev.neighbor, sizeof(ev.neighbor), "%s", p->neighbor);
	ev.remote_as = planned_as(c->op.plan, p);
	snprintf(ev.words, sizeof(ev.words), "%s: %s%s%.120s", verb_info(p->verb)->name,
	    is_left(p) ? "not begun" : run_state_word(p->state), p->words[0] ? ": " : "", p->words);
	event_log_add(c->present.w.events, ev);
}

static void tell_session(struct console *c, const struct act_progress *p)
{
	ui_act_progress(c->ui, p->router, p->vrf, p->neighbor, mark_of(p),
	    p->words[0] != '\0' ? p->words : run_state_word(p->state));
	if (run_final(p->state))
		action_event(c, p);
}

static void tell_end(struct console *c)
{
	char words[160], all[320];
	bool waits;

	operation_words(&c->op, words, sizeof(words));
	console_notice(c, "%s: %s", verb_info(c->op.plan->verb)->name, words);
	waits = console_drain_ended(c); /* its own trouble is the notice that stays */
	snprintf(all, sizeof(all), "%s%s", words,
	    waits ? ". Nothing is shut yet: the drain waits now; :drain-stop ends the wait" : "");
	ui_act_finished(c->ui, all);
	operation_fini(&c->op);
}

static void show_plan(struct console *c)
{
	ui_plan_show(c->ui, c->op.plan);
	console_tell_approval(c);
}

void console_progress(struct console *c, struct act_progress *p)
{
	enum operation_phase before = c->op.phase;

	if (console_upkeep_take(c, p))
		return;
	if (!operation_take(&c->op, p))
		return;
	if (!p->planning && p->neighbor[0] != '\0')
		tell_session(c, p);
	else if (p->planning && !p->final && p->words[0] != '\0' && !console_guard_plans(c))
		ui_plan_waiting(c->ui, p->words);
	if (p->final)
		c->records_due = 0;
	if (before == OPERATION_PLANNING && c->op.phase == OPERATION_SHOWN && (console_drain_plans(c) || console_guard_planned(c)))
		return;
	if (before == OPERATION_PLANNING && c->op.phase == OPERATION_SHOWN)
		show_plan(c);
	else if (before == OPERATION_RUNNING && c->op.phase == OPERATION_ENDED)
		tell_end(c);
}
