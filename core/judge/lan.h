/*
 * lan - the networks that many neighbors stand in, told from addresses alone.
 *
 * An exchange that neither PeeringDB nor the configuration knows is still one
 * fabric: several neighbors stand beside one address of ours, and routers of
 * ours meet in the same prefix.  Private links do not look like that: each has
 * an address of ours of its own.  An IPv4 and an IPv6 LAN in which mostly the
 * same networks meet the same routers are taken for one.
 *
 * What is named is what the addresses prove: at most a /24 or /64, shorter
 * where neighbors of one address of ours need it.  Pure.
 */
#ifndef PEERDECK_JUDGE_LAN_H
#define PEERDECK_JUDGE_LAN_H

#include "core/model/net.h"

#include <stddef.h>

enum { LAN_NAME_LEN = 2 * PREFIX_STRLEN + 28 };
#define LAN_NONE ((size_t)-1)

struct lan_item {
	const char *router, *vrf;
	struct addr peer;  /* ADDR_NONE: belongs to none */
	struct addr local; /* ours toward it; ADDR_NONE: unknown, as with many that are down */
	asn_t asn;
	size_t lan;        /* out: LAN_NONE or an index */
};

struct lan {
	char name[LAN_NAME_LEN]; /* "192.0.2.0/24", "192.0.2.0/24 + 2001:db8::/64", "192.0.2.0/24 (vrf cust-a)" */
};

/* Gives every item its LAN.  *lans is allocated, the caller frees it.  Returns their number. */
size_t lans_find(struct lan_item *items, size_t count, struct lan **lans);

#endif
