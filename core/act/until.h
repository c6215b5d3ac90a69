/*
 * until - a time as operators write it: "2h", "90m", "1d12h", "06:00" (the next one, UTC), "2026-11-28T06:00Z".
 */
#ifndef PEERDECK_ACT_UNTIL_H
#define PEERDECK_ACT_UNTIL_H

#include "core/base/err.h"

#include <stdint.h>

#define UNTIL_MOST_S (366 * 86400)

/* A time to come, in milliseconds since the epoch.  -1 with ERR_USAGE that tells the forms. */
int until_parse(const char *text, int64_t now_wall_ms, int64_t *wall_ms, struct err *e);
/* A time gone by: a duration ago ("2h"), "2026-11-28", "2026-11-28T06:00Z". */
int until_past(const char *text, int64_t now_wall_ms, int64_t *wall_ms, struct err *e);
/* Only a duration ("5m"), in seconds. */
int until_duration(const char *text, int64_t *seconds, struct err *e);

#endif
