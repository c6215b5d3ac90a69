/* What every series of a kind was lately, for whoever draws one beside each row; see core/model/history.h. */
#include "backends/store/history_db.h"
#include "core/base/mem.h"

#include <stdlib.h>
#include <string.h>

enum { SAMPLES_MOST = 20000 };

/* Newest first, until one that ended before `from`: by the key of the table, so that old rows are never read. */
static int read_series(sqlite3 *db, sqlite3_stmt *st, int64_t series, int64_t from, struct history_range *r, size_t *cap, struct err *e)
{
	int rc;

	r->count = 0;
	sqlite3_reset(st);
	sqlite3_bind_int64(st, 1, series);
	while ((rc = sqlite3_step(st)) == SQLITE_ROW && sqlite3_column_int64(st, 1) >= from && r->count < SAMPLES_MOST) {
		MEM_GROW(r->samples, *cap, r->count + 1);
		r->samples[r->count++] = (struct history_sample){ sqlite3_column_int64(st, 0), sqlite3_column_int64(st, 1),
			sqlite3_column_double(st, 2), sqlite3_column_double(st, 3), sqlite3_column_double(st, 4), 1 };
	}
	if (rc != SQLITE_ROW && rc != SQLITE_DONE)
		return err_set(e, ERR_IO, "history: %s", sqlite3_errmsg(db));
	for (size_t i = 0; i < r->count / 2; i++) {
		struct history_sample s = r->samples[i];

		r->samples[i] = r->samples[r->count - 1 - i];
		r->samples[r->count - 1 - i] = s;
	}
	return 0;
}

static int walk(sqlite3 *db, const char *begin, const char *end, int64_t from,
    void (*each)(void *ctx, const char *series, const struct history_range *r), void *ctx, struct err *e)
{
	sqlite3_stmt *names = db_prepare(db, "SELECT id, name FROM series WHERE substr(name, 1, length(?1)) = ?1"
	    " AND substr(name, -length(?2)) = ?2", e);
	sqlite3_stmt *rows = db_prepare(db, "SELECT wall_ms, until_ms, value, low, high FROM sample WHERE series = ?1"
	    " ORDER BY seq DESC", e);
	struct history_range r = { NULL, 0 };
	size_t cap = 0;
	int rc = -1, step = SQLITE_DONE;

	if (names == NULL || rows == NULL)
		goto out;
	sqlite3_bind_text(names, 1, begin, -1, SQLITE_STATIC);
	sqlite3_bind_text(names, 2, end, -1, SQLITE_STATIC);
	while ((step = sqlite3_step(names)) == SQLITE_ROW) {
		const char *name = (const char *)sqlite3_column_text(names, 1);

		if (read_series(db, rows, sqlite3_column_int64(names, 0), from, &r, &cap, e) < 0)
			goto out;
		if (name != NULL && r.count > 0)
			each(ctx, name, &r);
	}
	rc = step == SQLITE_DONE ? 0 : err_set(e, ERR_IO, "history: %s", sqlite3_errmsg(db));
out:
	sqlite3_finalize(names);
	sqlite3_finalize(rows);
	free(r.samples);
	return rc;
}

int history_latest(const char *dir, const char *begin, const char *end, int64_t from_wall_ms,
    void (*each)(void *ctx, const char *series, const struct history_range *r), void *ctx, struct err *e)
{
	sqlite3 *db;
	int rc = history_open_readonly(dir, &db, e);

	if (db != NULL)
		rc = walk(db, begin, end, from_wall_ms, each, ctx, e);
	sqlite3_close(db);
	return rc;
}
