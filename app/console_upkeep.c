/*
 * What the console does by itself while it runs: settles what was left without an outcome, ends what is held until a
 * time, watches what comes back, goes on with drains.  All of it acts through the journal, where other consoles see it.
 */
#include "app/console_priv.h"

#include <stdio.h>

static void add_event(struct console *c, struct event ev, const char *router, const char *vrf, const char *neighbor)
{
	ev.kind = EVENT_ACTION;
	snprintf(ev.router, sizeof(ev.router), "%s", router);
	snprintf(ev.vrf, sizeof(ev.vrf), "%s", vrf);
	snprintf(ev.neighbor, sizeof(ev.neighbor), "%s", neighbor);
	event_log_add(c->present.w.events, ev);
}

static void told(void *ctx, enum severity severity, const struct ledger_entry *l, const char *words)
{
	struct event ev = { .severity = severity, .remote_as = l->remote_as };
	struct console *c = ctx;

	snprintf(ev.words, sizeof(ev.words), "%.190s", words);
	add_event(c, ev, l->router, l->vrf, l->neighbor);
	if (severity >= SEV_WARN)
		console_notice(c, "%s %s: %s", l->router, l->neighbor, words);
	c->records_due = 0;
}

static void told_drain(void *ctx, const char *op, enum drain_state state, const char *words)
{
	struct event ev = { .severity = state == DRAIN_UNSHUT ? SEV_ALARM : SEV_NOTICE, .remote_as = ASN_UNKNOWN };
	struct console *c = ctx;

	(void)op;
	snprintf(ev.words, sizeof(ev.words), "drain %s: %.170s", drain_state_word(state), words);
	if (state != DRAIN_WAITING)
		add_event(c, ev, "", "", "");
	console_notice(c, "%s", ev.words);
	c->records_due = 0;
}

void console_upkeep_start(struct console *c, const struct operation_way *way)
{
	c->settling = settling_new(way);
	c->expiry = expiry_new(way, told, c);
	c->draining = draining_new(way, told_drain, c);
}

void console_upkeep_stop(struct console *c)
{
	console_drain_forget(c);
	draining_free(c->draining);
	expiry_free(c->expiry);
	settling_free(c->settling);
}

/* Read-only consoles settle and watch, too: nothing is sent for it. */
void console_upkeep(struct console *c)
{
	if (c->leaving)
		return;
	(void)settling_begin(c->settling);
	draining_tick(c->draining);
	expiry_tick(c->expiry, c->op.phase == OPERATION_RUNNING || c->op.phase == OPERATION_PLANNING);
}

bool console_upkeep_busy(const struct console *c)
{
	return expiry_busy(c->expiry) || draining_busy(c->draining);
}

static void settled(struct console *c, const struct act_progress *p)
{
	struct event ev = { .severity = p->state == RUN_UNKNOWN ? SEV_ALARM : SEV_WARN, .remote_as = ASN_UNKNOWN };

	if (!run_final(p->state))
		return; /* told once it is */
	snprintf(ev.words, sizeof(ev.words), "%s %s: %.150s", verb_info(p->verb)->name, run_state_word(p->state),
	    p->words);
	add_event(c, ev, p->router, p->vrf, p->neighbor);
	c->records_due = 0;
}

bool console_upkeep_take(struct console *c, struct act_progress *p)
{
	if (settling_take(c->settling, p))
		settled(c, p);
	else if (!expiry_take(c->expiry, p) && !draining_take(c->draining, p))
		return false;
	if (p->final)
		c->records_due = 0;
	return true;
}
