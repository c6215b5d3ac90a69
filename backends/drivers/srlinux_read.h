/*
 * srlinux_read - routes and ports of SR Linux.
 *
 *     +--------------------------------------------------------------------------------+
 *     |  Status     Network      Path-id   Next Hop    MED   LocPref   AsPath   Origin  |
 *     +================================================================================+
 *     |  u*>        203.0.113.0/24   0     192.0.2.1   -     100       [64501,     i    |
 *     |                                                                64502]           |
 *
 * With bars between the columns or without; a path that is too wide for its column goes on below.
 */
#ifndef PEERDECK_DRIVERS_SRLINUX_READ_H
#define PEERDECK_DRIVERS_SRLINUX_READ_H

#include "core/model/driver.h"

/* "... neighbor X received-routes ipv4", advertised-routes */
int srlinux_routes(struct report *r, struct slice out, struct err *e);
struct intake srlinux_routes_intake(struct route_out *out);
/* The port in the line of `show arpnd` that holds an address. */
int srlinux_neighbor_port(struct slice out, struct str *name, struct err *e);
/* "info from state interface X | as json" */
int srlinux_interfaces(struct report *r, struct slice out, struct err *e);
/* "show interface" */
int srlinux_ports(struct report *r, struct slice out, struct err *e);

#endif
