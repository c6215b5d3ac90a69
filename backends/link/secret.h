/*
 * secret - passwords and passphrases, from where the configuration says.
 *
 * They come from a command, a file or the terminal, never from arguments or
 * the environment; they live in memory only as long as they are needed and
 * are wiped.
 */
#ifndef PEERDECK_LINK_SECRET_H
#define PEERDECK_LINK_SECRET_H

#include "core/base/err.h"

#include <stddef.h>
#include <stdint.h>

enum { SECRET_MAX = 1024 };
struct secret {
	char text[SECRET_MAX]; /* one line without its end, NUL-terminated */
};

/* Runs `command`, split on blanks, without a shell, stdin empty; takes the first line it prints.  An exit status
 * other than 0, no output, or the deadline: ERR_AUTH naming the program (never its arguments or output). */
int secret_from_command(const char *command, int cancel_fd, int64_t deadline, struct secret *out, struct err *e);
/* The first line of a file that neither group nor others may read or write. */
int secret_from_file(const char *path, struct secret *out, struct err *e);
/* The command if given, else the file.  Neither: ERR_AUTH "no WHAT configured". */
int secret_from(const char *what, const char *command, const char *file, int cancel_fd, int64_t deadline,
    struct secret *out, struct err *e);
void secret_wipe(struct secret *s);

/* How to ask at the terminal: set once by the app before workers start; NULL (default): never asks.  Called from
 * worker threads, one at a time.  Fills buf and returns 0, or -1. */
typedef int secret_ask_fn(void *ctx, const char *question, char *buf, size_t n, struct err *e);
void secret_on_ask(secret_ask_fn *ask, void *ctx);
int secret_ask(const char *question, struct secret *out, struct err *e);

#endif
