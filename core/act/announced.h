/*
 * announced - which of the chosen prefixes the router says it advertises to one neighbor, and how many others.
 *
 * Read from the routes themselves, one pass, nothing held: it is the proof of
 * withdrawing chosen prefixes, and before that the check that there is
 * something to withdraw.
 */
#ifndef PEERDECK_ACT_ANNOUNCED_H
#define PEERDECK_ACT_ANNOUNCED_H

#include "core/act/io.h"
#include "core/act/plan.h"
#include "core/act/proof.h"

struct announced {
	bool known;            /* the router told */
	bool of[CHOSEN_MAX];   /* by place in the chosen list: advertised now */
	struct prefix holds[CHOSEN_MAX]; /* not advertised, but this one, which holds it, is; len 0 of family none: none */
	unsigned inside[CHOSEN_MAX];     /* not advertised, but so many more specific ones are */
	size_t missing;        /* of the chosen */
	count_t others;
	struct err why;        /* not known: why */
};

/* `sessions`: the families of the neighbor; only those with chosen prefixes are asked.  -1 when the answer broke off;
 * an OS that cannot tell is no error but not known. */
int announced_read(const struct act_io *io, const struct session *const *sessions, size_t count, struct chosen c,
    struct announced *out, struct err *e);

/* Of PROOF_PREFIXES_GONE and PROOF_PREFIXES_BACK the part that the routes tell; `words`: what was seen. */
enum proof_finding announced_judge(const struct plan_item *item, const struct announced *now, struct str *words);
/* Fewer others than a table changes by itself in that time. */
bool announced_lost_others(count_t before, count_t now);

#endif
