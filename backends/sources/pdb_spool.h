/*
 * pdb_spool - downloads that are kept on disk until all of them are there.
 *
 * A sync reads up to thirteen tables, seconds apart, and stores them at one
 * go.  Until then each answer is a file of its own under <data_dir>/sync: memory stays
 * small, the cache is locked for the storing only, and a sync that broke off goes on with
 * what it has instead of asking again (the server gives a large answer once an
 * hour).  Only one process syncs at a time.
 */
#ifndef PEERDECK_SOURCES_PDB_SPOOL_H
#define PEERDECK_SOURCES_PDB_SPOOL_H

#include "backends/sources/http.h"

struct pdb_spool;

/* Takes the directory for this process (ERR_REFUSED: another has it) and removes what is unfinished or too old. */
struct pdb_spool *pdb_spool_open(const char *data_dir, struct err *e);
void pdb_spool_close(struct pdb_spool *s); /* the finished files stay; NULL is fine */

/* The path of a finished download of this name that is still young enough; NULL if there is none.  Caller frees. */
char *pdb_spool_find(const struct pdb_spool *s, const char *name);
/* Begins a download; its sink writes to it. */
int pdb_spool_begin(struct pdb_spool *s, const char *name, struct http_sink *sink, struct err *e);
/* Octets that came so far.  Any thread. */
long long pdb_spool_octets(const struct pdb_spool *s);
/* Ends the download: whole and on disk (the path, caller frees), or dropped.  NULL and an error if it cannot be kept, or
 * if it does not begin and end like JSON. */
char *pdb_spool_keep(struct pdb_spool *s, struct err *e);
void pdb_spool_drop(struct pdb_spool *s);
/* Removes every finished download: they are stored. */
void pdb_spool_clear(struct pdb_spool *s);

#endif
