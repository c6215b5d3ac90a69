/*
 * table - a view's rows on the screen: order, filter, search, marks, widths.
 *
 * Rows are rebuilt only when the world's revision changed; order and filter
 * are then applied once, and drawing formats what is visible.  The cursor
 * and the marks belong to rows by name, never by number.
 */
#ifndef PEERDECK_TUI_TABLE_H
#define PEERDECK_TUI_TABLE_H

#include "tui/filter.h"
#include "tui/pattern.h"
#include "tui/view.h"

struct table_mark;

struct table {
	const struct view *view;
	unsigned char *rows;
	size_t count;
	size_t *order; /* row numbers that pass the filter, sorted */
	bool *marked;  /* by row number */
	size_t shown, down, shut, stale, marks, marks_hidden;
	size_t cursor, top; /* positions in order */
	struct str cursor_key; /* what the cursor is on */
	struct str hidden_key; /* what it was on before a filter hid that, "" none */
	bool steered;          /* the operator has moved the cursor: it is no longer just the top row */
	struct table_mark *marked_keys;
	const struct column *sort; /* NULL: as the rows come */
	bool descending;
	struct filter *filter;
	struct str filter_text;
	struct pattern *search;
	int *fits; /* widest cell per column */
	uint64_t revision;
	bool built;
	int page_rows; /* rows that the last drawing had room for */
	struct pin *pin; /* of the rows; NULL: they live until the world changes */
	uint64_t solid;
	struct table_next *next; /* the rows or the filter changed, and the rows are being gone through; NULL not */
};

void table_init(struct table *t, const struct view *v);
void table_fini(struct table *t);
/* Takes the world in if it changed since. */
void table_update(struct table *t, const struct view_ctx *cx, uint64_t revision);
/* A long table with a filter is gone through a little at a time; until that is through it shows what it did before.
 * Goes on for so long; true when there is more to do. */
bool table_work(struct table *t, const struct view_ctx *cx, int64_t budget_us);
/* The rows that are shown are not yet those of its filter. */
bool table_is_behind(const struct table *t);
/* To the end: before anything is done with "the rows that are shown" or "the marked ones". */
void table_finish(struct table *t, const struct view_ctx *cx);
/* Gives the rows back, keeping cursor, marks, filter: they are made anew when it is looked at again. */
void table_rest(struct table *t);
/* NULL when nothing is shown. */
const void *table_selected(const struct table *t);
void table_move(struct table *t, long rows);
void table_home(struct table *t, bool end);
/* Puts the cursor on the row of this name; false if it is not shown. */
bool table_go(struct table *t, const char *key);

/* "" takes it off. On error the former filter stays. */
int table_filter(struct table *t, const struct view_ctx *cx, const char *text, struct err *e);
int table_search(struct table *t, const char *text, struct err *e);
/* To the next match in this direction, around the end; false if there is none. */
bool table_search_step(struct table *t, const struct view_ctx *cx, int direction, bool from_here);
void table_sort(struct table *t, const struct view_ctx *cx, const struct column *c, bool descending);
void table_sort_step(struct table *t, const struct view_ctx *cx, int direction);

void table_mark(struct table *t); /* this row, and one down */
void table_mark_all(struct table *t); /* all shown; unmarks when all are */
void table_mark_clear(struct table *t);
/* Marks every row for which it is true, shown or not, and takes all other marks off. */
void table_mark_where(struct table *t, bool (*holds)(const void *row, const void *ctx), const void *ctx);
/* The i-th marked row, or, without marks, the selected one; NULL past the end. */
const void *table_target(const struct table *t, size_t i);
/* Marked rows or the selected one, all columns, tab between. */
void table_copy(const struct table *t, const struct view_ctx *cx, struct str *out);

/* Makes columns of a long table wide enough for what is on the screen; for table_draw. */
void table_measure_shown(struct table *t, const struct view_ctx *cx, size_t rows);
void table_draw(struct table *t, const struct view_ctx *cx, struct canvas *c, struct rect r, bool focused);

#endif
