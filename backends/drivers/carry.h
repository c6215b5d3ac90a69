/*
 * carry - what a seldom query said, kept for the polls between.
 */
#ifndef PEERDECK_DRIVERS_CARRY_H
#define PEERDECK_DRIVERS_CARRY_H

#include "core/model/driver.h"

/* For struct driver: every field that `now` does not know is taken from the former row.  Counts only while the
 * session has stayed in its state, the age of the last error with the time that has passed. */
void carry_unknown(struct session *now, const struct session *before, struct arena *a);

#endif
