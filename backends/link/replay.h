/*
 * replay - a link over a recorded transcript: tests and bug reports without a router.
 *
 * A transcript is lines of text; the first octet says what a line is:
 *
 *     # a comment
 *     > show version        what is asked: a command run, or a line typed
 *     | text                one line of the answer
 *     ! text                one line on stderr
 *     $ r1#                 text without a line end: a prompt (a trailing blank counts)
 *     @ echo                from here on, typed lines are repeated before their answer
 *     @ keys                the same key by key, as a terminal does
 *     @ wait 200            milliseconds of silence
 *     @ hang                silence for ever
 *     @ cut                 the connection is lost here
 *     @ exit 1              the command ends with this status
 *     @ repeat 1000 text    the line so many times
 *     @ look, end ...       what says when (recording.h): nothing here
 *
 * One blank after the mark is not part of the text.  An answer goes up to the
 * next ">".  A command whose answer holds a "$" is a CLI that goes on to take
 * typed lines; after an answer without "$" it prompts with the last one.  The
 * same question asked again takes the next record of it, in a circle.  An
 * empty typed line needs no record.  What has no record is refused: status
 * 127, or "% Unknown command".
 */
#ifndef PEERDECK_LINK_REPLAY_H
#define PEERDECK_LINK_REPLAY_H

#include "backends/link/link.h"

/* ERR_PARSE names the line. The text is copied. */
int replay_parse(const char *name, struct slice text, int cancel_fd, struct link **out, struct err *e);
int replay_load(const char *path, int cancel_fd, struct link **out, struct err *e);

/* Faults: at most n octets per read (0: no limit); the connection is lost after n octets in all (SIZE_MAX: never). */
void replay_chunk(struct link *l, size_t n);
void replay_cut_after(struct link *l, size_t n);

#endif
