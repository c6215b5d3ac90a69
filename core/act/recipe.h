/*
 * recipe - how one router OS does one verb.
 *
 * Planning is pure: build() gets the session as last seen and the pre-image
 * (the answers to `reads`, taken from the router just before) and writes the
 * exact steps, the exact inverse and what will count as success into the
 * plan item, or refuses in words (not provisioned, slot taken, dynamic
 * neighbor, version too old).  Every line goes through tmpl, which cannot
 * produce control bytes, or the strings that no driver may ever send.
 *
 * build() must be deterministic: right before sending it runs again on a
 * fresh pre-image, and one different byte in steps, inverse or `touched`
 * means "changed since the plan" and nothing is sent.
 *
 * What nobody has yet seen to work on an OS is prepare-only: the plan shows
 * the exact lines, a person pastes them, and peerdeck proves by reading
 * whether they took effect.
 */
#ifndef PEERDECK_ACT_RECIPE_H
#define PEERDECK_ACT_RECIPE_H

#include "core/act/chosen.h"
#include "core/act/verb.h"
#include "core/base/err.h"
#include "core/base/str.h"
#include "core/model/config.h"
#include "core/model/session.h"
#include "core/model/snap.h"

enum step_kind {
	STEP_CLI,  /* one line typed into the kept CLI (or one command of an exec CLI) */
	STEP_FILE, /* replace the file `path` by `line` (whole content), atomically, keeping mode and owner */
	STEP_RUN,  /* a program on the router's shell, not its CLI: "bgpd -n -f /etc/bgpd.conf" */
	STEP_PAUSE, /* wait `ms` before the next step (rarely needed) */
};

struct step {
	enum step_kind kind;
	const char *line; /* exact bytes, without line end; double quotes group on exec CLIs and STEP_RUN */
	const char *path; /* STEP_FILE */
	unsigned ms;      /* STEP_PAUSE */
	/* PCRE2 that the answer must match to go on; NULL: any answer that is not one of the driver's errors. */
	const char *expect;
	/* STEP_CLI: PCRE2 of a question that the router may put before it obeys ("commit anyway\\?.*\\[no\\]"), and the words
	 * that answer it.  Any other question is left unanswered and ends the action.  NULL: none is expected. */
	const char *question, *reply;
	/* apply: sent even after an earlier step was refused, because it only leaves a mode ("end"). */
	bool leave;
	bool enters; /* a bare "configure" that only opens a mode: VyOS.  On BIRD it would apply everything. */
	/* Sent only after an earlier step of its list was refused: it throws a candidate away ("abort"). */
	bool rescue;
	/* undo: sent only if apply step number `needs` (from 0) was sent. */
	size_t needs;
};

/* What proves that the verb took effect, read back from the router. */
enum proof_kind {
	PROOF_ADMIN_DOWN,    /* admin_down = yes and not Established, in every family */
	PROOF_ADMIN_UP,      /* admin_down = no; coming back up is watched, not required */
	PROOF_NOTHING_SENT,  /* Established, advertised = 0, since not reset */
	PROOF_SENT_AGAIN,    /* Established, advertised > 0 (or as before), since not reset */
	PROOF_STILL_UP,      /* Established, since not reset */
	PROOF_NOT_UP,        /* not Established; that it is shut is proven by the recipe's shows() */
	PROOF_SHOWN,         /* only what the recipe's shows() says */
	PROOF_TEXT,          /* only: the answer to `check` matches `check_match` */
	PROOF_PREFIXES_GONE, /* STILL_UP, the item's prefixes are not advertised, and the others are */
	PROOF_PREFIXES_BACK, /* STILL_UP, and the item's prefixes are advertised */
};

struct preimage {
	const char *const *answers; /* one per recipe->reads, whole answers */
	size_t count;
};

/* Something that the ledger holds on this router, so that a reload of everything cannot undo it unseen. */
struct act_held {
	enum verb verb; /* SUSPEND, WITHDRAW, WITHDRAW_PREFIXES, GSHUT */
	const char *id;      /* of the action */
	bool lasting;   /* a suspend for good */
	const char *vrf, *neighbor;
	struct chosen prefixes; /* WITHDRAW_PREFIXES */
	const char *handle;  /* the OS's other name (BIRD protocol); "" none */
	const char *message; /* the text sent; "" none */
	const char *saved;   /* as the recipe stored it; "" none */
	count_t advertised;  /* before the action */
};

/* What a driver made of an answer that all items of one planning share, so that it is read once; empty at first. */
struct act_memo {
	const char *of; /* the answer; compared as a pointer */
	void *made;
	struct arena *arena; /* outlives the planning */
};

struct plan_item; /* core/act/plan.h */

struct act_context {
	enum verb verb;
	const struct recipe *recipe; /* the one that is asked */
	const struct router_conf *router;
	asn_t local_as;              /* of the router, from the snapshot */
	const char *version;         /* the router's own words; "" unknown */
	const struct snap *snap;     /* the fresh look: all sessions of the router */
	const struct session *const *sessions; /* all families of the one neighbor */
	size_t session_count;
	const char *message;         /* RFC 9003 text, checked; NULL none */
	bool text_dropped;           /* a text was asked for that this OS cannot send */
	struct chosen prefixes;      /* WITHDRAW_PREFIXES, and RESTORE of one: not empty, all of families that it carries */
	const struct act_held *own;  /* what we hold of this neighbor and the verb would end; NULL nothing */
	const struct act_held *held; /* all that we hold on this router */
	size_t held_count;
	/* Items planned before this one in the same job: they will have been carried out when this one's turn comes. */
	const struct plan_item *earlier;
	size_t earlier_count;
	struct preimage pre;
	struct act_memo *memo;       /* NULL: nothing is shared */
	const char *const *notes;    /* warnings that planning has itself, NULL-terminated; NULL none */
	struct arena *arena;         /* for all that goes into the item */
};

struct recipe {
	enum verb verb;
	bool of_prefixes;   /* RESTORE: of chosen prefixes; else of everything else */
	size_t message_max; /* octets of RFC 9003 text that this OS can send; 0: none */
	/* Commands whose answers build() needs, NULL-terminated; {neighbor} {protocol} {handle} {vrf} {instance} {asn} are
	 * filled in; a leading "file:" names a file to read ("file:{hook_file}", answered by "" when none is configured); a
	 * leading "try:" a command that only some versions of the OS know (answered by "" when the router refuses it). */
	const char *const *reads;
	/* Not NULL: nothing is ever sent for this verb, and why.  (build may decide that for one item: item->prepare_only.) */
	const char *prepare_only;
	/* Called once the proof holds, with `pre` read again: do the reads show what the steps were to make?  `words` says
	 * what is missing.  NULL: the proof alone tells. */
	bool (*shows)(const struct act_context *ctx, const struct plan_item *item, struct str *words);
	const void *way; /* the driver's own, for functions that several recipes share */
	/* 0 with the item filled; -1 with ERR_REFUSED and the reason, which becomes item->skip. */
	int (*build)(const struct act_context *ctx, struct plan_item *item, struct err *e);
};

#endif
