/*
 * present - the world that app owns: made from the configuration, changed by messages.
 *
 * Everything the workers say walks through present_take: snapshots replace
 * each other, differences and the states of links become events.  One thread.
 */
#ifndef PEERDECK_APP_PRESENT_H
#define PEERDECK_APP_PRESENT_H

#include "core/model/diff.h"
#include "core/model/world.h"

struct present {
	struct world w;
	struct diff_rules rules;
	bool *lost; /* by router: an event said so, and none that it is back */
};

/* The configuration must outlive it.  With `events` it keeps a log of that many. */
void present_init(struct present *p, const struct config *c, size_t events);
void present_fini(struct present *p);
/* Takes MSG_LINK, MSG_SNAP, MSG_PEERS and MSG_TEXT over (frees them) and returns true; leaves any other. */
bool present_take(struct present *p, struct msg *m);
/* The clocks of this frame. */
void present_now(struct present *p);
struct world_router *present_router(struct present *p, const char *name);
/* An event of our own about a router (may be NULL), in our own words. */
void present_event(struct present *p, const char *router, enum event_kind kind, enum severity severity,
    const char *fmt, ...) __attribute__((format(printf, 5, 6)));

#endif
