/*
 * The policy in the console: networks judged a little with every turn of the loop, changes told as events and kept in
 * the journal.
 */
#include "app/console_priv.h"

#include <stdio.h>

enum { STEP_US = 4000 }; /* of one turn: a frame has 40 ms */

static enum severity severity_of(const struct verdict_change *c)
{
	if (c->after != VERDICT_FAIL)
		return c->after == VERDICT_PASS ? SEV_NOTICE : SEV_INFO;
	if (c->waived || c->clause->on_fail == ON_FAIL_NOTE)
		return SEV_NOTICE;
	return c->clause->severity == CLAUSE_CRITICAL ? SEV_ALARM : SEV_WARN;
}

static void on_change(void *ctx, const struct verdict_change *change)
{
	struct console *c = ctx;
	struct event ev = { .kind = EVENT_VERDICT, .severity = severity_of(change), .remote_as = change->asn,
		.before = COUNT_UNKNOWN, .after = COUNT_UNKNOWN };

	snprintf(ev.words, sizeof(ev.words), "%s: was %s, now %s%s: %.120s", change->clause->id, verdict_word(change->before),
	    verdict_word(change->after), change->waived ? " (waived)" : "", change->words);
	event_log_add(c->present.w.events, ev);
	fact_writer_verdict(c->facts, c->judging.policy, change);
	if (change->after == VERDICT_FAIL && change->clause->automatic)
		console_guard_say_held(c, change->asn, change->clause->id);
}

void console_policy_start(struct console *c)
{
	struct world *w = &c->present.w;
	struct err e = ERR_INIT;

	if (c->config->policy == NULL) {
		snprintf(c->no_verdicts, sizeof(c->no_verdicts), "no policy is configured: set policy = FILE in %.200s", c->config->path);
	} else if (judging_open(&c->judging, c->config->policy, c->records.path, &e) != 0) {
		snprintf(c->no_verdicts, sizeof(c->no_verdicts), "%.290s", e.text);
		console_notice(c, "policy: %s", e.text);
	}
	if (c->judging.policy == NULL) {
		w->no_verdicts = c->no_verdicts;
		return;
	}
	if (c->judging.policy->asn != c->config->local_as)
		console_notice(c, "policy %s is of AS%u and not of local-as %u", c->config->policy, c->judging.policy->asn, c->config->local_as);
	c->judging.changed = on_change;
	c->judging.changed_ctx = c;
	console_guard_start(c);
	c->facts = fact_writer_start(c->records.journal);
	w->verdicts = c->judging.book;
	c->judging.mirrors = mirrors_open(c->config);
	w->mirror_count = mirrors_lines(c->judging.mirrors, &w->mirrors);
}

void console_policy_tick(struct console *c)
{
	char trouble[300];

	if (c->judging.policy == NULL)
		return;
	judging_step(&c->judging, &c->present.w, STEP_US);
	console_guard_tick(c);
	c->present.w.verdicts_revision = verdict_book_revision(c->judging.book) + mirrors_revision(c->judging.mirrors);
	fact_writer_trouble(c->facts, trouble, sizeof(trouble));
	if (trouble[0] != '\0')
		console_notice(c, "verdicts are NOT kept in the journal: %s", trouble);
}

void console_policy_records(struct console *c)
{
	if (c->judging.policy != NULL && rulings_refresh(c->judging.rulings, NULL))
		judging_again(&c->judging);
}

void console_policy_stop(struct console *c)
{
	c->present.w.verdicts = NULL;
	c->present.w.mirrors = NULL;
	c->present.w.mirror_count = 0;
	fact_writer_stop(c->facts);
	mirrors_close(c->judging.mirrors);
	c->judging.mirrors = NULL;
	judging_close(&c->judging);
}

void console_rule(struct console *c, const struct ruling_request *rq)
{
	const struct ruling r = { .asn = rq->asn, .subject = rq->clause, .words = rq->words, .waiver = rq->waiver, .holds = rq->holds,
		.expires_wall_ms = rq->expires_wall_ms };
	struct err e = ERR_INIT;

	if (c->present.w.read_only)
		err_set(&e, ERR_REFUSED, "read-only: no ruling is written");
	else
		rulings_write(c->records.journal, &r, &e);
	if (e.code != ERR_NONE)
		console_notice(c, "NOT noted: %s", e.text);
	else
		console_notice(c, "AS%u %s: %s", rq->asn, rq->clause, rq->waiver ? "waived" : rq->holds ? "attested as met" : "attested as not met");
	console_policy_records(c);
}
