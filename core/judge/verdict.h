/*
 * verdict - one network held against one clause: met, not met, or not known.
 *
 * Never two values.  A verdict carries what it was made of, line by line, each with source and time, so that it can be
 * defended in a mail to the peer.  A waiver does not change the value; it stands beside it.
 */
#ifndef PEERDECK_JUDGE_VERDICT_H
#define PEERDECK_JUDGE_VERDICT_H

#include "core/judge/policy.h"

enum verdict_value { VERDICT_UNKNOWN, VERDICT_PASS, VERDICT_FAIL };
const char *verdict_word(enum verdict_value v); /* "unknown", "pass", "fail" */

enum line_value { LINE_NOTE, LINE_PASS, LINE_UNKNOWN, LINE_FAIL };

struct verdict_line {
	enum line_value value;
	struct text about;   /* "r1 192.0.2.7 ipv4", ""; */
	struct text words;   /* "longest is /25: 198.51.100.0/25" */
	struct text source;  /* where it was read; unknown: nowhere */
	int64_t wall_ms;     /* when; -1 unknown */
	struct text missing; /* LINE_UNKNOWN: what would make it known */
};

struct verdict {
	const struct clause *clause;
	enum verdict_value value;
	struct text words;   /* of the line that decided, and how many more; one line */
	struct text missing; /* VERDICT_UNKNOWN: what would make it known */
	struct text source;  /* of the deciding line */
	int64_t wall_ms;     /* likewise; -1 unknown */
	const struct verdict_line *lines; /* deciding ones first */
	size_t line_count;
	size_t lines_left;   /* more that were not kept */
	bool attested;       /* a person's word decided */
	/* Not met, but taken as it is until then: */
	struct text waived_by, waived_why;
	int64_t waived_until_ms; /* 0: not waived */
};

/* Holds the network against every clause, in the policy's order; the array and all words are owned by the arena. */
struct verdict *judge_network(const struct policy *p, const struct evidence *ev, struct arena *a);
struct verdict judge_clause(const struct clause *c, const struct evidence *ev, struct arena *a);

/* Worst first: not met by severity, not known, waived, met; then as in the policy. */
int verdict_worse(const struct verdict *a, const struct verdict *b);
bool verdict_waived(const struct verdict *v);
/* "fail", "waived", "unknown", "pass". */
const char *verdict_state_word(const struct verdict *v);

/* Counts by value; waived ones are not counted as failed. */
struct verdict_sum {
	size_t failed, unknown, passed, waived;
	enum clause_severity worst; /* of the failed */
};
struct verdict_sum verdict_sum_of(const struct verdict *v, size_t n);

/* What is not met, a line each: "- r1 192.0.2.7 ipv4: words [source at time]". */
void verdict_failures(const struct verdict *v, struct str *out);
/* The verdict explained for people, or for a mail to the peer (then nothing of our inner workings): clause text, rule
 * with its values, what was found with sources, how to put it right. */
void verdict_explain(const struct verdict *v, const struct policy *p, asn_t asn, bool for_peer, struct str *out);

#endif
