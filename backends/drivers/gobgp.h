/*
 * gobgp - the readers of what the gobgp CLI prints: GoBGP 1 to 4.
 *
 * Facts: osrg/gobgp cmd/gobgp/neighbor.go, api/gobgp.proto, docs/sources, and a lab with 3.10.
 */
#ifndef PEERDECK_DRIVERS_GOBGP_H
#define PEERDECK_DRIVERS_GOBGP_H

#include "core/model/driver.h"

/* The CLI's own errors as ERR_DEVICE, nothing as ERR_PARSE. */
int gobgp_refusal(struct slice out, struct err *e);

int gobgp_version(struct snap_builder *b, struct slice out, struct err *e);
struct intake gobgp_neighbors_intake(struct snap_builder *b);
int gobgp_advertised_query(struct snap_builder *b, struct slice out, struct err *e);
int gobgp_neighbors_json(struct report *r, struct slice out, struct err *e);
/* The table tells durations, the JSON moments: as a query it only adds those to the rows that are there. */
int gobgp_table_query(struct snap_builder *b, struct slice out, struct err *e);
int gobgp_table(struct report *r, struct slice out, struct err *e);
int gobgp_neighbor_text(struct report *r, struct slice out, struct err *e);
int gobgp_routes_text(struct report *r, struct slice out, struct err *e);
struct intake gobgp_routes_intake(struct route_out *out);
int gobgp_routes_json(struct report *r, struct slice out, struct err *e);

#endif
