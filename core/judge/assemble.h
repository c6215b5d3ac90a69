/*
 * assemble - evidence out of what the console sees anyway: sessions, PeeringDB, the contact book.
 *
 * Collectors (prefixes, registries, counters, probes) add theirs afterwards.
 */
#ifndef PEERDECK_JUDGE_ASSEMBLE_H
#define PEERDECK_JUDGE_ASSEMBLE_H

#include "core/judge/evidence.h"
#include "core/model/world.h"

struct assemble_input {
	const struct world *w;
	const struct world_session *const *rows; /* the network's, any number */
	size_t row_count;
	const struct book *book;   /* NULL: no contact book */
	const struct calls *calls; /* NULL: none known */
};

/* Begins the evidence about asn and puts in what the world has. */
void evidence_assemble(struct evidence *ev, struct arena *a, asn_t asn, const struct assemble_input *in);

/* The addresses of `them` on LANs where `us` is too, against the sessions in ev.  Also for who judges us. */
void evidence_meet(struct evidence *ev, const struct peer *us, const struct peer *them);

/* Our own case as the peer's policy sees it: what we advertise is what it receives, its PeeringDB row is ours.  What
 * only the peer can see (its limits, its filters) is unknown. */
void evidence_mirror(const struct evidence *ev, const struct peer_set *peers, const struct ladder *ours, struct evidence *out, struct arena *a);

#endif
