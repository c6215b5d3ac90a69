/* What server.c and connection.c share. */
#ifndef SIM_SERVER_PRIV_H
#define SIM_SERVER_PRIV_H

#include "tests/sim/server.h"
#include "tests/sim/terminal.h"

#include <libssh/callbacks.h>
#include <libssh/libssh.h>
#include <libssh/server.h>

enum { CHANNELS_MAX = 8 };

struct connection;
struct room { /* a channel and its terminal */
	struct connection *connection;
	ssh_channel channel;
	struct ssh_channel_callbacks_struct callbacks;
	struct terminal terminal;
	char *command; /* exec; NULL: a shell */
	bool pty, started, greeted, ended;
};
struct connection {
	struct router *router;
	const struct server_conf *conf;
	ssh_session session;
	struct ssh_server_callbacks_struct callbacks;
	bool known, right_user; /* logged in; keyboard-interactive began with the right name */
	struct room rooms[CHANNELS_MAX];
	size_t count;
};

/* The thread of one connection; frees it. */
void *connection_run(void *connection);

#endif
