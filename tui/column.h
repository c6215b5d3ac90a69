/*
 * column - one column of a view, declared as data.
 *
 * The view says what a cell holds; width, order, filter, search, copy and
 * drawing are the table's, written once.
 */
#ifndef PEERDECK_TUI_COLUMN_H
#define PEERDECK_TUI_COLUMN_H

#include "tui/canvas.h"

#include <stdbool.h>
#include <stddef.h>

struct view_ctx; /* tui/view.h: the world and what belongs to the frame */

enum { FIELD_MAX = 640, COLUMN_HIDDEN = 99 };

/* What one cell shows. */
struct field {
	char s[FIELD_MAX]; /* safe text */
	enum role role;
};

void field_put(struct field *f, enum role role, const char *s);
void field_putf(struct field *f, enum role role, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

struct column {
	const char *id;    /* in filters, sort commands, keymaps */
	const char *title; /* over the column */
	const char *help;  /* for the help view */
	int min, max;      /* cells; max 0: takes whatever is left */
	int rank;          /* 0 always shown; higher ones go first when it is narrow; COLUMN_HIDDEN: only for filters */
	bool right;        /* to the right edge: numbers */
	bool tail;         /* when cut, keep the end: addresses on one LAN differ there */
	bool fit;          /* no wider than the widest cell of all rows */
	bool descends;     /* sorted downward first: what is large matters */
	/* width is what there is; 0 asks for all of it (filter, copy). */
	void (*show)(const struct view_ctx *cx, const void *row, int width, struct field *out);
	/* A URI that the cell leads to on terminals that can open it; NULL none. */
	void (*link)(const void *row, struct str *uri);
	/* For sorting and comparing in filters; false: unknown. NULL: the text is compared. */
	bool (*number)(const struct view_ctx *cx, const void *row, int64_t *out);
};

/* By its id, or by three letters or more that begin the id or the title of one column only.  NULL if there is none. */
const struct column *column_find(const struct column *cols, size_t n, const char *id);

#endif
