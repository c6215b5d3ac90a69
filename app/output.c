/* Aligned tables; see output.h. */
#include "app/output.h"
#include "core/base/text.h"

#include <stdlib.h>
#include <string.h>

struct out_table {
	const char *const *titles;
	size_t columns, count, cap;
	const char **cells; /* row by row */
	struct arena *arena;
};

struct out_table *out_table_new(const char *const *titles)
{
	struct out_table *t = MEM_NEW(struct out_table);

	t->titles = titles;
	t->arena = arena_new();
	while (titles[t->columns] != NULL)
		t->columns++;
	return t;
}

void out_table_cell(struct out_table *t, const char *words)
{
	MEM_GROW(t->cells, t->cap, t->count + 1);
	t->cells[t->count++] = words == NULL ? "-" : arena_strdup(t->arena, words);
}

void out_table_count(struct out_table *t, count_t n)
{
	char digits[24];

	snprintf(digits, sizeof(digits), "%lld", (long long)n);
	out_table_cell(t, n < 0 ? NULL : digits);
}

static const char *title(const struct out_table *t, size_t column)
{
	return t->titles[column] + (t->titles[column][0] == '>');
}

static int width_of(const struct out_table *t, size_t column)
{
	int widest = text_width(title(t, column));

	for (size_t i = column; i < t->count; i += t->columns) {
		int w = text_width(t->cells[i]);

		if (w > widest)
			widest = w;
	}
	return widest;
}

static void print_cell(const struct out_table *t, size_t column, int width, const char *words, FILE *to)
{
	int pad = width - text_width(words);
	bool last = column + 1 == t->columns;

	if (t->titles[column][0] == '>')
		fprintf(to, "%*s%s%s", pad, "", words, last ? "\n" : "  ");
	else if (last)
		fprintf(to, "%s\n", words);
	else
		fprintf(to, "%s%*s", words, pad + 2, "");
}

void out_table_print(struct out_table *t, FILE *to)
{
	int *widths = mem_calloc(t->columns, sizeof(*widths));

	for (size_t c = 0; c < t->columns; c++)
		widths[c] = width_of(t, c);
	for (size_t c = 0; c < t->columns; c++)
		print_cell(t, c, widths[c], title(t, c), to);
	for (size_t i = 0; i < t->count; i++)
		print_cell(t, i % t->columns, widths[i % t->columns], t->cells[i], to);
	free(widths);
	free(t->cells);
	arena_free(t->arena);
	free(t);
}
