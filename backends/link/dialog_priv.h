/*
 * What the files of the dialog share; see dialog.h.
 */
#ifndef PEERDECK_LINK_DIALOG_PRIV_H
#define PEERDECK_LINK_DIALOG_PRIV_H

#include "backends/link/dialog.h"
#include "backends/link/dialog_match.h"

enum {
	PROMPT_MAX = 200,      /* a longer unfinished line is no prompt */
	PENDING_MAX = 65536,
	EMPTY_MS = 30,         /* a prompt without an answer may stand between two echoes: wait so long for more */
	ASKED_MS = 400,        /* so long a question must stand alone to be believed */
};

struct dialog {
	struct channel *c;
	const struct dialogue *table;
	struct patterns *prompts, *pager, *errors, *lead, *stamp, *questions, *config;
	struct str prompt;    /* learnt */
	bool led;             /* something that may change stands before it in its line: a clock */
	struct str pending;   /* octets after the last line end */
	struct str last_line; /* before the prompt was learnt, for the words of a failure */
	bool broken;
	bool configuring;     /* the last prompt was one of configuration mode */
};

/* dialog_octets.c */
/* Removes the first `at` octets. */
void dialog_keep_from(struct str *s, size_t at);
/* A pager wipes its question out with backspaces or returns before it goes on. */
void dialog_strip_wipe(struct str *s);
/* More octets into pending, without what only a terminal would act on. 1 some, 0 none until `deadline`, -1 error. */
int dialog_read_more(struct dialog *d, int64_t deadline, struct err *e);
/* A line may begin like the prompt: when more follows within `ms`, it is not one.  True if nothing came. */
bool dialog_nothing_follows(struct dialog *d, int ms);
/* The words as they stand, with or without Enter behind them. */
int dialog_type(struct dialog *d, const char *line, bool enter, int64_t deadline, struct err *e);

#endif
