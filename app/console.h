/*
 * console - the screen on live routers: the loop that joins terminal, workers, records and PeeringDB.
 *
 * One thread draws, decides and keeps the records; it never waits for a
 * router, a disk or the net, but for the local journal while an operator
 * acts.
 */
#ifndef PEERDECK_APP_CONSOLE_H
#define PEERDECK_APP_CONSOLE_H

#include "app/options.h"

#include <stdint.h>

struct replaying;

/* Runs until the operator leaves, or a signal ends it.  The exit status. */
int console_run(const struct options *o);
/* The same on a recording, from at_ms on (0: its beginning).  speed_permille 1000: as fast as it went. */
int console_run_replay(const struct options *o, const struct replaying *r, int64_t at_ms, unsigned speed_permille, bool paused);

#endif
