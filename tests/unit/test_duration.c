/* How long, in every way that routers print it. */
#include "backends/parse/duration.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

static void reads_every_form(void **state)
{
	static const struct {
		const char *in;
		int64_t seconds;
	} cases[] = {
		{ "00:00:11", 11 }, { "15:14:04.445", 54844 }, { "29:10", 1750 },
		{ "1d02h03m", 93780 }, { "02w3d04h", 1483200 }, { "01w0d16h", 662400 },
		{ "1w2d", 777600 }, { "1y11w", 38188800 }, { "626h43m", 2256180 },
		{ "00h11m41s", 701 }, { "1d 02:03:04", 93784 }, { "2w3d 4:05:06", 1483506 },
		{ "1d2h5m16s610ms", 93916 }, { "3 days, 04:05:06", 273906 },
		{ "P17DT7H42M42S", 1496562 }, { "PT34M9S", 2049 }, { " 10s ", 10 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_int_equal(duration_s(slice_of(cases[i].in)), cases[i].seconds);
}

static void refuses_what_is_none(void **state)
{
	static const char *const cases[] = {
		"never", "Never", "", "P", "12", "-5s", "1x", "99999999999999999999s", "9999999999d", "1:", "a1d",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_int_equal(duration_s(slice_of(cases[i])), -1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_every_form),
		cmocka_unit_test(refuses_what_is_none),
	};

	return cmocka_run_group_tests_name("duration", tests, NULL, NULL);
}
