/*
 * request - what a peering request needs to be answered: where both could meet, which sessions, which limits.
 *
 * Out of two PeeringDB rows; nothing is known of routers.
 */
#ifndef PEERDECK_JUDGE_REQUEST_H
#define PEERDECK_JUDGE_REQUEST_H

#include "core/judge/limit.h"
#include "core/judge/policy.h"

/* A session that could be set up: their address and one of ours on the same LAN. */
struct suggested_session {
	struct text exchange;
	int ip; /* 4, 6 */
	struct addr ours, theirs;
	int64_t our_speed_mbit, their_speed_mbit; /* -1 unknown */
	enum tri operational; /* of their port */
	bool is_there;        /* a session with this address exists */
};
/* Each of theirs with each of ours; the number of them, owned by the arena. */
size_t request_sessions(const struct evidence *ev, struct arena *a, const struct suggested_session **out);

struct common_site {
	uint32_t fac_id;
	struct text name, city, country;
};
/* Facilities where both are; known is false where one of the two lists was not read. */
size_t request_sites(const struct peer *us, const struct peer *them, struct arena *a, const struct common_site **out, bool *known);

/* The limit to set for a family, by the policy's max-prefixes clause (may be missing), what the network publishes, and
 * how many prefixes its macro expands to (COUNT_UNKNOWN): what is registered bounds what a filter can let in. */
struct limit_advice request_limit(const struct policy *p, const struct peer *them, enum afi_safi family, count_t registered);

#endif
