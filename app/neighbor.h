/*
 * neighbor - asking the router about one neighbor, for commands that end.
 */
#ifndef PEERDECK_APP_NEIGHBOR_H
#define PEERDECK_APP_NEIGHBOR_H

#include "app/gather.h"
#include "backends/link/question.h"

struct neighbor_ask {
	const char *selector; /* ROUTER/NEIGHBOR: must name one neighbor of one router */
	int ip;               /* 4 or 6: which family of it; 0: that of its address */
	unsigned timeout_s;   /* for the whole */
	enum question_kind kind;
	/* Fills in what the kind wants; may be NULL. */
	void (*prepare)(void *ctx, struct question *q, const struct world_session *row);
	void *ctx;
};
/* Looks at the router and asks.  0: *out is the answered question (to be freed, before gather_stop); -1 with the
 * reason.  In both cases g is to be stopped. */
int neighbor_ask(struct gather *g, const struct options *o, const struct neighbor_ask *a, struct question **out,
    struct err *e);

#endif
