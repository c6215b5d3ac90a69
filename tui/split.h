/*
 * split - more than one view on the screen: who stands where.
 *
 * Parts stand one above the other, or side by side where the screen is wide.  Each has a title line, so that none is less than
 * SPLIT_LOW rows or SPLIT_NARROW columns; where not all of them have that, only the one with the keys is shown.
 */
#ifndef PEERDECK_TUI_SPLIT_H
#define PEERDECK_TUI_SPLIT_H

#include "tui/page.h"

#include <stdbool.h>
#include <stddef.h>

enum { PARTS_MAX = 3, SPLIT_LOW = 7, SPLIT_NARROW = 60, SPLIT_BESIDE = 160 };

/* Divides `whole` among count parts by their shares (any positive numbers); side by side a column is left between them.
 * False: they do not fit, and nothing is written. */
bool split_layout(struct rect whole, size_t count, const int *shares, struct rect *out);
/* Whether they would stand side by side. */
bool split_is_beside(struct rect whole, size_t count);

#endif
