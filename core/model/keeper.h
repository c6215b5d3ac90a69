/*
 * keeper - answers by key, asked for again when they grow old, in a thread of their own.
 *
 * What a registry, a validator, a Prometheus or the history on disk says is asked by something slow that may stall.
 * A keeper lends it a thread: whoever needs an answer says which keys are wanted, and takes what is there now, with
 * its age and the last error.  An error never replaces an answer; it stands beside it.
 *
 * All functions but the callbacks may be called from any thread.
 */
#ifndef PEERDECK_MODEL_KEEPER_H
#define PEERDECK_MODEL_KEEPER_H

#include "core/base/err.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { KEEPER_KEY_MAX = 400 /* octets */, KEEPER_KEYS_MAX = 20000 };

struct keeper_ops {
	/* In the keeper's thread: asks, and may take its time, but ends soon once cancel_fd is readable.  0: *answer and when it
	 * was so (a cached one is older than now). */
	int (*ask)(void *ctx, const char *key, int cancel_fd, void **answer, int64_t *as_of_wall_ms, struct err *e);
	void (*answer_free)(void *answer);
	/* NULL, or called in the keeper's thread when it ends. */
	void (*end)(void *ctx);
};
struct keeper_times {
	unsigned refresh_s; /* an answer of this age is asked for again */
	unsigned retry_s;   /* first pause after an error; doubled up to refresh_s */
	unsigned gap_ms;    /* between two questions */
};

struct keeper;

/* what: for status lines, "IRR"; a literal.  NULL with an error: no thread. */
struct keeper *keeper_start(const char *what, const struct keeper_ops *ops, void *ctx, const struct keeper_times *times,
    struct err *e);
void keeper_stop(struct keeper *k); /* cancels what is asked, waits, frees; answers that are held live on.  NULL is fine. */

/* These keys are wanted from now on, and no others (answers to those are let go).  Strings are copied. */
void keeper_want(struct keeper *k, const char *const *keys, size_t n);
/* The same part by part, so that no part takes long: from the first to the last one they are one round of wants. */
void keeper_want_part(struct keeper *k, const char *const *keys, size_t n, bool first, bool last);
/* One more key. */
void keeper_want_also(struct keeper *k, const char *key);
/* Ask again at once: this key, or all if NULL. */
void keeper_refresh(struct keeper *k, const char *key);

struct kept;
struct kept_view {
	struct kept *hold;      /* to be released; NULL: no answer yet */
	const void *answer;     /* valid while held */
	int64_t as_of_wall_ms;  /* of the answer */
	int64_t tried_wall_ms;  /* when it was last asked for; 0 never */
	struct err err;         /* of the last try; ERR_NONE if it went well */
	bool asking;
};
/* False: the key is not wanted.  k NULL: false. */
bool keeper_get(struct keeper *k, const char *key, struct kept_view *out);
void keeper_release(struct kept *hold); /* NULL is fine */
struct kept *keeper_hold(struct kept *hold); /* once more; NULL is fine */

/* True when every wanted key has been answered or has failed once; for commands that end.  Waits until then, or until
 * the deadline (boot time). */
bool keeper_settled(struct keeper *k, int64_t deadline_boot_ms);

struct keeper_state {
	const char *what;
	size_t wanted, answered, failing;
	int64_t last_wall_ms; /* of the last answer; 0 none */
	int64_t next_wall_ms; /* when the next question is due; 0 nothing wanted */
	char words[300];      /* the last error that still stands; "" */
};
void keeper_state(struct keeper *k, struct keeper_state *out);

#endif
