/*
 * link - a way to one router, over which channels are opened.
 *
 * Two kinds stand behind it: ssh (a kept libssh session) and replay (a
 * recorded transcript).  A link belongs to one thread.  Every call that
 * waits has a deadline in CLOCK_BOOTTIME milliseconds and ends early when
 * the link's cancel descriptor becomes readable (ERR_CANCELLED).
 */
#ifndef PEERDECK_LINK_LINK_H
#define PEERDECK_LINK_LINK_H

#include "core/base/err.h"
#include "core/base/str.h"
#include "core/model/inbox.h"

#include <poll.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

struct link;
struct channel;

struct link_ops {
	int (*exec)(struct link *l, const char *command, int64_t deadline, struct channel **out, struct err *e);
	int (*shell)(struct link *l, int cols, int rows, int64_t deadline, struct channel **out, struct err *e);
	/* Octets read (>0), 0 at the end of the stream, -1 error.  *is_err says that they came on stderr. */
	ssize_t (*read)(struct channel *c, char *buf, size_t n, bool *is_err, int64_t deadline, struct err *e);
	int (*write)(struct channel *c, const char *p, size_t n, int64_t deadline, struct err *e);
	int (*end)(struct channel *c); /* no more input for the far side */
	int (*status)(struct channel *c); /* exit status after the end, -1 unknown */
	void (*close)(struct channel *c);
	/* Lets the protocol breathe (keepalives) until `until` or until wake_fd is readable.
	 * -1: the link is gone. */
	int (*pump)(struct link *l, int wake_fd, int64_t until, struct err *e);
	/* Fills fingerprint, algorithms, legacy and octets_in; leaves the rest alone. */
	void (*describe)(struct link *l, struct link_status *st);
	void (*free)(struct link *l);
};
struct link {
	const struct link_ops *ops;
	int cancel_fd; /* readable: give up at once; -1 none */
};
struct channel {
	struct link *link;
};

/* Where octets go as they come. take: -1 ends the reading with its error. */
struct link_sink {
	int (*take)(void *ctx, const char *p, size_t n, struct err *e);
	void *ctx;
};
/* Into a str, up to its own ceiling (ERR_LIMIT). */
struct link_sink link_sink_str(struct str *out);
/* Runs one command to its end: stdout into the sink, at most `ceiling` octets (ERR_LIMIT); else as link_run. */
int link_stream(struct link *l, const char *command, int64_t deadline, const struct link_sink *sink, size_t ceiling,
    struct str *errout, int *status, struct err *e);
/* Runs one command to its end: stdout into out, stderr (clipped) into errout (may be NULL).
 * -1 when the answer is not complete: deadline, ceiling (ERR_LIMIT), link lost.
 * The exit status (-1 unknown) means nothing on most router CLIs: *status is for the transport's sake. */
int link_run(struct link *l, const char *command, int64_t deadline, struct str *out, struct str *errout,
    int *status, struct err *e);

/* poll(2) that gives up at the deadline (ERR_TIMEOUT, "no WHAT in time") and when cancel_fd (-1: none)
 * becomes readable (ERR_CANCELLED).  0: at least one of the n (at most LINK_WAIT_MAX) is ready. */
enum { LINK_WAIT_MAX = 24 };
int link_wait(struct pollfd *fds, size_t n, int cancel_fd, int64_t deadline, const char *what, struct err *e);

#endif
