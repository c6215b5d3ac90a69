/* The file of kept answers; see core/model/answers.h. */
#include "core/model/answers.h"
#include "backends/store/sqlite_db.h"
#include "core/base/mem.h"

#include <stdlib.h>

enum { SCHEMA = 1 };

static int make_tables(sqlite3 *db, struct err *e)
{
	return db_exec(db, "CREATE TABLE IF NOT EXISTS answer (source TEXT NOT NULL, key TEXT NOT NULL, at_ms INTEGER NOT NULL,"
			   " body BLOB NOT NULL, PRIMARY KEY (source, key));", e);
}
static const struct db_schema schema = { SCHEMA, make_tables };

struct answers {
	sqlite3 *db; /* NULL: nothing is kept */
	char *path;
};

static void open_file(struct answers *a)
{
	enum db_fault fault = DB_FINE;

	a->db = db_open(a->path, &schema, &fault, NULL);
	if (a->db == NULL && fault == DB_DAMAGED) {
		db_set_aside(a->path);
		a->db = db_open(a->path, &schema, &fault, NULL);
	}
	if (a->db != NULL) /* what is lost with the power is asked again */
		db_exec(a->db, "PRAGMA synchronous=NORMAL;", NULL);
}

struct answers *answers_open(const char *dir)
{
	struct answers *a = MEM_NEW(struct answers);

	if (dir == NULL)
		return a;
	a->path = mem_printf("%s/answers.db", dir);
	open_file(a);
	return a;
}

void answers_close(struct answers *a)
{
	if (a == NULL)
		return;
	sqlite3_close(a->db);
	free(a->path);
	free(a);
}

/* Prepared, source and key bound; NULL without a file. */
static sqlite3_stmt *prepare(struct answers *a, const char *sql, const char *source, const char *key)
{
	sqlite3_stmt *st = a->db != NULL ? db_prepare(a->db, sql, NULL) : NULL;

	if (st != NULL) {
		sqlite3_bind_text(st, 1, source, -1, SQLITE_STATIC);
		sqlite3_bind_text(st, 2, key, -1, SQLITE_STATIC);
	}
	return st;
}

/* Ends a statement; damage that shows only now costs the file. */
static bool finish(struct answers *a, sqlite3_stmt *st, bool good)
{
	bool damaged = st != NULL && !good && db_fault_of(sqlite3_errcode(a->db)) == DB_DAMAGED;

	sqlite3_finalize(st);
	if (damaged) {
		sqlite3_close(a->db);
		db_set_aside(a->path);
		open_file(a);
	}
	return good;
}

bool answers_put(struct answers *a, const char *source, const char *key, int64_t at_wall_ms, struct slice body)
{
	sqlite3_stmt *st = prepare(a, "INSERT OR REPLACE INTO answer (source, key, at_ms, body) VALUES (?1, ?2, ?3, ?4)", source, key);

	if (st == NULL)
		return false;
	sqlite3_bind_int64(st, 3, at_wall_ms);
	sqlite3_bind_blob64(st, 4, body.p, body.len, SQLITE_STATIC);
	return finish(a, st, sqlite3_step(st) == SQLITE_DONE);
}

bool answers_get(struct answers *a, const char *source, const char *key, int64_t *at_wall_ms, struct str *body)
{
	sqlite3_stmt *st = prepare(a, "SELECT at_ms, body FROM answer WHERE source = ?1 AND key = ?2", source, key);
	bool found = false;
	int rc;

	if (st == NULL)
		return false;
	rc = sqlite3_step(st);
	if (rc == SQLITE_ROW) {
		const char *p = sqlite3_column_blob(st, 1);

		*at_wall_ms = sqlite3_column_int64(st, 0);
		found = p != NULL && str_add(body, p, (size_t)sqlite3_column_bytes(st, 1)) == 0;
	}
	finish(a, st, rc == SQLITE_ROW || rc == SQLITE_DONE);
	return found;
}

void answers_forget(struct answers *a, const char *source, int64_t before_wall_ms)
{
	sqlite3_stmt *st = a->db != NULL ? db_prepare(a->db, "DELETE FROM answer WHERE source = ?1 AND at_ms < ?2", NULL) : NULL;

	if (st == NULL)
		return;
	sqlite3_bind_text(st, 1, source, -1, SQLITE_STATIC);
	sqlite3_bind_int64(st, 2, before_wall_ms);
	finish(a, st, sqlite3_step(st) == SQLITE_DONE);
}
