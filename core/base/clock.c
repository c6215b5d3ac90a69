/* Clocks; see clock.h. */
#include "core/base/clock.h"

#include <inttypes.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <time.h>

/* Atomic because worker threads read the clock while a test moves it. */
static atomic_bool faked;
static _Atomic int64_t fake_boot, fake_wall;

static int64_t read_ms(clockid_t id)
{
	struct timespec ts;

	clock_gettime(id, &ts);
	return (int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

int64_t clock_boot_ms(void)
{
	return faked ? fake_boot : read_ms(CLOCK_BOOTTIME);
}

int64_t clock_wall_ms(void)
{
	return faked ? fake_wall : read_ms(CLOCK_REALTIME);
}

void clock_fake(int64_t boot_ms, int64_t wall_ms)
{
	fake_boot = boot_ms;
	fake_wall = wall_ms;
	faked = true;
}

void clock_fake_advance(int64_t ms)
{
	fake_boot += ms;
	fake_wall += ms;
}

void clock_real(void)
{
	faked = false;
}

char *clock_iso(int64_t wall_ms, char out[CLOCK_ISO_LEN])
{
	time_t t = (time_t)(wall_ms / 1000);
	struct tm tm;

	if (gmtime_r(&t, &tm) == NULL || strftime(out, CLOCK_ISO_LEN, "%Y-%m-%dT%H:%M:%SZ", &tm) == 0)
		snprintf(out, CLOCK_ISO_LEN, "?");
	return out;
}

char *clock_span(int64_t s, char out[CLOCK_SPAN_LEN])
{
	const int64_t m = 60, h = 3600, d = 86400, w = 604800, y = 31536000;

	if (s < 0)
		snprintf(out, CLOCK_SPAN_LEN, "-");
	else if (s < m)
		snprintf(out, CLOCK_SPAN_LEN, "%" PRId64 "s", s);
	else if (s < h)
		snprintf(out, CLOCK_SPAN_LEN, "%" PRId64 "m", s / m);
	else if (s < d)
		snprintf(out, CLOCK_SPAN_LEN, "%" PRId64 "h%02" PRId64, s / h, s % h / m);
	else if (s < y)
		snprintf(out, CLOCK_SPAN_LEN, "%" PRId64 "d%02" PRId64 "h", s / d, s % d / h);
	else
		snprintf(out, CLOCK_SPAN_LEN, "%" PRId64 "y%02" PRId64 "w", s / y, s % y / w);
	return out;
}
