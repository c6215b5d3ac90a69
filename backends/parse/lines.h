/*
 * lines - printed answers read line by line as they come.
 *
 * The reader of one shape gets each line whole; nothing else is held.
 */
#ifndef PEERDECK_PARSE_LINES_H
#define PEERDECK_PARSE_LINES_H

#include "core/base/scan.h"
#include "core/model/driver.h"

struct lines_ops {
	/* Without its line end; lives until the call returns. */
	void (*line)(void *ctx, struct slice line);
	/* The answer is complete: was it what was asked for?  `head` is how it began. */
	int (*done)(void *ctx, struct slice head, struct err *e);
	void (*free)(void *ctx); /* at the end in any case; may be NULL */
};
/* ERR_LIMIT for a line of more than 64 KiB. */
struct intake lines_intake(const struct lines_ops *ops, void *ctx);
/* A whole answer at once. */
int lines_whole(const struct lines_ops *ops, void *ctx, struct slice in, struct err *e);

#endif
