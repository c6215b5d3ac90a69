/* Samples as cells, cells as columns; see course.h. */
#include "core/model/course.h"

static void cover(struct course *c, int64_t from, int64_t to, double low, double high)
{
	int64_t span = c->to_wall_ms - c->from_wall_ms, first, last;

	if (to < c->from_wall_ms || from > c->to_wall_ms || span <= 0)
		return;
	first = from <= c->from_wall_ms ? 0 : (from - c->from_wall_ms) * COURSE_CELLS / span;
	last = to >= c->to_wall_ms ? COURSE_CELLS - 1 : (to - c->from_wall_ms) * COURSE_CELLS / span;
	first = first < COURSE_CELLS ? first : COURSE_CELLS - 1;
	for (int64_t i = first; i <= last; i++) {
		struct course_cell *cell = &c->cells[i];
		bool fresh = cell->low > cell->high;

		cell->low = fresh || low < cell->low ? low : cell->low;
		cell->high = fresh || high > cell->high ? high : cell->high;
	}
	c->least = !c->any || low < c->least ? low : c->least;
	c->greatest = !c->any || high > c->greatest ? high : c->greatest;
	c->any = true;
}

void course_fill(struct course *c, const struct history_range *r, int64_t from_wall_ms, int64_t to_wall_ms, int64_t hold_ms,
    int64_t tail_ms)
{
	*c = (struct course){ .from_wall_ms = from_wall_ms, .to_wall_ms = to_wall_ms };
	for (size_t i = 0; i < COURSE_CELLS; i++)
		c->cells[i] = (struct course_cell){ 1, 0 };
	for (size_t i = 0; i < r->count; i++) {
		const struct history_sample *s = &r->samples[i];
		int64_t held = s->until_wall_ms + tail_ms;

		cover(c, s->wall_ms, s->until_wall_ms, s->low, s->high);
		if (i + 1 < r->count) { /* a clock that went back holds nothing */
			int64_t gap = r->samples[i + 1].wall_ms - s->until_wall_ms;

			held = gap > 0 && gap <= hold_ms ? r->samples[i + 1].wall_ms : 0;
		}
		if (held > s->until_wall_ms)
			cover(c, s->until_wall_ms, held < to_wall_ms ? held : to_wall_ms, s->value, s->value);
		if (s->until_wall_ms >= c->last_wall_ms) {
			c->last = s->value;
			c->last_wall_ms = s->until_wall_ms;
		}
	}
}

bool course_column(const struct course *c, size_t i, size_t n, double *low, double *high)
{
	size_t first = i * COURSE_CELLS / n, end = (i + 1) * COURSE_CELLS / n;
	bool any = false;

	end = end > first ? end : first + 1; /* more columns than cells: a cell is shown twice */
	for (size_t k = first; k < end && k < COURSE_CELLS; k++) {
		const struct course_cell *cell = &c->cells[k];

		if (cell->low > cell->high)
			continue;
		*low = !any || cell->low < *low ? cell->low : *low;
		*high = !any || cell->high > *high ? cell->high : *high;
		any = true;
	}
	return any;
}

int course_place(int64_t from_wall_ms, int64_t to_wall_ms, int64_t wall_ms, int n)
{
	if (wall_ms < from_wall_ms || wall_ms > to_wall_ms || to_wall_ms <= from_wall_ms)
		return -1;
	if (wall_ms == to_wall_ms)
		return n - 1;
	return (int)((wall_ms - from_wall_ms) * n / (to_wall_ms - from_wall_ms));
}
