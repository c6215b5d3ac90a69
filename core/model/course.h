/*
 * course - how a number went over a time, in cells: the least and the greatest of each, and where nobody looked.
 *
 * Samples of the history become cells once; whoever draws joins cells to as many columns as there is room for.  The
 * least and the greatest are kept all the way, so that a dip between two looks at the screen is never lost, and a cell
 * that no sample covers stays unknown: it is not zero, and no line leads across it.
 *
 * Pure: no clock, no I/O.
 */
#ifndef PEERDECK_MODEL_COURSE_H
#define PEERDECK_MODEL_COURSE_H

#include "core/model/history.h"

enum { COURSE_CELLS = 1440 };

struct course_cell {
	double low, high; /* low > high: unknown */
};

struct course {
	int64_t from_wall_ms, to_wall_ms; /* cell 0 begins at from, the last ends at to */
	struct course_cell cells[COURSE_CELLS];
	bool any;                 /* something is known */
	double least, greatest;   /* of all cells; only when any */
	double last;              /* the newest value, and when it was seen last */
	int64_t last_wall_ms;
};

/* Between two samples that are at most hold_ms apart the former holds until the latter: somebody looked all the time.
 * The newest holds for tail_ms.  What lies outside from..to is left out. */
void course_fill(struct course *c, const struct history_range *r, int64_t from_wall_ms, int64_t to_wall_ms, int64_t hold_ms,
    int64_t tail_ms);
/* Column i of n over the whole time; false: nobody looked. */
bool course_column(const struct course *c, size_t i, size_t n, double *low, double *high);
/* Where a time lies among n columns; -1 outside. */
int course_place(int64_t from_wall_ms, int64_t to_wall_ms, int64_t wall_ms, int n);

#endif
