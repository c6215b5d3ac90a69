/*
 * output - what one-shot commands print: aligned tables for people.
 *
 * Cells are safe text (base/text.h) or our own words; nothing here cleans.
 */
#ifndef PEERDECK_APP_OUTPUT_H
#define PEERDECK_APP_OUTPUT_H

#include "core/base/mem.h"
#include "core/model/session.h"

#include <stdio.h>

struct out_table;

/* titles: NULL-terminated; one that begins with '>' is a column of numbers, flush right. */
struct out_table *out_table_new(const char *const *titles);
/* The next cell of the row; the row ends by itself when full.  Copied.  NULL is "-". */
void out_table_cell(struct out_table *t, const char *words);
void out_table_count(struct out_table *t, count_t n); /* "-" when unknown */
/* Prints titles and rows, columns as wide as their widest cell, and frees. */
void out_table_print(struct out_table *t, FILE *to);

#endif
