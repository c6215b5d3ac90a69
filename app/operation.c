/* From chosen sessions to outcomes; see operation.h. */
#include "app/operation.h"
#include "app/flowing.h"
#include "app/exchange_note.h"
#include "core/act/drain.h"
#include "core/act/role.h"
#include "core/act/undo.h"
#include "core/base/clock.h"
#include "core/model/scope.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void operation_init(struct operation *op, const struct operation_way *way)
{
	*op = (struct operation){ .way = *way };
}

void operation_fini(struct operation *op)
{
	plan_unref(op->plan);
	free(op->jobs);
	op->plan = NULL;
	op->jobs = NULL;
	op->job_count = op->job_cap = 0;
	op->phase = OPERATION_NONE;
}

static bool same_target(const struct operation_target *t, const char *router, const struct session *s)
{
	return strcmp(t->router, router) == 0 && strcmp(t->vrf, text_or(s->vrf, "")) == 0 &&
	       strcmp(t->neighbor, text_or(s->neighbor, "")) == 0;
}

size_t operation_targets(const struct world_session *const *rows, size_t count, struct operation_target **out)
{
	struct operation_target *targets = mem_calloc(count, sizeof(*targets));
	size_t n = 0;

	for (size_t i = 0; i < count; i++) {
		const char *router = rows[i]->router->conf->name;
		const struct session *s = rows[i]->s;
		size_t k = 0;

		while (k < n && !same_target(&targets[k], router, s))
			k++;
		if (k == n)
			targets[n++] = (struct operation_target){ .router = router, .vrf = text_or(s->vrf, ""),
				.neighbor = text_or(s->neighbor, ""),
				.network = rows[i]->peer != NULL ? text_or(rows[i]->peer->name, NULL) : NULL };
	}
	*out = targets;
	return n;
}

/* Hands a job to the router's worker, and remembers it until its last report. */
static void give(struct operation *op, const char *router, struct act_job *job)
{
	struct worker *w = pool_worker(op->way.pool, router);
	struct operation_job *kept;

	MEM_GROW(op->jobs, op->job_cap, op->job_count + 1);
	kept = &op->jobs[op->job_count++];
	*kept = (struct operation_job){ .final = false };
	memcpy(kept->id, act_job_id(job), strlen(act_job_id(job)) + 1);
	if (w != NULL) {
		worker_act(w, job);
	} else {
		const struct err why = { ERR_NET, "there is no connection to this router" };

		act_job_refuse(job, &why, op->way.inbox);
		act_job_free(job);
	}
}

static bool pending(const struct operation *op)
{
	for (size_t i = 0; i < op->job_count; i++)
		if (!op->jobs[i].final)
			return true;
	return false;
}

/* One planning job for all targets of one router, unless an earlier target of that router had it made. */
static void plan_router(struct operation *op, const struct act_request *req, const struct operation_target *targets,
    size_t count, size_t at)
{
	struct act_target *mine;
	struct str why;
	bool allowed;
	size_t n = 0;

	for (size_t i = 0; i < at; i++)
		if (strcmp(targets[i].router, targets[at].router) == 0)
			return;
	mine = mem_calloc(count, sizeof(*mine));
	str_init(&why, 400);
	allowed = role_allows(op->way.present->w.config, targets[at].router, req->verb, op->plan->lasting, &why);
	for (size_t i = at; i < count; i++)
		if (strcmp(targets[i].router, targets[at].router) == 0)
			mine[n++] = (struct act_target){ .vrf = targets[i].vrf, .neighbor = targets[i].neighbor,
				.network = targets[i].network, .refused = allowed ? NULL : why.p };
	give(op, targets[at].router, act_job_plan(req, targets[at].router, mine, n, op->way.ledger));
	str_fini(&why);
	free(mine);
}

static int check_request(const struct operation *op, enum verb verb, size_t count, const char *message, struct err *e)
{
	if (op->phase == OPERATION_RUNNING)
		return err_set(e, ERR_REFUSED, "an action is under way; wait until it has ended");
	if (count == 0)
		return err_set(e, ERR_USAGE, "no session is chosen");
	if (message == NULL || *message == '\0')
		return 0;
	if (!verb_info(verb)->takes_message)
		return err_set(e, ERR_USAGE, "%s sends no message to the peer", verb_info(verb)->name);
	return act_message_check(message, ACT_MESSAGE_MAX, e);
}

/* "exchange DE-CIX Frankfurt: 41 sessions on 3 routers" */
static void name_scope(struct plan *p, const struct operation_ask *ask, const struct operation_target *targets,
    size_t count)
{
	struct scope_size n = { count, 0 };
	char size[64], words[280];

	for (size_t i = 0; i < count; i++) {
		size_t k = 0;

		while (k < i && strcmp(targets[k].router, targets[i].router) != 0)
			k++;
		n.routers += k == i;
	}
	scope_size_words(n, size, sizeof(size));
	snprintf(words, sizeof(words), "%.200s: %s", ask->scope, size);
	plan_set_scope(p, words, ask->scope_name);
}

int operation_plan(struct operation *op, const struct operation_ask *ask, const struct operation_target *targets,
    size_t count, struct err *e)
{
	/* A scope of one session is still a scope: what is down for another reason is left alone. */
	struct act_request req = { .verb = ask->verb, .message = ask->message,
		.several = count > 1 || (ask->scope != NULL && ask->scope[0] != '\0'),
		.read_only = op->way.present->w.read_only };
	struct operation_way way = op->way;
	struct arena *words = arena_new();
	int rc = check_request(op, ask->verb, count, ask->message, e);

	if (rc == 0 && verb_info(ask->verb)->takes_prefixes)
		rc = chosen_parse(words, slice_of(ask->prefixes != NULL ? ask->prefixes : ""), &req.prefixes, e);
	if (rc != 0) {
		arena_free(words);
		return -1;
	}
	operation_fini(op);
	operation_init(op, &way);
	op->plan = plan_new(ask->verb, ask->reason, ask->ticket, ask->message);
	if (ask->scope != NULL && ask->scope[0] != '\0')
		name_scope(op->plan, ask, targets, count);
	if (ask->lasting)
		plan_set_lasting(op->plan);
	op->phase = OPERATION_PLANNING;
	for (size_t i = 0; i < count; i++)
		plan_router(op, &req, targets, count, i);
	arena_free(words); /* the jobs have copies */
	return 0;
}

/* What is not read now cannot count as another way, and may hold sessions of the scope that are not in the plan. */
static void warn_of_unread(struct operation *op)
{
	const struct world *w = &op->way.present->w;
	struct str names;
	bool stale;

	str_init(&names, 160);
	for (size_t i = 0; i < w->router_count; i++)
		if (world_router_age(w, &w->routers[i], &stale) < 0 || stale)
			str_addf(&names, "%s%s", names.len > 0 ? ", " : "", w->routers[i].conf->name);
	if (names.len > 0)
		plan_warn(op->plan, "not read now: %s%s: what is up there is not known, and sessions that were not seen are not "
		    "in this plan", names.p, names.over ? " ..." : "");
	str_fini(&names);
}

int operation_undo(struct operation *op, const struct undo *u, const char *reason, const char *ticket, struct err *e)
{
	struct operation_target *targets = mem_calloc(u->count, sizeof(*targets));
	const struct operation_ask ask = { .verb = u->verb, .reason = reason != NULL ? reason : u->reason,
		.ticket = ticket != NULL ? ticket : u->entries[0]->ticket, .scope = u->scope };
	int rc;

	for (size_t i = 0; i < u->count; i++)
		targets[i] = (struct operation_target){ u->entries[i]->router, u->entries[i]->vrf,
			u->entries[i]->neighbor, u->entries[i]->network };
	rc = operation_plan(op, &ask, targets, u->count, e);
	if (rc == 0 && u->verb == VERB_RESUME && u->entries[0]->op[0] != '\0')
		plan_warn(op->plan, "this ends the suspend of a drain only: its graceful shutdown stands until restore ends it");
	free(targets);
	return rc;
}

static void note_exchange(struct operation *op, const struct world_session *rows, size_t n)
{
	struct str text;

	if (strncmp(op->plan->scope, "exchange ", 9) != 0 || op->plan->scope_name[0] == '\0')
		return;
	str_init(&text, 2000);
	exchange_note(&op->way.present->w, op->plan->scope_name, rows, n, &text);
	plan_scope_note(op->plan, text.p);
	str_fini(&text);
}

/* All sessions as last seen, for what the plan says about other ways to the same network. */
static void seal(struct operation *op)
{
	struct world_session *rows = NULL;
	size_t n = world_sessions(&op->way.present->w, &rows);
	struct plan_seen *seen = mem_calloc(n, sizeof(*seen));

	for (size_t i = 0; i < n; i++)
		seen[i] = (struct plan_seen){ rows[i].router->conf->name, rows[i].s, rows[i].stale };
	plan_warn_book(op->plan, op->way.present->w.book);
	warn_of_unread(op);
	note_exchange(op, rows, n);
	flowing_note(op->plan, op->way.collect, op->way.history);
	plan_seal(op->plan, seen, n);
	free(seen);
	free(rows);
}

bool operation_take(struct operation *op, struct act_progress *p)
{
	struct operation_job *job = NULL;

	for (size_t i = 0; i < op->job_count; i++)
		if (strcmp(op->jobs[i].id, p->job) == 0)
			job = &op->jobs[i];
	if (job == NULL)
		return false;
	if (!p->planning && p->neighbor[0] != '\0' && p->state == RUN_FAILED && !p->begun)
		op->left++;
	if (!p->final)
		return true;
	job->final = true;
	if (p->planning) {
		plan_join(op->plan, act_progress_take_part(p));
	} else {
		op->done += p->done;
		op->failed += p->failed;
		op->unverified += p->unverified;
		op->unknown += p->unknown;
	}
	if (pending(op))
		return true;
	if (op->phase == OPERATION_PLANNING) {
		seal(op);
		op->phase = OPERATION_SHOWN;
	} else if (op->phase == OPERATION_RUNNING) {
		op->phase = OPERATION_ENDED;
	}
	return true;
}

bool operation_needs_approval(const struct operation *op, struct str *why)
{
	return op->phase == OPERATION_SHOWN && approval_needed(op->way.present->w.config, op->plan, why);
}

int operation_propose(struct operation *op, const char *digest, struct err *e)
{
	const struct world *w = &op->way.present->w;
	int64_t left_ms;

	if (op->phase != OPERATION_SHOWN || plan_confirm(op->plan, digest, e) != 0)
		return op->phase != OPERATION_SHOWN ? err_set(e, ERR_REFUSED, "there is no plan to propose") : -1;
	left_ms = op->plan->made_boot_ms + (int64_t)PLAN_LIFE_S * 1000 - clock_boot_ms();
	return approval_propose(op->way.journal, w->config->data_dir, op->plan, clock_wall_ms() + left_ms, e);
}

/* The suspend of a drain was approved together with its marking: with these very lines, and no others. */
static bool approved_as_drain(const struct operation *op)
{
	const struct drain_entry *d = op->plan->verb == VERB_SUSPEND && op->plan->op[0] != '\0' && op->way.ledger != NULL
	    ? drains_find(ledger_drains(op->way.ledger), op->plan->op) : NULL;
	char seal[DRAIN_SEAL_LEN];

	if (d == NULL || !drain_as_confirmed(d, op->plan))
		return false;
	drain_seal(d->lines, seal);
	return approval_covers(op->way.approvals, op->way.present->w.config->data_dir, op->plan->op, seal);
}

/* Once more, right before: roles may have been read anew, and an approval may have lapsed. */
static int check_allowed(const struct operation *op, struct err *e)
{
	const struct config *c = op->way.present->w.config;
	struct str why;
	int rc = 0;

	str_init(&why, 400);
	for (size_t i = 0; rc == 0 && i < op->plan->count; i++)
		if (op->plan->items[i].skip == NULL &&
		    !role_allows(c, op->plan->items[i].router, op->plan->verb, op->plan->lasting, &why))
			rc = err_set(e, ERR_REFUSED, "%s", why.p);
	str_clear(&why);
	if (rc == 0 && approval_needed(c, op->plan, &why)) {
		if (op->way.approvals == NULL)
			rc = err_set(e, ERR_REFUSED, "%s", why.p);
		else if (approvals_refresh(op->way.approvals, e) != 0)
			rc = -1;
		else if (!approved_as_drain(op))
			rc = approval_holds(op->way.approvals, op->plan, clock_wall_ms(), e);
	}
	str_fini(&why);
	return rc;
}

int operation_perform(struct operation *op, const char *digest, struct err *e)
{
	size_t began = 0;

	if (op->phase != OPERATION_SHOWN)
		return err_set(e, ERR_REFUSED, "there is no plan to confirm");
	if (op->way.present->w.read_only)
		return err_set(e, ERR_REFUSED, "read-only: no action is possible");
	if (plan_confirm(op->plan, digest, e) != 0 || check_allowed(op, e) != 0)
		return -1;
	op->job_count = 0;
	for (size_t i = 0; i < op->way.present->w.router_count; i++) {
		const char *router = op->way.present->w.routers[i].conf->name;
		size_t todo = plan_todo(op->plan, router);
		struct act_job *job;

		if (todo == 0)
			continue;
		job = act_job_perform(op->plan, digest, router, op->way.journal, op->way.ledger, e);
		if (job == NULL) {
			op->failed += todo;
			continue;
		}
		give(op, router, job);
		began++;
	}
	if (began == 0)
		return err_set(e, ERR_REFUSED, "the plan has nothing to do");
	op->phase = OPERATION_RUNNING;
	return 0;
}

void operation_words(const struct operation *op, char *out, size_t size)
{
	const struct {
		size_t count;
		const char *word;
	} sums[] = {
		{ op->done, "done" }, { op->failed > op->left ? op->failed - op->left : 0, "failed" },
		{ op->unverified, "unverified" }, { op->unknown, "unknown: look at the router" },
		{ op->left, "not begun and left as they were" },
	};
	struct str s;

	str_init(&s, 0);
	for (size_t i = 0; i < ARRAY_LEN(sums); i++)
		if (sums[i].count > 0)
			str_addf(&s, "%s%zu %s", s.len ? ", " : "", sums[i].count, sums[i].word);
	snprintf(out, size, "%s", s.len > 0 ? s.p : "nothing was begun");
	str_fini(&s);
}
