/*
 * ping - the summary lines of every ping that router OSes print.
 *
 *     Success rate is 100 percent (5/5), round-trip min/avg/max = 1/2/10 ms         Cisco IOS, XR
 *     5 packets transmitted, 5 packets received, 0.00% packet loss                   NX-OS, Junos, SR OS, Linux, BSD
 *     rtt min/avg/max/mdev = 0.1/0.2/0.3/0.05 ms                                     Linux, EOS
 *     round-trip min = 1.70ms, avg = 1.82ms, max = 1.95ms, stddev = 0.08ms           SR OS
 *     5 packet(s) transmitted / 5 packet(s) received                                 VRP, Comware
 *     sent=2 received=2 packet-loss=0% min-rtt=1ms234us avg-rtt=2ms max-rtt=3ms      RouterOS
 */
#ifndef PEERDECK_PARSE_PING_H
#define PEERDECK_PARSE_PING_H

#include "core/model/report.h"

/* A reading of kind REPORT_PING. Without counts it is an error. */
int ping_read(struct report *r, struct slice out, struct err *e);

#endif
