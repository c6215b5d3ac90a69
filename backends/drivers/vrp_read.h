/*
 * vrp_read - what Huawei VRP and HPE Comware print beyond the table of neighbors.
 *
 * Facts: Huawei's and HPE's manuals and recorded outputs.  "display bgp peer verbose":
 *
 *     BGP Peer is 10.0.0.1,  remote AS 65000            Peer: 10.0.0.1  Local: 10.0.0.2      (Comware)
 *     Peer's description: "TEST"
 *     BGP current state: Established, Up for 00h11m41s
 *     Received total routes: 40
 */
#ifndef PEERDECK_DRIVERS_VRP_READ_H
#define PEERDECK_DRIVERS_VRP_READ_H

#include "core/model/driver.h"

int vrp_summary(struct report *r, struct slice out, struct err *e);
int vrp_verbose(struct report *r, struct slice out, struct err *e);
struct intake vrp_routes_intake(struct route_out *out);
int vrp_routes(struct report *r, struct slice out, struct err *e);
/* For polls: the default VRF's IPv4 and IPv6 sessions, and those of VPN instances. */
int vrp_poll_summary4(struct snap_builder *b, struct slice out, struct err *e);
int vrp_poll_summary6(struct snap_builder *b, struct slice out, struct err *e);
int vrp_poll_vpnv4(struct snap_builder *b, struct slice out, struct err *e);
int vrp_poll_verbose4(struct snap_builder *b, struct slice out, struct err *e);
int vrp_poll_verbose6(struct snap_builder *b, struct slice out, struct err *e);

extern const char *const vrp_errors[];

#endif
