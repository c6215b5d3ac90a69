/* Words for sessions, states, families and errors. */
#include "core/model/session.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <cmocka.h>

static void states(void **state)
{
	static const struct {
		const char *word;
		enum bgp_state st;
	} cases[] = {
		{ "Established", BGP_ESTABLISHED }, { "ESTABLISHED", BGP_ESTABLISHED },
		{ "Establ", BGP_ESTABLISHED }, { "Estab", BGP_ESTABLISHED }, { "Idle", BGP_IDLE },
		{ "OpenCfm", BGP_OPENCONFIRM }, { "openconfirm", BGP_OPENCONFIRM }, { "Active", BGP_ACTIVE },
	};
	enum bgp_state st;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		assert_true(bgp_state_parse(slice_of(cases[i].word), &st));
		assert_int_equal(st, cases[i].st);
	}
	assert_false(bgp_state_parse(SLICE(""), &st));
	assert_false(bgp_state_parse(SLICE("Passive"), &st));
	assert_null(bgp_state_word(BGP_UNKNOWN));
	for (int i = BGP_IDLE; i <= BGP_ESTABLISHED; i++) {
		assert_true(bgp_state_parse(slice_of(bgp_state_word((enum bgp_state)i)), &st));
		assert_int_equal(st, i);
	}
}

static void families_go_both_ways(void **state)
{
	enum afi_safi af;

	(void)state;
	for (int i = AF_UNKNOWN + 1; i < AF_COUNT; i++) {
		assert_non_null(afi_safi_word((enum afi_safi)i));
		assert_true(afi_safi_parse(slice_of(afi_safi_word((enum afi_safi)i)), &af));
		assert_int_equal(af, i);
	}
	assert_null(afi_safi_word(AF_UNKNOWN));
	assert_false(afi_safi_parse(SLICE("ipv4"), &af));
	assert_int_equal(afi_version(AF_VPNV6_UNICAST), 6);
	assert_int_equal(afi_version(AF_L2VPN_EVPN), 0);
}

static void one_state_for_people(void **state)
{
	struct session s;

	(void)state;
	session_init(&s);
	assert_string_equal(session_state_words(&s), "unknown");
	s.state = BGP_ACTIVE;
	assert_string_equal(session_state_words(&s), "down (no answer)");
	s.last_error = (struct last_error){ .code = 6, .subcode = 2, .dir = DIR_RECEIVED };
	assert_string_equal(session_state_words(&s), "down (shut by peer)");
	s.last_error.dir = DIR_SENT;
	assert_string_equal(session_state_words(&s), "down (no answer)");
	s.limit_tripped = TRI_YES;
	assert_string_equal(session_state_words(&s), "down (max-prefix)");
	s.admin_down = TRI_YES;
	assert_string_equal(session_state_words(&s), "down (shut by us)");
	s.state = BGP_ESTABLISHED;
	assert_string_equal(session_state_words(&s), "up");
}

static void near_the_limit(void **state)
{
	struct session s;

	(void)state;
	session_init(&s);
	assert_false(session_limit_near(&s, 90));
	s.max_prefixes = 100;
	assert_false(session_limit_near(&s, 90)); /* unknown is not zero, and not near */
	s.received = 89;
	assert_false(session_limit_near(&s, 90));
	s.received = 90;
	assert_true(session_limit_near(&s, 90));
	s.received = COUNT_UNKNOWN;
	s.accepted = 95;
	assert_true(session_limit_near(&s, 90));
	s.max_prefixes = COUNT_UNKNOWN;
	assert_false(session_limit_near(&s, 90));
}

static void errors_have_names(void **state)
{
	(void)state;
	assert_string_equal(bgp_error_word(6, 2), "Cease: administrative shutdown");
	assert_string_equal(bgp_error_word(6, 99), "Cease");
	assert_string_equal(bgp_error_word(4, 0), "Hold timer expired");
	assert_null(bgp_error_word(99, 1));
}

static void identity_has_an_order(void **state)
{
	struct session a, b;

	(void)state;
	session_init(&a);
	session_init(&b);
	a.neighbor = b.neighbor = TEXT_LIT("192.0.2.1");
	assert_int_equal(session_key_cmp(&a, &b), 0);
	b.family = AF_IPV6_UNICAST;
	assert_true(session_key_cmp(&a, &b) < 0);
	a.vrf = TEXT_LIT("red");
	assert_true(session_key_cmp(&a, &b) > 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(states),
		cmocka_unit_test(families_go_both_ways),
		cmocka_unit_test(one_state_for_people),
		cmocka_unit_test(near_the_limit),
		cmocka_unit_test(errors_have_names),
		cmocka_unit_test(identity_has_an_order),
	};

	return cmocka_run_group_tests_name("session", tests, NULL, NULL);
}
