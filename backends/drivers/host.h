/*
 * host - what the Linux host of a routing daemon is asked, for FRR, BIRD, OpenBGPD, GoBGP and VyOS.
 */
#ifndef PEERDECK_DRIVERS_HOST_H
#define PEERDECK_DRIVERS_HOST_H

#include "core/model/driver.h"

extern const struct ping_query host_ping[1];
extern const struct iface_query host_iface[1];

#endif
