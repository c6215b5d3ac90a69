/*
 * What a policy does by itself: a clause with automatic = yes whose proposal may be carried out.
 *
 * Every bound is looked at again before anything is planned, and once more when the plan is there: the proposal still
 * stands and is not the last path, nothing else is under way, the console may act, roles and four eyes leave it to the
 * policy (app/guard.h), the clause has not acted too often within the hour (by whichever console of this host: the
 * journal counts), and of this network nothing was taken down within ten minutes, by the policy or by a person.
 * That it acts is a fact of the journal before it does; the action itself goes the way of every action.
 */
#include "app/console_priv.h"
#include "app/guard.h"
#include "core/act/role.h"
#include "core/base/clock.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { HOUR_MS = 3600000, AGAIN_MS = 600000 };

/* What was taken down within the last minutes may still look alive in what was read before: until all of it was read
 * anew, it would count as the other path that makes a session spare. */
static bool taken_down_lately(const struct console *c, asn_t asn, int64_t since_wall_ms)
{
	for (size_t i = 0; i < c->present.w.ledger_count; i++)
		if (c->present.w.ledger[i].remote_as == asn && c->present.w.ledger[i].since_wall_ms >= since_wall_ms)
			return true;
	return false;
}

static bool held(const struct console *c, const struct proposal_target *t)
{
	for (size_t i = 0; i < c->present.w.ledger_count; i++) {
		const struct ledger_line *l = &c->present.w.ledger[i];

		if (text_same(l->router, t->router) && text_same(l->neighbor, t->neighbor) && strcmp(text_or(l->vrf, ""), text_or(t->vrf, "")) == 0)
			return true;
	}
	return false;
}

static bool may_act(const struct console *c, asn_t asn, const struct proposal *p)
{
	int64_t now = c->present.w.now_wall_ms;

	if (!p->clause->automatic || !text_empty(p->refused) || !text_empty(p->held) || p->target_count == 0)
		return false;
	for (size_t i = 0; i < p->target_count; i++)
		if (held(c, &p->targets[i]))
			return false;
	return rulings_automatic(c->judging.rulings, p->clause->id, ASN_UNKNOWN, now - HOUR_MS) < p->clause->per_hour &&
	       rulings_automatic(c->judging.rulings, NULL, asn, now - AGAIN_MS) == 0 && !taken_down_lately(c, asn, now - AGAIN_MS);
}

static const struct proposal *standing(const struct console *c, asn_t asn, const char *clause)
{
	const struct network_verdicts *n = verdict_book_find(c->judging.book, asn);

	for (size_t i = 0; n != NULL && i < n->proposal_count; i++)
		if (strcmp(n->proposals[i].clause->id, clause) == 0)
			return &n->proposals[i];
	return NULL;
}

static void __attribute__((format(printf, 3, 4)))
tell(struct console *c, asn_t asn, const char *fmt, ...)
{
	struct event ev = { .kind = EVENT_VERDICT, .severity = SEV_ALARM, .remote_as = asn, .before = COUNT_UNKNOWN, .after = COUNT_UNKNOWN };
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(ev.words, sizeof(ev.words), fmt, ap);
	va_end(ap);
	event_log_add(c->present.w.events, ev);
	console_notice(c, "%s", ev.words);
}

static int note(struct console *c, asn_t asn, const struct proposal *p, const char *verb, struct err *e)
{
	const struct journal_more more[] = { { "clause", p->clause->id }, { "verb", verb } };
	const struct journal_fact f = { .kind = "automatic", .remote_as = asn, .reason = p->reason.s, .more = more, .more_count = ARRAY_LEN(more) };

	if (journal_fact(c->records.journal, &f, e) != 0)
		return -1;
	rulings_refresh(c->judging.rulings, NULL);
	return 0;
}

static void begin(struct console *c, asn_t asn, const struct proposal *p)
{
	struct operation_target *targets = mem_calloc(p->target_count, sizeof(*targets));
	enum verb verb = guard_verb(p);
	char reason[200];
	const struct operation_ask ask = { .verb = verb, .reason = reason };
	struct err e = ERR_INIT;

	snprintf(reason, sizeof(reason), "automatic: %.180s", p->reason.s);
	for (size_t i = 0; i < p->target_count; i++)
		targets[i] = (struct operation_target){ p->targets[i].router.s, p->targets[i].vrf.s, p->targets[i].neighbor.s, NULL };
	if (note(c, asn, p, verb_info(verb)->name, &e) != 0 || operation_plan(&c->op, &ask, targets, p->target_count, &e) != 0) {
		tell(c, asn, "%s could not act automatically: %s", p->clause->id, e.text);
	} else {
		c->guard_as = asn;
		snprintf(c->guard_clause, sizeof(c->guard_clause), "%s", p->clause->id);
		tell(c, asn, "%s acts automatically: %s", p->clause->id, verb_info(verb)->name);
	}
	free(targets);
}

static bool leave(void *ctx, const struct proposal *p, struct str *why)
{
	const struct console *c = ctx;

	return guard_leave(c->config, role_in_group, p, why);
}

void console_guard_start(struct console *c)
{
	verdict_book_leave(c->judging.book, leave, c);
}

/* A clause that would act and may not here: told as an event when it begins to fail. */
void console_guard_say_held(struct console *c, asn_t asn, const char *clause)
{
	const struct proposal *p = standing(c, asn, clause);

	if (p != NULL && !text_empty(p->held))
		tell(c, asn, "%s does not act by itself, it is proposed: %.120s", clause, p->held.s);
}

void console_guard_tick(struct console *c)
{
	const struct network_verdicts *n;

	if (c->judging.policy == NULL || c->present.w.read_only || c->present.w.no_action != NULL || c->op.phase != OPERATION_NONE || c->leaving)
		return;
	for (size_t i = 0; (n = verdict_book_at(c->judging.book, i)) != NULL; i++)
		for (size_t k = 0; k < n->proposal_count; k++) {
			if (!may_act(c, n->asn, &n->proposals[k]))
				continue;
			rulings_refresh(c->judging.rulings, NULL); /* another console may have acted just now */
			if (may_act(c, n->asn, &n->proposals[k])) {
				begin(c, n->asn, &n->proposals[k]);
				return;
			}
		}
}

void console_guard_forget(struct console *c)
{
	c->guard_as = ASN_UNKNOWN;
}

bool console_guard_plans(const struct console *c)
{
	return c->guard_as != ASN_UNKNOWN;
}

bool console_guard_planned(struct console *c)
{
	const struct proposal *p;
	struct err e = ERR_INIT;
	asn_t asn = c->guard_as;

	if (asn == ASN_UNKNOWN)
		return false;
	c->guard_as = ASN_UNKNOWN;
	p = standing(c, asn, c->guard_clause);
	if (p == NULL || !text_empty(p->refused) || !text_empty(p->held) || taken_down_lately(c, asn, c->present.w.now_wall_ms - AGAIN_MS))
		err_set(&e, ERR_REFUSED, "what proposed it does not hold any more");
	else if (c->present.w.read_only || c->present.w.no_action != NULL)
		err_set(&e, ERR_REFUSED, "no action is possible now");
	else
		operation_perform(&c->op, c->op.plan->digest, &e);
	if (e.code != ERR_NONE) {
		tell(c, asn, "%s did not act: %s", c->guard_clause, e.text);
		operation_fini(&c->op);
	}
	return true;
}
