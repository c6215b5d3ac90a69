/*
 * Which reading fits a command that somebody typed.
 *
 * Patterns are small, so plain backtracking over both strings is enough: "["
 * may be skipped up to its "]" or entered, and "]" says nothing.
 */
#include "core/base/scan.h"
#include "core/model/driver.h"

#include <string.h>
#include <strings.h>

static bool same_nocase(struct slice a, struct slice b)
{
	return a.len == b.len && strncasecmp(a.p, b.p, a.len) == 0;
}

/* The next pattern token: "[", "]" or a word up to a blank or bracket. */
static bool pattern_token(struct scan *c, struct slice *tok)
{
	scan_blanks(c);
	if (scan_done(c))
		return false;
	*tok = (struct slice){ c->p, 1 };
	c->p++;
	if (tok->p[0] == '[' || tok->p[0] == ']')
		return true;
	while (!scan_done(c) && strchr(" \t[]", *c->p) == NULL) {
		c->p++;
		tok->len++;
	}
	return true;
}

/* Puts the cursor behind the "]" of a "[" that was just taken. */
static void skip_group(struct scan *c)
{
	struct slice tok;

	for (int depth = 1; depth > 0 && pattern_token(c, &tok);)
		depth += slice_eq(tok, "[") ? 1 : slice_eq(tok, "]") ? -1 : 0;
}

/* `short_too`: also words cut short, as CLIs take them: "sh", "sum", "neigh". */
static bool word_fits(struct slice pat, struct slice word, bool short_too)
{
	struct scan c = scan_of(pat);
	struct slice alt;

	if (pat.len > 1 && pat.p[0] == '<')
		return true;
	if (slice_eq(pat, "|"))
		return slice_eq(word, "|");
	for (;;) {
		bool more = scan_until(&c, '|', &alt);

		if (same_nocase(alt, word) ||
		    (short_too && word.len >= 2 && word.len < alt.len && same_nocase(slice_upto(alt, word.len), word)))
			return true;
		if (!more)
			return false;
		c.p++;
	}
}

static bool fits(struct scan pat, struct scan words, bool short_too)
{
	struct slice tok, word;

	while (pattern_token(&pat, &tok)) {
		if (slice_eq(tok, "]"))
			continue;
		if (slice_eq(tok, "[")) {
			struct scan after = pat;

			skip_group(&after);
			if (fits(after, words, short_too))
				return true;
			continue;
		}
		if (!scan_word(&words, &word) || !word_fits(tok, word, short_too))
			return false;
	}
	return !scan_word(&words, &word);
}

bool driver_command_fits(const char *pattern, const char *words)
{
	return fits(scan_of(slice_of(pattern)), scan_of(slice_of(words)), false);
}

/* Blanks, quotes and pipes part the words of a typed command. */
static bool typed_word(struct scan *c, struct slice *w)
{
	static const char parts[] = " \t\"'|";

	while (!scan_done(c) && *c->p != '|' && strchr(parts, *c->p) != NULL)
		c->p++;
	*w = (struct slice){ c->p, 0 };
	if (scan_done(c))
		return false;
	do {
		c->p++;
		w->len++;
	} while (!scan_done(c) && w->p[0] != '|' && strchr(parts, *c->p) == NULL);
	return true;
}

static bool names_cli(struct slice w, const char *cli)
{
	const char *slash = memrchr(w.p, '/', w.len);

	if (slash != NULL)
		w = slice_from(w, (size_t)(slash - w.p) + 1);
	return cli != NULL && (slice_eq(w, cli) || (slice_eq(w, "birdcl") && strcmp(cli, "birdc") == 0));
}

/* "sudo -n /usr/bin/vtysh -c" before the command proper; only if the CLI program is named there. */
static struct scan past_program(const struct driver *d, struct scan c)
{
	struct scan at = c;
	struct slice w;

	if (!typed_word(&at, &w))
		return c;
	if (slice_eq(w, "sudo"))
		while (typed_word(&at, &w) && w.p[0] == '-')
			;
	if (w.len == 0 || !names_cli(w, d->cli))
		return c;
	for (c = at; typed_word(&at, &w) && w.p[0] == '-' && !slice_eq(w, "-j"); c = at)
		if (slice_eq(w, "-s") || slice_eq(w, "-u") || slice_eq(w, "-p"))
			typed_word(&at, &w);
	return c;
}

void driver_command_words(const struct driver *d, const char *command, struct str *out)
{
	struct scan c = past_program(d, scan_of(slice_of(command)));
	struct slice w;
	bool first = true;

	for (; typed_word(&c, &w); first = false) {
		if (!first)
			str_putc(out, ' ');
		str_add(out, w.p, w.len);
	}
}

static const struct reading *reading_of(const struct driver *d, const char *words)
{
	for (int short_too = 0; short_too < 2; short_too++) /* what is written out decides first */
		for (size_t i = 0; i < d->reading_count; i++)
			if (fits(scan_of(slice_of(d->readings[i].command)), scan_of(slice_of(words)), short_too == 1))
				return &d->readings[i];
	return NULL;
}

/* Cuts off the first " | ..." that only picks lines, or keeps the pager off, and all behind it (a pattern may hold
 * bars); false if there is none. */
static bool cut_filter(struct str *words)
{
	static const char *const filters[] = { "include", "inc", "i", "exclude", "exc", "e", "begin", "beg", "b", "section",
		"sec", "grep", "egrep", "match", "except", "find", "no-more", "nomore", "utility" };
	struct slice w;

	for (size_t at = 1; at < words->len; at++) {
		struct scan c = scan_of(slice_from(str_slice(words), at));

		if (!scan_lit(&c, "|") || !scan_word(&c, &w))
			continue;
		for (size_t i = 0; i < ARRAY_LEN(filters); i++)
			if (same_nocase(w, slice_of(filters[i]))) {
				words->len = at - 1;
				words->p[words->len] = '\0';
				return true;
			}
	}
	return false;
}

const struct reading *driver_reading(const struct driver *d, const char *command)
{
	const struct reading *found;
	struct str words;

	str_init(&words, 4096);
	driver_command_words(d, command, &words);
	if (words.len == 0)
		str_puts(&words, " ");
	found = reading_of(d, words.p);
	if (found == NULL && cut_filter(&words))
		found = reading_of(d, words.p);
	str_fini(&words);
	return found;
}
