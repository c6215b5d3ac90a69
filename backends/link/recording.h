/*
 * recording - what routers said, with its times, read back; peerdeck-recording(5) is the format.
 *
 * A file is lines of text, only ever appended to.  What one poll of one router heard stands together as a look:
 *
 *     @ recording 2 local-as 64500 peerdeck 1.0      first line of a file, and wherever somebody went on with it
 *     @ look 2026-11-20T03:12:45.100Z r1 frr poll    a look begins; "asked": a question about one neighbor
 *     > show bgp summary json                        what was asked
 *     | {...                                         one line of the answer; "!": of the complaint when there is none
 *     @ done 2026-11-20T03:12:45.180Z                the answer was there; or
 *     @ not 2026-11-20T03:12:45.180Z device WORDS    it was not, and why
 *     @ end 2026-11-20T03:12:45.200Z                 all was asked; with a code and words: it failed as a whole
 *     @ link 2026-11-20T03:12:50.000Z r1 frr waiting net WORDS    the way to the router was lost
 *
 * The words are those of replay (replay.h), so that a file of one router can be talked to as if it were one.  Lines
 * that begin with "#", "$" and words that replay alone knows say nothing here.  Transcripts of version 1 had their times
 * in comments, and are read too.  A look without its end is one that was cut: it is left out and counted.
 */
#ifndef PEERDECK_LINK_RECORDING_H
#define PEERDECK_LINK_RECORDING_H

#include "core/base/err.h"
#include "core/base/mem.h"
#include "core/base/str.h"
#include "core/model/inbox.h"
#include "core/model/net.h"

enum { RECORDING_VERSION = 2, RECORDING_LOOK_MAX = 256 << 20 };

#define RECORDING_SUFFIX ".recording"

enum look_kind { LOOK_POLL, LOOK_ASKED, LOOK_LINK };
struct look {
	int64_t begin_ms, end_ms; /* since the epoch; equal for LOOK_LINK */
	enum look_kind kind;
	uint32_t router, file;
	uint64_t at;              /* where its lines begin, octets */
	uint64_t len;
	const char *about;        /* LOOK_ASKED: its first question; else NULL */
	enum link_state state;    /* LOOK_LINK */
	enum err_code code;       /* ERR_NONE: all was asked */
	const char *words;
};
struct recorded_router {
	const char *name, *os; /* as written */
};

struct recording {
	struct arena *arena;
	struct recorded_router *routers; /* in the order of their first look */
	size_t router_count, router_cap;
	struct look *looks; /* by end_ms */
	size_t count, cap;
	char **paths;
	int *fds;
	size_t file_count, file_cap;
	size_t cut;       /* looks left out because their end is missing */
	asn_t local_as;   /* ASN_UNKNOWN: no file says it */
};

/* Files, and folders of them (what ends with .recording), in any order.  -1: file and line of what is none of a
 * recording, or nothing is in them. */
int recording_open(const char *const *paths, size_t count, struct recording **out, struct err *e);
/* As a file called `name` would be read; for tests.  The text is copied. */
int recording_parse(const char *name, struct slice text, struct recording **out, struct err *e);
void recording_free(struct recording *r); /* NULL is fine */
/* Appends the look's lines. */
int recording_text(const struct recording *r, const struct look *l, struct str *out, struct err *e);

/* One answer of a look, one after the other.  Its text is unwrapped into *text (cleared first). */
struct answer {
	struct slice question;
	int64_t at_ms;      /* when it was there; 0: not said */
	enum err_code code; /* ERR_NONE: it came whole, if `told` */
	struct slice words;
	bool told;          /* how it ended; version 1 did not, so that refusals must be known by their words */
};
struct answer_walk {
	struct slice rest;
	int64_t before_ms; /* version 1: the comment above the question */
};
/* False at the end. */
bool recording_answer(struct answer_walk *w, struct answer *out, struct str *text);

#endif
