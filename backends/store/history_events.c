/* Reading the events of history.db back, for whoever may wait for a disk; see core/model/history.h. */
#include "backends/store/history_db.h"

#include <stdio.h>
#include <stdlib.h>

static void take_text(sqlite3_stmt *st, int column, char *out, size_t size)
{
	const char *s = (const char *)sqlite3_column_text(st, column);

	snprintf(out, size, "%s", s != NULL ? s : "");
}

static count_t take_count(sqlite3_stmt *st, int column)
{
	return sqlite3_column_type(st, column) == SQLITE_NULL ? COUNT_UNKNOWN : sqlite3_column_int64(st, column);
}

static struct event take_event(sqlite3_stmt *st)
{
	struct event ev = { .wall_ms = sqlite3_column_int64(st, 0), .kind = EVENT_NOTE, .severity = SEV_INFO,
		.remote_as = ASN_UNKNOWN };
	char word[40];
	count_t asn = take_count(st, 7);

	take_text(st, 1, word, sizeof(word));
	event_kind_parse(word, &ev.kind);
	take_text(st, 2, word, sizeof(word));
	severity_parse(word, &ev.severity);
	take_text(st, 3, ev.router, sizeof(ev.router));
	take_text(st, 4, ev.vrf, sizeof(ev.vrf));
	take_text(st, 5, ev.neighbor, sizeof(ev.neighbor));
	take_text(st, 6, word, sizeof(word));
	afi_safi_parse(slice_of(word), &ev.family);
	if (asn != COUNT_UNKNOWN)
		ev.remote_as = (asn_t)asn;
	ev.before = take_count(st, 8);
	ev.after = take_count(st, 9);
	take_text(st, 10, ev.words, sizeof(ev.words));
	return ev;
}

static int visit(sqlite3 *db, sqlite3_stmt *st, int (*each)(void *ctx, const struct event *ev), void *ctx, struct err *e)
{
	int rc;

	while ((rc = sqlite3_step(st)) == SQLITE_ROW) {
		const struct event ev = take_event(st);

		if (each(ctx, &ev) != 0)
			return 0;
	}
	return rc == SQLITE_DONE ? 0 : err_set(e, ERR_IO, "history: %s", sqlite3_errmsg(db));
}

/* bounds: from, to, how many; texts: what else is asked for, NULL-terminated, or NULL. */
static int read_events(const char *dir, const char *sql, const char *const *texts, const int64_t *bounds,
    int (*each)(void *ctx, const struct event *ev), void *ctx, struct err *e)
{
	sqlite3_stmt *st = NULL;
	sqlite3 *db;
	int rc = history_open_readonly(dir, &db, e);

	if (db == NULL)
		return rc; /* 0: nothing has happened yet */
	rc = -1;
	st = db_prepare(db, sql, e);
	if (st == NULL)
		goto out;
	for (int i = 0; i < 3; i++)
		sqlite3_bind_int64(st, i + 1, bounds[i]);
	for (int i = 0; texts != NULL && texts[i] != NULL; i++)
		sqlite3_bind_text(st, i + 4, texts[i], -1, SQLITE_STATIC);
	rc = visit(db, st, each, ctx, e);
out:
	sqlite3_finalize(st);
	sqlite3_close(db);
	return rc;
}

#define COLUMNS "SELECT wall_ms, kind, severity, router, vrf, neighbor, family, asn, before, after, words FROM "

int history_events(const char *dir, int64_t from_wall_ms, int64_t to_wall_ms, size_t most,
    int (*each)(void *ctx, const struct event *ev), void *ctx, struct err *e)
{
	const int64_t bounds[] = { from_wall_ms, to_wall_ms, most > 0 ? (int64_t)most : -1 };

	return read_events(dir, COLUMNS "(SELECT * FROM event WHERE wall_ms BETWEEN ?1 AND ?2 ORDER BY seq DESC LIMIT ?3) ORDER BY seq",
	    NULL, bounds, each, ctx, e);
}

int history_events_of(const char *dir, const char *router, const char *vrf, const char *neighbor, int64_t from_wall_ms,
    int64_t to_wall_ms, size_t most, int (*each)(void *ctx, const struct event *ev), void *ctx, struct err *e)
{
	const int64_t bounds[] = { from_wall_ms, to_wall_ms, most > 0 ? (int64_t)most : -1 };
	const char *const texts[] = { router, vrf, neighbor, NULL };

	return read_events(dir, COLUMNS "(SELECT * FROM event WHERE router = ?4 AND wall_ms BETWEEN ?1 AND ?2"
	    " AND ((neighbor = ?6 AND vrf = ?5) OR neighbor = '') ORDER BY seq DESC LIMIT ?3) ORDER BY seq", texts, bounds, each, ctx, e);
}
