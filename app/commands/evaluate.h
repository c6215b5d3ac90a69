/*
 * evaluate - an evaluation as it is printed, for people who answer a peering request and for scripts.
 */
#ifndef PEERDECK_APP_EVALUATE_H
#define PEERDECK_APP_EVALUATE_H

#include "core/judge/verdict.h"

struct evaluation {
	asn_t asn;
	const struct policy *policy;
	bool mirror;               /* we against their policy */
	const struct evidence *ev; /* about them */
	struct evidence *seen;     /* who is judged: the same, or we */
	const struct peer *them;   /* may be NULL */
	const struct ladder *ladder; /* theirs */
	const struct verdict *verdicts;
	struct arena *arena;
};
int evaluation_print(const struct evaluation *v);
int evaluation_json(const struct evaluation *v, struct err *e);

#endif
