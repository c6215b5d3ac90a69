/*
 * collect_once - all evidence about one network now, for commands that end.
 */
#ifndef PEERDECK_APP_COLLECT_ONCE_H
#define PEERDECK_APP_COLLECT_ONCE_H

#include "app/collect.h"
#include "app/gather.h"

struct collect_once {
	struct gather *gather;
	struct http *http;
	struct history *history;
	struct collect *collect;
};

/* After gather_look.  own_macro, own_sources: of the policy, may be NULL. */
int collect_once_open(struct collect_once *o, struct gather *g, const char *own_macro, const char *own_sources, struct err *e);
/* Asks routers and sources about asn and waits until all have answered or failed, timeout_ms at most.  routers: also
 * what has to be asked of routers (prefixes, probes, ports).  True: everything came or failed in time. */
bool collect_once_wait(struct collect_once *o, asn_t asn, bool routers, int64_t timeout_ms);
/* The evidence as assembled from the world and collected; lives as long as the arena and the gather. */
void collect_once_evidence(struct collect_once *o, asn_t asn, struct arena *a, struct evidence *ev);
/* Stops the workers of the gather too: they may still hold questions.  Fine on a zeroed struct. */
void collect_once_close(struct collect_once *o);

#endif
