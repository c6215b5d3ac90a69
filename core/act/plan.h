/*
 * plan - what will be done, exactly, before anyone confirms it.
 *
 * One item is one neighbor on one router (all its address families: a
 * suspend takes the whole session).  Each router's worker plans its own
 * items (a plan_part); the caller joins the parts and seals the plan: from
 * then on nothing in it changes, any thread may read it, and its digest
 * names it.  The digest is SHA-256 over every byte that may be sent and over
 * the touched pre-images.
 */
#ifndef PEERDECK_ACT_PLAN_H
#define PEERDECK_ACT_PLAN_H

#include "core/act/recipe.h"
#include "core/base/mem.h"

#include <stdatomic.h>

#define PLAN_DIGEST_LEN 65 /* hex SHA-256 and NUL */
#define PLAN_LIFE_S 600    /* an older plan cannot be confirmed */

struct plan_item {
	/* what and where */
	const char *router;
	const char *vrf, *neighbor;
	const char *handle; /* the OS's other name; "" none */
	asn_t remote_as;
	const char *network; /* name of the network, safe; "" unknown */
	enum verb verb;
	struct chosen prefixes; /* of a withdraw of chosen ones, or what a restore brings back; else none */
	count_t others;         /* other prefixes that are advertised to it, when planned */
	/* the steps, in order, and their exact inverse */
	const struct step *apply, *undo;
	size_t apply_count, undo_count;
	/* sent after the proof, where the OS has a commit that reverts by itself; when not proven: undo */
	const struct step *confirm;
	size_t confirm_count;
	/* Not NULL: nothing is sent, and why: a person pastes the lines of `apply`; performing reads until the proof holds. */
	const char *prepare_only;
	bool undo_unproven; /* not proven at the deadline: undo, instead of leaving it and saying "unverified" */
	bool persists; /* what is sent is the startup configuration too */
	const char *saved; /* opaque to all but the recipe that wrote it; goes to the ledger; NULL none */
	const char *touched; /* the part of the pre-image that the steps change; compared again right before sending */
	enum proof_kind proof;
	const char *check, *check_match; /* PROOF_TEXT, or an additional proof by text; NULL none */
	unsigned deadline_s;             /* of the proof */
	/* for the operator */
	const char *message; /* RFC 9003 text that goes out with it; NULL none */
	const char *const *warnings; /* "a configure also applies other pending edits", NULL-terminated; NULL none */
	const char *skip; /* not NULL: this one will not be done, and why; may hold provisioning lines (newlines) */
	bool established; /* when planned */
	enum tri admin_down;
	count_t received, advertised; /* sums over families; COUNT_UNKNOWN */
	bool held_lasting;            /* inverse of a lasting suspend: whoever ended it for good must mean it */
	count_t former_advertised;    /* inverse of something we hold: what was advertised before; else unknown */
	int64_t since_s, taken_boot_ms;
	count_t flaps;
	uint64_t generation;
};

/* What one router's worker planned. */
struct plan_part {
	struct plan_item *items; /* one per target, in the order asked for */
	size_t count;
	struct arena *arena; /* owns all of it */
};
void plan_part_free(struct plan_part *p);

struct plan {
	char id[40]; /* names the batch in the journal */
	char op[40]; /* the composite operation that it is a step of; "" none */
	int64_t until_wall_ms, until_boot_ms; /* held until then; 0: until somebody ends it */
	enum verb verb;
	const struct plan_item *items;
	size_t count, skipped;
	const char *reason, *ticket, *message; /* "" none */
	const char *scope;      /* how the sessions were chosen: "exchange DE-CIX Frankfurt", "AS64501"; "" one by one */
	const char *scope_note; /* what belongs to it and what does not, in lines for people; "" nothing */
	const char *scope_name; /* the name in it, which may be typed to confirm; "" none */
	bool lasting;           /* a suspend for good ("terminate"): nobody is reminded of it */
	/* "2 other sessions with AS64501 stay up", "LAST session with AS64501"; those first; NULL-ended */
	const char *const *impact;
	size_t last_count; /* so many of them lead in with LAST */
	const char **warnings; /* about the whole, before those of the items */
	size_t warning_count, warning_cap;
	const char **traffic; /* what was known of it when planned, in lines for people; not part of the digest */
	size_t traffic_count, traffic_cap;
	const char *then; /* what follows by itself once this is done, in lines for people; "" nothing */
	bool sealed;
	char digest[PLAN_DIGEST_LEN];
	int64_t made_boot_ms;
	atomic_bool stop; /* set by plan_stop: no further session is begun */
	atomic_uint refs;
	struct arena *arena;
	struct plan_part **parts;
	size_t part_count;
};

/* A session anywhere, for the impact lines. */
struct plan_seen {
	const char *router;
	const struct session *s;
	bool stale; /* not read lately: whether it is up now is not known */
};

/* An open plan, one reference.  Texts are copied; NULL is "". */
struct plan *plan_new(enum verb verb, const char *reason, const char *ticket, const char *message);
/* What is held ends by itself at this time; not after plan_seal.  An inverse of its own is begun then. */
void plan_until(struct plan *p, int64_t until_wall_ms);
/* It is a step of a composite operation; not after plan_seal. */
void plan_op(struct plan *p, const char *op);
/* Both before plan_seal.  Texts are copied; NULL is "". */
void plan_set_scope(struct plan *p, const char *words, const char *name);
void plan_scope_note(struct plan *p, const char *text);
void plan_set_lasting(struct plan *p);
void plan_warn(struct plan *p, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* A line about what flows now, with its age; before plan_seal. */
void plan_traffic(struct plan *p, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* "do not suspend without asking ...": what our own book says about the networks that are acted on, each once.  Before it is
 * sealed; the book may be NULL. */
struct book;
void plan_warn_book(struct plan *p, const struct book *b);
/* What is confirmed along with it: shown, and part of the digest; not after plan_seal. */
void plan_then(struct plan *p, const char *text);
/* Takes the part over. Not after plan_seal. */
void plan_join(struct plan *p, struct plan_part *part);
/* Writes impact and digest.  `seen`: all sessions of all routers as last seen (may be empty). */
void plan_seal(struct plan *p, const struct plan_seen *seen, size_t seen_count);
/* Part of sealing: what stays of each network that the plan touches, those that lose their LAST session first.  In
 * n log n, so that the plan of a whole exchange is made at once. */
void plan_impact(struct plan *p, const struct plan_seen *seen, size_t seen_count);
struct plan *plan_ref(struct plan *p);
void plan_unref(struct plan *p); /* NULL is fine */

/* Items that will be done (not skipped), on all routers or on one. */
size_t plan_todo(const struct plan *p, const char *router);
/* 0 if this digest confirms this plan now: equal to the plan's, recomputed from its bytes, and not lapsed. */
int plan_confirm(const struct plan *p, const char *digest, struct err *e);
/* Ends it between two sessions: what is under way is finished, nothing further begun. */
void plan_stop(struct plan *p);

/* Hex SHA-256 of everything in one item that decides what may be sent. */
void plan_item_digest(const struct plan_item *i, char out[PLAN_DIGEST_LEN]);

/* The whole plan as text for people, the same on the screen and on the command line. */
void plan_print(struct str *out, const struct plan *p);
/* What will count as success, in words. */
void plan_print_proof(struct str *out, const struct plan_item *i);
/* All that is sent for it, each line led in by `lead`, what follows the proof too. */
void plan_print_sent(struct str *out, const char *lead, const struct plan_item *i);
/* One step as text, each line led in by `lead`; a file is shown as what changes against `before` (may be NULL). */
void plan_print_step(struct str *out, const char *lead, const struct step *s, const char *before);

#endif
