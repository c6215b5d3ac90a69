/* The grid of cells; see canvas.h. */
#include "tui/canvas.h"
#include "core/base/mem.h"
#include "core/base/text.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct canvas {
	int width, height;
	int caret_x, caret_y;
	struct cell *cells;
	struct canvas_link *links;
	size_t link_count, link_cap;
};

static struct cell *cell_at(const struct canvas *c, int x, int y)
{
	if (x < 0 || y < 0 || x >= c->width || y >= c->height)
		return NULL;
	return &c->cells[(size_t)y * (size_t)c->width + (size_t)x];
}

static void set_blank(struct cell *cell, enum role role)
{
	*cell = (struct cell){ .ch = " ", .role = (uint8_t)role };
}

struct canvas *canvas_new(int width, int height)
{
	struct canvas *c = MEM_NEW(struct canvas);

	canvas_resize(c, width, height);
	return c;
}

void canvas_free(struct canvas *c)
{
	if (c == NULL)
		return;
	free(c->cells);
	free(c->links);
	free(c);
}

void canvas_resize(struct canvas *c, int width, int height)
{
	c->width = width < 1 ? 1 : width > 1000 ? 1000 : width;
	c->height = height < 1 ? 1 : height > 1000 ? 1000 : height;
	free(c->cells);
	c->cells = mem_calloc((size_t)c->width * (size_t)c->height, sizeof(*c->cells));
	canvas_clear(c);
}

void canvas_clear(struct canvas *c)
{
	canvas_fill(c, 0, 0, c->width, c->height, ROLE_NORMAL);
	canvas_caret(c, -1, -1);
}

int canvas_width(const struct canvas *c)
{
	return c->width;
}

int canvas_height(const struct canvas *c)
{
	return c->height;
}

const struct cell *canvas_at(const struct canvas *c, int x, int y)
{
	return cell_at(c, x, y);
}

/* A wide character that is half overwritten must not leave its other half behind. */
static void break_wide(struct canvas *c, int x, int y)
{
	struct cell *here = cell_at(c, x, y), *left = cell_at(c, x - 1, y), *right = cell_at(c, x + 1, y);

	if (here->ch[0] == '\0' && left != NULL)
		memcpy(left->ch, " ", 2);
	if (here->ch[0] != '\0' && right != NULL && right->ch[0] == '\0')
		memcpy(right->ch, " ", 2);
}

/* Octets of the first character of s with the zero-width ones that follow it. */
static size_t cluster(const char *s, int *cells)
{
	size_t n = 1;
	char one[8];

	while (((unsigned char)s[n] & 0xc0) == 0x80 && n < 4)
		n++;
	memcpy(one, s, n);
	one[n] = '\0';
	*cells = text_width(one);
	while (s[n] != '\0' && n < sizeof(((struct cell *)0)->ch) - 5) {
		size_t m = 1;

		while (((unsigned char)s[n + m] & 0xc0) == 0x80 && m < 4)
			m++;
		memcpy(one, s + n, m);
		one[m] = '\0';
		if (text_width(one) != 0)
			break;
		n += m;
	}
	return n;
}

static void put_cluster(struct canvas *c, int x, int y, const char *s, size_t n, int cells,
    enum role role)
{
	struct cell *cell = cell_at(c, x, y);

	if (cell == NULL)
		return;
	break_wide(c, x, y);
	set_blank(cell, role);
	if (cells == 2) {
		struct cell *right = cell_at(c, x + 1, y);

		if (right == NULL)
			return;
		break_wide(c, x + 1, y);
		set_blank(right, role);
		right->ch[0] = '\0';
	}
	memcpy(cell->ch, s, n);
	cell->ch[n] = '\0';
}

int canvas_put(struct canvas *c, int x, int y, int max, enum role role, const char *s)
{
	int used = 0;

	while (*s != '\0' && used < max) {
		int cells;
		size_t n = cluster(s, &cells);

		if (used + cells > max)
			break;
		if (cells > 0)
			put_cluster(c, x + used, y, s, n, cells, role);
		used += cells;
		s += n;
	}
	return used;
}

int canvas_putf(struct canvas *c, int x, int y, int max, enum role role, const char *fmt, ...)
{
	char line[1024];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(line, sizeof(line), fmt, ap);
	va_end(ap);
	return canvas_put(c, x, y, max, role, line);
}

static void drop_links(struct canvas *c, int x, int y, int w, int h)
{
	size_t kept = 0;

	for (size_t i = 0; i < c->link_count; i++) {
		const struct canvas_link *l = &c->links[i];

		if (l->y < y || l->y >= y + h || l->x + l->n <= x || l->x >= x + w)
			c->links[kept++] = *l;
	}
	c->link_count = kept;
}

void canvas_link(struct canvas *c, int x, int y, int n, const char *uri)
{
	struct canvas_link *l;

	if (x < 0 || y < 0 || y >= c->height || x >= c->width || n < 1 || uri[0] == '\0' || strlen(uri) >= sizeof(l->uri))
		return;
	MEM_GROW(c->links, c->link_cap, c->link_count + 1);
	l = &c->links[c->link_count++];
	*l = (struct canvas_link){ .x = x, .y = y, .n = n < c->width - x ? n : c->width - x };
	memcpy(l->uri, uri, strlen(uri) + 1);
}

size_t canvas_links(const struct canvas *c, const struct canvas_link **out)
{
	*out = c->links;
	return c->link_count;
}

void canvas_fill(struct canvas *c, int x, int y, int w, int h, enum role role)
{
	drop_links(c, x, y, w, h);
	for (int j = y; j < y + h; j++)
		for (int i = x; i < x + w; i++) {
			struct cell *cell = cell_at(c, i, j);

			if (cell == NULL)
				continue;
			break_wide(c, i, j);
			set_blank(cell, role);
		}
}

void canvas_repeat(struct canvas *c, int x, int y, int n, enum role role, const char *glyph)
{
	for (int i = 0; i < n; i++)
		canvas_put(c, x + i, y, 1, role, glyph);
}

void canvas_flag(struct canvas *c, int x, int y, int n, enum cell_flag flag)
{
	for (int i = x; i < x + n; i++) {
		struct cell *cell = cell_at(c, i, y);

		if (cell != NULL)
			cell->flags |= (uint8_t)flag;
	}
}

void canvas_tint(struct canvas *c, int x, int y, int n, enum role role)
{
	for (int i = x; i < x + n; i++) {
		struct cell *cell = cell_at(c, i, y);

		if (cell != NULL)
			cell->role = (uint8_t)role;
	}
}

void canvas_caret(struct canvas *c, int x, int y)
{
	c->caret_x = x;
	c->caret_y = y;
}

void canvas_caret_at(const struct canvas *c, int *x, int *y)
{
	bool inside = cell_at(c, c->caret_x, c->caret_y) != NULL;

	*x = inside ? c->caret_x : -1;
	*y = inside ? c->caret_y : -1;
}

static void trim_line(struct str *out, size_t start)
{
	while (out->len > start && out->p[out->len - 1] == ' ')
		out->p[--out->len] = '\0';
	str_putc(out, '\n');
}

int canvas_text(const struct canvas *c, struct str *out)
{
	for (int y = 0; y < c->height; y++) {
		size_t start = out->len;

		for (int x = 0; x < c->width; x++)
			str_puts(out, cell_at(c, x, y)->ch);
		trim_line(out, start);
	}
	return out->over ? -1 : 0;
}

int canvas_roles(const struct canvas *c, struct str *out)
{
	for (int y = 0; y < c->height; y++) {
		for (int x = 0; x < c->width; x++) {
			const struct cell *cell = cell_at(c, x, y);
			char letter = cell->role == ROLE_NORMAL ? '.' : (char)('a' + cell->role - 1);

			if (cell->flags & (CELL_CURSOR | CELL_FAINT))
				letter = letter == '.' ? '#' : (char)toupper(letter);
			str_putc(out, letter);
		}
		str_putc(out, '\n');
	}
	return out->over ? -1 : 0;
}
