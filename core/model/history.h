/*
 * history - samples over time, by the name of their series.
 *
 * A series is named from the general to the particular, in the field's terms:
 *
 *	session/r1//192.0.2.1/ipv4-unicast/received     router, vrf, neighbor, family, counter
 *	port/r1//192.0.2.1/out-bps                      the interface toward a neighbor
 *	probe/r1//192.0.2.1/loss-percent                pings of a neighbor
 *
 * Implemented over SQLite in <data_dir>/history.db (backends/store/history.c).  Putting a sample never waits: one
 * writer thread writes what is queued; when the queue is full the sample is dropped, and how many were is counted
 * and said.  A damaged file is set aside and a new one begun; one that cannot be written stops nothing.
 *
 * A sample that equals the one before it only lengthens that one's life, so an unchanged counter costs nothing.
 * Order is the order of putting, whatever the wall clock did meanwhile; times are as the clock told them.
 *
 * Several consoles may share a file; a sample that another put within HISTORY_SAME_MS with the same value is joined to
 * it.  All functions may be called from any thread.
 */
#ifndef PEERDECK_MODEL_HISTORY_H
#define PEERDECK_MODEL_HISTORY_H

#include "core/base/err.h"
#include "core/model/config.h"
#include "core/model/event.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
	HISTORY_NAME_MAX = 250,     /* octets of a series' name */
	HISTORY_RECENT = 120,       /* samples of each series that are held in memory */
	HISTORY_SAME_MS = 150000,   /* an equal sample that comes later than this after the last is a new one: between
				       them nobody looked */
	HISTORY_STEP_MS = 300000,   /* of samples older than history_conf.fine_s */
};

enum history_kind {
	HISTORY_GAUGE, /* joined to steps with age: mean, least, greatest */
	HISTORY_STATE, /* a number that stands for a word: never joined */
};

struct history_sample {
	int64_t wall_ms, until_wall_ms; /* first and last time that it was seen so */
	double value;                   /* of a step: the mean over its time */
	double low, high;               /* of a step; else as value */
	unsigned count;                 /* samples behind it */
};

struct history;

/* Never NULL. dir NULL: in memory only, nothing is written. */
struct history *history_open(const char *dir, const struct history_conf *conf);
/* Writes what is queued (two seconds at most), ends the thread, frees.  NULL is fine. */
void history_close(struct history *h);

/* Queues a sample.  False: dropped (queue full, name too long, value no number).  h NULL: false. */
bool history_put(struct history *h, enum history_kind kind, const char *series, int64_t wall_ms, double value);

/* Whether so many samples would all be queued now, or, of more than the queue ever holds, whether it is empty. */
bool history_has_room(struct history *h, size_t samples);

/* Queues an event; never waits.  An event that another console on this host has put a moment ago is not put again.
 * False: dropped (queue full).  h NULL: false. */
bool history_event(struct history *h, const struct event *ev);

struct history_state {
	uint64_t put, written, dropped; /* samples and events */
	size_t queued;
	int64_t written_wall_ms; /* of the last write; 0 none */
	char note[300];          /* what is not as it should be; "" when all is well */
};
void history_state(struct history *h, struct history_state *out);

/* The newest `max` samples of this process, oldest first; the number of them. Memory only, never waits for a disk. */
size_t history_recent(struct history *h, const char *series, struct history_sample *out, size_t max);

/* A range from the file, in order of putting: what was seen from from_wall_ms to to_wall_ms. */
struct history_range {
	struct history_sample *samples;
	size_t count;
};
/* Opens the file for reading only; for commands that end and for threads that may wait.  No file: an empty range. */
int history_read(const char *dir, const char *series, int64_t from_wall_ms, int64_t to_wall_ms,
    struct history_range *out, struct err *e);
/* Names of series that begin with `prefix`, sorted; *names is one allocation (free it), strings included. */
int history_names(const char *dir, const char *prefix, const char ***names, size_t *count, struct err *e);
/* The events of a time, in the order of putting; only the newest `most` of them (0: all).  Their ids are 0.  A visit that
 * returns nonzero ends it. */
int history_events(const char *dir, int64_t from_wall_ms, int64_t to_wall_ms, size_t most,
    int (*each)(void *ctx, const struct event *ev), void *ctx, struct err *e);
/* Likewise of one session, and of its router as a whole. */
int history_events_of(const char *dir, const char *router, const char *vrf, const char *neighbor, int64_t from_wall_ms,
    int64_t to_wall_ms, size_t most, int (*each)(void *ctx, const struct event *ev), void *ctx, struct err *e);
void history_range_fini(struct history_range *r);
/* Of every series whose name begins and ends so: what was seen since from_wall_ms, oldest first.  The range is the
 * walk's, not to be kept. */
int history_latest(const char *dir, const char *begin, const char *end, int64_t from_wall_ms,
    void (*each)(void *ctx, const char *series, const struct history_range *r), void *ctx, struct err *e);

/* The value that `percent` of the time were at or below it, each sample weighing as long as it lasted (at least
 * least_ms); -1 with nothing to count.  Of steps the mean counts. */
double history_percentile(const struct history_range *r, double percent, int64_t least_ms);
/* How much of the range is covered by samples, in ms, each at least least_ms: what a percentile stands on. */
int64_t history_covered_ms(const struct history_range *r, int64_t least_ms);
/* What the series make together, as samples over the times in which all of them were seen; a sample holds until the next
 * one that comes within twice least_ms.  history_range_fini. */
void history_sum(const struct history_range *all, size_t n, int64_t least_ms, struct history_range *out);

#endif
