/*
 * What the ssh*.c files share and nobody else may see; see ssh.h.
 */
#ifndef PEERDECK_LINK_SSH_PRIV_H
#define PEERDECK_LINK_SSH_PRIV_H

#include "backends/link/ssh.h"

#include <libssh/libssh.h>

enum { HOPS_MAX = 6, TUNNEL_BUFFER = 16384 };

/* A stretch of octets on its way from one side of a tunnel to the other. */
struct stretch {
	char *p; /* TUNNEL_BUFFER octets */
	size_t from, to;
};

/* One session; all but the last carry a tunnel to the next. */
struct hop {
	const struct router_conf *conf;
	ssh_session session;
	int fd; /* of the session: owned by libssh once connecting began */
	ssh_channel tunnel;
	int pipe_fd; /* our end of the socketpair to the next hop's session; -1 none */
	struct stretch down, up; /* from the channel to the pipe, and back */
};

struct ssh_link {
	struct link link;
	const struct ssh_way *way;
	struct hop hops[HOPS_MAX];
	size_t count;
	ssh_event event; /* the last session's, for pumping it while no channel is read */
	int64_t heard_boot_ms, spoke_boot_ms;
	uint64_t octets_in;
	bool legacy;
	char fingerprint[HOSTKEY_FINGERPRINT_LEN], algorithms[120];
};

#define SSH_LINK(l) ((struct ssh_link *)(l))

/* ssh.c: carries tunnels, then waits until something may have happened on any hop (a second at most, so that
 * octets that libssh holds already are never waited for).  Called between tries of a libssh call that said AGAIN. */
int ssh_breathe(struct ssh_link *l, int64_t deadline, const char *what, struct err *e);
void ssh_link_free(struct link *link);
extern const struct link_ops ssh_link_ops;

/* ssh_auth.c */
struct ssh_creds {
	ssh_key key, certificate; /* NULL none */
};
/* Reads the key file, asking for its passphrase where needed: before connecting, because people are slow. */
int ssh_creds_load(struct ssh_creds *c, const struct router_conf *conf, int cancel_fd, struct err *e);
void ssh_creds_fini(struct ssh_creds *c);
int ssh_log_in(struct ssh_link *l, struct hop *h, const struct ssh_creds *c, struct err *e);

/* The deadline of a step that begins now. */
int64_t ssh_step_deadline(const struct router_conf *conf);

#endif
