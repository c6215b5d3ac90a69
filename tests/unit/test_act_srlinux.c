/* What is sent to SR Linux, for each verb, and what is refused. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "tests/unit/hostile.h"
#include "tests/unit/scripted.h"

#define READ(instance, address) "info flat from running network-instance " instance " protocols bgp neighbor " address
#define MAINTENANCE "info flat from running system maintenance"
#define LINE(leaf) "set / network-instance default protocols bgp neighbor 192.0.2.10 " leaf "\n"

#define PROFILES \
	"set / system maintenance profile NOC-WITHDRAW bgp export-policy NOC-REJECT\n" \
	"set / system maintenance profile NOC-GSHUT bgp export-policy PEER-OUT-GSHUT\n"
#define GROUP_OF(name, profile, list, mode) \
	"set / system maintenance group " name " maintenance-profile " profile "\n" \
	"set / system maintenance group " name " maintenance-mode admin-state " mode "\n" \
	"set / system maintenance group " name " members bgp network-instance default neighbor " list "\n"
#define EVERYTHING \
	"set / system maintenance group ALL maintenance-profile NOC-WITHDRAW\n" \
	"set / system maintenance group ALL maintenance-mode admin-state disable\n" \
	"set / system maintenance group ALL members bgp network-instance default\n"

static struct scripted router(void)
{
	struct scripted s = scripted_new("srlinux", "v24.3.2");

	s.answers[0].command = READ("default", "192.0.2.10");
	s.answers[0].text[0] = LINE("peer-as 64501") LINE("peer-group ix") LINE("description \"Example; one\"");
	s.answers[1].command = MAINTENANCE;
	s.answers[1].text[0] = PROFILES EVERYTHING GROUP_OF("TWO", "NOC-WITHDRAW", "[ 192.0.2.10 192.0.2.11 ]", "disable")
	    GROUP_OF("W-64501", "NOC-WITHDRAW", "[ 192.0.2.10 ]", "disable")
	    GROUP_OF("G-64501", "NOC-GSHUT", "[ 192.0.2.10 ]", "disable");
	s.says[0].line = "commit now";
	s.says[0].says = "All changes have been committed. Leaving candidate mode.\n";
	s.rows[0] = (struct scripted_row){ .neighbor = "192.0.2.10", .group = "ix", .asn = 64501,
		.state = { BGP_ESTABLISHED, BGP_ESTABLISHED }, .down = { TRI_NO, TRI_NO }, .advertised = { 12, 12 } };
	return s;
}

static void exact_lines(void **state)
{
	struct scripted s = router();

	(void)state;
	s.answers[2].command = READ("default", "2001:db8::20");
	s.answers[2].text[0] = "set / network-instance default protocols bgp neighbor 2001:db8::20 admin-state enable\n";
	s.answers[3].command = READ("CUST", "198.51.100.9");
	s.answers[3].text[0] = "set / network-instance CUST protocols bgp neighbor 198.51.100.9 admin-state disable\n";
	s.answers[4].command = READ("default", "203.0.113.7");
	s.answers[4].text[0] = "";
	s.rows[1] = (struct scripted_row){ .neighbor = "2001:db8::20", .asn = 64502, .family = AF_IPV6_UNICAST,
		.state = { BGP_ESTABLISHED }, .down = { TRI_NO }, .advertised = { 4 } };
	s.rows[2] = (struct scripted_row){ .neighbor = "198.51.100.9", .vrf = "CUST", .asn = 64503, .state = { BGP_IDLE },
		.down = { TRI_YES } };
	s.rows[3] = (struct scripted_row){ .neighbor = "203.0.113.7", .asn = 64510, .state = { BGP_ESTABLISHED } };
	for (int v = 0; v < VERB_COUNT; v++)
		if (v != VERB_RESTORE)
			scripted_golden(&s, "srlinux", (enum verb)v);
	s.answers[1].text[1] = PROFILES EVERYTHING GROUP_OF("W-64501", "NOC-WITHDRAW", "[ 192.0.2.10 ]", "enable");
	s.rows[0].advertised[1] = 0;
	s.turns = "commit now";
	scripted_golden_restore(&s, "srlinux");
	scripted_free(&s);
}

static void suspend_and_resume_leave_the_leaf_as_it_was(void **state)
{
	static const struct {
		const char *before, *up;
	} way[] = {
	    { LINE("peer-as 64501"), "delete / network-instance default protocols bgp neighbor 192.0.2.10 admin-state" },
	    { LINE("admin-state enable"),
	        "set / network-instance default protocols bgp neighbor 192.0.2.10 admin-state enable" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(way); i++) {
		const char *const down[] = { "enter candidate private",
			"set / network-instance default protocols bgp neighbor 192.0.2.10 admin-state disable", "commit now" };
		struct scripted s = router();
		struct scripted_house h;

		s.answers[0].text[0] = way[i].before;
		s.answers[0].text[1] = LINE("admin-state disable");
		s.rows[0].state[1] = BGP_IDLE;
		s.rows[0].down[1] = TRI_YES;
		scripted_open(&h);
		s.turns = "commit now";
		assert_int_equal(scripted_act(&s, &h, VERB_SUSPEND), RUN_DONE);
		scripted_sent(&s, down, ARRAY_LEN(down));
		s.turns = NULL;
		s.back = "commit now";
		assert_int_equal(scripted_act(&s, &h, VERB_RESUME), RUN_DONE);
		assert_string_equal(s.sent[1], way[i].up);
		assert_int_equal(ledger_count(h.ledger), 0);
		scripted_free(&s);
		scripted_close(&h);
	}
}

static void maintenance_of_exactly_this_neighbor(void **state)
{
	struct scripted s = router();
	struct scripted_house h;

	(void)state;
	s.answers[1].text[1] = PROFILES EVERYTHING GROUP_OF("W-64501", "NOC-WITHDRAW", "[ 192.0.2.10 ]", "enable");
	s.rows[0].advertised[1] = 0;
	scripted_open(&h);
	s.turns = "commit now";
	assert_int_equal(scripted_act(&s, &h, VERB_WITHDRAW), RUN_DONE);
	assert_string_equal(s.sent[1], "set / system maintenance group W-64501 maintenance-mode admin-state enable");
	s.turns = NULL;
	s.back = "commit now";
	assert_int_equal(scripted_act(&s, &h, VERB_RESTORE), RUN_DONE);
	assert_string_equal(s.sent[1], "set / system maintenance group W-64501 maintenance-mode admin-state disable");
	s.refuses = "commit now";
	assert_int_equal(scripted_act(&s, &h, VERB_WITHDRAW), RUN_FAILED);
	assert_string_equal(s.sent[s.sent_count - 1], "discard now");
	scripted_free(&s);
	scripted_close(&h);
}

static void refuses_what_it_cannot_do_exactly(void **state)
{
	struct scripted s = router();

	(void)state;
	s.answers[1].text[0] = PROFILES EVERYTHING;
	scripted_refuses(&s, VERB_WITHDRAW, "members bgp network-instance default neighbor [ 192.0.2.10 ]");
	s.answers[1].text[0] = PROFILES GROUP_OF("TWO", "NOC-WITHDRAW", "[ 192.0.2.10 192.0.2.11 ]", "disable");
	scripted_refuses(&s, VERB_WITHDRAW, "not provisioned");
	s.answers[1].text[0] = PROFILES GROUP_OF("W", "NOC-WITHDRAW", "192.0.2.10", "disable")
	    "set / system maintenance group W members bgp network-instance default peer-group [ ix ]\n";
	scripted_refuses(&s, VERB_WITHDRAW, "not provisioned");
	s.answers[1].text[0] = GROUP_OF("W", "NOC-WITHDRAW", "192.0.2.10", "disable"); /* a profile without a policy */
	scripted_refuses(&s, VERB_WITHDRAW, "not provisioned");
	s.answers[1].text[0] = PROFILES GROUP_OF("W", "NOC-WITHDRAW", "192.0.2.10", "enable");
	scripted_refuses(&s, VERB_WITHDRAW, "already under maintenance");
	s.answers[0].text[0] = "";
	scripted_refuses(&s, VERB_SUSPEND, "does not name this neighbor");
	scripted_free(&s);
}

static struct scripted any_router(size_t round)
{
	struct scripted s = router();

	(void)round;
	s.answers[2].command = READ("CUST", "198.51.100.9");
	s.answers[2].text[0] = "set / network-instance CUST protocols bgp neighbor 198.51.100.9 admin-state disable\n";
	s.rows[1] = (struct scripted_row){ .neighbor = "198.51.100.9", .vrf = "CUST", .asn = 64503, .state = { BGP_IDLE },
		.down = { TRI_YES } };
	return s;
}

static void hostile_names_get_into_no_line(void **state)
{
	static const char *const names[] = { "NOC-WITHDRAW", "W-64501", "G-64501", "CUST", "ix" };

	(void)state;
	hostile_rounds(any_router, names, ARRAY_LEN(names), 300);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(exact_lines),
	    cmocka_unit_test(hostile_names_get_into_no_line),
	    cmocka_unit_test(suspend_and_resume_leave_the_leaf_as_it_was),
	    cmocka_unit_test(maintenance_of_exactly_this_neighbor),
	    cmocka_unit_test(refuses_what_it_cannot_do_exactly),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
