/*
 * records - journal and ledger as lines of the world.
 */
#ifndef PEERDECK_APP_RECORDS_H
#define PEERDECK_APP_RECORDS_H

#include "core/act/approval.h"
#include "core/act/journal.h"
#include "core/act/ledger.h"
#include "core/model/world.h"

/* Journal and ledger as lines; the arrays in the world point in here. */
struct records {
	char *path;
	struct journal *journal;
	struct ledger *ledger;
	uint64_t offset;   /* of the journal, read so far */
	uint64_t shown;    /* seq of the newest line that was added */
	struct journal_line *lines; /* newest first */
	size_t count;
	struct arena *arena; /* of the lines */
	struct ledger_line *held;
	size_t held_count;
	struct arena *held_arena;
	struct approvals *approvals;
	struct proposal_line *proposals;
	struct arena *proposal_arena;
	char no_action[300];
};

void records_open(struct records *r, const struct config *c);
void records_close(struct records *r);
/* Reads what was appended, by whomever, and puts lines and the reason why nothing can be done into the world. */
void records_refresh(struct records *r, struct world *w);

#endif
