/*
 * bird - the readers of what birdc prints: BIRD 1.6, 2.x and 3.x.
 *
 * Facts: CZ-NIC/bird nest/proto.c, proto/bgp/bgp.c (bgp_show_proto_info), nest/rt-show.c, and a lab with 2.0.12.
 */
#ifndef PEERDECK_DRIVERS_BIRD_H
#define PEERDECK_DRIVERS_BIRD_H

#include "core/model/driver.h"

/* Skips "BIRD 2.0.12 ready." and empty lines; the version goes to b (may be NULL).  An error of birdc or of the
 * daemon standing there is ERR_DEVICE, nothing at all is ERR_PARSE. */
int bird_greeting(struct snap_builder *b, struct slice *out, struct err *e);
/* "2026-11-20 19:53:03.080", "2026-11-20" (*exact false), "19:53:03.080" (*day false): seconds since 1970, or of the
 * day.  False if it is none of these. */
bool bird_moment(struct slice s, int64_t *seconds, bool *day, bool *exact);

/* "Administrative shutdown" into code and subcode; left as they are if the words are not known. */
void bird_error_code(struct last_error *le, struct slice words);

int bird_protocols_query(struct snap_builder *b, struct slice out, struct err *e);
int bird_protocols(struct report *r, struct slice out, struct err *e);
struct intake bird_routes_intake(struct route_out *out);
int bird_routes(struct report *r, struct slice out, struct err *e);

#endif
