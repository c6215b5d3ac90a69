/*
 * match - does a text hold a pattern?  PCRE2, multi-line, compiled for one use.
 */
#ifndef PEERDECK_BASE_MATCH_H
#define PEERDECK_BASE_MATCH_H

#include "core/base/err.h"
#include "core/base/str.h"

/* 1 yes, 0 no, -1 the pattern is wrong or the text too hard for it.  ^ and $ are line ends. */
int match_text(const char *pattern, struct slice text, struct err *e);

#endif
