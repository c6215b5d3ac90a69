/*
 * sqlite_store - the inside of the embedded store, shared by the files of this room.
 *
 *	sqlite.c         opening, healing, transactions
 *	sqlite_rows.c    rows of PeeringDB
 *	sqlite_asked.c   what was asked, and how far tables were read
 */
#ifndef PEERDECK_STORE_SQLITE_STORE_H
#define PEERDECK_STORE_SQLITE_STORE_H

#include "backends/store/sqlite_db.h"
#include "core/model/store.h"

struct store {
	sqlite3 *db;
	char *path; /* NULL: memory only, by wish or by need */
	enum db_fault fault;
	bool open_tx;
	char note[400];
	sqlite3_stmt *put[PDB_TAGS];
	sqlite3_stmt *fill[PDB_TAGS]; /* plain inserts into a table that was empty; NULL: not that */
};

/* Remembers the kind of the last failure for store_heal and reports it.  Returns -1. */
int sqlite_fail(struct store *s, struct err *e);
/* Prepares and binds integers from ?1 on; NULL and an error if that fails. */
sqlite3_stmt *sqlite_query(struct store *s, const char *sql, const int64_t *args, int n, struct err *e);
/* Runs and ends a statement that returns no row; NULL is a failure told before. */
int sqlite_finish(struct store *s, sqlite3_stmt *st, struct err *e);

#endif
