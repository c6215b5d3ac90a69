/* What the operator rules about a clause (waive, attest), and the plan that a failed one proposes. */
#include "core/base/scan.h"
#include "core/judge/verdict_book.h"
#include "core/model/book.h"
#include "tui/state.h"

#include <stdio.h>
#include <string.h>

/* The clause under the cursor of the policy view; else says where to go. */
static const struct clause *clause_here(struct ui *u)
{
	const struct level *l = ui_level(u);
	const struct clause *found = l->view == &view_policy ? view_policy_row(table_selected(l->table)) : NULL;

	if (found == NULL)
		ui_say(u, "go to a clause in the policy view to rule about it");
	return found;
}

/* "2027-03-31 REASON", with met or not-met before it to attest. */
void ui_rule(struct ui *u, const struct command *c, const char *arg, struct request *rq)
{
	const struct clause *about = clause_here(u);
	struct scan s = scan_of(slice_of(arg != NULL ? arg : ""));
	struct slice word = { "", 0 };
	bool waiver = c->id == CMD_WAIVE, holds = false;
	char line[40];

	if (about == NULL)
		return;
	if (arg == NULL) {
		snprintf(line, sizeof(line), "%s ", c->name);
		prompt_open(&u->prompt, PROMPT_PALETTE, line);
		return;
	}
	if (!waiver && scan_word(&s, &word)) {
		holds = slice_eq(word, "met");
		if (!holds && !slice_eq(word, "not-met")) {
			ui_say(u, "attest takes met or not-met first, then a date, then how it was found out");
			return;
		}
	}
	if (!scan_word(&s, &word) || !book_date(word, true, &u->ruling.expires_wall_ms) || u->ruling.expires_wall_ms <= u->world->now_wall_ms ||
	    slice_trim(s.p < s.end ? scan_rest(&s) : (struct slice){ "", 0 }).len == 0) {
		ui_say(u, "%s takes a date that is to come, as 2027-03-31, and %s", c->name, waiver ? "a reason" : "how it was found out");
		return;
	}
	word = slice_trim((struct slice){ word.p + word.len, strlen(word.p + word.len) });
	snprintf(u->ruling_clause, sizeof(u->ruling_clause), "%s", about->id);
	snprintf(u->ruling_words, sizeof(u->ruling_words), "%.*s", (int)word.len, word.p);
	u->ruling = (struct ruling_request){ .asn = u->focus.asn, .clause = u->ruling_clause, .words = u->ruling_words, .waiver = waiver, .holds = holds,
		.expires_wall_ms = u->ruling.expires_wall_ms };
	rq->kind = REQ_RULING;
	rq->ruling = &u->ruling;
}

/* The first proposal of the network that may be carried out. */
static const struct proposal *proposal_here(struct ui *u)
{
	const struct network_verdicts *n = u->world->verdicts != NULL ? verdict_book_find(u->world->verdicts, u->focus.asn) : NULL;

	for (size_t i = 0; n != NULL && i < n->proposal_count; i++)
		if (text_empty(n->proposals[i].refused))
			return &n->proposals[i];
	if (n != NULL && n->proposal_count > 0)
		ui_say(u, "not proposed: %s", n->proposals[0].refused.s);
	else
		ui_say(u, "the policy proposes nothing about AS%u now", u->focus.asn);
	return NULL;
}

/* Straight to the plan: the reason is the clause and what was found. */
void ui_propose(struct ui *u, struct request *rq)
{
	const struct proposal *p = proposal_here(u);

	if (p == NULL)
		return;
	if (act_is_running(&u->act) || u->world->read_only || u->world->no_action != NULL) {
		ui_say(u, act_is_running(&u->act) ? "an action is under way; it must end first" : "no action is possible: %s",
		    u->world->read_only ? "read-only" : u->world->no_action);
		return;
	}
	act_begin(&u->act, p->what == ON_FAIL_PROPOSE_WITHDRAW ? VERB_WITHDRAW : VERB_SUSPEND, false);
	for (size_t i = 0; i < p->target_count; i++)
		act_add_target(&u->act, &(struct target){ p->targets[i].router.s, p->targets[i].vrf.s, p->targets[i].neighbor.s, u->focus.asn });
	act_propose(&u->act, p->reason.s, rq);
}
