/* Opening hours; see hours.h. */
#include "core/base/hours.h"
#include "core/base/mem.h"
#include "core/base/scan.h"

#include <strings.h>

struct part {
	int first, last; /* days */
	int from, until; /* minutes */
};

static bool day(struct scan *c, int *out)
{
	static const char *const names[] = { "Mo", "Tu", "We", "Th", "Fr", "Sa", "Su" };

	for (int i = 0; i < 7; i++)
		if (c->end - c->p >= 2 && strncasecmp(c->p, names[i], 2) == 0) {
			c->p += 2;
			*out = i;
			return true;
		}
	return false;
}

static bool clock_time(struct scan *c, int *out)
{
	uint64_t h, m = 0;

	if (!scan_u64(c, &h) || (scan_lit(c, ":") && !scan_u64(c, &m)) || h > 24 || m > 59 || (h == 24 && m > 0))
		return false;
	*out = (int)(h * 60 + m);
	return true;
}

static bool read_part(struct scan *c, struct part *p)
{
	*p = (struct part){ .last = 6 };
	scan_blanks(c);
	if (scan_lit(c, "24x7") || scan_lit(c, "24/7")) {
		p->until = 1440;
	} else {
		if (day(c, &p->first)) {
			p->last = p->first;
			if (scan_lit(c, "-") && !day(c, &p->last))
				return false;
		}
		scan_blanks(c);
		if (!clock_time(c, &p->from) || !scan_lit(c, "-") || !clock_time(c, &p->until))
			return false;
	}
	scan_blanks(c);
	return scan_done(c) || scan_lit(c, ",") || scan_lit(c, ";");
}

static bool on_day(const struct part *p, int weekday)
{
	return p->first <= p->last ? weekday >= p->first && weekday <= p->last : weekday >= p->first || weekday <= p->last;
}

static bool holds(const struct part *p, int weekday, int minute)
{
	if (p->from < p->until)
		return on_day(p, weekday) && minute >= p->from && minute < p->until;
	return (on_day(p, weekday) && minute >= p->from) || (on_day(p, (weekday + 6) % 7) && minute < p->until);
}

bool hours_valid(const char *s)
{
	struct scan c = scan_of(slice_of(s));
	struct part p;

	if (scan_done(&c))
		return false;
	while (!scan_done(&c))
		if (!read_part(&c, &p))
			return false;
	return true;
}

bool hours_open(const char *s, int weekday, int minute)
{
	struct scan c = scan_of(slice_of(s));
	struct part p;
	bool open = false;

	while (!scan_done(&c)) {
		if (!read_part(&c, &p))
			return false;
		open = open || holds(&p, weekday, minute);
	}
	return open;
}
