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

/* Eight octets at a time must see what one at a time does: every place of every kind of octet, near every end. */
static void words_and_blanks_as_one_octet_at_a_time(void **state)
{
	static const char kinds[] = { ' ', ' ', ' ', '\t', '\n', '\r', '\v', '\f', '\0', 1, 0x1f, '!', 'a', 'a', 'a', 'z', '~', 0x7f,
		(char)0x80, (char)0xa0, (char)0xff };
	uint32_t seed = 1;
	char buf[40];

	(void)state;
	for (int round = 0; round < 50000; round++) {
		size_t n = (size_t)round % sizeof(buf), blanks = 0, word = 0;

		for (size_t i = 0; i < n; i++) {
			seed = seed * 1664525u + 1013904223u;
			buf[i] = kinds[(seed >> 16) % (round & 1 ? sizeof(kinds) : 17)];
			if (round & 2 && i < n / 2)
				buf[i] = round & 4 ? ' ' : 'a';
		}
		while (blanks < n && (buf[blanks] == ' ' || buf[blanks] == '\t'))
			blanks++;
		while (word < n && buf[word] != ' ' && !(buf[word] >= '\t' && buf[word] <= '\r'))
			word++;
		assert_ptr_equal(scan_past_blanks(buf, buf + n), buf + blanks);
		assert_ptr_equal(scan_past_word(buf, buf + n), buf + word);
	}
}

static void numbers_at_the_edge_of_64_bits(void **state)
{
	uint64_t v;

	(void)state;
	assert_true(slice_u64(SLICE("9999999999999999999"), &v) && v == 9999999999999999999u);
	assert_true(slice_u64(SLICE("18446744073709551615"), &v) && v == UINT64_MAX);
	assert_true(slice_u64(SLICE("000000000000000000000000007"), &v) && v == 7);
	assert_false(slice_u64(SLICE("18446744073709551616"), &v));
	assert_false(slice_u64(SLICE("99999999999999999999"), &v));
	assert_false(slice_u64(SLICE("100000000000000000000"), &v));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lines_of_every_ending),
		cmocka_unit_test(words_stop_at_the_line),
		cmocka_unit_test(numbers_that_fit),
		cmocka_unit_test(until_takes_all_or_up_to),
		cmocka_unit_test(slices),
		cmocka_unit_test(words_and_blanks_as_one_octet_at_a_time),
		cmocka_unit_test(numbers_at_the_edge_of_64_bits),
	};

	return cmocka_run_group_tests_name("scan", tests, NULL, NULL);
}
