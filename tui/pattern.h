/*
 * pattern - regular expressions that the operator types; the only includer of PCRE2 here.
 *
 * Case is ignored unless the pattern holds a capital.  Matching is bounded:
 * a pattern that runs away matches nothing instead of stopping the screen.
 */
#ifndef PEERDECK_TUI_PATTERN_H
#define PEERDECK_TUI_PATTERN_H

#include "core/base/err.h"
#include "core/base/str.h"

struct pattern;

struct pattern *pattern_new(struct slice text, struct err *e);
void pattern_free(struct pattern *p);
/* at (may be NULL) gets offset and length of the first match. */
bool pattern_match(const struct pattern *p, const char *s, size_t at[2]);

#endif
