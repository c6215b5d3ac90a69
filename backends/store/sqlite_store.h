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
	/* Kept, for preparing costs more than finding: by the column that rows are looked up by; the last place is for whole
	 * tables.  NULL: not prepared, or in use. */
	sqlite3_stmt *rows[PDB_TAGS][PDB_FIELDS_MAX + 1];
	sqlite3_stmt *marks, *reading, *mark, *asked;
	unsigned readers; /* store_read_begin that have not ended */
};

/* Remembers the kind of the last failure for store_heal and reports it.  Returns -1. */
int sqlite_fail(struct store *s, struct err *e);
/* Prepares and binds integers from ?1 on; NULL and an error if that fails. */
sqlite3_stmt *sqlite_query(struct store *s, const char *sql, const int64_t *args, int n, struct err *e);
/* Runs and ends a statement that returns no row; NULL is a failure told before. */
int sqlite_finish(struct store *s, sqlite3_stmt *st, struct err *e);
/* A statement for reading that is kept in *slot: taken out of it, or prepared if there is none.  It goes back with
 * sqlite_keep, also after a failure. */
sqlite3_stmt *sqlite_kept(struct store *s, sqlite3_stmt **slot, const char *sql, struct err *e);
void sqlite_keep(sqlite3_stmt **slot, sqlite3_stmt *st);

#endif
