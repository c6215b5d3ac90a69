/*
 * settle - left-over actions found in the journal and given to the workers to be settled by reading.
 *
 * Console and commands share it: the console looks every few seconds (another console may have been killed), commands
 * that act once before they plan.
 */
#ifndef PEERDECK_APP_SETTLE_H
#define PEERDECK_APP_SETTLE_H

#include "app/gather.h"
#include "app/operation.h"

struct settling;

struct settling *settling_new(const struct operation_way *way);
void settling_free(struct settling *s); /* NULL is fine */
/* Begins what can be begun now: left-over actions on routers that were read.  The number of jobs under way. */
size_t settling_begin(struct settling *s);
/* True if the report belongs here: then p is about one left-over action, and final.  The report stays the caller's. */
bool settling_take(struct settling *s, const struct act_progress *p);

/* For commands: begins, waits for all, and says on stderr what became of each. */
void settle_and_wait(struct gather *g, const struct operation_way *way);

/* How many left-over actions there are, whether they can be settled now or not. */
size_t settling_left(struct journal *j);

#endif
