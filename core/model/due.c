/* A binary heap by time and order; see due.h. */
#include "core/model/due.h"
#include "core/base/mem.h"

#include <stdbool.h>
#include <stdlib.h>

static bool before(const struct due *a, const struct due *b)
{
	return a->at_ms != b->at_ms ? a->at_ms < b->at_ms : a->order < b->order;
}

static void set(struct due_heap *h, size_t place, struct due *d)
{
	h->items[place - 1] = d;
	d->place = place;
}

/* To where it belongs, up or down from where it is. */
static void settle(struct due_heap *h, struct due *d)
{
	size_t at = d->place;

	while (at > 1 && before(d, h->items[at / 2 - 1])) {
		set(h, at, h->items[at / 2 - 1]);
		at /= 2;
	}
	for (size_t child = at * 2; child <= h->count; child = at * 2) {
		if (child < h->count && before(h->items[child], h->items[child - 1]))
			child++;
		if (!before(h->items[child - 1], d))
			break;
		set(h, at, h->items[child - 1]);
		at = child;
	}
	set(h, at, d);
}

void due_put(struct due_heap *h, struct due *d, int64_t at_ms)
{
	if (d->place == 0) {
		MEM_GROW(h->items, h->cap, h->count + 1);
		set(h, ++h->count, d);
		d->order = h->order++;
	}
	d->at_ms = at_ms;
	settle(h, d);
}

void due_drop(struct due_heap *h, struct due *d)
{
	struct due *last;

	if (d->place == 0)
		return;
	last = h->items[--h->count];
	if (last != d) {
		set(h, d->place, last);
		settle(h, last);
	}
	d->place = 0;
}

struct due *due_first(const struct due_heap *h)
{
	return h->count > 0 ? h->items[0] : NULL;
}

void due_fini(struct due_heap *h)
{
	free(h->items);
	*h = (struct due_heap){ .items = NULL };
}
