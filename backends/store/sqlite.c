/*
 * The embedded store; the contract is core/model/store.h.
 *
 * A failure is first remembered by its kind, then reported: whoever drives
 * the store asks store_heal() between two transactions, which sets a damaged
 * file aside or leaves an unwritable one for memory.  So no caller has to know what
 * SQLite's codes mean, and no failure of a disk reaches the console as more
 * than one line.
 */
#include "core/model/store.h"
#include "backends/store/sqlite_db.h"
#include "core/base/mem.h"
#include "core/base/scan.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct store {
	sqlite3 *db;
	char *path; /* NULL: memory only, by wish or by need */
	enum db_fault fault;
	bool open_tx;
	char note[400];
	sqlite3_stmt *put[PDB_TAGS];
};

/* Remembers the kind of the last failure and reports it.  Returns -1. */
static int fail(struct store *s, struct err *e)
{
	enum db_fault f = db_fault_of(sqlite3_errcode(s->db));

	if (f != DB_FINE && s->fault != DB_DAMAGED)
		s->fault = f;
	return db_err(s->db, e);
}

static int run(struct store *s, const char *sql, struct err *e)
{
	return sqlite3_exec(s->db, sql, NULL, NULL, NULL) == SQLITE_OK ? 0 : fail(s, e);
}

/* Prepares and binds integers; NULL and an error if that fails. */
static sqlite3_stmt *query(struct store *s, const char *sql, const int64_t *args, int n, struct err *e)
{
	sqlite3_stmt *st = db_prepare(s->db, sql, NULL);

	if (st == NULL) {
		fail(s, e);
		return NULL;
	}
	for (int i = 0; i < n; i++)
		sqlite3_bind_int64(st, i + 1, args[i]);
	return st;
}

/* Ends a statement that returns no row. */
static int finish(struct store *s, sqlite3_stmt *st, struct err *e)
{
	int rc = st == NULL || sqlite3_step(st) == SQLITE_DONE ? 0 : fail(s, e);

	sqlite3_finalize(st);
	return st == NULL ? -1 : rc;
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

static void move(const char *path, const char *suffix)
{
	char *from = mem_printf("%s%s", path, suffix), *to = mem_printf("%s.damaged%s", path, suffix);

	if (rename(from, to) < 0)
		unlink(to); /* an older -wal must not be taken for the newer file's */
	free(from);
	free(to);
}

/* One damaged file is kept for whoever wants to look; an older one gives way to it. */
static void set_aside(const char *path)
{
	move(path, "");
	move(path, "-wal");
	move(path, "-shm");
}

static void stay_in_memory(struct store *s, const char *why)
{
	sqlite3 *old = s->db, *file = NULL;

	s->db = db_open_memory();
	if (s->path != NULL && s->fault != DB_NEWER) {
		file = old != NULL ? old : db_open_readonly(s->path);
		if (file != NULL && db_copy(s->db, file) < 0) {
			sqlite3_close(s->db); /* half a copy is worse than none */
			s->db = db_open_memory();
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

	s->db = db_open(s->path, &s->fault, &e);
	if (s->fault == DB_DAMAGED) {
		set_aside(s->path);
		snprintf(s->note, sizeof(s->note), "cache was damaged (%.80s); set aside as %.200s.damaged, "
		    "a new one is being filled", e.text, s->path);
		err_clear(&e);
		s->db = db_open(s->path, &s->fault, &e);
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
		s->db = db_open_memory();
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

static void drop_statements(struct store *s)
{
	for (int i = 0; i < PDB_TAGS; i++) {
		sqlite3_finalize(s->put[i]);
		s->put[i] = NULL;
	}
}

void store_close(struct store *s)
{
	if (s == NULL)
		return;
	store_rollback(s);
	drop_statements(s);
	sqlite3_close(s->db);
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
	set_aside(s->path);
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
	if (s->open_tx)
		sqlite3_exec(s->db, "ROLLBACK", NULL, NULL, NULL);
	s->open_tx = false;
}

/* --- rows -------------------------------------------------------------------------- */

int store_reading_add(struct store *s, const struct store_reading *r, int64_t *id, struct err *e)
{
	const int64_t args[] = { r->at_wall_ms, r->with_key };
	sqlite3_stmt *st = query(s, "INSERT INTO reading (at_ms, with_key, origin) VALUES (?1, ?2, ?3)", args, 2, e);

	if (st != NULL)
		sqlite3_bind_text(st, 3, r->origin, -1, SQLITE_TRANSIENT);
	if (finish(s, st, e) < 0)
		return -1;
	*id = sqlite3_last_insert_rowid(s->db);
	return 0;
}

int store_reading_date(struct store *s, int64_t id, int64_t at_wall_ms, struct err *e)
{
	const int64_t args[] = { id, at_wall_ms };

	return finish(s, query(s, "UPDATE reading SET at_ms = ?2 WHERE id = ?1", args, 2, e), e);
}

/* INSERT ... ON CONFLICT for all columns of a kind; the last parameter is the reading. */
static sqlite3_stmt *prepare_put(struct store *s, enum pdb_tag tag, struct err *e)
{
	const struct pdb_kind *k = &pdb_kinds[tag];
	sqlite3_stmt *st;
	struct str sql;

	str_init(&sql, 0);
	str_addf(&sql, "INSERT INTO pdb_%s AS t (", k->tag);
	for (size_t i = 0; i < k->field_count; i++)
		str_addf(&sql, "\"%s\",", k->fields[i].name);
	str_puts(&sql, "reading) VALUES (");
	for (size_t i = 0; i < k->field_count; i++)
		str_puts(&sql, "?,");
	str_puts(&sql, "?) ON CONFLICT(id) DO UPDATE SET ");
	for (size_t i = 1; i < k->field_count; i++)
		str_addf(&sql, "\"%s\"=excluded.\"%s\",", k->fields[i].name, k->fields[i].name);
	str_puts(&sql, "reading=excluded.reading WHERE coalesce(excluded.updated,0) >= coalesce(t.updated,0)");
	st = query(s, sql.p, NULL, 0, e);
	str_fini(&sql);
	return st;
}

static void bind_value(sqlite3_stmt *st, int at, const struct pdb_value *v)
{
	switch (v->is) {
	case PDB_NULL:
		sqlite3_bind_null(st, at);
		break;
	case PDB_IS_INT:
		sqlite3_bind_int64(st, at, v->i);
		break;
	case PDB_IS_REAL:
		sqlite3_bind_double(st, at, v->r);
		break;
	case PDB_IS_TEXT:
		sqlite3_bind_text64(st, at, v->s.p, v->s.len, SQLITE_STATIC, SQLITE_UTF8);
		break;
	}
}

int store_put(struct store *s, const struct pdb_row *row, int64_t reading, bool *changed, struct err *e)
{
	int n = (int)pdb_kinds[row->tag].field_count, rc;
	sqlite3_stmt *st = s->put[row->tag];

	if (st == NULL)
		st = s->put[row->tag] = prepare_put(s, row->tag, e);
	if (st == NULL)
		return -1;
	for (int i = 0; i < n; i++)
		bind_value(st, i + 1, &row->v[i]);
	sqlite3_bind_int64(st, n + 1, reading);
	rc = sqlite3_step(st) == SQLITE_DONE ? 0 : fail(s, e);
	if (changed != NULL)
		*changed = rc == 0 && sqlite3_changes(s->db) > 0;
	sqlite3_reset(st);
	sqlite3_clear_bindings(st);
	return rc;
}

int store_drop(struct store *s, enum pdb_tag tag, int64_t id, struct err *e)
{
	char *sql = mem_printf("DELETE FROM pdb_%s WHERE id = ?1", pdb_kinds[tag].tag);
	int rc = finish(s, query(s, sql, &id, 1, e), e);

	free(sql);
	return rc;
}

static char *rows_sql(enum pdb_tag tag, const char *column)
{
	const struct pdb_kind *k = &pdb_kinds[tag];
	struct str sql;

	str_init(&sql, 0);
	str_puts(&sql, "SELECT ");
	for (size_t i = 0; i < k->field_count; i++)
		str_addf(&sql, "t.\"%s\",", k->fields[i].name);
	str_addf(&sql, "r.at_ms,r.with_key FROM pdb_%s t JOIN reading r ON r.id = t.reading "
	    "WHERE coalesce(t.status,'') <> 'deleted'", k->tag);
	if (column != NULL)
		str_addf(&sql, " AND t.\"%s\" = ?1", column);
	str_puts(&sql, " ORDER BY t.id");
	return sql.p;
}

static struct pdb_value column_value(sqlite3_stmt *st, int i)
{
	struct pdb_value v = { 0 };

	switch (sqlite3_column_type(st, i)) {
	case SQLITE_INTEGER:
		v.is = PDB_IS_INT;
		v.i = sqlite3_column_int64(st, i);
		break;
	case SQLITE_FLOAT:
		v.is = PDB_IS_REAL;
		v.r = sqlite3_column_double(st, i);
		break;
	case SQLITE_TEXT:
		v.is = PDB_IS_TEXT;
		v.s.p = (const char *)sqlite3_column_text(st, i);
		v.s.len = (size_t)sqlite3_column_bytes(st, i);
		break;
	default:
		break;
	}
	return v;
}

/* Walks one statement; 1 if a visit ended it. */
static int walk(struct store *s, sqlite3_stmt *st, enum pdb_tag tag,
    int (*visit)(void *arg, const struct pdb_row *row), void *arg, struct err *e)
{
	int n = (int)pdb_kinds[tag].field_count, rc;

	while ((rc = sqlite3_step(st)) == SQLITE_ROW) {
		struct pdb_row row = { .tag = tag };

		for (int i = 0; i < n; i++)
			row.v[i] = column_value(st, i);
		row.read_wall_ms = sqlite3_column_int64(st, n);
		row.with_key = sqlite3_column_int(st, n + 1) != 0;
		if (visit(arg, &row) != 0)
			return 1;
	}
	return rc == SQLITE_DONE ? 0 : fail(s, e);
}

int store_rows(struct store *s, enum pdb_tag tag, const char *column, const int64_t *keys, size_t n,
    int (*visit)(void *arg, const struct pdb_row *row), void *arg, struct err *e)
{
	sqlite3_stmt *st;
	char *sql;
	int rc = 0;

	if (column != NULL && pdb_field_find(tag, slice_of(column), -1) < 0)
		return err_set(e, ERR_USAGE, "%s has no field %s", pdb_kinds[tag].tag, column);
	sql = rows_sql(tag, column);
	st = query(s, sql, NULL, 0, e);
	free(sql);
	if (st == NULL)
		return -1;
	if (column == NULL)
		rc = walk(s, st, tag, visit, arg, e);
	for (size_t i = 0; column != NULL && rc == 0 && i < n; i++) {
		sqlite3_reset(st);
		sqlite3_bind_int64(st, 1, keys[i]);
		rc = walk(s, st, tag, visit, arg, e);
	}
	sqlite3_finalize(st);
	return rc < 0 ? -1 : 0;
}

int store_count(struct store *s, enum pdb_tag tag, size_t *count, int64_t *oldest_wall_ms,
    int64_t *newest_wall_ms, struct err *e)
{
	char *sql = mem_printf("SELECT count(*), coalesce(min(r.at_ms),-1), coalesce(max(r.at_ms),-1) FROM pdb_%s t "
	    "JOIN reading r ON r.id = t.reading WHERE coalesce(t.status,'') <> 'deleted'", pdb_kinds[tag].tag);
	sqlite3_stmt *st = query(s, sql, NULL, 0, e);
	int rc = st != NULL && sqlite3_step(st) == SQLITE_ROW ? 0 : fail(s, e);

	free(sql);
	if (rc == 0) {
		*count = (size_t)sqlite3_column_int64(st, 0);
		if (oldest_wall_ms != NULL)
			*oldest_wall_ms = sqlite3_column_int64(st, 1);
		if (newest_wall_ms != NULL)
			*newest_wall_ms = sqlite3_column_int64(st, 2);
	}
	sqlite3_finalize(st);
	return rc;
}

/* --- what was asked ---------------------------------------------------------------- */

/* Runs a query on `asked`: ?1 is the tag, ?2.. are args. */
static sqlite3_stmt *asked_query(struct store *s, enum pdb_tag tag, const char *sql, const int64_t *args, int n,
    struct err *e)
{
	sqlite3_stmt *st = query(s, sql, NULL, 0, e);

	if (st == NULL)
		return NULL;
	sqlite3_bind_text(st, 1, pdb_kinds[tag].tag, -1, SQLITE_STATIC);
	for (int i = 0; i < n; i++)
		sqlite3_bind_int64(st, i + 2, args[i]);
	return st;
}

int store_asked_put(struct store *s, const struct store_asked *a, struct err *e)
{
	const int64_t args[] = { a->key, a->at_wall_ms, a->found, a->with_key };

	/* Hidden contacts once read stay known, whoever reads the public ones later. */
	return finish(s, asked_query(s, a->tag, "INSERT INTO asked (tag, key, at_ms, found, with_key) "
	    "VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT(tag, key) DO UPDATE SET at_ms = excluded.at_ms, "
	    "found = excluded.found, with_key = max(with_key, excluded.with_key)", args, 4, e), e);
}

static struct store_asked asked_of(sqlite3_stmt *st, enum pdb_tag tag)
{
	return (struct store_asked){
		.tag = tag, .key = sqlite3_column_int64(st, 0), .at_wall_ms = sqlite3_column_int64(st, 1),
		.found = sqlite3_column_int(st, 2) != 0, .with_key = sqlite3_column_int(st, 3) != 0,
	};
}

int store_asked_get(struct store *s, enum pdb_tag tag, int64_t key, struct store_asked *a, struct err *e)
{
	sqlite3_stmt *st = asked_query(s, tag, "SELECT key, at_ms, found, with_key FROM asked "
	    "WHERE tag = ?1 AND key = ?2", &key, 1, e);
	int rc, found = 0;

	if (st == NULL)
		return -1;
	rc = sqlite3_step(st);
	if (rc == SQLITE_ROW) {
		*a = asked_of(st, tag);
		found = 1;
	} else if (rc != SQLITE_DONE) {
		found = fail(s, e);
	}
	sqlite3_finalize(st);
	return found;
}

int store_asked_all(struct store *s, enum pdb_tag tag, struct store_asked **list, size_t *n, struct err *e)
{
	sqlite3_stmt *st = asked_query(s, tag, "SELECT key, at_ms, found, with_key FROM asked "
	    "WHERE tag = ?1 ORDER BY key", NULL, 0, e);
	struct store_asked *all = NULL;
	size_t cap = 0;
	int rc;

	*n = 0;
	*list = NULL;
	if (st == NULL)
		return -1;
	while ((rc = sqlite3_step(st)) == SQLITE_ROW) {
		MEM_GROW(all, cap, *n + 1);
		all[(*n)++] = asked_of(st, tag);
	}
	rc = rc == SQLITE_DONE ? 0 : fail(s, e);
	sqlite3_finalize(st);
	*list = all;
	return rc;
}

int store_mark_put(struct store *s, enum pdb_tag tag, bool with_key, const struct store_mark *m,
    struct err *e)
{
	const int64_t args[] = { with_key, m->updated_wall_ms, m->at_wall_ms };
	sqlite3_stmt *st = query(s, "INSERT OR REPLACE INTO mark (with_key, updated_ms, at_ms, tag) "
	    "VALUES (?1, ?2, ?3, ?4)", args, 3, e);

	if (st != NULL)
		sqlite3_bind_text(st, 4, pdb_kinds[tag].tag, -1, SQLITE_STATIC);
	return finish(s, st, e);
}

int store_mark_get(struct store *s, enum pdb_tag tag, bool with_key, struct store_mark *m,
    struct err *e)
{
	const int64_t arg = with_key;
	sqlite3_stmt *st = query(s, "SELECT updated_ms, at_ms FROM mark WHERE with_key = ?1 AND tag = ?2", &arg, 1, e);
	int rc, found = 0;

	if (st == NULL)
		return -1;
	sqlite3_bind_text(st, 2, pdb_kinds[tag].tag, -1, SQLITE_STATIC);
	rc = sqlite3_step(st);
	if (rc == SQLITE_ROW) {
		*m = (struct store_mark){ sqlite3_column_int64(st, 0), sqlite3_column_int64(st, 1) };
		found = 1;
	} else if (rc != SQLITE_DONE) {
		found = fail(s, e);
	}
	sqlite3_finalize(st);
	return found;
}
