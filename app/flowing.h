/*
 * flowing - what a plan can say of current traffic without asking anybody.
 *
 * Only what the collectors have already counted and this process still holds: each interface once, with its age.  Where
 * an interface is not known, or has not been counted, the plan says that; it is never left out as if nothing flowed.
 */
#ifndef PEERDECK_APP_FLOWING_H
#define PEERDECK_APP_FLOWING_H

#include "app/collect.h"
#include "core/act/plan.h"

/* Before the plan is sealed.  Nothing is said with no collectors, and of verbs that move no traffic away. */
void flowing_note(struct plan *p, const struct collect *collect, struct history *history);

#endif
