/*
 * peerconf - what a router's running configuration says about one neighbor.
 *
 * For the CLIs whose configuration nests by indentation: IOS and EOS write
 * "neighbor X statement" in each block, NX-OS and IOS XR open a block per
 * neighbor.  One walk reads both: what a line means follows from its own
 * words and from those of the lines that it stands under.
 */
#ifndef PEERDECK_DRIVERS_PEERCONF_H
#define PEERDECK_DRIVERS_PEERCONF_H

#include "core/model/session.h"

enum { PEERCONF_FAMILIES = 2, PEERCONF_GROUPS = 6 }; /* families: IPv4 and IPv6 unicast */

enum peerconf_kind { PEERCONF_LIST, PEERCONF_MAP, PEERCONF_POLICY, PEERCONF_KINDS };

/* A single place of the out side: prefix-list, route-map, route-policy. */
struct peerconf_slot {
	struct slice name;      /* len 0: free */
	bool top;               /* stands at the neighbor itself, not in an address-family */
	struct slice inherited; /* of a group or template, while the neighbor has none */
};

struct peerconf_family {
	bool block; /* the neighbor stands in a block of this address family */
	bool distribute;      /* distribute-list or filter-list out, its own or inherited */
	bool gshut_community; /* send-community-gshut-ebgp */
	struct peerconf_slot slot[PEERCONF_KINDS];
};

struct peerconf {
	bool found;
	struct slice asn; /* of the `router bgp`, as written */
	bool asn_in_path; /* VyOS 1.3: "protocols bgp 64500 ..." */
	struct slice group[PEERCONF_GROUPS]; /* peer-groups, templates, what those inherit in turn */
	size_t groups;
	bool shutdown, group_shutdown;
	bool graceful; /* graceful-shutdown or graceful-maintenance is active */
	struct peerconf_family family[PEERCONF_FAMILIES];
};

/* Reads a running configuration, or its part about BGP.  Slices point into it. */
void peerconf_read(const char *config, const struct session *s, struct peerconf *out);

/* 0 IPv4, 1 IPv6 unicast (of a VRF too); -1 for a family whose out side is not handled. */
int peerconf_index(enum afi_safi family);

enum peerconf_list { PEERCONF_NO_LIST, PEERCONF_DENIES_ALL, PEERCONF_OTHER_LIST };
/* A prefix-list (version 4, 6): denies all only if every entry denies and one of them takes every prefix. */
enum peerconf_list peerconf_prefix_list(const char *config, int version, const char *name);
/* An XR route-policy: denies all only if `drop` is all that it says. */
enum peerconf_list peerconf_route_policy(const char *config, const char *name);
/* Whether a route-map of this name is defined. */
bool peerconf_has_map(const char *config, const char *name);

#endif
