/* The wallboard on a canvas: totals, what is wrong in as many columns as fit, and that data are old; see board.h. */
#include "core/base/clock.h"
#include "core/base/text.h"
#include "tui/board.h"

#include <stdio.h>
#include <string.h>

enum { DIGIT_ROWS = 5, BIG_WIDTH = 120, BIG_HEIGHT = 30, COLUMN_WIDTH = 100, TILES = 8, SINCE = 7, PAGES_MOST = 5 };

/* ---- totals ---- */

struct tile {
	const char *label;
	char value[24];
	enum role role;
};

static void set_tile(struct tile *t, const char *label, bool known, size_t n, enum role bad)
{
	t->label = label;
	t->role = !known ? ROLE_STALE : n > 0 ? bad : ROLE_NORMAL;
	if (known)
		snprintf(t->value, sizeof(t->value), "%zu", n);
	else
		snprintf(t->value, sizeof(t->value), "?");
}

static void tiles_of(const struct board *b, struct tile t[TILES])
{
	set_tile(&t[0], "DOWN", b->any_read, b->down, ROLE_BAD);
	set_tile(&t[1], "UNKNOWN", b->any_read, b->unknown, ROLE_ALARM);
	set_tile(&t[2], "INCIDENTS", b->has_incidents, b->incidents, b->fresh_incidents > 0 ? ROLE_ALARM : ROLE_BAD);
	set_tile(&t[3], b->has_alerts ? "ALERTS" : "NO ALERT RULES", b->has_alerts, b->alerts, ROLE_ALARM);
	set_tile(&t[4], "UP", b->any_read, b->up, ROLE_GOOD);
	set_tile(&t[5], "SHUT", b->any_read, b->shut, ROLE_ADMIN);
	set_tile(&t[6], b->overdue > 0 ? "HELD, OVERDUE" : "HELD", true, b->held, b->overdue > 0 ? ROLE_ALARM : ROLE_HELD);
	t[7] = (struct tile){ .label = "ROUTERS READ", .role = b->routers_read < b->routers ? ROLE_ALARM : ROLE_GOOD };
	snprintf(t[7].value, sizeof(t[7].value), "%zu/%zu", b->routers_read, b->routers);
}

/* Three columns a row, five rows: bit 2 is the left one. */
static const struct {
	char ch;
	unsigned char rows[DIGIT_ROWS];
} big[] = {
	{ '0', { 7, 5, 5, 5, 7 } }, { '1', { 2, 6, 2, 2, 7 } }, { '2', { 7, 1, 7, 4, 7 } }, { '3', { 7, 1, 7, 1, 7 } },
	{ '4', { 5, 5, 7, 1, 1 } }, { '5', { 7, 4, 7, 1, 7 } }, { '6', { 7, 4, 7, 5, 7 } }, { '7', { 7, 1, 1, 2, 2 } },
	{ '8', { 7, 5, 7, 5, 7 } }, { '9', { 7, 5, 7, 1, 7 } }, { '/', { 1, 1, 2, 4, 4 } }, { '?', { 7, 1, 3, 0, 2 } },
	{ 'O', { 7, 5, 5, 5, 7 } }, { 'L', { 4, 4, 4, 4, 7 } }, { 'D', { 6, 5, 5, 5, 6 } }, { 'A', { 7, 5, 7, 5, 5 } },
	{ 'T', { 7, 2, 2, 2, 2 } },
};

static int big_width(const char *s)
{
	return (int)strlen(s) * 4 - 1;
}

static void put_big(struct canvas *c, int x, int y, enum role role, const char *s, const char *full)
{
	for (; *s != '\0'; s++, x += 4)
		for (size_t k = 0; k < ARRAY_LEN(big); k++)
			for (int row = 0; big[k].ch == *s && row < DIGIT_ROWS; row++)
				for (int bit = 0; bit < 3; bit++)
					if ((big[k].rows[row] & (4 >> bit)) != 0)
						canvas_put(c, x + bit, y + row, 1, role, full);
}

/* Returns the rows taken. */
static int draw_big_tiles(const struct tile *t, struct canvas *c, int y, const struct glyphs *g)
{
	int w = canvas_width(c), need = 0, gap, x;

	for (int i = 0; i < TILES; i++) {
		int label = text_width(t[i].label), value = big_width(t[i].value);

		need += label > value ? label : value;
	}
	gap = (w - need) / TILES;
	if (gap < 2)
		return 0;
	x = gap / 2;
	for (int i = 0; i < TILES; i++) {
		int label = text_width(t[i].label), value = big_width(t[i].value);

		canvas_put(c, x, y, w - x, ROLE_DIM, t[i].label);
		put_big(c, x, y + 1, t[i].role, t[i].value, g->full);
		x += (label > value ? label : value) + gap;
	}
	return DIGIT_ROWS + 2;
}

static int draw_small_tiles(const struct tile *t, struct canvas *c, int y)
{
	int w = canvas_width(c), x = 1, rows = 1;

	for (int i = 0; i < TILES; i++) {
		int need = text_width(t[i].value) + 3 + text_width(t[i].label);

		if (x > 1 && x + need > w) {
			x = 1;
			rows++;
		}
		x += canvas_putf(c, x, y + rows - 1, w - x, t[i].role, " %s ", t[i].value);
		x += canvas_put(c, x, y + rows - 1, w - x, ROLE_DIM, t[i].label) + 2;
	}
	return rows + 1;
}

static int draw_tiles(const struct board *b, struct canvas *c, int y, const struct glyphs *g)
{
	struct tile t[TILES];
	int rows = 0;

	tiles_of(b, t);
	if (canvas_width(c) >= BIG_WIDTH && canvas_height(c) >= BIG_HEIGHT)
		rows = draw_big_tiles(t, c, y, g);
	return rows > 0 ? rows : draw_small_tiles(t, c, y);
}

/* Across the whole width, in letters as big as the numbers where there is room. Returns the rows taken. */
static int draw_old(const struct board *b, struct canvas *c, int y, const struct glyphs *g)
{
	static const char words[] = "OLD DATA";
	int w = canvas_width(c);

	if (b->old[0] == '\0')
		return 0;
	if (canvas_width(c) >= BIG_WIDTH && canvas_height(c) >= BIG_HEIGHT) {
		canvas_fill(c, 0, y, w, DIGIT_ROWS + 2, ROLE_ALARM);
		put_big(c, 3, y + 1, ROLE_ALARM, words, g->full);
		canvas_putf(c, big_width(words) + 7, y + 3, w - big_width(words) - 8, ROLE_ALARM, "%s%s",
		    b->all_old ? "NOTHING here is fresh: " : "part of this is not fresh: ", b->old);
		return DIGIT_ROWS + 2;
	}
	canvas_fill(c, 0, y, w, 3, ROLE_ALARM);
	canvas_put(c, 2, y + 1, w - 2, ROLE_ALARM, "O L D   D A T A");
	canvas_putf(c, 19, y + 1, w - 20, ROLE_ALARM, "%s%s", b->all_old ? "nothing is fresh: " : "", b->old);
	return 3;
}

/* ---- lines ---- */

static void put_cut(struct canvas *c, int x, int y, int max, enum role role, const char *s, const struct glyphs *g)
{
	int used;

	if (max <= 0)
		return;
	if (text_width(s) <= max) {
		canvas_put(c, x, y, max, role, s);
		return;
	}
	used = canvas_put(c, x, y, max - 1, role, s);
	canvas_put(c, x + used, y, 1, role, g->ellipsis);
}

/* r.h 2: the reason has a row of its own. */
static void put_line(struct canvas *c, struct rect r, const struct board_line *l, const struct glyphs *g)
{
	int what = r.w / 4 < 28 ? r.w / 4 : 28, where = r.w / 3 < 40 ? r.w / 3 : 40, x = r.x;
	char span[CLOCK_SPAN_LEN];

	if (l->since_s >= 0) {
		clock_span(l->since_s, span);
		canvas_put(c, x + (SINCE - 1 - text_width(span) > 0 ? SINCE - 1 - text_width(span) : 0), r.y, SINCE, l->role, span);
	}
	x += SINCE;
	if (r.h > 1) {
		what = r.w * 2 / 5;
		where = r.w - SINCE - what;
	}
	put_cut(c, x, r.y, what - 1, l->role, l->what, g);
	put_cut(c, x + what, r.y, where - 1, ROLE_NORMAL, l->where, g);
	if (r.h > 1)
		put_cut(c, x, r.y + 1, r.x + r.w - x, ROLE_DIM, l->why, g);
	else
		put_cut(c, x + what + where, r.y, r.x + r.w - x - what - where, ROLE_NORMAL, l->why, g);
}

/* How lines are laid out: no more columns than they need, and on a narrow screen a second row for the reason, unless that would
 * make too many pages of it. */
struct order {
	size_t columns, rows; /* rows of a line */
	size_t per_column, per_page, pages;
};

static struct order order_of(const struct board *b, struct rect r)
{
	size_t most = r.w < 2 * COLUMN_WIDTH ? 1 : (size_t)(r.w / COLUMN_WIDTH), high = r.h > 0 ? (size_t)r.h : 1;
	struct order o = { .columns = 1, .rows = 1 };

	while (o.columns < most && b->count > o.columns * high)
		o.columns++;
	if (r.w / (int)o.columns < COLUMN_WIDTH && b->count <= PAGES_MOST * (high / 2))
		o.rows = 2;
	o.per_column = high / o.rows;
	o.per_page = o.columns * o.per_column;
	o.pages = b->count == 0 ? 1 : (b->count + o.per_page - 1) / o.per_page;
	return o;
}

/* Pages take turns by the clock. Returns the page's number, the first is 0. */
static size_t draw_lines(const struct board *b, const struct view_ctx *cx, struct canvas *c, struct rect r, size_t *pages)
{
	struct order o = order_of(b, r);
	size_t page = (size_t)(cx->w->now_wall_ms / 1000 / BOARD_PAGE_S) % o.pages;
	int width = r.w / (int)o.columns;

	*pages = o.pages;
	for (size_t i = 0; i < o.per_page && page * o.per_page + i < b->count && r.h > 0; i++)
		put_line(c, (struct rect){ r.x + (int)(i / o.per_column) * width, r.y + (int)(i % o.per_column * o.rows), width - 1, (int)o.rows },
		    &b->lines[page * o.per_page + i], cx->g);
	if (b->count == 0)
		canvas_put(c, r.x + 1, r.y, r.w - 1, b->all_old ? ROLE_STALE : ROLE_GOOD,
		    b->all_old ? "nothing is known" : "nothing is down, held, lost or alarming");
	return page;
}

void board_draw(const struct board *b, const struct view_ctx *cx, struct canvas *c, const char *leave)
{
	int w = canvas_width(c), h = canvas_height(c), y = 1, x;
	size_t page, pages;
	char clock[CLOCK_ISO_LEN];

	canvas_fill(c, 0, 0, w, 1, ROLE_TITLE);
	clock_iso(cx->w->now_wall_ms, clock);
	canvas_put(c, 1, 0, w - 1, ROLE_TITLE, "peerdeck wallboard");
	canvas_putf(c, w - 25, 0, 24, ROLE_TITLE, "%.10s %.8s UTC", clock, clock + 11);
	y += draw_old(b, c, y, cx->g);
	y += draw_tiles(b, c, y, cx->g);
	canvas_repeat(c, 0, y - 1, w, ROLE_DIM, cx->g->horizontal);
	page = draw_lines(b, cx, c, (struct rect){ 0, y, w, h - 1 - y }, &pages);
	x = 1 + canvas_putf(c, 1, h - 1, w - 1, ROLE_HINT, "page %zu of %zu", page + 1, pages);
	if (b->left_out > 0)
		x += 2 + canvas_putf(c, x + 2, h - 1, w - x - 2, ROLE_ALARM, " %zu more sessions are down, without a line here ", b->left_out);
	canvas_putf(c, w - 2 - text_width(leave), h - 1, w, ROLE_HINT, "%s", w - 2 - text_width(leave) > x + 2 ? leave : "");
}
