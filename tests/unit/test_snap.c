/* Building a snapshot: identity, settling, sharing. */
#include "core/model/snap.h"
#include "core/base/clock.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <cmocka.h>

static void one_row_per_identity(void **state)
{
	struct snap_builder *b = snap_builder_new("r1");
	struct session *s = snap_builder_session(b, SLICE("default"), SLICE("192.0.2.1"), AF_IPV4_UNICAST);

	(void)state;
	assert_ptr_equal(snap_builder_session(b, SLICE(""), SLICE("192.0.2.1"), AF_IPV4_UNICAST), s);
	assert_ptr_equal(snap_builder_session(b, SLICE("master"), SLICE("192.0.2.1"), AF_IPV4_UNICAST), s);
	assert_ptr_equal(snap_builder_find(b, SLICE("global"), SLICE("192.0.2.1"), AF_IPV4_UNICAST), s);
	assert_ptr_not_equal(snap_builder_session(b, SLICE("red"), SLICE("192.0.2.1"), AF_IPV4_UNICAST), s);
	assert_ptr_not_equal(snap_builder_session(b, SLICE(""), SLICE("192.0.2.1"), AF_IPV6_UNICAST), s);
	assert_null(snap_builder_find(b, SLICE(""), SLICE("192.0.2.2"), AF_IPV4_UNICAST));
	assert_int_equal(snap_builder_count(b), 3);
	assert_ptr_equal(snap_builder_at(b, 0), s);
	assert_null(snap_builder_at(b, 3));
	snap_builder_free(b);
}

/* A router can print any octet: found by the fuzzer. */
static void names_with_a_nul(void **state)
{
	struct snap_builder *b = snap_builder_new("r1");
	struct session *s = snap_builder_session(b, SLICE(""), SLICE("a\0b"), AF_IPV4_UNICAST);

	(void)state;
	assert_ptr_equal(snap_builder_session(b, SLICE(""), SLICE("a\0b"), AF_IPV4_UNICAST), s);
	assert_ptr_not_equal(snap_builder_session(b, SLICE(""), SLICE("a\0c"), AF_IPV4_UNICAST), s);
	snap_builder_free(b);
}

static void settled_by_the_state(void **state)
{
	struct snap_builder *b = snap_builder_new("r1");
	struct session *up = snap_builder_session(b, SLICE(""), SLICE("192.0.2.1"), AF_IPV4_UNICAST);
	struct session *down = snap_builder_session(b, SLICE(""), SLICE("192.0.2.2"), AF_IPV4_UNICAST);
	struct session *unknown = snap_builder_session(b, SLICE(""), SLICE("192.0.2.3"), AF_IPV4_UNICAST);
	struct snap *s;

	(void)state;
	up->state = BGP_ESTABLISHED;
	down->state = BGP_ACTIVE;
	up->received = down->received = unknown->received = 7;
	up->accepted = down->accepted = 0;
	snap_builder_router(b, 64500, NULL);
	up->local_as = 64501;
	s = snap_builder_freeze(b, 3);
	assert_int_equal(s->generation, 3);
	assert_int_equal(s->sessions[0].received, 7);
	assert_int_equal(s->sessions[0].admin_down, TRI_NO);
	assert_int_equal(s->sessions[0].limit_tripped, TRI_NO);
	assert_int_equal(s->sessions[0].local_as, 64501);
	assert_int_equal(s->sessions[1].received, COUNT_UNKNOWN);
	assert_int_equal(s->sessions[1].accepted, 0);
	assert_int_equal(s->sessions[1].admin_down, TRI_UNKNOWN);
	assert_int_equal(s->sessions[1].local_as, 64500);
	assert_int_equal(s->sessions[2].received, 7);
	snap_unref(s);
}

static void sorted_and_found(void **state)
{
	static const char *const neighbors[] = { "2001:db8::1", "192.0.2.10", "eth0", "192.0.2.9" };
	struct snap_builder *b = snap_builder_new("r1");
	struct snap *s;

	(void)state;
	for (size_t i = 0; i < 4; i++)
		snap_builder_session(b, SLICE(""), slice_of(neighbors[i]), AF_IPV4_UNICAST);
	snap_builder_session(b, SLICE("red"), SLICE("192.0.2.9"), AF_IPV4_UNICAST);
	s = snap_builder_freeze(b, 1);
	for (size_t i = 1; i < s->count; i++)
		assert_true(session_key_cmp(&s->sessions[i - 1], &s->sessions[i]) < 0);
	assert_ptr_equal(snap_find(s, "red", "192.0.2.9", AF_IPV4_UNICAST), &s->sessions[4]);
	assert_null(snap_find(s, "blue", "192.0.2.9", AF_IPV4_UNICAST));
	snap_unref(s);
}

static void notes_and_times(void **state)
{
	struct snap_builder *b = snap_builder_new("r1");
	struct snap *s;

	(void)state;
	clock_fake(5000, 1000000);
	snap_builder_note(b, "%d of %d", 1, 2);
	snap_builder_note(b, "and\n%s", "more");
	snap_builder_rows(b, 2, 1);
	snap_builder_rows(b, 3, 3);
	snap_builder_version(b, SLICE("FRR 1"));
	assert_string_equal(snap_builder_version_of(b).s, "FRR 1");
	assert_int_equal(snap_builder_clock_of(b), -1);
	s = snap_ref(snap_builder_freeze(b, 1));
	clock_real();
	assert_string_equal(s->note.s, "1 of 2; and more");
	assert_int_equal(s->rows_seen, 5);
	assert_int_equal(s->rows_parsed, 4);
	assert_int_equal(s->taken_boot_ms, 5000);
	assert_int_equal(s->taken_wall_ms, 1000000);
	snap_unref(s);
	assert_string_equal(s->router, "r1"); /* the second reference still holds it */
	snap_unref(s);
	snap_unref(NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_row_per_identity),
		cmocka_unit_test(names_with_a_nul),
		cmocka_unit_test(settled_by_the_state),
		cmocka_unit_test(sorted_and_found),
		cmocka_unit_test(notes_and_times),
	};

	return cmocka_run_group_tests_name("snap", tests, NULL, NULL);
}
