/*
 * diff - two snapshots of one router become events.
 */
#ifndef PEERDECK_MODEL_DIFF_H
#define PEERDECK_MODEL_DIFF_H

#include "core/model/event.h"
#include "core/model/snap.h"

struct diff_rules {
	int near_pct;  /* max-prefix counts as near at this share (default 90) */
	int jump_pct;  /* a count that changes by at least this share ... */
	count_t jump_min; /* ... and by at least this many is a jump (defaults 20, 50) */
	int loss_pct;     /* with the session up: losing this share is an alarm, however few they were (default 50) ... */
	count_t loss_min; /* ... from this many on (default 10); losing all of them always is */
};
extern const struct diff_rules diff_defaults;

/* Compares; emits into `log`.  old may be NULL (the first look emits nothing).
 * A session missing in `now` is an event of its own only if now->rows_seen == now->rows_parsed. */
void diff_snaps(const struct snap *old, const struct snap *now, const struct diff_rules *rules,
    struct event_log *log);

#endif
