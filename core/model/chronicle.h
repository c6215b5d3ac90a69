/*
 * chronicle - what happened over all sessions in a time, as lines, newest first, and how dense it was.
 *
 * Made by a thread that may wait for the disk (app/archive), a page at a time; never changed after.
 */
#ifndef PEERDECK_MODEL_CHRONICLE_H
#define PEERDECK_MODEL_CHRONICLE_H

#include "core/model/event.h"

enum { CHRONICLE_LINES = 1000, CHRONICLE_CELLS = 720 };

struct chronicle_line {
	struct event e;         /* the newest of a run that flaps; its words are about the whole run */
	char what[16];          /* "down", "action", "call", "incident" ... */
	char incident[24];      /* id, "" none */
	unsigned times;         /* changes in one line; 1 */
	int64_t first_wall_ms;  /* of the oldest of them */
};

struct chronicle {
	int64_t from_wall_ms, to_wall_ms;
	struct chronicle_line *lines; /* newest first */
	size_t count;
	bool older;    /* there is a next page */
	bool cut;      /* what lies before the last page is too much: a shorter time or a filter shows it */
	size_t total;  /* what happened in the time, one by one; with a filter: what matches */
	struct {
		unsigned all, bad; /* bad: warnings and alarms */
	} cells[CHRONICLE_CELLS];  /* from..to */
};

#endif
