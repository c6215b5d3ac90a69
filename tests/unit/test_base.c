/* Errors, memory, growing strings, clocks. */
#include "core/base/clock.h"
#include "core/base/err.h"
#include "core/base/mem.h"
#include "core/base/str.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

static void the_first_error_wins(void **state)
{
	struct err e = ERR_INIT;

	(void)state;
	assert_int_equal(err_prefix(&e, "r1"), -1); /* nothing to put it before */
	assert_int_equal(e.code, ERR_NONE);
	assert_int_equal(err_set(&e, ERR_NET, "lost %s", "link\n\x1b"), -1);
	assert_int_equal(err_set(&e, ERR_IO, "cleanup failed"), -1);
	assert_int_equal(e.code, ERR_NET);
	assert_string_equal(e.text, "lost link  ");
	err_prefix(&e, "router %d", 1);
	assert_string_equal(e.text, "router 1: lost link  ");
	err_clear(&e);
	errno = ENOENT;
	err_errno(&e, ERR_IO, "file");
	assert_string_equal(e.text, "file: No such file or directory");
	assert_int_equal(errno, ENOENT);
	assert_int_equal(err_set(NULL, ERR_IO, "nobody listens"), -1);
}

static void long_errors_are_cut(void **state)
{
	struct err e = ERR_INIT;
	char big[2000];

	(void)state;
	memset(big, 'x', sizeof(big) - 1);
	big[sizeof(big) - 1] = '\0';
	err_set(&e, ERR_PARSE, "%s", big);
	assert_int_equal(strlen(e.text), sizeof(e.text) - 1);
	err_prefix(&e, "%s", big);
	assert_int_equal(strlen(e.text), sizeof(e.text) - 1);
}

static void every_code_has_a_word(void **state)
{
	(void)state;
	for (int c = ERR_NONE; c <= ERR_CANCELLED; c++)
		assert_non_null(err_code_word((enum err_code)c));
}

static void arenas_align_and_zero(void **state)
{
	struct arena *a = arena_new();
	size_t before;

	(void)state;
	for (size_t n = 0; n < 5000; n += 97) {
		unsigned char *p = arena_alloc(a, n);

		assert_int_equal((uintptr_t)p % _Alignof(max_align_t), 0);
		for (size_t i = 0; i < n; i++)
			assert_int_equal(p[i], 0);
		memset(p, 0xff, n);
	}
	before = arena_size(a);
	assert_non_null(arena_alloc(a, 1 << 20)); /* larger than a block */
	assert_true(arena_size(a) >= before + (1 << 20));
	assert_string_equal(arena_printf(a, "%d-%s", 7, "x"), "7-x");
	assert_string_equal(arena_strndup(a, "abcdef", 3), "abc");
	assert_null(arena_strdup(a, NULL));
	arena_free(a);
	arena_free(NULL);
}

static void arrays_grow(void **state)
{
	int *v = NULL;
	size_t cap = 0;

	(void)state;
	for (int i = 0; i < 1000; i++) {
		MEM_GROW(v, cap, (size_t)i + 1);
		v[i] = i;
	}
	assert_int_equal(v[999], 999);
	assert_true(cap >= 1000 && cap < 4000);
	free(v);
}

static void strings_stop_at_their_ceiling(void **state)
{
	struct str s;
	char *p;

	(void)state;
	str_init(&s, 5);
	assert_int_equal(str_puts(&s, "abc"), 0);
	assert_int_equal(str_puts(&s, "def"), -1);
	assert_true(s.over);
	assert_string_equal(s.p, "abc"); /* nothing of what did not fit */
	assert_int_equal(str_putc(&s, 'd'), -1); /* and nothing after it */
	str_clear(&s);
	assert_int_equal(str_addf(&s, "%d", 12345), 0);
	assert_int_equal(str_addf(&s, "%s", ""), 0);
	p = str_take(&s);
	assert_string_equal(p, "12345");
	assert_int_equal(s.len, 0);
	assert_int_equal(s.max, 5);
	assert_null(s.p); /* nothing is left to be ended */
	free(p);
	str_clear(&s);
	assert_int_equal(str_puts(&s, "abc"), 0);
	assert_string_equal(s.p, "abc");
	assert_int_equal(str_puts(&s, "def"), -1); /* the ceiling stays */
	str_fini(&s);
}

static void long_formats_fit(void **state)
{
	struct str s;

	(void)state;
	str_init(&s, 0);
	assert_int_equal(str_addf(&s, "%1000d", 1), 0);
	assert_int_equal(s.len, 1000);
	str_fini(&s);
}

static void spans_for_people(void **state)
{
	static const struct {
		int64_t s;
		const char *words;
	} cases[] = {
		{ -1, "-" }, { 0, "0s" }, { 59, "59s" }, { 60, "1m" }, { 3599, "59m" }, { 3600, "1h00" },
		{ 11220, "3h07" }, { 86399, "23h59" }, { 86400, "1d00h" }, { 442800, "5d03h" },
		{ 31536000, "1y00w" }, { 2 * 31536000 + 11 * 604800, "2y11w" },
	};
	char out[CLOCK_SPAN_LEN];

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		assert_string_equal(clock_span(cases[i].s, out), cases[i].words);
	assert_true(strlen(clock_span(INT64_MAX, out)) < CLOCK_SPAN_LEN);
}

static void clocks_can_be_held(void **state)
{
	char out[CLOCK_ISO_LEN];

	(void)state;
	clock_fake(1000, 1795204383000);
	clock_fake_advance(500);
	assert_int_equal(clock_boot_ms(), 1500);
	assert_string_equal(clock_iso(clock_wall_ms(), out), "2026-11-20T19:53:03Z");
	clock_real();
	assert_true(clock_boot_ms() != 1500);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_first_error_wins),
		cmocka_unit_test(long_errors_are_cut),
		cmocka_unit_test(every_code_has_a_word),
		cmocka_unit_test(arenas_align_and_zero),
		cmocka_unit_test(arrays_grow),
		cmocka_unit_test(strings_stop_at_their_ceiling),
		cmocka_unit_test(long_formats_fit),
		cmocka_unit_test(spans_for_people),
		cmocka_unit_test(clocks_can_be_held),
	};

	return cmocka_run_group_tests_name("base", tests, NULL, NULL);
}
