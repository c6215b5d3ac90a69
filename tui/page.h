/*
 * page - words in lines: detail, contacts, help, plans.
 *
 * A page is filled with heads, fields and lines, and wraps them itself to
 * whatever width it is drawn in.  It scrolls and says how much is below.
 */
#ifndef PEERDECK_TUI_PAGE_H
#define PEERDECK_TUI_PAGE_H

#include "core/base/str.h"
#include "tui/canvas.h"
#include "tui/theme.h"

struct page_line {
	const char *label; /* NULL none */
	const char *text;
	enum role role;
	int label_width;
	bool head;
};

struct page {
	struct page_line *lines;
	size_t count, cap;
	struct arena *arena;
	int label_width; /* for fields that follow */
	int top;         /* first wrapped line shown */
	int height;      /* wrapped lines when last drawn */
};

struct rect {
	int x, y, w, h;
};

void page_init(struct page *p);
void page_fini(struct page *p);
void page_clear(struct page *p); /* keeps the scrolling */
void page_head(struct page *p, const char *text);
void page_blank(struct page *p);
void page_line(struct page *p, enum role role, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));
void page_field(struct page *p, const char *label, enum role role, const char *fmt, ...)
    __attribute__((format(printf, 4, 5)));
/* base: role of the blanks between. */
void page_draw(struct page *p, struct canvas *c, struct rect r, enum role base, const struct glyphs *g);
void page_scroll(struct page *p, int lines); /* clamped when drawn */
/* Plain text, a line each. */
void page_copy(const struct page *p, struct str *out);
/* Wrapped lines that this width needs. */
int page_measure(const struct page *p, int width);

#endif
