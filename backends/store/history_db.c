/*
 * The tables of history.db; see history_db.h.
 *
 * One table holds samples of every age.  Its key is (series, seq): seq counts up over the whole file, so the order of
 * rows is the order of putting, and a clock that jumps moves times but nothing else.  A row stands for the time from
 * wall_ms to until_ms in which the value was seen again and again.
 */
#include "backends/store/history_db.h"
#include "core/base/mem.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
	SCHEMA = 1,
	EVENTS_MAX = 1000000, /* rows; a storm must not fill the disk */
	SAME_EVENT_MS = 30000, /* two consoles poll one router within this of each other */
};

static int make_tables(sqlite3 *db, struct err *e)
{
	return db_exec(db,
	    "CREATE TABLE IF NOT EXISTS series (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, kind INTEGER NOT NULL);"
	    "CREATE TABLE IF NOT EXISTS sample (series INTEGER NOT NULL, seq INTEGER NOT NULL, wall_ms INTEGER NOT NULL,"
	    " until_ms INTEGER NOT NULL, value REAL NOT NULL, low REAL NOT NULL, high REAL NOT NULL, n INTEGER NOT NULL,"
	    " step_ms INTEGER NOT NULL DEFAULT 0, PRIMARY KEY (series, seq)) WITHOUT ROWID;"
	    "CREATE TABLE IF NOT EXISTS counter (name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;"
	    "INSERT OR IGNORE INTO counter VALUES ('seq', 0);"
	    "CREATE TABLE IF NOT EXISTS event (seq INTEGER PRIMARY KEY AUTOINCREMENT, wall_ms INTEGER NOT NULL,"
	    " console INTEGER NOT NULL, kind TEXT NOT NULL, severity TEXT NOT NULL, router TEXT NOT NULL, vrf TEXT NOT NULL,"
	    " neighbor TEXT NOT NULL, family TEXT NOT NULL, asn INTEGER, before INTEGER, after INTEGER, words TEXT NOT NULL);"
	    "CREATE INDEX IF NOT EXISTS event_wall ON event (wall_ms);"
	    "CREATE INDEX IF NOT EXISTS event_of ON event (neighbor, router, wall_ms);", e);
}

const struct db_schema history_schema = { SCHEMA, make_tables };

enum statement { FIND_SERIES, ADD_SERIES, LAST, LENGTHEN, ADD, GET_SEQ, SET_SEQ, ADD_EVENT, STATEMENTS };
static const char *const sql[STATEMENTS] = {
	[FIND_SERIES] = "SELECT id FROM series WHERE name = ?1",
	[ADD_SERIES] = "INSERT INTO series (name, kind) VALUES (?1, ?2)",
	[LAST] = "SELECT seq, wall_ms, until_ms, value, step_ms FROM sample WHERE series = ?1 ORDER BY seq DESC LIMIT 1",
	[LENGTHEN] = "UPDATE sample SET until_ms = ?3, n = n + 1 WHERE series = ?1 AND seq = ?2",
	[ADD] = "INSERT INTO sample (series, seq, wall_ms, until_ms, value, low, high, n) VALUES (?1, ?2, ?3, ?3, ?4, ?4, ?4, 1)",
	[GET_SEQ] = "SELECT value FROM counter WHERE name = 'seq'",
	/* Not what another console saw too: as many of them as it put, within a moment, are ours. */
	[ADD_EVENT] = "INSERT INTO event (wall_ms, console, kind, severity, router, vrf, neighbor, family, asn, before, after, words)"
		" SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12 WHERE"
		" (SELECT count(*) FROM event INDEXED BY event_of WHERE wall_ms BETWEEN ?1 - ?13 AND ?1 + ?13 AND console <> ?2 AND kind = ?3"
		"  AND router = ?5 AND vrf = ?6 AND neighbor = ?7 AND family = ?8 AND words = ?12) = 0",
	[SET_SEQ] = "UPDATE counter SET value = ?1 WHERE name = 'seq'",
};

struct history_file {
	sqlite3 *db;
	sqlite3_stmt *st[STATEMENTS];
	enum db_fault fault;
	int64_t seq; /* inside a transaction */
	bool open_tx;
};

static int fail(struct history_file *f, struct err *e)
{
	enum db_fault fault = db_fault_of(sqlite3_errcode(f->db));

	if (fault != DB_FINE && f->fault != DB_DAMAGED)
		f->fault = fault;
	return err_set(e, ERR_IO, "history: %s", sqlite3_errmsg(f->db));
}

struct history_file *history_file_open(const char *path, enum db_fault *fault, struct err *e)
{
	struct history_file *f = MEM_NEW(struct history_file);

	f->db = db_open(path, &history_schema, fault, e);
	for (int i = 0; f->db != NULL && i < STATEMENTS; i++) {
		f->st[i] = db_prepare(f->db, sql[i], e);
		if (f->st[i] == NULL) {
			*fault = db_fault_of(sqlite3_errcode(f->db));
			history_file_close(f);
			return NULL;
		}
	}
	if (f->db == NULL) {
		free(f);
		return NULL;
	}
	/* A history may lose its last second to a power cut; the journal may not, and is not here. */
	db_exec(f->db, "PRAGMA synchronous=NORMAL;", NULL);
	return f;
}

void history_file_close(struct history_file *f)
{
	if (f == NULL)
		return;
	history_file_rollback(f);
	for (int i = 0; i < STATEMENTS; i++)
		sqlite3_finalize(f->st[i]);
	sqlite3_close(f->db);
	free(f);
}

enum db_fault history_file_fault(const struct history_file *f)
{
	return f->fault;
}

/* One row at most; SQLITE_ROW, SQLITE_DONE, or -1. The statement is reset by the next use. */
static int step(struct history_file *f, enum statement s, struct err *e)
{
	int rc = sqlite3_step(f->st[s]);

	return rc == SQLITE_ROW || rc == SQLITE_DONE ? rc : fail(f, e);
}

static sqlite3_stmt *fresh(struct history_file *f, enum statement s)
{
	sqlite3_reset(f->st[s]);
	return f->st[s];
}

int history_file_begin(struct history_file *f, struct err *e)
{
	if (sqlite3_exec(f->db, "BEGIN IMMEDIATE", NULL, NULL, NULL) != SQLITE_OK)
		return fail(f, e);
	f->open_tx = true;
	fresh(f, GET_SEQ);
	if (step(f, GET_SEQ, e) != SQLITE_ROW) {
		history_file_rollback(f);
		return err_set(e, ERR_IO, "history: its counter is missing");
	}
	f->seq = sqlite3_column_int64(f->st[GET_SEQ], 0);
	sqlite3_reset(f->st[GET_SEQ]);
	return 0;
}

int history_file_commit(struct history_file *f, struct err *e)
{
	sqlite3_bind_int64(fresh(f, SET_SEQ), 1, f->seq);
	if (step(f, SET_SEQ, e) != SQLITE_DONE)
		goto failed;
	for (int i = 0; i < STATEMENTS; i++)
		sqlite3_reset(f->st[i]);
	if (sqlite3_exec(f->db, "COMMIT", NULL, NULL, NULL) != SQLITE_OK) {
		fail(f, e);
		goto failed;
	}
	f->open_tx = false;
	return 0;
failed:
	history_file_rollback(f);
	return -1;
}

void history_file_rollback(struct history_file *f)
{
	for (int i = 0; i < STATEMENTS; i++)
		sqlite3_reset(f->st[i]);
	if (f->open_tx)
		sqlite3_exec(f->db, "ROLLBACK", NULL, NULL, NULL);
	f->open_tx = false;
}

static int series_id(struct history_file *f, enum history_kind kind, const char *series, int64_t *id, struct err *e)
{
	int rc;

	sqlite3_bind_text(fresh(f, FIND_SERIES), 1, series, -1, SQLITE_STATIC);
	rc = step(f, FIND_SERIES, e);
	if (rc == SQLITE_ROW)
		*id = sqlite3_column_int64(f->st[FIND_SERIES], 0);
	if (rc != SQLITE_DONE)
		return rc < 0 ? -1 : 0;
	sqlite3_bind_text(fresh(f, ADD_SERIES), 1, series, -1, SQLITE_STATIC);
	sqlite3_bind_int(f->st[ADD_SERIES], 2, (int)kind);
	if (step(f, ADD_SERIES, e) != SQLITE_DONE)
		return -1;
	*id = sqlite3_last_insert_rowid(f->db);
	return 0;
}

/* True if the last row of the series says the same and was seen so a moment ago: *seq is its place.  A clock that went
 * back begins a new row. */
static int goes_on(struct history_file *f, int64_t series, int64_t wall_ms, double value, bool *same, int64_t *seq,
    struct err *e)
{
	sqlite3_stmt *st = fresh(f, LAST);
	int rc;

	*same = false;
	sqlite3_bind_int64(st, 1, series);
	rc = step(f, LAST, e);
	if (rc != SQLITE_ROW)
		return rc < 0 ? -1 : 0;
	*seq = sqlite3_column_int64(st, 0);
	*same = sqlite3_column_double(st, 3) == value && sqlite3_column_int64(st, 4) == 0 &&
		wall_ms >= sqlite3_column_int64(st, 2) && wall_ms - sqlite3_column_int64(st, 2) <= HISTORY_SAME_MS;
	return 0;
}

int history_file_add(struct history_file *f, enum history_kind kind, const char *series, int64_t wall_ms, double value,
    struct err *e)
{
	int64_t id = 0, seq = 0;
	sqlite3_stmt *st;
	bool same;

	if (series_id(f, kind, series, &id, e) < 0 || goes_on(f, id, wall_ms, value, &same, &seq, e) < 0)
		return -1;
	st = fresh(f, same ? LENGTHEN : ADD);
	sqlite3_bind_int64(st, 1, id);
	sqlite3_bind_int64(st, 2, same ? seq : f->seq + 1);
	sqlite3_bind_int64(st, 3, wall_ms);
	if (!same)
		sqlite3_bind_double(st, 4, value);
	if (step(f, same ? LENGTHEN : ADD, e) != SQLITE_DONE)
		return -1;
	f->seq += !same;
	return 0;
}

static void bind_count(sqlite3_stmt *st, int at, count_t n)
{
	if (n == COUNT_UNKNOWN)
		sqlite3_bind_null(st, at);
	else
		sqlite3_bind_int64(st, at, n);
}

int history_file_event(struct history_file *f, const struct event *ev, struct err *e)
{
	sqlite3_stmt *st = fresh(f, ADD_EVENT);
	const char *family = afi_safi_word(ev->family);
	const char *const texts[] = { event_kind_word(ev->kind), severity_word(ev->severity), ev->router, ev->vrf,
		ev->neighbor, family != NULL ? family : "" };

	sqlite3_bind_int64(st, 1, ev->wall_ms);
	sqlite3_bind_int64(st, 2, getpid());
	for (size_t i = 0; i < ARRAY_LEN(texts); i++)
		sqlite3_bind_text(st, (int)i + 3, texts[i], -1, SQLITE_STATIC);
	bind_count(st, 9, ev->remote_as == ASN_UNKNOWN ? COUNT_UNKNOWN : (count_t)ev->remote_as);
	bind_count(st, 10, ev->before);
	bind_count(st, 11, ev->after);
	sqlite3_bind_text(st, 12, ev->words, -1, SQLITE_STATIC);
	sqlite3_bind_int64(st, 13, SAME_EVENT_MS);
	return step(f, ADD_EVENT, e) == SQLITE_DONE ? 0 : -1;
}

/* Rows of one step become one row at the place of the first; rows that are longer than a step are a step by
 * themselves.  The mean is weighed by time, a single look counting as a second. */
static char *join_sql(int64_t before_ms)
{
	return mem_printf(
	    "CREATE TEMP TABLE joined AS SELECT series, min(seq) AS seq, min(wall_ms) AS wall_ms, max(until_ms) AS until_ms,"
	    " sum(value * (until_ms - wall_ms + 1000)) / sum(until_ms - wall_ms + 1000) AS value, min(low) AS low,"
	    " max(high) AS high, sum(n) AS n, max(seq) AS last, wall_ms / %d AS step FROM sample"
	    " WHERE step_ms = 0 AND until_ms < %lld AND until_ms - wall_ms < %d"
	    " AND series IN (SELECT id FROM series WHERE kind = %d)"
	    " GROUP BY series, wall_ms / %d HAVING count(*) > 1;"
	    "DELETE FROM sample WHERE step_ms = 0 AND until_ms < %lld AND until_ms - wall_ms < %d AND EXISTS"
	    " (SELECT 1 FROM joined j WHERE j.series = sample.series AND j.step = sample.wall_ms / %d);"
	    "INSERT OR REPLACE INTO sample (series, seq, wall_ms, until_ms, value, low, high, n, step_ms)"
	    " SELECT series, seq, wall_ms, until_ms, value, low, high, n, %d FROM joined;"
	    "DROP TABLE joined;",
	    HISTORY_STEP_MS, (long long)before_ms, HISTORY_STEP_MS, HISTORY_GAUGE, HISTORY_STEP_MS, (long long)before_ms,
	    HISTORY_STEP_MS, HISTORY_STEP_MS, HISTORY_STEP_MS);
}

static int run(struct history_file *f, char *taken, struct err *e)
{
	int rc = sqlite3_exec(f->db, taken, NULL, NULL, NULL) == SQLITE_OK ? 0 : fail(f, e);

	free(taken);
	return rc;
}

int history_file_age(struct history_file *f, const struct history_conf *conf, int64_t now_wall_ms, struct err *e)
{
	int64_t fine = now_wall_ms - (int64_t)conf->fine_s * 1000, keep = now_wall_ms - (int64_t)conf->keep_s * 1000;

	if (history_file_begin(f, e) < 0)
		return -1;
	if (run(f, join_sql(fine - fine % HISTORY_STEP_MS), e) < 0 ||
	    run(f, mem_printf("DELETE FROM sample WHERE until_ms < %lld", (long long)keep), e) < 0 ||
	    run(f, mem_printf("DELETE FROM event WHERE wall_ms < %lld", (long long)keep), e) < 0 ||
	    run(f, mem_printf("DELETE FROM event WHERE seq <= (SELECT max(seq) FROM event) - %d", EVENTS_MAX), e) < 0 ||
	    run(f, mem_printf("DELETE FROM series WHERE NOT EXISTS (SELECT 1 FROM sample s WHERE s.series = series.id)"), e) < 0) {
		history_file_rollback(f);
		return -1;
	}
	return history_file_commit(f, e);
}
