/*
 * held - is what the ledger holds still so on the router?
 *
 * What we suspended may have been opened by hand or by a reload that forgot
 * it (BIRD's `configure`), a reload may wipe the mark of a shut session that
 * stays down (OpenBGPD), and what we withdrew may be announced again.  Told
 * from the last look; nothing is done about it.  Pure.
 */
#ifndef PEERDECK_ACT_HELD_H
#define PEERDECK_ACT_HELD_H

#include "core/act/ledger.h"
#include "core/model/snap.h"

enum held_finding {
	HELD_SO,        /* as we left it */
	HELD_UNSEEN,    /* the router was not read, or does not tell */
	HELD_CAME_BACK, /* suspended, and Established all the same */
	HELD_UNMARKED,  /* suspended, down, but the router no longer says that it is shut */
	HELD_ANNOUNCES, /* withdrawn, and announced again */
	HELD_GONE,      /* the router does not know the session any more */
	HELD_FINDINGS,
};

/* snap may be NULL. */
enum held_finding held_look(const struct ledger_entry *l, const struct snap *snap);
/* The state of an entry in one or two words, of at most 10 cells: "held", "came back", "undo open", "overdue" ... */
const char *held_word(const struct ledger_entry *l, const struct snap *snap);
/* The same, and "draining" for what is as it should be and waits for its suspend (core/act/drain.h). */
const char *held_word_in(const struct ledger *in, const struct ledger_entry *l, const struct snap *snap);
/* The same said in a sentence's end: "the session is Established again: somebody opened it, or a reload did". */
const char *held_sentence(enum held_finding f);

/* ---- coming back after a resume or restore ---- */

#define HELD_BACK_S 300      /* a session that is not back by then is warned about */
#define HELD_BACK_PERCENT 90 /* of the prefixes before */

enum held_back {
	BACK_UNSEEN, /* the router was not read since */
	BACK_NOT_UP,
	BACK_SHORT,  /* Established, but fewer prefixes than before */
	BACK_YES,
};
/* `words` says what is there and what is missing. */
enum held_back held_back(const struct ledger_return *r, const struct snap *snap, struct str *words);

/* ---- held until ---- */

/* Has its time come?  In the boot in which it was begun only the clock that does not jump counts. */
bool held_due(const struct ledger_entry *l, const char *boot, int64_t now_boot_ms, int64_t now_wall_ms);

#endif
