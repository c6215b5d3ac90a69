/*
 * ladder - whom to call about a network, and who comes next.
 *
 * One order for everybody: the contact book's own entries first, then
 * PeeringDB's roles NOC, Technical, Maintenance, Policy, Abuse, then the
 * technical contacts of the exchange and the facility that the session is on,
 * RDAP's abuse contact last.  A book entry never replaces a published one
 * silently: where both speak of one role and differ, each says so.
 * What is about a place and no network has the place's people (venue.h).
 * PeeringDB's other roles (Sales, Public Relations) are no rungs.
 *
 * Pure: made from what was read elsewhere, owned by the arena it was built in
 * and by its inputs.
 */
#ifndef PEERDECK_JUDGE_LADDER_H
#define PEERDECK_JUDGE_LADDER_H

#include "core/model/book.h"
#include "core/model/calls.h"
#include "core/model/peer.h"
#include "core/model/registered.h"

enum rung_source { RUNG_BOOK, RUNG_PEERINGDB, RUNG_EXCHANGE, RUNG_FACILITY, RUNG_RDAP, RUNG_OURS };
const char *rung_source_word(enum rung_source s);

struct rung {
	enum rung_source source;
	struct text role, name, phone, email, url;
	struct text hours;     /* "24x7", "Mo-Fr 08:00-18:00"; unknown where nobody said */
	struct text zone;      /* IANA name, "Europe/Berlin" */
	struct text languages; /* "en, de" */
	struct text note;
	int64_t proven_wall_ms;  /* when somebody last got through; -1 never */
	struct text proven_how;  /* "phone: answered by Kim" */
	int64_t as_of_wall_ms;   /* when this was read or written; -1 unknown */
	int64_t expires_wall_ms; /* book entries; -1 never */
	struct text differs;     /* what the other source says instead; empty: no conflict */
	int64_t wrong_wall_ms;   /* when a call found the phone or mail dead, later than any proof; -1 not */
	int64_t changed_wall_ms; /* when its owner last changed it (PeeringDB); -1 unknown */
	const struct zone *clock; /* of `zone`; NULL unknown */
	const struct book_contact *entry; /* of the book; NULL others */
	size_t same_as;          /* number (1 the first) of an earlier rung with the same phone and mail; 0 none */
};

/* A way to reach somebody: a phone or a mail address. */
bool rung_reachable(const struct rung *r);

struct ladder {
	asn_t asn;
	const char *venue; /* it is a place's (venue.h), and `asn` says nothing; "" a network's, or ours */
	const struct rung *rungs;
	size_t count;
	enum contacts_seen seen; /* PUBLIC_ONLY: a key may show more; never "no contact" */
	bool absent;             /* PeeringDB was asked and does not have this network */
	bool known;              /* PeeringDB's row of this network is here */
	size_t expired;          /* book entries left out because they have expired */
	size_t published;        /* rungs out of PeeringDB's own list for this network */
	int64_t fetched_wall_ms; /* when PeeringDB's row was read; -1 unknown */
};

/* Everything may be NULL or empty. */
struct ladder_input {
	asn_t asn;                      /* BOOK_OURS: our own escalation */
	const char *venue;              /* with BOOK_OURS: a place's ladder, as venue_words says it; our own people come last */
	const char *building;           /* the place that a venue is in: "facility FR5" */
	const struct book *book;
	const struct peer_set *peers;
	const struct calls *calls;      /* proofs out of what was called */
	const struct exchange *const *exchanges; /* of the session in question, else those in common */
	size_t exchange_count;
	const struct facility *const *facilities; /* likewise */
	size_t facility_count;
	const struct registered_set *registered; /* with RDAP's abuse contacts */
	int64_t now_wall_ms;
};
void ladder_build(struct arena *a, const struct ladder_input *in, struct ladder *out);

/* The same out of the world: about one session (NULL: the network), with the people of the exchange that it runs over, else of
 * the exchanges and facilities in common. */
struct world;
struct world_session;
void ladder_of_world(struct arena *a, const struct world *w, asn_t asn, const struct world_session *s, struct ladder *out);

/* The exchanges where both networks are, by their presence; allocated in the arena. */
size_t ladder_common_exchanges(struct arena *a, const struct peer_set *peers, asn_t one, asn_t other,
    const struct exchange *const **out);
/* The same for facilities. */
size_t ladder_common_facilities(struct arena *a, const struct peer_set *peers, asn_t one, asn_t other,
    const struct facility *const **out);

/* Why there is no contact, or not all of them: "" when the list is whole.  Never "no contact" where a key is needed. */
const char *ladder_words(const struct ladder *l);

/* Is it night there?  From the rung's zone and hours. */
enum rung_when { WHEN_UNKNOWN, WHEN_DAY, WHEN_NIGHT }; /* night: 22:00 to 07:00 local */
struct rung_clock {
	enum rung_when when;
	enum tri open;       /* within the hours that the rung names; unknown without hours (24x7 needs no zone) */
	struct zone_time local; /* valid unless WHEN_UNKNOWN */
};
struct rung_clock rung_clock(const struct rung *r, int64_t now_wall_ms);
/* "03:12 night, outside hours", "24x7", "" nothing known. */
void rung_clock_words(const struct rung *r, int64_t now_wall_ms, char *out, size_t n);

/* The rung to try next in an escalation (NULL: none begun): the first reachable one that nobody tried, that is not known
 * to be dead and no repetition; count if all were. */
size_t ladder_next(const struct ladder *l, const struct calls *calls, const struct escalation *e);
/* The last call over this rung in this escalation, NULL none. */
const struct call *ladder_last_call(const struct rung *r, const struct calls *calls, const struct escalation *e);

#endif
