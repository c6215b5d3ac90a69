/*
 * route_iface - the interface that a route to one address names.
 *
 *     * directly connected, via GigabitEthernet0/1                    IOS
 *         directly connected, 1d13h, via HundredGigE0/0/0/1           IOS XR
 *         *via 192.0.2.1, Eth1/1, [250/0], 3w2d, am                   NX-OS
 *     > to 198.51.100.1 via ge-0/0/0.0                                Junos
 *     192.0.2.0/24  Direct  0  0  D  192.0.2.9  GigabitEthernet0/0/1  VRP
 *
 * Words of other kinds (addresses, ages, protocols) are not like the name of a port: letters, then a number, and
 * perhaps more of them behind slashes, dots and colons.
 */
#ifndef PEERDECK_PARSE_ROUTE_IFACE_H
#define PEERDECK_PARSE_ROUTE_IFACE_H

#include "core/base/err.h"
#include "core/base/str.h"

/* Appends the first such name. ERR_DEVICE or ERR_PARSE if there is none. */
int route_iface(struct slice out, struct str *name, struct err *e);

#endif
