/*
 * pdb_sync - from "these networks and addresses are seen" to rows in the store.
 *
 * Asks as little as possible: networks in batches of 150, their contacts and
 * ports by the same batches, then only those exchanges that our own network
 * or a seen neighbor address is on.  The list of all peering LANs (one question) is
 * read only if a neighbor address is still on none.  What was read, also that a network is not
 * there, is not asked again before `refresh_s`.  Each batch is stored as a
 * whole or not at all.
 */
#ifndef PEERDECK_SOURCES_PDB_SYNC_H
#define PEERDECK_SOURCES_PDB_SYNC_H

#include "backends/sources/pdb_ask.h"
#include "backends/sources/pdb_wanted.h"
#include "core/model/store.h"

/* -1: not all could be read; what was stored stays.  pdb_ask_state() has the words. */
int pdb_sync(struct pdb_ask *ask, struct store *store, const struct pdb_wanted *w,
    const struct pdb_sync_ops *ops, struct err *e);

#endif
