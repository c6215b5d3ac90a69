/*
 * record - what `peerdeck record` that goes on is asked for; record_on.c.
 */
#ifndef PEERDECK_APP_COMMANDS_RECORD_H
#define PEERDECK_APP_COMMANDS_RECORD_H

#include "app/options.h"

struct record_ask {
	const char *const *names; /* routers */
	size_t count;
	bool all;
	const char *to;     /* file, or "-" */
	unsigned for_s;     /* 0: each router once */
	unsigned every_s;   /* 0: as configured */
	unsigned most_mib;  /* 0: no end */
};
/* 1: a router was not heard, or not all of its rows could be read. */
int record_on(const struct options *o, const struct record_ask *a, struct err *e);

#endif
