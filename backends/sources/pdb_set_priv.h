/*
 * pdb_set_priv - the inside of loading a peer_set, shared by its files.
 *
 *	pdb_set.c         the whole, and what is absent
 *	pdb_set_net.c     networks with their contacts, ports and facilities
 *	pdb_set_place.c   exchanges and facilities
 */
#ifndef PEERDECK_SOURCES_PDB_SET_PRIV_H
#define PEERDECK_SOURCES_PDB_SET_PRIV_H

#include "backends/sources/pdb_keys.h"
#include "core/model/peer.h"
#include "core/model/store.h"

struct pdb_loading {
	struct store *store;
	struct peer_set *set;
	struct peer *peers;
	size_t peer_count, peer_cap;
	struct exchange *exchanges;
	size_t exchange_count, exchange_cap;
	struct facility *facilities;
	size_t facility_count, facility_cap;
	struct pdb_keys ix_ids, fac_ids; /* that the networks name */
	/* Of the one network or exchange being read. */
	struct contact *contacts;
	size_t contact_count, contact_cap;
	struct presence *ports;
	size_t port_count, port_cap;
	struct site *sites;
	size_t site_count, site_cap;
	struct prefix *prefixes;
	size_t prefix_count, prefix_cap;
};

/* A field made safe; unknown where null. */
struct text pdb_text_of(const struct pdb_loading *l, const struct pdb_row *row, const char *field);
enum tri pdb_tri_of(const struct pdb_row *row, const char *field);
void *pdb_arena_copy(const struct pdb_loading *l, const void *from, size_t n, size_t size);

/* The networks of these ASNs (sorted), with what belongs to them. */
int pdb_load_nets(struct pdb_loading *l, const int64_t *asns, size_t n, struct err *e);
/* Exchanges (all, or those of l->ix_ids) and the facilities of l->fac_ids. */
int pdb_load_places(struct pdb_loading *l, bool all, struct err *e);

#endif
