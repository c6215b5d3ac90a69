/*
 * due - what is due when, and which of it first: a heap, so that asking for the first of 20,000 looks at one.
 *
 * A `struct due` is embedded in what is due, zeroed before it is put the first time; it must be dropped before it is freed.
 * Of what is due at the same time that goes first which was put first.
 */
#ifndef PEERDECK_MODEL_DUE_H
#define PEERDECK_MODEL_DUE_H

#include <stddef.h>
#include <stdint.h>

struct due {
	int64_t at_ms;
	uint64_t order;
	size_t place; /* in the heap, counted from 1; 0 not in it */
};

struct due_heap { /* zeroed: empty */
	struct due **items;
	size_t count, cap;
	uint64_t order;
};

/* Puts it in, or moves it to another time. */
void due_put(struct due_heap *h, struct due *d, int64_t at_ms);
/* Nothing if it is not in it. */
void due_drop(struct due_heap *h, struct due *d);
/* NULL: nothing. */
struct due *due_first(const struct due_heap *h);
void due_fini(struct due_heap *h); /* frees the heap, not what was put */

#endif
