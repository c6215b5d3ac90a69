/*
 * The embedded store; the contract is core/model/store.h.
 *
 * A failure is first remembered by its kind, then reported: whoever drives
 * the store asks store_heal() between two transactions, which sets a damaged
 * file aside or leaves an unwritable one for memory.  So no caller has to know what
 * SQLite's codes mean, and no failure of a disk reaches the console as more
 * than one line.
 */
#include "backends/store/sqlite_store.h"
#include "core/base/mem.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

int sqlite_fail(struct store *s, struct err *e)
{
	enum db_fault f = db_fault_of(sqlite3_errcode(s->db));

	if (f != DB_FINE && s->fault != DB_DAMAGED)
		s->fault = f;
	return db_err(s->db, e);
}

static int run(struct store *s, const char *sql, struct err *e)
{
	return sqlite3_exec(s->db, sql, NULL, NULL, NULL) == SQLITE_OK ? 0 : sqlite_fail(s, e);
}

sqlite3_stmt *sqlite_query(struct store *s, const char *sql, const int64_t *args, int n, struct err *e)
{
	sqlite3_stmt *st = db_prepare(s->db, sql, NULL);

	if (st == NULL) {
		sqlite_fail(s, e);
		return NULL;
	}
	for (int i = 0; i < n; i++)
		sqlite3_bind_int64(st, i + 1, args[i]);
	return st;
}

int sqlite_finish(struct store *s, sqlite3_stmt *st, struct err *e)
{
	int rc = st == NULL || sqlite3_step(st) == SQLITE_DONE ? 0 : sqlite_fail(s, e);

	sqlite3_finalize(st);
	return st == NULL ? -1 : rc;
}

sqlite3_stmt *sqlite_kept(struct store *s, sqlite3_stmt **slot, const char *sql, struct err *e)
{
	sqlite3_stmt *st = *slot;

	*slot = NULL;
	return st != NULL ? st : sqlite_query(s, sql, NULL, 0, e);
}

void sqlite_keep(sqlite3_stmt **slot, sqlite3_stmt *st)
{
	sqlite3_reset(st);
	if (*slot == NULL)
		*slot = st;
	else
		sqlite3_finalize(st); /* a visit asked the same meanwhile */
}

/* --- opening and healing ----------------------------------------------------------- */

static int make_directory(const char *dir, struct err *e)
{
	char *path = mem_strdup(dir);
	int rc = 0;

	for (char *p = path + 1; rc == 0; p++) {
		bool last = *p == '\0';

		if (*p != '/' && !last)
			continue;
		*p = '\0';
		if (mkdir(path, 0700) < 0 && errno != EEXIST)
			rc = err_errno(e, ERR_IO, "%s", path);
		if (last)
			break;
		*p = '/';
	}
	free(path);
	return rc;
}

static void stay_in_memory(struct store *s, const char *why)
{
	sqlite3 *old = s->db, *file = NULL;

	s->db = db_open_memory(&db_cache_schema);
	if (s->path != NULL && s->fault != DB_NEWER) {
		file = old != NULL ? old : db_open_readonly(s->path, &db_cache_schema);
		if (file != NULL && db_copy(s->db, file) < 0) {
			sqlite3_close(s->db); /* half a copy is worse than none */
			s->db = db_open_memory(&db_cache_schema);
		}
	}
	sqlite3_close(file);
	snprintf(s->note, sizeof(s->note), "cache kept in memory only: %.60s%s%.300s",
	    s->path != NULL ? s->path : "", s->path != NULL ? ": " : "", why);
	free(s->path);
	s->path = NULL;
}

static void open_path(struct store *s)
{
	struct err e = ERR_INIT;

	s->db = db_open(s->path, &db_cache_schema, &s->fault, &e);
	if (s->fault == DB_DAMAGED) {
		db_set_aside(s->path);
		snprintf(s->note, sizeof(s->note), "cache was damaged (%.80s); set aside as %.200s.damaged, "
		    "a new one is being filled", e.text, s->path);
		err_clear(&e);
		s->db = db_open(s->path, &db_cache_schema, &s->fault, &e);
	}
	if (s->db == NULL)
		stay_in_memory(s, e.text);
	s->fault = DB_FINE;
}

struct store *store_open(const char *dir)
{
	struct store *s = MEM_NEW(struct store);
	struct err e = ERR_INIT;

	if (dir == NULL) {
		s->db = db_open_memory(&db_cache_schema);
		return s;
	}
	if (make_directory(dir, &e) < 0) {
		stay_in_memory(s, e.text);
		return s;
	}
	s->path = mem_printf("%s/cache.db", dir);
	open_path(s);
	return s;
}

static void drop(sqlite3_stmt **st)
{
	sqlite3_finalize(*st);
	*st = NULL;
}

static void drop_statements(struct store *s)
{
	for (int i = 0; i < PDB_TAGS; i++) {
		drop(&s->put[i]);
		drop(&s->fill[i]);
		for (size_t k = 0; k < ARRAY_LEN(s->rows[i]); k++)
			drop(&s->rows[i][k]);
	}
	drop(&s->marks);
	drop(&s->reading);
	drop(&s->mark);
	drop(&s->asked);
}

void store_close(struct store *s)
{
	if (s == NULL)
		return;
	store_rollback(s);
	drop_statements(s);
	db_close(s->db);
	free(s->path);
	free(s);
}

const char *store_note(const struct store *s)
{
	return s->note;
}

bool store_heal(struct store *s)
{
	enum db_fault fault = s->fault;
	char why[200];

	if (s->path == NULL || (fault != DB_DAMAGED && fault != DB_UNWRITABLE))
		return false;
	snprintf(why, sizeof(why), "%s", sqlite3_errmsg(s->db));
	store_rollback(s);
	drop_statements(s);
	s->fault = DB_FINE;
	if (fault == DB_UNWRITABLE) {
		stay_in_memory(s, why);
		return true;
	}
	sqlite3_close(s->db);
	s->db = NULL;
	db_set_aside(s->path);
	snprintf(s->note, sizeof(s->note), "cache was damaged (%.80s); set aside as %.200s.damaged, a new one "
	    "is being filled", why, s->path);
	open_path(s);
	return true;
}

/* --- transactions ------------------------------------------------------------------ */

int store_begin(struct store *s, struct err *e)
{
	/* At once for writing: a reader that turns writer could not wait for another writer. */
	if (run(s, "BEGIN IMMEDIATE", e) < 0)
		return -1;
	s->open_tx = true;
	return 0;
}

int store_commit(struct store *s, struct err *e)
{
	if (run(s, "COMMIT", e) < 0) {
		store_rollback(s);
		return -1;
	}
	s->open_tx = false;
	return 0;
}

void store_rollback(struct store *s)
{
	for (int i = 0; i < PDB_TAGS; i++)
		drop(&s->fill[i]);
	if (s->open_tx)
		sqlite3_exec(s->db, "ROLLBACK", NULL, NULL, NULL);
	s->open_tx = false;
}

void store_read_begin(struct store *s)
{
	/* Fails only if there is a transaction already; then all is read within that. */
	if (s->readers++ == 0 && !s->open_tx)
		sqlite3_exec(s->db, "BEGIN", NULL, NULL, NULL);
}

void store_read_end(struct store *s)
{
	if (--s->readers == 0 && !s->open_tx && !sqlite3_get_autocommit(s->db))
		sqlite3_exec(s->db, "COMMIT", NULL, NULL, NULL);
}
