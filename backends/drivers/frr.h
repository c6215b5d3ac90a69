/*
 * frr - the readers of what FRR prints, for FRR itself and for the systems built on it (VyOS).
 *
 * Facts: FRRouting doc/user/bgp.rst, bgpd/bgp_vty.c and bgp_route.c, and a lab with 8.4.4.
 */
#ifndef PEERDECK_DRIVERS_FRR_H
#define PEERDECK_DRIVERS_FRR_H

#include "core/model/driver.h"

/* "Idle (Admin)", "Idle (PfxCt)", "Established": state, admin_down and limit_tripped of s. */
void frr_state(struct session *s, struct slice words);
/* lastErrorCodeSubcode "0602" into code and subcode. */
void frr_error_code(struct last_error *le, struct slice hex);
/* "BGP Notification received" or "... send" into the direction. */
void frr_error_direction(struct last_error *le, struct slice due_to);
/* A peer's text: \x escapes become the octets they stand for. */
struct text frr_peer_text(struct arena *a, struct slice in);

/* What the command asked for when the answer does not repeat it: AF_UNKNOWN, "" if nothing. */
enum afi_safi frr_asked_family(const struct report *r);
struct slice frr_asked_vrf(const struct report *r);

/* show bgp [vrf all] [AFI [SAFI]] summary json */
struct intake frr_summary_intake(struct snap_builder *b);
int frr_summary_json(struct report *r, struct slice out, struct err *e);
/* show bgp [vrf all] neighbors json; the intake fills only rows that a summary has shown */
struct intake frr_neighbors_intake(struct snap_builder *b);
int frr_neighbors_json(struct report *r, struct slice out, struct err *e);
/* the same as text */
int frr_summary_text(struct report *r, struct slice out, struct err *e);
int frr_neighbors_text(struct report *r, struct slice out, struct err *e);
/* show bgp ... routes, received-routes, advertised-routes and the table, json and text */
int frr_routes_json(struct report *r, struct slice out, struct err *e);
struct intake frr_routes_intake(struct route_out *out);
int frr_routes_text(struct report *r, struct slice out, struct err *e);
/* show running-config bgpd, or the lines of it that shut something */
int frr_shutdown_lines(struct snap_builder *b, struct slice out, struct err *e);
/* show version */
int frr_version(struct snap_builder *b, struct slice out, struct err *e);

#endif
