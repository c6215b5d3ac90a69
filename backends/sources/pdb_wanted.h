/*
 * pdb_wanted - what is to be known of PeeringDB, and whom to tell: the input of a sync.
 */
#ifndef PEERDECK_SOURCES_PDB_WANTED_H
#define PEERDECK_SOURCES_PDB_WANTED_H

#include "core/model/net.h"

struct pdb_wanted {
	const asn_t *asns; /* any order, may repeat */
	size_t asn_count;
	const struct addr *addrs; /* neighbor addresses */
	size_t addr_count;
	asn_t local_as;    /* its exchanges are read too; ASN_UNKNOWN none */
	unsigned refresh_s; /* 0: all is asked again */
};

struct pdb_sync_ops {
	/* Something was stored: a console may show it.  May be NULL. */
	void (*stored)(void *arg);
	/* One line about what is going on.  May be NULL. */
	void (*progress)(void *arg, const char *words);
	void *arg;
};

#endif
