/*
 * frr_slots - what the running configuration says about one neighbor, as far as acting needs it.
 */
#ifndef PEERDECK_DRIVERS_FRR_SLOTS_H
#define PEERDECK_DRIVERS_FRR_SLOTS_H

#include "backends/drivers/frr_index.h"
#include "core/model/session.h"

enum { FRR_SLOTS = 6 };

/* One address family's out side. */
struct frr_slot {
	struct slice list;       /* prefix-list NAME out; len 0 none */
	bool distribute;         /* distribute-list ... out: excludes a prefix-list */
	struct slice map;        /* route-map NAME out */
	struct slice group_list; /* the same of its peer-group, inherited while the neighbor has none */
	bool group_distribute;
	struct slice group_map;
};

struct frr_slots {
	bool found;          /* the neighbor stands in an instance of that VRF */
	struct slice asn;    /* of that `router bgp`, as written */
	struct slice group;
	bool shutdown, group_shutdown;
	bool silent;          /* no send-community, its own or its group's */
	struct slice message; /* behind `shutdown message` */
	struct frr_slot slot[FRR_SLOTS];
};

/* Slices point into the configuration. */
void frr_slots_read(const struct frr_index *x, const struct session *s, struct frr_slots *out);

/* Index of a family's slot, -1 for a family whose routes no prefix-list can hold back. */
int frr_slots_index(enum afi_safi family);
const char *frr_slots_family(int index); /* "ipv4 unicast" */
int frr_slots_version(int index);        /* 4, 6 */

#endif
