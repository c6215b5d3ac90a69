/*
 * pdb_place - the exchanges of our own network and of the seen addresses.
 *
 * Known ports tell most of them.  An address whose network names no port is
 * on a LAN all the same: the list of all prefixes (one question, half a megabyte)
 * finds it, and is asked for only when such an address is there.
 */
#ifndef PEERDECK_SOURCES_PDB_PLACE_H
#define PEERDECK_SOURCES_PDB_PLACE_H

#include "backends/sources/pdb_fetch.h"

/* Asks for what is missing or old, and stores it. */
int pdb_place(struct pdb_fetch *s, struct err *e);

#endif
