/* Times as operators write them; see until.h. */
#include "core/act/until.h"
#include "core/base/scan.h"

#include <time.h>

#define FORMS "allowed are a duration (30m, 2h, 1d12h) or a UTC time (06:00, 2026-11-28T06:00Z)"

static bool take_duration(struct scan c, int64_t *seconds)
{
	static const struct {
		const char *letter;
		int64_t s;
	} units[] = { { "d", 86400 }, { "h", 3600 }, { "m", 60 }, { "s", 1 } };
	size_t next = 0;
	uint64_t n;

	*seconds = 0;
	while (!scan_done(&c)) {
		size_t u = next;

		if (!scan_u64(&c, &n) || n > UNTIL_MOST_S)
			return false;
		while (u < sizeof(units) / sizeof(units[0]) && !scan_lit(&c, units[u].letter))
			u++;
		if (u == sizeof(units) / sizeof(units[0]))
			return false;
		*seconds += (int64_t)n * units[u].s;
		next = u + 1; /* the largest first, each once */
	}
	return next > 0 && *seconds > 0 && *seconds <= UNTIL_MOST_S;
}

int until_duration(const char *text, int64_t *seconds, struct err *e)
{
	return take_duration(scan_of(slice_of(text)), seconds) ? 0
	    : err_set(e, ERR_USAGE, "\"%.60s\": allowed is a duration (90s, 5m, 2h, 1d12h)", text);
}

static bool take_two(struct scan *c, int *v, int most)
{
	uint64_t n;
	const char *from = c->p;

	if (!scan_u64(c, &n) || c->p - from != 2 || n > (uint64_t)most)
		return false;
	*v = (int)n;
	return true;
}

/* "06:00", "06:00:30", with "Z" or without. */
static bool take_clock(struct scan *c, struct tm *tm)
{
	if (!take_two(c, &tm->tm_hour, 23) || !scan_lit(c, ":") || !take_two(c, &tm->tm_min, 59))
		return false;
	if (scan_lit(c, ":") && !take_two(c, &tm->tm_sec, 59))
		return false;
	(void)scan_lit(c, "Z");
	return scan_done(c);
}

static bool take_day(struct scan *c, struct tm *tm)
{
	uint64_t year;

	if (!scan_u64(c, &year) || year < 2000 || year > 9999 || !scan_lit(c, "-") || !take_two(c, &tm->tm_mon, 12) ||
	    !scan_lit(c, "-") || !take_two(c, &tm->tm_mday, 31) || tm->tm_mon == 0 || tm->tm_mday == 0)
		return false;
	tm->tm_year = (int)year - 1900;
	tm->tm_mon--;
	return true;
}

static bool take_date(struct scan *c, struct tm *tm)
{
	return take_day(c, tm) && (scan_lit(c, "T") || scan_lit(c, " "));
}

/* A day that does not exist (31 June) would become another. */
static bool to_time(struct tm tm, int64_t *wall_ms)
{
	struct tm again = tm;
	time_t t = timegm(&again);

	*wall_ms = (int64_t)t * 1000;
	return again.tm_mday == tm.tm_mday && again.tm_mon == tm.tm_mon;
}

int until_parse(const char *text, int64_t now_wall_ms, int64_t *wall_ms, struct err *e)
{
	struct scan c = scan_of(slice_of(text)), ahead = c;
	time_t now = (time_t)(now_wall_ms / 1000);
	struct tm tm = { 0 };
	int64_t seconds;

	if (take_duration(c, &seconds)) {
		*wall_ms = now_wall_ms + seconds * 1000;
		return 0;
	}
	if (take_date(&ahead, &tm)) {
		if (!take_clock(&ahead, &tm) || !to_time(tm, wall_ms))
			return err_set(e, ERR_USAGE, "\"%.60s\" is no time: " FORMS, text);
	} else {
		if (gmtime_r(&now, &tm) == NULL || (tm.tm_sec = 0, !take_clock(&c, &tm)) || !to_time(tm, wall_ms))
			return err_set(e, ERR_USAGE, "\"%.60s\" is no time: " FORMS, text);
		if (*wall_ms <= now_wall_ms) /* tomorrow's */
			*wall_ms += (int64_t)86400 * 1000;
	}
	if (*wall_ms <= now_wall_ms)
		return err_set(e, ERR_USAGE, "\"%.60s\" is over already", text);
	if (*wall_ms - now_wall_ms > (int64_t)UNTIL_MOST_S * 1000)
		return err_set(e, ERR_USAGE, "\"%.60s\" is more than a year away", text);
	return 0;
}

int until_past(const char *text, int64_t now_wall_ms, int64_t *wall_ms, struct err *e)
{
	struct scan c = scan_of(slice_of(text));
	struct tm tm = { 0 };
	int64_t seconds;
	bool fine;

	if (take_duration(c, &seconds)) {
		*wall_ms = now_wall_ms - seconds * 1000;
		return 0;
	}
	fine = take_day(&c, &tm);
	if (fine && !scan_done(&c))
		fine = (scan_lit(&c, "T") || scan_lit(&c, " ")) && take_clock(&c, &tm);
	return fine && to_time(tm, wall_ms) ? 0
	    : err_set(e, ERR_USAGE, "\"%.60s\" is no time: allowed are a duration ago (2h, 7d), a day (2026-11-28) or a UTC time "
		  "(2026-11-28T06:00Z)", text);
}
