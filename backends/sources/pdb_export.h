/*
 * pdb_export - the cache as snapshot files, for networks without internet.
 *
 * What pdb_import reads: a directory of TAG-0.json in the API's form, or one file with an object
 * keyed by tag.  meta.generated is the age of the oldest row, so that no row looks
 * younger elsewhere than it is; meta.with_key says that contacts were read with a key.
 * Importing into an empty cache and exporting again gives the same octets.
 * Files appear under their names only when they are complete.
 */
#ifndef PEERDECK_SOURCES_PDB_EXPORT_H
#define PEERDECK_SOURCES_PDB_EXPORT_H

#include "core/model/store.h"

/* A path that ends in .json is one file, anything else a directory (made if needed).  rows: per tag, may be NULL. */
int pdb_export(struct store *s, const char *path, size_t rows[PDB_TAGS], struct err *e);

#endif
