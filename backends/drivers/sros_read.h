/*
 * sros_read - what SR OS prints.
 *
 * A row of the summary takes two lines and more: the address, perhaps a description, then AS, packets, the time
 * and received/active/sent of the first family, then one line for each further family.  An AS number that is too
 * long for its column is cut and marked with "*": it stays unknown here.
 */
#ifndef PEERDECK_DRIVERS_SROS_READ_H
#define PEERDECK_DRIVERS_SROS_READ_H

#include "core/model/driver.h"

int sros_summary(struct report *r, struct slice out, struct err *e);
int sros_neighbors(struct report *r, struct slice out, struct err *e);
int sros_poll_summary(struct snap_builder *b, struct slice out, struct err *e);
/* Fills the rows that the summary has made. */
int sros_poll_neighbors(struct snap_builder *b, struct slice out, struct err *e);

/*
 * Flag  Network                                            LocalPref   MED
 *       Nexthop (Router)                                   Path-Id     IGP Cost
 *       As-Path                                                        Label
 */
int sros_routes(struct report *r, struct slice out, struct err *e);
struct intake sros_routes_intake(struct route_out *out);

/* show router route-table X: the interface of a connected network; show router interface NAME: its port. */
int sros_route_interface(struct slice out, struct str *name, struct err *e);
int sros_interface_port(struct slice out, struct str *name, struct err *e);
/* show port X */
int sros_port(struct report *r, struct slice out, struct err *e);

/* The family of a session that names none. */
enum afi_safi sros_by_address(struct slice neighbor);

#endif
