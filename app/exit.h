/*
 * exit - what the exit status of peerdeck means, the same for every command.
 *
 * Scripts depend on these: a number is never given another meaning.
 * peerdeck(1) lists them.
 */
#ifndef PEERDECK_APP_EXIT_H
#define PEERDECK_APP_EXIT_H

#include "core/base/err.h"

enum exit_status {
	STATUS_DONE = 0,     /* all of it */
	STATUS_FAILED = 1,   /* not, or only a part: a router not reached, an action that did not take effect */
	STATUS_USAGE = 2,    /* arguments or a selector: nothing was tried */
	STATUS_CONFIG = 3,   /* the configuration or a keymap file */
	STATUS_REFUSED = 4,  /* we will not: read-only, no confirmation, nothing to do, no journal */
	STATUS_UNPROVEN = 5, /* something was sent and what became of it is not proven: look at the router */
};

/* The status for an error that ended a command. */
int exit_of(const struct err *e);
/* Prints "peerdeck: TEXT" to stderr and gives the status. */
int exit_say(const struct err *e);

#endif
