/*
 * outqueue - what waits for one output, in which order, and what need not be told at all.
 *
 * Order is kept for each alert.  An alert that ends before anybody was told is not told; one that ends goes to whoever got
 * it, and to nobody else; what fires again before its end was told goes on; words of a notice that waits are replaced by
 * newer ones.  At most OUTQUEUE_MAX wait: the oldest gives way and is counted, and the next that goes out says how many.
 * In the output's quiet hours what is not severe enough waits.
 *
 * Pure: no I/O, no clock, one thread at a time.  Every change that must outlive the program is told by outqueue_changes.
 */
#ifndef PEERDECK_JUDGE_OUTQUEUE_H
#define PEERDECK_JUDGE_OUTQUEUE_H

#include "core/model/outstore.h"

enum { OUTQUEUE_MAX = 2000, OUTQUEUE_KEEP_MS = 86400000 /* what waits longer is dropped and counted */ };

struct outqueue;

struct outqueue *outqueue_new(const struct output_conf *o); /* which outlives it */
void outqueue_free(struct outqueue *q);                     /* NULL is fine */
/* As read from the store, in that order, before anything is added. */
void outqueue_restore(struct outqueue *q, uint64_t id, unsigned attempts, const struct notice *n);
void outqueue_restore_got(struct outqueue *q, const char *key);
/* Forgets all of it (another console goes on with it). */
void outqueue_clear(struct outqueue *q);

void outqueue_add(struct outqueue *q, const struct notice *n);
/* Up to `most` that are due, oldest first, for one attempt; valid until outqueue_done.  0: nothing is due. */
size_t outqueue_take(struct outqueue *q, int64_t wall_ms, const struct notice **out, size_t most);
/* What became of those that were taken. */
void outqueue_done(struct outqueue *q, enum delivery_fate fate);

bool outqueue_got(const struct outqueue *q, const char *key);
uint64_t outqueue_unsaid(const struct outqueue *q); /* dropped since the last that went out */
/* Fills in the counts (sent, dropped, refused, queued, oldest). */
void outqueue_state(const struct outqueue *q, struct output_state *out);
/* Counts of before a restart. */
void outqueue_restore_state(struct outqueue *q, const struct output_state *s);
/* Appends what changed since the last call. */
void outqueue_changes(struct outqueue *q, struct outstore_changes *out);

#endif
