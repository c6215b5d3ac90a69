/* Marked rows, by name; what a key works on: see table.h. */
#include "core/base/mem.h"
#include "tui/table_priv.h"

#include <stdlib.h>
#include <string.h>

#define uthash_fatal(msg) abort()
#include <uthash.h>

struct table_mark {
	char *key;
	UT_hash_handle hh;
};

void table_count_marks(struct table *t)
{
	size_t total = 0, visible = 0;

	for (size_t i = 0; i < t->count; i++)
		total += t->marked[i];
	for (size_t i = 0; i < t->shown; i++)
		visible += t->marked[t->order[i]];
	t->marks = total;
	t->marks_hidden = total - visible;
}

void table_restore_marks(struct table *t)
{
	struct table_mark *m, *next, *kept = NULL;
	struct str key;

	if (t->marked_keys == NULL)
		return;
	str_init(&key, 0);
	for (size_t i = 0; i < t->count; i++) {
		str_clear(&key);
		t->view->key(table_row(t, i), &key);
		HASH_FIND_STR(t->marked_keys, key.p, m);
		if (m == NULL)
			continue;
		t->marked[i] = true;
		HASH_DEL(t->marked_keys, m);
		HASH_ADD_KEYPTR(hh, kept, m->key, strlen(m->key), m);
	}
	HASH_ITER(hh, t->marked_keys, m, next) {
		HASH_DEL(t->marked_keys, m);
		free(m->key);
		free(m);
	}
	t->marked_keys = kept;
	str_fini(&key);
}

static void set_mark(struct table *t, size_t row, bool on)
{
	struct table_mark *m;
	struct str key;

	if (t->marked[row] == on)
		return;
	t->marked[row] = on;
	str_init(&key, 0);
	t->view->key(table_row(t, row), &key);
	HASH_FIND_STR(t->marked_keys, key.p, m);
	if (m != NULL && !on) {
		HASH_DEL(t->marked_keys, m);
		free(m->key);
		free(m);
	} else if (m == NULL && on) {
		m = MEM_NEW(struct table_mark);
		m->key = mem_strdup(key.p);
		HASH_ADD_KEYPTR(hh, t->marked_keys, m->key, key.len, m);
	}
	str_fini(&key);
}

void table_mark(struct table *t)
{
	size_t row;

	if (t->cursor >= t->shown)
		return;
	row = t->order[t->cursor];
	set_mark(t, row, !t->marked[row]);
	table_count_marks(t);
	table_move(t, 1);
}

void table_mark_all(struct table *t)
{
	bool on = t->marks - t->marks_hidden < t->shown;

	for (size_t i = 0; i < t->shown; i++)
		set_mark(t, t->order[i], on);
	table_count_marks(t);
}

void table_mark_clear(struct table *t)
{
	struct table_mark *m, *next;

	HASH_ITER(hh, t->marked_keys, m, next) {
		HASH_DEL(t->marked_keys, m);
		free(m->key);
		free(m);
	}
	for (size_t i = 0; i < t->count; i++)
		t->marked[i] = false;
	t->marks = t->marks_hidden = 0;
}

void table_mark_where(struct table *t, bool (*holds)(const void *row, const void *ctx), const void *ctx)
{
	table_mark_clear(t);
	for (size_t row = 0; row < t->count; row++)
		if (holds(table_row(t, row), ctx))
			set_mark(t, row, true);
	table_count_marks(t);
}

const void *table_target(const struct table *t, size_t i)
{
	size_t seen = 0;

	if (t->marks == 0)
		return i == 0 ? table_selected(t) : NULL;
	for (size_t row = 0; row < t->count; row++)
		if (t->marked[row] && seen++ == i)
			return table_row(t, row);
	return NULL;
}

void table_copy(const struct table *t, const struct view_ctx *cx, struct str *out)
{
	const void *row;
	struct field f;

	for (size_t i = 0; (row = table_target(t, i)) != NULL; i++)
		for (size_t k = 0; k < t->view->column_count; k++) {
			t->view->columns[k].show(cx, row, 0, &f);
			str_addf(out, "%s%s", f.s, k + 1 < t->view->column_count ? "\t" : "\n");
		}
}
