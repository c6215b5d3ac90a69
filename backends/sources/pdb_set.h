/*
 * pdb_set - rows of the store as a frozen set of networks and exchanges.
 */
#ifndef PEERDECK_SOURCES_PDB_SET_H
#define PEERDECK_SOURCES_PDB_SET_H

#include "core/model/peer.h"
#include "core/model/store.h"

/* The networks of these ASNs (any order, may repeat) and our own (ASN_UNKNOWN: none), and all exchanges that the
 * store knows; one reference.  What cannot be read is left out and *e says why: the set is never NULL. */
struct peer_set *pdb_load(struct store *s, const asn_t *asns, size_t n, asn_t own, struct err *e);
/* The same with only those exchanges that the networks have a port at: for one look-up. */
struct peer_set *pdb_load_only(struct store *s, const asn_t *asns, size_t n, asn_t own, struct err *e);

#endif
