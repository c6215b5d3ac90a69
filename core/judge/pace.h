/*
 * pace - when a router may be asked something beyond its polls, so that it does not notice.
 *
 * One question at a time to one router; after each a pause, the longer the slower it answered, so that questions take
 * one part in PACE_SHARE of the router's time at most; what failed is asked for again later and later.  Pure.
 */
#ifndef PEERDECK_JUDGE_PACE_H
#define PEERDECK_JUDGE_PACE_H

#include <stdbool.h>
#include <stdint.h>

enum { PACE_SHARE = 10, PACE_DOUBLINGS = 5 };

struct pace {
	bool asking;
	int64_t asked_boot_ms; /* when the question under way was put */
	int64_t free_boot_ms;  /* nothing is asked before */
};

bool pace_free(const struct pace *p, int64_t now_boot_ms);
void pace_asked(struct pace *p, int64_t now_boot_ms);
/* The answer came, or will not come.  gap_ms: the least pause. */
void pace_answered(struct pace *p, int64_t gap_ms, int64_t now_boot_ms);
/* When something that is asked every `every_ms` is due again, after so many failures in a row. */
int64_t pace_due(int64_t now_boot_ms, int64_t every_ms, unsigned failures);

#endif
