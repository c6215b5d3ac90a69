/* POSIX TZ rules as the footers of zone files carry them (RFC 8536 section 3.3; POSIX.1-2017, 8.3). */
#include "core/base/scan.h"
#include "core/base/zone.h"

#include <ctype.h>

struct change {
	enum { BY_MONTH, BY_JULIAN, BY_DAY } by;
	int month, week, day; /* BY_MONTH: day of the week, 0 Sunday; else day of the year */
	int at_s;             /* local time; -167 to 167 hours */
};

static bool skip_name(struct scan *c)
{
	struct slice s;
	size_t n = 0;

	if (scan_lit(c, "<"))
		return scan_until(c, '>', &s) && s.len > 0 && scan_lit(c, ">");
	while (c->p < c->end && isalpha((unsigned char)*c->p)) {
		c->p++;
		n++;
	}
	return n >= 3;
}

static bool number(struct scan *c, int max, int *out)
{
	uint64_t v;

	if (!scan_u64(c, &v) || v > (uint64_t)max)
		return false;
	*out = (int)v;
	return true;
}

/* "[+-]h[:mm[:ss]]" in seconds. */
static bool span(struct scan *c, int *out)
{
	bool minus = scan_lit(c, "-");
	int h, m = 0, s = 0;

	if (!minus)
		scan_lit(c, "+");
	if (!number(c, 167, &h) || (scan_lit(c, ":") && !number(c, 59, &m)) || (scan_lit(c, ":") && !number(c, 59, &s)))
		return false;
	*out = (h * 3600 + m * 60 + s) * (minus ? -1 : 1);
	return true;
}

static bool change(struct scan *c, struct change *r)
{
	*r = (struct change){ .at_s = 7200 };
	if (!scan_lit(c, ","))
		return false;
	if (scan_lit(c, "M")) {
		if (!number(c, 12, &r->month) || r->month == 0 || !scan_lit(c, ".") || !number(c, 5, &r->week) ||
		    r->week == 0 || !scan_lit(c, ".") || !number(c, 6, &r->day))
			return false;
	} else {
		r->by = scan_lit(c, "J") ? BY_JULIAN : BY_DAY;
		if (!number(c, 365, &r->day))
			return false;
	}
	return !scan_lit(c, "/") || span(c, &r->at_s);
}

static bool is_leap(int64_t y)
{
	return (y % 4 == 0 && y % 100 != 0) || y % 400 == 0;
}

/* Days from 1970-01-01 to the first of January of a year. */
static int64_t year_days(int64_t y)
{
	int64_t p = y - 1;

	return (y - 1970) * 365 + (p / 4 - p / 100 + p / 400) - (1969 / 4 - 1969 / 100 + 1969 / 400);
}

static int64_t day_of(const struct change *r, int64_t y)
{
	static const int before[] = { 0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334, 365 };
	int64_t first, day;
	int length;

	if (r->by == BY_DAY)
		return year_days(y) + r->day;
	if (r->by == BY_JULIAN) /* 29 February is never counted */
		return year_days(y) + r->day - 1 + (is_leap(y) && r->day > 59);
	first = year_days(y) + before[r->month - 1] + (is_leap(y) && r->month > 2);
	length = before[r->month] - before[r->month - 1] + (is_leap(y) && r->month == 2);
	day = first + ((r->day - (first + 4)) % 7 + 7) % 7 + 7 * (r->week - 1);
	while (day >= first + length) /* the fifth means the last */
		day -= 7;
	return day;
}

static int64_t year_of(int64_t s)
{
	int64_t day = s / 86400, y = 1970 + day / 366;

	while (year_days(y + 1) <= day)
		y++;
	return y;
}

bool zone_rule_offset(struct slice rule, int64_t s, int *out)
{
	struct scan c = scan_of(rule);
	struct change to_summer, to_winter;
	int standard, summer;
	int64_t y, from, until;

	if (s < 0 || s > INT64_C(200000000000) || !skip_name(&c) || !span(&c, &standard))
		return false;
	*out = -standard; /* POSIX counts west of Greenwich */
	if (scan_done(&c))
		return true;
	if (!skip_name(&c))
		return false;
	summer = standard - 3600;
	if (c.p < c.end && *c.p != ',' && !span(&c, &summer))
		return false;
	if (!change(&c, &to_summer) || !change(&c, &to_winter) || !scan_done(&c))
		return false;
	y = year_of(s - standard > 0 ? s - standard : 0);
	from = day_of(&to_summer, y) * 86400 + to_summer.at_s + standard;
	until = day_of(&to_winter, y) * 86400 + to_winter.at_s + summer;
	if (from < until ? s >= from && s < until : s >= from || s < until)
		*out = -summer;
	return true;
}
