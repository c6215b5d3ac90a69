/* What the two halves of alert share; see alert.h. */
#ifndef PEERDECK_JUDGE_ALERT_PRIV_H
#define PEERDECK_JUDGE_ALERT_PRIV_H

#include "core/judge/alert.h"

#include <stdio.h>
#include <uthash.h>

struct alert_entry {
	struct alert alert;
	uint64_t round; /* in which it was last found */
	UT_hash_handle hh;
};

struct alerts {
	const struct config *config;
	const struct world *world; /* during a round */
	struct alert_entry *all;   /* by key, in the order they came */
	uint64_t round, left_out, revision;
	struct alert_notice *news;
	size_t news_count, news_cap, news_at;
};

/* Where it is; all strings "" when not about one. */
struct alert_place {
	const char *router, *vrf, *neighbor, *exchange;
	asn_t asn;
};

/* alert_find.c: calls alert_holds for everything that holds in this world. */
void alert_find(struct alerts *a, const struct world *w);
/* at NULL: nowhere.  thing: what else tells it from others of the rule, "" nothing. */
void alert_holds(struct alerts *a, const struct alert_conf *rule, const struct alert_place *at, const char *thing, const char *words);

#endif
