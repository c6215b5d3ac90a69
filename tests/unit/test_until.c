/* Times as operators write them, and when what is held until one is due. */
#include "core/act/held.h"
#include "core/act/until.h"
#include "core/base/mem.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <cmocka.h>

#define NOW 1795176000000 /* 2026-11-20T12:00:00Z */
#define H ((int64_t)3600 * 1000)

static void times(void **state)
{
	static const struct {
		const char *text;
		int64_t wall_ms; /* 0: refused */
	} cases[] = {
		{ "2h", NOW + 2 * H }, { "90m", NOW + 90 * 60000 }, { "1d12h", NOW + 36 * H }, { "45s", NOW + 45000 },
		{ "06:00", NOW + 18 * H }, { "12:00", NOW + 24 * H }, { "12:01Z", NOW + 60000 }, { "23:59:30", NOW + 12 * H - 30000 },
		{ "2026-11-20T13:00Z", NOW + H }, { "2026-11-21 12:00", NOW + 24 * H }, { "2027-02-28T12:00:00Z", NOW + 100 * 24 * H },
		{ "", 0 }, { "0h", 0 }, { "2", 0 }, { "h", 0 }, { "2h2h", 0 }, { "30m2h", 0 }, { "-1h", 0 }, { "2 h", 0 }, { "2h ", 0 },
		{ "24:00", 0 }, { "6:00", 0 }, { "06:60", 0 }, { "06:00+01:00", 0 }, { "2026-11-20T11:59Z", 0 }, { "2026-02-31T06:00Z", 0 },
		{ "2026-13-01T06:00Z", 0 }, { "2029-01-01T00:00Z", 0 }, { "99999999999999999999h", 0 }, { "367d", 0 }, { "tomorrow", 0 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct err e = ERR_INIT;
		int64_t got = -1;
		int rc = until_parse(cases[i].text, NOW, &got, &e);

		if (cases[i].wall_ms == 0 ? rc == 0 : rc != 0 || got != cases[i].wall_ms)
			fail_msg("\"%s\": %d, %lld, not %lld (%s)", cases[i].text, rc, (long long)got,
			    (long long)cases[i].wall_ms, e.text);
		if (rc < 0)
			assert_int_equal(e.code, ERR_USAGE);
	}
}

static void times_gone_by(void **state)
{
	static const struct {
		const char *text;
		int64_t wall_ms; /* -1: refused */
	} cases[] = {
		{ "2h", NOW - 2 * H }, { "7d", NOW - 7 * 24 * H }, { "2026-11-20", NOW - 12 * H }, { "2026-11-20T11:30Z", NOW - H / 2 },
		{ "2026-11-20 12:00:00", NOW }, { "2026-11-31", -1 }, { "yesterday", -1 }, { "", -1 }, { "2026-11-20T", -1 }, { "06:00", -1 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		int64_t got = -1;
		int rc = until_past(cases[i].text, NOW, &got, NULL);

		if (cases[i].wall_ms < 0 ? rc == 0 : rc != 0 || got != cases[i].wall_ms)
			fail_msg("\"%s\": %d, %lld", cases[i].text, rc, (long long)got);
	}
}

/* In the same boot a jump of the wall clock changes nothing; after a reboot there is only the wall clock. */
static void jumps_of_the_clock(void **state)
{
	const struct ledger_entry l = { .until_wall_ms = NOW + 2 * H, .until_boot_ms = 1000000 + 2 * H, .boot = "this" };
	const struct ledger_entry never = { .boot = "this" };

	(void)state;
	assert_false(held_due(&l, "this", 1000000, NOW));
	assert_false(held_due(&l, "this", 1000000 + H, NOW + H));
	assert_false(held_due(&l, "this", 1000000 + H, NOW + 2 * H + 1)); /* forward by an hour: not early */
	assert_false(held_due(&l, "this", 1000000 + H, NOW + 500 * H));
	assert_true(held_due(&l, "this", 1000000 + 2 * H, NOW + 2 * H));
	assert_true(held_due(&l, "this", 1000000 + 2 * H, NOW + H)); /* back by an hour: not late */
	assert_false(held_due(&l, "another", 5000, NOW + 2 * H - 1));
	assert_true(held_due(&l, "another", 5000, NOW + 2 * H));
	assert_false(held_due(&never, "this", INT64_MAX, INT64_MAX));
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(times), cmocka_unit_test(times_gone_by),
		cmocka_unit_test(jumps_of_the_clock) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
