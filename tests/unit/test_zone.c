/* Zones against the C library's own reading of the same files, and opening hours. */
#include "core/base/hours.h"
#include "core/base/zone.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include <cmocka.h>

static void agrees_with_the_c_library(void **state)
{
	static const char *const names[] = { "Europe/Berlin", "America/New_York", "Asia/Kolkata", "Australia/Lord_Howe",
		"America/Sao_Paulo", "Pacific/Chatham", "Africa/Casablanca", "UTC", "Asia/Tehran", "Europe/Dublin" };
	struct arena *a = arena_new();

	(void)state;
	if (access("/usr/share/zoneinfo/UTC", R_OK) != 0)
		skip();
	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		struct err e = ERR_INIT;
		const struct zone *z = zone_load(a, NULL, names[i], &e);

		if (z == NULL)
			fail_msg("%s", e.text);
		setenv("TZ", names[i], 1);
		tzset();
		/* from 1970 to 2099, at a step that wanders over hours and weekdays: behind 2037 the rule goes on */
		for (int64_t t = 3600; t < INT64_C(4090000000); t += 1234567) {
			time_t s = (time_t)t;
			struct zone_time got = zone_at(z, t * 1000);
			struct tm tm;

			localtime_r(&s, &tm);
			if (got.hour != tm.tm_hour || got.minute != tm.tm_min || (got.weekday + 1) % 7 != tm.tm_wday)
				fail_msg("%s at %lld: %d %02d:%02d, libc says %d %02d:%02d", names[i], (long long)t, got.weekday, got.hour,
				    got.minute, (tm.tm_wday + 6) % 7, tm.tm_hour, tm.tm_min);
		}
	}
	unsetenv("TZ");
	arena_free(a);
}

static void refuses_what_is_no_zone(void **state)
{
	static const char *const names[] = { "", "/etc/passwd", "../../etc/passwd", "Europe/Nowhere", "a b", "tzdata.zi" };
	struct arena *a = arena_new();

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		struct err e = ERR_INIT;

		assert_null(zone_load(a, NULL, names[i], &e));
		assert_true(e.text[0] != '\0');
	}
	arena_free(a);
}

static void rules_of_both_hemispheres(void **state)
{
	int offset = 0;

	(void)state;
	/* 2050-07-01 and 2050-01-01, 12:00Z */
	assert_true(zone_rule_offset(SLICE("CET-1CEST,M3.5.0,M10.5.0/3"), INT64_C(2540376000), &offset));
	assert_int_equal(offset, 7200);
	assert_true(zone_rule_offset(SLICE("CET-1CEST,M3.5.0,M10.5.0/3"), INT64_C(2524651200), &offset));
	assert_int_equal(offset, 3600);
	assert_true(zone_rule_offset(SLICE("AEST-10AEDT,M10.1.0,M4.1.0/3"), INT64_C(2524651200), &offset));
	assert_int_equal(offset, 39600);
	assert_true(zone_rule_offset(SLICE("<+0545>-5:45"), INT64_C(2524651200), &offset));
	assert_int_equal(offset, 20700);
	assert_false(zone_rule_offset(SLICE("CET-1CEST,M13.5.0,M10.5.0/3"), 0, &offset));
	assert_false(zone_rule_offset(SLICE("CET-1CEST"), 0, &offset));
	assert_false(zone_rule_offset(SLICE(""), 0, &offset));
}

static void hours(void **state)
{
	(void)state;
	assert_true(hours_valid("24x7"));
	assert_true(hours_valid("Mo-Fr 08:00-18:00, Sa 10:00-14:00"));
	assert_true(hours_valid("08:00-22:00"));
	assert_false(hours_valid(""));
	assert_false(hours_valid("office hours"));
	assert_false(hours_valid("Mo-Fr 8 to 18"));
	assert_false(hours_valid("Mo-Fr 25:00-26:00"));
	assert_true(hours_open("24x7", 6, 0));
	assert_true(hours_open("Mo-Fr 08:00-18:00", 0, 8 * 60));
	assert_false(hours_open("Mo-Fr 08:00-18:00", 0, 18 * 60));
	assert_false(hours_open("Mo-Fr 08:00-18:00", 5, 12 * 60));
	assert_true(hours_open("Mo-Fr 08:00-18:00, Sa 10:00-14:00", 5, 12 * 60));
	/* over midnight: Friday's night shift ends on Saturday morning */
	assert_true(hours_open("Mo-Fr 22:00-06:00", 5, 5 * 60));
	assert_false(hours_open("Mo-Fr 22:00-06:00", 0, 5 * 60));
	assert_true(hours_open("Fr-Mo 10:00-12:00", 6, 11 * 60));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(agrees_with_the_c_library),
		cmocka_unit_test(refuses_what_is_no_zone),
		cmocka_unit_test(rules_of_both_hemispheres),
		cmocka_unit_test(hours),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
