/*
 * track - how one session went over a time, read from the history: counters, state, probes, traffic, and what happened.
 *
 * Made by a thread that may wait for the disk (app/archive), handed to the views as a whole, never changed after.
 */
#ifndef PEERDECK_MODEL_TRACK_H
#define PEERDECK_MODEL_TRACK_H

#include "core/model/course.h"
#include "core/model/event.h"

enum track_kind {
	TRACK_RECEIVED, TRACK_ACCEPTED, TRACK_ADVERTISED, /* prefixes */
	TRACK_STATE,             /* enum bgp_state */
	TRACK_LOSS, TRACK_RTT,   /* percent, milliseconds */
	TRACK_IN, TRACK_OUT,     /* bit/s of the port toward it */
	TRACK_KINDS,
};

enum { TRACK_MARKS = 500, TRACK_HOUR = 3600, TRACK_DAY = 86400, TRACK_WEEK = 604800 };

struct track_mark {
	int64_t wall_ms;
	enum event_kind kind;
	enum severity severity;
	char words[192];
};

struct track {
	char router[80], vrf[80], neighbor[80];
	enum afi_safi family;
	asn_t asn; /* ASN_UNKNOWN: not known */
	unsigned range_s;
	int64_t from_wall_ms, to_wall_ms;
	struct course course[TRACK_KINDS];
	struct track_mark *marks; /* newest first, TRACK_MARKS at most */
	size_t mark_count;
	bool more_marks;          /* older ones in this time are not here */
};

/* A session's prefixes over the last hour, in few cells: what fits beside a row. */
enum { LATELY_CELLS = 60 };
struct lately {
	struct lately_row {
		char series[HISTORY_NAME_MAX + 1]; /* of the received prefixes */
		float cells[LATELY_CELLS];         /* the least of each; below 0: unknown */
	} *rows;                                   /* sorted by series */
	size_t count;
	int64_t to_wall_ms;
};
/* "session/ROUTER/VRF/NEIGHBOR/FAMILY/what". */
void track_series(char out[HISTORY_NAME_MAX + 1], const char *router, const char *vrf, const char *neighbor, enum afi_safi family,
    const char *what);
/* NULL: nothing is known of it. */
const float *lately_find(const struct lately *l, const char *series);

#endif
