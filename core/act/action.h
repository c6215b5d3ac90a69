/*
 * action - how console and command line plan and act: jobs for the workers.
 *
 *  1. Open the journal once (journal_open) and the ledger on it (ledger_new).
 *  2. Per router concerned: act_job_plan(), then worker_act(worker, job) (or act_job_refuse + act_job_free where
 *     there is no worker or its link is down: it posts the same messages).
 *  3. Collect MSG_ACT from the inbox: progress->planning, match progress->job with act_job_id(); when ->final,
 *     plan_join(plan, act_progress_take_part(progress)).
 *  4. When all parts came: plan_seal(plan, seen...), show plan_print().  plan_todo() == 0: nothing to do.
 *  5. The operator confirms plan->digest: per router with plan_todo(plan, router) > 0 call
 *     act_job_perform(plan, digest, router, journal) and worker_act() it.  NULL says why not.
 *  6. MSG_ACT brings the state of each session in words; ->final ends a router's job.  After each ->final (and
 *     whenever another console may have acted) ledger_refresh().
 * Plans are shared by reference; jobs belong to the worker once handed over.
 */
#ifndef PEERDECK_ACT_ACTION_H
#define PEERDECK_ACT_ACTION_H

#include "core/act/io.h"
#include "core/act/plan.h"
#include "core/act/run.h"
#include "core/model/driver.h"
#include "core/model/inbox.h"

struct act_job; /* opaque: made here, run by a worker */
struct claim;
struct journal;
struct ledger;

struct act_target {
	const char *vrf, *neighbor; /* as in the snapshot: session.vrf.s ("" default), session.neighbor.s */
	const char *network;        /* name for the plan's text; NULL unknown */
	const char *refused;        /* not NULL: who asks may not do this here, and why: it is skipped with these words */
};

struct act_request {
	enum verb verb;
	const char *message; /* RFC 9003 text; NULL or "" none */
	struct chosen prefixes; /* for a verb that takes them */
	bool several;        /* more than one session was chosen: those that are down for another reason are left alone */
	bool read_only;      /* the console is read-only: everything is skipped, saying so */
};

/* All is copied.  `held` may be NULL (no ledger): read in this call only. */
struct act_job *act_job_plan(const struct act_request *req, const char *router,
    const struct act_target *targets, size_t count, const struct ledger *held);
/* Keeps a reference to the plan; the journal must outlive the job.  `held` as above.  NULL: the digest does not confirm
 * the plan, it lapsed, nothing is to be done on this router, or the journal cannot be written. */
struct act_job *act_job_perform(struct plan *plan, const char *digest, const char *router,
    struct journal *journal, const struct ledger *held, struct err *e);
/* Finds out what became of a left-over action, by reading (settle.h).  Its one message is final: a final state means that
 * the outcome is journalled, RUN_RECOVERING that it stays open.  `left` is copied, the journal must outlive the job. */
struct act_job *act_job_settle(const struct claim *left, struct journal *journal, const struct ledger *held);
const char *act_job_id(const struct act_job *job);

/* 0, or what is wrong with a message text, naming character and position.  max: octets (255 at most, RFC 9003). */
int act_message_check(const char *text, size_t max, struct err *e);
#define ACT_MESSAGE_SHORT 128 /* RFC 8203: older peers may not take more */
#define ACT_MESSAGE_MAX 255   /* RFC 9003 */
/* Most octets of text that this driver can send with a suspend; 0 none. */
size_t act_message_max(const struct driver *d);

/*
 * The worker's side.  The order is fixed: read the pre-image, build, show, confirm (elsewhere), write the intent
 * durably, read again and compare, send step by step, read back until proven or the deadline, write the outcome.
 * Nothing is ever sent twice.
 */

/* Runs in the worker's thread; posts MSG_ACT into the inbox as it goes on, the last one marked final.
 * Never returns without a final message. */
void act_job_run(struct act_job *job, const struct act_io *io, const struct router_conf *conf,
    const struct driver *driver, struct inbox *inbox);
/* When the worker cannot run it (link down, stopping): posts the final message with that reason.  Either this or
 * act_job_run is called, once; then the job is freed with act_job_free. */
void act_job_refuse(struct act_job *job, const struct err *why, struct inbox *inbox);
void act_job_free(struct act_job *job);

#endif
