/* Lines cut into words sixteen octets at a time, as one would cut them octet by octet. */
#include "backends/parse/words.h"
#include "core/base/mem.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

enum { LONGEST = 300, ROUNDS = 60000 };

static uint32_t next(uint32_t *seed)
{
	*seed = *seed * 1664525u + 1013904223u;
	return *seed >> 16;
}

/* What words_cut promises, the plain way: blanks and tabs part words, what ends a line ends the words too. */
static void cut_plainly(struct words *w, struct slice line)
{
	struct scan c = scan_of(line);
	struct slice word;

	w->n = 0;
	while (w->n < WORDS_MAX && scan_word(&c, &word)) {
		w->w[w->n] = word;
		w->at[w->n++] = (size_t)(word.p - line.p);
	}
}

static void same_words(struct slice line)
{
	struct words got, want;

	words_cut(&got, line);
	cut_plainly(&want, line);
	assert_int_equal(got.n, want.n);
	for (size_t i = 0; i < want.n; i++) {
		assert_ptr_equal(got.w[i].p, want.w[i].p);
		assert_int_equal(got.w[i].len, want.w[i].len);
		assert_int_equal(got.at[i], want.at[i]);
	}
}

/* Every length up to LONGEST, in memory that ends where the line does: a tool that watches memory sees a step too far. */
static void as_octet_by_octet(void **state)
{
	static const char kinds[][9] = { "     abc", "  abcdef", "ab\t cd  ", "a b \xc3\xbc\xff\x7f", "a \r\nb\v\f ", "\x01 \x1f b  c" };
	uint32_t seed = 1;

	(void)state;
	for (int round = 0; round < ROUNDS; round++) {
		size_t len = next(&seed) % LONGEST;
		const char *kind = kinds[next(&seed) % ARRAY_LEN(kinds)];
		char *p = malloc(len + 1);

		for (size_t i = 0; i < len; i++)
			p[i] = kind[next(&seed) % 8];
		p = realloc(p, len > 0 ? len : 1);
		same_words((struct slice){ p, len });
		free(p);
	}
}

static void words_past_the_most_are_left_out(void **state)
{
	char line[4 * WORDS_MAX];
	struct words w;

	(void)state;
	memset(line, ' ', sizeof(line));
	for (size_t i = 0; i < sizeof(line); i += 2)
		line[i] = 'x';
	words_cut(&w, (struct slice){ line, sizeof(line) });
	assert_int_equal(w.n, WORDS_MAX);
	assert_int_equal(w.at[WORDS_MAX - 1], 2 * (WORDS_MAX - 1));
	same_words((struct slice){ line, sizeof(line) });
}

static void a_line_more(void **state)
{
	struct words w;

	(void)state;
	words_cut(&w, SLICE("2001:db8:1:2:3:4:5:6"));
	words_more(&w, SLICE("                4 4200000001     100      90"));
	assert_int_equal(w.n, 5);
	assert_true(slice_eq(w.w[0], "2001:db8:1:2:3:4:5:6"));
	assert_true(slice_eq(w.w[2], "4200000001"));
	assert_int_equal(w.at[1], 16); /* in its own line */
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(as_octet_by_octet),
		cmocka_unit_test(words_past_the_most_are_left_out),
		cmocka_unit_test(a_line_more),
	};

	return cmocka_run_group_tests_name("words", tests, NULL, NULL);
}
