/*
 * plot - a course on the canvas: a plot with axes, a line of one row, marks under it.
 *
 * Every column shows the least and the greatest of its time, so that the shortest dip is seen at any width.  Where
 * nobody looked nothing is drawn, and no line leads across it.  Times are UTC.
 */
#ifndef PEERDECK_TUI_PLOT_H
#define PEERDECK_TUI_PLOT_H

#include "core/base/err.h"
#include "core/model/course.h"
#include "tui/canvas.h"
#include "tui/page.h"

enum plot_style { PLOT_BRAILLE, PLOT_BLOCKS, PLOT_ASCII };

/* "auto", "braille", "blocks", "ascii" (NULL: auto) for a terminal that can show no more than ASCII, or is called term. */
enum plot_style plot_style_of(const char *word, bool ascii, const char *term);

enum { PLOT_AXIS = 8 /* cells left of the plot, for the values */ };

/* The plot with its axes: the last row holds the times.  Needs 3 rows and PLOT_AXIS + 8 cells; draws nothing in less. */
void plot_draw(struct canvas *c, struct rect r, const struct course *k, enum plot_style style, enum role role);

/* Which end of a column a one-row line shows: the worse one. */
enum plot_end { PLOT_LOW, PLOT_HIGH };
/* The course in `width` cells of text, a blank where nobody looked; from nothing to the greatest.  At most size octets. */
void plot_line(const struct course *k, int width, enum plot_end end, enum plot_style style, char *out, size_t size);
/* The same of n values, of which those below 0 are unknown. */
void plot_line_of(const double *values, int n, int width, enum plot_style style, char *out, size_t size);
/* "812" "9.6k" "1.02M" "3.4G": at most 6 cells. */
char *plot_value(double v, char out[16]);
/* Times under columns x.. of w: as many as there is room for. */
void plot_times(struct canvas *c, int x, int y, int w, int64_t from_wall_ms, int64_t to_wall_ms);

#endif
