/*
 * ifaces - "show interfaces" of IOS, IOS XR, NX-OS and EOS, "display interface" of VRP and Comware.
 *
 *     GigabitEthernet0/1 is administratively down, line protocol is down
 *       Description: NOT IN USE
 *       5 minute input rate 1000 bits/sec, 3 packets/sec
 *          0 input errors, 0 CRC, 0 frame, 0 overrun, 0 ignored
 *
 * An interface begins with a line that does not begin with a blank; what follows until the next is its own.
 */
#ifndef PEERDECK_PARSE_IFACES_H
#define PEERDECK_PARSE_IFACES_H

#include "core/model/report.h"

/* A reading of kind REPORT_INTERFACES. */
int ifaces_read(struct report *r, struct slice out, struct err *e);

#endif
