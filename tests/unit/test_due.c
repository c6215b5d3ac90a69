/* What is due first, beside a walk over all, while things are put, moved and dropped at random. */
#include "core/model/due.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

enum { MANY = 300, TURNS = 20000 };

static const struct due *first_by_walking(const struct due *all)
{
	const struct due *best = NULL;

	for (size_t i = 0; i < MANY; i++)
		if (all[i].place != 0 && (best == NULL || all[i].at_ms < best->at_ms ||
			(all[i].at_ms == best->at_ms && all[i].order < best->order)))
			best = &all[i];
	return best;
}

static void the_first_is_the_first(void **state)
{
	static struct due all[MANY];
	struct due_heap h = { .items = NULL };
	uint32_t seed = 7;

	(void)state;
	assert_null(due_first(&h));
	for (int i = 0; i < TURNS; i++) {
		struct due *d;

		seed = seed * 1664525u + 1013904223u;
		d = &all[(seed >> 8) % MANY];
		if ((seed >> 28) < 5)
			due_drop(&h, d);
		else
			due_put(&h, d, (int64_t)(seed >> 20) % 50);
		assert_ptr_equal(due_first(&h), first_by_walking(all));
	}
	for (size_t n = h.count; n > 0; n--) {
		struct due *d = due_first(&h);

		assert_ptr_equal(d, first_by_walking(all));
		due_drop(&h, d);
		assert_int_equal(d->place, 0);
	}
	assert_null(due_first(&h));
	due_fini(&h);
}

static void equals_in_the_order_of_putting(void **state)
{
	struct due a = { 0 }, b = { 0 }, c = { 0 };
	struct due_heap h = { .items = NULL };

	(void)state;
	due_put(&h, &b, 5);
	due_put(&h, &a, 5);
	due_put(&h, &c, 4);
	assert_ptr_equal(due_first(&h), &c);
	due_put(&h, &c, 5);
	assert_ptr_equal(due_first(&h), &b);
	due_drop(&h, &b);
	due_drop(&h, &b);
	assert_ptr_equal(due_first(&h), &a);
	due_drop(&h, &a);
	assert_ptr_equal(due_first(&h), &c);
	due_fini(&h);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_first_is_the_first), cmocka_unit_test(equals_in_the_order_of_putting),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
