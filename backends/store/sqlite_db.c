/*
 * The cache file; see sqlite_db.h.
 *
 * Tables of PeeringDB rows are made from pdb_kinds, one column a field, so
 * that the list of fields stands in one place.  Every row refers to the
 * reading it came from: a snapshot tells its date only at its end, and the
 * age of a hundred thousand rows is then one update.
 */
#include "backends/store/sqlite_db.h"
#include "core/base/shared.h"
#include "core/base/mem.h"
#include "core/base/str.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <pthread.h>
#include <sys/stat.h>
#include <unistd.h>

enum { BUSY_MS = 10000, WAL_AGAIN_MS = 20 };

enum db_fault db_fault_of(int code)
{
	switch (code & 0xff) {
	case SQLITE_OK:
	case SQLITE_ROW:
	case SQLITE_DONE:
		return DB_FINE;
	case SQLITE_CORRUPT:
	case SQLITE_NOTADB:
		return DB_DAMAGED;
	case SQLITE_FULL:
	case SQLITE_IOERR:
	case SQLITE_READONLY:
	case SQLITE_CANTOPEN:
	case SQLITE_PERM:
	case SQLITE_AUTH:
		return DB_UNWRITABLE;
	default:
		return DB_FAILED;
	}
}

int db_err(sqlite3 *db, struct err *e)
{
	return err_set(e, ERR_IO, "cache: %s", sqlite3_errmsg(db));
}

int db_exec(sqlite3 *db, const char *sql, struct err *e)
{
	return sqlite3_exec(db, sql, NULL, NULL, NULL) == SQLITE_OK ? 0 : db_err(db, e);
}

sqlite3_stmt *db_prepare(sqlite3 *db, const char *sql, struct err *e)
{
	sqlite3_stmt *st = NULL;

	if (sqlite3_prepare_v2(db, sql, -1, &st, NULL) != SQLITE_OK)
		db_err(db, e);
	return st;
}

/* The first column of the first row, or `otherwise`. */
static int64_t ask_int(sqlite3 *db, const char *sql, int64_t otherwise, struct err *e)
{
	sqlite3_stmt *st = db_prepare(db, sql, e);
	int rc;

	if (st == NULL)
		return otherwise;
	rc = sqlite3_step(st);
	if (rc == SQLITE_ROW)
		otherwise = sqlite3_column_int64(st, 0);
	else if (rc != SQLITE_DONE)
		db_err(db, e);
	sqlite3_finalize(st);
	return otherwise;
}

static const char *column_type(enum pdb_type t)
{
	return t == PDB_TEXT ? "TEXT" : t == PDB_REAL ? "REAL" : "INTEGER";
}

static bool has_column(sqlite3 *db, const char *table, const char *name)
{
	char *sql = mem_printf("SELECT count(*) FROM pragma_table_info('%s') WHERE name='%s'", table, name);
	bool has = ask_int(db, sql, 0, NULL) > 0;

	free(sql);
	return has;
}

static int migrate_column(sqlite3 *db, const char *table, const char *name, const char *type, struct err *e)
{
	char *sql;
	int rc;

	if (has_column(db, table, name))
		return 0;
	sql = mem_printf("ALTER TABLE %s ADD COLUMN \"%s\" %s", table, name, type);
	rc = db_exec(db, sql, e);
	free(sql);
	return rc;
}

int db_index_make(sqlite3 *db, const struct pdb_kind *k, struct err *e)
{
	int rc = 0;

	for (size_t i = 0; rc == 0 && i < k->field_count; i++) {
		const char *name = k->fields[i].name;
		char *sql;

		if (!(k->fields[i].flags & PDB_INDEXED))
			continue;
		sql = mem_printf("CREATE INDEX IF NOT EXISTS pdb_%s_%s ON pdb_%s(\"%s\")", k->tag, name, k->tag, name);
		rc = db_exec(db, sql, e);
		free(sql);
	}
	return rc;
}

int db_index_drop(sqlite3 *db, const struct pdb_kind *k, struct err *e)
{
	int rc = 0;

	for (size_t i = 0; rc == 0 && i < k->field_count; i++) {
		char *sql;

		if (!(k->fields[i].flags & PDB_INDEXED))
			continue;
		sql = mem_printf("DROP INDEX IF EXISTS pdb_%s_%s", k->tag, k->fields[i].name);
		rc = db_exec(db, sql, e);
		free(sql);
	}
	return rc;
}

/* Makes the table of a kind, or gives an older one the columns that it lacks. */
static int migrate_kind(sqlite3 *db, const struct pdb_kind *k, struct err *e)
{
	char *sql = mem_printf("CREATE TABLE IF NOT EXISTS pdb_%s "
	    "(id INTEGER PRIMARY KEY, reading INTEGER NOT NULL DEFAULT 0)", k->tag);
	char *table = mem_printf("pdb_%s", k->tag);
	int rc = db_exec(db, sql, e);

	for (size_t i = 0; rc == 0 && i < k->field_count; i++)
		rc = migrate_column(db, table, k->fields[i].name, column_type(k->fields[i].type), e);
	free(table);
	free(sql);
	return rc == 0 ? db_index_make(db, k, e) : -1;
}

static int migrate_to_now(sqlite3 *db, struct err *e)
{
	int rc;

	rc = db_exec(db,
	    "CREATE TABLE IF NOT EXISTS reading (id INTEGER PRIMARY KEY, at_ms INTEGER NOT NULL,"
	    " with_key INTEGER NOT NULL, origin TEXT);"
	    "INSERT OR IGNORE INTO reading VALUES (0, 0, 0, 'unknown');"
	    "CREATE TABLE IF NOT EXISTS asked (tag TEXT NOT NULL, key INTEGER NOT NULL, at_ms INTEGER NOT NULL,"
	    " found INTEGER NOT NULL, with_key INTEGER NOT NULL, PRIMARY KEY (tag, key)) WITHOUT ROWID;"
	    "CREATE TABLE IF NOT EXISTS mark (tag TEXT NOT NULL, with_key INTEGER NOT NULL,"
	    " updated_ms INTEGER NOT NULL, at_ms INTEGER NOT NULL, PRIMARY KEY (tag, with_key));"
	    /* Indexes of schema 1 that cost more than they found. */
	    "DROP INDEX IF EXISTS pdb_net_name; DROP INDEX IF EXISTS pdb_net_irr_as_set; DROP INDEX IF EXISTS pdb_ix_name;"
	    "DROP INDEX IF EXISTS pdb_netixlan_ipaddr4; DROP INDEX IF EXISTS pdb_netixlan_ipaddr6;", e);
	if (rc == 0)
		rc = migrate_column(db, "mark", "whole_ms", "INTEGER NOT NULL DEFAULT 0", e);
	for (int i = 0; rc == 0 && i < PDB_TAGS; i++)
		rc = migrate_kind(db, &pdb_kinds[i], e);
	return rc;
}

const struct db_schema db_cache_schema = { DB_SCHEMA, migrate_to_now };

static int set_version(sqlite3 *db, int version, struct err *e)
{
	char *sql = mem_printf("PRAGMA user_version = %d", version);
	int rc = db_exec(db, sql, e);

	free(sql);
	return rc;
}

static int migrate(sqlite3 *db, const struct db_schema *schema, enum db_fault *fault, struct err *e)
{
	struct err asked = ERR_INIT;
	int64_t version = ask_int(db, "PRAGMA user_version", -1, &asked);
	int rc;

	if (version == schema->version)
		return 0;
	if (version < 0) {
		*fault = db_fault_of(sqlite3_errcode(db));
		return err_set(e, ERR_IO, "%s", asked.text);
	}
	if (version > schema->version) {
		*fault = DB_NEWER;
		return err_set(e, ERR_REFUSED, "made by a newer peerdeck (schema %d, this one knows %d)",
		    (int)version, schema->version);
	}
	/* Another process may be at it: whoever comes second finds everything there. */
	rc = db_exec(db, "BEGIN IMMEDIATE", e);
	if (rc == 0)
		rc = schema->migrate(db, e);
	if (rc == 0)
		rc = set_version(db, schema->version, e);
	if (rc == 0)
		rc = db_exec(db, "COMMIT", e);
	if (rc < 0) {
		*fault = db_fault_of(sqlite3_errcode(db));
		sqlite3_exec(db, "ROLLBACK", NULL, NULL, NULL);
	}
	return rc;
}

/* SQLite would make the file readable to all; it may hold contacts that only our key may see.  The group that shares the
 * data directory shares that key's answers; the files beside it take its mode. */
static void create_private(const char *path)
{
	int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, shared_bits_beside(path, 0600));

	if (fd >= 0)
		close(fd);
}

/* Two processes that make the file at once: the switch to WAL would have to upgrade a lock that both hold, so SQLite
 * answers BUSY at once, whatever the timeout.  It is asked again; whoever comes second finds it done. */
static int switch_to_wal(sqlite3 *db)
{
	int rc;

	for (int waited = 0;; waited += WAL_AGAIN_MS) {
		rc = sqlite3_exec(db, "PRAGMA journal_mode=WAL;", NULL, NULL, NULL);
		if ((rc & 0xff) != SQLITE_BUSY || waited >= BUSY_MS)
			return rc;
		sqlite3_sleep(WAL_AGAIN_MS);
	}
}

/* Nobody asks SQLite how much memory it has; to count it takes a lock with every allocation. */
static void set_up(void)
{
	sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
}

static pthread_once_t once = PTHREAD_ONCE_INIT;

void db_close(sqlite3 *db)
{
	const char *log = db != NULL && sqlite3_total_changes(db) == 0 ? sqlite3_filename_wal(sqlite3_db_filename(db, "main")) : NULL;
	struct stat st;

	if (log != NULL && *log != '\0' && stat(log, &st) == 0 && st.st_size == 0)
		sqlite3_db_config(db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
	sqlite3_close(db);
}

sqlite3 *db_open(const char *path, const struct db_schema *schema, enum db_fault *fault, struct err *e)
{
	sqlite3 *db = NULL;

	pthread_once(&once, set_up);
	*fault = DB_FINE;
	create_private(path);
	if (sqlite3_open_v2(path, &db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL) != SQLITE_OK)
		goto failed;
	sqlite3_busy_timeout(db, BUSY_MS);
	sqlite3_extended_result_codes(db, 1);
	if (switch_to_wal(db) != SQLITE_OK || db_exec(db, "PRAGMA synchronous=FULL;", e) < 0)
		goto failed;
	if (sqlite3_db_readonly(db, "main") == 1) {
		*fault = DB_UNWRITABLE;
		err_set(e, ERR_IO, "cannot be written");
		goto failed;
	}
	if (migrate(db, schema, fault, e) < 0)
		goto failed;
	return db;
failed:
	if (*fault == DB_FINE)
		*fault = db_fault_of(sqlite3_errcode(db));
	db_err(db, e);
	sqlite3_close(db);
	return NULL;
}

sqlite3 *db_open_memory(const struct db_schema *schema)
{
	enum db_fault fault = DB_FINE;
	sqlite3 *db = NULL;

	pthread_once(&once, set_up);
	if (sqlite3_open_v2(":memory:", &db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX, NULL) != SQLITE_OK ||
	    migrate(db, schema, &fault, NULL) < 0)
		abort(); /* only without memory: no file is involved */
	return db;
}

/* "file:" form of a path: what would end it there is escaped. */
static char *file_uri(const char *path, const char *options)
{
	struct str uri;

	str_init(&uri, 0);
	str_puts(&uri, "file:");
	for (; *path; path++)
		if (strchr("?#%", *path) != NULL)
			str_addf(&uri, "%%%02X", (unsigned char)*path);
		else
			str_putc(&uri, *path);
	str_puts(&uri, options);
	return uri.p;
}

/* NULL unless its schema has that version. */
static sqlite3 *open_version(const char *path, const char *options, int64_t version)
{
	char *uri = file_uri(path, options);
	sqlite3 *db = NULL;
	int rc = sqlite3_open_v2(uri, &db, SQLITE_OPEN_READONLY | SQLITE_OPEN_URI, NULL);

	free(uri);
	if (rc == SQLITE_OK && sqlite3_busy_timeout(db, BUSY_MS) == SQLITE_OK &&
	    ask_int(db, "PRAGMA user_version", -1, NULL) == version)
		return db;
	sqlite3_close(db);
	return NULL;
}

sqlite3 *db_open_readonly(const char *path, const struct db_schema *schema)
{
	sqlite3 *db = open_version(path, "?mode=ro", schema->version);

	/* A read-only disk, where even the WAL's index cannot be made. */
	return db != NULL ? db : open_version(path, "?immutable=1", schema->version);
}

bool db_is_blank(const char *path)
{
	sqlite3 *db = open_version(path, "?mode=ro", 0);

	sqlite3_close(db);
	return db != NULL;
}

static void move(const char *path, const char *suffix)
{
	char *from = mem_printf("%s%s", path, suffix), *to = mem_printf("%s.damaged%s", path, suffix);

	if (rename(from, to) < 0)
		unlink(to); /* an older -wal must not be taken for the newer file's */
	free(from);
	free(to);
}

void db_set_aside(const char *path)
{
	move(path, "");
	move(path, "-wal");
	move(path, "-shm");
}

int db_copy(sqlite3 *to, sqlite3 *from)
{
	sqlite3_backup *b = sqlite3_backup_init(to, "main", from, "main");
	int rc;

	if (b == NULL)
		return -1;
	rc = sqlite3_backup_step(b, -1);
	sqlite3_backup_finish(b);
	return rc == SQLITE_DONE ? 0 : -1;
}
