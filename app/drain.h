/*
 * drain - the waiting half of a drain, and its suspend, as console and command line run it.
 *
 * The first half is any graceful shutdown whose plan names the operation
 * (plan_op) and says what follows (plan_then).  When it is proven drain_wait
 * writes the wait into the journal.  From then on whoever runs a `draining`
 * goes on with it: its own waits, and those of processes that have ended.
 */
#ifndef PEERDECK_APP_DRAIN_H
#define PEERDECK_APP_DRAIN_H

#include "app/operation.h"
#include "core/act/drain.h"

struct drain_wish {
	const char *op; /* the operation's id, as given to plan_op */
	struct drain_terms terms;
	const char *reason, *ticket, *message; /* message: RFC 9003 text of the suspend; "" none */
	const char *lines; /* drain_name_lines of the suspend as confirmed */
};

/* Begins the wait: durable when it returns 0. */
int drain_wait(struct journal *j, const struct drain_wish *w, struct err *e);

struct draining;

/* state: where this drain stands now. */
typedef void (*drain_told)(void *ctx, const char *op, enum drain_state state, const char *words);
struct draining *draining_new(const struct operation_way *way, drain_told told, void *ctx);
void draining_free(struct draining *d); /* NULL is fine */
/* Looks at what waits; every second or so, with a fresh ledger. */
void draining_tick(struct draining *d);
/* True if the report belongs here; it stays the caller's. */
bool draining_take(struct draining *d, struct act_progress *p);
/* Ends a wait without shutting anything; the marks stay.  -1: ERR_REFUSED when it does not wait any more. */
int draining_stop(struct draining *d, const char *op, struct err *e);
/* Ends all waits of this process; how many. */
size_t draining_stop_all(struct draining *d);
bool draining_busy(const struct draining *d); /* a suspend is under way */

#endif
