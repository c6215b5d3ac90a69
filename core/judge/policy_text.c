/* Lines of a policy file as statements; see policy_text.h. */
#include "core/judge/policy_text.h"

#include <string.h>

static bool blank(struct slice s)
{
	s = slice_trim(s);
	return s.len == 0 || s.p[0] == '#';
}

static const char *keep(struct policy_text *t, struct slice s)
{
	return arena_strndup(t->arena, s.len ? s.p : "", s.len);
}

static struct statement fault(struct policy_text *t, const char *words)
{
	return (struct statement){ .kind = STATEMENT_FAULT, .line = t->line, .rest = words, .word = "" };
}

static bool next_line(struct policy_text *t, struct slice *line)
{
	if (!scan_line(&t->at, line))
		return false;
	t->line++;
	return true;
}

static bool word_char(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
}

static struct slice take_word(struct scan *c)
{
	const char *from = c->p;

	while (c->p < c->end && word_char(*c->p))
		c->p++;
	return (struct slice){ from, (size_t)(c->p - from) };
}

/* One or more strings that stand in this line.  NULL, or what is wrong. */
static const char *take_strings(struct scan *c, struct str *out)
{
	scan_blanks(c);
	while (scan_lit(c, "\"")) {
		for (;;) {
			if (scan_done(c))
				return "a string that does not end in its line: close it with \" (a long text goes on as another "
				       "string in the next line)";
			if (scan_lit(c, "\""))
				break;
			if (*c->p == '\\' && ++c->p == c->end)
				continue;
			if (str_putc(out, *c->p++) != 0)
				return "a text longer than 4000 octets: make it shorter";
		}
		scan_blanks(c);
	}
	return blank(scan_rest(c)) ? NULL : "something stands behind a string: only a comment (#) may";
}

/* Strings of the lines that follow belong to this value. */
static const char *take_more_strings(struct policy_text *t, struct str *out)
{
	for (;;) {
		struct scan before = t->at, c;
		struct slice line;
		const char *wrong;

		if (!next_line(t, &line))
			return NULL;
		c = scan_of(slice_trim(line));
		if (scan_done(&c) || *c.p != '"') {
			t->at = before;
			t->line--;
			return NULL;
		}
		wrong = take_strings(&c, out);
		if (wrong != NULL)
			return wrong;
	}
}

static struct statement take_string_value(struct policy_text *t, struct scan *c, struct statement set)
{
	const char *wrong;
	struct str out;

	str_init(&out, 4000);
	wrong = take_strings(c, &out);
	if (wrong == NULL)
		wrong = take_more_strings(t, &out);
	set.rest = keep(t, str_slice(&out));
	str_fini(&out);
	return wrong == NULL ? set : fault(t, wrong);
}

/* Words up to a comment, single blanks between. */
static const char *plain_value(struct policy_text *t, struct slice rest)
{
	const char *comment = rest.len ? memchr(rest.p, '#', rest.len) : NULL;
	struct scan c = scan_of(slice_upto(rest, comment ? (size_t)(comment - rest.p) : rest.len));
	struct slice word;
	struct str out;
	const char *value;

	str_init(&out, 4000);
	while (scan_word(&c, &word)) {
		if (out.len > 0)
			str_putc(&out, ' ');
		str_add(&out, word.p, word.len);
	}
	value = keep(t, str_slice(&out));
	str_fini(&out);
	return value;
}

static struct statement take_set(struct policy_text *t, struct scan *c, struct slice word)
{
	struct statement set = { .kind = STATEMENT_SET, .line = t->line, .word = keep(t, word) };

	scan_blanks(c);
	if (!scan_done(c) && *c->p == '"')
		return take_string_value(t, c, set);
	set.rest = plain_value(t, scan_rest(c));
	return *set.rest != '\0' ? set : fault(t, "a key without a value: write KEY = VALUE");
}

static struct statement take_statement(struct policy_text *t, struct slice line)
{
	struct scan c = scan_of(slice_trim(line));
	struct slice word, name;

	if (scan_lit(&c, "}"))
		return blank(scan_rest(&c)) ? (struct statement){ .kind = STATEMENT_CLOSE, .line = t->line, .word = "", .rest = "" } :
		                              fault(t, "something stands behind a \"}\": it ends a block and stands alone in its line");
	word = take_word(&c);
	scan_blanks(&c);
	if (word.len > 0 && scan_lit(&c, "="))
		return take_set(t, &c, word);
	name = take_word(&c);
	scan_blanks(&c);
	if (word.len > 0 && scan_lit(&c, "{") && blank(scan_rest(&c)))
		return (struct statement){ .kind = STATEMENT_OPEN, .line = t->line, .word = keep(t, word), .rest = keep(t, name) };
	return fault(t, "this is no statement: a line is KEY = VALUE, or begins a block (clause NAME {), or ends one (})");
}

struct statement policy_text_next(struct policy_text *t)
{
	struct slice line;

	while (next_line(t, &line))
		if (!blank(line))
			return take_statement(t, line);
	return (struct statement){ .kind = STATEMENT_END, .line = t->line, .word = "", .rest = "" };
}
