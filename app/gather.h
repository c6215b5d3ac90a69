/*
 * gather - one look at the routers, for commands that end.
 *
 * Starts the workers, waits until each router has given a complete snapshot
 * or has definitely failed, and keeps the links open for what follows
 * (planning, acting) until gather_stop.
 */
#ifndef PEERDECK_APP_GATHER_H
#define PEERDECK_APP_GATHER_H

#include "app/options.h"
#include "app/present.h"
#include "backends/link/worker.h"

struct gather {
	struct config *config;
	struct present present;
	struct inbox *inbox;
	struct pool *pool;
	struct replaying *replaying; /* gather_replay: the configuration is its */
};

/* Reads the configuration and the cache of PeeringDB; connects nowhere yet. */
int gather_open(struct gather *g, const struct options *o, struct err *e);
/* Instead: what recordings say of a moment (replaying_time; NULL: their end).  The clocks stand there from then on. */
int gather_replay(struct gather *g, const struct options *o, const char *const *files, size_t count, const char *at,
    struct err *e);
/* Connects and waits, timeout_ms at most.  only: one router's name, NULL all. */
int gather_look(struct gather *g, const char *only, int64_t timeout_ms, struct err *e);
/* The next message that is not about the present (MSG_ACT), to be freed with msg_free; NULL when the deadline passed.
 */
struct msg *gather_wait(struct gather *g, int64_t deadline_boot_ms);
/* Says on stderr which routers could not be read and why; the number of them.  only: as above. */
size_t gather_report(const struct gather *g, const char *only);
/* Ends workers and frees all. Fine on a zeroed struct. */
void gather_stop(struct gather *g);

#endif
