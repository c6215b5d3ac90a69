/*
 * why - who ended a session, how, and what to try next.
 *
 * Only what routers said is told: the last NOTIFICATION with its direction
 * (RFC 4271, 4486, 8538), the peer's text (RFC 9003), the router's own words,
 * which are sorted into causes by what each OS prints.  An error older than the
 * present state is told as old, and what nobody said stays unknown.
 */
#ifndef PEERDECK_JUDGE_WHY_H
#define PEERDECK_JUDGE_WHY_H

#include "core/model/world.h"

enum why_who {
	WHY_NOBODY_KNOWS,
	WHY_WE,   /* our router, by itself or told to */
	WHY_PEER,
	WHY_PATH, /* what lies between: interface, BFD, no route, no answer */
};

enum why_how {
	WHY_UNKNOWN,
	WHY_UP,
	WHY_PREFIXES,     /* up, but the prefixes that it had are gone, or our import refuses them */
	WHY_HELD,         /* suspended with peerdeck */
	WHY_ADMIN,        /* shut on our router, not by this peerdeck */
	WHY_LIMIT,        /* max-prefix tripped */
	WHY_PEER_SHUT,    /* Cease 6/2, 6/3, 6/4 received, or the peer's text alone */
	WHY_HOLD_TIMER,
	WHY_BFD,
	WHY_INTERFACE,    /* down, or the route to the neighbor is gone */
	WHY_WRONG_AS,     /* OPEN 2/2 */
	WHY_NOTIFICATION, /* any other */
	WHY_AUTH,         /* the router says so, or it is suspected: see `suspected` */
	WHY_REFUSED,      /* TCP: reset */
	WHY_CLOSED,       /* TCP: closed without a NOTIFICATION */
	WHY_NO_ANSWER,    /* TCP: timed out, or no connection comes about */
	WHY_OPENING,      /* TCP stands, OPEN not agreed */
	WHY_HOWS,
};

/* What the event log knows of this session's past. */
struct why_past {
	unsigned drops_hour, drops_day; /* times it left Established */
	struct last_error fell; /* what the router said when it fell, which some forget with the next try; code -1: nothing */
	int64_t known_s;                /* how far back that reaches; less than a day is said */
	count_t lost_before, lost_after; /* the last time most or all prefixes were lost; 0 and 0: they were not */
	bool lost_accepted;             /* they were counted after the import policy */
	int64_t lost_wall_ms;
};

struct why {
	enum why_who who;
	enum why_how how;
	bool suspected;      /* nobody said it: what we know fits */
	bool old_error;      /* the last error is older than this state */
	bool recalled;       /* the router does not say it any more: it did when the session fell, in past.fell */
	bool stale;          /* nothing newer could be read */
	int64_t since_s;     /* of the present state, when last read; -1 unknown */
	struct why_past past;
};

/* Counts the drops of one session in the event log. */
struct why_past why_past_of(const struct world *w, const struct world_session *r);
struct why why_find(const struct world_session *r, const struct why_past *past);
/* One sentence without a full stop; nothing when the session is up. */
void why_words(const struct world_session *r, const struct why *y, struct str *out);
/* " for 12m; 3 times in the last hour, 5 in the last day", or nothing where it is not known. */
void why_often_words(const struct why *y, struct str *out);
/* Step number i to try next, in words; false when there are no more. */
bool why_next(const struct world_session *r, const struct why *y, size_t i, struct str *out);

const char *why_who_word(enum why_who who); /* "we", "the peer", "the path", "unknown" */
const char *why_how_word(enum why_how how); /* "hold-timer" ...: stable, for JSON and rules */

#endif
