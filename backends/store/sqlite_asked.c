/* What was asked of PeeringDB, and how far whole tables were read.  See core/model/store.h. */
#include "backends/store/sqlite_store.h"
#include "core/base/mem.h"

#include <stdlib.h>

/* Runs a query on `asked`: ?1 is the tag, ?2.. are args. */
static sqlite3_stmt *asked_query(struct store *s, enum pdb_tag tag, const char *sql, const int64_t *args, int n,
    struct err *e)
{
	sqlite3_stmt *st = sqlite_query(s, sql, NULL, 0, e);

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
	return sqlite_finish(s, asked_query(s, a->tag, "INSERT INTO asked (tag, key, at_ms, found, with_key) "
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
	sqlite3_stmt *st = sqlite_kept(s, &s->asked, "SELECT key, at_ms, found, with_key FROM asked "
	    "WHERE tag = ?1 AND key = ?2", e);
	int rc, found = 0;

	if (st == NULL)
		return -1;
	sqlite3_bind_text(st, 1, pdb_kinds[tag].tag, -1, SQLITE_STATIC);
	sqlite3_bind_int64(st, 2, key);
	rc = sqlite3_step(st);
	if (rc == SQLITE_ROW) {
		*a = asked_of(st, tag);
		found = 1;
	} else if (rc != SQLITE_DONE) {
		found = sqlite_fail(s, e);
	}
	sqlite_keep(&s->asked, st);
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
	rc = rc == SQLITE_DONE ? 0 : sqlite_fail(s, e);
	sqlite3_finalize(st);
	*list = all;
	return rc;
}

int store_mark_put(struct store *s, enum pdb_tag tag, bool with_key, const struct store_mark *m,
    struct err *e)
{
	const int64_t args[] = { with_key, m->updated_wall_ms, m->at_wall_ms, m->whole_wall_ms };
	sqlite3_stmt *st = sqlite_query(s, "INSERT OR REPLACE INTO mark (with_key, updated_ms, at_ms, whole_ms, tag) "
	    "VALUES (?1, ?2, ?3, ?4, ?5)", args, 4, e);

	if (st != NULL)
		sqlite3_bind_text(st, 5, pdb_kinds[tag].tag, -1, SQLITE_STATIC);
	return sqlite_finish(s, st, e);
}

int store_mark_get(struct store *s, enum pdb_tag tag, bool with_key, struct store_mark *m,
    struct err *e)
{
	sqlite3_stmt *st = sqlite_kept(s, &s->mark, "SELECT updated_ms, at_ms, whole_ms FROM mark WHERE with_key = ?1 AND tag = ?2", e);
	int rc, found = 0;

	if (st == NULL)
		return -1;
	sqlite3_bind_int64(st, 1, with_key);
	sqlite3_bind_text(st, 2, pdb_kinds[tag].tag, -1, SQLITE_STATIC);
	rc = sqlite3_step(st);
	if (rc == SQLITE_ROW) {
		*m = (struct store_mark){ sqlite3_column_int64(st, 0), sqlite3_column_int64(st, 1),
			sqlite3_column_int64(st, 2) };
		found = 1;
	} else if (rc != SQLITE_DONE) {
		found = sqlite_fail(s, e);
	}
	sqlite_keep(&s->mark, st);
	return found;
}
