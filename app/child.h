/*
 * child - a program of the operator's run beside the console: the mailer, the editor.
 *
 * No shell: the command is split on blanks.  The loop polls child_fd and never
 * waits for it.
 */
#ifndef PEERDECK_APP_CHILD_H
#define PEERDECK_APP_CHILD_H

#include "core/base/err.h"
#include "core/base/str.h"

#include <sys/types.h>

struct child {
	pid_t pid;   /* 0: none */
	int fd;      /* readable when it has ended; -1 none */
	int said_fd; /* what it wrote to stderr; -1: it has the terminal */
	char name[80];
};
#define CHILD_NONE { 0, -1, -1, "" }

/* `more` (may be NULL) becomes the last argument.  input: its stdin, all of it; NULL: it gets the terminal. */
int child_start(struct child *c, const char *command, const char *more, const struct str *input, struct err *e);
/* 1 if it has ended: *ok tells whether with status 0, *e the first line that it said. 0: it runs. */
int child_take(struct child *c, bool *ok, struct err *e);
void child_continue(const struct child *c); /* it stopped itself (Ctrl-Z): there is no shell to wake it */
/* For a thread that may wait: runs it to its end with `input` as its stdin, in a process group of its own.  After the time
 * limit, or when cancel_fd (-1 none) becomes readable, the group is ended.  -1: it did not end with status 0, *e says
 * how and its first line. */
int child_run(const char *command, const struct str *input, unsigned timeout_s, int cancel_fd, struct err *e);
/* Ends it if it runs; waits for half a second at most. */
void child_stop(struct child *c);

#endif
