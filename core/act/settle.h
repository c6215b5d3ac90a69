/*
 * settle - what became of an action that has no outcome: its console was killed, or could not write it.
 *
 * Found by reading the router, never by sending again.  The session and the
 * part of the configuration that the action touches are either as they were
 * before (not done), or as the action was to make them (done); anything else
 * is unknown and stays in the ledger as such.  A line may still be on its way
 * to the router when its console dies, so that "not done" needs two looks
 * that agree; a change that the router takes back unless it is confirmed is
 * only judged once that time is over.
 */
#ifndef PEERDECK_ACT_SETTLE_H
#define PEERDECK_ACT_SETTLE_H

#include "core/act/claim.h"

#define SETTLE_TRIAL_S 600 /* an unconfirmed change has been taken back by then, on every OS we act on */

enum settle_end {
	SETTLE_LATER,  /* leave it open; look again at another time */
	SETTLE_LOOK,   /* look again now */
	SETTLE_DONE,
	SETTLE_UNDONE, /* the router is as before */
	SETTLE_UNKNOWN,
	SETTLE_ENDS,
};

/* What one look says. */
struct settle_seen {
	bool readable;   /* the router answered all that was asked */
	bool as_before;  /* session and touched configuration as planned on */
	bool proven;     /* the proof of the verb holds */
	bool tells;      /* the touched configuration is something that can be told from what the verb makes of it */
	bool nothing_to_send; /* the action was only to read */
	bool on_trial;   /* the router may still take it back by itself */
	bool again;      /* an earlier look, long enough ago, said the same */
	bool patient;    /* the time in which the verb shows its effect is not over */
};

/* Pure; tests enumerate it. */
enum settle_end settle_judge(const struct settle_seen *s);
const char *settle_end_word(enum settle_end end);

#endif
