/*
 * verdict_book - the verdicts about all networks, and how they changed.
 *
 * Judging is done elsewhere, network by network; the book keeps the newest verdicts of each, compares them with what
 * was settled before, and says what changed.  Missing evidence must not cause a storm: a verdict that becomes unknown
 * is shown so at once, and is a change only when it stays unknown for HOLD_MS; one that becomes known for the first
 * time is a change only if it is a fail.
 *
 * What was settled before this program was started comes out of the journal (verdict_book_past).
 */
#ifndef PEERDECK_JUDGE_VERDICT_BOOK_H
#define PEERDECK_JUDGE_VERDICT_BOOK_H

#include "core/judge/proposal.h"

enum { VERDICT_HOLD_MS = 300000 };

struct verdict_trend {
	bool settled;                /* `value` was ever told as a fact */
	enum verdict_value value, before; /* settled last, and before that */
	int64_t changed_wall_ms;     /* when it became so; -1: as long as anybody looked */
	unsigned changes;
	int64_t unknown_since_ms;    /* not known since then, while something else is settled; -1 */
};

struct network_verdicts {
	asn_t asn;
	struct text name;
	const struct verdict *verdicts; /* in the policy's order */
	const struct verdict_trend *trends;
	size_t count;
	struct verdict_sum sum;
	const struct proposal *proposals;
	size_t proposal_count;
	size_t sessions, live;
	int64_t judged_wall_ms;
	struct arena *arena; /* of words and proposals; the trends are the book's */
};

struct verdict_change {
	asn_t asn;
	const struct clause *clause;
	enum verdict_value before, after;
	bool waived;
	const char *words; /* as long as the network is not judged again */
};

struct verdict_book;

/* The policy outlives the book. */
struct verdict_book *verdict_book_new(const struct policy *p);
void verdict_book_free(struct verdict_book *b); /* NULL is fine */
const struct policy *verdict_book_policy(const struct verdict_book *b);
/* Who says whether an automatic proposal may be carried out here; false: `why` is kept with it.  NULL: nobody is asked. */
void verdict_book_leave(struct verdict_book *b, bool (*leave)(void *ctx, const struct proposal *p, struct str *why), void *ctx);

/* What the journal says was settled. */
void verdict_book_past(struct verdict_book *b, asn_t asn, const char *clause, enum verdict_value before, enum verdict_value after, int64_t wall_ms);

/* Judges by the evidence, whose arena is its own; takes the place of the network's former verdicts.  Changes are told
 * to `changed` (may be NULL). */
void verdict_book_judge(struct verdict_book *b, const struct evidence *ev, void (*changed)(void *ctx, const struct verdict_change *c), void *ctx);
/* Networks that were not judged since then are not peers any more: forgotten. */
void verdict_book_forget(struct verdict_book *b, int64_t before_wall_ms);

size_t verdict_book_count(const struct verdict_book *b);
const struct network_verdicts *verdict_book_at(const struct verdict_book *b, size_t i); /* by ASN */
const struct network_verdicts *verdict_book_find(const struct verdict_book *b, asn_t asn); /* NULL: not judged yet */
uint64_t verdict_book_revision(const struct verdict_book *b); /* changes when any value or word did */

#endif
