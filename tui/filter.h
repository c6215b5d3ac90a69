/*
 * filter - which rows are shown.
 *
 * Terms are separated by blanks ("..." keeps blanks) and all must hold.  A
 * term is a regular expression over the whole row, or `column:value`; `!`
 * before it inverts.  A value is a regular expression too, except that for
 * columns of numbers a number must be equal and >, <, >=, <= compare.
 */
#ifndef PEERDECK_TUI_FILTER_H
#define PEERDECK_TUI_FILTER_H

#include "core/base/err.h"
#include "tui/column.h"

struct filter;

/* NULL with e set when a term cannot be read; NULL without e for blank text. */
struct filter *filter_new(const char *text, const struct column *cols, size_t n, struct err *e);
void filter_free(struct filter *f);
bool filter_match(const struct filter *f, const struct view_ctx *cx, const void *row);

#endif
