/*
 * damp - a session that goes up and down all the time is one line with a counter.
 *
 * Transitions of one session (or one router) that follow each other without a quiet time are a run; a run in which
 * enough of them came close together flaps, and is shown as one line: how often, and what came last.  This is about
 * the display only: events are kept and stored one by one, and the present state is never hidden.
 *
 * Pure: no clock, no state.
 */
#ifndef PEERDECK_JUDGE_DAMP_H
#define PEERDECK_JUDGE_DAMP_H

#include "core/base/str.h"
#include "core/model/config.h"
#include "core/model/event.h"

/* One line of a list: an event by itself, or a run that flaps. */
struct damp_line {
	const struct event *newest, *oldest;
	unsigned times; /* changes; 1: the event by itself */
	enum severity gravest;
	bool unacked;   /* one of severity SEV_WARN or above that nobody acknowledged */
};

/* events: n of them, newest first.  *lines (allocated, caller frees) has them newest first as well; a run stands where its
 * newest event is.  Returns their number, n at most. */
size_t damp_lines(const struct event *const *events, size_t n, const struct flap_conf *conf, struct damp_line **lines);
/* "flaps 12x in 9m: up, last 03:12:44"; the event's own words when it is by itself. */
void damp_words(const struct damp_line *l, struct str *out);

/* What flaps now: whose last change is no longer ago than the quiet time. */
struct damped;
struct damped *damped_new(const struct event_log *log, const struct flap_conf *conf, int64_t now_wall_ms);
void damped_free(struct damped *d); /* NULL is fine */
size_t damped_count(const struct damped *d);
/* NULL: it does not flap.  Lives as long as d. */
const struct damp_line *damped_find(const struct damped *d, const char *router, const char *vrf, const char *neighbor,
    enum afi_safi family);

#endif
