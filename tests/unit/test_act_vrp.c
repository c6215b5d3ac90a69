/* What is sent to, or prepared for, Huawei VRP 5 and 8 and HPE Comware, and what is refused. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "tests/unit/hostile.h"
#include "tests/unit/scripted.h"

#define BGP "display current-configuration configuration bgp"
#define VERSION "display version"
#define LISTS "display current-configuration | include prefix"
#define POLICIES "display current-configuration | include route-policy"

#define VRP8 "Huawei Versatile Routing Platform Software\nVRP (R) software, Version 8.220 (NE40E V800R022C00SPC600)\n"
#define VRP5 "Huawei Versatile Routing Platform Software\nVRP (R) software, Version 5.170 (S5720 V200R019C10SPC500)\n"
#define COMWARE7 "HPE Comware Software, Version 7.1.070, Release 3507P09\n"

#define VRP_BGP(shut, slot) \
	"#\nbgp 64500\n router-id 192.0.2.254\n peer 192.0.2.10 as-number 64501\n" shut \
	" peer 2001:db8::20 as-number 64502\n peer 192.0.2.30 as-number 64503\n peer 192.0.2.30 ignore\n" \
	" peer 192.0.2.10 password cipher %^%#north-pier\n #\n ipv4-family unicast\n  peer 192.0.2.10 enable\n" slot \
	"  peer 192.0.2.10 advertise-community\n #\n ipv6-family unicast\n  peer 2001:db8::20 enable\n" \
	"  peer 2001:db8::20 ipv6-prefix OLD6 export\n  peer 2001:db8::20 route-policy P6 export\n" \
	"  peer 2001:db8::20 advertise-community\n #\n" \
	" ipv4-family vpn-instance CUST\n  peer 198.51.100.9 as-number 64509\n  peer 198.51.100.9 advertise-community\n#\nreturn\n"
#define COMWARE_BGP(shut, slot) \
	"#\nbgp 64500\n router-id 192.0.2.254\n peer 192.0.2.10 as-number 64501\n" shut \
	" peer 2001:db8::20 as-number 64502\n peer 192.0.2.30 as-number 64503\n peer 192.0.2.30 ignore\n #\n" \
	" address-family ipv4 unicast\n  peer 192.0.2.10 enable\n" slot "  peer 192.0.2.10 advertise-community\n #\n" \
	" address-family ipv6 unicast\n  peer 2001:db8::20 enable\n  peer 2001:db8::20 prefix-list OLD6 export\n" \
	"  peer 2001:db8::20 route-policy P6 export\n  peer 2001:db8::20 advertise-community\n #\n" \
	" ip vpn-instance CUST\n  peer 198.51.100.9 as-number 64509\n  #\n  address-family ipv4 unicast\n" \
	"   peer 198.51.100.9 advertise-community\n#\nreturn\n"
#define VRP_LISTS \
	"ip ip-prefix NOC-DENY index 10 deny 0.0.0.0 0 less-equal 32\n" \
	"ip ipv6-prefix NOC-DENY index 10 deny :: 0 less-equal 128\n" \
	"ip ipv6-prefix OLD6 index 10 permit 2001:DB8:100:: 40 greater-equal 41 less-equal 48\n" \
	"ip ipv6-prefix OLD6 index 20 permit 2001:DB8:113:: 48\n"
#define COMWARE_LISTS \
	" ip prefix-list NOC-DENY index 10 deny 0.0.0.0 0 less-equal 32\n" \
	" ipv6 prefix-list NOC-DENY index 10 deny :: 0 less-equal 128\n" \
	" ipv6 prefix-list OLD6 index 10 permit 2001:DB8:100:: 40 greater-equal 41 less-equal 48\n" \
	" ipv6 prefix-list OLD6 index 20 permit 2001:DB8:113:: 48\n"
#define ROUTE_POLICIES "route-policy NOC-GSHUT permit node 10\nroute-policy P6 permit node 10\nroute-policy P6-GSHUT permit node 10\n"

static struct scripted router(const char *version)
{
	bool comware = strcmp(version, COMWARE7) == 0;
	struct scripted s = scripted_new(comware ? "comware" : "vrp", version);

	s.answers[0].command = BGP;
	s.answers[0].text[0] = comware ? COMWARE_BGP("", "") : VRP_BGP("", "");
	s.answers[1].command = VERSION;
	s.answers[1].text[0] = version;
	s.answers[2].command = LISTS;
	s.answers[2].text[0] = comware ? COMWARE_LISTS : VRP_LISTS;
	s.answers[3].command = POLICIES;
	s.answers[3].text[0] = ROUTE_POLICIES;
	s.rows[0] = (struct scripted_row){ .neighbor = "192.0.2.10", .asn = 64501,
		.state = { BGP_ESTABLISHED, BGP_ESTABLISHED }, .down = { TRI_NO, TRI_NO }, .advertised = { 12, 12 } };
	return s;
}

static void exact_lines(void **state)
{
	static const struct {
		const char *version, *name;
	} of[] = { { VRP8, "vrp8" }, { VRP5, "vrp5" }, { COMWARE7, "comware" } };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(of); i++) {
		struct scripted s = router(of[i].version);

		s.rows[1] = (struct scripted_row){ .neighbor = "2001:db8::20", .asn = 64502, .family = AF_IPV6_UNICAST,
			.state = { BGP_ESTABLISHED }, .down = { TRI_NO }, .advertised = { 4 } };
		s.rows[2] = (struct scripted_row){ .neighbor = "192.0.2.30", .asn = 64503, .state = { BGP_IDLE },
			.down = { TRI_YES } };
		s.rows[3] = (struct scripted_row){ .neighbor = "198.51.100.9", .vrf = "CUST", .asn = 64509,
			.state = { BGP_ESTABLISHED }, .down = { TRI_NO } };
		s.rows[4] = (struct scripted_row){ .neighbor = "203.0.113.7", .asn = 64510, .state = { BGP_ESTABLISHED },
			.down = { TRI_NO } };
		for (int v = 0; v < VERB_COUNT; v++)
			if (v != VERB_RESTORE)
				scripted_golden(&s, of[i].name, (enum verb)v);
		scripted_free(&s);
	}
}

#define SHUT " peer 192.0.2.10 ignore\n"

static void ignores_and_opens(void **state)
{
	static const char *const down8[] = { "system-view", "bgp 64500", "peer 192.0.2.10 ignore", "commit", "return" };
	static const char *const up8[] = { "system-view", "bgp 64500", "undo peer 192.0.2.10 ignore", "commit", "return" };
	static const char *const down5[] = { "system-view", "bgp 64500", "peer 192.0.2.10 ignore", "return" };
	static const char *const up5[] = { "system-view", "bgp 64500", "undo peer 192.0.2.10 ignore", "return" };
	static const char *const of[] = { VRP8, VRP5, COMWARE7 };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(of); i++) {
		struct scripted s = router(of[i]);
		struct scripted_house h;

		s.answers[0].text[1] = of[i] == of[2] ? COMWARE_BGP(SHUT, "") : VRP_BGP(SHUT, "");
		s.rows[0].state[1] = BGP_IDLE;
		s.rows[0].down[1] = TRI_YES;
		s.turns = i == 0 ? "commit" : "peer";
		scripted_open(&h);
		assert_int_equal(scripted_act(&s, &h, VERB_SUSPEND), RUN_DONE);
		scripted_sent(&s, i == 0 ? down8 : down5, i == 0 ? ARRAY_LEN(down8) : ARRAY_LEN(down5));
		s.turns = NULL;
		s.back = i == 0 ? "commit" : "undo peer";
		assert_int_equal(scripted_act(&s, &h, VERB_RESUME), RUN_DONE);
		scripted_sent(&s, i == 0 ? up8 : up5, i == 0 ? ARRAY_LEN(up8) : ARRAY_LEN(up5));
		assert_int_equal(ledger_count(h.ledger), 0);
		scripted_free(&s);
		scripted_close(&h);
	}
}

static void a_refused_commit_leaves_no_candidate(void **state)
{
	static const char *const lines[] = { "system-view", "bgp 64500", "peer 192.0.2.10 ignore", "commit",
		"clear configuration candidate", "return" };
	struct scripted s = router(VRP8);
	struct scripted_house h;

	(void)state;
	s.refuses = "commit";
	scripted_open(&h);
	assert_int_equal(scripted_act(&s, &h, VERB_SUSPEND), RUN_FAILED);
	scripted_sent(&s, lines, ARRAY_LEN(lines));
	scripted_free(&s);
	scripted_close(&h);
}

static void holding_back_is_prepared_and_proven(void **state)
{
	static const char *const of[] = { VRP8, VRP5, COMWARE7 };
	static const char *const name[] = { "vrp8", "vrp5", "comware" };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(of); i++) {
		struct scripted s = router(of[i]);

		s.answers[0].text[1] = i == 2 ? COMWARE_BGP("", "  peer 192.0.2.10 prefix-list NOC-DENY export\n")
		                              : VRP_BGP("", "  peer 192.0.2.10 ip-prefix NOC-DENY export\n");
		s.rows[0].advertised[1] = 0;
		s.pastes = true;
		scripted_golden_restore(&s, name[i]);
		assert_int_equal(s.sent_count, 0); /* nothing is ever sent */
		scripted_free(&s);
	}
}

/* Pasted, proven, and what would restore it. */
static void chosen_prefixes_are_prepared_and_proven(void **state)
{
	static const char *const of[] = { VRP8, VRP5, COMWARE7 };
	static const char *const name[] = { "vrp8", "vrp5", "comware" };
	static const char *const ours[] = {
		"ip ip-prefix PEERDECK-WD-192.0.2.10 index 5 deny 203.0.113.0 24\n"
		"ip ip-prefix PEERDECK-WD-192.0.2.10 index 10 permit 0.0.0.0 0 less-equal 32\n",
		"ip prefix-list PEERDECK-WD-192.0.2.10 index 5 deny 203.0.113.0 24\n"
		"ip prefix-list PEERDECK-WD-192.0.2.10 index 10 permit 0.0.0.0 0 less-equal 32\n" };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(of); i++) {
		struct scripted s = router(of[i]);

		s.answers[0].text[1] = i == 2 ? COMWARE_BGP("", "  peer 192.0.2.10 prefix-list PEERDECK-WD-192.0.2.10 export\n")
		                              : VRP_BGP("", "  peer 192.0.2.10 ip-prefix PEERDECK-WD-192.0.2.10 export\n");
		s.answers[2].text[1] = ours[i == 2];
		s.pastes = true;
		scripted_golden_back(&s, name[i], VERB_WITHDRAW_PREFIXES, "restore-prefixes");
		assert_int_equal(s.sent_count, 0); /* nothing is ever sent */
		scripted_free(&s);
	}
}

/* The routes are gone, but by something else than the pasted lines: that is no proof of them. */
static void other_lines_prove_nothing(void **state)
{
	struct scripted s = router(VRP5);
	struct scripted_house h;

	(void)state;
	s.answers[0].text[1] = VRP_BGP("", "  peer 192.0.2.10 ip-prefix SOMETHING export\n");
	s.pastes = true;
	scripted_open(&h);
	assert_int_not_equal(scripted_act(&s, &h, VERB_WITHDRAW_PREFIXES), RUN_DONE);
	assert_int_equal(s.sent_count, 0);
	scripted_free(&s);
	scripted_close(&h);
}

static void lists_that_cannot_be_copied_are_refused(void **state)
{
	struct scripted s = router(VRP5);

	(void)state;
	s.answers[0].text[0] = VRP_BGP("", "  peer 192.0.2.10 ip-prefix OLD export\n");
	scripted_refuses(&s, VERB_WITHDRAW_PREFIXES, "OLD is not defined");
	s.answers[2].text[0] = "ip ip-prefix OLD index 10 permit 203.0.113.0 24 match-network\n";
	scripted_refuses(&s, VERB_WITHDRAW_PREFIXES, "cannot be copied exactly");
	s.answers[0].text[0] = VRP_BGP("", "  peer 192.0.2.10 ip-prefix NOC-DENY export\n");
	s.answers[2].text[0] = VRP_LISTS;
	scripted_refuses(&s, VERB_WITHDRAW_PREFIXES, "withdrawn as a whole");
	scripted_free(&s);
}

static void refuses_what_it_cannot_do_exactly(void **state)
{
	struct scripted s = router(VRP8);

	(void)state;
	scripted_refuses(&s, VERB_REFRESH, "refresh bgp 192.0.2.10 import");
	s.answers[1].text[0] = "VRP (R) software, Version 1.23 (YunShan OS)\n";
	scripted_refuses(&s, VERB_SUSPEND, "neither VRP 5 nor VRP 8");
	s.answers[1].text[0] = VRP8;
	s.answers[2].text[0] = "ip ip-prefix NOC-DENY index 5 permit 203.0.113.0 24\n" VRP_LISTS;
	scripted_refuses(&s, VERB_WITHDRAW, "ip ip-prefix NOC-DENY index 10 deny 0.0.0.0 0 less-equal 32");
	s.answers[2].text[0] = "";
	scripted_refuses(&s, VERB_WITHDRAW, "not provisioned");
	s.answers[3].text[0] = "route-policy P6 permit node 10\n";
	scripted_refuses(&s, VERB_GSHUT, "route-policy NOC-GSHUT permit node 10");
	s.answers[2].text[0] = VRP_LISTS;
	s.answers[0].text[0] = VRP_BGP("", "  peer 192.0.2.10 ip-prefix NOC-DENY export\n");
	scripted_refuses(&s, VERB_WITHDRAW, "already");
	s.answers[0].text[0] = "#\nbgp 64500\n peer 192.0.2.11 as-number 64501\n peer 192.0.2.101 as-number 1\n";
	scripted_refuses(&s, VERB_SUSPEND, "does not name this peer");
	scripted_free(&s);
}

static struct scripted any_router(size_t round)
{
	static const char *const of[] = { VRP8, VRP5, COMWARE7 };
	struct scripted s = router(of[round / 5 % 3]);

	s.rows[1] = (struct scripted_row){ .neighbor = "2001:db8::20", .asn = 64502, .family = AF_IPV6_UNICAST,
		.state = { BGP_ESTABLISHED }, .down = { TRI_NO }, .advertised = { 4 } };
	s.rows[2] = (struct scripted_row){ .neighbor = "198.51.100.9", .vrf = "CUST", .asn = 64509, .state = { BGP_ESTABLISHED },
		.down = { TRI_NO } };
	return s;
}

static void hostile_names_get_into_no_line(void **state)
{
	static const char *const names[] = { "NOC-DENY", "NOC-GSHUT", "CUST", "OLD6", "P6" };

	(void)state;
	hostile_rounds(any_router, names, ARRAY_LEN(names), 300);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(exact_lines),
	    cmocka_unit_test(hostile_names_get_into_no_line),
	    cmocka_unit_test(ignores_and_opens),
	    cmocka_unit_test(a_refused_commit_leaves_no_candidate),
	    cmocka_unit_test(holding_back_is_prepared_and_proven),
	    cmocka_unit_test(chosen_prefixes_are_prepared_and_proven),
	    cmocka_unit_test(other_lines_prove_nothing),
	    cmocka_unit_test(lists_that_cannot_be_copied_are_refused),
	    cmocka_unit_test(refuses_what_it_cannot_do_exactly),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
