/* The file of open alerts and of what waits to be told; see core/model/outstore.h. */
#include "core/model/outstore.h"
#include "backends/store/sqlite_db.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SCHEMA = 1 };

#define NOTICE_COLUMNS "news, test, nid, key, rule, watch, severity, router, vrf, neighbor, exchange, asn, words, repeat_s, since_ms, at_ms"
#define NOTICE_TYPES                                                                                                              \
	"news INTEGER NOT NULL, test INTEGER NOT NULL, nid TEXT NOT NULL, key TEXT NOT NULL, rule TEXT NOT NULL,"                 \
	" watch INTEGER NOT NULL, severity INTEGER NOT NULL, router TEXT NOT NULL, vrf TEXT NOT NULL, neighbor TEXT NOT NULL,"    \
	" exchange TEXT NOT NULL, asn INTEGER NOT NULL, words TEXT NOT NULL, repeat_s INTEGER NOT NULL, since_ms INTEGER NOT NULL," \
	" at_ms INTEGER NOT NULL"
#define NOTICE_PLACES "?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19"

static int make_tables(sqlite3 *db, struct err *e)
{
	return db_exec(db,
	    "CREATE TABLE IF NOT EXISTS item (output TEXT NOT NULL, id INTEGER NOT NULL, attempts INTEGER NOT NULL, " NOTICE_TYPES
	    ", PRIMARY KEY (output, id)) WITHOUT ROWID;"
	    "CREATE TABLE IF NOT EXISTS open (place INTEGER PRIMARY KEY AUTOINCREMENT, " NOTICE_TYPES ", UNIQUE (key));"
	    "CREATE TABLE IF NOT EXISTS got (output TEXT NOT NULL, key TEXT NOT NULL, PRIMARY KEY (output, key)) WITHOUT ROWID;"
	    "CREATE TABLE IF NOT EXISTS state (output TEXT PRIMARY KEY, sent_ms INTEGER NOT NULL, failed_ms INTEGER NOT NULL,"
	    " error TEXT NOT NULL, failures INTEGER NOT NULL, retry_ms INTEGER NOT NULL, sent INTEGER NOT NULL,"
	    " dropped INTEGER NOT NULL, refused INTEGER NOT NULL, queued INTEGER NOT NULL, oldest_ms INTEGER NOT NULL) WITHOUT ROWID;", e);
}
static const struct db_schema schema = { SCHEMA, make_tables };

/* ?1 output, ?2 id, ?3 attempts, ?4.. a notice; of the others ?1 output, ?2 key. */
static const char *const statements[] = {
	[OUTSTORE_ITEM] = "INSERT OR REPLACE INTO item (output, id, attempts, " NOTICE_COLUMNS ") VALUES (?1, ?2, ?3, " NOTICE_PLACES ")",
	[OUTSTORE_ITEM_GONE] = "DELETE FROM item WHERE output = ?1 AND id = ?2",
	[OUTSTORE_GOT] = "INSERT OR IGNORE INTO got (output, key) VALUES (?1, ?2)",
	[OUTSTORE_GOT_GONE] = "DELETE FROM got WHERE output = ?1 AND key = ?2",
	[OUTSTORE_OPEN] = "INSERT INTO open (" NOTICE_COLUMNS ") VALUES (" NOTICE_PLACES ") ON CONFLICT (key) DO UPDATE SET"
	    " words = excluded.words, severity = excluded.severity, at_ms = excluded.at_ms",
	[OUTSTORE_OPEN_GONE] = "DELETE FROM open WHERE key = ?2",
	[OUTSTORE_STATE] = "INSERT OR REPLACE INTO state VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
};
enum { STATEMENTS = sizeof(statements) / sizeof(statements[0]) };

struct outstore {
	sqlite3 *db; /* NULL: nothing is kept */
	char *path;
	char note[300];
};

struct outstore_change *outstore_change_add(struct outstore_changes *c, enum outstore_what what, const char *output)
{
	struct outstore_change *ch;

	MEM_GROW(c->all, c->cap, c->count + 1);
	ch = &c->all[c->count++];
	*ch = (struct outstore_change){ .what = what, .output = output };
	return ch;
}

void outstore_changes_fini(struct outstore_changes *c)
{
	for (size_t i = 0; i < c->count; i++) {
		free(c->all[i].key);
		free(c->all[i].notice);
		free(c->all[i].state);
	}
	free(c->all);
	*c = (struct outstore_changes){ NULL, 0, 0 };
}

static void open_file(struct outstore *s)
{
	enum db_fault fault = DB_FINE;
	struct err e = ERR_INIT;

	s->db = db_open(s->path, &schema, &fault, &e);
	if (s->db == NULL && fault == DB_DAMAGED) {
		db_set_aside(s->path);
		err_clear(&e);
		s->db = db_open(s->path, &schema, &fault, &e);
		snprintf(s->note, sizeof(s->note), "what waited to be told was damaged and is set aside: %.200s.damaged", s->path);
	}
	if (s->db == NULL)
		snprintf(s->note, sizeof(s->note), "what waits to be told is not kept over a restart: %.200s", e.text);
}

struct outstore *outstore_open(const char *dir)
{
	struct outstore *s = MEM_NEW(struct outstore);

	if (dir == NULL)
		return s;
	s->path = mem_printf("%s/outbox.db", dir);
	open_file(s);
	return s;
}

void outstore_close(struct outstore *s)
{
	if (s == NULL)
		return;
	sqlite3_close(s->db);
	free(s->path);
	free(s);
}

const char *outstore_note(const struct outstore *s)
{
	return s->note;
}

/* ---- writing ---- */

static void bind_notice(sqlite3_stmt *st, const struct notice *n)
{
	const char *const texts[] = { n->id, n->key, n->rule, NULL, NULL, n->router, n->vrf, n->neighbor, n->exchange, NULL, n->words };

	sqlite3_bind_int(st, 4, (int)n->news);
	sqlite3_bind_int(st, 5, n->test);
	for (int i = 0; i < (int)ARRAY_LEN(texts); i++)
		if (texts[i] != NULL)
			sqlite3_bind_text(st, 6 + i, texts[i], -1, SQLITE_STATIC);
	sqlite3_bind_int(st, 9, (int)n->on);
	sqlite3_bind_int(st, 10, (int)n->severity);
	sqlite3_bind_int64(st, 15, (int64_t)n->asn);
	sqlite3_bind_int64(st, 17, n->repeat_s);
	sqlite3_bind_int64(st, 18, n->since_wall_ms);
	sqlite3_bind_int64(st, 19, n->at_wall_ms);
}

static void bind_state(sqlite3_stmt *st, const struct output_state *o)
{
	const int64_t numbers[] = { o->failures, o->retry_wall_ms, (int64_t)o->sent, (int64_t)o->dropped, (int64_t)o->refused,
		(int64_t)o->queued, o->oldest_wall_ms };

	sqlite3_bind_int64(st, 2, o->sent_wall_ms);
	sqlite3_bind_int64(st, 3, o->failed_wall_ms);
	sqlite3_bind_text(st, 4, o->error, -1, SQLITE_STATIC);
	for (int i = 0; i < (int)ARRAY_LEN(numbers); i++)
		sqlite3_bind_int64(st, 5 + i, numbers[i]);
}

static bool write_one(sqlite3_stmt *st, const struct outstore_change *c)
{
	bool good;

	if (c->output != NULL)
		sqlite3_bind_text(st, 1, c->output, -1, SQLITE_STATIC);
	if (c->state != NULL)
		bind_state(st, c->state);
	else if (c->key != NULL)
		sqlite3_bind_text(st, 2, c->key, -1, SQLITE_STATIC);
	else
		sqlite3_bind_int64(st, 2, (int64_t)c->id);
	if (c->notice != NULL) {
		sqlite3_bind_int64(st, 3, c->attempts);
		bind_notice(st, c->notice);
	}
	good = sqlite3_step(st) == SQLITE_DONE;
	sqlite3_reset(st);
	sqlite3_clear_bindings(st);
	return good;
}

static bool write_all(struct outstore *s, const struct outstore_changes *c)
{
	sqlite3_stmt *st[STATEMENTS] = { NULL };
	bool good = db_exec(s->db, "BEGIN IMMEDIATE", NULL) == 0;

	for (size_t i = 0; good && i < c->count; i++) {
		enum outstore_what what = c->all[i].what;

		if (st[what] == NULL)
			st[what] = db_prepare(s->db, statements[what], NULL);
		good = st[what] != NULL && write_one(st[what], &c->all[i]);
	}
	good = good && db_exec(s->db, "COMMIT", NULL) == 0;
	if (!good)
		snprintf(s->note, sizeof(s->note), "what waits to be told is not kept over a restart: %.200s", sqlite3_errmsg(s->db));
	for (int i = 0; i < STATEMENTS; i++)
		sqlite3_finalize(st[i]);
	return good;
}

int outstore_write(struct outstore *s, const struct outstore_changes *c)
{
	bool damaged;

	if (s->db == NULL || c->count == 0)
		return s->db == NULL ? -1 : 0;
	if (write_all(s, c)) {
		s->note[0] = '\0';
		return 0;
	}
	damaged = db_fault_of(sqlite3_errcode(s->db)) == DB_DAMAGED;
	db_exec(s->db, "ROLLBACK", NULL);
	if (damaged) {
		sqlite3_close(s->db);
		db_set_aside(s->path);
		open_file(s);
	}
	return -1;
}

/* ---- reading ---- */

static void take_text(sqlite3_stmt *st, int column, char *out, size_t size)
{
	const char *s = (const char *)sqlite3_column_text(st, column);

	snprintf(out, size, "%s", s != NULL ? s : "");
}

static int within(int v, int last, int otherwise)
{
	return v >= 0 && v <= last ? v : otherwise;
}

/* From column `at` on. */
static void take_notice(sqlite3_stmt *st, int at, struct notice *n)
{
	*n = (struct notice){ .news = (enum alert_news)within(sqlite3_column_int(st, at), ALERT_NEWS_RESOLVED, ALERT_NEWS_FIRING),
		.test = sqlite3_column_int(st, at + 1) != 0, .on = (enum alert_on)within(sqlite3_column_int(st, at + 5), ALERT_ONS - 1, 0),
		.severity = (enum severity)within(sqlite3_column_int(st, at + 6), SEV_ALARM, SEV_WARN),
		.asn = (asn_t)sqlite3_column_int64(st, at + 11), .repeat_s = (unsigned)sqlite3_column_int64(st, at + 13),
		.since_wall_ms = sqlite3_column_int64(st, at + 14), .at_wall_ms = sqlite3_column_int64(st, at + 15) };
	take_text(st, at + 2, n->id, sizeof(n->id));
	take_text(st, at + 3, n->key, sizeof(n->key));
	take_text(st, at + 4, n->rule, sizeof(n->rule));
	take_text(st, at + 7, n->router, sizeof(n->router));
	take_text(st, at + 8, n->vrf, sizeof(n->vrf));
	take_text(st, at + 9, n->neighbor, sizeof(n->neighbor));
	take_text(st, at + 10, n->exchange, sizeof(n->exchange));
	take_text(st, at + 12, n->words, sizeof(n->words));
}

/* NULL: there is no file, or it cannot be asked. */
static sqlite3_stmt *ask(struct outstore *s, const char *sql, const char *output)
{
	sqlite3_stmt *st = s->db != NULL ? db_prepare(s->db, sql, NULL) : NULL;

	if (st != NULL && output != NULL)
		sqlite3_bind_text(st, 1, output, -1, SQLITE_STATIC);
	return st;
}

void outstore_each_open(struct outstore *s, void (*each)(void *ctx, const struct notice *n), void *ctx)
{
	sqlite3_stmt *st = ask(s, "SELECT " NOTICE_COLUMNS " FROM open ORDER BY place", NULL);
	struct notice n;

	while (st != NULL && sqlite3_step(st) == SQLITE_ROW) {
		take_notice(st, 0, &n);
		each(ctx, &n);
	}
	sqlite3_finalize(st);
}

void outstore_each_item(struct outstore *s, const char *output, void (*each)(void *ctx, uint64_t id, unsigned attempts,
    const struct notice *n), void *ctx)
{
	sqlite3_stmt *st = ask(s, "SELECT id, attempts, " NOTICE_COLUMNS " FROM item WHERE output = ?1 ORDER BY id", output);
	struct notice n;

	while (st != NULL && sqlite3_step(st) == SQLITE_ROW) {
		take_notice(st, 2, &n);
		each(ctx, (uint64_t)sqlite3_column_int64(st, 0), (unsigned)sqlite3_column_int(st, 1), &n);
	}
	sqlite3_finalize(st);
}

void outstore_each_got(struct outstore *s, const char *output, void (*each)(void *ctx, const char *key), void *ctx)
{
	sqlite3_stmt *st = ask(s, "SELECT key FROM got WHERE output = ?1", output);
	char key[NOTICE_KEY_LEN];

	while (st != NULL && sqlite3_step(st) == SQLITE_ROW) {
		take_text(st, 0, key, sizeof(key));
		each(ctx, key);
	}
	sqlite3_finalize(st);
}

bool outstore_state(struct outstore *s, const char *output, struct output_state *out)
{
	sqlite3_stmt *st = ask(s, "SELECT * FROM state WHERE output = ?1", output);
	bool found = st != NULL && sqlite3_step(st) == SQLITE_ROW;

	if (found) {
		*out = (struct output_state){ .sent_wall_ms = sqlite3_column_int64(st, 1), .failed_wall_ms = sqlite3_column_int64(st, 2),
			.failures = (unsigned)sqlite3_column_int64(st, 4), .retry_wall_ms = sqlite3_column_int64(st, 5),
			.sent = (uint64_t)sqlite3_column_int64(st, 6), .dropped = (uint64_t)sqlite3_column_int64(st, 7),
			.refused = (uint64_t)sqlite3_column_int64(st, 8), .queued = (size_t)sqlite3_column_int64(st, 9),
			.oldest_wall_ms = sqlite3_column_int64(st, 10) };
		take_text(st, 3, out->error, sizeof(out->error));
	}
	sqlite3_finalize(st);
	return found;
}
