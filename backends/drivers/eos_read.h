/*
 * eos_read - Arista EOS: routes as JSON, the summary as text.
 */
#ifndef PEERDECK_DRIVERS_EOS_READ_H
#define PEERDECK_DRIVERS_EOS_READ_H

#include "core/model/driver.h"

/* show bgp ... routes|received-routes|advertised-routes | json */
struct intake eos_routes_intake(struct route_out *out);
int eos_routes_json(struct report *r, struct slice text, struct err *e);

/* show bgp summary as text, of old releases and of new ones (eos_summary.c) */
int eos_text_summary(struct report *r, struct slice out, struct err *e);

#endif
