/*
 * frr_neighbor - one neighbor while it is being read.
 *
 * JSON and text tell a neighbor in the same order: something of the session,
 * then each address family, then the rest of the session.  So all is
 * collected here and joined to rows, one per family, when the neighbor ends.
 */
#ifndef PEERDECK_DRIVERS_FRR_NEIGHBOR_H
#define PEERDECK_DRIVERS_FRR_NEIGHBOR_H

#include "core/model/snap.h"

struct frr_family {
	struct session s;  /* what belongs to the family */
	struct str in, out; /* policies: "MAP, prefix-list LIST" */
};

struct frr_neighbor {
	struct snap_builder *b;
	bool adds; /* rows may be added: when read alone, not beside a summary that has shown them */
	struct str vrf, name;
	struct session all;       /* what belongs to the session */
	struct text due_to;       /* why it was last reset */
	int64_t up_s, reset_s;    /* since it came up; since the last reset; -1 unknown */
	bool overflow;            /* says that its limit was passed */
	struct frr_family *parts; /* one per family */
	struct frr_family *part;  /* the one being read, or NULL */
	size_t count, cap;
};

void frr_neighbor_init(struct frr_neighbor *n, struct snap_builder *b, bool adds);
void frr_neighbor_fini(struct frr_neighbor *n);
/* Forgets the former neighbor and takes a new one's name; vrf stays. */
void frr_neighbor_begin(struct frr_neighbor *n, struct slice name);
/* A family begins: n->part is set to it. */
void frr_neighbor_family(struct frr_neighbor *n, struct slice family);
void frr_neighbor_policy(struct str *list, const char *kind, struct slice name);
/* Joins to the rows; counts a row as parsed if a state was read. */
void frr_neighbor_end(struct frr_neighbor *n);

#endif
