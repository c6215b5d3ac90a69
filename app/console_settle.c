/* What another console, or this one before it was killed, left without an outcome: settled by reading, and told. */
#include "app/console_priv.h"

#include <stdio.h>

/* Read-only consoles settle too: nothing is sent for it. */
void console_settle(struct console *c)
{
	if (!c->leaving)
		(void)settling_begin(c->settling);
}

bool console_settled(struct console *c, const struct act_progress *p)
{
	struct event ev = { .kind = EVENT_ACTION, .severity = p->state == RUN_UNKNOWN ? SEV_ALARM : SEV_WARN };

	if (!settling_take(c->settling, p))
		return false;
	c->records_due = 0;
	if (!run_final(p->state))
		return true;
	snprintf(ev.router, sizeof(ev.router), "%s", p->router);
	snprintf(ev.vrf, sizeof(ev.vrf), "%s", p->vrf);
	snprintf(ev.neighbor, sizeof(ev.neighbor), "%s", p->neighbor);
	ev.remote_as = ASN_UNKNOWN;
	snprintf(ev.words, sizeof(ev.words), "%s %s: %.150s", verb_info(p->verb)->name, run_state_word(p->state),
	    p->words);
	event_log_add(c->present.w.events, ev);
	return true;
}
