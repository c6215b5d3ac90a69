/*
 * The scenarios of a judge: a peer that meets every clause of the three policies, one thing changed at a time, and the
 * clauses that then must be otherwise.  Every clause that is not named must stay met.
 */
#include "staged.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>

enum { POLICIES = 3 };
static struct policy *policies[POLICIES];

struct expected {
	const char *check; /* not the clause: it holds in every policy that asks for it */
	enum verdict_value value;
	const char *words; /* a part of the verdict's words or of what is missing; NULL any */
};
struct scenario {
	const char *name;
	void (*change)(struct staged *t);
	struct expected expect[9];
};

/* --- what is changed --- */

static void nothing(struct staged *t)
{
	(void)t;
}

static void private_asn(struct staged *t)
{
	t->ev.asn = 64512;
}

static void documentation_asn_without_registry(struct staged *t)
{
	t->ev.asn = 65551;
	t->ev.registry.basis = basis_missing(&t->ev, "RDAP");
}

static void unassigned_asn(struct staged *t)
{
	t->ev.registry.assigned = TRI_NO;
}

static void not_in_the_table(struct staged *t)
{
	t->ev.visible.seen = TRI_NO;
}

static void table_unread(struct staged *t)
{
	t->ev.visible.basis = basis_missing(&t->ev, "a full table");
}

static void a_25(struct staged *t)
{
	t->ev.sessions[2].received.longest = 25;
	t->examples[0] = TEXT_LIT("203.0.113.128/25");
	t->ev.sessions[2].received.long_examples = t->examples;
	t->ev.sessions[2].received.long_example_count = 1;
}

static void a_49(struct staged *t)
{
	t->ev.sessions[1].received.longest = 49;
	t->ev.sessions[1].received.longest_prefix = TEXT_LIT("2001:db8:1234::/49");
}

static void a_25_on_one_and_another_unread(struct staged *t)
{
	a_25(t);
	t->ev.sessions[0].received.basis = basis_missing(&t->ev, "soft-reconfiguration");
}

static void no_soft_reconfiguration(struct staged *t)
{
	t->ev.sessions[0].received.after_policy = true;
	t->ev.sessions[0].received.basis.missing = TEXT_LIT("r1: neighbor 192.0.2.7 soft-reconfiguration inbound");
}

static void received_unread(struct staged *t)
{
	for (size_t i = 0; i < STAGED_SESSIONS; i++)
		t->ev.sessions[i].received.basis = basis_missing(&t->ev, "r1: neighbor 192.0.2.7 soft-reconfiguration inbound");
}

static void default_route(struct staged *t)
{
	t->ev.sessions[0].received.default_route = true;
}

static void default_route_against_flows_unknown(struct staged *t)
{
	default_route(t);
	t->ev.flow.basis = basis_missing(&t->ev, "a flow query");
}

static void no_flows(struct staged *t)
{
	t->ev.flow.basis = basis_missing(&t->ev, "a flow query");
}

static void stray_traffic(struct staged *t)
{
	t->ev.flow.unannounced_bps = 5e7;
}

static void missing_route_object(struct staged *t)
{
	t->examples[0] = TEXT_LIT("203.0.113.0/24 AS200001");
	t->ev.sessions[0].received.registered.good = 99;
	t->ev.sessions[0].received.registered.bad = 1;
	t->ev.sessions[0].received.registered.examples = t->examples;
	t->ev.sessions[0].received.registered.example_count = 1;
}

static void irr_unreached(struct staged *t)
{
	for (size_t i = 0; i < STAGED_SESSIONS; i++) {
		t->ev.sessions[i].received.registered.basis = basis_missing(&t->ev, "the IRR server did not answer");
		t->ev.sessions[i].advertised.own_macro.basis = basis_missing(&t->ev, "the IRR server did not answer");
	}
}

static void invalid_roa(struct staged *t)
{
	t->examples[0] = TEXT_LIT("203.0.113.0/24 AS200001");
	t->ev.sessions[2].received.rpki.bad = 1;
	t->ev.sessions[2].received.rpki.examples = t->examples;
	t->ev.sessions[2].received.rpki.example_count = 1;
}

static void no_vrps(struct staged *t)
{
	for (size_t i = 0; i < STAGED_SESSIONS; i++)
		t->ev.sessions[i].received.rpki.basis = basis_missing(&t->ev, "a VRP file");
}

static void not_in_dfz(struct staged *t)
{
	t->ev.sessions[0].received.seen_elsewhere.good = 98;
	t->ev.sessions[0].received.seen_elsewhere.bad = 2;
}

static void inconsistent(struct staged *t)
{
	t->examples[0] = TEXT_LIT("203.0.113.0/24");
	t->differences[0] = (struct difference){ .session = 2, .missing = 1, .examples = t->examples, .example_count = 1 };
	t->ev.consistent[0].differences = t->differences;
	t->ev.consistent[0].difference_count = 1;
	t->ev.consistent[0].in_all = 99;
}

static void one_set_unread(struct staged *t)
{
	t->ev.consistent[0].compared = 1;
	t->ev.consistent[0].unread = 1;
	t->ev.consistent[0].basis.missing = TEXT_LIT("r2: soft-reconfiguration");
}

static void no_noc(struct staged *t)
{
	t->rungs[0].role = TEXT_LIT("Policy");
}

static void no_noc_without_key(struct staged *t)
{
	no_noc(t);
	t->ladder.seen = CONTACTS_PUBLIC_ONLY;
	t->peer.contacts_seen = CONTACTS_PUBLIC_ONLY;
}

static void noc_without_phone(struct staged *t)
{
	t->rungs[0].phone = TEXT_LIT("");
}

static void noc_by_day_only(struct staged *t)
{
	t->rungs[0].source = RUNG_BOOK;
	t->rungs[0].hours = TEXT_LIT("Mo-Fr 08:00-18:00");
}

static void noc_of_the_book(struct staged *t)
{
	no_noc_without_key(t);
	t->rungs[1].source = RUNG_BOOK;
	t->rungs[1].role = TEXT_LIT("NOC");
	t->rungs[1].hours = TEXT_LIT("24x7");
	t->rungs[1].proven_wall_ms = STAGED_NOW - 10 * STAGED_DAY;
}

static void noc_number_dead(struct staged *t)
{
	t->rungs[0].wrong_wall_ms = STAGED_NOW - STAGED_DAY;
}

static void nobody_at_all(struct staged *t)
{
	t->ladder.count = 0;
	t->peer.contact_count = 0;
}

static void nobody_without_key(struct staged *t)
{
	nobody_at_all(t);
	t->ladder.seen = CONTACTS_PUBLIC_ONLY;
	t->peer.contacts_seen = CONTACTS_PUBLIC_ONLY;
}

static void one_phone_for_all(struct staged *t)
{
	for (size_t i = 0; i < 3; i++)
		t->rungs[i].phone = TEXT_LIT("+49 1");
}

static void not_in_peeringdb(struct staged *t)
{
	t->ev.peer = NULL;
	t->ev.peer_absent = true;
	t->ladder.count = 0;
	t->ladder.absent = true;
	t->ev.meetings_basis = basis_missing(&t->ev, "an entry");
	t->ev.registry.basis = basis_missing(&t->ev, "RDAP");
}

static void peeringdb_unread(struct staged *t)
{
	t->ev.peer = NULL;
	t->ev.peer_basis = basis_missing(&t->ev, "peerdeck pdb refresh");
	t->ev.meetings_basis = t->ev.peer_basis;
	t->ladder.count = 0;
	t->ladder.seen = CONTACTS_UNKNOWN;
	t->ev.registry.basis = basis_missing(&t->ev, "RDAP");
}

static void old_entry(struct staged *t)
{
	t->peer.updated_wall_ms = STAGED_NOW - 900 * STAGED_DAY;
}

static void no_as_set(struct staged *t)
{
	t->peer.irr_as_set = TEXT_LIT("");
}

static void session_missing(struct staged *t)
{
	t->ev.meetings[3].session = -1;
}

static void session_missing_and_a_router_unread(struct staged *t)
{
	session_missing(t);
	t->ev.routers = basis_missing(&t->ev, "reach r3");
}

static void session_missing_but_port_dead(struct staged *t)
{
	session_missing(t);
	t->ev.meetings[3].operational = TRI_NO;
}

static void other_address(struct staged *t)
{
	t->sessions[0].peer = staged_addr("192.0.2.99");
}

static void third_party_next_hop(struct staged *t)
{
	t->ev.sessions[0].received.next_hops.bad = 3;
}

static void exceeded_ratio(struct staged *t)
{
	t->ev.traffic.out_avg_bps = 4.1e9;
}

static void ratio_at_the_limit(struct staged *t)
{
	t->ev.traffic.out_avg_bps = 4e9;
}

static void nothing_comes_in(struct staged *t)
{
	t->ev.traffic.in_avg_bps = 0;
}

static void odd_counters(struct staged *t)
{
	t->ev.traffic.in_avg_bps = NAN;
	t->ev.traffic.out_p95_bps = INFINITY;
}

static void little_traffic(struct staged *t)
{
	t->ev.traffic.out_p95_bps = 4.99e8;
}

static void several_ports(struct staged *t)
{
	t->ev.traffic.out_p95_bps = 6e8;
	t->ev.traffic.out_least_bps = 3e8;
}

static void several_ports_too_little(struct staged *t)
{
	t->ev.traffic.out_p95_bps = 4e8;
	t->ev.traffic.out_least_bps = 2e8;
}

static void several_ports_one_enough(struct staged *t)
{
	t->ev.traffic.out_p95_bps = 9e8;
	t->ev.traffic.out_least_bps = 6e8;
}

static void counted_for_two_days(struct staged *t)
{
	t->ev.traffic.covered_s = 2 * 86400;
	t->ev.traffic.out_p95_bps = 1;
	t->ev.traffic.out_avg_bps = 1e12;
}

static void port_at_95(struct staged *t)
{
	t->port_facts[1].out_p95_bps = 9.5e9;
}

static void counted_over_an_hour_as_configured(struct staged *t)
{
	t->ev.traffic.window_s = 3600;
	t->ev.traffic.covered_s = 3000;
	t->ev.traffic.out_avg_bps = 1e12;
}

static void port_counted_for_a_minute(struct staged *t)
{
	t->port_facts[1].covered_s = 60;
	t->port_facts[1].out_p95_bps = 9.9e9;
}

static void port_uncounted(struct staged *t)
{
	t->port_facts[1].basis = basis_missing(&t->ev, "interface counters of r2");
}

static void port_one_way_only(struct staged *t)
{
	t->port_facts[1].in_p95_bps = -1;
}

static void one_port_each(struct staged *t)
{
	t->peer.presence_count = 1;
	t->ev.sessions[2].exchange = t->ev.sessions[3].exchange = NULL;
}

static void slow_ports(struct staged *t)
{
	t->ports[0].speed_mbit = t->ports[1].speed_mbit = 1000;
}

static void bad_windows(struct staged *t, int from, int n)
{
	for (int i = from; i < from + n; i++)
		t->windows[i].received = 19; /* 5 % */
}

static void loss_of_5_percent(struct staged *t)
{
	bad_windows(t, 0, 3);
}

static void loss_told_by_others(struct staged *t)
{
	for (int i = 0; i < 4; i++) {
		t->windows[i].told = true;
		t->windows[i].loss_percent = 7.5;
		t->windows[i].sent = t->windows[i].received = COUNT_UNKNOWN;
	}
}

static void loss_in_one_probe(struct staged *t)
{
	t->windows[0].received = 0;
}

static void loss_that_ended_lately(struct staged *t)
{
	bad_windows(t, 1, 4);
}

static void high_latency(struct staged *t)
{
	for (int i = 0; i < STAGED_WINDOWS; i++)
		t->windows[i].avg_ms = 61;
}

static void probed_once(struct staged *t)
{
	for (size_t i = 0; i < STAGED_SESSIONS; i++)
		t->ev.sessions[i].quality.window_count = 1;
	t->windows[0].received = 0;
}

static void probes_of_yesterday(struct staged *t)
{
	for (int i = 0; i < STAGED_WINDOWS; i++)
		t->windows[i].wall_ms -= STAGED_DAY;
	bad_windows(t, 0, STAGED_WINDOWS);
}

static void no_limit(struct staged *t)
{
	t->sessions[0].max_prefixes = 0;
}

static void limit_unknown(struct staged *t)
{
	t->sessions[0].max_prefixes = COUNT_UNKNOWN;
}

static void high_limit(struct staged *t)
{
	t->sessions[0].max_prefixes = 5000;
}

static void wrong_auth(struct staged *t)
{
	t->sessions[1].auth = AUTH_NONE;
}

static void nothing_agreed(struct staged *t)
{
	t->ev.agreed_auth.basis = basis_missing(&t->ev, "note it in the inventory");
}

static void no_filter(struct staged *t)
{
	t->sessions[3].import_policy = TEXT_LIT("");
}

static void filter_unknown(struct staged *t)
{
	t->sessions[3].import_policy = (struct text){ NULL };
}

static void we_leak(struct staged *t)
{
	t->ev.sessions[0].advertised.own_macro.bad = 1;
}

static void stale_router(struct staged *t)
{
	t->ev.sessions[0].stale = t->ev.sessions[1].stale = true;
	a_25(t);
}

#define F(check, words) { check, VERDICT_FAIL, words }
#define U(check, words) { check, VERDICT_UNKNOWN, words }
static const struct scenario scenarios[] = {
	{ "all is well", nothing, { { 0 } } },
	{ "private ASN", private_asn, { F("asn-public", "AS64512") } },
	{ "documentation ASN", documentation_asn_without_registry, { F("asn-public", "AS65551") } },
	{ "unassigned ASN", unassigned_asn, { F("asn-public", "no registry") } },
	{ "not in the table", not_in_the_table, { F("asn-visible", NULL) } },
	{ "table unread", table_unread, { U("asn-visible", "a full table") } },
	{ "a /25", a_25, { F("max-length", "203.0.113.128/25") } },
	{ "a /49", a_49, { F("max-length", "/49") } },
	{ "a /25 beside what is not known", a_25_on_one_and_another_unread, { F("max-length", "203.0.113.128/25") } },
	{ "only behind our policy", no_soft_reconfiguration, { U("max-length", "soft-reconfiguration inbound") } },
	{ "received set unread", received_unread, { U("max-length", "soft-reconfiguration inbound") } },
	{ "default route", default_route, { F("no-default-route", "default route is received") } },
	{ "default route, no flows", default_route_against_flows_unknown, { F("no-default-route", "default route is received"), U("only-announced-destinations", "flow") } },
	{ "no flows", no_flows, { U("no-default-route", "flow"), U("only-announced-destinations", "flow") } },
	{ "stray traffic", stray_traffic, { F("no-default-route", "50 Mbit/s"), F("only-announced-destinations", "50 Mbit/s") } },
	{ "missing route object", missing_route_object, { F("irr-registered", "1 of 100 have no route object: 203.0.113.0/24 AS200001") } },
	{ "IRR unreached", irr_unreached, { U("irr-registered", "did not answer"), U("own-as-macro", "did not answer") } },
	{ "invalid ROA", invalid_roa, { F("irr-registered", "RPKI invalid: 203.0.113.0/24") } },
	{ "no VRPs", no_vrps, { { 0 } } },
	{ "not in the DFZ", not_in_dfz, { F("prefixes-visible", "2 of 100") } },
	{ "inconsistent announcements", inconsistent, { F("consistent-announcements", "r2 198.51.100.7 ipv4: 1 of 100 prefixes are missing here: 203.0.113.0/24") } },
	{ "one set unread", one_set_unread, { U("consistent-announcements", "soft-reconfiguration") } },
	{ "no NOC contact, with key", no_noc, { F("noc-24x7", "none") } },
	{ "no NOC contact, without key", no_noc_without_key, { U("noc-24x7", "API key") } },
	{ "NOC without phone", noc_without_phone, { F("noc-24x7", "without a phone") } },
	{ "NOC by day", noc_by_day_only, { F("noc-24x7", "Mo-Fr") } },
	{ "NOC of the book", noc_of_the_book, { { 0 } } },
	{ "NOC number dead", noc_number_dead, { F("noc-24x7", NULL) } },
	{ "no contact at all", nobody_at_all, { F("noc-24x7", NULL), F("escalation-path", NULL), F("abuse-contact", NULL), F("peeringdb-complete", "contact") } },
	{ "no contact, without key", nobody_without_key, { U("noc-24x7", "API key"), U("escalation-path", "API key"), U("abuse-contact", "API key"), U("peeringdb-complete", "API key") } },
	{ "one phone for all", one_phone_for_all, { F("escalation-path", NULL) } },
	{ "not in PeeringDB", not_in_peeringdb, { F("peeringdb-complete", "no entry"), F("noc-24x7", NULL), F("escalation-path", NULL), F("abuse-contact", NULL), F("ix-rules", NULL),
	    U("asn-public", "RDAP"), U("all-common-ixps", "entry"), F("min-capacity", NULL) } },
	{ "PeeringDB unread", peeringdb_unread, { { 0 } } }, /* looked at below */
	{ "old entry", old_entry, { F("peeringdb-complete", "last updated") } },
	{ "no as-set", no_as_set, { F("peeringdb-complete", "as-set") } },
	{ "session missing", session_missing, { F("all-common-ixps", "no session with 2001:db8:2::7") } },
	{ "session missing, a router unread", session_missing_and_a_router_unread, { U("all-common-ixps", "reach r3") } },
	{ "session missing, port dead", session_missing_but_port_dead, { { 0 } } },
	{ "address not its own", other_address, { F("ix-rules", "192.0.2.99"), F("peeringdb-complete", "192.0.2.99") } },
	{ "next hop of another", third_party_next_hop, { F("ix-rules", "3 routes") } },
	{ "exceeded ratio", exceeded_ratio, { F("traffic-ratio", "out:in is above 2:1") } },
	{ "ratio at the limit", ratio_at_the_limit, { { 0 } } },
	{ "nothing comes in", nothing_comes_in, { F("traffic-ratio", NULL) } },
	{ "odd counters", odd_counters, { U("traffic-ratio", NULL), U("min-traffic", NULL) } },
	{ "little traffic", little_traffic, { F("min-traffic", "499 Mbit/s") } },
	{ "several ports", several_ports, { U("min-traffic", "Prometheus query") } },
	{ "several ports, too little in sum", several_ports_too_little, { F("min-traffic", "400 Mbit/s") } },
	{ "several ports, one enough", several_ports_one_enough, { { 0 } } },
	{ "counted for two days", counted_for_two_days, { U("traffic-ratio", "takes time"), U("min-traffic", "takes time") } },
	{ "counted over an hour, as configured", counted_over_an_hour_as_configured, { F("traffic-ratio", "above 2:1") } },
	{ "port counted for a minute", port_counted_for_a_minute, { U("congestion-free", "takes time") } },
	{ "a port at 95 %", port_at_95, { F("congestion-free", "95 %") } },
	{ "port uncounted", port_uncounted, { U("congestion-free", "interface counters of r2") } },
	{ "port counted one way", port_one_way_only, { U("congestion-free", "other direction") } },
	{ "one port in common", one_port_each, { F("min-capacity", "1 ports") } },
	{ "slow ports", slow_ports, { F("min-capacity", "0 ports") } },
	{ "5 % loss", loss_of_5_percent, { F("quality", "loss: 3 of the last 5") } },
	{ "loss told by others", loss_told_by_others, { F("quality", "at last 7.5 % loss") } },
	{ "loss in one probe", loss_in_one_probe, { { 0 } } },
	{ "loss that ended lately", loss_that_ended_lately, { F("quality", "4 of the last 5") } },
	{ "high latency", high_latency, { F("quality", "latency above the usual") } },
	{ "probed once", probed_once, { U("quality", "takes time") } },
	{ "probes of yesterday", probes_of_yesterday, { U("quality", "new probes") } },
	{ "a limit of none", no_limit, { F("max-prefixes", "no limit is configured") } },
	{ "limit unknown", limit_unknown, { U("max-prefixes", NULL) } },
	{ "high limit", high_limit, { F("max-prefixes", "5000 is above the default") } },
	{ "other authentication", wrong_auth, { F("session-auth", "none is configured, md5 was agreed") } },
	{ "nothing agreed", nothing_agreed, { U("session-auth", "inventory") } },
	{ "no filter", no_filter, { F("explicit-filter", "no import policy") } },
	{ "filter unknown", filter_unknown, { U("explicit-filter", NULL) } },
	{ "we leak", we_leak, { F("own-as-macro", "not in our macro") } },
};

static const struct expected *expected_of(const struct scenario *s, const char *check)
{
	for (size_t i = 0; i < ARRAY_LEN(s->expect) && s->expect[i].check != NULL; i++)
		if (strcmp(s->expect[i].check, check) == 0)
			return &s->expect[i];
	return NULL;
}

static void compare(const struct scenario *s, const struct policy *p, const struct verdict *v)
{
	const struct expected *e = expected_of(s, v->clause->check->name);
	enum verdict_value want = e != NULL ? e->value : VERDICT_PASS;

	if (v->value != want)
		fail_msg("%s: AS%u %s is %s and not %s: %s (%s)", s->name, p->asn, v->clause->id, verdict_word(v->value), verdict_word(want),
		    v->words.s, text_or(v->missing, ""));
	if (e != NULL && e->words != NULL && strstr(v->words.s, e->words) == NULL && strstr(text_or(v->missing, ""), e->words) == NULL)
		fail_msg("%s: AS%u %s says \"%s\" (%s), not \"%s\"", s->name, p->asn, v->clause->id, v->words.s, text_or(v->missing, ""), e->words);
	assert_true(v->value != VERDICT_UNKNOWN || !text_empty(v->missing));
	assert_true(v->line_count > 0);
}

static void scenarios_give_the_expected_verdicts(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(scenarios); i++)
		for (size_t k = 0; k < POLICIES; k++) {
			struct staged t;
			struct verdict *v;

			if (scenarios[i].change == peeringdb_unread)
				continue;
			staged_init(&t);
			scenarios[i].change(&t);
			v = judge_network(policies[k], &t.ev, t.arena);
			for (size_t c = 0; c < policies[k]->clause_count; c++)
				compare(&scenarios[i], policies[k], &v[c]);
			staged_fini(&t);
		}
}

/* What was not read fails nobody: whatever is taken away, no verdict may become a fail. */
static void nothing_read_fails_nothing(void **state)
{
	(void)state;
	for (size_t k = 0; k < POLICIES; k++) {
		struct arena *a = arena_new();
		struct evidence ev;
		struct verdict *v;

		evidence_init(&ev, a, STAGED_ASN, 211562, STAGED_NOW);
		v = judge_network(policies[k], &ev, a);
		for (size_t c = 0; c < policies[k]->clause_count; c++) {
			assert_int_equal(v[c].value, VERDICT_UNKNOWN);
			assert_false(text_empty(v[c].missing));
		}
		arena_free(a);
	}
}

static void without_peeringdb_nothing_fails(void **state)
{
	struct staged t;
	struct verdict *v;

	(void)state;
	staged_init(&t);
	peeringdb_unread(&t);
	for (size_t k = 0; k < POLICIES; k++) {
		v = judge_network(policies[k], &t.ev, t.arena);
		for (size_t c = 0; c < policies[k]->clause_count; c++)
			assert_int_not_equal(v[c].value, VERDICT_FAIL);
	}
	staged_fini(&t);
}

/* A /25 that was seen on a router that is not reached any more neither passes nor fails. */
static void stale_data_decides_nothing(void **state)
{
	struct staged t;
	struct verdict v;

	(void)state;
	staged_init(&t);
	stale_router(&t);
	v = judge_clause(policy_clause(policies[2], "prefix-length"), &t.ev, t.arena);
	assert_int_equal(v.value, VERDICT_FAIL); /* r2 still shows it */
	t.ev.sessions[2].stale = t.ev.sessions[3].stale = true;
	v = judge_clause(policy_clause(policies[2], "prefix-length"), &t.ev, t.arena);
	assert_int_equal(v.value, VERDICT_UNKNOWN);
	assert_non_null(strstr(v.missing.s, "reach r1 again"));
	v = judge_clause(policy_clause(policies[2], "prefix-limit"), &t.ev, t.arena);
	assert_int_equal(v.value, VERDICT_UNKNOWN);
	staged_fini(&t);
}

static void quality_recovers_after_a_run_of_good_windows(void **state)
{
	struct quality_window many[12];
	struct staged t;
	struct verdict v;

	(void)state;
	staged_init(&t);
	for (size_t i = 0; i < ARRAY_LEN(many); i++) {
		many[i] = t.windows[0];
		many[i].wall_ms = STAGED_NOW - 60000 * ((int64_t)i + 1);
		many[i].received = i >= 4 ? 10 : 20;
	}
	t.ev.sessions[0].quality.windows = many;
	t.ev.sessions[0].quality.window_count = ARRAY_LEN(many);
	v = judge_clause(policy_clause(policies[2], "quality"), &t.ev, t.arena);
	assert_int_equal(v.value, VERDICT_FAIL); /* four good ones, five are asked for */
	many[4].received = 20;
	v = judge_clause(policy_clause(policies[2], "quality"), &t.ev, t.arena);
	assert_int_equal(v.value, VERDICT_PASS);
	staged_fini(&t);
}

static struct attestation attested(const char *subject, bool holds, int64_t expires)
{
	return (struct attestation){ .subject = { subject }, .who = TEXT_LIT("kim"), .words = TEXT_LIT("asked their NOC"), .holds = holds,
		.wall_ms = STAGED_NOW - STAGED_DAY, .expires_wall_ms = expires };
}

static void a_person_settles_what_no_machine_can_see(void **state)
{
	const struct clause *c = policy_clause(policies[2], "no-default");
	struct staged t;
	struct verdict v;

	(void)state;
	staged_init(&t);
	no_flows(&t);
	t.ev.attestations = t.attestations;
	t.ev.attestation_count = 1;
	t.attestations[0] = attested("no-default-route", true, STAGED_NOW + STAGED_DAY);
	v = judge_clause(c, &t.ev, t.arena);
	assert_int_equal(v.value, VERDICT_PASS);
	assert_true(v.attested);
	assert_string_equal(v.source.s, "attested by kim");
	t.attestations[0] = attested("no-default", false, STAGED_NOW + STAGED_DAY); /* by the clause's name */
	v = judge_clause(c, &t.ev, t.arena);
	assert_int_equal(v.value, VERDICT_FAIL);
	t.attestations[0] = attested("no-default", true, STAGED_NOW - 1); /* expired */
	v = judge_clause(c, &t.ev, t.arena);
	assert_int_equal(v.value, VERDICT_UNKNOWN);
	t.attestations[0] = attested("no-default", true, STAGED_NOW + STAGED_DAY);
	default_route(&t); /* a fact that was read is not talked away */
	v = judge_clause(c, &t.ev, t.arena);
	assert_int_equal(v.value, VERDICT_FAIL);
	assert_false(v.attested);
	staged_fini(&t);
}

static void a_waiver_stands_beside_a_fail_until_it_expires(void **state)
{
	const struct clause *c = policy_clause(policies[1], "prefix-length");
	struct verdict_sum sum;
	struct staged t;
	struct verdict v;

	(void)state;
	staged_init(&t);
	a_25(&t);
	t.ev.waivers = t.waivers;
	t.ev.waiver_count = 1;
	t.waivers[0] = (struct waiver){ .subject = TEXT_LIT("prefix-length"), .who = TEXT_LIT("kim"), .reason = TEXT_LIT("anycast, agreed in NOC-1"),
		.wall_ms = STAGED_NOW - 1, .expires_wall_ms = STAGED_NOW + STAGED_DAY };
	v = judge_clause(c, &t.ev, t.arena);
	assert_int_equal(v.value, VERDICT_FAIL);
	assert_true(verdict_waived(&v));
	assert_string_equal(verdict_state_word(&v), "waived");
	sum = verdict_sum_of(&v, 1);
	assert_int_equal(sum.failed, 0);
	assert_int_equal(sum.waived, 1);
	t.waivers[0].expires_wall_ms = STAGED_NOW;
	v = judge_clause(c, &t.ev, t.arena);
	assert_false(verdict_waived(&v));
	staged_fini(&t);
}

static void a_larger_limit_is_met_where_the_policy_lets_it_grow(void **state)
{
	struct staged t;
	struct verdict v;

	(void)state;
	staged_init(&t);
	t.peer.info_prefixes4 = 3000;
	t.sessions[0].max_prefixes = 3000;
	v = judge_clause(policy_clause(policies[2], "prefix-limit"), &t.ev, t.arena); /* "can be increased" */
	assert_int_equal(v.value, VERDICT_PASS);
	v = judge_clause(policy_clause(policies[1], "prefix-limit"), &t.ev, t.arena);
	assert_int_equal(v.value, VERDICT_FAIL);
	staged_fini(&t);
}

static void what_the_peer_gets_to_read_holds_the_facts(void **state)
{
	struct staged t;
	struct verdict v;
	struct str out;

	(void)state;
	staged_init(&t);
	a_25(&t);
	v = judge_clause(policy_clause(policies[2], "prefix-length"), &t.ev, t.arena);
	str_init(&out, 0);
	verdict_explain(&v, policies[2], STAGED_ASN, true, &out);
	assert_non_null(strstr(out.p, "peering policy of AS54600 (PEG Tech)"));
	assert_non_null(strstr(out.p, "/24 or shorter"));
	assert_non_null(strstr(out.p, "203.0.113.128/25"));
	assert_non_null(strstr(out.p, "2026-11-"));
	assert_non_null(strstr(out.p, "aggregate"));
	assert_null(strstr(out.p, "longest is /24")); /* what is met is no part of a complaint */
	str_clear(&out);
	verdict_explain(&v, policies[2], STAGED_ASN, false, &out);
	assert_non_null(strstr(out.p, "ipv4 = /24"));
	assert_non_null(strstr(out.p, "longest is /24"));
	str_fini(&out);
	staged_fini(&t);
}

static void worst_comes_first(void **state)
{
	struct staged t;
	struct verdict *v;

	(void)state;
	staged_init(&t);
	default_route(&t);    /* critical */
	missing_route_object(&t); /* major */
	no_as_set(&t);        /* minor */
	v = judge_network(policies[2], &t.ev, t.arena);
	for (size_t i = 0; i < policies[2]->clause_count; i++)
		for (size_t k = i + 1; k < policies[2]->clause_count; k++)
			if (verdict_worse(&v[i], &v[k]) > 0) {
				struct verdict w = v[i];

				v[i] = v[k];
				v[k] = w;
			}
	assert_string_equal(v[0].clause->id, "no-default");
	assert_string_equal(v[1].clause->id, "registered");
	assert_string_equal(v[2].clause->id, "peeringdb");
	staged_fini(&t);
}

static int load(void **state)
{
	static const char *const paths[] = { "policies/as211562.policy", "policies/as52580.policy", "policies/as54600.policy" };

	(void)state;
	for (size_t i = 0; i < POLICIES; i++) {
		struct err e = ERR_INIT;

		policies[i] = policy_load(paths[i], NULL, &e);
		if (policies[i] == NULL)
			return -1;
	}
	return 0;
}

static int unload(void **state)
{
	(void)state;
	for (size_t i = 0; i < POLICIES; i++)
		policy_free(policies[i]);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(scenarios_give_the_expected_verdicts),
		cmocka_unit_test(nothing_read_fails_nothing),
		cmocka_unit_test(without_peeringdb_nothing_fails),
		cmocka_unit_test(stale_data_decides_nothing),
		cmocka_unit_test(quality_recovers_after_a_run_of_good_windows),
		cmocka_unit_test(a_person_settles_what_no_machine_can_see),
		cmocka_unit_test(a_waiver_stands_beside_a_fail_until_it_expires),
		cmocka_unit_test(a_larger_limit_is_met_where_the_policy_lets_it_grow),
		cmocka_unit_test(what_the_peer_gets_to_read_holds_the_facts),
		cmocka_unit_test(worst_comes_first),
	};

	return cmocka_run_group_tests(tests, load, unload);
}
