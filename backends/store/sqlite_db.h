/*
 * sqlite_db - database files: opening, the cache's schema, and what SQLite's result codes mean to us.
 *
 * The only includer of sqlite3.h; the room's other files see it through here.
 */
#ifndef PEERDECK_STORE_SQLITE_DB_H
#define PEERDECK_STORE_SQLITE_DB_H

#include "core/base/err.h"
#include "core/model/pdbrow.h"

#include <sqlite3.h>
#include <stdbool.h>

/* Raise it together with a change of the schema or of pdb_kinds; db_migrate brings older files up. */
enum { DB_SCHEMA = 2 };

enum db_fault {
	DB_FINE = 0,
	DB_DAMAGED,    /* not a database, or a malformed one */
	DB_UNWRITABLE, /* full, read-only, no access, I/O error */
	DB_NEWER,      /* made by a newer peerdeck */
	DB_FAILED,     /* anything else: busy too long, a fault of ours */
};
enum db_fault db_fault_of(int code);

/* What a file of one purpose holds. */
struct db_schema {
	int version; /* user_version of a file that is up to date */
	int (*migrate)(sqlite3 *db, struct err *e); /* makes the tables, or gives older ones what they lack; in a transaction */
};
extern const struct db_schema db_cache_schema;

/* Opens for reading and writing, in WAL mode with synchronous=FULL, and brings the schema up to date.
 * On failure nothing is open and *fault says which kind it is. */
sqlite3 *db_open(const char *path, const struct db_schema *schema, enum db_fault *fault, struct err *e);
/* Closes (NULL is fine).  Who only read, of a file that has no log of changes beside it, leaves the empty log and its index there: to
 * take them away and make them anew would be most of what a look-up costs. */
void db_close(sqlite3 *db);
/* Renames a damaged file and what belongs to it to PATH.damaged: one is kept for whoever wants to look, an older one
 * gives way to it. */
void db_set_aside(const char *path);
/* An empty database in memory, with the schema. */
sqlite3 *db_open_memory(const struct db_schema *schema);
/* Opens an existing file for reading only, as far as possible; NULL if it cannot be. */
sqlite3 *db_open_readonly(const char *path, const struct db_schema *schema);
/* A file that somebody has just made: nothing is in it yet, not even the tables. */
bool db_is_blank(const char *path);
/* Copies all of `from` into `to`. */
int db_copy(sqlite3 *to, sqlite3 *from);

/* Makes or takes away the indexes of a kind's table. */
int db_index_make(sqlite3 *db, const struct pdb_kind *k, struct err *e);
int db_index_drop(sqlite3 *db, const struct pdb_kind *k, struct err *e);

int db_exec(sqlite3 *db, const char *sql, struct err *e);
/* NULL and an error if it cannot be prepared. */
sqlite3_stmt *db_prepare(sqlite3 *db, const char *sql, struct err *e);
/* Sets "cache: ..." from the connection's last error. Returns -1. */
int db_err(sqlite3 *db, struct err *e);

#endif
