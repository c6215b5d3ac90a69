/*
 * Drawing a table: which columns there is room for, and how wide.
 *
 * Widths depend on the terminal and on the widest cell of few columns, not on
 * what is visible, so that nothing jumps while the operator reads.
 */
#include "core/base/mem.h"
#include "tui/table.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { COLUMNS_MAX = 32, MARGIN = 2, SENTENCE = 44 };

struct layout {
	int width[COLUMNS_MAX]; /* 0: not shown */
	size_t count;
};

static int total(const struct layout *l)
{
	int sum = 0;

	for (size_t i = 0; i < l->count; i++)
		if (l->width[i] > 0)
			sum += l->width[i] + 1;
	return sum > 0 ? sum - 1 : 0;
}

/* What a column would like to have. */
static int wanted(const struct table *t, size_t i)
{
	const struct column *c = &t->view->columns[i];
	int title = text_width(c->title), w = c->max;

	if (c->fit) {
		w = t->fits[i] > title ? t->fits[i] : title;
		if (c->max > 0 && w > c->max)
			w = c->max;
	}
	return w > c->min ? w : c->min;
}

/* What a column needs to be read with ease: less important ones come in only when the others have it. */
static int eased(const struct table *t, size_t i)
{
	const struct column *c = &t->view->columns[i];

	if (c->max == 0 && c->rank == 0)
		return SENTENCE; /* words are what the view is about */
	return c->fit ? wanted(t, i) : (c->min + wanted(t, i)) / 2;
}

static void choose(const struct table *t, struct layout *l, int room)
{
	struct layout ease = *l;

	for (int rank = 0; rank < 10; rank++)
		for (size_t i = 0; i < l->count; i++) {
			if (t->view->columns[i].rank != rank)
				continue;
			ease.width[i] = eased(t, i);
			if (rank > 0 && total(&ease) > room)
				ease.width[i] = 0;
			else
				l->width[i] = t->view->columns[i].min;
		}
}

/* The column that lacks most; `whole` looks only at those whose content is useless when cut: names, numbers. */
static size_t neediest(const struct table *t, const struct layout *l, bool whole)
{
	size_t best = l->count;
	int lack = 0;

	for (size_t i = 0; i < l->count; i++) {
		const struct column *c = &t->view->columns[i];

		if (l->width[i] == 0 || (whole && (!c->fit || c->tail || c->rank > 0)))
			continue;
		if (wanted(t, i) - l->width[i] > lack) {
			lack = wanted(t, i) - l->width[i];
			best = i;
		}
	}
	return best;
}

/* One cell at a time to the column that lacks most, until all have what they want or nothing is left. */
static void grow(const struct table *t, struct layout *l, int room)
{
	int left = room - total(l);

	for (; left > 0; left--) {
		size_t best = neediest(t, l, true);

		if (best == l->count)
			best = neediest(t, l, false);
		if (best == l->count)
			break;
		l->width[best]++;
	}
	for (size_t i = l->count; left > 0 && i-- > 0;)
		if (l->width[i] > 0 && t->view->columns[i].max == 0) {
			l->width[i] += left;
			left = 0;
		}
}

/* Narrower than the least: the widest column gives first, so that none falls off the edge. */
static void squeeze(struct layout *l, int room)
{
	while (total(l) > room) {
		size_t widest = 0;

		for (size_t i = 1; i < l->count; i++)
			if (l->width[i] > l->width[widest])
				widest = i;
		if (l->width[widest] <= 1)
			return;
		l->width[widest]--;
	}
}

static void lay_out(const struct table *t, struct layout *l, int room)
{
	*l = (struct layout){ .count = t->view->column_count };
	if (l->count > COLUMNS_MAX)
		l->count = COLUMNS_MAX;
	choose(t, l, room);
	squeeze(l, room);
	grow(t, l, room);
}

/* Puts a text into w cells, cut at the end or at the front with an ellipsis. */
static void put_cut(struct canvas *c, int x, int y, int w, enum role role, const char *s, bool tail,
    bool right, const struct glyphs *g)
{
	int have = text_width(s);

	if (have <= w) {
		canvas_put(c, right ? x + w - have : x, y, w, role, s);
		return;
	}
	if (!tail) {
		canvas_put(c, x, y, w - 1, role, s);
		canvas_put(c, x + w - 1, y, 1, role, g->ellipsis);
		return;
	}
	s += text_fit(s, have - w + 1, NULL);
	canvas_put(c, x, y, 1, role, g->ellipsis);
	canvas_put(c, x + 1, y, w - 1, role, s);
}

static void draw_header(const struct table *t, const struct layout *l, struct canvas *c, struct rect r,
    const struct glyphs *g)
{
	int x = r.x + MARGIN;

	for (size_t i = 0; i < l->count; i++) {
		const struct column *col = &t->view->columns[i];
		char title[64];

		if (l->width[i] == 0)
			continue;
		if (col == t->sort) {
			int room = l->width[i] - 1;

			snprintf(title, sizeof(title), "%.*s%s", (int)text_fit(col->title, room, NULL), col->title,
			    t->descending ? g->descending : g->ascending);
			put_cut(c, x, r.y, l->width[i], ROLE_SORTED, title, false, col->right, g);
		} else {
			put_cut(c, x, r.y, l->width[i], ROLE_HEADER, col->title, false, col->right, g);
		}
		x += l->width[i] + 1;
	}
}

static void tint_match(const struct table *t, struct canvas *c, int x, int y, int w, const char *s)
{
	size_t at[2];
	char before[FIELD_MAX];
	int from, n;

	if (!pattern_match(t->search, s, at) || at[0] + at[1] >= sizeof(before))
		return;
	memcpy(before, s, at[0]);
	before[at[0]] = '\0';
	from = text_width(before);
	memcpy(before, s + at[0], at[1]);
	before[at[1]] = '\0';
	n = text_width(before);
	if (from + n <= w)
		canvas_tint(c, x + from, y, n, ROLE_MATCH);
}

static void link_cell(struct canvas *c, const struct column *col, const void *row, int x, int y, int n)
{
	struct str uri;

	if (col->link == NULL)
		return;
	str_init(&uri, 280);
	col->link(row, &uri);
	canvas_link(c, x, y, n, uri.p);
	str_fini(&uri);
}

static void draw_row(const struct table *t, const struct view_ctx *cx, const struct layout *l,
    struct canvas *c, struct rect r, size_t at, bool focused)
{
	size_t row = t->order[at];
	const void *data = t->rows + row * t->view->row_size;
	bool stale = t->view->is_stale != NULL && t->view->is_stale(data);
	int x = r.x + MARGIN;
	struct field f;

	if (at == t->cursor)
		canvas_put(c, r.x, r.y, 1, focused ? ROLE_MARK : ROLE_DIM, focused ? cx->g->cursor : cx->g->vertical);
	if (t->marked[row])
		canvas_put(c, r.x + 1, r.y, 1, ROLE_MARK, cx->g->mark);
	for (size_t i = 0; i < l->count; i++) {
		const struct column *col = &t->view->columns[i];

		if (l->width[i] == 0)
			continue;
		col->show(cx, data, l->width[i], &f);
		if (stale)
			f.role = ROLE_STALE;
		put_cut(c, x, r.y, l->width[i], f.role, f.s, col->tail, col->right, cx->g);
		link_cell(c, col, data, x, r.y, text_width(f.s) < l->width[i] ? text_width(f.s) : l->width[i]);
		if (t->search != NULL && !col->right)
			tint_match(t, c, x, r.y, l->width[i], f.s);
		x += l->width[i] + 1;
	}
	if (at == t->cursor)
		canvas_flag(c, r.x, r.y, r.w, focused ? CELL_CURSOR : CELL_FAINT);
}

static void keep_visible(struct table *t, size_t rows)
{
	if (t->cursor < t->top)
		t->top = t->cursor;
	if (rows > 0 && t->cursor >= t->top + rows)
		t->top = t->cursor - rows + 1;
	if (t->top + rows > t->shown)
		t->top = t->shown > rows ? t->shown - rows : 0;
}

static void draw_empty(const struct table *t, struct canvas *c, struct rect r)
{
	const char *words = t->view->empty ? t->view->empty : "nothing here";

	if (t->count > 0)
		words = "no row passes the filter; Esc takes it off";
	canvas_put(c, r.x + MARGIN, r.y, r.w - MARGIN, ROLE_DIM, words);
}

void table_draw(struct table *t, const struct view_ctx *cx, struct canvas *c, struct rect r, bool focused)
{
	struct layout l;
	size_t rows;

	if (r.w < MARGIN + 1 || r.h < 1)
		return;
	rows = (size_t)(r.h - 1);
	t->page_rows = rows > 0 ? (int)rows : 1;
	keep_visible(t, rows);
	table_measure_shown(t, cx, rows);
	lay_out(t, &l, r.w - MARGIN);
	draw_header(t, &l, c, r, cx->g);
	if (t->shown == 0)
		draw_empty(t, c, (struct rect){ r.x, r.y + 1, r.w, 1 });
	for (size_t i = 0; i < rows && t->top + i < t->shown; i++)
		draw_row(t, cx, &l, c, (struct rect){ r.x, r.y + 1 + (int)i, r.w, 1 }, t->top + i, focused);
}
