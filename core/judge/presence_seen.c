/* Sessions of the world for presence; see presence_seen.h. */
#include "core/judge/presence_seen.h"

#include <stdlib.h>

struct presence_seen *presence_seen_of(const struct world *w, size_t *n)
{
	struct world_session *rows = NULL;
	struct presence_seen *seen;

	*n = world_sessions(w, &rows);
	seen = mem_calloc(*n, sizeof(*seen));
	for (size_t i = 0; i < *n; i++) {
		const struct session *s = rows[i].s;

		/* A stale state is no state: it may be up or down by now. */
		seen[i] = (struct presence_seen){ .router = rows[i].router->conf->name, .peer = s->peer, .local = s->local,
			.remote_as = s->remote_as, .family = s->family, .state = rows[i].stale ? BGP_UNKNOWN : s->state,
			.received = rows[i].stale ? COUNT_UNKNOWN : s->received };
	}
	free(rows);
	return seen;
}

bool presence_all_read(const struct world *w)
{
	for (size_t i = 0; i < w->router_count; i++) {
		bool stale = true;

		if (w->routers[i].snap == NULL || world_router_age(w, &w->routers[i], &stale) < 0 || stale)
			return false;
	}
	return true;
}
