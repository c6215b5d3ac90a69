/*
 * routes - BGP tables of IOS, IOS XR, NX-OS, EOS, Quagga and FRR, and XR's list of advertised routes.
 *
 *        Network          Next Hop            Metric LocPrf Weight Path
 *     *>i10.2.2.2/32      172.16.1.2               0    100      0 10 20 i
 *     * i                 10.66.166.4              0    100      0 11111 ?
 *     * i199.16.104.128/27
 *                         10.66.166.3              0    100      0 11111 ?
 *
 * Metric, local preference and weight may be empty, so the path is found by the place of the weight under its
 * header; a row without a network goes on with the former one; a row broken over lines is put together.
 */
#ifndef PEERDECK_PARSE_ROUTES_H
#define PEERDECK_PARSE_ROUTES_H

#include "core/model/driver.h"

/* A reading of kind REPORT_ROUTES.  `packed` is how many numbers stand before the path in a table whose blanks
 * somebody has squeezed, so that places say nothing: at most that many are passed over. */
int routes_read(struct report *r, struct slice out, unsigned packed, struct err *e);
/* The same as it comes from a router (places as printed). */
struct intake routes_intake(struct route_out *out);

#endif
