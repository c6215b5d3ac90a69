/*
 * pdb_read - JSON of PeeringDB's API or of a dump, read as it comes, row by row.
 *
 * Takes {"data":[...],"meta":{}} of one tag, and one object keyed by tag
 * ({"net":{"data":[...]},"poc":...}).  No more than one row is held at a time.
 * Faults are graded: a field of the wrong type is left unknown, a row without its
 * id or its links is dropped, both are reported in words; what is not such an
 * answer at all is an error.
 */
#ifndef PEERDECK_SOURCES_PDB_READ_H
#define PEERDECK_SOURCES_PDB_READ_H

#include "core/base/err.h"
#include "core/model/pdbrow.h"

enum {
	PDB_ROW_OCTETS = 1 << 20, /* text of one row */
	PDB_GAP_OCTETS = 4 << 20, /* input without a single value: one string of that size */
};

struct pdb_read_ops {
	/* A checked row; its texts live until the call returns.  -1 ends the reading with that error. */
	int (*row)(void *arg, const struct pdb_row *row, struct err *e);
	/* What was left out, in words: "row 17: asn is text, a number is wanted; row dropped".  May be NULL. */
	void (*fault)(void *arg, const char *words);
	void *arg;
};

/* What stood beside the rows. */
struct pdb_read_end {
	size_t rows, dropped, faults;
	int64_t generated_wall_ms; /* meta.generated; -1 if not told */
	bool with_key;             /* meta.with_key: an export of ours whose contacts were read with a key */
	bool truncated;            /* meta.truncated: there are more rows */
	char said[200];            /* meta.error or message; "" if none */
};

struct pdb_read;
/* tag: of a plain answer; PDB_TAGS if only a keyed object can tell. */
struct pdb_read *pdb_read_new(enum pdb_tag tag, const struct pdb_read_ops *ops);
int pdb_read_feed(struct pdb_read *r, const char *p, size_t n, struct err *e);
/* Ends and frees; *end is filled in any case (may be NULL).  -1 unless the answer was complete and held data. */
int pdb_read_finish(struct pdb_read *r, struct pdb_read_end *end, struct err *e);
void pdb_read_free(struct pdb_read *r); /* broken off; NULL is fine */

/* Reads what an error answer says ({"meta":{"error":"..."}}); "" if it is no such thing. */
void pdb_read_said(struct slice body, char *out, size_t size);

#endif
