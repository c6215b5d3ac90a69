/*
 * The state machine of one action, as a table; see run.h.
 *
 * Empty cells cannot happen; run_step answers them safely all the same: what
 * may have reached the router ends as unknown, everything else as failed.
 */
#include "core/act/run.h"
#include "core/base/clock.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/random.h>
#include <time.h>

struct cell {
	bool set;
	struct run_turn turn;
};

#define GO(state, todo) { true, { RUN_##state, RUN_DO_##todo } }

static const struct cell table[RUN_STATES][RUN_INPUTS] = {
    [RUN_PLANNED] = {
        [RUN_IN_CONFIRM] = GO(CONFIRMED, INTENT),
        [RUN_IN_CANCEL] = GO(FAILED, NOTHING),
    },
    [RUN_CONFIRMED] = {
        [RUN_IN_CANCEL] = GO(FAILED, NOTHING),
        [RUN_IN_JOURNALLED] = GO(REREADING, REREAD),
        [RUN_IN_JOURNAL_FAILED] = GO(FAILED, NOTHING),
    },
    [RUN_REREADING] = {
        [RUN_IN_CANCEL] = GO(FAILED, NOTHING),
        [RUN_IN_SAME] = GO(SENDING, SEND),
        [RUN_IN_PREPARED] = GO(AWAITING, VERIFY),
        [RUN_IN_CHANGED] = GO(FAILED, NOTHING),
        [RUN_IN_READ_FAILED] = GO(FAILED, NOTHING),
    },
    [RUN_AWAITING] = {
        [RUN_IN_PROVEN] = GO(DONE, NOTHING),
        [RUN_IN_NOT_YET] = GO(AWAITING, VERIFY),
        [RUN_IN_READ_FAILED] = GO(AWAITING, VERIFY),
        [RUN_IN_UNTOUCHED] = GO(FAILED, NOTHING),
        [RUN_IN_DEADLINE] = GO(UNVERIFIED, NOTHING),
    },
    [RUN_SENDING] = {
        [RUN_IN_SENT] = GO(SENDING, SEND),
        [RUN_IN_SENT_ALL] = GO(VERIFYING, VERIFY),
        [RUN_IN_REFUSED] = GO(FAILED, NOTHING),
        [RUN_IN_DOUBTED] = GO(RECOVERING, VERIFY),
        [RUN_IN_REFUSED_LATER] = GO(REVERTING, REVERT),
        [RUN_IN_LOST] = GO(RECOVERING, VERIFY),
    },
    [RUN_VERIFYING] = {
        [RUN_IN_PROVEN] = GO(COMMITTING, COMMIT),
        [RUN_IN_NOT_YET] = GO(VERIFYING, VERIFY),
        [RUN_IN_READ_FAILED] = GO(VERIFYING, VERIFY),
        [RUN_IN_DEADLINE] = GO(UNVERIFIED, NOTHING),
        [RUN_IN_DEADLINE_UNDO] = GO(REVERTING, REVERT),
    },
    [RUN_COMMITTING] = {
        [RUN_IN_SENT] = GO(COMMITTING, COMMIT),
        [RUN_IN_SENT_ALL] = GO(DONE, NOTHING),
        [RUN_IN_REFUSED_LATER] = GO(REVERTING, REVERT),
        [RUN_IN_LOST] = GO(UNKNOWN, NOTHING),
    },
    [RUN_RECOVERING] = {
        [RUN_IN_PROVEN] = GO(DONE, NOTHING),
        [RUN_IN_NOT_YET] = GO(RECOVERING, VERIFY),
        [RUN_IN_READ_FAILED] = GO(UNKNOWN, NOTHING),
        [RUN_IN_UNTOUCHED] = GO(FAILED, NOTHING),
        [RUN_IN_DEADLINE] = GO(UNKNOWN, NOTHING),
        [RUN_IN_DEADLINE_UNDO] = GO(UNKNOWN, NOTHING),
    },
    [RUN_REVERTING] = {
        [RUN_IN_REVERTED] = GO(FAILED, NOTHING),
        [RUN_IN_REVERT_FAILED] = GO(UNKNOWN, NOTHING),
        [RUN_IN_LOST] = GO(UNKNOWN, NOTHING),
    },
};

bool run_final(enum run_state s)
{
	return s >= RUN_DONE;
}

bool run_may_have_sent(enum run_state s)
{
	return s >= RUN_SENDING && s != RUN_FAILED;
}

struct run_turn run_step(enum run_state s, enum run_input in)
{
	if (run_final(s))
		return (struct run_turn){ s, RUN_DO_BUG };
	if (table[s][in].set)
		return table[s][in].turn;
	return (struct run_turn){ run_may_have_sent(s) ? RUN_UNKNOWN : RUN_FAILED, RUN_DO_BUG };
}

const char *run_state_word(enum run_state s)
{
	static const char *const word[RUN_STATES] = {
	    [RUN_PLANNED] = "planned",
	    [RUN_CONFIRMED] = "confirmed",
	    [RUN_REREADING] = "rereading",
	    [RUN_AWAITING] = "awaiting",
	    [RUN_SENDING] = "sending",
	    [RUN_VERIFYING] = "verifying",
	    [RUN_COMMITTING] = "committing",
	    [RUN_RECOVERING] = "recovering",
	    [RUN_REVERTING] = "reverting",
	    [RUN_DONE] = "done",
	    [RUN_FAILED] = "failed",
	    [RUN_UNVERIFIED] = "unverified",
	    [RUN_UNKNOWN] = "unknown",
	};

	return word[s];
}

const char *run_input_word(enum run_input in)
{
	static const char *const word[RUN_INPUTS] = {
	    [RUN_IN_CONFIRM] = "confirm",
	    [RUN_IN_CANCEL] = "cancel",
	    [RUN_IN_JOURNALLED] = "journalled",
	    [RUN_IN_JOURNAL_FAILED] = "journal failed",
	    [RUN_IN_SAME] = "same",
	    [RUN_IN_PREPARED] = "prepared",
	    [RUN_IN_CHANGED] = "changed",
	    [RUN_IN_READ_FAILED] = "read failed",
	    [RUN_IN_SENT] = "sent",
	    [RUN_IN_SENT_ALL] = "sent all",
	    [RUN_IN_REFUSED] = "refused",
	    [RUN_IN_DOUBTED] = "doubted",
	    [RUN_IN_REFUSED_LATER] = "refused later",
	    [RUN_IN_LOST] = "lost",
	    [RUN_IN_PROVEN] = "proven",
	    [RUN_IN_NOT_YET] = "not yet",
	    [RUN_IN_DEADLINE] = "deadline",
	    [RUN_IN_UNTOUCHED] = "untouched",
	    [RUN_IN_DEADLINE_UNDO] = "deadline, undo",
	    [RUN_IN_REVERTED] = "reverted",
	    [RUN_IN_REVERT_FAILED] = "revert failed",
	};

	return word[in];
}

struct plan_part *act_progress_take_part(struct act_progress *p)
{
	struct plan_part *part = p->part;

	p->part = NULL;
	return part;
}

void act_progress_free(struct act_progress *p)
{
	if (p == NULL)
		return;
	plan_part_free(p->part);
	free(p);
}
