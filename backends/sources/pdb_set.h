/*
 * pdb_set - rows of the store as a frozen set of networks and exchanges.
 */
#ifndef PEERDECK_SOURCES_PDB_SET_H
#define PEERDECK_SOURCES_PDB_SET_H

#include "core/model/peer.h"
#include "core/model/store.h"

/* The networks of these ASNs (any order, may repeat) and all exchanges that the store knows; one reference.
 * What cannot be read is left out and *e says why: the set is never NULL. */
struct peer_set *pdb_load(struct store *s, const asn_t *asns, size_t n, struct err *e);

#endif
