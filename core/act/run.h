/*
 * run - one action on one session as a pure state machine, and the reports on it.
 *
 * The table says for every (state, input) what comes next and what is to be
 * done; perform does it and feeds the result back.  No I/O, no clock: tests
 * enumerate every pair.
 */
#ifndef PEERDECK_ACT_RUN_H
#define PEERDECK_ACT_RUN_H

#include "core/act/id.h"
#include "core/act/plan.h"

enum run_state {
	RUN_PLANNED,    /* shown, not confirmed */
	RUN_CONFIRMED,  /* the digest was confirmed; the intent is being written */
	RUN_REREADING,  /* the intent is durable; the pre-image is read again */
	RUN_AWAITING,   /* nothing is sent: reading until somebody has pasted the prepared lines */
	RUN_SENDING,    /* steps are sent, one by one */
	RUN_VERIFYING,  /* all sent; reading back until proven or the deadline */
	RUN_COMMITTING, /* proven; the confirm steps are sent */
	RUN_RECOVERING, /* the link failed while sending, or the first answer was a refusal: only reading from here on */
	RUN_REVERTING,  /* the undo of what was sent */
	RUN_DONE,       /* final: proven */
	RUN_FAILED,     /* final: not done; the router is as before, or is said not to have been touched */
	RUN_UNVERIFIED, /* final: sent and accepted, or pasted by somebody; not proven by the deadline */
	RUN_UNKNOWN,    /* final: may be in effect or not: look at the router */
	RUN_STATES,
};

enum run_input {
	RUN_IN_CONFIRM,
	RUN_IN_CANCEL,         /* by the operator, before anything was sent */
	RUN_IN_JOURNALLED,     /* the intent is durable */
	RUN_IN_JOURNAL_FAILED,
	RUN_IN_SAME,           /* pre-image and session as planned */
	RUN_IN_PREPARED,       /* as planned, and the lines are for somebody to paste */
	RUN_IN_CHANGED,
	RUN_IN_READ_FAILED,    /* a look or a read was not possible */
	RUN_IN_SENT,           /* a step was accepted, more are left */
	RUN_IN_SENT_ALL,       /* the last step was accepted */
	RUN_IN_REFUSED,        /* we said no before anything was sent */
	RUN_IN_DOUBTED,        /* the router seems to have said no to the first step: to be read back */
	RUN_IN_REFUSED_LATER,  /* the router said no, and earlier steps changed something */
	RUN_IN_LOST,           /* no answer: whether the step took effect is not known */
	RUN_IN_PROVEN,
	RUN_IN_NOT_YET,        /* read, not yet proven */
	RUN_IN_DEADLINE,       /* not proven in time */
	RUN_IN_UNTOUCHED,      /* all is as planned: nobody pasted what was prepared, or the refusal was one */
	RUN_IN_DEADLINE_UNDO,  /* not proven in time, and the recipe wants it undone */
	RUN_IN_REVERTED,       /* the undo was sent and the former state read back */
	RUN_IN_REVERT_FAILED,
	RUN_INPUTS,
};

/* What the machine wants done next. */
enum run_do {
	RUN_DO_NOTHING, /* final, or wait for the operator */
	RUN_DO_INTENT,  /* write the intent durably */
	RUN_DO_REREAD,
	RUN_DO_SEND,    /* the next step */
	RUN_DO_VERIFY,  /* look, after a pause */
	RUN_DO_COMMIT,  /* the confirm steps */
	RUN_DO_REVERT,
	RUN_DO_BUG,     /* this input cannot come in this state */
};

struct run_turn {
	enum run_state next;
	enum run_do act;
};

/* For a pair that cannot be: RUN_DO_BUG and, if bytes may have been sent, RUN_UNKNOWN, else RUN_FAILED;
 * a final state stays what it is. */
struct run_turn run_step(enum run_state s, enum run_input in);
bool run_final(enum run_state s);
/* Bytes of an action may be on the way to the router in this state or have been before it. */
bool run_may_have_sent(enum run_state s);
const char *run_state_word(enum run_state s); /* "verifying", "done" ... */
const char *run_input_word(enum run_input in);

/* Progress of a job, owned by the message that brings it. */
struct act_progress {
	bool planning;       /* of act_job_plan */
	bool settling;       /* of act_job_settle; neither: of act_job_perform */
	char job[ACT_ID_LEN]; /* act_job_id of the job */
	char id[ACT_ID_LEN]; /* of the action on one session (perform), as in journal and ledger; "" none */
	char router[64], vrf[64], neighbor[64]; /* neighbor "": about the whole job */
	enum verb verb;
	size_t item, items;  /* this is number `item` (from 1) of `items` to be done on this router */
	enum run_state state; /* of that session; final ones are outcomes */
	char words[480];     /* for people, safe text */
	bool begun;          /* an intent of that session was written; false with RUN_FAILED: left as it was */
	bool final;          /* the job is over; nothing more comes of it */
	size_t done, failed, unverified, unknown; /* when final: how the sessions ended */
	struct plan_part *part; /* when planning and final: take it with act_progress_take_part */
};
struct plan_part *act_progress_take_part(struct act_progress *p);
void act_progress_free(struct act_progress *p); /* NULL is fine */

#endif
