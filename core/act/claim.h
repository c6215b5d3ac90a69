/*
 * claim - actions that were begun and have no outcome in the journal yet.
 *
 * An intent claims its session until its outcome is written.  As long as the
 * process that wrote it lives, nobody else acts there; when it has died, the
 * claim is left over, and is settled by reading the router (settle.h), never
 * by sending again.  Like the ledger this is a replay of the journal and has
 * no file of its own.
 */
#ifndef PEERDECK_ACT_CLAIM_H
#define PEERDECK_ACT_CLAIM_H

#include "core/act/entry.h"
#include "core/base/process.h"

/* What the intent tells about the session before anything was sent: enough to judge a later look by. */
struct claim_before {
	bool told;   /* false: written by a peerdeck that did not record it */
	enum proof_kind proof;
	const char *check, *check_match; /* "" none */
	bool established, nothing_to_send, trial; /* trial: the router takes it back unless it is confirmed */
	enum tri admin_down;
	count_t received, advertised, former_advertised, others, flaps;
	int64_t since_s, taken_boot_ms, taken_wall_ms;
	unsigned deadline_s;
};

struct claim {
	const char *id, *plan, *digest, *op;
	enum verb verb;
	struct chosen prefixes;
	const char *router, *vrf, *neighbor, *handle, *network;
	asn_t remote_as;
	const char *reason, *ticket, *message, *touched, *saved;
	const char *login, *name, *host;
	int64_t wall_ms;
	struct process owner;
	bool owner_told; /* the record names the process */
	struct claim_before before;
};

enum claim_life {
	CLAIM_OURS, /* of this process, and under way */
	CLAIM_LIVE, /* another process is at it */
	CLAIM_LEFT, /* nobody is at it any more */
};

struct claims;
struct claims *claims_new(void);
void claims_free(struct claims *c); /* NULL is fine */
/* Takes one record in, in the journal's order. */
void claims_take(struct claims *c, const struct journal_entry *e);
size_t claims_count(const struct claims *c);
const struct claim *claims_at(const struct claims *c, size_t i); /* oldest first; valid until the next claims_take */
const struct claim *claims_find(const struct claims *c, const char *id);
const struct claim *claims_on(const struct claims *c, const char *router, const char *vrf, const char *neighbor);
/* This process ended the action but could not write its outcome: from now on it is CLAIM_LEFT. */
void claims_give_up(struct claims *c, const char *id);
enum claim_life claims_life(const struct claims *c, const struct claim *one);

/* All of it, in another arena. */
const struct claim *claim_copy(struct arena *a, const struct claim *c);
/* Who and since when: "alice is acting on r1 192.0.2.1 (suspend) since 03:12:04 UTC". */
void claim_words(struct str *out, const struct claim *c, enum claim_life life);

/* The names of proofs in records. */
const char *claim_proof_word(enum proof_kind p);
bool claim_proof_parse(const char *word, enum proof_kind *p);

#endif
