/*
 * recorder - keeps what is heard from routers in a file or a folder of files; recording.h is the form.
 *
 * Shared by all workers of a process.  A look is put together by its worker (struct take) and written whole, so that
 * looks of several routers never mix.  Passwords, keys and communities are taken out before anything is kept.  Nothing
 * here is called in the thread that draws, except starting and stopping.
 */
#ifndef PEERDECK_LINK_RECORDER_H
#define PEERDECK_LINK_RECORDER_H

#include "backends/link/cli.h"
#include "core/model/inbox.h"

struct recorder;
struct recorder_way {
	const char *file;   /* appended to; "-": stdout.  NULL: */
	const char *folder; /* made if it is not there; a new file every `most` / 8 octets, and the oldest are deleted */
	uint64_t most;      /* octets in all; 0: no end.  A file that reached it is not gone on with */
	asn_t local_as;
};
struct recorder_state {
	bool on;
	uint64_t octets;  /* of the present file */
	char path[300];
	char trouble[200]; /* why it ended by itself; "" it did not */
};

struct recorder *recorder_new(void);
void recorder_free(struct recorder *r); /* NULL is fine */
/* -1: nothing is recorded, as before. */
int recorder_start(struct recorder *r, const struct recorder_way *way, struct err *e);
void recorder_stop(struct recorder *r);
void recorder_state(struct recorder *r, struct recorder_state *out);

/* Deletes the oldest recordings of a folder until they hold at most `most` octets, but never `current`. */
void recorder_tidy(const char *folder, uint64_t most, const char *current);

/* What one worker hears; embedded in it. */
struct take {
	struct recorder *recorder; /* NULL: nothing is kept */
	const char *router;
	const struct driver *driver;
	struct str text;
	uint64_t file;     /* number of the file that the head was written for */
	bool on;           /* a look is being kept */
	struct cli_ear ear;
};
void take_init(struct take *t, struct recorder *r, const char *router, const struct driver *driver);
void take_fini(struct take *t);
/* A look begins, "poll" or "asked".  True when it is the first of this file: everything is to be asked. */
bool take_begin(struct take *t, const char *kind);
/* How this CLI greets: its prompt and what is said to it first; of the first look of a file. */
void take_head(struct take *t, const struct cli *cli);
/* The look is over and goes into the file; NULL or ERR_NONE: all was asked. */
void take_end(struct take *t, const struct err *why);
void take_drop(struct take *t);
/* The way to the router was lost. */
void take_link(struct take *t, enum link_state state, const struct err *why);

/* The pieces, for who writes a recording otherwise. */
void recording_put_first(struct str *out, asn_t local_as);
void recording_put_look(struct str *out, const char *router, const char *os, const char *kind);
void recording_put_head(struct str *out, const struct driver *driver, const struct cli *cli);
/* `safe`: secrets are out of it already. */
void recording_put_answer(struct str *out, const char *question, struct slice safe, const struct err *why);
void recording_put_end(struct str *out, const struct err *why);

#endif
