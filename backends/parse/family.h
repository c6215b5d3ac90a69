/*
 * family - address families in the spellings of routers.
 *
 * "IPv4 Unicast", "ipv4Unicast", "VPNv4 unicast", "ipv4 vpn", "L2VPN EVPN", "l2vpn-evpn", "IPv4 Labeled-unicast":
 * only letters and digits count, and their case does not.
 */
#ifndef PEERDECK_PARSE_FAMILY_H
#define PEERDECK_PARSE_FAMILY_H

#include "core/model/session.h"

bool family_parse(struct slice words, enum afi_safi *af);
/* The same, AF_UNKNOWN for what is not known. */
enum afi_safi family_of(struct slice words);
/* By the numbers of IANA ("Address Family Numbers", "SAFI Namespace"). */
bool family_by_number(int64_t afi, int64_t safi, enum afi_safi *af);

#endif
