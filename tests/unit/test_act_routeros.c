/* What is sent to, or prepared for, RouterOS 6 and 7, and what is refused. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "tests/unit/hostile.h"
#include "tests/unit/scripted.h"

#define RESOURCE "/system resource print"
#define PRINT7(name) "/routing/bgp/connection/print detail without-paging where name=\"" name "\""
#define COUNT7(name) "/routing/bgp/connection/print count-only where name=\"" name "\""
#define PRINT6(name) "/routing bgp peer print detail without-paging where name=\"" name "\""
#define COUNT6(name) "/routing bgp peer print count-only where name=\"" name "\""
#define SESSION(name) "/routing/bgp/session/print count-only where name=\"" name "\""
#define FILTERS7 "/routing/filter/rule/print without-paging"
#define FILTERS6 "/routing filter print without-paging"

#define CONNECTION(flags, chain) \
	"Flags: D - DYNAMIC, X - DISABLED, I - INACTIVE\n 0 " flags " ;;; First X output.filter-chain=no out-filter=no example\n" \
	"     name=\"as64501-v4\" instance=bgp-instance-1 remote.address=192.0.2.10/32 .as=64501 local.role=ebgp\n" \
	"     output.network=nets " chain "input.filter=ix-in tcp-md5-key=\"north-pier\"\n"
#define PEER(flags, chain) \
	"Flags: X - disabled, E - established\n 0 " flags " ;;; First X output.filter-chain=no out-filter=no example\n" \
	"     name=\"as64501-v4\" instance=default remote-address=192.0.2.10 remote-as=64501 in-filter=ix-in " chain "ttl=255\n"

static struct scripted router(bool seven)
{
	struct scripted s = scripted_new("routeros", NULL);

	s.answers[0].command = RESOURCE;
	s.answers[0].text[0] = seven ? "  uptime: 4w2d3h\n  version: 7.14.3 (stable)\n  cpu: ARM64\n"
	                             : "  uptime: 4w2d3h\n  version: 6.49.10 (long-term)\n";
	s.answers[1].command = PRINT7("as64501-v4");
	s.answers[1].text[0] = seven ? CONNECTION("  ", ".filter-chain=ix-out ") : NULL;
	s.answers[2].command = COUNT7("as64501-v4");
	s.answers[2].text[0] = seven ? "1\n" : NULL;
	s.answers[3].command = PRINT6("as64501-v4");
	s.answers[3].text[0] = seven ? NULL : PEER("E", "out-filter=ix-out ");
	s.answers[4].command = COUNT6("as64501-v4");
	s.answers[4].text[0] = seven ? NULL : "1\n";
	s.answers[5].command = FILTERS7;
	s.answers[5].text[0] = seven ? " 0   chain=ix-out rule=\"accept\"\n 1   chain=noc-deny rule=\"reject\"\n"
	    " 2   chain=ix-out-gshut rule=\"append bgp-communities graceful-shutdown; jump ix-out\"\n" : NULL;
	s.answers[6].command = FILTERS6;
	s.answers[6].text[0] = seven ? NULL : " 0   chain=ix-out invert-match=no action=accept\n"
	    " 1   chain=noc-deny invert-match=no action=discard\n"
	    " 2   chain=ix-out-gshut action=jump jump-target=ix-out append-bgp-communities=65535:0\n";
	s.answers[7].command = SESSION("as64501-v4-1");
	s.answers[7].text[0] = seven ? "1\n" : NULL;
	s.rows[0] = (struct scripted_row){ .neighbor = "192.0.2.10", .handle = "as64501-v4", .asn = 64501,
		.state = { BGP_ESTABLISHED, BGP_ESTABLISHED }, .down = { TRI_NO, TRI_NO },
		.advertised = { COUNT_UNKNOWN, COUNT_UNKNOWN } };
	return s;
}

static void exact_lines(void **state)
{
	(void)state;
	for (int seven = 0; seven < 2; seven++) {
		struct scripted s = router(seven == 1);

		s.answers[8].command = seven ? PRINT7("shut") : PRINT6("shut");
		s.answers[8].text[0] = seven ? CONNECTION("X ", ".filter-chain=ix-out ") : PEER("X", "out-filter=ix-out ");
		s.answers[9].command = seven ? COUNT7("shut") : COUNT6("shut");
		s.answers[9].text[0] = "1\n";
		s.answers[10].command = seven ? PRINT6("shut") : PRINT7("shut");
		s.answers[11].command = seven ? COUNT6("shut") : COUNT7("shut");
		s.rows[1] = (struct scripted_row){ .neighbor = "192.0.2.30", .handle = "shut", .asn = 64503, .state = { BGP_IDLE },
			.down = { TRI_YES }, .advertised = { COUNT_UNKNOWN } };
		s.rows[2] = (struct scripted_row){ .neighbor = "192.0.2.40", .handle = "two words", .asn = 64504,
			.state = { BGP_ESTABLISHED }, .advertised = { COUNT_UNKNOWN } };
		for (int v = 0; v < VERB_COUNT; v++)
			if (v != VERB_RESTORE)
				scripted_golden(&s, seven ? "routeros7" : "routeros6", (enum verb)v);
		scripted_free(&s);
	}
}

static void disables_and_enables_by_name(void **state)
{
	static const char *const down[] = { "/routing bgp peer set [find name=\"as64501-v4\"] disabled=yes",
		"/routing/bgp/connection/set [find name=\"as64501-v4\"] disabled=yes" };
	static const char *const up[] = { "/routing bgp peer set [find name=\"as64501-v4\"] disabled=no",
		"/routing/bgp/connection/set [find name=\"as64501-v4\"] disabled=no" };

	(void)state;
	for (int seven = 0; seven < 2; seven++) {
		struct scripted s = router(seven == 1);
		struct scripted_house h;

		s.answers[seven ? 1 : 3].text[1] = seven ? CONNECTION("X ", ".filter-chain=ix-out ")
		                                         : PEER("X", "out-filter=ix-out ");
		s.rows[0].state[1] = BGP_IDLE;
		s.rows[0].down[1] = TRI_YES;
		s.turns = down[seven];
		s.back = up[seven];
		scripted_open(&h);
		assert_int_equal(scripted_act(&s, &h, VERB_SUSPEND), RUN_DONE);
		scripted_sent(&s, &down[seven], 1);
		assert_int_equal(scripted_act(&s, &h, VERB_RESUME), RUN_DONE);
		scripted_sent(&s, &up[seven], 1);
		assert_int_equal(ledger_count(h.ledger), 0);
		scripted_free(&s);
		scripted_close(&h);
	}
}

static void chains_are_prepared_and_put_back(void **state)
{
	(void)state;
	for (int seven = 0; seven < 2; seven++) {
		struct scripted s = router(seven == 1);

		s.answers[seven ? 1 : 3].text[1] = seven ? CONNECTION("  ", ".filter-chain=noc-deny ")
		                                         : PEER("E", "out-filter=noc-deny ");
		s.pastes = true;
		scripted_golden_restore(&s, seven ? "routeros7" : "routeros6");
		assert_int_equal(s.sent_count, 0);
		scripted_free(&s);
	}
}

static void chosen_prefixes_are_prepared_and_proven(void **state)
{
	(void)state;
	for (int seven = 0; seven < 2; seven++) {
		struct scripted s = router(seven == 1);

		s.answers[seven ? 1 : 3].text[1] = seven ? CONNECTION("  ", ".filter-chain=PEERDECK-WD-192.0.2.10 ")
		                                         : PEER("E", "out-filter=PEERDECK-WD-192.0.2.10 ");
		s.answers[seven ? 5 : 6].text[1] = seven
		    ? " 7   chain=PEERDECK-WD-192.0.2.10 rule=\"if (dst==203.0.113.0/24) {reject}\"\n"
		    : " 7   chain=PEERDECK-WD-192.0.2.10 prefix=203.0.113.0/24 invert-match=no action=discard\n";
		s.pastes = true;
		scripted_golden_back(&s, seven ? "routeros7" : "routeros6", VERB_WITHDRAW_PREFIXES, "restore-prefixes");
		assert_int_equal(s.sent_count, 0);
		scripted_free(&s);
	}
}

/* The chain is there, but without the rule: nothing is proven. */
static void a_chain_without_its_rule_is_no_proof(void **state)
{
	struct scripted s = router(true);
	struct scripted_house h;

	(void)state;
	s.answers[1].text[1] = CONNECTION("  ", ".filter-chain=PEERDECK-WD-192.0.2.10 ");
	s.answers[5].text[1] = " 7 X chain=PEERDECK-WD-192.0.2.10 rule=\"if (dst==203.0.113.0/24) {reject}\"\n";
	s.pastes = true;
	scripted_open(&h);
	assert_int_not_equal(scripted_act(&s, &h, VERB_WITHDRAW_PREFIXES), RUN_DONE);
	scripted_free(&s);
	scripted_close(&h);
}

static void refuses_what_it_cannot_do_exactly(void **state)
{
	struct scripted s = router(true);

	(void)state;
	s.answers[2].text[0] = "2\n";
	scripted_refuses(&s, VERB_SUSPEND, "names not exactly one connection");
	s.answers[2].text[0] = "0\n";
	scripted_refuses(&s, VERB_SUSPEND, "names not exactly one connection");
	s.answers[2].text[0] = "1\n";
	s.answers[0].text[0] = "  version: 5.26\n";
	scripted_refuses(&s, VERB_SUSPEND, "neither version 6 nor 7");
	s = router(true);
	s.answers[1].text[0] = CONNECTION("  ", "");
	scripted_refuses(&s, VERB_WITHDRAW, "which advertises everything");
	scripted_refuses(&s, VERB_WITHDRAW_PREFIXES, "which advertises everything");
	s.answers[1].text[0] = CONNECTION("  ", ".filter-chain=noc-deny ");
	scripted_refuses(&s, VERB_WITHDRAW, "already");
	scripted_refuses(&s, VERB_WITHDRAW_PREFIXES, "restore that first");
	s.answers[1].text[0] = CONNECTION("  ", ".filter-chain=\"ix out\" ");
	s.answers[5].text[0] = " 0   chain=noc-deny rule=\"reject\"\n";
	scripted_refuses(&s, VERB_WITHDRAW, "cannot be sent");
	s.answers[1].text[0] = CONNECTION("  ", ".keep=\"a .filter-chain=b\" .filter-chain=ix-out ");
	s.answers[5].text[0] = "";
	scripted_refuses(&s, VERB_GSHUT, "chain=ix-out-gshut");
	s = router(true);
	s.answers[5].text[0] = " 0   chain=noc-deny rule=\"reject\"\n 1   chain=noc-deny rule=\"accept\"\n";
	scripted_refuses(&s, VERB_WITHDRAW, "/routing/filter/rule/add chain=noc-deny rule=\"reject\"");
	s.answers[5].text[0] = " 0 X chain=noc-deny rule=\"reject\"\n";
	scripted_refuses(&s, VERB_WITHDRAW, "not provisioned");
	scripted_refuses(&s, VERB_GSHUT, "chain=ix-out-gshut");
	s.answers[7].text[0] = "0\n";
	scripted_refuses(&s, VERB_REFRESH, "names not exactly one session");
	s = router(false);
	scripted_refuses(&s, VERB_REFRESH, "all peers together");
	s.rows[0].handle = "";
	scripted_refuses(&s, VERB_SUSPEND, "not known");
	scripted_free(&s);
}

static struct scripted any_router(size_t round)
{
	return router(round / 4 % 2 == 1);
}

static void hostile_names_get_into_no_line(void **state)
{
	static const char *const names[] = { "as64501-v4", "ix-out", "noc-deny", "ix-out-gshut" };

	(void)state;
	hostile_rounds(any_router, names, ARRAY_LEN(names), 300);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(exact_lines),
	    cmocka_unit_test(hostile_names_get_into_no_line),
	    cmocka_unit_test(disables_and_enables_by_name),
	    cmocka_unit_test(chains_are_prepared_and_put_back),
	    cmocka_unit_test(chosen_prefixes_are_prepared_and_proven),
	    cmocka_unit_test(a_chain_without_its_rule_is_no_proof),
	    cmocka_unit_test(refuses_what_it_cannot_do_exactly),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
