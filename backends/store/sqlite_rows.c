/* Rows of PeeringDB in and out of the cache: the statements are made from pdb_kinds.  See core/model/store.h. */
#include "backends/store/sqlite_store.h"
#include "core/base/mem.h"
#include "core/base/scan.h"

#include <stdlib.h>

int store_reading_add(struct store *s, const struct store_reading *r, int64_t *id, struct err *e)
{
	const int64_t args[] = { r->at_wall_ms, r->with_key };
	sqlite3_stmt *st = sqlite_query(s, "INSERT INTO reading (at_ms, with_key, origin) VALUES (?1, ?2, ?3)", args, 2, e);

	if (st != NULL)
		sqlite3_bind_text(st, 3, r->origin, -1, SQLITE_TRANSIENT);
	if (sqlite_finish(s, st, e) < 0)
		return -1;
	*id = sqlite3_last_insert_rowid(s->db);
	return 0;
}

int store_reading_date(struct store *s, int64_t id, int64_t at_wall_ms, struct err *e)
{
	const int64_t args[] = { id, at_wall_ms };

	return sqlite_finish(s, sqlite_query(s, "UPDATE reading SET at_ms = ?2 WHERE id = ?1", args, 2, e), e);
}

/* INSERT of all columns of a kind; the last parameter is the reading.  `merge`: ON CONFLICT the newer row wins. */
static sqlite3_stmt *prepare_put(struct store *s, enum pdb_tag tag, bool merge, struct err *e)
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
	str_puts(&sql, "?)");
	if (merge) {
		str_puts(&sql, " ON CONFLICT(id) DO UPDATE SET ");
		for (size_t i = 1; i < k->field_count; i++)
			str_addf(&sql, "\"%s\"=excluded.\"%s\",", k->fields[i].name, k->fields[i].name);
		str_puts(&sql, "reading=excluded.reading WHERE coalesce(excluded.updated,0) >= coalesce(t.updated,0)");
	}
	st = sqlite_query(s, sql.p, NULL, 0, e);
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

static int put_with(sqlite3_stmt *st, const struct pdb_row *row, int64_t reading)
{
	int n = (int)pdb_kinds[row->tag].field_count, rc;

	for (int i = 0; i < n; i++)
		bind_value(st, i + 1, &row->v[i]);
	sqlite3_bind_int64(st, n + 1, reading);
	rc = sqlite3_step(st);
	sqlite3_reset(st); /* all is bound anew the next time */
	return rc;
}

int store_put(struct store *s, const struct pdb_row *row, int64_t reading, bool *changed, struct err *e)
{
	sqlite3_stmt *st = s->fill[row->tag];
	int rc = st != NULL ? put_with(st, row, reading) : SQLITE_CONSTRAINT;

	if ((rc & 0xff) == SQLITE_CONSTRAINT) { /* not filling, or a row that comes twice */
		st = s->put[row->tag];
		if (st == NULL)
			st = s->put[row->tag] = prepare_put(s, row->tag, true, e);
		if (st == NULL)
			return -1;
		rc = put_with(st, row, reading);
	}
	if (changed != NULL)
		*changed = rc == SQLITE_DONE && sqlite3_changes(s->db) > 0;
	return rc == SQLITE_DONE ? 0 : sqlite_fail(s, e);
}

/* Pages kept while whole tables are written, in KiB: indexes are sorted in it. */
enum { BULK_CACHE_KIB = 24576, USUAL_CACHE_KIB = 2000 };

static int set_cache(struct store *s, int kib, struct err *e)
{
	char *sql = mem_printf("PRAGMA cache_size = -%d", kib);
	int rc = db_exec(s->db, sql, e);

	free(sql);
	return rc;
}

static bool is_empty(struct store *s, enum pdb_tag tag)
{
	char *sql = mem_printf("SELECT 1 FROM pdb_%s LIMIT 1", pdb_kinds[tag].tag);
	sqlite3_stmt *st = sqlite_query(s, sql, NULL, 0, NULL);
	bool empty = st != NULL && sqlite3_step(st) == SQLITE_DONE;

	sqlite3_finalize(st);
	free(sql);
	return empty;
}

static void end_fill(struct store *s, enum pdb_tag tag)
{
	sqlite3_finalize(s->fill[tag]);
	s->fill[tag] = NULL;
}

int store_bulk_begin(struct store *s, enum pdb_tag tag, struct err *e)
{
	if (set_cache(s, BULK_CACHE_KIB, e) < 0 || db_index_drop(s->db, &pdb_kinds[tag], NULL) < 0)
		return sqlite_fail(s, e);
	end_fill(s, tag);
	if (is_empty(s, tag))
		s->fill[tag] = prepare_put(s, tag, false, e);
	return 0;
}

int store_bulk_end(struct store *s, enum pdb_tag tag, struct err *e)
{
	int rc;

	end_fill(s, tag);
	rc = db_index_make(s->db, &pdb_kinds[tag], NULL) < 0 ? sqlite_fail(s, e) : 0;
	set_cache(s, USUAL_CACHE_KIB, NULL);
	return rc;
}

int store_sweep(struct store *s, enum pdb_tag tag, int64_t reading, int64_t until_wall_ms, bool keep_hidden, size_t *dropped,
    struct err *e)
{
	const int64_t args[] = { reading, until_wall_ms };
	const char *hidden = keep_hidden && tag == PDB_POC ? " AND visible = 'Public'" : "";
	char *sql = mem_printf("DELETE FROM pdb_%s WHERE reading <> ?1 AND coalesce(updated, 0) <= ?2 "
	    "AND coalesce(status, '') <> 'deleted'%s", pdb_kinds[tag].tag, hidden);
	int rc = sqlite_finish(s, sqlite_query(s, sql, args, 2, e), e);

	free(sql);
	if (rc == 0 && dropped != NULL)
		*dropped += (size_t)sqlite3_changes(s->db);
	return rc;
}

int store_drop(struct store *s, enum pdb_tag tag, int64_t id, struct err *e)
{
	char *sql = mem_printf("DELETE FROM pdb_%s WHERE id = ?1", pdb_kinds[tag].tag);
	int rc = sqlite_finish(s, sqlite_query(s, sql, &id, 1, e), e);

	free(sql);
	return rc;
}

/* When a row was last known to be as it is: when it was read itself, or when what had changed in the whole table was.
 * Contacts that are not public are seen with a key only. */
static char *age_sql(enum pdb_tag tag)
{
	const char *name = pdb_kinds[tag].tag;
	/* That a contact was hidden meanwhile only a reading of all contacts tells. */
	char *keyed = mem_printf("coalesce((SELECT %s FROM mark WHERE tag='%s' AND with_key=%d AND updated_ms>0),0)",
	    tag == PDB_POC ? "whole_ms" : "at_ms", name, tag == PDB_POC);
	char *sql = tag != PDB_POC ? mem_printf("max(r.at_ms,%s)", keyed) :
	    mem_printf("max(r.at_ms,%s,CASE WHEN t.visible='Public' THEN coalesce((SELECT whole_ms FROM mark WHERE tag='poc' "
	    "AND with_key=0 AND updated_ms>0),0) ELSE 0 END)", keyed);

	free(keyed);
	return sql;
}

static char *rows_sql(enum pdb_tag tag, const char *column)
{
	const struct pdb_kind *k = &pdb_kinds[tag];
	struct str sql;

	str_init(&sql, 0);
	str_puts(&sql, "SELECT ");
	for (size_t i = 0; i < k->field_count; i++) {
		if (column != NULL && k->fields[i].flags & PDB_AT_REST)
			continue;
		str_puts(&sql, k->fields[i].name);
		str_puts(&sql, ",");
	}
	str_puts(&sql, "reading FROM pdb_");
	str_puts(&sql, k->tag);
	str_puts(&sql, " WHERE coalesce(status,'') <> 'deleted'");
	if (column != NULL)
		str_addf(&sql, " AND %s = ?1", column);
	str_puts(&sql, " ORDER BY id");
	return sql.p;
}

/* How old rows are: when each was read, and when what had changed in all of its table was. */
struct ages {
	int64_t mark[2];    /* without and with a key; 0 never */
	int64_t reading;    /* the last one looked at; -1 none */
	int64_t at_wall_ms; /* of it */
	bool with_key;
};

static int ages_init(struct ages *a, struct store *s, enum pdb_tag tag, struct err *e)
{
	sqlite3_stmt *st = sqlite_kept(s, &s->marks, "SELECT with_key, CASE WHEN tag='poc' THEN whole_ms ELSE at_ms END "
	    "FROM mark WHERE tag = ?1 AND updated_ms > 0", e);
	int rc;

	*a = (struct ages){ .reading = -1 };
	if (st == NULL)
		return -1;
	sqlite3_bind_text(st, 1, pdb_kinds[tag].tag, -1, SQLITE_STATIC);
	while ((rc = sqlite3_step(st)) == SQLITE_ROW)
		a->mark[sqlite3_column_int(st, 0) != 0] = sqlite3_column_int64(st, 1);
	rc = rc == SQLITE_DONE ? 0 : sqlite_fail(s, e);
	sqlite_keep(&s->marks, st);
	return rc;
}

/* Rows of one reading follow each other mostly. */
static int ages_reading(struct ages *a, struct store *s, int64_t id, struct err *e)
{
	sqlite3_stmt *st;
	int rc;

	if (a->reading == id)
		return 0;
	st = sqlite_kept(s, &s->reading, "SELECT at_ms, with_key FROM reading WHERE id = ?1", e);
	if (st == NULL)
		return -1;
	sqlite3_bind_int64(st, 1, id);
	rc = sqlite3_step(st);
	a->reading = id;
	a->at_wall_ms = rc == SQLITE_ROW ? sqlite3_column_int64(st, 0) : 0;
	a->with_key = rc == SQLITE_ROW && sqlite3_column_int(st, 1) != 0;
	rc = rc == SQLITE_ROW || rc == SQLITE_DONE ? 0 : sqlite_fail(s, e);
	sqlite_keep(&s->reading, st);
	return rc;
}

/* The same as age_sql, of one row. */
static int ages_fill(struct ages *a, struct store *s, struct pdb_row *row, int64_t reading, struct err *e)
{
	bool hidden = row->tag == PDB_POC && !slice_eq(pdb_row_text(row, "visible"), "Public");
	int64_t mark;

	if (ages_reading(a, s, reading, e) < 0)
		return -1;
	mark = a->mark[row->tag == PDB_POC];
	if (row->tag == PDB_POC && !hidden && a->mark[0] > mark)
		mark = a->mark[0];
	row->read_wall_ms = a->at_wall_ms > mark ? a->at_wall_ms : mark;
	row->with_key = a->with_key;
	return 0;
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
static int walk(struct store *s, sqlite3_stmt *st, struct ages *ages, enum pdb_tag tag, bool all,
    int (*visit)(void *arg, const struct pdb_row *row), void *arg, struct err *e)
{
	const struct pdb_kind *k = &pdb_kinds[tag];
	int rc;

	while ((rc = sqlite3_step(st)) == SQLITE_ROW) {
		struct pdb_row row = { .tag = tag };
		int n = 0;

		for (size_t i = 0; i < k->field_count; i++)
			if (all || !(k->fields[i].flags & PDB_AT_REST))
				row.v[i] = column_value(st, n++);
		if (ages_fill(ages, s, &row, sqlite3_column_int64(st, n), e) < 0)
			return -1;
		if (visit(arg, &row) != 0)
			return 1;
	}
	return rc == SQLITE_DONE ? 0 : sqlite_fail(s, e);
}

static sqlite3_stmt *rows_statement(struct store *s, sqlite3_stmt **slot, enum pdb_tag tag, const char *column, struct err *e)
{
	char *sql = *slot != NULL ? NULL : rows_sql(tag, column);
	sqlite3_stmt *st = sqlite_kept(s, slot, sql, e);

	free(sql);
	return st;
}

int store_rows(struct store *s, enum pdb_tag tag, const char *column, const int64_t *keys, size_t n,
    int (*visit)(void *arg, const struct pdb_row *row), void *arg, struct err *e)
{
	int field = column == NULL ? PDB_FIELDS_MAX : pdb_field_find(tag, slice_of(column), -1), rc = 0;
	struct ages ages;
	sqlite3_stmt **slot, *st;

	if (field < 0)
		return err_set(e, ERR_USAGE, "%s has no field %s", pdb_kinds[tag].tag, column);
	if (column != NULL && n == 0)
		return 0;
	if (ages_init(&ages, s, tag, e) < 0)
		return -1;
	slot = &s->rows[tag][field];
	st = rows_statement(s, slot, tag, column, e);
	if (st == NULL)
		return -1;
	if (column == NULL)
		rc = walk(s, st, &ages, tag, true, visit, arg, e);
	for (size_t i = 0; column != NULL && rc == 0 && i < n; i++) {
		sqlite3_reset(st);
		sqlite3_bind_int64(st, 1, keys[i]);
		rc = walk(s, st, &ages, tag, false, visit, arg, e);
	}
	sqlite_keep(slot, st);
	return rc < 0 ? -1 : 0;
}

int store_count(struct store *s, enum pdb_tag tag, size_t *count, int64_t *oldest_wall_ms,
    int64_t *newest_wall_ms, struct err *e)
{
	char *age = oldest_wall_ms != NULL || newest_wall_ms != NULL ? age_sql(tag) : mem_strdup("0");
	char *sql = mem_printf("SELECT count(*), coalesce(min(%s),-1), coalesce(max(%s),-1) FROM pdb_%s t "
	    "JOIN reading r ON r.id = t.reading WHERE coalesce(t.status,'') <> 'deleted'", age, age, pdb_kinds[tag].tag);
	sqlite3_stmt *st = sqlite_query(s, sql, NULL, 0, e);
	int rc = st != NULL && sqlite3_step(st) == SQLITE_ROW ? 0 : sqlite_fail(s, e);

	free(age);
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
