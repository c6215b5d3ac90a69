/* Reading and applying filters; see filter.h. */
#include "tui/filter.h"
#include "core/base/mem.h"
#include "core/base/scan.h"
#include "tui/pattern.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

enum relation { REL_MATCH, REL_EQ, REL_LT, REL_LE, REL_GT, REL_GE };

struct term {
	bool invert;
	const struct column *column; /* NULL: the whole row */
	enum relation relation;
	int64_t value;
	struct pattern *pattern;
};

struct filter {
	const struct column *cols;
	size_t col_count;
	struct term *terms;
	size_t count, cap;
};

/* Takes the next term out of the text; quotes are removed. */
static bool next_term(struct scan *c, struct str *out)
{
	bool quoted = false;

	str_clear(out);
	scan_blanks(c);
	if (scan_done(c))
		return false;
	for (; c->p < c->end && (quoted || *c->p != ' '); c->p++) {
		if (*c->p == '"')
			quoted = !quoted;
		else
			str_putc(out, *c->p);
	}
	return true;
}

static bool numeric(struct slice s, enum relation *rel, int64_t *v)
{
	uint64_t u;

	*rel = REL_EQ;
	if (slice_starts(s, ">="))
		*rel = REL_GE, s = slice_from(s, 2);
	else if (slice_starts(s, "<="))
		*rel = REL_LE, s = slice_from(s, 2);
	else if (slice_starts(s, ">"))
		*rel = REL_GT, s = slice_from(s, 1);
	else if (slice_starts(s, "<"))
		*rel = REL_LT, s = slice_from(s, 1);
	else if (slice_starts(s, "="))
		s = slice_from(s, 1);
	if (s.len > 2 && (slice_starts(s, "AS") || slice_starts(s, "as")))
		s = slice_from(s, 2);
	if (!slice_u64(s, &u) || u > INT64_MAX)
		return false;
	*v = (int64_t)u;
	return true;
}

static bool all_letters(struct slice s)
{
	for (size_t i = 0; i < s.len; i++)
		if (!isalpha((unsigned char)s.p[i]))
			return false;
	return s.len > 0;
}

static int no_column(const struct filter *f, struct slice id, struct err *e)
{
	struct str all;

	str_init(&all, 0);
	for (size_t i = 0; i < f->col_count; i++)
		str_addf(&all, " %s", f->cols[i].id);
	err_set(e, ERR_USAGE, "no column '%.*s' here:%s", (int)id.len, id.p, all.p);
	str_fini(&all);
	return -1;
}

static int read_term(struct filter *f, struct slice text, struct err *e)
{
	struct term t = { .relation = REL_MATCH };
	ptrdiff_t colon;

	if (slice_starts(text, "!")) {
		t.invert = true;
		text = slice_from(text, 1);
	}
	colon = slice_find(text, ":");
	if (colon > 0) {
		struct slice id = slice_upto(text, (size_t)colon);
		char name[32] = "";

		if (id.len < sizeof(name))
			memcpy(name, id.p, id.len);
		t.column = column_find(f->cols, f->col_count, name);
		if (t.column != NULL)
			text = slice_from(text, (size_t)colon + 1);
		else if (all_letters(id) && !slice_starts(slice_from(text, (size_t)colon), "::"))
			return no_column(f, id, e);
	}
	if (text.len == 0 && t.column == NULL)
		return 0;
	if (t.column == NULL || t.column->number == NULL || !numeric(text, &t.relation, &t.value)) {
		t.relation = REL_MATCH;
		t.pattern = pattern_new(text, e);
		if (t.pattern == NULL)
			return -1;
	}
	MEM_GROW(f->terms, f->cap, f->count + 1);
	f->terms[f->count++] = t;
	return 0;
}

struct filter *filter_new(const char *text, const struct column *cols, size_t n, struct err *e)
{
	struct filter *f = MEM_NEW(struct filter);
	struct scan c = scan_of(slice_of(text));
	struct str term;
	int r = 0;

	f->cols = cols;
	f->col_count = n;
	str_init(&term, 1024);
	while (r == 0 && next_term(&c, &term))
		r = read_term(f, str_slice(&term), e);
	str_fini(&term);
	if (r != 0 || f->count == 0) {
		filter_free(f);
		return NULL;
	}
	return f;
}

void filter_free(struct filter *f)
{
	if (f == NULL)
		return;
	for (size_t i = 0; i < f->count; i++)
		pattern_free(f->terms[i].pattern);
	free(f->terms);
	free(f);
}

static bool compare(const struct term *t, int64_t v)
{
	switch (t->relation) {
	case REL_LT:
		return v < t->value;
	case REL_LE:
		return v <= t->value;
	case REL_GT:
		return v > t->value;
	case REL_GE:
		return v >= t->value;
	default:
		return v == t->value;
	}
}

static bool match_row(const struct filter *f, const struct term *t, const struct view_ctx *cx,
    const void *row)
{
	struct field field;

	for (size_t i = 0; i < f->col_count; i++) {
		f->cols[i].show(cx, row, 0, &field);
		if (pattern_match(t->pattern, field.s, NULL))
			return true;
	}
	return false;
}

static bool match_term(const struct filter *f, const struct term *t, const struct view_ctx *cx,
    const void *row)
{
	struct field field;
	int64_t v;

	if (t->column == NULL)
		return match_row(f, t, cx, row);
	if (t->relation != REL_MATCH)
		return t->column->number(cx, row, &v) && compare(t, v);
	t->column->show(cx, row, 0, &field);
	return pattern_match(t->pattern, field.s, NULL);
}

bool filter_match(const struct filter *f, const struct view_ctx *cx, const void *row)
{
	for (size_t i = 0; f != NULL && i < f->count; i++)
		if (match_term(f, &f->terms[i], cx, row) == f->terms[i].invert)
			return false;
	return true;
}
