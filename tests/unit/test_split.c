/* Who stands where on a split screen. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "core/base/mem.h"
#include "tui/split.h"

static const int even[PARTS_MAX] = { 100, 100, 100 };

/* Every cell belongs to one part at most, none is too small, and one above the other all rows are used. */
static void holds(struct rect whole, size_t count, const int *shares)
{
	struct rect r[PARTS_MAX];
	bool beside = split_is_beside(whole, count);
	int used = 0;

	if (!split_layout(whole, count, shares, r))
		return;
	for (size_t i = 0; i < count; i++) {
		assert_true(r[i].x >= whole.x && r[i].y >= whole.y && r[i].x + r[i].w <= whole.x + whole.w && r[i].y + r[i].h <= whole.y + whole.h);
		assert_true(count == 1 || (beside ? r[i].w >= SPLIT_NARROW && r[i].h == whole.h : r[i].h >= SPLIT_LOW && r[i].w == whole.w));
		if (i > 0)
			assert_int_equal(beside ? r[i].x - r[i - 1].x - r[i - 1].w : r[i].y - r[i - 1].y - r[i - 1].h, beside ? 1 : 0);
		used += beside ? r[i].w : r[i].h;
	}
	assert_int_equal(used, beside ? whole.w - (int)count + 1 : whole.h);
}

static void test_all_is_used_and_nothing_twice(void **state)
{
	static const int shares[][PARTS_MAX] = { { 100, 100, 100 }, { 400, 25, 25 }, { 25, 400, 25 }, { 0, 1, 100 }, { 100, 85, 115 } };

	(void)state;
	for (int w = 40; w <= 300; w += 7)
		for (int h = 6; h <= 80; h++)
			for (size_t count = 1; count <= PARTS_MAX; count++)
				for (size_t k = 0; k < ARRAY_LEN(shares); k++)
					holds((struct rect){ 0, 0, w, h }, count, shares[k]);
}

static void test_two_fit_80x24_and_stand_beside_when_wide(void **state)
{
	struct rect r[PARTS_MAX];

	(void)state;
	assert_true(split_layout((struct rect){ 0, 0, 80, 22 }, 2, even, r));
	assert_true(r[0].h == 11 && r[1].y == 11 && r[1].h == 11);
	assert_true(split_layout((struct rect){ 0, 0, 200, 48 }, 2, even, r));
	assert_true(r[0].w + r[1].w == 199 && r[1].x == r[0].w + 1 && r[1].h == 48);
	assert_true(split_layout((struct rect){ 0, 0, 170, 48 }, 3, even, r)); /* 56 columns each would be too few */
	assert_true(r[0].w == 170 && r[2].h == 16);
	assert_false(split_layout((struct rect){ 0, 0, 80, 20 }, 3, even, r));
	assert_false(split_layout((struct rect){ 0, 0, 80, 13 }, 2, even, r));
	assert_true(split_layout((struct rect){ 0, 0, 80, 3 }, 1, even, r));
}

static void test_shares_count_down_to_the_least(void **state)
{
	static const int uneven[] = { 300, 100, 0 };
	struct rect r[PARTS_MAX];

	(void)state;
	assert_true(split_layout((struct rect){ 0, 0, 80, 40 }, 2, uneven, r));
	assert_true(r[0].h == 30 && r[1].h == 10);
	assert_true(split_layout((struct rect){ 0, 0, 80, 20 }, 2, uneven, r));
	assert_true(r[0].h == 13 && r[1].h == SPLIT_LOW);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_all_is_used_and_nothing_twice),
		cmocka_unit_test(test_two_fit_80x24_and_stand_beside_when_wide),
		cmocka_unit_test(test_shares_count_down_to_the_least),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
