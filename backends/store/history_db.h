/*
 * history_db - the tables of history.db and what is done with them; the thread and the queue are history.c's.
 */
#ifndef PEERDECK_STORE_HISTORY_DB_H
#define PEERDECK_STORE_HISTORY_DB_H

#include "backends/store/sqlite_db.h"
#include "core/model/history.h"

extern const struct db_schema history_schema;

struct history_file; /* an open database with its statements */

struct history_file *history_file_open(const char *path, enum db_fault *fault, struct err *e);
void history_file_close(struct history_file *f); /* NULL is fine */
/* One transaction around any number of samples. */
int history_file_begin(struct history_file *f, struct err *e);
int history_file_commit(struct history_file *f, struct err *e);
void history_file_rollback(struct history_file *f);
int history_file_add(struct history_file *f, enum history_kind kind, const char *series, int64_t wall_ms, double value,
    struct err *e);
int history_file_event(struct history_file *f, const struct event *ev, struct err *e);
/* Joins what is older than fine_s to steps, forgets what is older than keep_s.  In transactions of its own. */
int history_file_age(struct history_file *f, const struct history_conf *conf, int64_t now_wall_ms, struct err *e);
/* DIR/history.db for reading, in *db, to be closed; NULL and 0 if nothing has been written there yet. */
int history_open_readonly(const char *dir, sqlite3 **db, struct err *e);
/* The kind of the last failure. */
enum db_fault history_file_fault(const struct history_file *f);

#endif
