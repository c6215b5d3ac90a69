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

/* An acknowledgement, kept for alerts that this console does not know yet. */
struct alert_ack {
	char key[ALERT_KEY_LEN];
	char who[64];
	int64_t wall_ms, until_wall_ms;
	UT_hash_handle hh;
};

struct alerts {
	const struct config *config;
	const struct world *world; /* during a round */
	struct alert_entry *all;   /* by key, in the order they came */
	struct alert_ack *acks;    /* by key, the oldest first */
	unsigned listings;         /* outputs that must be told again and again: they take silence for the end */
	int64_t started_boot_ms;   /* of the first round */
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

/* alert_keep.c: an acknowledgement that was there before the alert was. */
void alert_find_ack(const struct alerts *a, struct alert *al);
/* True: what is known from before a restart cannot be confirmed or ended yet. */
bool alert_not_seen_yet(const struct alerts *a, const struct alert *al);
void alert_free_acks(struct alerts *a);

#endif
