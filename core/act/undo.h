/*
 * undo - the last action of somebody, or one by its id, as what would take it back.  Pure.
 *
 * Only what the ledger still holds can be taken back.  When the last thing
 * somebody did was itself an inverse, nothing older is undone in its place:
 * that would be a surprise.
 */
#ifndef PEERDECK_ACT_UNDO_H
#define PEERDECK_ACT_UNDO_H

#include "core/act/ledger.h"

struct undo {
	enum verb verb; /* the inverse */
	const struct ledger_entry **entries; /* what it ends; free() */
	size_t count;
	char scope[200];  /* "undo of withdraw, 41 sessions, 03:12:04 by alice (exchange DE-CIX Frankfurt)" */
	char reason[200]; /* "undo: " and the reason of what is undone */
};
/* id NULL: the last action (with its whole batch) of this uid; else an action's or a plan's id.  -1: ERR_REFUSED,
 * nothing to undo, and why.  Entries are the ledger's: valid until it is refreshed. */
int undo_find(const struct ledger *l, int64_t uid, const char *id, struct undo *out, struct err *e);

#endif
