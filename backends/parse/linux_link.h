/*
 * linux_link - what a Linux host says of an interface: `ip -j route get`, `ip -s -j link show`.
 */
#ifndef PEERDECK_PARSE_LINUX_LINK_H
#define PEERDECK_PARSE_LINUX_LINK_H

#include "core/model/report.h"

/* [{"ifname":"eth0","operstate":"UP","stats64":{"rx":{"bytes":1,"errors":0}, ...}}]; a reading of kind
 * REPORT_INTERFACES. */
int linux_link_read(struct report *r, struct slice out, struct err *e);
/* [{"dst":"192.0.2.1","dev":"eth0"}]: appends the device. */
int linux_route_device(struct slice out, struct str *name, struct err *e);
/* "10000\n" of /sys/class/net/eth0/speed, in bit/s; COUNT_UNKNOWN if it says none (-1: no cable, or virtual). */
count_t linux_speed(struct slice out);

#endif
