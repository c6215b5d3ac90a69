/*
 * pdbrow - what a row of PeeringDB is, said once.
 *
 * One table per object type (PeeringDB calls the type a tag) lists the
 * fields that matter.  The reader checks JSON against it, the store makes
 * its columns from it, the import names fields by it.  To keep one more field,
 * add a line here; the store adds the column when it opens an older cache.
 *
 * Source: PeeringDB API documentation, server 2.82.
 */
#ifndef PEERDECK_MODEL_PDBROW_H
#define PEERDECK_MODEL_PDBROW_H

#include "core/base/str.h"

#include <stdbool.h>
#include <stdint.h>

enum pdb_tag {
	PDB_ORG,
	PDB_FAC,
	PDB_NET,
	PDB_IX,
	PDB_IXLAN,
	PDB_IXPFX,
	PDB_IXFAC,
	PDB_NETIXLAN,
	PDB_NETFAC,
	PDB_POC,
	PDB_CARRIER,
	PDB_CARRIERFAC,
	PDB_CAMPUS,
	PDB_TAGS,
};

enum pdb_type {
	PDB_ID,    /* 1..2^31-1, a row of this or another tag */
	PDB_ASN,   /* 0..2^32-1 */
	PDB_COUNT, /* 0..2^53: prefixes, Mbit/s, octets */
	PDB_REAL,
	PDB_BOOL,
	PDB_TEXT,  /* as received: made safe only where it is shown */
	PDB_TIME,  /* "2026-11-20T03:12:45Z", kept as milliseconds since the epoch */
};

enum pdb_flag {
	PDB_NEEDED = 1,  /* a row without it is dropped */
	PDB_INDEXED = 2, /* rows are looked up by it */
	PDB_AT_REST = 4, /* kept for whom the cache is handed to; rows that are looked up by a field come without it: to read it takes longer
	                  * than all that is wanted of them */
};

struct pdb_field {
	const char *name;
	enum pdb_type type;
	unsigned flags; /* enum pdb_flag */
};

/* Every kind starts with these three. */
enum { PDB_AT_ID, PDB_AT_STATUS, PDB_AT_UPDATED };
/* No kind has more fields. */
#define PDB_FIELDS_MAX 40

struct pdb_kind {
	const char *tag;
	const struct pdb_field *fields;
	size_t field_count;
};
extern const struct pdb_kind pdb_kinds[PDB_TAGS];

/* PDB_TAGS if there is none of this name. */
enum pdb_tag pdb_tag_find(struct slice name);
/* Index of a field, or -1. `hint` is tried first: rows come with their keys in one order. */
int pdb_field_find(enum pdb_tag tag, struct slice name, int hint);

struct pdb_value {
	enum { PDB_NULL = 0, PDB_IS_INT, PDB_IS_REAL, PDB_IS_TEXT } is;
	int64_t i; /* also bool and time */
	double r;
	struct slice s; /* valid as long as the row */
};

struct pdb_row {
	enum pdb_tag tag;
	struct pdb_value v[PDB_FIELDS_MAX]; /* in the order of the kind's fields */
	/* Filled when read back from the store: */
	int64_t read_wall_ms; /* when the row was read from PeeringDB */
	bool with_key;
};

/* By name; otherwise if the row has no such field or it is null. */
int64_t pdb_row_int(const struct pdb_row *r, const char *field, int64_t otherwise);
/* An empty slice with p NULL if null. */
struct slice pdb_row_text(const struct pdb_row *r, const char *field);
bool pdb_row_live(const struct pdb_row *r); /* status is not "deleted" */

/* Reads an API time; false if it is none. */
bool pdb_time_parse(struct slice s, int64_t *wall_ms);

#endif
