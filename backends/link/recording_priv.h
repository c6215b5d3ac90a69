/*
 * What reading a file of a recording and understanding its lines share; see recording.h.
 */
#ifndef PEERDECK_LINK_RECORDING_PRIV_H
#define PEERDECK_LINK_RECORDING_PRIV_H

#include "backends/link/recording.h"

/* One file, line by line. */
struct index_state {
	struct recording *r;
	const char *name;
	uint64_t number;     /* of the line */
	struct look open;    /* being read */
	bool is_open, asked; /* asked: a question was seen in it */
	int version;         /* 0: the file has not said */
	uint32_t router;     /* version 1: of the whole file */
	uint64_t poll;       /* version 1: the one that is open */
	int64_t last_ms;
	struct err bad;      /* of a line that a cut may explain: forgiven when the file ends there or is begun anew */
};

void index_begin(struct index_state *ix, struct recording *r, const char *name);
/* The beginning of a line; whole: it ended with a line end.  `at`: where it began. */
int index_line(struct index_state *ix, struct slice line, uint64_t at, bool whole, struct err *e);
int index_end(struct index_state *ix, struct err *e);

#endif
