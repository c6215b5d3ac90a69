/* Was the session reset?  The time up, as systems round it, against the clock. */
#include "core/act/proof.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

static enum proof_finding judged(int64_t before, int64_t passed, int64_t now)
{
	struct snap_builder *b = snap_builder_new("r1");
	struct plan_item item = { .router = "r1", .vrf = "", .neighbor = "192.0.2.1", .proof = PROOF_STILL_UP,
		.since_s = before, .taken_boot_ms = 5000000, .flaps = COUNT_UNKNOWN, .established = true };
	struct session *s = snap_builder_session(b, SLICE(""), SLICE("192.0.2.1"), AF_IPV4_UNICAST);
	enum proof_finding found;
	struct snap *snap;
	struct str words;

	s->state = BGP_ESTABLISHED;
	s->since_s = now;
	snap = snap_builder_freeze(b, 1);
	item.taken_boot_ms = snap->taken_boot_ms - passed * 1000;
	str_init(&words, 0);
	found = proof_judge(&item, snap, &words);
	str_fini(&words);
	snap_unref(snap);
	return found;
}

static void seconds_count(void **state)
{
	(void)state;
	assert_int_equal(judged(3601, 20, 3621), PROOF_HOLDS);
	assert_int_equal(judged(3601, 20, 3619), PROOF_HOLDS); /* read a moment later than counted */
	assert_int_equal(judged(3601, 20, 4), PROOF_BROKEN);
	assert_int_equal(judged(30, 60, 41), PROOF_BROKEN);    /* longer up than before, and was away all the same */
}

/* "1d02h", "3w4d", "2y11w": the hour, day, week does not change for long, and then by a whole one. */
static void coarse_times_stand_still(void **state)
{
	(void)state;
	assert_int_equal(judged(93600, 40, 93600), PROOF_HOLDS);
	assert_int_equal(judged(93600, 40, 97200), PROOF_HOLDS);
	assert_int_equal(judged(25 * 86400, 300, 25 * 86400), PROOF_HOLDS);
	assert_int_equal(judged(115 * 604800, 300, 115 * 604800), PROOF_HOLDS);
	assert_int_equal(judged(93600, 40, 8), PROOF_BROKEN);
	assert_int_equal(judged(93600, 40, 0), PROOF_BROKEN);
	assert_int_equal(judged(25 * 86400, 300, 0), PROOF_BROKEN);
	assert_int_equal(judged(3600, 5, 0), PROOF_BROKEN);
	assert_int_equal(judged(60, 120, 60), PROOF_BROKEN); /* a minute that stood still for two */
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(seconds_count),
	    cmocka_unit_test(coarse_times_stand_still),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
