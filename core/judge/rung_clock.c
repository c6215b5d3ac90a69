/* What time it is at a rung, and whether somebody is there; see ladder.h. */
#include "core/base/hours.h"
#include "core/judge/ladder.h"

#include <stdio.h>
#include <string.h>

enum { NIGHT_FROM = 22, NIGHT_UNTIL = 7 };

static bool always(struct text hours)
{
	return strcmp(text_or(hours, ""), "24x7") == 0 || strcmp(text_or(hours, ""), "24/7") == 0;
}

struct rung_clock rung_clock(const struct rung *r, int64_t now_wall_ms)
{
	struct rung_clock c = { .open = always(r->hours) ? TRI_YES : TRI_UNKNOWN };

	if (r->clock == NULL)
		return c;
	c.local = zone_at(r->clock, now_wall_ms);
	c.when = c.local.hour >= NIGHT_FROM || c.local.hour < NIGHT_UNTIL ? WHEN_NIGHT : WHEN_DAY;
	if (!text_empty(r->hours))
		c.open = hours_open(r->hours.s, c.local.weekday, c.local.hour * 60 + c.local.minute) ? TRI_YES : TRI_NO;
	return c;
}

void rung_clock_words(const struct rung *r, int64_t now_wall_ms, char *out, size_t n)
{
	struct rung_clock c = rung_clock(r, now_wall_ms);
	const char *open = c.open == TRI_NO ? ", outside hours" : always(r->hours) ? ", 24x7" :
	    c.open == TRI_YES ? ", in hours" : "";

	if (c.when == WHEN_UNKNOWN)
		snprintf(out, n, "%s", text_or(r->hours, ""));
	else
		snprintf(out, n, "%02d:%02d %s%s", c.local.hour, c.local.minute, c.when == WHEN_NIGHT ? "night" : "day", open);
}
