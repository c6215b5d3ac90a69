/*
 * zone - what time it is where somebody else is.
 *
 * Reads a time zone's file (TZif, RFC 8536) into a value that can be asked
 * without touching the environment: the C library knows one zone per process,
 * and worker threads read the clock meanwhile.  After the last transition of
 * the file its footer (a POSIX TZ rule) goes on.
 */
#ifndef PEERDECK_BASE_ZONE_H
#define PEERDECK_BASE_ZONE_H

#include "core/base/err.h"
#include "core/base/mem.h"
#include "core/base/str.h"

#include <stdint.h>

struct zone;

/* "Europe/Berlin" from `dir` (NULL: /usr/share/zoneinfo); NULL and why.  The name is that of an IANA zone: letters, digits,
 * "_+-/", nothing that leads out of the folder.  Owned by the arena. */
const struct zone *zone_load(struct arena *a, const char *dir, const char *name, struct err *e);
/* The octets of such a file. */
const struct zone *zone_parse(struct arena *a, const char *name, struct slice octets, struct err *e);

struct zone_time {
	int weekday; /* 0 Monday ... 6 Sunday */
	int hour, minute;
	int offset_s; /* local minus UTC */
};
struct zone_time zone_at(const struct zone *z, int64_t wall_ms);
const char *zone_name(const struct zone *z);

/* Seconds east of UTC that a POSIX TZ rule ("CET-1CEST,M3.5.0,M10.5.0/3") gives at a time; false if it is none. */
bool zone_rule_offset(struct slice rule, int64_t utc_s, int *offset_s);

#endif
