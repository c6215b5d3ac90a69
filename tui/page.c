/* Wrapped, scrolling text; see page.h. */
#include "tui/page.h"
#include "core/base/mem.h"
#include "core/base/text.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LABEL_WIDTH = 14 };

void page_init(struct page *p)
{
	*p = (struct page){ .arena = arena_new(), .label_width = LABEL_WIDTH };
}

void page_fini(struct page *p)
{
	free(p->lines);
	arena_free(p->arena);
}

void page_clear(struct page *p)
{
	arena_free(p->arena);
	p->arena = arena_new();
	p->count = 0;
	p->label_width = LABEL_WIDTH;
}

static struct page_line *add(struct page *p, enum role role, const char *text)
{
	struct page_line *l;

	MEM_GROW(p->lines, p->cap, p->count + 1);
	l = &p->lines[p->count++];
	*l = (struct page_line){ .role = role, .text = text, .label_width = p->label_width };
	return l;
}

static const char *__attribute__((format(printf, 2, 0)))
format(struct page *p, const char *fmt, va_list ap)
{
	char *line = NULL;
	const char *kept;

	if (vasprintf(&line, fmt, ap) < 0)
		abort();
	kept = arena_strdup(p->arena, line);
	free(line);
	return kept;
}

void page_head(struct page *p, const char *text)
{
	if (p->count > 0)
		page_blank(p);
	add(p, ROLE_ACCENT, arena_strdup(p->arena, text))->head = true;
}

void page_blank(struct page *p)
{
	add(p, ROLE_NORMAL, "");
}

void page_line(struct page *p, enum role role, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	add(p, role, format(p, fmt, ap));
	va_end(ap);
}

void page_field(struct page *p, const char *label, enum role role, const char *fmt, ...)
{
	va_list ap;
	const char *text;

	va_start(ap, fmt);
	text = format(p, fmt, ap);
	va_end(ap);
	add(p, role, text)->label = arena_strdup(p->arena, label);
}

/* Octets of the next piece of s that fits; breaks at a blank where one is near enough. */
static size_t wrap(const char *s, int width, size_t *skip)
{
	const char *nl = strchr(s, '\n');
	size_t n = text_fit(s, width > 0 ? width : 1, NULL), cut;

	*skip = 0;
	if (nl != NULL && (size_t)(nl - s) <= n) {
		*skip = 1;
		return (size_t)(nl - s);
	}
	if (s[n] == '\0')
		return n;
	if (n == 0) { /* a wide character in one cell: step over it */
		while (((unsigned char)s[++n] & 0xc0) == 0x80)
			;
		return n;
	}
	for (cut = n; cut > n / 3; cut--)
		if (s[cut] == ' ') {
			*skip = 1;
			return cut;
		}
	return n;
}

/* Where a line's text begins: fields hang under their label's width. */
static int indent_of(const struct page_line *l, int width)
{
	if (l->label == NULL)
		return 0;
	return l->label_width < width / 2 ? l->label_width : width / 3;
}

static int line_height(const struct page_line *l, int width)
{
	const char *s = l->text;
	int n = 0;

	do {
		size_t skip, k = wrap(s, width - indent_of(l, width), &skip);

		s += k + skip;
		n++;
	} while (*s != '\0');
	return n;
}

int page_measure(const struct page *p, int width)
{
	int n = 0;

	for (size_t i = 0; i < p->count; i++)
		n += line_height(&p->lines[i], width);
	return n;
}

static void draw_line(const struct page_line *l, struct canvas *c, struct rect r, int *y, enum role base)
{
	const char *s = l->text;
	int indent = indent_of(l, r.w);
	enum role role = l->role == ROLE_NORMAL ? base : l->role;
	bool first = true;

	do {
		size_t skip, n = wrap(s, r.w - indent, &skip);

		if (*y >= r.y && *y < r.y + r.h) {
			char piece[TEXT_MAX * 9 + 1];
			size_t k = n < sizeof(piece) - 1 ? n : sizeof(piece) - 1;

			memcpy(piece, s, k);
			piece[k] = '\0';
			if (first && l->label != NULL)
				canvas_put(c, r.x, *y, indent - 1, ROLE_DIM, l->label);
			canvas_put(c, r.x + indent, *y, r.w - indent, role, piece);
		}
		s += n + skip;
		first = false;
		++*y;
	} while (*s != '\0');
}

void page_draw(struct page *p, struct canvas *c, struct rect r, enum role base, const struct glyphs *g)
{
	int y, below;

	if (r.w < 1 || r.h < 1)
		return;
	p->height = page_measure(p, r.w);
	if (p->top > p->height - r.h)
		p->top = p->height - r.h;
	if (p->top < 0)
		p->top = 0;
	y = r.y - p->top;
	for (size_t i = 0; i < p->count && y < r.y + r.h; i++)
		draw_line(&p->lines[i], c, r, &y, base);
	below = p->height - p->top - r.h;
	if (below > 0 && r.w > 12) {
		char more[40];
		int w;

		snprintf(more, sizeof(more), " %s %d more ", g->descending, below);
		w = text_width(more);
		canvas_put(c, r.x + r.w - w, r.y + r.h - 1, w, ROLE_BADGE, more);
	}
}

void page_scroll(struct page *p, int lines)
{
	p->top += lines;
}

void page_copy(const struct page *p, struct str *out)
{
	for (size_t i = 0; i < p->count; i++)
		str_addf(out, "%s%s%s\n", p->lines[i].label ? p->lines[i].label : "",
		    p->lines[i].label ? ": " : "", p->lines[i].text);
}
