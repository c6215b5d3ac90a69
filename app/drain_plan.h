/*
 * drain_plan - the two plans of a drain made into one that is shown, as console and command line want it.
 *
 * The suspend is planned first, for its lines, and what flows is read beside it; then the graceful shutdown, whose plan
 * says what follows and names the operation.  One confirmation, or one approval, of one digest covers both: the digest is
 * over the text that shows the suspend's lines and their seal.
 */
#ifndef PEERDECK_APP_DRAIN_PLAN_H
#define PEERDECK_APP_DRAIN_PLAN_H

#include "app/drain.h"

enum drain_plan_state {
	DRAIN_PLAN_GOES_ON,
	DRAIN_PLAN_SHOWN, /* op->plan is what is to be shown */
	DRAIN_PLAN_REFUSED,
};
struct drain_ask {
	struct drain_terms terms;
	const char *reason, *ticket, *message; /* NULL is "" */
	const char *scope, *scope_name;
};

struct drain_plan;
/* Begins.  Everything is copied; op is worked with until drain_plan_free.  NULL: refused, as operation_plan. */
struct drain_plan *drain_plan_new(struct operation *op, const struct drain_ask *ask, const struct operation_target *targets,
    size_t count, struct err *e);
void drain_plan_free(struct drain_plan *d); /* NULL is fine */
/* Goes on, if it can; after anything that was taken from the inbox, and once a second.  After SHOWN always SHOWN. */
enum drain_plan_state drain_plan_step(struct drain_plan *d, struct err *e);
bool drain_plan_shown(const struct drain_plan *d);
/* What it waits for, for the operator. */
const char *drain_plan_words(const struct drain_plan *d);
/* What drain_wait takes, once it is shown. */
const struct drain_wish *drain_plan_wish(const struct drain_plan *d);

#endif
