/* What is sent to Junos, for each verb, and what is refused. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "tests/unit/hostile.h"
#include "tests/unit/scripted.h"

#define BGP "show configuration protocols bgp | display set"
#define INSTANCES "show configuration routing-instances | display set"
#define POLICIES "show configuration policy-options | display set"

static const char bgp_before[] =
    "set protocols bgp group IX type external\n"
    "set protocols bgp group IX export PEER-OUT\n"
    "set protocols bgp group IX neighbor 192.0.2.10 description \"Example; one\"\n"
    "set protocols bgp group IX neighbor 192.0.2.10 authentication-key \"$9$north-pier\"\n"
    "set protocols bgp group IX neighbor 192.0.2.10 export NOC-AS64501-OUT\n"
    "set protocols bgp group IX neighbor 192.0.2.10 export PEER-OUT\n"
    "set protocols bgp group IX neighbor 192.0.2.10 peer-as 64501\n"
    "set protocols bgp group IX neighbor 2001:db8::20 peer-as 64502\n"
    "set protocols bgp group IX neighbor 192.0.2.30 shutdown notify-message \"CHG-1042 until 06:00 UTC\"\n"
    "set protocols bgp group IX neighbor 192.0.2.40 export SHARED\n"
    "set protocols bgp group IX neighbor 192.0.2.41 export SHARED\n";
static const char bgp_shut[] = "set protocols bgp group IX neighbor 192.0.2.10 shutdown\n";
static const char bgp_gshut[] = "set protocols bgp group IX neighbor 192.0.2.10 graceful-shutdown sender\n";
static const char instances[] =
    "set routing-instances CUST protocols bgp group PNI neighbor 198.51.100.9 export NOC-CUST-OUT\n";
static const char policies[] =
    "set policy-options policy-statement NOC-AS64501-OUT term WITHDRAW then reject\n"
    "deactivate policy-options policy-statement NOC-AS64501-OUT term WITHDRAW\n"
    "set policy-options policy-statement NOC-CUST-OUT term WITHDRAW from protocol bgp\n"
    "set policy-options policy-statement NOC-CUST-OUT term WITHDRAW then reject\n"
    "deactivate policy-options policy-statement NOC-CUST-OUT term WITHDRAW\n"
    "set policy-options policy-statement SHARED term WITHDRAW then reject\n"
    "deactivate policy-options policy-statement SHARED term WITHDRAW\n";
static const char policies_active[] =
    "set policy-options policy-statement NOC-AS64501-OUT term WITHDRAW then reject\n";

#define WITH_PREFIXES \
	"set policy-options policy-statement NOC-AS64501-OUT term WITHDRAW then reject\n" \
	"deactivate policy-options policy-statement NOC-AS64501-OUT term WITHDRAW\n" \
	"set policy-options policy-statement NOC-AS64501-OUT term PREFIXES from prefix-list NOC-WD-AS64501\n" \
	"set policy-options policy-statement NOC-AS64501-OUT term PREFIXES then reject\n" \
	"set policy-options policy-statement NOC-AS64501-OUT term PASS then next policy\n" \
	"set policy-options prefix-list NOC-WD-AS64501 192.0.2.255/32\n"
static const char policies_listed[] = WITH_PREFIXES;
static const char policies_withdrawn[] = WITH_PREFIXES "set policy-options prefix-list NOC-WD-AS64501 203.0.113.0/24\n";

static struct scripted router(void)
{
	struct scripted s = scripted_new("junos", "Junos: 21.4R3.15");

	s.answers[0].command = BGP;
	s.answers[0].text[0] = bgp_before;
	s.answers[1].command = INSTANCES;
	s.answers[1].text[0] = instances;
	s.answers[2].command = POLICIES;
	s.answers[2].text[0] = policies;
	s.says[0].line = "commit";
	s.says[0].says = "commit complete\n";
	s.rows[0] = (struct scripted_row){ .neighbor = "192.0.2.10", .group = "IX", .asn = 64501,
		.state = { BGP_ESTABLISHED, BGP_ESTABLISHED }, .advertised = { 12, 12 } };
	return s;
}

static void exact_lines(void **state)
{
	struct scripted s = router();

	(void)state;
	s.rows[1] = (struct scripted_row){ .neighbor = "2001:db8::20", .asn = 64502, .family = AF_IPV6_UNICAST,
		.state = { BGP_ESTABLISHED }, .advertised = { 4 } };
	s.rows[2] = (struct scripted_row){ .neighbor = "192.0.2.30", .asn = 64503, .state = { BGP_IDLE } };
	s.rows[3] = (struct scripted_row){ .neighbor = "192.0.2.40", .asn = 64504, .state = { BGP_ESTABLISHED } };
	s.rows[4] = (struct scripted_row){ .neighbor = "198.51.100.9", .vrf = "CUST", .asn = 64509,
		.state = { BGP_ESTABLISHED } };
	s.rows[5] = (struct scripted_row){ .neighbor = "203.0.113.7", .asn = 64510, .state = { BGP_ESTABLISHED } };
	for (int v = 0; v < VERB_COUNT; v++) {
		s.answers[2].text[0] = v == VERB_WITHDRAW_PREFIXES ? policies_listed : policies;
		if (v != VERB_RESTORE)
			scripted_golden(&s, "junos", (enum verb)v);
	}
	s.answers[2].text[0] = policies;
	s.answers[2].text[1] = policies_active;
	s.rows[0].advertised[1] = 0;
	s.turns = "commit confirmed";
	scripted_golden_restore(&s, "junos");
	scripted_free(&s);
}

/* One face of the router for each thing that is done to it. */
static void shut_face(struct scripted *s)
{
	static char after[2048];

	snprintf(after, sizeof(after), "%s%s", bgp_before, bgp_shut);
	s->answers[0].text[1] = after;
	s->rows[0].state[1] = BGP_IDLE;
}

static void suspends_proves_confirms_and_resumes(void **state)
{
	static const char *const down[] = { "configure exclusive",
		"set protocols bgp group IX neighbor 192.0.2.10 shutdown", "commit confirmed 5", "exit configuration-mode",
		"configure exclusive", "commit", "exit configuration-mode" };
	static const char *const up[] = { "configure exclusive",
		"delete protocols bgp group IX neighbor 192.0.2.10 shutdown", "commit confirmed 5", "exit configuration-mode",
		"configure exclusive", "commit", "exit configuration-mode" };
	struct scripted s = router();
	struct scripted_house h;

	(void)state;
	shut_face(&s);
	scripted_open(&h);
	s.turns = "commit confirmed";
	assert_int_equal(scripted_act(&s, &h, VERB_SUSPEND), RUN_DONE);
	scripted_sent(&s, down, ARRAY_LEN(down));
	assert_int_equal(ledger_count(h.ledger), 1);
	s.turns = NULL;
	s.back = "commit confirmed";
	assert_int_equal(scripted_act(&s, &h, VERB_RESUME), RUN_DONE);
	scripted_sent(&s, up, ARRAY_LEN(up));
	assert_int_equal(ledger_count(h.ledger), 0);
	scripted_free(&s);
	scripted_close(&h);
}

static void what_is_not_proven_is_taken_back(void **state)
{
	static const char *const lines[] = { "configure exclusive",
		"set protocols bgp group IX neighbor 192.0.2.10 shutdown", "commit confirmed 5", "exit configuration-mode",
		"configure exclusive", "delete protocols bgp group IX neighbor 192.0.2.10 shutdown", "commit", "exit configuration-mode" };
	struct scripted s = router();
	struct scripted_house h;

	(void)state;
	scripted_open(&h);
	assert_int_equal(scripted_act(&s, &h, VERB_SUSPEND), RUN_FAILED); /* it never leaves Established */
	scripted_sent(&s, lines, ARRAY_LEN(lines));
	assert_int_equal(ledger_count(h.ledger), 0);
	scripted_free(&s);
	scripted_close(&h);
}

static void a_refused_commit_leaves_no_candidate(void **state)
{
	static const char *const lines[] = { "configure exclusive",
		"set protocols bgp group IX neighbor 192.0.2.10 shutdown", "commit confirmed 5", "rollback 0", "exit configuration-mode" };
	static const char *const busy[] = { "configure exclusive", "rollback 0", "exit configuration-mode" };
	struct scripted s = router();
	struct scripted_house h;

	(void)state;
	scripted_open(&h);
	s.refuses = "commit confirmed";
	assert_int_equal(scripted_act(&s, &h, VERB_SUSPEND), RUN_FAILED);
	scripted_sent(&s, lines, ARRAY_LEN(lines));
	s.refuses = "configure exclusive"; /* a colleague has uncommitted edits */
	assert_int_equal(scripted_act(&s, &h, VERB_SUSPEND), RUN_FAILED);
	scripted_sent(&s, busy, ARRAY_LEN(busy));
	scripted_free(&s);
	scripted_close(&h);
}

static void withdraws_by_the_term_and_restores(void **state)
{
	static const char *const off[] = { "configure exclusive",
		"activate policy-options policy-statement NOC-AS64501-OUT term WITHDRAW", "commit confirmed 5", "exit configuration-mode",
		"configure exclusive", "commit", "exit configuration-mode" };
	static const char *const on[] = { "configure exclusive",
		"deactivate policy-options policy-statement NOC-AS64501-OUT term WITHDRAW", "commit confirmed 5", "exit configuration-mode",
		"configure exclusive", "commit", "exit configuration-mode" };
	struct scripted s = router();
	struct scripted_house h;

	(void)state;
	s.answers[2].text[1] = policies_active;
	s.rows[0].advertised[1] = 0;
	scripted_open(&h);
	s.turns = "commit confirmed";
	assert_int_equal(scripted_act(&s, &h, VERB_WITHDRAW), RUN_DONE);
	scripted_sent(&s, off, ARRAY_LEN(off));
	scripted_refuses(&(struct scripted){ .driver = s.driver, .conf = s.conf, .version = s.version,
	    .answers = { { BGP, { bgp_before, NULL } }, { INSTANCES, { instances, NULL } },
	        { POLICIES, { policies_active, NULL } } }, .rows = { s.rows[0] } }, VERB_WITHDRAW, "already withdrawn");
	s.turns = NULL;
	s.back = "commit confirmed";
	assert_int_equal(scripted_act(&s, &h, VERB_RESTORE), RUN_DONE);
	scripted_sent(&s, on, ARRAY_LEN(on));
	assert_int_equal(ledger_count(h.ledger), 0);
	scripted_free(&s);
	scripted_close(&h);
}

static void a_reset_session_ends_the_withdraw(void **state)
{
	struct scripted s = router();
	struct scripted_house h;

	(void)state;
	s.answers[2].text[1] = policies_active;
	s.rows[0].advertised[1] = 0;
	s.rows[0].reset = true;
	scripted_open(&h);
	s.turns = "commit confirmed";
	assert_int_not_equal(scripted_act(&s, &h, VERB_WITHDRAW), RUN_DONE);
	assert_string_equal(s.sent[s.sent_count - 3], "deactivate policy-options policy-statement NOC-AS64501-OUT term WITHDRAW");
	scripted_free(&s);
	scripted_close(&h);
}

static void marks_for_graceful_shutdown_and_restores(void **state)
{
	static char after[2048];
	struct scripted s = router();
	struct scripted_house h;

	(void)state;
	snprintf(after, sizeof(after), "%s%s", bgp_before, bgp_gshut);
	s.answers[0].text[1] = after;
	scripted_open(&h);
	s.turns = "commit confirmed";
	assert_int_equal(scripted_act(&s, &h, VERB_GSHUT), RUN_DONE);
	assert_string_equal(s.sent[1], "set protocols bgp group IX neighbor 192.0.2.10 graceful-shutdown sender");
	s.turns = NULL;
	s.back = "commit confirmed";
	assert_int_equal(scripted_act(&s, &h, VERB_RESTORE), RUN_DONE);
	assert_string_equal(s.sent[1], "delete protocols bgp group IX neighbor 192.0.2.10 graceful-shutdown sender");
	scripted_free(&s);
	scripted_close(&h);
}

static void refuses_what_it_cannot_do_exactly(void **state)
{
	struct scripted s = router();

	(void)state;
	s.version = "Junos: 18.4R3.3";
	scripted_refuses(&s, VERB_SUSPEND, "from 19.1 on");
	scripted_refuses(&s, VERB_GSHUT, "from 19.1 on");
	s.version = NULL;
	scripted_refuses(&s, VERB_SUSPEND, "not known");
	s.version = "Junos: 19.1R1.6";
	s.answers[0].text[0] = "set protocols bgp group IX neighbor 192.0.2.10 peer-as 64501\n"
	                       "deactivate protocols bgp group IX neighbor 192.0.2.10\n";
	scripted_refuses(&s, VERB_SUSPEND, "deactivated");
	s.answers[0].text[0] = "set protocols bgp group IX allow 192.0.2.0/24\n";
	scripted_refuses(&s, VERB_SUSPEND, "does not name this neighbor");
	s.answers[0].text[0] = "set protocols bgp group IX neighbor 192.0.2.10 peer-as 64501\n";
	scripted_refuses(&s, VERB_WITHDRAW, "deactivate policy-options policy-statement NOC-AS64501-OUT term WITHDRAW");
	s.answers[0].text[0] = "set protocols bgp group \"I X\" neighbor 192.0.2.10 peer-as 64501\n";
	scripted_refuses(&s, VERB_SUSPEND, "does not name this neighbor");
	scripted_free(&s);
}

static void members_of_a_list_hold_chosen_prefixes_back(void **state)
{
	static const char *const add[] = { "configure exclusive", "set policy-options prefix-list NOC-WD-AS64501 203.0.113.0/24",
		"commit confirmed 5", "exit configuration-mode", "configure exclusive", "commit", "exit configuration-mode" };
	static const char *const del[] = { "configure exclusive",
		"delete policy-options prefix-list NOC-WD-AS64501 203.0.113.0/24", "commit confirmed 5", "exit configuration-mode",
		"configure exclusive", "commit", "exit configuration-mode" };
	static const struct {
		const char *policies, *why;
	} bad[] = {
		{ policies, "does not begin with a term that rejects a prefix-list" },
		{ "set policy-options policy-statement NOC-AS64501-OUT term PASS then accept\n" WITH_PREFIXES, "does not begin" },
		{ WITH_PREFIXES "set policy-options policy-statement OTHER term X from prefix-list NOC-WD-AS64501\n",
		    "used elsewhere too" },
		{ WITH_PREFIXES "set policy-options prefix-list NOC-WD-AS64501 203.0.113.0/24\n", "already" },
	};
	struct scripted s = router();
	struct scripted_house h;

	(void)state;
	s.answers[2].text[0] = policies_listed;
	s.answers[2].text[1] = policies_withdrawn;
	scripted_open(&h);
	s.turns = "commit confirmed";
	assert_int_equal(scripted_act(&s, &h, VERB_WITHDRAW_PREFIXES), RUN_DONE);
	scripted_sent(&s, add, ARRAY_LEN(add));
	s.turns = NULL;
	s.back = "commit confirmed";
	assert_int_equal(scripted_act(&s, &h, VERB_RESTORE), RUN_DONE);
	scripted_sent(&s, del, ARRAY_LEN(del));
	assert_int_equal(ledger_count(h.ledger), 0);
	scripted_free(&s);
	scripted_close(&h);
	for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
		s = router();
		s.answers[2].text[0] = bad[i].policies;
		scripted_refuses(&s, VERB_WITHDRAW_PREFIXES, bad[i].why);
	}
}

static struct scripted any_router(size_t round)
{
	struct scripted s = router();

	s.answers[2].text[0] = round % 2 == 0 ? policies : policies_listed;
	s.rows[1] = (struct scripted_row){ .neighbor = "198.51.100.9", .vrf = "CUST", .asn = 64509, .state = { BGP_ESTABLISHED } };
	return s;
}

static void hostile_names_get_into_no_line(void **state)
{
	static const char *const names[] = { "IX", "CUST", "AS64501-OUT", "WITHDRAW", "GSHUT" };

	(void)state;
	hostile_rounds(any_router, names, ARRAY_LEN(names), 300);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(exact_lines),
	    cmocka_unit_test(hostile_names_get_into_no_line),
	    cmocka_unit_test(members_of_a_list_hold_chosen_prefixes_back),
	    cmocka_unit_test(suspends_proves_confirms_and_resumes),
	    cmocka_unit_test(what_is_not_proven_is_taken_back),
	    cmocka_unit_test(a_refused_commit_leaves_no_candidate),
	    cmocka_unit_test(withdraws_by_the_term_and_restores),
	    cmocka_unit_test(a_reset_session_ends_the_withdraw),
	    cmocka_unit_test(marks_for_graceful_shutdown_and_restores),
	    cmocka_unit_test(refuses_what_it_cannot_do_exactly),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
