/*
 * journal - what was done, by whom, durable before it is done.
 *
 * One record a line: canonical JSON (sorted keys, no blanks, ASCII), with
 * `seq` counting up from 1 without gaps, `prev` the hash of the record before
 * and `hash` the SHA-256 of the record without `hash`.  Appending takes an
 * flock, reads what others appended meanwhile, writes one line and returns
 * after fdatasync: several consoles share one file.  A line that a crash left
 * half written is cut at the next append, and the cut is recorded.
 *
 * The chain finds edits, deletions and reorderings; a cut tail is found by
 * the head: the file PATH.head, and the syslog, hold the last seq and hash.
 * peerdeck-journal(5) describes the fields.
 *
 * Thread-safe: workers append, the console reads.
 */
#ifndef PEERDECK_ACT_JOURNAL_H
#define PEERDECK_ACT_JOURNAL_H

#include "core/act/claim.h"
#include "core/act/entry.h"
#include "core/base/err.h"
#include "core/base/str.h"

#include <stdint.h>

struct journal;

/* Opens or makes the file (0600) and checks the whole chain.  operator_name may be NULL.  A journal that cannot be
 * opened, or that does not verify, still gives an object for reading: journal_writable says why nothing can be done. */
struct journal *journal_open(const char *path, const char *operator_name);
void journal_free(struct journal *j); /* NULL is fine */
const char *journal_path(const struct journal *j);
/* 0 if an intent could be written now (file writable, space left, chain intact); -1 and why not.  Cheap: may be asked
 * before every action and every few seconds for the status line. */
int journal_writable(struct journal *j, struct err *e);

/* What is about to be sent for one session, with reason, digest and impact of its plan. Durable when it returns 0; without it nothing may be sent.
 * Claims the session: ERR_REFUSED with who and since when while an action of another process on it is under way, or has
 * ended without an outcome and is not settled yet. */
int journal_intent(struct journal *j, const char *id, const struct plan *p, const struct plan_item *i,
    struct err *e);

/* How it ended, durable when it returns 0.  When it cannot be written the action stays open, and counts as left over. */
int journal_outcome(struct journal *j, const char *id, const struct plan *p, const struct plan_item *i,
    const struct journal_outcome *o, struct err *e);
/* The outcome of a left-over action, found by reading; durable when it returns 0.  ERR_REFUSED when it has one by now. */
int journal_settle(struct journal *j, const struct claim *c, const struct journal_outcome *o, struct err *e);
/* Actions without an outcome, by whomever, after reading what was appended.  Called under the journal's lock: copy what is
 * to be kept. */
typedef void (*journal_claim)(void *ctx, const struct claim *c, enum claim_life life);
int journal_claims(struct journal *j, journal_claim each, void *ctx, struct err *e);
/* The same two for a thread that must not wait: JOURNAL_BUSY (e is left alone) while another thread writes, which may
 * take as long as the disk and the other consoles do. */
enum { JOURNAL_BUSY = 1 };
int journal_claims_now(struct journal *j, journal_claim each, void *ctx, struct err *e);
int journal_writable_now(struct journal *j, struct err *e);
/* A fact that is no action, durable when it returns 0. */
int journal_fact(struct journal *j, const struct journal_fact *f, struct err *e);
/* The same for a step that only one console may take: appended only while the last state said of this kind and id is
 * `from` ("" nothing yet), and saying `to`.  ERR_REFUSED when it is another by now. */
int journal_mark(struct journal *j, const struct journal_fact *f, const char *from, const char *to, struct err *e);
/* Anything else worth keeping: kind "note", "enroll" ... */
int journal_note(struct journal *j, const char *kind, const char *router, const char *words, struct err *e);

typedef int (*journal_each)(void *ctx, const struct journal_entry *entry); /* not 0: stop */
/* Reads records from *offset (octets, 0 at first) on and moves it behind the last whole record read. A record that
 * cannot be read is an error naming its line; a torn tail is not: it is left for later. */
int journal_read(const char *path, uint64_t *offset, journal_each each, void *ctx, struct err *e);

struct journal_report {
	bool ok;
	uint64_t records;
	uint64_t first_bad;   /* line number of the first bad record, 0 none */
	uint64_t torn_octets; /* half a line at the end: a crash, not a fault */
	uint64_t head_seq;
	char head[65];        /* hash of the last good record */
	char words[400];      /* the finding in words */
};
/* known_head: "SEQ:HASH" from the syslog or elsewhere, NULL: PATH.head if it exists.  -1 only when it cannot be read. */
int journal_verify(const char *path, const char *known_head, struct journal_report *r, struct err *e);

#endif
