/*
 * operation - one action from the choice of sessions to its last outcome, as console and command line run it.
 *
 *	operation_plan      -> OPERATION_PLANNING: each router's worker builds its part
 *	operation_take      -> OPERATION_SHOWN when the last part came: op->plan is sealed, to be shown
 *	operation_perform   -> OPERATION_RUNNING: confirmed, the workers carry it out
 *	operation_take      -> OPERATION_ENDED: the sums are final
 *
 * It only passes jobs to workers and counts what comes back: all decisions
 * are core/act's.  One thread.
 */
#ifndef PEERDECK_APP_OPERATION_H
#define PEERDECK_APP_OPERATION_H

#include "app/present.h"
#include "backends/link/worker.h"
#include "core/act/action.h"
#include "core/act/approval.h"
#include "core/act/journal.h"
#include "core/act/ledger.h"

enum operation_phase {
	OPERATION_NONE,
	OPERATION_PLANNING,
	OPERATION_SHOWN,
	OPERATION_RUNNING,
	OPERATION_ENDED,
};

/* What an operation works with; all of it outlives the operation. */
struct operation_way {
	struct pool *pool;
	struct inbox *inbox;
	struct present *present;
	struct journal *journal; /* may be NULL for a plan that is only shown */
	struct ledger *ledger;   /* may be NULL likewise */
	struct approvals *approvals; /* NULL: what needs a second person is refused */
	/* What plans tell of traffic; NULL: nothing. */
	const struct collect *collect;
	struct history *history;
};

struct operation_target {
	const char *router, *vrf, *neighbor;
	const char *network; /* may be NULL */
};

/* What is asked for.  Texts may be NULL and are copied. */
struct operation_ask {
	enum verb verb;
	bool lasting; /* suspend for good */
	const char *reason, *ticket, *message;
	const char *prefixes; /* words, for a verb that takes them; NULL or "" none */
	const char *scope, *scope_name; /* as plan_set_scope wants them */
};

struct operation_job {
	char id[ACT_ID_LEN];
	bool final;
};
struct operation {
	struct operation_way way;
	enum operation_phase phase;
	struct plan *plan;
	struct operation_job *jobs;
	size_t job_count, job_cap;
	size_t done, failed, unverified, unknown; /* sessions, while RUNNING and ENDED */
	size_t left; /* of the failed ones: never begun, so as they were */
};

void operation_init(struct operation *op, const struct operation_way *way);
/* Forgets what there is.  A running one goes on in the workers and in the journal; only its reports are no longer
 * taken. */
void operation_fini(struct operation *op);

/* The distinct neighbors behind rows (families of one neighbor are one target); *out is allocated, its strings are
 * those of the rows. */
size_t operation_targets(const struct world_session *const *rows, size_t count, struct operation_target **out);

/* Begins planning; a former operation that is not running is forgotten.  -1: ERR_REFUSED (read-only, one is running),
 * ERR_USAGE (no target, no reason, a message that cannot be sent). */
int operation_plan(struct operation *op, const struct operation_ask *ask, const struct operation_target *targets,
    size_t count, struct err *e);
struct undo;
/* The same for what takes an action back (core/act/undo.h); reason NULL: that of the undo. */
int operation_undo(struct operation *op, const struct undo *u, const char *reason, const char *ticket, struct err *e);
/* True if the report belongs to this operation (then look at op->phase).  The report stays the caller's. */
bool operation_take(struct operation *op, struct act_progress *p);
/* Does the plan that is shown need a second person?  `why` says by which rule. */
bool operation_needs_approval(const struct operation *op, struct str *why);
/* Puts the plan with this digest before a second person. */
int operation_propose(struct operation *op, const char *digest, struct err *e);
/* Carries out the plan that is shown, if the digest is its digest.  Routers whose job cannot begin are counted as failed
 * and told in *e (with 0 if any other began). */
int operation_perform(struct operation *op, const char *digest, struct err *e);
/* The sums in words: "3 done, 1 failed". */
void operation_words(const struct operation *op, char *out, size_t size);

#endif
