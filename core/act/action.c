/* Jobs: made by the console, run or refused by a worker; see action.h. */
#include "core/act/action_priv.h"
#include "core/act/tmpl.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int act_message_check(const char *text, size_t max, struct err *e)
{
	return tmpl_message_check(text, max, e);
}

size_t act_message_max(const struct driver *d)
{
	for (const struct recipe *const *r = d->recipes; r != NULL && *r != NULL; r++)
		if ((*r)->verb == VERB_SUSPEND)
			return (*r)->message_max;
	return 0;
}

static void copy_held(struct act_job *job, const struct ledger *ledger)
{
	size_t total = ledger == NULL ? 0 : ledger_count(ledger);
	struct act_held *held = arena_alloc(job->arena, (total + 1) * sizeof(*held));
	struct arena *a = job->arena;

	job->held = held;
	for (size_t i = 0; i < total; i++) {
		const struct ledger_entry *l = ledger_at(ledger, i);

		if (strcmp(l->router, job->router) != 0)
			continue;
		held[job->held_count++] = (struct act_held){
		    .verb = l->verb,
		    .id = arena_strdup(a, l->id),
		    .prefixes = chosen_copy(a, l->prefixes),
		    .lasting = l->lasting,
		    .vrf = arena_strdup(a, l->vrf),
		    .neighbor = arena_strdup(a, l->neighbor),
		    .handle = arena_strdup(a, l->handle),
		    .message = arena_strdup(a, l->message),
		    .saved = arena_strdup(a, l->saved),
		    .advertised = l->advertised,
		};
	}
}

static struct act_job *job_new(const char *router, enum verb verb, const struct ledger *held)
{
	struct act_job *job = MEM_NEW(struct act_job);

	job->arena = arena_new();
	job->router = arena_strdup(job->arena, router);
	job->verb = verb;
	act_id_new(job->id);
	copy_held(job, held);
	return job;
}

struct act_job *act_job_plan(const struct act_request *req, const char *router,
    const struct act_target *targets, size_t count, const struct ledger *held)
{
	struct act_job *job = job_new(router, req->verb, held);
	struct act_target *copy = arena_alloc(job->arena, (count + 1) * sizeof(*copy));

	for (size_t i = 0; i < count; i++)
		copy[i] = (struct act_target){
		    .vrf = arena_strdup(job->arena, targets[i].vrf == NULL ? "" : targets[i].vrf),
		    .neighbor = arena_strdup(job->arena, targets[i].neighbor),
		    .network = arena_strdup(job->arena, targets[i].network == NULL ? "" : targets[i].network),
		    .refused = targets[i].refused == NULL ? NULL : arena_strdup(job->arena, targets[i].refused),
		};
	job->planning = true;
	job->targets = copy;
	job->target_count = count;
	if (req->message != NULL && req->message[0] != '\0')
		job->message = arena_strdup(job->arena, req->message);
	job->prefixes = chosen_copy(job->arena, req->prefixes);
	job->several = req->several;
	job->read_only = req->read_only;
	return job;
}

struct act_job *act_job_perform(struct plan *plan, const char *digest, const char *router,
    struct journal *journal, const struct ledger *held, struct err *e)
{
	struct act_job *job;

	if (plan_confirm(plan, digest, e) < 0)
		return NULL;
	if (plan_todo(plan, router) == 0) {
		err_set(e, ERR_REFUSED, "%s: the plan has nothing to do here", router);
		return NULL;
	}
	if (journal_writable(journal, e) < 0)
		return NULL;
	job = job_new(router, plan->verb, held);
	job->plan = plan_ref(plan);
	job->journal = journal;
	return job;
}

struct act_job *act_job_settle(const struct claim *left, struct journal *journal, const struct ledger *held)
{
	struct act_job *job = job_new(left->router, left->verb, held);

	job->settle = claim_copy(job->arena, left);
	job->journal = journal;
	return job;
}

const char *act_job_id(const struct act_job *job)
{
	return job->id;
}

struct act_progress *job_progress(const struct act_job *job)
{
	struct act_progress *p = MEM_NEW(struct act_progress);

	p->planning = job->planning;
	p->verb = job->verb;
	p->settling = job->settle != NULL;
	p->items = p->settling ? 1 : job->planning ? job->target_count : plan_todo(job->plan, job->router);
	snprintf(p->job, sizeof(p->job), "%s", job->id);
	snprintf(p->router, sizeof(p->router), "%s", job->router);
	p->done = job->done;
	p->failed = job->failed;
	p->unverified = job->unverified;
	p->unknown = job->unknown;
	return p;
}

void job_post(struct act_job *job, struct inbox *inbox, struct act_progress *p)
{
	struct msg *m = MEM_NEW(struct msg);

	(void)job;
	m->kind = MSG_ACT;
	m->act = p;
	m->act_free = act_progress_free;
	inbox_post(inbox, m);
}

void act_job_run(struct act_job *job, const struct act_io *io, const struct router_conf *conf,
    const struct driver *driver, struct inbox *inbox)
{
	struct act_run run = { .job = job, .io = io, .conf = conf, .driver = driver, .inbox = inbox };

	if (job->settle != NULL)
		settle_run(&run);
	else if (job->planning)
		planning_run(&run);
	else
		perform_run(&run);
}

/* Each session of the plan learns that it was not begun: none is left without an outcome. */
static void refuse_items(struct act_job *job, const char *why, struct inbox *inbox)
{
	size_t n = 0;

	for (size_t i = 0; i < job->plan->count; i++) {
		const struct plan_item *item = &job->plan->items[i];
		struct act_progress *p;

		if (item->skip != NULL || strcmp(item->router, job->router) != 0)
			continue;
		p = job_progress(job);
		p->item = ++n;
		p->state = RUN_FAILED;
		snprintf(p->vrf, sizeof(p->vrf), "%s", item->vrf);
		snprintf(p->neighbor, sizeof(p->neighbor), "%s", item->neighbor);
		snprintf(p->words, sizeof(p->words), "not begun, nothing was sent: %.400s", why);
		job_post(job, inbox, p);
	}
}

void act_job_refuse(struct act_job *job, const struct err *why, struct inbox *inbox)
{
	struct act_progress *p;

	if (job->planning) {
		planning_refuse(job, why->text, inbox);
		return;
	}
	if (job->plan != NULL) {
		refuse_items(job, why->text, inbox);
		job->failed = plan_todo(job->plan, job->router);
	}
	p = job_progress(job);
	p->state = job->settle != NULL ? RUN_RECOVERING : RUN_FAILED;
	p->final = true;
	snprintf(p->words, sizeof(p->words), "%s: %.400s",
	    job->settle != NULL ? "not settled yet" : "not begun, nothing was sent", why->text);
	job_post(job, inbox, p);
}

void act_job_free(struct act_job *job)
{
	if (job == NULL)
		return;
	plan_unref(job->plan);
	arena_free(job->arena);
	free(job);
}
