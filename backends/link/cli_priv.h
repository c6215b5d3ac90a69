/*
 * What cli and cli_heard share; see cli.h.
 */
#ifndef PEERDECK_LINK_CLI_PRIV_H
#define PEERDECK_LINK_CLI_PRIV_H

#include "backends/link/cli.h"

struct cli {
	struct link *link;
	const struct router_conf *conf;
	const struct driver *driver;
	struct dialog *dialog;   /* DRIVER_KEPT, DRIVER_SHELL */
	struct patterns *errors; /* DRIVER_EXEC */
	const struct cli_ear *ear;       /* NULL: nobody listens */
	const struct cli_memory *memory; /* NULL: there is a router */
	int64_t answered_ms;             /* of the last answer, with a memory */
};

/* cli.c: over the link, and nobody is told. */
int cli_ask(struct cli *c, const char *command, const struct link_sink *sink, size_t ceiling, int64_t deadline,
    struct err *e);

#endif
