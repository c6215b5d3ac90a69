/* Lines cut into words; see words.h. */
#include "backends/parse/words.h"

#include <string.h>

void words_cut(struct words *w, struct slice line)
{
	w->n = 0;
	words_more(w, line);
}

/* Any line, octet by octet. */
static void more_slowly(struct words *w, struct slice line)
{
	const char *end = line.p + line.len, *from, *to = line.p;

	for (; w->n < WORDS_MAX; w->n++) {
		from = scan_past_blanks(to, end);
		to = scan_past_word(from, end);
		if (to == from)
			return;
		w->w[w->n] = (struct slice){ from, (size_t)(to - from) };
		w->at[w->n] = (size_t)(from - line.p);
	}
}

enum { LOOK = 64 };

/* Which of the next LOOK octets from `at` on are of words, a bit each; past the end none is.  False if one of them
 * is a control: a tab, a line end.  The line has OCTETS_WIDE octets or more. */
static bool look(struct slice line, size_t at, uint64_t *of_words)
{
	struct octets_bits b;
	uint64_t controls = 0;
	size_t left;

	*of_words = 0;
	for (unsigned i = 0; i < LOOK && at < line.len; i += OCTETS_WIDE, at += OCTETS_WIDE) {
		left = line.len - at;
		if (left >= OCTETS_WIDE) {
			b = octets_bits(line.p + at);
		} else {
			b = octets_bits(line.p + line.len - OCTETS_WIDE);
			b.of_words >>= OCTETS_WIDE - left;
		}
		*of_words |= b.of_words << i;
		controls |= b.controls;
	}
	return controls == 0;
}

static void put(struct words *w, struct slice line, size_t from, size_t to)
{
	w->w[w->n] = (struct slice){ line.p + from, to - from };
	w->at[w->n++] = from;
}

/* A word begins where a bit is set and that of the octet before is not, and ends the other way round. */
static bool more_quickly(struct words *w, struct slice line)
{
	size_t before = w->n, from = 0;
	uint64_t of_words, was, begins, ends;
	bool inside = false; /* a word that began in the octets looked at before */

	for (size_t at = 0; at < line.len; at += LOOK) {
		if (!look(line, at, &of_words))
			return w->n = before, false;
		was = of_words << 1 | (inside ? 1 : 0);
		begins = of_words & ~was;
		ends = was & ~of_words;
		for (; ends != 0 && w->n < WORDS_MAX; ends &= ends - 1, inside = false) {
			if (!inside) {
				from = at + (size_t)__builtin_ctzll(begins);
				begins &= begins - 1;
			}
			put(w, line, from, at + (size_t)__builtin_ctzll(ends));
		}
		if (begins != 0) {
			from = at + (size_t)__builtin_ctzll(begins);
			inside = true;
		}
	}
	if (inside && w->n < WORDS_MAX)
		put(w, line, from, line.len);
	return true;
}

void words_more(struct words *w, struct slice line)
{
	if (line.len < OCTETS_WIDE || !more_quickly(w, line))
		more_slowly(w, line);
}

struct slice words_span(const struct words *w, size_t i, size_t j)
{
	const char *from, *to;

	if (i >= w->n || j >= w->n || j < i)
		return SLICE("");
	from = w->w[i].p;
	to = w->w[j].p + w->w[j].len;
	return to >= from ? (struct slice){ from, (size_t)(to - from) } : SLICE("");
}

struct slice words_behind(struct slice s, const char *words)
{
	ptrdiff_t at = slice_find(s, words);

	return at < 0 ? SLICE("") : slice_trim(slice_from(s, (size_t)at + strlen(words)));
}

struct slice words_upto(struct slice s, const char *stops)
{
	size_t count = strlen(stops), n = 0;

	while (n < s.len && memchr(stops, s.p[n], count) == NULL)
		n++;
	return slice_trim(slice_upto(s, n));
}

bool word_address(struct slice word, struct slice *bare, struct addr *a)
{
	size_t n = 0;

	while (word.len > 0 && (word.p[0] == '*' || word.p[0] == '>'))
		word = slice_from(word, 1);
	if (!addr_parse(word, a)) {
		while (n < word.len && word.p[n] != '%' && word.p[n] != '+' && word.p[n] != '@')
			n++;
		if (n == word.len || !addr_parse(slice_upto(word, n), a))
			return false;
		word.len = n;
	}
	*bare = word;
	return true;
}

bool word_is_address(struct slice word, struct slice *bare)
{
	struct addr a;

	return word_address(word, bare, &a);
}

bool word_is_neighbor(struct slice word, struct slice *name, struct addr *a)
{
	const char *end = word.p + word.len;

	if (!word_address(word, name, a))
		return false;
	if (name->p + name->len < end && name->p[name->len] == '%' &&
	    (slice_starts(*name, "fe80:") || slice_starts(*name, "FE80:")))
		name->len = (size_t)(end - name->p);
	return true;
}

bool word_count(struct slice word, int64_t *count)
{
	uint64_t n = 0;

	if (word.len == 0 || word.len > 24 || word.p[0] == ',')
		return false;
	for (size_t i = 0; i < word.len; i++) {
		unsigned d = (unsigned)word.p[i] - '0';

		if (word.p[i] == ',')
			continue;
		if (d > 9 || n > INT64_MAX / 10)
			return false;
		n = n * 10 + d;
	}
	if (n > INT64_MAX)
		return false;
	*count = (int64_t)n;
	return true;
}
