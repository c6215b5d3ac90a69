/* Names; see id.h. */
#include "core/act/id.h"
#include "core/base/clock.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/random.h>
#include <time.h>

void act_id_new(char out[ACT_ID_LEN])
{
	unsigned char r[6];
	int64_t ms = clock_wall_ms();
	time_t s = (time_t)(ms / 1000);
	struct tm tm;
	char day[20];

	if (getrandom(r, sizeof(r), 0) != (ssize_t)sizeof(r))
		abort();
	gmtime_r(&s, &tm);
	strftime(day, sizeof(day), "%Y%m%dT%H%M%S", &tm);
	snprintf(out, ACT_ID_LEN, "%s.%03d-%02x%02x%02x%02x%02x%02x", day, (int)(ms % 1000), r[0], r[1],
	    r[2], r[3], r[4], r[5]);
}
