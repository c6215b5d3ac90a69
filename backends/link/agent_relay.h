/*
 * agent_relay - the SSH agent behind a descriptor that ends at a deadline.
 *
 * libssh talks to the agent with blocking reads and no timeout; an agent that
 * asks its owner to confirm would hold a router's thread for ever.  A small
 * thread carries the octets and hangs up at the deadline or when cancelled.
 */
#ifndef PEERDECK_LINK_AGENT_RELAY_H
#define PEERDECK_LINK_AGENT_RELAY_H

#include <stdint.h>

struct agent_relay;
/* NULL when socket_path is NULL or cannot be connected to. */
struct agent_relay *agent_relay_start(const char *socket_path, int cancel_fd, int64_t deadline);
/* For libssh, which closes it; the relay does not. */
int agent_relay_fd(const struct agent_relay *r);
/* Hangs up, joins the thread, frees. */
void agent_relay_stop(struct agent_relay *r);

#endif
