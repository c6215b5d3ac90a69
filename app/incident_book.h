/*
 * incident_book - incidents between the journal and the set: facts written, facts read.
 */
#ifndef PEERDECK_APP_INCIDENT_BOOK_H
#define PEERDECK_APP_INCIDENT_BOOK_H

#include "app/scribe.h"
#include "core/judge/alert.h"
#include "core/judge/incident.h"

struct incident_book {
	const char *path; /* of the journal */
	uint64_t offset;  /* read so far */
	struct incidents *set;
	struct alerts *alerts; /* acknowledgements of alerts go there; NULL: nowhere */
	int64_t handed_wall_ms; /* when a handover was last acknowledged, 0 never */
};

/* Reads what was appended since the last call, by whomever, into the set. */
void incident_book_refresh(struct incident_book *b);
/* Queues the fact for the journal; it comes back with the next refresh. */
void incident_book_write(struct scribe *s, const struct incident_fact *f);

#endif
