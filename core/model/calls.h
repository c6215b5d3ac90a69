/*
 * calls - who called whom about what, and what came of it.
 *
 * A call, a mail, an acknowledgement is a fact of the journal; this folds them
 * into escalations: all that was tried about one network (and one incident,
 * where there is one) until somebody closes it.  Consoles of one host see the
 * same journal and so the same escalations.  Pure: app feeds it.
 *
 * While one is open every further call about the network belongs to it,
 * whoever made it: two consoles that begin at once end up in one, also where
 * one of them came from an incident and the other from the session; only two
 * incidents are two.  One that nobody touched for a day has lapsed: the next
 * call begins anew.
 */
#ifndef PEERDECK_MODEL_CALLS_H
#define PEERDECK_MODEL_CALLS_H

#include "core/base/text.h"
#include "core/model/net.h"

#include <stdint.h>

enum call_outcome {
	CALL_DIALLING,  /* somebody is on it now: shown to the others, no result yet */
	CALL_NO_ANSWER,
	CALL_MESSAGE,   /* a message was left: voicemail, a person who passes it on */
	CALL_MAIL,      /* a mail was sent */
	CALL_ACK,       /* they know and work on it */
	CALL_REFUSED,   /* answered, but cannot or will not help */
	CALL_WRONG,     /* wrong number, mail bounced: this contact is dead */
	CALL_CLOSED,    /* nothing more to call about */
	CALL_OUTCOMES,
};
const char *call_outcome_word(enum call_outcome o);  /* "no-answer": in the journal and on command lines */
const char *call_outcome_words(enum call_outcome o); /* "called, no answer": for people */
bool call_outcome_find(const char *word, enum call_outcome *o);

struct call {
	uint64_t seq;        /* of the journal's record */
	int64_t wall_ms;
	enum call_outcome outcome;
	asn_t asn;
	struct text who;     /* of us */
	struct text venue; /* "exchange X-IX": the matter is that of a place and its people, asn is ASN_UNKNOWN; "" of a network */
	struct text router, vrf, neighbor, incident; /* "" none */
	unsigned rung;       /* its number when called, 1 the first; 0 none */
	struct text role, contact; /* of the rung */
	struct text way;     /* the phone or mail used */
	struct text by;      /* CALL_ACK: who of them said so */
	int64_t ack_wall_ms; /* CALL_ACK: when they said it */
	struct text ticket, note;
	size_t escalation;   /* which one it belongs to; set by calls_add */
};

enum escalation_state { ESCALATION_OPEN, ESCALATION_ACKED, ESCALATION_CLOSED };

struct escalation {
	asn_t asn;
	struct text venue;    /* as in its calls */
	struct text incident; /* "" none */
	enum escalation_state state;
	size_t first, last;   /* calls of it: first and newest */
	size_t count;
	int64_t opened_wall_ms, last_wall_ms;
	struct text acked_by; /* known when acked */
	int64_t acked_wall_ms;
};

struct calls;

struct calls *calls_new(void);
void calls_free(struct calls *c); /* NULL is fine */
/* Copied; in the order of the journal. */
void calls_add(struct calls *c, const struct call *call);
size_t calls_count(const struct calls *c);                     /* all accept NULL: none */
const struct call *calls_at(const struct calls *c, size_t i);  /* 0 is the oldest; NULL past the end */
size_t escalation_count(const struct calls *c);
const struct escalation *escalation_at(const struct calls *c, size_t i); /* 0 is the oldest */
/* The one that a further call would belong to: not closed, not lapsed; NULL none.  incident: NULL or "" if it is about none
 * that is known. */
const struct escalation *escalation_open(const struct calls *c, asn_t asn, const char *incident, int64_t now_wall_ms);
/* The same or, when all is closed, the newest. */
const struct escalation *escalation_of(const struct calls *c, asn_t asn);
/* Both for what is about a place: an exchange, a facility, our router. */
const struct escalation *escalation_open_at(const struct calls *c, const char *venue, const char *incident, int64_t now_wall_ms);
const struct escalation *escalation_of_venue(const struct calls *c, const char *venue);
/* "AS64501", "exchange X-IX", "our escalation". */
enum { CALL_SUBJECT_LEN = 128 };
const char *call_subject(asn_t asn, struct text venue, char out[CALL_SUBJECT_LEN]);
bool escalation_lapsed(const struct escalation *e, int64_t now_wall_ms);
/* Calls of an escalation, the oldest first: i = 0 .. e->count - 1. */
const struct call *escalation_call(const struct calls *c, const struct escalation *e, size_t i);
/* Who is calling now: a dialling that has no result yet and is not older than 10 minutes; NULL nobody. */
const struct call *escalation_dialling(const struct calls *c, const struct escalation *e, int64_t now_wall_ms);
/* When the next rung is to be tried: `step_ms` after the last attempt; -1 when acknowledged, closed or nothing was tried. */
int64_t escalation_due_ms(const struct calls *c, const struct escalation *e, int64_t step_ms);
/* The newest call over this phone or mail about this network whose outcome says whether it works (acknowledged, message,
 * refused: it does; wrong: it does not); NULL none. */
const struct call *calls_proof(const struct calls *c, asn_t asn, const char *way);
bool call_proves(const struct call *call); /* got through */

#endif
