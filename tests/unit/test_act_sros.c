/* What is sent to SR OS in each of its two CLIs, and what is refused. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "tests/unit/hostile.h"
#include "tests/unit/scripted.h"

#define MD "admin show configuration full-context"
#define CLASSIC "admin display-config"

#define MD_BASE \
	"/configure policy-options community \"GRACEFUL-SHUTDOWN\" member \"65535:0\"\n" \
	"/configure policy-options policy-statement \"NOC-REJECT\" default-action action-type reject\n" \
	"/configure policy-options policy-statement \"NOC-GSHUT\" default-action action-type next-policy\n" \
	"/configure policy-options policy-statement \"NOC-GSHUT\" default-action community add [\"GRACEFUL-SHUTDOWN\"]\n" \
	"/configure router \"Base\" bgp group \"IX\" peer-as 64501\n" \
	"/configure router \"Base\" bgp group \"IX\" export policy [\"PEER-OUT\"]\n" \
	"/configure router \"Base\" bgp neighbor \"2001:db8::20\" group \"IX\"\n" \
	"/configure router \"Base\" bgp neighbor \"192.0.2.30\" group \"IX\"\n" \
	"/configure router \"Base\" bgp neighbor \"192.0.2.30\" admin-state disable\n" \
	"/configure router \"Base\" bgp neighbor \"192.0.2.10\" group \"IX\"\n"
#define MD_OWN "/configure router \"Base\" bgp neighbor \"192.0.2.10\" export policy [\"AS64501-OUT\" \"PEER-OUT\"]\n"

#define CLASSIC_POLICIES \
	"configure\n    router Base\n        policy-options\n            begin\n" \
	"            policy-statement \"NOC-REJECT\"\n                default-action reject\n            exit\n" \
	"            policy-statement \"NOC-GSHUT\"\n                default-action next-policy\n" \
	"                    community add \"GRACEFUL-SHUTDOWN\"\n                exit\n            exit\n" \
	"            commit\n        exit\n    exit\n"
#define CLASSIC_BGP(own, shut) \
	"#--------------------------------------------------\necho \"BGP Configuration\"\n" \
	"#--------------------------------------------------\n" \
	"    router Base\n        bgp\n            group \"IX\"\n                export \"PEER-OUT\"\n" \
	"                neighbor 192.0.2.10\n" own shut "                exit\n" \
	"                neighbor 192.0.2.30\n                    shutdown\n                exit\n" \
	"                neighbor 2001:db8::20\n                exit\n" \
	"            exit\n            no shutdown\n        exit\n    exit\n"
#define CLASSIC_OWN "                    export \"AS64501-OUT\" \"PEER-OUT\"\n"

static struct scripted router(bool md)
{
	struct scripted s = scripted_new("sros", "TiMOS-B-22.10.R3");

	s.answers[0].command = MD;
	s.answers[1].command = CLASSIC;
	s.answers[!md].text[0] = md ? MD_BASE MD_OWN : CLASSIC_POLICIES CLASSIC_BGP(CLASSIC_OWN, "");
	s.rows[0] = (struct scripted_row){ .neighbor = "192.0.2.10", .asn = 64501,
		.state = { BGP_ESTABLISHED, BGP_ESTABLISHED }, .advertised = { 12, 12 } };
	return s;
}

static void exact_lines(void **state)
{
	(void)state;
	for (int md = 0; md < 2; md++) {
		struct scripted s = router(md == 1);

		s.rows[1] = (struct scripted_row){ .neighbor = "2001:db8::20", .asn = 64502, .family = AF_IPV6_UNICAST,
			.state = { BGP_ESTABLISHED }, .advertised = { 4 } };
		s.rows[2] = (struct scripted_row){ .neighbor = "192.0.2.30", .asn = 64503, .state = { BGP_IDLE } };
		s.rows[3] = (struct scripted_row){ .neighbor = "192.0.2.40", .asn = 64504, .state = { BGP_ESTABLISHED } };
		s.rows[4] = (struct scripted_row){ .neighbor = "198.51.100.9", .vrf = "vprn100", .asn = 64509,
			.state = { BGP_ESTABLISHED } };
		for (int v = 0; v < VERB_COUNT; v++)
			if (v != VERB_RESTORE)
				scripted_golden(&s, md ? "sros-md" : "sros-classic", (enum verb)v);
		s.answers[!md].text[1] = md
		    ? MD_BASE "/configure router \"Base\" bgp neighbor \"192.0.2.10\" export policy [\"NOC-REJECT\" \"AS64501-OUT\" "
		              "\"PEER-OUT\"]\n"
		    : CLASSIC_POLICIES CLASSIC_BGP("                    export \"NOC-REJECT\" \"AS64501-OUT\" \"PEER-OUT\"\n", "");
		s.rows[0].advertised[1] = 0;
		s.turns = md ? "commit confirmed" : "configure";
		scripted_golden_restore(&s, md ? "sros-md" : "sros-classic");
		scripted_free(&s);
	}
}

static void chosen_prefixes_are_prepared_and_proven(void **state)
{
	(void)state;
	for (int md = 0; md < 2; md++) {
		struct scripted s = router(md == 1);

		s.answers[!md].text[1] = md
		    ? MD_BASE "/configure router \"Base\" bgp neighbor \"192.0.2.10\" export policy [\"PEERDECK-WD-192.0.2.10\" "
		              "\"AS64501-OUT\" \"PEER-OUT\"]\n"
		    : CLASSIC_POLICIES CLASSIC_BGP(
		          "                    export \"PEERDECK-WD-192.0.2.10\" \"AS64501-OUT\" \"PEER-OUT\"\n", "");
		s.pastes = true;
		scripted_golden_back(&s, md ? "sros-md" : "sros-classic", VERB_WITHDRAW_PREFIXES, "restore-prefixes");
		assert_int_equal(s.sent_count, 0);
		scripted_free(&s);
	}
}

static void md_confirms_in_the_session_that_committed(void **state)
{
	static const char *const lines[] = { "edit-config private",
		"/configure router Base bgp neighbor 192.0.2.10 admin-state disable", "commit confirmed 5",
		"commit confirmed accept", "quit-config" };
	static const char *const cancelled[] = { "edit-config private",
		"/configure router Base bgp neighbor 192.0.2.10 admin-state disable", "commit confirmed 5",
		"commit confirmed cancel", "quit-config" };
	static const char *const refused[] = { "edit-config private",
		"/configure router Base bgp neighbor 192.0.2.10 admin-state disable", "discard", "quit-config" };
	struct scripted s = router(true);
	struct scripted_house h;

	(void)state;
	scripted_open(&h);
	s.refuses = "/configure";
	assert_int_equal(scripted_act(&s, &h, VERB_SUSPEND), RUN_FAILED);
	scripted_sent(&s, refused, ARRAY_LEN(refused));
	s.refuses = NULL;
	assert_int_equal(scripted_act(&s, &h, VERB_SUSPEND), RUN_FAILED); /* it stays up: not proven */
	scripted_sent(&s, cancelled, ARRAY_LEN(cancelled));
	s.answers[0].text[1] = MD_BASE MD_OWN
	    "/configure router \"Base\" bgp neighbor \"192.0.2.10\" admin-state disable\n";
	s.rows[0].state[1] = BGP_IDLE;
	s.turns = "commit confirmed";
	assert_int_equal(scripted_act(&s, &h, VERB_SUSPEND), RUN_DONE);
	scripted_sent(&s, lines, ARRAY_LEN(lines));
	s.turns = NULL;
	s.back = "commit confirmed";
	assert_int_equal(scripted_act(&s, &h, VERB_RESUME), RUN_DONE);
	assert_string_equal(s.sent[1], "/configure router Base bgp neighbor 192.0.2.10 admin-state enable");
	assert_int_equal(ledger_count(h.ledger), 0);
	scripted_free(&s);
	scripted_close(&h);
}

static void export_lists_come_back_as_they_were(void **state)
{
	static const struct {
		bool md;
		const char *before, *after, *off[2], *on[2];
	} way[] = {
	    { true, MD_BASE MD_OWN,
	        MD_BASE "/configure router \"Base\" bgp neighbor \"192.0.2.10\" export policy [\"NOC-REJECT\" \"AS64501-OUT\" "
	                "\"PEER-OUT\"]\n",
	        { "delete /configure router Base bgp neighbor 192.0.2.10 export",
	            "/configure router Base bgp neighbor 192.0.2.10 export policy [NOC-REJECT AS64501-OUT PEER-OUT]" },
	        { "delete /configure router Base bgp neighbor 192.0.2.10 export",
	            "/configure router Base bgp neighbor 192.0.2.10 export policy [AS64501-OUT PEER-OUT]" } },
	    { true, MD_BASE,
	        MD_BASE "/configure router \"Base\" bgp neighbor \"192.0.2.10\" export policy [\"NOC-REJECT\" \"PEER-OUT\"]\n",
	        { "/configure router Base bgp neighbor 192.0.2.10 export policy [NOC-REJECT PEER-OUT]", NULL },
	        { "delete /configure router Base bgp neighbor 192.0.2.10 export", NULL } },
	    { false, CLASSIC_POLICIES CLASSIC_BGP(CLASSIC_OWN, ""),
	        CLASSIC_POLICIES CLASSIC_BGP("                    export \"NOC-REJECT\" \"AS64501-OUT\" \"PEER-OUT\"\n", ""),
	        { "configure router bgp group IX neighbor 192.0.2.10 export NOC-REJECT AS64501-OUT PEER-OUT", NULL },
	        { "configure router bgp group IX neighbor 192.0.2.10 export AS64501-OUT PEER-OUT", NULL } },
	    { false, CLASSIC_POLICIES CLASSIC_BGP("", ""),
	        CLASSIC_POLICIES CLASSIC_BGP("                    export \"NOC-REJECT\" \"PEER-OUT\"\n", ""),
	        { "configure router bgp group IX neighbor 192.0.2.10 export NOC-REJECT PEER-OUT", NULL },
	        { "configure router bgp group IX neighbor 192.0.2.10 no export", NULL } },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(way); i++) {
		struct scripted s = router(way[i].md);
		struct scripted_house h;

		s.answers[!way[i].md].text[0] = way[i].before;
		s.answers[!way[i].md].text[1] = way[i].after;
		s.rows[0].advertised[1] = 0;
		scripted_open(&h);
		s.turns = way[i].md ? "commit confirmed" : "configure";
		assert_int_equal(scripted_act(&s, &h, VERB_WITHDRAW), RUN_DONE);
		for (int k = 0; k < 2 && way[i].off[k] != NULL; k++)
			assert_string_equal(s.sent[k + way[i].md], way[i].off[k]);
		s.turns = NULL;
		s.back = way[i].md ? "commit confirmed" : "configure";
		assert_int_equal(scripted_act(&s, &h, VERB_RESTORE), RUN_DONE);
		for (int k = 0; k < 2 && way[i].on[k] != NULL; k++)
			assert_string_equal(s.sent[k + way[i].md], way[i].on[k]);
		assert_int_equal(ledger_count(h.ledger), 0);
		scripted_free(&s);
		scripted_close(&h);
	}
}

static void classic_is_undone_line_by_line(void **state)
{
	static const char *const lines[] = { "configure router bgp group IX neighbor 192.0.2.10 export NOC-GSHUT AS64501-OUT PEER-OUT" };
	struct scripted s = router(false);
	struct scripted_house h;

	(void)state;
	s.rows[0].reset = true; /* the session comes up anew: not what was wanted */
	s.turns = "configure";
	scripted_open(&h);
	assert_int_not_equal(scripted_act(&s, &h, VERB_GSHUT), RUN_DONE);
	assert_string_equal(s.sent[0], lines[0]);
	scripted_free(&s);
	scripted_close(&h);
}

static void refuses_what_it_cannot_do_exactly(void **state)
{
	struct scripted s = router(true);

	(void)state;
	s.answers[0].text[0] = NULL;
	scripted_refuses(&s, VERB_SUSPEND, "which CLI this is stays unknown");
	scripted_refuses(&s, VERB_REFRESH, "which CLI this is stays unknown");
	s = router(true);
	s.answers[0].text[0] = "/configure router \"Base\" bgp neighbor \"192.0.2.10\" group \"IX\"\n";
	scripted_refuses(&s, VERB_WITHDRAW, "policy-statement NOC-REJECT default-action action-type reject");
	scripted_refuses(&s, VERB_GSHUT, "community add [GRACEFUL-SHUTDOWN]");
	s.answers[0].text[0] = MD_BASE MD_OWN
	    "/configure policy-options policy-statement \"NOC-REJECT\" entry 10 action action-type accept\n";
	scripted_refuses(&s, VERB_WITHDRAW, "not provisioned");
	s.answers[0].text[0] = MD_BASE "/configure router \"Base\" bgp neighbor \"192.0.2.10\" export policy [\"NOC-GSHUT\" \"A\"]\n";
	scripted_refuses(&s, VERB_WITHDRAW, "begins with NOC-GSHUT");
	s.answers[0].text[0] = MD_BASE "/configure router \"Base\" bgp neighbor \"192.0.2.10\" export policy [\"A$\"]\n";
	scripted_refuses(&s, VERB_WITHDRAW, "cannot be sent");
	s.answers[0].text[0] = MD_BASE;
	s.rows[0].neighbor = "203.0.113.7";
	scripted_refuses(&s, VERB_SUSPEND, "does not name this neighbor");
	scripted_free(&s);
}

static struct scripted any_router(size_t round)
{
	struct scripted s = router(round / 4 % 2 == 1);

	s.rows[1] = (struct scripted_row){ .neighbor = "198.51.100.9", .vrf = "vprn100", .asn = 64509, .state = { BGP_ESTABLISHED } };
	return s;
}

static void hostile_names_get_into_no_line(void **state)
{
	static const char *const names[] = { "NOC-REJECT", "AS64501-OUT", "PEER-OUT", "vprn100" };

	(void)state;
	hostile_rounds(any_router, names, ARRAY_LEN(names), 300);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(exact_lines),
	    cmocka_unit_test(hostile_names_get_into_no_line),
	    cmocka_unit_test(chosen_prefixes_are_prepared_and_proven),
	    cmocka_unit_test(md_confirms_in_the_session_that_committed),
	    cmocka_unit_test(export_lists_come_back_as_they_were),
	    cmocka_unit_test(classic_is_undone_line_by_line),
	    cmocka_unit_test(refuses_what_it_cannot_do_exactly),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
