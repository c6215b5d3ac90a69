/*
 * policy - the peering policy of a network, as a file says it: who the network is, and what it asks of its peers.
 *
 * The language is described in peerdeck-policy(5).  A policy is immutable once read and is freed as a whole.  Reading
 * goes on after a fault, so that all of them can be told at once; a file with any fault gives no policy.
 */
#ifndef PEERDECK_JUDGE_POLICY_H
#define PEERDECK_JUDGE_POLICY_H

#include "core/base/err.h"
#include "core/judge/check.h"

enum clause_severity { CLAUSE_INFO, CLAUSE_MINOR, CLAUSE_MAJOR, CLAUSE_CRITICAL };
const char *clause_severity_word(enum clause_severity s);

/* What happens when the clause is not met. */
enum on_fail { ON_FAIL_NOTE, ON_FAIL_WARN, ON_FAIL_PROPOSE_SUSPEND, ON_FAIL_PROPOSE_WITHDRAW };
const char *on_fail_word(enum on_fail f);

struct clause {
	const char *id;     /* [a-z0-9-]+ */
	const struct check *check;
	const char *text;   /* what is asked, in the meaning of the source */
	const char *from;   /* where the source says so */
	enum clause_severity severity;
	enum on_fail on_fail;
	bool automatic;     /* carried out without asking, at most so often an hour: */
	unsigned per_hour;
	int64_t values[PARAMS_MAX]; /* by the check's params */
	unsigned line;
};

/* What the network keeps the right to do; told, not checked. */
struct policy_right {
	const char *id, *text, *from;
	const char *command; /* of this program: "suspend", "evaluate"; NULL none */
};

struct policy {
	const char *path; /* as read */
	/* identity */
	asn_t asn;
	const char *name;
	unsigned net_id;          /* PeeringDB; 0 not said */
	const char *general;      /* open, selective, restrictive; NULL not said */
	const char *as_set;       /* "AS-AZION"; several: blanks between; NULL none */
	const char *irr_sources;  /* "RADB,TC"; NULL: any */
	const char *policy_contact, *operations_contact; /* mail addresses; NULL not said */
	const char *url, *document;
	const struct clause *clauses; /* in file order */
	size_t clause_count;
	const struct policy_right *rights;
	size_t right_count;
	struct arena *arena;
};

/* What is wrong with a file. */
struct policy_fault {
	unsigned line;
	const char *words; /* with what is allowed */
};
struct policy_faults {
	struct policy_fault *faults; /* in line order */
	size_t count, cap;
	struct arena *arena;
};
void policy_faults_init(struct policy_faults *f);
void policy_faults_fini(struct policy_faults *f);

/* name: of the file, for messages.  NULL when anything is wrong: all of it in *faults. */
struct policy *policy_parse(const char *name, struct slice text, struct policy_faults *faults);
/* NULL and the first fault as "FILE:LINE: words" in e; all of them in *faults (may be NULL).  Refuses a file that acts
 * automatically and that others can write. */
struct policy *policy_load(const char *path, struct policy_faults *faults, struct err *e);
void policy_free(struct policy *p); /* NULL is fine */
const struct clause *policy_clause(const struct policy *p, const char *id); /* NULL if there is none */

#endif
