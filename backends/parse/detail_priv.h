/*
 * detail_priv - the reader of detail.c and the single lines that detail_lines.c knows; theirs alone.
 */
#ifndef PEERDECK_PARSE_DETAIL_PRIV_H
#define PEERDECK_PARSE_DETAIL_PRIV_H

#include "backends/parse/detail.h"

enum { FAMILIES_MAX = 24 };

struct detail_reader {
	struct snap_builder *b;
	struct asked asked;
	bool poll, fill;       /* detail_poll, detail_fill */
	bool seen, in_messages, in_prefixes, in_denied;
	bool open;             /* a neighbor has begun */
	struct slice neighbor, vrf;
	struct session all;    /* what is said of the neighbor */
	struct session own;    /* what is said of the family that is open */
	enum afi_safi family;  /* the open one, AF_UNKNOWN outside */
	bool body;             /* the open family has a body */
	enum afi_safi heading; /* of the last heading without a body: it stands over neighbors */
	enum afi_safi above;   /* the heading that stood over the open neighbor */
	bool has_body;         /* one of the open neighbor's families had one */
	struct session *rows[FAMILIES_MAX];
	size_t row_count;
	int64_t denied, reset_s;
};

/* A line inside a neighbor: what it says goes into rd->all or, of a family, into rd->own. */
void detail_line(struct detail_reader *rd, struct slice line);

#endif
