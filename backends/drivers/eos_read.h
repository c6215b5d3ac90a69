/*
 * eos_read - the routes of Arista EOS, `| json`.
 */
#ifndef PEERDECK_DRIVERS_EOS_READ_H
#define PEERDECK_DRIVERS_EOS_READ_H

#include "core/model/driver.h"

/* show bgp ... routes|received-routes|advertised-routes | json */
struct intake eos_routes_intake(struct route_out *out);
int eos_routes_json(struct report *r, struct slice text, struct err *e);

#endif
