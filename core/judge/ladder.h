/*
 * ladder - whom to call about a network, and who comes next.
 *
 * One order for everybody: the contact book's own entries first, then
 * PeeringDB's roles NOC, Technical, Maintenance, Policy, Abuse, then the
 * technical contacts of the exchange and the facility that the session is on,
 * RDAP's abuse contact last.  A book entry never replaces a published one
 * silently: where both speak of one role and differ, each says so.
 *
 * Pure: made from what was read elsewhere, owned by the arena it was built in.
 */
#ifndef PEERDECK_JUDGE_LADDER_H
#define PEERDECK_JUDGE_LADDER_H

#include "core/model/peer.h"

enum rung_source { RUNG_BOOK, RUNG_PEERINGDB, RUNG_EXCHANGE, RUNG_FACILITY, RUNG_RDAP };
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
};

/* A way to reach somebody: a phone or a mail address. */
bool rung_reachable(const struct rung *r);

struct ladder {
	asn_t asn;
	const struct rung *rungs;
	size_t count;
	enum contacts_seen seen; /* PUBLIC_ONLY: a key may show more; never "no contact" */
	bool absent;             /* PeeringDB was asked and does not have this network */
};

#endif
