/*
 * collect - evidence from the routers and from slow sources, gathered a little at a time.
 *
 * For every neighbor it keeps what was last read of its prefixes, its probes and the port toward it, asks the routers
 * again when that grows old (core/judge/pace.h), and what registries, validators, Prometheus, RIPEstat and the history
 * say.  Everything has its age; what could not be read keeps its reason.  One thread, the one that takes the inbox.
 */
#ifndef PEERDECK_APP_COLLECT_H
#define PEERDECK_APP_COLLECT_H

#include "backends/link/question.h"
#include "backends/sources/http.h"
#include "core/judge/evidence.h"
#include "core/model/history.h"
#include "core/model/registered.h"
#include "core/model/world.h"

struct collect;

struct collect_way {
	const struct config *config;
	struct history *history; /* may be NULL */
	struct http *http;       /* may be NULL: nothing is asked over HTTP */
	/* May be NULL if collect_tick is never called.  Puts a question to a router's worker; it comes back through q->answered. */
	void (*ask)(void *ctx, const char *router, struct question *q);
	void *ctx;
	bool threaded; /* sets are compared in a thread: for whoever must not wait; else by whoever asks */
};

struct collect *collect_new(const struct collect_way *way, struct err *e);
/* Ends the threads that ask slow sources; before way.http ends. */
void collect_quit(struct collect *c);
/* After the workers have ended. NULL is fine. */
void collect_free(struct collect *c);

/* Our own macro (NULL: none) and its sources, as the policy says; copied. */
void collect_own(struct collect *c, const char *macro, const char *sources);
/* Somebody asks whether we meet this network's policy: what we advertise to it is held against payloads and other
 * paths too, and over its sessions with itself. */
void collect_mirror(struct collect *c, asn_t asn);
/* Takes in who is there and asks what is due.  quiet: nothing is asked of a router now (an action runs). */
void collect_tick(struct collect *c, const struct world *w, bool quiet);
/* A round is not through: the next collect_tick goes on with it, whenever that is. */
bool collect_busy(const struct collect *c);
/* What concerns this network is due now; probes and ports only if `all`.  The number of neighbors that will be asked:
 * those on routers that can be. */
size_t collect_now(struct collect *c, asn_t asn, bool all);
/* Is everything that was asked for about this network answered, or known not to be had?  For commands that end. */
bool collect_settled(struct collect *c, asn_t asn);

/* Wants are looked at again with the next tick. */
void collect_again(struct collect *c);
/* Has every slow source answered or failed once?  Waits until then, or until the deadline. */
bool collect_sources_settled(struct collect *c, int64_t deadline_boot_ms);

/* The port toward a neighbor, as its router calls it; "" not known. */
const char *collect_interface(const struct collect *c, const char *router, const char *vrf, const char *neighbor);

/* Adds to the evidence about ev->asn what there is. */
void collect_fill(struct collect *c, struct evidence *ev);
/* What RDAP says of every network that is wanted, in the arena; NULL: not enabled. */
const struct registered_set *collect_registered(struct collect *c, struct arena *a);
/* Changes whenever collect_registered could say something else. */
uint64_t collect_registered_stamp(struct collect *c);
/* Changes whenever collect_fill could say something else. */
uint64_t collect_generation(const struct collect *c);

/* One line per collector, owned by the arena. */
size_t collect_lines(struct collect *c, struct arena *a, const struct collector_line **out);

#endif
