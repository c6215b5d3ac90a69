/* Bounded text cursor; see scan.h. */
#include "core/base/scan.h"

#include <string.h>

bool scan_line(struct scan *c, struct slice *line)
{
	const char *nl, *stop;

	if (scan_done(c))
		return false;
	nl = memchr(c->p, '\n', (size_t)(c->end - c->p));
	stop = nl ? nl : c->end;
	*line = (struct slice){ c->p, (size_t)(stop - c->p) };
	if (line->len > 0 && line->p[line->len - 1] == '\r')
		line->len--;
	c->p = nl ? nl + 1 : c->end;
	return true;
}

void scan_blanks(struct scan *c)
{
	c->p = scan_past_blanks(c->p, c->end);
}

bool scan_word(struct scan *c, struct slice *word)
{
	const char *start;

	scan_blanks(c);
	start = c->p;
	c->p = scan_past_word(start, c->end);
	*word = (struct slice){ start, (size_t)(c->p - start) };
	return word->len > 0;
}

bool scan_long_u64(struct scan *c, uint64_t *v)
{
	const char *q = c->p;
	uint64_t n = 0;

	for (; q < c->end && *q >= '0' && *q <= '9'; q++)
		if (__builtin_mul_overflow(n, 10u, &n) ||
		    __builtin_add_overflow(n, (unsigned)(*q - '0'), &n))
			return false;
	if (q == c->p)
		return false;
	c->p = q;
	*v = n;
	return true;
}

bool scan_until(struct scan *c, char stop, struct slice *out)
{
	const char *at = scan_done(c) ? NULL : memchr(c->p, stop, (size_t)(c->end - c->p));
	const char *e = at ? at : c->end;

	*out = (struct slice){ c->p, (size_t)(e - c->p) };
	c->p = e;
	return at != NULL;
}

struct slice scan_rest(struct scan *c)
{
	struct slice s = { c->p, (size_t)(c->end - c->p) };

	c->p = c->end;
	return s;
}

bool slice_ends(struct slice s, const char *lit)
{
	size_t n = strlen(lit);

	return s.len >= n && memcmp(s.p + s.len - n, lit, n) == 0;
}

ptrdiff_t slice_find(struct slice s, const char *lit)
{
	const char *at = s.len ? memmem(s.p, s.len, lit, strlen(lit)) : NULL;

	return at ? at - s.p : -1;
}

struct slice slice_trim(struct slice s)
{
	while (s.len > 0 && scan_is_space(s.p[0])) {
		s.p++;
		s.len--;
	}
	while (s.len > 0 && scan_is_space(s.p[s.len - 1]))
		s.len--;
	return s;
}

bool slice_u64(struct slice s, uint64_t *v)
{
	struct scan c = scan_of(s);

	return scan_u64(&c, v) && scan_done(&c);
}
