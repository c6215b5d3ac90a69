/*
 * entry - what goes into a journal record and what is read from one.
 */
#ifndef PEERDECK_ACT_ENTRY_H
#define PEERDECK_ACT_ENTRY_H

#include "core/act/plan.h"
#include "core/act/run.h"

#include <stdint.h>

/* How it ended. */
struct journal_outcome {
	enum run_state state;    /* RUN_DONE, RUN_FAILED, RUN_UNVERIFIED, RUN_UNKNOWN */
	const char *words;
	size_t sent;             /* steps of apply that went out */
	bool reverted;           /* the undo was sent and proven */
	const char *const *replies; /* what went out and what the router answered, redacted here; may be NULL */
	size_t reply_count;
	count_t advertised_after;
};

/* One record, read.  Strings are "" where the record has none; valid during the callback only. */
struct journal_entry {
	uint64_t seq;
	int64_t wall_ms;
	const char *kind; /* "intent", "outcome", "torn", "note" ... */
	const char *id, *plan, *op; /* op: ties the actions of one composite operation together */
	const char *login, *name, *host, *tty;
	const char *boot; /* intent: the boot_id of the host then */
	int64_t uid, pid; /* of the process that wrote it; -1 unknown */
	const char *router, *vrf, *neighbor, *handle, *network, *verb;
	asn_t remote_as;
	const char *reason, *ticket, *message, *digest;
	const char *scope; /* how the session was chosen; "" by itself */
	bool lasting;      /* a suspend for good */
	const char *outcome, *words; /* kind "outcome" */
	const char *saved;           /* intent */
	count_t advertised;          /* intent: before; outcome: after */
	count_t received;            /* intent: before */
	int64_t until_wall_ms, until_boot_ms; /* intent: held until then; 0: until somebody ends it */
	bool settled;                /* outcome: found by reading after a crash, not by who began it */
	bool has_prefixes;           /* for entry_prefixes */
	const char *line;            /* the raw record */
	size_t line_len;
	const void *rec; /* for entry_more */
};
/* The chosen prefixes of an intent or outcome, in the arena.  In record.c. */
struct chosen entry_prefixes(const struct journal_entry *entry, struct arena *a);
/* A value of struct journal_fact's `more`, "" if there is none; valid as long as the entry.  In record.c. */
const char *entry_more(const struct journal_entry *entry, const char *key);

/* A fact that is no action: a call made, a waiver, a note on an incident, a changed verdict.  Consoles on one host see
 * each other's facts by reading the journal, so whatever all of them must know is written as one. */
struct journal_fact {
	const char *kind;    /* one word of our own: "call", "waiver" ... ; peerdeck-journal(5) lists them */
	const char *id;      /* names the thing it is about, so that later facts can refer to it; NULL none */
	const char *router, *vrf, *neighbor, *network; /* NULL none */
	asn_t remote_as;     /* ASN_UNKNOWN none */
	const char *reason, *ticket, *words;           /* NULL none */
	const struct journal_more {
		const char *key, *value;
	} * more; /* what else belongs to this kind; secrets are taken out of the values */
	size_t more_count;
};

#endif
