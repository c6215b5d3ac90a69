/* The grid: clipping, wide characters, dumps. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

#include "tui/canvas.h"

static void expect_text(const struct canvas *c, const char *want)
{
	struct str s;

	str_init(&s, 0);
	assert_int_equal(canvas_text(c, &s), 0);
	assert_string_equal(s.p, want);
	str_fini(&s);
}

static void test_put_is_clipped_on_all_sides(void **state)
{
	struct canvas *c = canvas_new(4, 2);

	(void)state;
	canvas_put(c, -1, 0, 10, ROLE_NORMAL, "abcdef");
	canvas_put(c, 2, 1, 10, ROLE_NORMAL, "xyz");
	canvas_put(c, 0, 5, 10, ROLE_NORMAL, "never");
	expect_text(c, "bcde\n  xy\n");
	assert_null(canvas_at(c, 4, 0));
	canvas_free(c);
}

static void test_max_cuts_by_cells(void **state)
{
	struct canvas *c = canvas_new(8, 1);

	(void)state;
	assert_int_equal(canvas_put(c, 0, 0, 3, ROLE_NORMAL, "äöüß"), 3);
	expect_text(c, "äöü\n");
	canvas_clear(c);
	assert_int_equal(canvas_put(c, 0, 0, 3, ROLE_NORMAL, "日本"), 2); /* the second needs cells 2 and 3 */
	expect_text(c, "日\n");
	canvas_free(c);
}

static void test_half_of_a_wide_character_leaves_nothing(void **state)
{
	struct canvas *c = canvas_new(4, 1);

	(void)state;
	canvas_put(c, 0, 0, 4, ROLE_NORMAL, "日本");
	canvas_put(c, 1, 0, 1, ROLE_NORMAL, "x");
	expect_text(c, " x本\n");
	canvas_put(c, 2, 0, 1, ROLE_NORMAL, "y");
	expect_text(c, " xy\n");
	canvas_free(c);
}

static void test_marks_stay_with_their_base(void **state)
{
	struct canvas *c = canvas_new(3, 1);

	(void)state;
	assert_int_equal(canvas_put(c, 0, 0, 3, ROLE_NORMAL, "e\xcc\x81z"), 2);
	assert_string_equal(canvas_at(c, 0, 0)->ch, "e\xcc\x81");
	assert_string_equal(canvas_at(c, 1, 0)->ch, "z");
	canvas_free(c);
}

static void test_roles_and_cursor(void **state)
{
	struct canvas *c = canvas_new(4, 1);
	struct str s;

	(void)state;
	canvas_put(c, 0, 0, 4, ROLE_DIM, "ab");
	canvas_flag(c, 1, 0, 2, CELL_CURSOR);
	str_init(&s, 0);
	canvas_roles(c, &s);
	assert_string_equal(s.p, "aA#.\n");
	str_fini(&s);
	canvas_free(c);
}

static void test_one_by_one(void **state)
{
	struct canvas *c = canvas_new(0, -3);

	(void)state;
	assert_int_equal(canvas_width(c), 1);
	canvas_put(c, 0, 0, 9, ROLE_NORMAL, "日");
	canvas_put(c, 0, 0, 9, ROLE_NORMAL, "ab");
	expect_text(c, "a\n");
	canvas_free(c);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_put_is_clipped_on_all_sides),
		cmocka_unit_test(test_max_cuts_by_cells),
		cmocka_unit_test(test_half_of_a_wide_character_leaves_nothing),
		cmocka_unit_test(test_marks_stay_with_their_base),
		cmocka_unit_test(test_roles_and_cursor),
		cmocka_unit_test(test_one_by_one),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
