/*
 * maintenance - which networks must know of work at an exchange, on a router, in a facility.
 */
#ifndef PEERDECK_APP_MAINTENANCE_H
#define PEERDECK_APP_MAINTENANCE_H

#include "core/base/err.h"
#include "core/model/world.h"

struct maintenance_place {
	const struct exchange *exchange;
	const char *router, *facility;
};

/* "exchange:NAME", "router:NAME", "facility:NAME"; -1 with ERR_USAGE that says what there is.  Points into words. */
int maintenance_place_find(const char *words, const struct world *w, struct maintenance_place *out, struct err *e);
/* The sessions there, network by network (sorted by AS number); *out is allocated.  -1 when there is none. */
int maintenance_pick(const struct maintenance_place *p, const struct world_session *rows, size_t row_count,
    const struct world_session ***out, size_t *count, struct err *e);
/* Where the network that begins at `from` ends. */
size_t maintenance_end(const struct world_session *const *list, size_t count, size_t from);

#endif
