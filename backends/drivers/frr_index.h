/*
 * frr_index - `show running-config` read once, so that a thousand neighbors are looked up and not searched for.
 */
#ifndef PEERDECK_DRIVERS_FRR_INDEX_H
#define PEERDECK_DRIVERS_FRR_INDEX_H

#include "core/act/recipe.h"
#include "core/base/mem.h"
#include "core/base/scan.h"

/* A `neighbor` line of a BGP instance. */
struct frr_line {
	struct slice vrf, asn; /* of its `router bgp` */
	struct scan rest;      /* behind the neighbor's name */
	struct slice family;   /* "ipv4 unicast"; len 0: outside of one */
	bool no;               /* the line takes a default away: "no neighbor X send-community" */
};
/* A prefix-list: how it is defined. */
struct frr_list {
	unsigned lines;
	bool exact; /* one line, `seq 5 deny any` */
	struct slice text; /* from its first line to its last; len 0: not defined */
};

struct frr_index;
struct frr_index *frr_index_new(struct arena *a, const char *config);
/* Of the context's first answer: kept in its memo where it has one. */
struct frr_index *frr_index_of(const struct act_context *ctx);
/* The first line about a neighbor (an address as addr_print writes it) or a peer group; NULL none. */
const struct frr_line *frr_index_neighbor(const struct frr_index *x, const char *vrf, struct slice name);
const struct frr_line *frr_index_next(const struct frr_index *x, const struct frr_line *l);
/* version 4: ip, 6: ipv6. */
struct frr_list frr_index_list(const struct frr_index *x, int version, const char *name);
/* Is a route-map of this name defined?  `called`: the first that it calls, len 0 none; may be NULL. */
bool frr_index_map(const struct frr_index *x, const char *name, struct slice *called);
/* Places that use the list of this name (neighbors, groups, route-maps), its definition not counted. */
unsigned frr_index_uses(const struct frr_index *x, const char *name);

/* A sum over the first items of a planning, which only grows: each item is added once. */
struct frr_sum {
	const struct plan_item *of;
	size_t count;
	unsigned sum;
};
struct frr_sum *frr_index_sum(struct frr_index *x);

#endif
