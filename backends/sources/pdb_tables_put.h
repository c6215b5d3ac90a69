/*
 * pdb_tables_put - downloaded tables into the store, all of them or none.
 */
#ifndef PEERDECK_SOURCES_PDB_TABLES_PUT_H
#define PEERDECK_SOURCES_PDB_TABLES_PUT_H

#include "core/model/store.h"

struct pdb_tables_ops {
	/* One line about what goes on, several a second at most; also from another thread.  May be NULL. */
	void (*progress)(void *arg, const char *words);
	void (*fault)(void *arg, const char *words); /* "net: row 17: ..."; may be NULL */
	bool (*cancelled)(void *arg);                /* looked at while rows are stored; may be NULL */
	void *arg;
};

struct pdb_tables_sum {
	struct pdb_table_sum {
		bool read, whole;
		size_t rows, changed; /* in the answer; of these new or newer */
		size_t deleted;       /* told as deleted, or no longer there */
	} tag[PDB_TAGS];
	enum pdb_tag at;        /* the table stored last: where it failed, if it did */
	size_t dropped, faults; /* rows that could not be used; fields left unknown and the like */
};

struct pdb_table {
	enum pdb_tag tag;
	bool with_key;      /* hidden contacts are in it */
	int64_t since_s;    /* only what changed since; -1: the whole table */
	int64_t at_wall_ms; /* when it was read; -1: the file tells */
	char *path;         /* of the answer; owned by whoever made it */
};

/* An error is about the table sum->at. */
int pdb_tables_put(struct store *store, const struct pdb_table *tables, size_t n, const struct pdb_tables_ops *ops,
    struct pdb_tables_sum *sum, struct err *e);

#endif
