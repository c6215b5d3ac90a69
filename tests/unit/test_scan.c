/* The cursor never leaves its slice. */
#include "core/base/scan.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <cmocka.h>

static void lines_of_every_ending(void **state)
{
	struct scan c = scan_of(SLICE("a\nb\r\n\nc"));
	static const char *const want[] = { "a", "b", "", "c" };
	struct slice line;

	(void)state;
	for (size_t i = 0; i < 4; i++) {
		assert_true(scan_line(&c, &line));
		assert_true(slice_eq(line, want[i]));
	}
	assert_false(scan_line(&c, &line));
	assert_true(scan_done(&c));
}

static void words_stop_at_the_line(void **state)
{
	struct scan c = scan_of(SLICE("  one\ttwo\nthree"));
	struct slice w;

	(void)state;
	assert_true(scan_word(&c, &w) && slice_eq(w, "one"));
	assert_true(scan_word(&c, &w) && slice_eq(w, "two"));
	assert_false(scan_word(&c, &w));
	assert_int_equal(w.len, 0);
	assert_true(scan_lit(&c, "\n"));
	assert_false(scan_lit(&c, "threefold"));
	assert_true(slice_eq(scan_rest(&c), "three"));
	assert_false(scan_word(&c, &w));
}

static void numbers_that_fit(void **state)
{
	struct scan c = scan_of(SLICE("18446744073709551615x"));
	uint64_t v = 7;

	(void)state;
	assert_true(scan_u64(&c, &v));
	assert_true(v == UINT64_MAX);
	assert_false(scan_u64(&c, &v)); /* "x" */
	c = scan_of(SLICE("18446744073709551616"));
	v = 7;
	assert_false(scan_u64(&c, &v));
	assert_int_equal(v, 7);
	assert_int_equal(*c.p, '1'); /* nothing was taken */
	assert_true(slice_u64(SLICE("12"), &v) && v == 12);
	assert_false(slice_u64(SLICE(""), &v));
	assert_false(slice_u64(SLICE("12 "), &v));
	assert_false(slice_u64(SLICE("-1"), &v));
}

static void until_takes_all_or_up_to(void **state)
{
	struct scan c = scan_of(SLICE("a,b"));
	struct slice s;

	(void)state;
	assert_true(scan_until(&c, ',', &s) && slice_eq(s, "a"));
	assert_true(scan_lit(&c, ","));
	assert_false(scan_until(&c, ',', &s));
	assert_true(slice_eq(s, "b") && scan_done(&c));
	assert_false(scan_until(&c, ',', &s));
	assert_int_equal(s.len, 0);
}

static void slices(void **state)
{
	struct slice s = SLICE("hello");

	(void)state;
	assert_true(slice_starts(s, "he") && slice_starts(s, "") && !slice_starts(s, "hello!"));
	assert_true(slice_ends(s, "lo") && !slice_ends(s, "xhello"));
	assert_int_equal(slice_find(s, "ll"), 2);
	assert_int_equal(slice_find(s, "x"), -1);
	assert_int_equal(slice_find(SLICE(""), "x"), -1);
	assert_true(slice_eq(slice_from(s, 99), ""));
	assert_true(slice_eq(slice_upto(s, 99), "hello"));
	assert_true(slice_eq(slice_trim(SLICE(" \t a b \r\n")), "a b"));
	assert_true(slice_eq(slice_trim(SLICE(" \n ")), ""));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lines_of_every_ending),
		cmocka_unit_test(words_stop_at_the_line),
		cmocka_unit_test(numbers_that_fit),
		cmocka_unit_test(until_takes_all_or_up_to),
		cmocka_unit_test(slices),
	};

	return cmocka_run_group_tests_name("scan", tests, NULL, NULL);
}
