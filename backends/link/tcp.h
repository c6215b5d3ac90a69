/*
 * tcp - a connected socket, or words why not.
 */
#ifndef PEERDECK_LINK_TCP_H
#define PEERDECK_LINK_TCP_H

#include "core/base/err.h"

#include <netdb.h>
#include <stdint.h>

/* Tries the addresses in order, each with a fair share of the time left.  The descriptor is non-blocking, with
 * TCP_NODELAY, SO_KEEPALIVE and TCP_USER_TIMEOUT set.  The last failure names address and port. */
int tcp_connect(const struct addrinfo *to, int cancel_fd, int64_t deadline, struct err *e);

#endif
