/* Routers do not notice: one question, pauses, backing off. */
#include "core/judge/pace.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

static void one_at_a_time_with_pauses(void **state)
{
	struct pace p = { .asking = false };

	(void)state;
	assert_true(pace_free(&p, 0));
	pace_asked(&p, 1000);
	assert_false(pace_free(&p, 100000));
	pace_answered(&p, 5000, 1200); /* 200 ms: the least pause counts */
	assert_false(pace_free(&p, 6199));
	assert_true(pace_free(&p, 6200));
	pace_asked(&p, 10000);
	pace_answered(&p, 5000, 40000); /* 30 s: nine times that */
	assert_false(pace_free(&p, 309999));
	assert_true(pace_free(&p, 310000));
}

static void failures_back_off(void **state)
{
	(void)state;
	assert_int_equal(pace_due(0, 1000, 0), 1000);
	assert_int_equal(pace_due(0, 1000, 3), 8000);
	assert_int_equal(pace_due(0, 1000, 5), 32000);
	assert_int_equal(pace_due(0, 1000, 5000), 32000);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(one_at_a_time_with_pauses), cmocka_unit_test(failures_back_off) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
