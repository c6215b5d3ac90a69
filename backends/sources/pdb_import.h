/*
 * pdb_import - snapshots of PeeringDB from files, for networks without internet.
 *
 * Reads NAME.json, NAME-0.json and the same with .gz, NAME being a tag, each
 * in the API's form; and files that hold one object keyed by tag.  A directory
 * stands for all such files in it.  All of it is stored in one transaction: an import that breaks
 * off leaves the former data whole.  Rows older than what is stored do not replace it.
 */
#ifndef PEERDECK_SOURCES_PDB_IMPORT_H
#define PEERDECK_SOURCES_PDB_IMPORT_H

#include "core/model/store.h"

struct pdb_import_ops {
	void (*progress)(void *arg, const char *words); /* may be NULL */
	void (*fault)(void *arg, const char *words);    /* "net.json: row 17: ..."; may be NULL */
	void *arg;
};

struct pdb_import_sum {
	size_t files;
	size_t rows[PDB_TAGS], changed[PDB_TAGS]; /* read; of these new or newer */
	size_t dropped, faults;
};

int pdb_import(struct store *s, const char *const *paths, size_t n, const struct pdb_import_ops *ops,
    struct pdb_import_sum *sum, struct err *e);

#endif
