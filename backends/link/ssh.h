/*
 * ssh - a link over libssh, whose only includers are the ssh*.c files here.
 *
 * One session per router, kept open.  The user's ssh configuration and
 * known_hosts are never read; a host key is compared with our own store
 * (hostkey.h) before anything else of ours is sent.  Sessions are
 * non-blocking: every wait is our own poll(2) with a deadline and the cancel
 * descriptor in it.
 *
 * A chain of jump hosts is a session per hop.  The channel to the next hop is
 * joined to the next session by a socketpair, and whoever waits for the last
 * session also carries the octets of all hops: one thread owns all of it, so
 * nothing is locked and a cancelled wait leaves no thread behind.  (libssh
 * 0.10 has no ProxyJump of its own, and a thread per hop would need a lock
 * around each session, which libssh does not offer.)
 */
#ifndef PEERDECK_LINK_SSH_H
#define PEERDECK_LINK_SSH_H

#include "backends/link/hostkey.h"
#include "backends/link/link.h"
#include "core/model/config.h"

/* What is needed to reach one router; borrowed until the link is freed. */
struct ssh_way {
	const struct config *config; /* where jump names are looked up */
	const struct router_conf *router;
	const char *hostkey_dir;
	int cancel_fd; /* -1 none */
	void *ctx;
	/* Told when a step begins; NULL: not wanted. `words` names the hop when it is not the router itself. */
	void (*step)(void *ctx, enum link_state state, const char *words);
	/* Called after the name is resolved and before connecting: waits for a handshake place. NULL: no limit. */
	int (*turn)(void *ctx, struct err *e);
};

/* What the far side offered, also filled when opening fails. */
struct ssh_seen {
	char type[64], fingerprint[HOSTKEY_FINGERPRINT_LEN];
	char banner[120];     /* "SSH-2.0-OpenSSH_9.2", printable ASCII */
	char algorithms[120]; /* key exchange, host key, cipher, MAC */
	char *base64;         /* malloc'd, NULL if it did not come that far; freed by ssh_seen_fini */
};
void ssh_seen_fini(struct ssh_seen *seen);

/* Resolves, connects, checks host keys, logs in: everything but a channel.  ERR_HOSTKEY: unknown or changed, and no
 * credential was sent.  `seen` may be NULL. */
int ssh_link_open(const struct ssh_way *way, struct ssh_seen *seen, struct link **out, struct err *e);

/* For `peerdeck enroll ROUTER`: goes through the jump hosts (whose own keys must be known), does the key exchange
 * with the router, takes its key and hangs up; no credential of the router is used.  The store is not changed. */
int hostkey_fetch(const struct ssh_way *way, struct ssh_seen *seen, struct err *e);

/* Forgets the private keys that were unlocked with a passphrase (they are kept so that a reconnect in the night
 * asks nobody). */
void ssh_keys_forget(void);

/* A user or host name that may be passed on: [A-Za-z0-9._:-]+, no leading '-'. */
bool ssh_name_ok(const char *name);

#endif
