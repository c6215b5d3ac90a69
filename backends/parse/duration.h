/*
 * duration - how long something has lasted, in all the ways that routers print it.
 *
 * "01:02:03", "01:02:03.456", "29:10" (minutes), "1d02h03m", "02w3d04h", "1y11w", "626h43m", "1d 02:03:04",
 * "2w3d 4:05:06", "1d2h5m16s610ms", "3 days, 04:05:06", "P17DT7H42M42S".  A year is 365 days.
 */
#ifndef PEERDECK_PARSE_DURATION_H
#define PEERDECK_PARSE_DURATION_H

#include "core/base/str.h"

#include <stdint.h>

/* Whole seconds; -1 for "never" and for anything that is not a duration. */
int64_t duration_s(struct slice s);

#endif
