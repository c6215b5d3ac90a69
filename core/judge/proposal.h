/*
 * proposal - what a failed clause suggests to do about its sessions: a suspend or a withdraw, never the last path.
 */
#ifndef PEERDECK_JUDGE_PROPOSAL_H
#define PEERDECK_JUDGE_PROPOSAL_H

#include "core/judge/verdict.h"

struct proposal_target {
	struct text router, vrf, neighbor;
};
struct proposal {
	const struct clause *clause;
	enum on_fail what;    /* ON_FAIL_PROPOSE_SUSPEND or _WITHDRAW */
	struct text reason;   /* for the journal: clause and what was found */
	const struct proposal_target *targets; /* neighbors, all their families */
	size_t target_count;
	struct text refused;  /* why it is not proposed after all; empty: it is */
	struct text held;     /* an automatic one: why it is left to a person here; empty: it is not */
};

/* False: the verdict suggests nothing (not failed, waived, or the clause only warns). */
bool proposal_of(const struct verdict *v, const struct evidence *ev, struct arena *a, struct proposal *out);

#endif
