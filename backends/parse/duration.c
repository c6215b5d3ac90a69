/* Durations as printed; see duration.h. */
#include "backends/parse/duration.h"
#include "core/base/scan.h"

#include <stdbool.h>
#include <string.h>

/* No uptime is longer than a hundred years; more is a sign of misreading. */
static const int64_t LONGEST = 100ll * 365 * 86400;

/* Seconds per unit by its first letter, as long as the words are English. */
static int64_t unit_seconds(struct slice word)
{
	if (slice_starts(word, "ms") || slice_starts(word, "us"))
		return 0;
	switch (word.len > 0 ? word.p[0] | 0x20 : '\0') {
	case 'y':
		return 31536000;
	case 'w':
		return 604800;
	case 'd':
		return 86400;
	case 'h':
		return 3600;
	case 'm':
		return 60;
	case 's':
		return 1;
	default:
		return -1;
	}
}

static struct slice take_letters(struct scan *c)
{
	struct slice w = { c->p, 0 };

	while (!scan_done(c) && ((*c->p >= 'a' && *c->p <= 'z') || (*c->p >= 'A' && *c->p <= 'Z'))) {
		c->p++;
		w.len++;
	}
	return w;
}

/* ISO 8601 puts a T between days and time, people put blanks and commas. */
static void skip_between(struct scan *c)
{
	while (!scan_done(c) && (*c->p == ' ' || *c->p == '\t' || *c->p == ',' || *c->p == 'T'))
		c->p++;
}

static bool clock_rest(struct scan *c, uint64_t first, int64_t *sum)
{
	uint64_t v[3] = { first, 0, 0 }, fraction;
	size_t n = 1;

	while (n < 3 && scan_lit(c, ":"))
		if (!scan_u64(c, &v[n++]))
			return false;
	for (size_t i = 0; i < 3; i++)
		if (v[i] > (uint64_t)LONGEST)
			return false;
	if (scan_lit(c, "."))
		scan_u64(c, &fraction);
	*sum += n == 3 ? (int64_t)(first * 3600 + v[1] * 60 + v[2]) : (int64_t)(first * 60 + v[1]);
	return true;
}

/* What tables are full of, "04d19h41m": one small letter behind the number and a digit, or nothing, behind that. */
static bool short_unit(struct scan *c, int64_t *seconds)
{
	if (c->end - c->p < 1 || (c->end - c->p > 1 && (unsigned)c->p[1] - '0' > 9))
		return false;
	*seconds = *c->p == 'h' ? 3600 : *c->p == 'm' ? 60 : *c->p == 's' ? 1 : *c->p == 'd' ? 86400 :
	    *c->p == 'w' ? 604800 : -1;
	c->p += *seconds > 0 ? 1 : 0;
	return *seconds > 0;
}

static bool piece(struct scan *c, int64_t *sum)
{
	uint64_t n;
	int64_t unit;

	if (!scan_u64(c, &n) || n > (uint64_t)LONGEST)
		return false;
	if (!scan_done(c) && *c->p == ':')
		return clock_rest(c, n, sum);
	if (!short_unit(c, &unit)) {
		scan_blanks(c);
		unit = unit_seconds(take_letters(c));
	}
	if (unit < 0 || (unit > 0 && n > (uint64_t)(LONGEST / unit)))
		return false;
	*sum += (int64_t)n * unit;
	return true;
}

static bool two_digits(const char *p, int64_t *n)
{
	unsigned ten = (unsigned)p[0] - '0', one = (unsigned)p[1] - '0';

	*n = ten * 10 + one;
	return ten <= 9 && one <= 9;
}

/* "01:02:03", as most rows have it. */
static bool plain_clock(struct slice s, int64_t *seconds)
{
	int64_t h, m, sec;

	if (s.len != 8 || s.p[2] != ':' || s.p[5] != ':' || !two_digits(s.p, &h) || !two_digits(s.p + 3, &m) ||
	    !two_digits(s.p + 6, &sec))
		return false;
	*seconds = h * 3600 + m * 60 + sec;
	return true;
}

int64_t duration_s(struct slice s)
{
	struct scan c = scan_of(slice_trim(s));
	int64_t sum = 0;

	if (plain_clock(s, &sum))
		return sum;
	if (!scan_lit(&c, "P"))
		scan_lit(&c, "p");
	skip_between(&c);
	if (scan_done(&c))
		return -1;
	for (; !scan_done(&c); skip_between(&c))
		if (!piece(&c, &sum) || sum > LONGEST)
			return -1;
	return sum;
}
