/*
 * scan - a bounded cursor over text.
 *
 * Parsers of printed output walk a slice with these and never index past
 * it.  Every function moves the cursor only over what it returns; at the
 * end they return false or an empty slice.
 */
#ifndef PEERDECK_BASE_SCAN_H
#define PEERDECK_BASE_SCAN_H

#include "core/base/octets.h"
#include "core/base/str.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct scan {
	const char *p, *end;
};

/* Next line without its "\n" or "\r\n"; false at the end. */
bool scan_line(struct scan *c, struct slice *line);
/* Skips blanks and tabs, not line ends. */
void scan_blanks(struct scan *c);
/* Skips blanks, then takes up to the next blank, tab or line end; false if there is nothing. */
bool scan_word(struct scan *c, struct slice *word);
/* Takes an unsigned decimal of any number of digits; false if none stands here or it does not fit. */
bool scan_long_u64(struct scan *c, uint64_t *v);
/* Takes up to (not including) `stop`; takes all if `stop` does not come. True if it came. */
bool scan_until(struct scan *c, char stop, struct slice *out);
/* The rest, all of it. */
struct slice scan_rest(struct scan *c);

/* Here, so that the length of a literal is known where it is compared: readers of tables live by these. */
static inline struct scan scan_of(struct slice s)
{
	return (struct scan){ s.p, s.p + s.len };
}
static inline bool scan_done(const struct scan *c)
{
	return c->p >= c->end;
}
/* Takes `lit` if the text goes on with exactly that. */
static inline bool scan_lit(struct scan *c, const char *lit)
{
	size_t n = strlen(lit);

	if ((size_t)(c->end - c->p) < n || memcmp(c->p, lit, n) != 0)
		return false;
	c->p += n;
	return true;
}
/* The same, quick where the number is short, as most are. */
static inline bool scan_u64(struct scan *c, uint64_t *v)
{
	enum { SAFE_DIGITS = 19 }; /* cannot pass 2^64 */
	const char *q = c->p, *safe = c->end - q > SAFE_DIGITS ? q + SAFE_DIGITS : c->end;
	uint64_t n = 0;

	for (unsigned d; q < safe && (d = (unsigned)*q - '0') <= 9; q++)
		n = n * 10 + d;
	if (q == c->p || (q == safe && q < c->end))
		return scan_long_u64(c, v);
	c->p = q;
	*v = n;
	return true;
}
static inline bool slice_starts(struct slice s, const char *lit)
{
	size_t n = strlen(lit);

	return s.len >= n && memcmp(s.p, lit, n) == 0;
}
static inline bool slice_eq(struct slice s, const char *lit)
{
	return s.len == strlen(lit) && memcmp(s.p, lit, s.len) == 0;
}
static inline bool scan_is_space(char ch)
{
	return ch == ' ' || (ch >= '\t' && ch <= '\r');
}
/* Where the blanks and tabs from p on end. */
static inline const char *scan_past_blanks(const char *p, const char *end)
{
	while (p < end && (*p == ' ' || *p == '\t'))
		if (end - p >= OCTETS && *p == ' ')
			p += octets_past_spaces(octets_load(p)); /* one at least */
		else
			p++;
	return p;
}
/* Where a word that begins at p ends: before a blank or what ends a line. */
static inline const char *scan_past_word(const char *p, const char *end)
{
	while (end - p >= OCTETS) {
		size_t gap = octets_gap(octets_load(p));

		p += gap;
		if (gap == OCTETS)
			continue;
		if (scan_is_space(*p))
			return p;
		p++; /* other controls are of the word */
	}
	while (p < end && !scan_is_space(*p))
		p++;
	return p;
}
bool slice_ends(struct slice s, const char *lit);
/* Offset of the first `lit` in s, or -1. */
ptrdiff_t slice_find(struct slice s, const char *lit);
struct slice slice_trim(struct slice s);
static inline struct slice slice_from(struct slice s, size_t at)
{
	if (at > s.len)
		at = s.len;
	return (struct slice){ s.p + at, s.len - at };
}
static inline struct slice slice_upto(struct slice s, size_t n)
{
	return (struct slice){ s.p, n < s.len ? n : s.len };
}
/* The whole slice as unsigned decimal; false unless every octet is a digit and it fits. */
bool slice_u64(struct slice s, uint64_t *v);

#endif
