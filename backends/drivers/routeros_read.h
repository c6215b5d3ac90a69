/*
 * routeros_read - what RouterOS prints.
 */
#ifndef PEERDECK_DRIVERS_ROUTEROS_READ_H
#define PEERDECK_DRIVERS_ROUTEROS_READ_H

#include "core/model/driver.h"

/* Sessions of version 7, peers of version 6. */
int routeros_sessions(struct report *r, struct slice out, struct err *e);
int routeros_poll_sessions(struct snap_builder *b, struct slice out, struct err *e);
/* Connections of version 7: one that is disabled, or never came up, has no session. */
int routeros_poll_connections(struct snap_builder *b, struct slice out, struct err *e);

/*
 *  Ab   afi=ip4 contribution=active dst-address=203.0.113.0/24 gateway=192.0.2.1%ether1
 *         bgp.peer-cache-id=*2800002 .as-path="64496,64497" .origin=igp
 *
 * /routing/route/print detail of version 7, /ip route print detail of version 6, and what is announced: pairs, or in
 * version 6 a table.
 */
int routeros_routes(struct report *r, struct slice out, struct err *e);
struct intake routeros_received_intake(struct route_out *out);
/* Without those that a filter keeps out (flag F). */
struct intake routeros_accepted_intake(struct route_out *out);

/* "interface=ether1" of a neighbor in ARP or IPv6 ND. */
int routeros_neighbor_port(struct slice out, struct str *name, struct err *e);
/* /interface print stats-detail: numbers stand in groups of three digits. */
int routeros_interfaces(struct report *r, struct slice out, struct err *e);
/* The table that version 7 prints for "stats" (routeros_stats.c); adds to *r what it finds. */
void routeros_stats(struct report *r, struct slice out);

#endif
