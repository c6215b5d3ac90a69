/*
 * plan - what will be done, exactly, before anyone confirms it.
 *
 * One item is one neighbor on one router (all its address families: a
 * suspend takes the whole session).  The digest is SHA-256 over every byte
 * that will be sent and the pre-image's digest; a confirmation names it.
 */
#ifndef PEERDECK_ACT_PLAN_H
#define PEERDECK_ACT_PLAN_H

#include "core/act/recipe.h"
#include "core/base/mem.h"

#define PLAN_DIGEST_LEN 65 /* hex SHA-256 and NUL */

struct plan_item {
	/* what and where */
	const char *router;
	const char *vrf, *neighbor;
	asn_t remote_as;
	const char *network; /* name of the network, safe; "" unknown */
	enum verb verb;
	/* the steps, in order, and their exact inverse */
	const struct step *apply, *undo;
	size_t apply_count, undo_count;
	const char *saved; /* opaque to all but the recipe that wrote it; goes to the ledger; NULL none */
	const char *touched; /* the part of the pre-image that the steps change; compared again right before sending */
	enum proof_kind proof;
	const char *check, *check_match; /* PROOF_TEXT, or an additional proof by text */
	/* for the operator */
	const char *const *warnings; /* "a configure also applies other pending edits", NULL-terminated */
	const char *skip; /* not NULL: this one will not be done, and why; may hold provisioning lines (newlines) */
	bool established; /* when planned */
	count_t received, advertised; /* sums over families; COUNT_UNKNOWN */
	int64_t since_s, taken_boot_ms;
	uint64_t generation;
};

struct plan {
	enum verb verb;
	struct plan_item *items;
	size_t count;
	const char *reason, *ticket, *message;
	const char *const *impact; /* "2 other sessions with AS64501 stay up", "LAST session with AS64501" */
	char digest[PLAN_DIGEST_LEN];
	int64_t made_boot_ms;
	struct arena *arena; /* owns all of it */
};

#endif
