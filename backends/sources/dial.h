/*
 * dial - a TCP connection for a source's own thread, which may be told to give up at any moment.
 */
#ifndef PEERDECK_SOURCES_DIAL_H
#define PEERDECK_SOURCES_DIAL_H

#include "core/base/err.h"

#include <stdint.h>

/* Resolves and connects, each address in turn; a descriptor that does not block, or -1 (ERR_NET, ERR_TIMEOUT,
 * ERR_CANCELLED) with host and port in the words.  cancel_fd: readable when to give up, or -1. */
int dial_open(const char *host, unsigned port, int64_t timeout_ms, int cancel_fd, struct err *e);
/* Waits for poll(2) events until the deadline; 0, or -1 with the reason. */
int dial_wait(int fd, short events, int cancel_fd, int64_t deadline_boot_ms, struct err *e);

#endif
