/*
 * err - what went wrong, said once.
 *
 * A function that can fail takes a `struct err *` as its last argument and
 * returns 0 or -1.  The first error set wins: a later err_set on the same
 * object is ignored, so cleanup code cannot hide the cause.  The text is
 * meant for the operator: it names the file, line, router or field, the
 * value, and what to do.  It holds no control bytes (they are replaced).
 */
#ifndef PEERDECK_BASE_ERR_H
#define PEERDECK_BASE_ERR_H

#include <stdarg.h>
#include <stdbool.h>

enum err_code {
	ERR_NONE = 0,
	ERR_USAGE,   /* the caller's words: arguments, selector, filter */
	ERR_CONFIG,  /* a configuration, keymap or policy file */
	ERR_PARSE,   /* an answer that cannot be read */
	ERR_IO,      /* files and other local system calls */
	ERR_NET,     /* resolve, connect, link lost */
	ERR_TIMEOUT, /* a deadline passed */
	ERR_AUTH,    /* the far side did not accept our credentials */
	ERR_HOSTKEY, /* unknown or changed host key: never connect */
	ERR_DEVICE,  /* the router said no, in its own words */
	ERR_REFUSED, /* we will not do it: read-only, precondition, not provisioned */
	ERR_LIMIT,   /* a ceiling of ours was reached */
	ERR_CANCELLED,
};

struct err {
	enum err_code code;
	char text[504];
};

#define ERR_INIT { ERR_NONE, "" }

/* Sets code and text unless an error is set already.  Always returns -1, so
 * that `return err_set(...)` reads well.  `e` may be NULL (error not wanted). */
int err_set(struct err *e, enum err_code code, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

/* As err_set with ": strerror(errno)" appended; errno is kept. */
int err_errno(struct err *e, enum err_code code, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

/* Puts "what: " before the text of an error that is set ("r1: timed out"). Returns -1. */
int err_prefix(struct err *e, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* Forgets the error, so that the object can be used again. */
void err_clear(struct err *e);

/* A short stable word for a code: "timeout", "host-key" ... (used in JSON output). */
const char *err_code_word(enum err_code code);

#endif
