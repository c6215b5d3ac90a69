/* Clocks; see clock.h. */
#include "core/base/clock.h"

#include <inttypes.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <time.h>

/* Atomic because worker threads read the clock while a test moves it. */
static atomic_bool faked, held;
static _Atomic int64_t fake_boot, fake_wall, held_wall;

static int64_t read_ms(clockid_t id)
{
	struct timespec ts;

	clock_gettime(id, &ts);
	return (int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

/* A held moment serves as boot time, too: only differences of boot times mean something. */
int64_t clock_boot_ms(void)
{
	return held ? held_wall : clock_steady_ms();
}

int64_t clock_wall_ms(void)
{
	return held ? held_wall : faked ? fake_wall : read_ms(CLOCK_REALTIME);
}

int64_t clock_steady_ms(void)
{
	return faked ? fake_boot : read_ms(CLOCK_BOOTTIME);
}

void clock_hold(int64_t wall_ms)
{
	held_wall = wall_ms;
	held = true;
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
	faked = held = false;
}

char *clock_iso(int64_t wall_ms, char out[CLOCK_ISO_LEN])
{
	time_t t = (time_t)(wall_ms / 1000);
	struct tm tm;

	if (gmtime_r(&t, &tm) == NULL || strftime(out, CLOCK_ISO_LEN, "%Y-%m-%dT%H:%M:%SZ", &tm) == 0)
		snprintf(out, CLOCK_ISO_LEN, "?");
	return out;
}

char *clock_iso_ms(int64_t wall_ms, char out[CLOCK_ISO_MS_LEN])
{
	char seconds[CLOCK_ISO_LEN];

	clock_iso(wall_ms, seconds);
	snprintf(out, CLOCK_ISO_MS_LEN, "%.19s.%03uZ", seconds, (unsigned)(wall_ms % 1000) % 1000u);
	return out;
}

static bool digits(const char *p, size_t n, int *out)
{
	*out = 0;
	for (size_t i = 0; i < n; i++) {
		if (p[i] < '0' || p[i] > '9')
			return false;
		*out = *out * 10 + (p[i] - '0');
	}
	return true;
}

bool clock_iso_read(const char *p, size_t n, int64_t *wall_ms)
{
	static const char shape[] = "    -  -  T  :  :  ";
	struct tm tm = { 0 };
	int ms = 0;

	if (n != 20 && n != 24)
		return false;
	for (size_t i = 0; i < sizeof(shape) - 1; i++)
		if (shape[i] != ' ' && p[i] != shape[i])
			return false;
	if (!digits(p, 4, &tm.tm_year) || !digits(p + 5, 2, &tm.tm_mon) || !digits(p + 8, 2, &tm.tm_mday) ||
	    !digits(p + 11, 2, &tm.tm_hour) || !digits(p + 14, 2, &tm.tm_min) || !digits(p + 17, 2, &tm.tm_sec))
		return false;
	if (p[n - 1] != 'Z' || (n == 24 && (p[19] != '.' || !digits(p + 20, 3, &ms))))
		return false;
	if (tm.tm_mon < 1 || tm.tm_mon > 12 || tm.tm_mday < 1 || tm.tm_mday > 31 || tm.tm_hour > 23 || tm.tm_min > 59 ||
	    tm.tm_sec > 60 || tm.tm_year < 1970)
		return false;
	tm.tm_year -= 1900;
	tm.tm_mon -= 1;
	*wall_ms = (int64_t)timegm(&tm) * 1000 + ms;
	return true;
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
