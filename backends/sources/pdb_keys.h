/*
 * pdb_keys - a set of row ids or AS numbers: gathered, then sorted, then searched.
 */
#ifndef PEERDECK_SOURCES_PDB_KEYS_H
#define PEERDECK_SOURCES_PDB_KEYS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct pdb_keys {
	int64_t *p; /* freed by the owner */
	size_t n, cap;
};

void pdb_keys_add(struct pdb_keys *k, int64_t v);
/* Sorts and drops repetitions. */
void pdb_keys_sort(struct pdb_keys *k);
bool pdb_keys_hold(const struct pdb_keys *k, int64_t v); /* of a sorted set */

#endif
