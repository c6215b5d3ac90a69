/*
 * pdb_tables - whole tables of PeeringDB, and later only what changed in them.
 *
 * The first time a table is read whole: from the API, or from the public dump
 * (files TAG-0.json, by URL or in a directory).  From then on the API is asked for what
 * was created, changed or deleted since one second before the newest `updated` seen;
 * contacts have a watermark of their own with a key, or hidden ones would never
 * arrive.  All answers are first brought onto disk (pdb_spool), then stored in
 * one transaction: whatever ends a sync in the middle leaves the old data whole.
 */
#ifndef PEERDECK_SOURCES_PDB_TABLES_H
#define PEERDECK_SOURCES_PDB_TABLES_H

#include "backends/sources/pdb_ask.h"
#include "backends/sources/pdb_tables_put.h"

struct pdb_tables_how {
	bool whole;       /* read all of every table, whatever is there */
	const char *from; /* NULL: the API; a URL or a directory of dump files (then whole) */
};

/* ask may be NULL if `from` is a directory.  data_dir: where downloads are kept meanwhile.  -1: nothing was stored. */
int pdb_tables(struct pdb_ask *ask, struct store *store, const char *data_dir, const struct pdb_tables_how *how,
    const struct pdb_tables_ops *ops, struct pdb_tables_sum *sum, struct err *e);

/* True if the table was read whole by a sync: a row that is not there does not exist. */
bool pdb_table_whole(struct store *store, enum pdb_tag tag, int64_t *at_wall_ms);

#endif
