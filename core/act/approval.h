/*
 * approval - four eyes: a plan that a second person has seen.
 *
 * Who proposes writes the plan's text into a file of the data directory that
 * bears the plan's digest, and a fact "propose" with the SHA-256 of that text
 * into the journal.  Who approves reads the file, checks it against that
 * hash, sees exactly these bytes, and writes a fact "approve" for digest and
 * hash.  It counts only from another person, and only until the proposal
 * lapses.  Like the ledger this is a replay of the journal.
 *
 * It guards against mistakes and haste, not against somebody who forges
 * records on a host that he controls: the heads in the syslog show that.
 *
 * Belongs to one thread.
 */
#ifndef PEERDECK_ACT_APPROVAL_H
#define PEERDECK_ACT_APPROVAL_H

#include "core/act/journal.h"
#include "core/base/sha256.h"
#include "core/model/config.h"

enum approval_state {
	APPROVAL_WAITS,
	APPROVAL_GIVEN,
	APPROVAL_USED,   /* an action was begun under it */
	APPROVAL_LAPSED,
};

#define APPROVAL_PERSON_LEN 32
struct approval {
	char digest[PLAN_DIGEST_LEN], text_sha256[SHA256_HEX_LEN];
	char login[64], person[APPROVAL_PERSON_LEN]; /* who proposed */
	char approver[64]; /* "" nobody yet */
	char words[160];   /* "withdraw 41 sessions on 3 routers" */
	char reason[200], scope[200];
	int64_t wall_ms, expires_wall_ms, approved_wall_ms;
	bool used;
	char op[ACT_ID_LEN]; /* used: of which composite operation; "" none */
};

/* Who sits here: the login uid that the system keeps across su and sudo where it does, else the uid. */
void approval_person(char out[APPROVAL_PERSON_LEN]);

/* Does this plan need a second person?  `why` says by which rule. */
bool approval_needed(const struct config *c, const struct plan *p, struct str *why);
/* The same before there is a plan: n neighbors, routers[i] the router of each. */
bool approval_needed_for(const struct config *c, const char *const *routers, size_t n, struct str *why);

struct approvals;
struct approvals *approvals_new(const char *journal_path);
void approvals_free(struct approvals *a); /* NULL is fine */
/* Reads what was appended since. */
int approvals_refresh(struct approvals *a, struct err *e);
size_t approvals_count(const struct approvals *a);
const struct approval *approvals_at(const struct approvals *a, size_t i); /* oldest first */
/* By digest or the beginning of one (at least 8 characters) that names only one; NULL none. */
const struct approval *approvals_find(const struct approvals *a, const char *digest);
enum approval_state approval_state(const struct approval *p, int64_t now_wall_ms);
const char *approval_state_word(enum approval_state s);

/* Writes file and fact.  dir: the data directory. */
int approval_propose(struct journal *j, const char *dir, const struct plan *p, int64_t expires_wall_ms, struct err *e);
/* The text, checked against what was proposed. */
int approval_text(const struct approval *p, const char *dir, struct str *out, struct err *e);
/* May this person approve it now?  0, or why not. */
int approval_check(const struct approval *p, const char *person, int64_t now_wall_ms, struct err *e);
/* Writes the fact, after the checks above and of the text. */
int approval_give(struct journal *j, const struct approval *p, const char *dir, struct err *e);
/* Was the first step of this composite operation carried out under an approval whose text holds `seal`?  Then what the
 * seal is over was approved with it. */
bool approval_covers(const struct approvals *a, const char *dir, const char *op, const char *seal);
/* 0 if this plan may be carried out under what was approved; `now` is compared with the proposal's end. */
int approval_holds(const struct approvals *a, const struct plan *p, int64_t now_wall_ms, struct err *e);

#endif
