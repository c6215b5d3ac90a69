/*
 * judging - every network that we have sessions with, held against our policy, again and again, a little at a time.
 *
 * A step takes a few milliseconds at most and goes on where the last one ended, so that the thread of the screen can do
 * it.  Whoever collects evidence beyond sessions and PeeringDB puts it in through `collect`.
 */
#ifndef PEERDECK_APP_JUDGING_H
#define PEERDECK_APP_JUDGING_H

#include "app/rulings.h"
#include "app/mirrors.h"
#include "core/model/world.h"

struct judging {
	struct policy *policy;
	struct verdict_book *book;
	struct rulings *rulings;
	/* Adds to assembled evidence; NULL: nobody collects. */
	void (*collect)(void *ctx, struct evidence *ev);
	void *collect_ctx;
	void (*changed)(void *ctx, const struct verdict_change *c);
	void *changed_ctx;
	struct mirrors *mirrors; /* the other way round; NULL: nobody asks */
	asn_t at;              /* judged so far in this round */
	bool under_way;
	int64_t round_wall_ms, next_boot_ms;
};

/* Reads the policy and what the journal knows. -1: the policy file is wrong. */
int judging_open(struct judging *j, const char *policy_path, const char *journal_path, struct err *e);
void judging_close(struct judging *j); /* fine on a zeroed struct */

/* Judges networks until budget_us is used up; true when a whole round is done. */
bool judging_step(struct judging *j, const struct world *w, int64_t budget_us);
/* The next round begins now (a ruling was made). */
void judging_again(struct judging *j);

/* The evidence about one network as judging sees it; for the explanation, and for evaluating an applicant. */
void judging_evidence(const struct judging *j, const struct world *w, const struct world_session *const *rows, size_t count, asn_t asn,
    struct arena *a, struct evidence *ev);

#endif
