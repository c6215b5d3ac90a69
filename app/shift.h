/*
 * shift - what this host knows of the shift, for commands that ask no router.
 *
 * Journal, ledger, calls, incidents and the event log, put into one world as
 * the console has them.
 */
#ifndef PEERDECK_APP_SHIFT_H
#define PEERDECK_APP_SHIFT_H

#include "app/incident_book.h"
#include "app/options.h"
#include "app/people.h"
#include "app/present.h"
#include "app/records.h"

struct shift {
	struct config *config;
	struct present present;
	struct records records;
	struct people *people;
	struct incident_book incidents;
};

/* Events are read from `from` on. */
int shift_open(struct shift *s, const struct options *o, int64_t from_wall_ms, struct err *e);
void shift_close(struct shift *s); /* fine on a zeroed struct */

/* "8h", "2d", "90m", or a UTC time as "2026-11-20T03:12Z": the moment it names, before now. */
int shift_since(const char *words, int64_t now_wall_ms, int64_t *from_wall_ms, struct err *e);

#endif
