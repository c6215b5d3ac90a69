/*
 * store - what persistence provides.
 *
 * Today one implementation (backends/store/sqlite.c) keeps what was read from
 * PeeringDB in <data_dir>/cache.db.  Nothing here speaks SQL: rows go in and
 * come out as `struct pdb_row`, so that a shared database can stand behind
 * the same functions.
 *
 * The store is a cache: it must never stop the console.  A file that is
 * damaged is set aside and built anew; one that cannot be written is read into memory
 * and changes stay there; one of a newer peerdeck is left alone.
 * store_note() says so in words.
 *
 * A store belongs to one thread.  Several threads and processes may each
 * open the same directory at once.  Times are milliseconds since the epoch.
 */
#ifndef PEERDECK_MODEL_STORE_H
#define PEERDECK_MODEL_STORE_H

#include "core/base/err.h"
#include "core/model/net.h"
#include "core/model/pdbrow.h"

struct store;

/* Never NULL.  dir NULL: in memory only. */
struct store *store_open(const char *dir);
/* The cache of one data directory put into another that has none; nothing if there is none.  store_copy is sqlite_copy.c's. */
int store_copy(const char *from_dir, const char *to_dir, struct err *e);
void store_close(struct store *s); /* NULL is fine; an open transaction is rolled back */
/* What is not as it should be with the cache file, in words; "" when all is well. */
const char *store_note(const struct store *s);
/* After a failure: if the file turned out to be damaged, full or unwritable, does what is said above and returns
 * true: the caller may try its transaction once more.  Not inside a transaction. */
bool store_heal(struct store *s);

/* One transaction at a time; what is not committed did not happen, also after a crash. */
int store_begin(struct store *s, struct err *e);
int store_commit(struct store *s, struct err *e);
void store_rollback(struct store *s);
/* What is read between them is of one moment, whatever others write meanwhile, and cheaper than one by one.  They may be
 * nested; not to be held longer than a look takes. */
void store_read_begin(struct store *s);
void store_read_end(struct store *s);

/* One look at PeeringDB or at a snapshot file; rows refer to it and so know their age. */
struct store_reading {
	int64_t at_wall_ms;
	bool with_key;      /* hidden contacts were included */
	const char *origin; /* "api", or a file's name */
};
int store_reading_add(struct store *s, const struct store_reading *r, int64_t *id, struct err *e);
/* Corrects the time of a reading: a snapshot tells its date after its rows. */
int store_reading_date(struct store *s, int64_t id, int64_t at_wall_ms, struct err *e);

/* Insert, or replace the row of the same id unless that one was updated later.  *changed (may be NULL). */
int store_put(struct store *s, const struct pdb_row *row, int64_t reading, bool *changed,
    struct err *e);
int store_drop(struct store *s, enum pdb_tag tag, int64_t id, struct err *e);

/* Inside a transaction: many rows of a tag follow (a whole table).  Its indexes are taken away, and made anew by
 * store_bulk_end; until then looking up by a field is slow in this transaction, and unchanged for everybody else. */
int store_bulk_begin(struct store *s, enum pdb_tag tag, struct err *e);
int store_bulk_end(struct store *s, enum pdb_tag tag, struct err *e);
/* After a whole table was put with one reading: drops the rows that are not of it, deleted ones excepted, unless they
 * were updated after `until_wall_ms`, when the table was read.  With keep_hidden, contacts that are not public stay: they are
 * missing because they were not to be seen. */
int store_sweep(struct store *s, enum pdb_tag tag, int64_t reading, int64_t until_wall_ms, bool keep_hidden, size_t *dropped,
    struct err *e);

/* Visits the live rows whose `column` (an integer field; NULL: all rows) is one of the keys; with a column without what is PDB_AT_REST.
 * A visit that returns nonzero ends the walk; that is no error.  Texts live until the visit returns. */
int store_rows(struct store *s, enum pdb_tag tag, const char *column, const int64_t *keys, size_t n,
    int (*visit)(void *arg, const struct pdb_row *row), void *arg, struct err *e);
/* Live rows of a tag, and when the oldest and newest of them were read (may be NULL). */
int store_count(struct store *s, enum pdb_tag tag, size_t *count, int64_t *oldest_wall_ms,
    int64_t *newest_wall_ms, struct err *e);

/* What the API was asked: a network by its ASN, an exchange or a LAN by its id.  Also what is not there is
 * remembered, so that it is not asked for again and again. */
struct store_asked {
	enum pdb_tag tag;
	int64_t key; /* PDB_NET: ASN; else the id */
	int64_t at_wall_ms;
	bool found;
	bool with_key; /* its contacts were read with a key at least once */
};
int store_asked_put(struct store *s, const struct store_asked *a, struct err *e);
/* 1 and *a if asked, 0 if never. */
int store_asked_get(struct store *s, enum pdb_tag tag, int64_t key, struct store_asked *a, struct err *e);
/* All of a tag, in order of keys; *list is allocated, caller frees. */
int store_asked_all(struct store *s, enum pdb_tag tag, struct store_asked **list, size_t *n, struct err *e);

/* A whole table was read up to this point; kept apart for contacts with and without a key. */
struct store_mark {
	int64_t updated_wall_ms; /* newest `updated` seen: a later sync goes on from one second before; 0: it cannot go on */
	int64_t at_wall_ms;      /* when it was read; for a snapshot, the date of its data */
	int64_t whole_wall_ms;   /* when all of it was read, not only what had changed; 0 never */
};
int store_mark_put(struct store *s, enum pdb_tag tag, bool with_key, const struct store_mark *m,
    struct err *e);
/* 1 and *m, or 0 if the table was never read as a whole. */
int store_mark_get(struct store *s, enum pdb_tag tag, bool with_key, struct store_mark *m,
    struct err *e);

#endif
