/*
 * recipe - how one router OS does one verb.
 *
 * Planning is pure: build() gets the session as last seen and the pre-image
 * (the answers to `reads`, taken from the router just before) and writes the
 * exact steps, the exact inverse and what will count as success into the
 * plan item, or refuses in words (not provisioned, slot taken, dynamic
 * neighbor, version too old).  Every line goes through tmpl, which cannot
 * produce control bytes, or the strings that no driver may ever send.
 */
#ifndef PEERDECK_ACT_RECIPE_H
#define PEERDECK_ACT_RECIPE_H

#include "core/act/verb.h"
#include "core/base/err.h"
#include "core/base/str.h"
#include "core/model/config.h"
#include "core/model/session.h"

enum step_kind {
	STEP_CLI,  /* one line typed into the kept CLI (or one command of an exec CLI) */
	STEP_FILE, /* replace the file `path` by `line` (whole content), atomically, keeping mode and owner */
	STEP_PAUSE, /* wait `ms` before the next step (rarely needed: GoBGP) */
};

struct step {
	enum step_kind kind;
	const char *line; /* exact bytes, without line end */
	const char *path; /* STEP_FILE */
	unsigned ms;      /* STEP_PAUSE */
	/* PCRE2 that the answer must match to go on; NULL: any answer that is not one of the driver's errors. */
	const char *expect;
};

/* What proves that the verb took effect, read back from the router. */
enum proof_kind {
	PROOF_ADMIN_DOWN,    /* admin_down = yes and not Established, in every family */
	PROOF_ADMIN_UP,      /* admin_down = no; coming back up is watched, not required */
	PROOF_NOTHING_SENT,  /* Established, advertised = 0, since not reset */
	PROOF_SENT_AGAIN,    /* Established, advertised > 0 or as before, since not reset */
	PROOF_TEXT,          /* the answer to `check` matches `check_match` */
};

struct preimage {
	const char *const *answers; /* one per recipe->reads, whole answers */
	size_t count;
};

struct act_context {
	enum verb verb;
	const struct router_conf *router;
	asn_t local_as;              /* of the router, from the snapshot */
	const char *version;         /* the router's own words; "" unknown */
	const struct session *const *sessions; /* all families of the one neighbor */
	size_t session_count;
	const char *message;         /* RFC 9003 text, checked; NULL none */
	const char *saved;           /* for inverses: what the ledger stored in plan_item.saved; NULL none */
	struct preimage pre;
};

struct plan_item; /* core/act/plan.h */

struct recipe {
	enum verb verb;
	size_t message_max; /* octets of RFC 9003 text that this OS can send; 0: none */
	const char *const *reads; /* commands whose answers build() needs; {neighbor} etc. are filled in; a leading
	                             "file:" names a file to read ({hook_file}) instead of a CLI command */
	int (*build)(const struct act_context *ctx, struct plan_item *item, struct err *e);
};

#endif
