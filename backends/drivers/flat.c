/* One statement a line; see flat.h. */
#include "backends/drivers/flat.h"
#include "core/base/str.h"

#include <string.h>

enum { FLAT_MAX = 32 << 20 /* the reads of an action end before */, DEPTH_MAX = 24 };

static void put_line(struct str *out, struct slice line)
{
	struct scan words = scan_of(line);
	struct slice word;

	for (size_t n = 0; scan_word(&words, &word); n++) {
		if (n > 0)
			str_putc(out, ' ');
		for (size_t i = 0; i < word.len; i++)
			if (word.p[i] != '"')
				str_putc(out, word.p[i]);
	}
}

const char *flat_of(struct arena *a, const char *answer)
{
	struct scan c = scan_of(slice_of(answer));
	struct slice line;
	const char *flat;
	struct str out;

	str_init(&out, FLAT_MAX);
	while (scan_line(&c, &line)) {
		put_line(&out, line);
		str_putc(&out, '\n');
	}
	flat = arena_strndup(a, out.p, out.len);
	str_fini(&out);
	return flat;
}

struct heads {
	struct {
		size_t indent;
		struct slice line;
	} at[DEPTH_MAX];
	size_t count;
};

/* Comments and what only ends a block say nothing. */
static bool says_nothing(struct slice line)
{
	return line.len == 0 || line.p[0] == '#' || line.p[0] == '!' || slice_eq(line, "exit") ||
	    slice_eq(line, "quit") || slice_starts(line, "echo ");
}

const char *flat_of_indented(struct arena *a, const char *answer)
{
	struct scan c = scan_of(slice_of(answer));
	struct heads h = { .count = 0 };
	const char *flat;
	struct slice line;
	struct str out;

	str_init(&out, FLAT_MAX);
	while (scan_line(&c, &line)) {
		struct slice words = slice_trim(line);
		size_t indent = (size_t)(words.p - line.p);

		if (says_nothing(words))
			continue;
		while (h.count > 0 && h.at[h.count - 1].indent >= indent)
			h.count--;
		if (h.count == DEPTH_MAX)
			continue;
		h.at[h.count].indent = indent;
		h.at[h.count++].line = words;
		for (size_t i = 0; i < h.count; i++) {
			put_line(&out, h.at[i].line);
			str_putc(&out, i + 1 < h.count ? ' ' : '\n');
		}
	}
	flat = arena_strndup(a, out.p, out.len);
	str_fini(&out);
	return flat;
}

bool flat_next(struct scan *c, const char *words, struct slice *rest)
{
	size_t n = strlen(words);
	struct slice line;

	while (scan_line(c, &line)) {
		if (!slice_starts(line, words) || (line.len > n && line.p[n] != ' '))
			continue;
		*rest = line.len > n ? slice_from(line, n + 1) : SLICE("");
		return true;
	}
	return false;
}

bool flat_find(const char *flat, const char *words, struct slice *rest)
{
	struct scan c = scan_of(slice_of(flat));

	return flat_next(&c, words, rest);
}

bool flat_word(struct slice *rest, struct slice *word)
{
	struct scan c = scan_of(*rest);

	if (!scan_word(&c, word))
		return false;
	*rest = slice_trim(scan_rest(&c));
	return true;
}

bool flat_is(struct slice word, const struct addr *a)
{
	struct addr b;

	return addr_parse(word, &b) && addr_equal(a, &b);
}

const char *flat_list(struct arena *a, struct slice rest)
{
	const char *list = "";
	struct slice w;

	while (flat_word(&rest, &w)) {
		if (w.p[0] == '[')
			w = slice_from(w, 1);
		if (w.len > 0 && w.p[w.len - 1] == ']')
			w = slice_upto(w, w.len - 1);
		if (w.len > 0)
			list = arena_printf(a, "%s%s%.*s", list, list[0] != '\0' ? " " : "", (int)w.len, w.p);
	}
	return list;
}

bool flat_list_begins(const char *list, const char *name)
{
	struct slice rest = slice_of(list), w;

	return flat_word(&rest, &w) && slice_eq(w, name);
}
