/*
 * grouping - what do sessions that fell together share?
 *
 * Each neighbor of each router says what it belongs to: exchange or LAN, our
 * port there, router, facility, ASN.  Those that
 * fell are put into the groups that explain most of them: a group counts for
 * how many it explains times the square of the share of its whole that fell,
 * so that 38 of 41 sessions on one exchange beat 20 of 100 on one router.
 *
 * Pure: no clock, no state.
 */
#ifndef PEERDECK_JUDGE_GROUPING_H
#define PEERDECK_JUDGE_GROUPING_H

#include "core/model/net.h"

#include <stdbool.h>
#include <stddef.h>

enum group_by {
	GROUP_EXCHANGE,
	GROUP_LAN, /* of an exchange whose name nobody knows: lan.h */
	GROUP_FACILITY,
	GROUP_INTERFACE,
	GROUP_ROUTER,
	GROUP_ASN,
	GROUP_NONE, /* alone: one neighbor */
	GROUP_BYS,
};
const char *group_by_word(enum group_by by); /* "exchange" ... */

#define GROUP_KEY_LEN 128

/* One neighbor on one router. */
struct group_item {
	const char *router, *vrf, *neighbor;
	asn_t asn;             /* ASN_UNKNOWN: shares none */
	const char *exchange;  /* name; "" none or unknown */
	const char *lan;       /* "192.0.2.0/24", where no exchange is known; "" or NULL none */
	const char *interface; /* our port: "r1 EXAMPLE-IX", "r1 192.0.2.0/24", "r1 192.0.2.1"; "" unknown */
	const char *facility;  /* of the router, as configured; "" unknown */
	bool fell;
	bool lost; /* only its prefixes fell, the session stands: not group_fallen's matter, but of who calls it */
	/* out: */
	size_t group; /* index of its group; only where it fell */
};

struct group {
	enum group_by by;
	char key[GROUP_KEY_LEN];
	size_t fell, whole; /* neighbors */
};

/* Sorts everything that fell into groups, largest first, those alone last; *groups is allocated, the caller frees it.
 * Returns their number. */
size_t group_fallen(struct group_item *items, size_t count, struct group **groups);
/* How many neighbors of all share this key, fallen or not. */
size_t group_whole(const struct group_item *items, size_t count, enum group_by by, const char *key);
/* What an item would be called in a group of this kind; false if it belongs to none. */
bool group_key(const struct group_item *item, enum group_by by, char out[GROUP_KEY_LEN]);

#endif
