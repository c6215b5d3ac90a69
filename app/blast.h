/*
 * blast - which prefixes would have no other path, asked from the routers on demand.
 *
 * For what takes sessions or their traffic down: the routes accepted on the plan's sessions against those accepted on
 * all other external sessions of all our routers.  Internal sessions are no other path: what they carry may have come
 * in through the very session that goes down.  For what takes announcements back: the routes that we advertise on the
 * plan's sessions (of chosen prefixes: those) against what we advertise to the same network elsewhere.  Prefixes are
 * compared exactly and within one VRF name: a less specific route may still lead there, and that is said.
 *
 * One question at a time is out per router, the plan's own sessions first, so that cancelling never waits for more
 * than one answer each.  What could not be asked makes the count a bound, and is named.  It is no part of the plan and
 * of its digest.  One thread, but for the routes themselves, which come in those of the workers.
 */
#ifndef PEERDECK_APP_BLAST_H
#define PEERDECK_APP_BLAST_H

#include "backends/link/question.h"
#include "core/act/plan.h"
#include "core/model/world.h"

enum { BLAST_PREFIXES = 2000000 }; /* of the plan's sessions; 48 octets each while it is held */

struct blast;
struct blast_way {
	/* Lends the question to the router's worker; its `answered` is called later, in the caller's thread.  False: no
	 * such worker, and the question stays the caller's. */
	bool (*ask)(void *ctx, const char *router, struct question *q);
	void (*changed)(void *ctx); /* after each answer; NULL nobody is told */
	void *ctx;
};
/* Has this verb a blast radius at all?  What brings back has none. */
bool blast_possible(enum verb v);
/* Begins asking. `p` and `w` are read here only, but for the routers' names, which must outlive it. */
struct blast *blast_begin(const struct plan *p, const struct world *w, const struct blast_way *way);
bool blast_ended(const struct blast *b);
/* Where it stands, or what came out, in one line. */
void blast_words(const struct blast *b, struct str *out);
/* What came out, line by line as plan_print lays them out; nothing but the line above before it ended. */
void blast_print(const struct blast *b, struct str *out);
/* Asks nothing further, tells nobody, and is freed once the answers that are out have come.  NULL is fine. */
void blast_cancel(struct blast *b);
/* At once, when all workers have ended.  NULL is fine. */
void blast_free(struct blast *b);

/* Which are alone: prefixes seen on the plan's sessions, and those of them seen elsewhere too. */
struct blast_sums {
	size_t prefixes, elsewhere;
	size_t own_unknown, other_unknown; /* sessions that could not be asked: of the plan; others */
};
void blast_sums(const struct blast *b, struct blast_sums *out);

#endif
