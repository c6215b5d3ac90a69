/*
 * climb - the ladder of one network for commands that end: cache, book, calls and journal opened together.
 */
#ifndef PEERDECK_APP_CLIMB_H
#define PEERDECK_APP_CLIMB_H

#include "app/lookup.h"
#include "app/people.h"
#include "app/subject.h"
#include "core/judge/venue.h"

struct climb {
	struct lookup lookup;
	struct peer_set *set;
	struct people *people;
	struct journal *journal;
	struct arena *arena;
	const struct book *book;   /* of people */
	const struct calls *calls; /* of people */
	const struct registered_set *registered; /* in the arena; NULL: RDAP is not enabled */
};

/* Reads configuration, book and journal, and the cache for these networks (s may be NULL). `ask`: PeeringDB and RDAP too.
 * What is wrong in the book is said on stderr. */
int climb_open(struct climb *c, const struct options *o, const struct subjects *s, bool ask, struct err *e);
void climb_close(struct climb *c); /* fine on a zeroed struct */
/* The ladder of a network; `s` (may be NULL) says over which exchanges its sessions run.  Lives as long as c. */
void climb_ladder(struct climb *c, asn_t asn, const struct subject *s, struct ladder *out);
/* Of a place. */
void climb_venue(struct climb *c, const struct venue *v, struct ladder *out);

#endif
