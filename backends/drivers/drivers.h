/*
 * drivers - every router OS there is, one constant table each.
 *
 * Only registry.c and tests include this; all else goes through
 * driver_find().  To add an OS: its file, one line here, one in registry.c.
 */
#ifndef PEERDECK_DRIVERS_DRIVERS_H
#define PEERDECK_DRIVERS_DRIVERS_H

#include "core/model/driver.h"

extern const struct driver driver_bird;
extern const struct driver driver_comware;
extern const struct driver driver_eos;
extern const struct driver driver_frr;
extern const struct driver driver_gobgp;
extern const struct driver driver_ios;
extern const struct driver driver_iosxr;
extern const struct driver driver_junos;
extern const struct driver driver_nxos;
extern const struct driver driver_openbgpd;
extern const struct driver driver_routeros;
extern const struct driver driver_srlinux;
extern const struct driver driver_sros;
extern const struct driver driver_vrp;
extern const struct driver driver_vyos;

#endif
