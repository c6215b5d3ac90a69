/*
 * asked - what a command asked for, where the answer does not repeat it.
 */
#ifndef PEERDECK_PARSE_ASKED_H
#define PEERDECK_PARSE_ASKED_H

#include "core/base/scan.h"
#include "core/model/session.h"

struct asked {
	struct slice vrf;     /* "" none or unknown; points into the command */
	enum afi_safi family; /* AF_UNKNOWN if the command names none */
};
/* Reads "show bgp vpnv4 unicast vrf RED summary", "display bgp ipv6 peer".  "ip bgp" alone is IPv4 unicast,
 * "vrf all" and a placeholder in <> name no VRF. */
struct asked asked_of(struct slice command);

#endif
