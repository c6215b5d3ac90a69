/*
 * proof - does a fresh look prove that the verb took effect?  Pure.
 */
#ifndef PEERDECK_ACT_PROOF_H
#define PEERDECK_ACT_PROOF_H

#include "core/act/plan.h"

enum proof_finding {
	PROOF_HOLDS,
	PROOF_NOT_YET,  /* words say what is still missing */
	PROOF_MISSING,  /* the router did not tell enough to prove it */
	PROOF_BROKEN,   /* cannot hold any more: the session was reset */
};

/* Sessions of the item's neighbor in `now` against the item.  `words` says what was seen. */
enum proof_finding proof_judge(const struct plan_item *item, const struct snap *now, struct str *words);
/* Is the session as it was when planned (before sending, or after an undo)?  `words`: what differs. */
bool proof_as_planned(const struct plan_item *item, const struct snap *now, struct str *words);

/* What one look says about the item's neighbor, all families together. */
struct proof_seen {
	size_t families;
	bool established, all_established;
	enum tri admin_down;
	count_t received, advertised, flaps;
	int64_t since_s;
	const char *state; /* in words */
};
struct proof_seen proof_seen_of(const struct plan_item *item, const struct snap *now);

#endif
