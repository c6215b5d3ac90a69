/* What table.c, table_sort.c and table_marks.c share. */
#ifndef PEERDECK_TUI_TABLE_PRIV_H
#define PEERDECK_TUI_TABLE_PRIV_H

#include "tui/table.h"

/* Rows on their way to be shown. */
struct table_next {
	unsigned char *rows;
	size_t *order;
	size_t count, at; /* gone through so far */
	size_t shown, down, shut, stale;
	uint64_t revision;
	struct pin *pin;
	struct str before; /* what the cursor was on when a filter came; only if `filtered` */
	bool filtered;
};

static inline const void *table_row(const struct table *t, size_t i)
{
	return t->rows + i * t->view->row_size;
}

/* The cursor's row by name, so that it is found again; nothing when none is shown. */
void table_keep_cursor(struct table *t);
/* After the rows or their order changed: back to the same thing, else to where it was. */
void table_restore_cursor(struct table *t);

/* table_sort.c: puts t->order[0 .. shown) in order: by the column, then as the rows come. */
void table_sort_rows(struct table *t, const struct view_ctx *cx);

/* table_marks.c */
void table_count_marks(struct table *t);
/* After the rows changed.  Marks of rows that are gone are forgotten: they must not come back as the target of an action. */
void table_restore_marks(struct table *t);

#endif
