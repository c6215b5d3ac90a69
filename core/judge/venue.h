/*
 * venue - a place that has people of its own: an exchange, a facility, a router of ours.
 *
 * What fell at a place together is nobody's network's matter: its ladder is
 * the place's people (the contact book's, then those that PeeringDB lists),
 * and our own escalation behind them.  Pure.
 */
#ifndef PEERDECK_JUDGE_VENUE_H
#define PEERDECK_JUDGE_VENUE_H

#include "core/judge/incident.h"
#include "core/judge/ladder.h"

enum venue_kind { VENUE_NONE, VENUE_EXCHANGE, VENUE_FACILITY, VENUE_ROUTER, VENUE_OURS };

struct venue {
	enum venue_kind kind;
	char name[GROUP_KEY_LEN]; /* as PeeringDB or the configuration has it, else an exchange's LAN (lan.h); "" VENUE_OURS */
};

/* "exchange X-IX", "facility FR5", "router r1", "our network"; "" VENUE_NONE.  So the journal names it. */
enum { VENUE_WORDS_LEN = GROUP_KEY_LEN + 16 };
const char *venue_words(const struct venue *v, char out[VENUE_WORDS_LEN]);
/* "exchange X-IX" back; false if it is no such words. */
bool venue_parse(const char *words, struct venue *out);

/* Where an incident of several networks is; VENUE_NONE when all its members are one network's: that one is to be called. */
void venue_of_incident(const struct world *w, const struct incident *i, struct venue *out);

/* PeeringDB's rows of it; NULL unknown. */
const struct exchange *venue_exchange(const struct peer_set *s, const struct venue *v);
const struct facility *venue_facility(const struct peer_set *s, const struct venue *v);

/* Its ladder: the book's people of it, PeeringDB's, of a router those of its building; ours behind them. */
void ladder_of_venue(struct arena *a, const struct world *w, const struct venue *v, struct ladder *out);
/* Why nobody of the place is on it; "" when somebody is. */
const char *venue_ladder_words(const struct ladder *l, const struct venue *v);

#endif
