/*
 * server - the SSH side of a simulated router: one thread per connection, a terminal per channel.
 */
#ifndef SIM_SERVER_H
#define SIM_SERVER_H

#include "tests/sim/router.h"

struct server_conf {
	const char *user, *password;
	const char *key;     /* a public key file that is accepted; NULL none */
	const char *hostkey; /* a private key file; NULL: one is made */
	const char *methods; /* "password,kbdint,publickey" */
	bool legacy;         /* only what very old routers know */
};

/* Listens on a free port of the loopback, prints "port N" and "hostkey TYPE FINGERPRINT" and "key TYPE BASE64",
 * and serves until the process ends.  Returns only on an error, having said it. */
int server_run(struct router *r, const struct server_conf *conf);

#endif
