/*
 * summary_priv - what reading a table of neighbors shares: summary.c reads rows, summary_places.c the lines above them.
 */
#ifndef PEERDECK_PARSE_SUMMARY_PRIV_H
#define PEERDECK_PARSE_SUMMARY_PRIV_H

#include "backends/parse/asked.h"
#include "backends/parse/summary.h"
#include "backends/parse/words.h"

enum column {
	COL_SKIP,
	COL_DESCRIPTION,
	COL_NEIGHBOR,
	COL_VERSION, /* or the speaker of IOS XR: a small number */
	COL_AS,
	COL_IN,
	COL_OUT,
	COL_SINCE,
	COL_STATE,
	COL_STATE_OR_COUNT,
	COL_RECEIVED,
	COL_ACCEPTED,
	COL_ADVERTISED,
};

enum { COLUMNS_MAX = 20, LINES_MAX = 4 };

/* The neighbor of a row: its word, that without marks, and the address it is (ADDR_NONE: an interface). */
struct summary_named {
	size_t at;
	struct slice name;
	struct addr peer;
};

struct summary_table {
	struct snap_builder *b;
	size_t from; /* rows of the builder before this answer */
	struct asked asked;
	struct slice vrf;     /* of the section; points into the answer */
	enum afi_safi family; /* of the section */
	bool seen;            /* something of this shape stood in the answer */
	bool other;           /* below the header of another table */
	enum column col[COLUMNS_MAX];
	size_t cols, needed; /* columns; words that a whole row has at least */
	struct words row;    /* a row as far as it has come */
	size_t row_lines;
	struct summary_named neighbor;
};

/* Ends the row that has come so far. */
void summary_end_row(struct summary_table *t);

/* A VRF, a family or an instance begins: true, and what stood above no longer holds. */
bool summary_take_place(struct summary_table *t, struct slice line);
/* The router's id and AS number, or words that say that there are no sessions; false: neither. */
bool summary_take_router(struct summary_table *t, struct slice line);
/* The echo of the command: "Router#show ip bgp vpnv4 vrf RED summary". */
bool summary_take_echo(struct summary_table *t, struct slice line);
bool summary_says_none(struct slice line);

#endif
