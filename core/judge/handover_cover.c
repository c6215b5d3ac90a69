/* Members of incidents, sorted; see handover_cover.h. */
#include "core/judge/handover_cover.h"
#include "core/base/mem.h"

#include <stdlib.h>
#include <string.h>

enum { EARLIER_MS = 5000 }; /* routers are read one after another */

struct place {
	const char *router, *vrf, *neighbor;
	const struct incident *in;
};

struct cover {
	struct place *places;
	size_t count, cap;
};

static int place_cmp(const void *x, const void *y)
{
	const struct place *a = x, *b = y;
	int c = strcmp(a->router, b->router);

	c = c != 0 ? c : strcmp(a->vrf, b->vrf);
	return c != 0 ? c : strcmp(a->neighbor, b->neighbor);
}

struct cover *cover_new(const struct incidents *set, int64_t from_wall_ms)
{
	struct cover *c = MEM_NEW(struct cover);

	for (size_t k = 0; set != NULL && k < incidents_count(set); k++) {
		const struct incident *i = incidents_at(set, k);

		if (i->count < 2 || (i->closed_wall_ms != 0 && i->closed_wall_ms < from_wall_ms))
			continue;
		MEM_GROW(c->places, c->cap, c->count + i->count);
		for (size_t m = 0; m < i->count; m++)
			c->places[c->count++] =
			    (struct place){ i->members[m].router, i->members[m].vrf, i->members[m].neighbor, i };
	}
	if (c->count > 0)
		qsort(c->places, c->count, sizeof(*c->places), place_cmp);
	return c;
}

void cover_free(struct cover *c)
{
	free(c->places);
	free(c);
}

const struct incident *cover_of(const struct cover *c, const struct event *ev)
{
	const struct place key = { ev->router, ev->vrf, ev->neighbor, NULL };
	size_t low = 0, high = c->count;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (place_cmp(&c->places[mid], &key) < 0)
			low = mid + 1;
		else
			high = mid;
	}
	for (; low < c->count && place_cmp(&c->places[low], &key) == 0; low++) {
		const struct incident *i = c->places[low].in;

		if (ev->wall_ms >= i->opened_wall_ms - EARLIER_MS && (i->closed_wall_ms == 0 || ev->wall_ms <= i->closed_wall_ms))
			return i;
	}
	return NULL;
}
