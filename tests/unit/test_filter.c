/* Filters over a small table of our own. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

#include "core/base/mem.h"
#include "tui/filter.h"

struct thing {
	const char *name;
	int64_t n; /* -1 unknown */
};

static void show_name(const struct view_ctx *cx, const void *row, int width, struct field *out)
{
	(void)cx, (void)width;
	field_put(out, ROLE_NORMAL, ((const struct thing *)row)->name);
}

static void show_n(const struct view_ctx *cx, const void *row, int width, struct field *out)
{
	(void)cx, (void)width;
	field_putf(out, ROLE_NORMAL, "%lld", (long long)((const struct thing *)row)->n);
}

static bool number_n(const struct view_ctx *cx, const void *row, int64_t *out)
{
	(void)cx;
	*out = ((const struct thing *)row)->n;
	return *out >= 0;
}

static const struct column cols[] = {
	{ .id = "name", .title = "NAME", .show = show_name },
	{ .id = "asn", .title = "ASN", .show = show_n, .number = number_n },
};

static const struct thing alpha = { "Alpha down 2001:db8::1", 13335 }, bravo = { "bravo up", 133350 }, none = { "none", -1 };

static bool matches(const char *text, const struct thing *t)
{
	struct err e = ERR_INIT;
	struct filter *f = filter_new(text, cols, ARRAY_LEN(cols), &e);
	bool m = filter_match(f, NULL, t);

	assert_int_equal(e.code, ERR_NONE);
	filter_free(f);
	return m;
}

static void test_words_are_patterns_over_the_row(void **state)
{
	(void)state;
	assert_true(matches("alpha", &alpha));
	assert_false(matches("Bravo", &bravo)); /* a capital makes it exact */
	assert_true(matches("br.vo", &bravo));
	assert_true(matches("13335", &bravo)); /* any cell */
	assert_true(matches("2001:db8", &alpha)); /* no column of that name: a pattern */
	assert_true(matches("\"bravo up\"", &bravo));
	assert_true(matches("  ", &bravo));
}

static void test_columns_and_numbers(void **state)
{
	(void)state;
	assert_true(matches("asn:13335", &alpha));
	assert_false(matches("asn:13335", &bravo)); /* equal, not "begins with" */
	assert_true(matches("asn:AS13335", &alpha));
	assert_true(matches("asn:>13335", &bravo));
	assert_false(matches("asn:>13335", &alpha));
	assert_true(matches("asn:<=13335", &alpha));
	assert_true(matches("asn:^1333", &bravo));
	assert_false(matches("asn:<10", &none)); /* the unknown is no number */
	assert_true(matches("name:down", &alpha));
	assert_false(matches("name:13335", &alpha));
}

static void test_all_terms_must_hold_and_bang_inverts(void **state)
{
	(void)state;
	assert_true(matches("asn:13335 name:down", &alpha));
	assert_false(matches("asn:13335 name:up", &alpha));
	assert_true(matches("!up", &alpha));
	assert_false(matches("!up", &bravo));
	assert_true(matches("!asn:13335 up", &bravo));
}

static void test_faults_are_said(void **state)
{
	struct err e = ERR_INIT;

	(void)state;
	assert_null(filter_new("colour:red", cols, ARRAY_LEN(cols), &e));
	assert_non_null(strstr(e.text, "no column 'colour' here: name asn"));
	err_clear(&e);
	assert_null(filter_new("a(", cols, ARRAY_LEN(cols), &e));
	assert_int_equal(e.code, ERR_USAGE);
}

static void test_runaway_pattern_ends(void **state)
{
	struct thing t = { "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab", 1 };

	(void)state;
	assert_false(matches("name:^(a+)+$", &t));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_words_are_patterns_over_the_row),
		cmocka_unit_test(test_columns_and_numbers),
		cmocka_unit_test(test_all_terms_must_hold_and_bang_inverts),
		cmocka_unit_test(test_faults_are_said),
		cmocka_unit_test(test_runaway_pattern_ends),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
