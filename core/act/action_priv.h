/*
 * job - what a worker is given, from the inside: shared by action (makes them), planning and perform (run them).
 */
#ifndef PEERDECK_ACT_ACTION_PRIV_H
#define PEERDECK_ACT_ACTION_PRIV_H

#include "core/act/action.h"
#include "core/act/journal.h"
#include "core/act/ledger.h"

struct act_job {
	char id[ACT_ID_LEN];
	bool planning;
	struct arena *arena; /* owns the copies below */
	const char *router;
	enum verb verb;
	/* what the ledger held on this router when the job was made */
	const struct act_held *held;
	size_t held_count;
	/* planning */
	const char *message; /* NULL none */
	struct chosen prefixes;
	bool several, read_only;
	const struct act_target *targets;
	size_t target_count;
	/* settling: the left-over action; NULL otherwise */
	const struct claim *settle;
	/* performing */
	struct plan *plan; /* one reference */
	struct journal *journal; /* settling too */
	size_t done, failed, unverified, unknown;
};

/* Answers of the router that hold for all items of one planning, so that a plan of forty sessions reads its
 * configuration once. */
struct act_answers {
	struct {
		const char *line, *answer;
	} * kept;
	size_t count, cap;
	struct act_memo memo; /* of what a driver made of one of them */
};

/* The way a job has to the outside while it runs. */
struct act_run {
	struct act_job *job;
	const struct act_io *io;
	const struct router_conf *conf;
	const struct driver *driver;
	struct inbox *inbox;
	struct act_answers *answers; /* planning; NULL: always ask */
};

/* A message of this job, filled but for state, words and the session. */
struct act_progress *job_progress(const struct act_job *job);
void job_post(struct act_job *job, struct inbox *inbox, struct act_progress *p);

/* planning.c: builds all targets into a part; posts the final message. */
void planning_run(const struct act_run *run);
/* The same with every target skipped for one reason. */
void planning_refuse(struct act_job *job, const char *why, struct inbox *inbox);

/* One request's choice of what goes along with the verb. */
struct item_choice {
	const char *message;    /* NULL none */
	struct chosen prefixes;
};

/* Reads the pre-image and builds one item; its skip is set if the recipe refused or the router could not be read.  All
 * of it lives in `arena`.  live: the earlier items were carried out, so files are read as they are; else as planned. */
void planning_item(const struct act_run *run, const struct act_target *target, struct item_choice choice,
    const struct snap *snap, const struct plan_item *earlier, size_t earlier_count, bool live,
    struct arena *arena,
    struct plan_item *item);

/* Whether the recipe's reads, done again, show what the item's steps were to make; `words`: what is missing. */
bool planning_shows(const struct act_run *run, const struct plan_item *item, const struct snap *snap,
    struct str *words);

/* settle.c: looks until there is an end; writes the outcome; posts one final message. */
void settle_run(const struct act_run *run);

/* choosing.c */
/* Settles which prefixes the item is about (ctx->prefixes, item->prefixes), or sets item->skip; ctx->notes. */
void choose_prefixes(const struct act_io *io, struct act_context *ctx, struct plan_item *item, struct chosen from);
/* The part of a proof that the advertised routes tell; true for every other.  `words`: what was seen. */
bool routes_show(const struct act_io *io, const struct act_context *ctx, const struct plan_item *item, struct str *words);

/* perform.c */
void perform_run(const struct act_run *run);

#endif
