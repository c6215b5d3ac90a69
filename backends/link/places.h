/*
 * places - how many may do something costly at once, first come first served.
 *
 * A thousand routers that come back together would otherwise do a thousand
 * key exchanges at once and all be late.  Each waiter has a descriptor of its
 * own, so that a place that becomes free wakes one thread and not all.
 */
#ifndef PEERDECK_LINK_PLACES_H
#define PEERDECK_LINK_PLACES_H

#include "core/base/err.h"

struct places;

struct places *places_new(unsigned count);
void places_free(struct places *p); /* nobody may hold or wait any more */
/* Waits for a place. ERR_CANCELLED when cancel_fd becomes readable first. */
int places_take(struct places *p, int cancel_fd, struct err *e);
void places_give(struct places *p);

#endif
