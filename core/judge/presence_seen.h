/*
 * presence_seen - the sessions of the world in the form that presence judges.
 */
#ifndef PEERDECK_JUDGE_PRESENCE_SEEN_H
#define PEERDECK_JUDGE_PRESENCE_SEEN_H

#include "core/judge/presence.h"
#include "core/model/world.h"

/* All sessions; allocated, caller frees.  It refers to strings of the world. */
struct presence_seen *presence_seen_of(const struct world *w, size_t *n);
/* Every router has been read, and none of what was read is stale. */
bool presence_all_read(const struct world *w);

#endif
