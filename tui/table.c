/* Rows, filter, cursor, search; see table.h.  Order is in table_sort.c, marks are in table_marks.c, drawing is in table_draw.c. */
#include "core/base/mem.h"
#include "tui/table_priv.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

enum {
	MEASURED = 1000,
	SAMPLE = 200,   /* of more rows than that */
	LONG = 3000,    /* rows that a filter is not laid over at once */
	AT_ONCE = 64,
};

void table_init(struct table *t, const struct view *v)
{
	*t = (struct table){ .view = v, .page_rows = 1 };
	str_init(&t->cursor_key, 0);
	str_init(&t->hidden_key, 0);
	str_init(&t->filter_text, 0);
	t->fits = mem_calloc(v->column_count + 1, sizeof(*t->fits));
	if (v->sort != NULL)
		t->sort = column_find(v->columns, v->column_count, v->sort);
	t->descending = t->sort != NULL && t->sort->descends;
}

static void next_free(struct table *t)
{
	if (t->next == NULL)
		return;
	free(t->next->rows);
	free(t->next->order);
	str_fini(&t->next->before);
	pin_unref(t->next->pin);
	free(t->next);
	t->next = NULL;
}

void table_fini(struct table *t)
{
	next_free(t);
	pin_unref(t->pin);
	table_mark_clear(t);
	str_fini(&t->cursor_key);
	str_fini(&t->hidden_key);
	str_fini(&t->filter_text);
	filter_free(t->filter);
	pattern_free(t->search);
	free(t->rows);
	free(t->order);
	free(t->marked);
	free(t->fits);
}

const void *table_selected(const struct table *t)
{
	return t->cursor < t->shown ? table_row(t, t->order[t->cursor]) : NULL;
}

void table_keep_cursor(struct table *t)
{
	const void *row = table_selected(t);

	if (row == NULL)
		return;
	str_clear(&t->cursor_key);
	t->view->key(row, &t->cursor_key);
}

/* The operator chose this row: from now on the cursor stays on it, wherever it goes. */
static void steer(struct table *t)
{
	t->steered = true;
	str_clear(&t->hidden_key);
	table_keep_cursor(t);
}

static bool find_row(struct table *t, const char *key)
{
	struct str k;
	bool found = false;

	str_init(&k, 0);
	for (size_t i = 0; i < t->shown && !found; i++) {
		str_clear(&k);
		t->view->key(table_row(t, t->order[i]), &k);
		found = strcmp(k.p, key) == 0;
		if (found)
			t->cursor = i;
	}
	str_fini(&k);
	return found;
}

bool table_go(struct table *t, const char *key)
{
	if (!find_row(t, key))
		return false;
	steer(t);
	return true;
}

/* After the rows or their order changed: back to the same thing, else to where it was.  Until a row was chosen the
 * cursor is at the top: rows that come in above it must not carry it away. */
void table_restore_cursor(struct table *t)
{
	if (!t->steered)
		t->cursor = 0;
	else if (t->cursor_key.len > 0 && find_row(t, t->cursor_key.p))
		return;
	if (t->cursor >= t->shown)
		t->cursor = t->shown > 0 ? t->shown - 1 : 0;
	table_keep_cursor(t);
}

/* What a filter hides is remembered: the cursor is on it again when the filter goes, if it was not moved since. */
static void follow_filter(struct table *t, const char *before)
{
	if (!t->steered)
		return;
	if (t->hidden_key.len > 0 && find_row(t, t->hidden_key.p)) {
		str_clear(&t->hidden_key);
		table_keep_cursor(t);
	} else if (strcmp(before, t->cursor_key.p) != 0) {
		if (t->hidden_key.len == 0)
			str_puts(&t->hidden_key, before);
		t->cursor = 0;
		table_keep_cursor(t);
	}
}

/* Lays the filter over the next rows of `n`. */
static void take_row(const struct table *t, const struct view_ctx *cx, struct table_next *n)
{
	const struct view *v = t->view;
	const void *row = n->rows + n->at * v->row_size;

	if (filter_match(t->filter, cx, row)) {
		n->order[n->shown++] = n->at;
		if (v->is_stale != NULL && v->is_stale(row))
			n->stale++; /* what it is now is not known */
		else if (v->is_shut != NULL && v->is_shut(row))
			n->shut++;
		else if (v->is_down != NULL && v->is_down(row))
			n->down++;
	}
	n->at++;
}

static void take_counts(struct table *t, const struct table_next *n)
{
	t->shown = n->shown;
	t->down = n->down;
	t->shut = n->shut;
	t->stale = n->stale;
}

static void put_in_order(struct table *t, const struct view_ctx *cx)
{
	if (t->sort != NULL)
		table_sort_rows(t, cx);
	table_count_marks(t);
	table_restore_cursor(t);
}

/* Applies filter and order to the rows that are there. */
static void arrange(struct table *t, const struct view_ctx *cx)
{
	struct table_next n = { .rows = t->rows, .order = t->order, .count = t->count };

	while (n.at < n.count)
		take_row(t, cx, &n);
	take_counts(t, &n);
	put_in_order(t, cx);
}

static void measure_row(struct table *t, const struct view_ctx *cx, size_t row)
{
	struct field f;

	for (size_t k = 0; k < t->view->column_count; k++) {
		const struct column *col = &t->view->columns[k];
		int w;

		if (!col->fit)
			continue;
		col->show(cx, table_row(t, row), 0, &f);
		w = text_width(f.s);
		if (w > t->fits[k])
			t->fits[k] = w;
	}
}

/* Of many rows only some are measured, besides those that are on the screen; then columns become wider and never narrower. */
static void measure(struct table *t, const struct view_ctx *cx)
{
	size_t step = t->count > MEASURED ? t->count / SAMPLE : 1;

	for (size_t k = 0; k < t->view->column_count; k++)
		if (step == 1 || t->fits[k] < t->view->columns[k].min)
			t->fits[k] = t->view->columns[k].min;
	for (size_t i = 0; i < t->count; i += step)
		measure_row(t, cx, i);
}

void table_measure_shown(struct table *t, const struct view_ctx *cx, size_t rows)
{
	for (size_t i = t->top; t->count > MEASURED && i < t->shown && i < t->top + rows; i++)
		measure_row(t, cx, t->order[i]);
}

/* ---- a little at a time ---- */

static int64_t now_us(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (int64_t)ts.tv_sec * 1000000 + ts.tv_nsec / 1000;
}

/* Rows are taken over. */
static void begin_next(struct table *t, unsigned char *rows, size_t count, struct pin *pin, uint64_t revision)
{
	bool filtered = t->next != NULL && t->next->filtered;
	struct table_next *n = MEM_NEW(struct table_next);

	*n = (struct table_next){ .rows = rows, .count = count, .order = mem_calloc(count + 1, sizeof(*n->order)), .revision = revision,
		.pin = pin_ref(pin), .filtered = filtered };
	str_init(&n->before, 0);
	str_puts(&n->before, filtered ? t->next->before.p : t->cursor_key.p);
	next_free(t);
	t->next = n;
}

static void take_rows(struct table *t, unsigned char *rows, size_t count)
{
	free(t->rows);
	free(t->order);
	free(t->marked);
	t->rows = rows;
	t->count = count;
	t->order = mem_calloc(count + 1, sizeof(*t->order));
	t->marked = mem_calloc(count + 1, sizeof(*t->marked));
	t->built = true;
	table_restore_marks(t);
}

static void end_next(struct table *t, const struct view_ctx *cx)
{
	struct table_next *n = t->next;

	take_rows(t, n->rows, n->count);
	free(t->order);
	t->order = n->order;
	n->rows = NULL;
	n->order = NULL;
	t->revision = n->revision;
	pin_unref(t->pin);
	t->pin = pin_ref(n->pin);
	measure(t, cx);
	take_counts(t, n);
	put_in_order(t, cx);
	if (n->filtered)
		follow_filter(t, n->before.p);
	next_free(t);
}

bool table_work(struct table *t, const struct view_ctx *cx, int64_t budget_us)
{
	int64_t until = now_us() + budget_us;

	while (t->next != NULL && t->next->at < t->next->count) {
		for (int i = 0; i < AT_ONCE && t->next->at < t->next->count; i++)
			take_row(t, cx, t->next);
		if (now_us() >= until && t->next->at < t->next->count)
			return true;
	}
	if (t->next != NULL)
		end_next(t, cx);
	return false;
}

bool table_is_behind(const struct table *t)
{
	return t->next != NULL && t->next->filtered;
}

void table_finish(struct table *t, const struct view_ctx *cx)
{
	table_work(t, cx, INT64_MAX / 2);
}

void table_rest(struct table *t)
{
	next_free(t);
	free(t->rows);
	free(t->order);
	free(t->marked);
	t->rows = NULL;
	t->order = NULL;
	t->marked = NULL;
	t->count = t->shown = t->down = t->shut = t->stale = t->marks = t->marks_hidden = 0;
	pin_unref(t->pin);
	t->pin = NULL;
	t->built = false;
}

static bool may_wait(const struct table *t, const struct view_ctx *cx)
{
	return t->built && t->filter != NULL && t->count > LONG && t->pin != NULL && cx->pin != NULL && t->solid == cx->solid;
}

void table_update(struct table *t, const struct view_ctx *cx, uint64_t revision)
{
	void *rows = NULL;
	size_t count;

	if (t->built && t->revision == revision && (t->next == NULL || t->solid == cx->solid))
		return;
	if (t->next != NULL && may_wait(t, cx))
		return; /* first what is under way: else it would never end while much changes */
	count = t->view->rows(cx, &rows);
	if (may_wait(t, cx)) {
		begin_next(t, rows, count, cx->pin, revision);
		return;
	}
	next_free(t);
	take_rows(t, rows, count);
	t->revision = revision;
	t->solid = cx->solid;
	pin_unref(t->pin);
	t->pin = t->view->pinned ? pin_ref(cx->pin) : NULL;
	measure(t, cx);
	arrange(t, cx);
}

void table_move(struct table *t, long rows)
{
	long at = (long)t->cursor + rows;

	if (t->shown == 0)
		return;
	if (at < 0)
		at = 0;
	if (at >= (long)t->shown)
		at = (long)t->shown - 1;
	t->cursor = (size_t)at;
	steer(t);
}

void table_home(struct table *t, bool end)
{
	t->cursor = end && t->shown > 0 ? t->shown - 1 : 0;
	steer(t);
}

int table_filter(struct table *t, const struct view_ctx *cx, const char *text, struct err *e)
{
	struct err mine = ERR_INIT;
	struct filter *f = filter_new(text, t->view->columns, t->view->column_count, &mine);
	struct str before;

	if (f == NULL && mine.code != ERR_NONE)
		return err_set(e, mine.code, "%s", mine.text);
	filter_free(t->filter);
	t->filter = f;
	str_clear(&t->filter_text);
	if (f != NULL)
		str_puts(&t->filter_text, text);
	if (!t->built)
		return 0;
	if (f != NULL && may_wait(t, cx)) {
		unsigned char *rows = mem_calloc(t->count + 1, t->view->row_size);

		memcpy(rows, t->rows, t->count * t->view->row_size);
		begin_next(t, rows, t->count, t->pin, t->revision);
		t->next->filtered = true;
		return 0;
	}
	next_free(t);
	str_init(&before, 0);
	str_puts(&before, t->cursor_key.p);
	arrange(t, cx);
	follow_filter(t, before.p);
	str_fini(&before);
	return 0;
}

int table_search(struct table *t, const char *text, struct err *e)
{
	struct pattern *p = NULL;

	if (text[0] != '\0') {
		p = pattern_new(slice_of(text), e);
		if (p == NULL)
			return -1;
	}
	pattern_free(t->search);
	t->search = p;
	return 0;
}

static bool row_matches(const struct table *t, const struct view_ctx *cx, size_t at)
{
	struct field f;

	for (size_t k = 0; k < t->view->column_count; k++) {
		t->view->columns[k].show(cx, table_row(t, t->order[at]), 0, &f);
		if (pattern_match(t->search, f.s, NULL))
			return true;
	}
	return false;
}

bool table_search_step(struct table *t, const struct view_ctx *cx, int direction, bool from_here)
{
	if (t->search == NULL || t->shown == 0)
		return false;
	for (size_t i = from_here ? 0 : 1; i <= t->shown; i++) {
		size_t step = direction > 0 ? i : t->shown - i % t->shown;
		size_t at = (t->cursor + step) % t->shown;

		if (!row_matches(t, cx, at))
			continue;
		t->cursor = at;
		steer(t);
		return true;
	}
	return false;
}
