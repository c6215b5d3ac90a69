/*
 * Four eyes in the console: what waits, as lines of the world; proposing, reading and approving.
 *
 * All of it is in the journal, which is read every second: the second
 * person's console shows a proposal, and the first one's its approval, within
 * two.
 */
#include "app/console_priv.h"
#include "core/base/clock.h"

#include <stdlib.h>
#include <string.h>

/* Tells the plan that is shown whether it may be carried out, and what it waits for. */
void console_tell_approval(struct console *c)
{
	struct err e = ERR_INIT;
	struct str why;

	if (c->op.phase != OPERATION_SHOWN || (c->drain != NULL && !drain_plan_shown(c->drain)))
		return;
	str_init(&why, 300);
	if (!operation_needs_approval(&c->op, &why)) {
		ui_plan_approval(c->ui, PLAN_FREE, "");
	} else if (approval_holds(c->records.approvals, c->op.plan, clock_wall_ms(), &e) == 0) {
		const struct approval *p = approvals_find(c->records.approvals, c->op.plan->digest);

		str_clear(&why);
		str_addf(&why, "approved by %s", p->approver);
		ui_plan_approval(c->ui, PLAN_APPROVED, why.p);
	} else if (approvals_find(c->records.approvals, c->op.plan->digest) != NULL) {
		str_clear(&why);
		str_addf(&why, "proposed: waits for a second person (Y in their console, or peerdeck approve %.8s)",
		    c->op.plan->digest);
		ui_plan_approval(c->ui, PLAN_PROPOSED, why.p);
	} else {
		ui_plan_approval(c->ui, PLAN_NEEDS_APPROVAL, why.p);
	}
	str_fini(&why);
}

void console_propose(struct console *c, const char *digest)
{
	struct err e = ERR_INIT;

	if (operation_propose(&c->op, digest, &e) != 0)
		ui_plan_close(c->ui, e.text);
	c->records_due = 0;
}

void console_read_proposal(struct console *c, const char *digest)
{
	const struct approval *p = approvals_find(c->records.approvals, digest);
	struct err e = ERR_INIT;
	struct str text;

	str_init(&text, 8 << 20);
	if (p == NULL)
		err_set(&e, ERR_REFUSED, "this plan is not proposed any more");
	else if (approval_text(p, c->config->data_dir, &text, &e) == 0)
		ui_proposal_show(c->ui, digest, text.p);
	if (e.code != ERR_NONE)
		ui_proposal_say(c->ui, e.text);
	str_fini(&text);
}

void console_approve(struct console *c, const char *digest)
{
	const struct approval *p = approvals_find(c->records.approvals, digest);
	struct err e = ERR_INIT;

	if (c->present.w.read_only)
		err_set(&e, ERR_REFUSED, "read-only: nothing can be approved");
	else if (p == NULL)
		err_set(&e, ERR_REFUSED, "this plan is not proposed any more");
	else
		approval_give(c->records.journal, p, c->config->data_dir, &e);
	ui_proposal_say(c->ui, e.code != ERR_NONE ? e.text : "approved: it is in the journal, and the one who proposed it may "
	    "carry it out now");
	c->records_due = 0;
}
