/*
 * plan_print - between the files that print a plan.
 */
#ifndef PEERDECK_ACT_PLAN_PRINT_H
#define PEERDECK_ACT_PLAN_PRINT_H

#include "core/act/plan.h"

enum { PLAN_LABEL = 10 }; /* cells of the column that says what a line is */

/* The beginning of a line: two blanks and the label's column. */
void plan_print_label(struct str *out, const char *name);
/* Steps below one label.  `other` is the inverse list: it holds what stood in a file before. */
void plan_print_steps(struct str *out, const char *name, const struct step *s, size_t n, const struct step *other,
    size_t other_count);

#endif
