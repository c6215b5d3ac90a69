/*
 * limit - the prefix limit of one session, looked at from all sides, and what it should be.
 *
 * Four numbers that are often confused: the limit configured on our router; the default that our policy names; the
 * number that the peer publishes (PeeringDB info_prefixes); what is received now.  Headroom is what is left until the
 * router acts; with the slope of the last days it says when that will be.  Whether routes that a filter drops count
 * toward the limit differs by OS, so what was counted is named.
 */
#ifndef PEERDECK_JUDGE_LIMIT_H
#define PEERDECK_JUDGE_LIMIT_H

#include "core/judge/evidence.h"

struct limit_advice {
	count_t configured; /* 0 none; COUNT_UNKNOWN */
	count_t policy;     /* our default; COUNT_UNKNOWN: no policy says one */
	count_t published;  /* COUNT_UNKNOWN */
	count_t counted;    /* received, else accepted; COUNT_UNKNOWN */
	bool accepted_only; /* `counted` are those that passed our import policy */
	count_t headroom;   /* configured - counted, may be negative; valid if headroom_known */
	bool headroom_known;
	double slope_per_day; /* valid if slope_known */
	bool slope_known;
	double days_left;   /* until it trips at this slope; valid if trips */
	bool trips;
	count_t suggested;  /* what to set; COUNT_UNKNOWN: no number to go by */
	bool change;        /* the suggestion differs from what is configured */
	const char *why;    /* of the suggestion, in our words */
};

struct limit_advice limit_advise(const struct evidence_session *s, count_t published, count_t policy);

enum { LIMIT_WORDS_LEN = 240 };
/* "received 240, headroom 10 (4 %), +5 a day: trips in 2 days"; "" if there is nothing to say.  Gives the first octet. */
char limit_advice_words(const struct limit_advice *a, char out[LIMIT_WORDS_LEN]);

/* The exact lines that set this limit on the session's router, to be entered by a person: shown, never sent.  Nothing
 * where the OS is not known. */
void limit_lines(const struct evidence_session *s, count_t limit, struct str *out);

#endif
