/*
 * resolve - a host name to addresses, without ever holding the caller.
 *
 * getaddrinfo(3) has no deadline: with a dead resolver it blocks for half a
 * minute.  Each lookup therefore runs in a detached thread of its own that
 * is left behind when the caller's deadline or cancellation comes first; it
 * frees what it owns when it returns at last.  Literals need no thread.
 */
#ifndef PEERDECK_LINK_RESOLVE_H
#define PEERDECK_LINK_RESOLVE_H

#include "core/base/err.h"

#include <netdb.h>
#include <stdint.h>

/* *out is freed with freeaddrinfo.  ERR_NET "name r9.example cannot be resolved: ...", ERR_TIMEOUT, ERR_CANCELLED. */
int resolve_name(const char *host, unsigned port, int cancel_fd, int64_t deadline, struct addrinfo **out,
    struct err *e);

/* Tests: takes the place of getaddrinfo in the thread; NULL puts it back. */
typedef int resolve_fn(const char *host, const char *port, const struct addrinfo *hints, struct addrinfo **out);
void resolve_replace(resolve_fn *fn);

#endif
