/*
 * collect_work - what takes long (sums over sets of prefixes, the text of metrics), in a thread of its own.
 *
 * A job owns (or holds references to) all that it reads, so that nobody locks anything: it is run in the thread, in the
 * order of giving, and taken back by whoever gave it.  Without a thread a job is run and taken at once: commands that
 * end need no other.
 */
#ifndef PEERDECK_APP_COLLECT_WORK_H
#define PEERDECK_APP_COLLECT_WORK_H

#include "core/base/err.h"

#include <stdbool.h>

struct job {
	void (*run)(struct job *j);             /* in the thread: reads and writes the job alone */
	void (*take)(void *ctx, struct job *j); /* in the giver's thread; the job is dropped afterwards */
	void (*drop)(struct job *j);            /* frees it, run or not */
	struct job *next;
};

struct work;
/* `what` it does is for the error. NULL with an error: no thread. */
struct work *work_start(const char *what, struct err *e);
/* Waits for the job under way, drops all that was not taken.  NULL is fine. */
void work_stop(struct work *w);
/* w NULL: run, taken and dropped before this returns. */
void work_give(struct work *w, struct job *j, void *ctx);
/* Takes what is done. NULL is fine. */
void work_take(struct work *w, void *ctx);

#endif
