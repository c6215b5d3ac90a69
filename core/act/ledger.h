/*
 * ledger - what we hold suspended or withdrawn.
 *
 * There is one truth, the journal: the ledger is what replaying it gives, and
 * refreshes from where it stopped.  An action that was begun and has no
 * outcome (a crash, or still running elsewhere) is an entry of state OPEN;
 * one that ended unverified or unknown stays visible as such.  Resume and
 * restore, when done, close the entry; until the session is seen to be back
 * it is listed as returning.
 *
 * Belongs to one thread.
 */
#ifndef PEERDECK_ACT_LEDGER_H
#define PEERDECK_ACT_LEDGER_H

#include "core/act/drain.h"
#include "core/act/journal.h"

enum ledger_state {
	LEDGER_HELD,       /* done and proven */
	LEDGER_UNVERIFIED, /* sent, not proven */
	LEDGER_UNKNOWN,    /* may be in effect: look at the router */
	LEDGER_OPEN,       /* begun, no outcome in the journal (yet) */
};

struct ledger_entry {
	const char *id; /* of the action, as in the journal */
	const char *plan;
	enum verb verb; /* SUSPEND, WITHDRAW, WITHDRAW_PREFIXES, GSHUT */
	struct chosen prefixes; /* WITHDRAW_PREFIXES */
	enum ledger_state state;
	const char *router, *vrf, *neighbor, *handle, *network;
	asn_t remote_as;
	bool lasting;   /* suspended for good: nobody is reminded */
	int64_t uid;    /* of who did it; -1 unknown */
	const char *scope; /* how it was chosen; "" by itself */
	const char *login, *name, *reason, *ticket, *message, *saved;
	count_t received, advertised; /* before the action */
	const char *op;     /* composite operation; "" none */
	int64_t until_wall_ms, until_boot_ms; /* 0: until somebody ends it */
	const char *boot;   /* boot_id of the host when it was begun */
	bool overdue;       /* its time has come, and it could not be ended */
	const char *overdue_words;
	int64_t wall_ms;    /* of the intent */
	const char *inverse_id; /* an inverse that is open or unknown; "" none */
};

/* Ended by us, and not yet seen to be as it was before. */
struct ledger_return {
	struct ledger_entry was;
	const char *inverse_id; /* of the action that ended it */
	int64_t back_wall_ms;   /* of its outcome */
	bool late;              /* a warning was written */
};

/* The newest action that somebody began, whatever became of it. */
struct ledger_last {
	int64_t uid;
	char plan[40];
	enum verb verb;
};

struct ledger;

struct ledger *ledger_new(const char *journal_path);
void ledger_free(struct ledger *l); /* NULL is fine */
/* Reads what was appended since. Pointers got before are no longer valid after a change. True in *changed (may be NULL)
 * when anything did change. */
int ledger_refresh(struct ledger *l, bool *changed, struct err *e);

size_t ledger_count(const struct ledger *l);
const struct ledger_entry *ledger_at(const struct ledger *l, size_t i); /* oldest first; NULL past the end */
/* What we hold of this session, newest first choice; NULL nothing.  verb VERB_COUNT: any. */
const struct ledger_entry *ledger_find(const struct ledger *l, const char *router, const char *vrf,
    const char *neighbor, enum verb verb);
/* NULL: this uid has begun nothing. */
const struct ledger_last *ledger_last(const struct ledger *l, int64_t uid);
/* What returns, oldest first. */
size_t ledger_returns(const struct ledger *l);
const struct ledger_return *ledger_return_at(const struct ledger *l, size_t i);

/* Drains that wait. */
const struct drains *ledger_drains(const struct ledger *l);

/* The facts by which consoles tell each other: journal_mark() with these kinds, their ids and states. */
#define LEDGER_UNTIL "until" /* id of the action: "overdue" */
#define LEDGER_BACK "back"   /* id of the inverse: "late", "back" */
const char *ledger_state_word(enum ledger_state s); /* "held", "unverified", "unknown", "open" */

#endif
