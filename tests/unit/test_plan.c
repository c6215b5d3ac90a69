/*
 * Plans: the exact text for each OS and verb against tests/plan/OS-VERB.txt, impact, digest, lapse.
 *
 * PEERDECK_GOLDEN=write writes the files anew; what changed is then read in the diff.
 */
#include "core/act/confirm.h"
#include "tests/unit/fake_router.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "tests/unit/golden.h"

static int at_noon(void **state)
{
	(void)state;
	clock_fake(100000000, 1795176000000);
	return 0;
}

/* One router of each OS: .10 plain, .20 with something of the operator's own, .30 shut by hand, .40 tripped. */
static void build_router(struct fake *f, const char *os)
{
	struct fake_session *s;

	fake_init(f, os, os);
	fake_add(f, "192.0.2.10", strcmp(os, "bird") == 0 ? "as64501_v4" : "", 64501)->v6_too =
	    strcmp(os, "frr") == 0;
	s = fake_add(f, "2001:db8::20", strcmp(os, "bird") == 0 ? "as64502-v6" : "", 64502);
	if (strcmp(os, "frr") == 0)
		snprintf(s->list[1], sizeof(s->list[1]), "AS64502-OUT");
	f->extra_config = "ipv6 prefix-list AS64502-OUT seq 5 permit 2001:db8:113::/48\n"
	                  "ipv6 prefix-list AS64502-OUT seq 10 permit 2001:db8:100::/40 le 48\n";
	s = fake_add(f, "192.0.2.30", strcmp(os, "bird") == 0 ? "as64503_v4" : "", 64503);
	s->up = false;
	s->shut = true;
	snprintf(s->message, sizeof(s->message), "CHG-1042 until 06:00 UTC");
	s = fake_add(f, "192.0.2.40", strcmp(os, "bird") == 0 ? "as64504_v4" : "", 64504);
	s->up = false;
	s->tripped = true;
	if (strcmp(os, "bird") == 0)
		fake_hook(f, "# hooks\ndefine PD_as64501_v4 = 0;\ndefine NOC_as64502_v6 = 1; # drained\n"
		             "define PD_WD_as64501_v4 = [ 192.0.2.255/32 ];\n");
	if (strcmp(os, "openbgpd") == 0)
		fake_hook(f, "# kept by peerdeck\n");
}

static void golden(const char *os, enum verb verb, const char *message)
{
	static const char *const all[] = { "192.0.2.10", "2001:db8::20", "192.0.2.30", "192.0.2.40", "192.0.2.99" };
	struct fake f;
	struct plan *p;
	struct str text;
	char name[64];

	build_router(&f, os);
	p = fake_plan(&f, verb, message, all, ARRAY_LEN(all), NULL);
	str_init(&text, 0);
	plan_print(&text, p);
	snprintf(name, sizeof(name), "%s-%s", os, verb_info(verb)->name);
	golden_compare(name, &text);
	str_fini(&text);
	plan_unref(p);
	fake_free(&f);
}

static void exact_lines_of_each_os_and_verb(void **state)
{
	static const char *const os[] = { "frr", "bird", "openbgpd", "gobgp" };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(os); i++)
		for (int v = 0; v < VERB_COUNT; v++)
			if (v != VERB_RESTORE) /* needs something held: see test_perform */
				golden(os[i], (enum verb)v,
				    v == VERB_SUSPEND ? "CHG-1 fibre works, back 06:00 UTC" : NULL);
}

static struct plan *plan_one(struct fake *f, enum verb verb, const char *neighbor, const char *message)
{
	return fake_plan(f, verb, message, &neighbor, 1, NULL);
}

static void skipped(struct fake *f, enum verb verb, const char *neighbor, const char *why)
{
	struct plan *p = plan_one(f, verb, neighbor, NULL);

	assert_int_equal(p->count, 1);
	assert_int_equal(plan_todo(p, NULL), 0);
	if (p->items[0].skip == NULL || strstr(p->items[0].skip, why) == NULL)
		fail_msg("not said: %s, in: %s", why, p->items[0].skip == NULL ? "(not skipped)" : p->items[0].skip);
	plan_unref(p);
}

static void frr_refuses_what_it_cannot_do_exactly(void **state)
{
	struct fake f;

	(void)state;
	fake_init(&f, "r1", "frr");
	fake_add(&f, "192.0.2.10", "", 64501);
	f.extra_config = "ip prefix-list PEERDECK-DENY-ALL seq 5 permit any\n";
	skipped(&f, VERB_WITHDRAW, "192.0.2.10", "other content");
	f.extra_config = "router bgp 64500\n address-family ipv4 unicast\n  neighbor 192.0.2.10 distribute-list X out\n"
	                 " exit-address-family\nexit\n";
	skipped(&f, VERB_WITHDRAW, "192.0.2.10", "distribute-list out");
	f.extra_config = "router bgp 64500\n neighbor IX peer-group\n neighbor IX shutdown\n neighbor 192.0.2.10 peer-group IX\n"
	                 "exit\n";
	f.s[0].shut = false;
	f.s[0].up = false;
	skipped(&f, VERB_RESUME, "192.0.2.10", "not shut");
	fake_free(&f);
}

static void bird_and_openbgpd_tell_how_to_provision(void **state)
{
	struct fake f;

	(void)state;
	fake_init(&f, "r2", "bird");
	fake_add(&f, "192.0.2.10", "as64501_v4", 64501);
	skipped(&f, VERB_WITHDRAW, "192.0.2.10", "define PD_as64501_v4 = 0;");
	fake_hook(&f, "define PD_other = 0;\n");
	skipped(&f, VERB_WITHDRAW, "192.0.2.10", "if PD_as64501_v4 = 2 then reject;");
	fake_free(&f);
	fake_init(&f, "r3", "openbgpd");
	fake_add(&f, "192.0.2.10", "", 64501);
	skipped(&f, VERB_WITHDRAW, "192.0.2.10", "include \"/etc/bgpd/peerdeck.conf\"");
	fake_free(&f);
	fake_init(&f, "r4", "gobgp");
	fake_add(&f, "192.0.2.10", "", 64501);
	skipped(&f, VERB_WITHDRAW, "192.0.2.10", "4.6.0");
	fake_free(&f);
}

static void a_bad_message_reaches_no_line(void **state)
{
	static const char *const bad[] = { "a|b", "a\nb", "what?", "a\"b", "K\xc3\xb6ln", " x" };
	static const char *const os[] = { "frr", "bird", "openbgpd", "gobgp" };

	(void)state;
	for (size_t o = 0; o < ARRAY_LEN(os); o++) {
		for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
			struct fake f;
			struct plan *p;

			build_router(&f, os[o]);
			p = plan_one(&f, VERB_SUSPEND, "192.0.2.10", bad[i]);
			assert_int_equal(plan_todo(p, NULL), 0);
			assert_int_equal(p->items[0].apply_count, 0);
			plan_unref(p);
			fake_free(&f);
		}
	}
}

static void a_router_that_cannot_be_asked_is_still_in_the_plan(void **state)
{
	struct act_request req = { .verb = VERB_SUSPEND };
	struct act_target t = { .vrf = "", .neighbor = "192.0.2.10" };
	struct act_job *job = act_job_plan(&req, "r9", &t, 1, NULL);
	struct plan *p = plan_new(VERB_SUSPEND, "x", NULL, NULL);
	struct inbox *in = inbox_new();
	struct err e = ERR_INIT;
	struct act_progress *got;

	(void)state;
	err_set(&e, ERR_NET, "r9: connection refused");
	act_job_refuse(job, &e, in);
	act_job_free(job);
	got = fake_final(in);
	plan_join(p, act_progress_take_part(got));
	plan_seal(p, NULL, 0);
	assert_int_equal(p->count, 1);
	assert_int_equal(p->skipped, 1);
	assert_string_equal(p->items[0].skip, "r9: connection refused");
	act_progress_free(got);
	plan_unref(p);
	inbox_free(in);
}

static struct session seen_session(asn_t asn, const char *neighbor, enum bgp_state st, enum afi_safi af)
{
	struct session s;

	session_init(&s);
	s.vrf = TEXT_LIT("");
	s.neighbor = (struct text){ neighbor };
	s.remote_as = asn;
	s.state = st;
	s.family = af;
	return s;
}

static void impact_counts_sessions_not_families(void **state)
{
	const char *neighbor = "192.0.2.10";
	const struct session rows[] = {
	    seen_session(64501, "192.0.2.10", BGP_ESTABLISHED, AF_IPV4_UNICAST), /* the planned one */
	    seen_session(64501, "192.0.2.11", BGP_ESTABLISHED, AF_IPV4_UNICAST),
	    seen_session(64501, "192.0.2.11", BGP_ESTABLISHED, AF_IPV6_UNICAST),
	    seen_session(64501, "192.0.2.12", BGP_IDLE, AF_IPV4_UNICAST),
	    seen_session(64999, "192.0.2.13", BGP_ESTABLISHED, AF_IPV4_UNICAST),
	};
	struct plan_seen seen[ARRAY_LEN(rows)];
	struct fake f;
	struct plan *p;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		seen[i] = (struct plan_seen){ "frr", &rows[i], false };
	for (int last = 0; last < 2; last++) {
		struct act_request req = { .verb = VERB_SUSPEND };
		struct act_target t = { .vrf = "", .neighbor = neighbor, .network = "Example Net" };
		struct act_io io;
		struct act_job *job = act_job_plan(&req, "frr", &t, 1, NULL);
		struct inbox *in = inbox_new();
		struct act_progress *got;

		build_router(&f, "frr");
		io = fake_io(&f);
		act_job_run(job, &io, &f.conf, &f.driver, in);
		act_job_free(job);
		got = fake_final(in);
		p = plan_new(VERB_SUSPEND, "x", NULL, NULL);
		plan_join(p, act_progress_take_part(got));
		plan_seal(p, seen, last ? 1 : ARRAY_LEN(rows));
		if (last)
			assert_string_equal(p->impact[0],
			    "LAST session with AS64501 Example Net: no other session with it is up");
		else
			assert_string_equal(p->impact[0], "1 other session with AS64501 stays up: frr 192.0.2.11");
		assert_null(p->impact[1]);
		act_progress_free(got);
		plan_unref(p);
		inbox_free(in);
		fake_free(&f);
	}
}

static void a_confirmation_is_for_these_bytes_and_this_moment(void **state)
{
	struct err e = ERR_INIT;
	struct fake f;
	struct plan *p, *q;
	struct step changed;

	(void)state;
	build_router(&f, "frr");
	p = plan_one(&f, VERB_SUSPEND, "192.0.2.10", "CHG-1");
	q = plan_one(&f, VERB_SUSPEND, "192.0.2.10", "CHG-2");
	assert_string_not_equal(p->digest, q->digest);
	assert_int_equal(plan_confirm(p, p->digest, &e), 0);
	assert_int_equal(plan_confirm(p, q->digest, &e), -1);
	err_clear(&e);
	changed = p->items[0].apply[2];
	changed.line = "neighbor 192.0.2.99 shutdown";
	memcpy((struct step *)(uintptr_t)&p->items[0].apply[2], &changed, sizeof(changed));
	assert_int_equal(plan_confirm(p, p->digest, &e), -1); /* the bytes are not those of the digest */
	err_clear(&e);
	clock_fake_advance((int64_t)PLAN_LIFE_S * 1000 + 2000);
	assert_int_equal(plan_confirm(q, q->digest, &e), -1);
	assert_non_null(strstr(e.text, "lapsed"));
	plan_unref(p);
	plan_unref(q);
	fake_free(&f);
}

static void confirm_takes(struct plan *p, const char *typed, bool holds)
{
	struct confirm c;

	confirm_of(p, &c);
	if (confirm_holds(&c, typed) != holds)
		fail_msg("\"%s\" %s", typed, holds ? "must confirm" : "must not confirm");
}

static void more_than_one_session_needs_what_it_is_about(void **state)
{
	static const char *const two[] = { "192.0.2.10", "2001:db8::20" };
	struct plan_item item = { .router = "frr", .held_lasting = true, .remote_as = 64501 };
	struct plan lasting = { .verb = VERB_RESUME, .items = &item, .count = 1, .scope_name = "" };
	struct fake f;
	struct plan *p;

	(void)state;
	build_router(&f, "frr");
	p = plan_one(&f, VERB_SUSPEND, "192.0.2.10", NULL);
	confirm_takes(p, "Yes", true);
	confirm_takes(p, "1", false);
	confirm_takes(p, "", false);
	plan_unref(p);
	p = fake_plan(&f, VERB_SUSPEND, NULL, two, 2, NULL); /* two networks, chosen one by one */
	confirm_takes(p, " 2 ", true);
	confirm_takes(p, "yes", false);
	confirm_takes(p, "AS64501", false);
	confirm_takes(p, "DE-CIX Frankfurt", false);
	plan_set_scope(p, "exchange DE-CIX Frankfurt: 2 sessions on 1 router", "DE-CIX Frankfurt");
	confirm_takes(p, "de-cix frankfurt", true);
	confirm_takes(p, "de-cix", false);
	plan_set_scope(p, "exchange 3: 2 sessions on 1 router", "3"); /* a name that is a number confirms nothing else */
	confirm_takes(p, "3", false);
	plan_unref(p);
	confirm_takes(&lasting, "yes", false);
	confirm_takes(&lasting, "1", false);
	confirm_takes(&lasting, "terminated", true);
	fake_free(&f);
}

static void scope_and_lasting_are_part_of_the_digest(void **state)
{
	struct plan *a = plan_new(VERB_SUSPEND, "x", NULL, NULL), *b = plan_new(VERB_SUSPEND, "x", NULL, NULL),
		    *c = plan_new(VERB_SUSPEND, "x", NULL, NULL);

	(void)state;
	plan_set_scope(b, "AS64501: 3 sessions on 2 routers", "AS64501");
	plan_set_lasting(c);
	plan_seal(a, NULL, 0);
	plan_seal(b, NULL, 0);
	plan_seal(c, NULL, 0);
	assert_string_not_equal(a->digest, b->digest);
	assert_string_not_equal(a->digest, c->digest);
	plan_unref(a);
	plan_unref(b);
	plan_unref(c);
}

static void a_session_not_read_now_is_no_other_way(void **state)
{
	const struct session other = seen_session(64501, "192.0.2.11", BGP_ESTABLISHED, AF_IPV4_UNICAST);
	const struct plan_seen stale = { "frr", &other, true };
	struct plan_item item = { .router = "frr", .vrf = "", .neighbor = "192.0.2.10", .handle = "", .network = "",
		.remote_as = 64501 };
	struct plan *p = plan_new(VERB_SUSPEND, "x", NULL, NULL);
	struct plan_part *part = MEM_NEW(struct plan_part);

	(void)state;
	part->arena = arena_new();
	part->items = arena_alloc(part->arena, sizeof(item));
	part->items[part->count++] = item;
	plan_join(p, part);
	plan_seal(p, &stale, 1);
	assert_int_equal(p->last_count, 1);
	plan_unref(p);
}

static void read_only_plans_do_nothing(void **state)
{
	struct fake f;

	(void)state;
	build_router(&f, "frr");
	f.conf.read_only = true;
	skipped(&f, VERB_SUSPEND, "192.0.2.10", "read-only in the configuration");
	fake_free(&f);
}

int main(void)
{
#define AT_NOON(f) cmocka_unit_test_setup(f, at_noon)
	const struct CMUnitTest tests[] = {
	    AT_NOON(exact_lines_of_each_os_and_verb),
	    AT_NOON(frr_refuses_what_it_cannot_do_exactly),
	    AT_NOON(bird_and_openbgpd_tell_how_to_provision),
	    AT_NOON(a_bad_message_reaches_no_line),
	    AT_NOON(a_router_that_cannot_be_asked_is_still_in_the_plan),
	    AT_NOON(impact_counts_sessions_not_families),
	    AT_NOON(a_confirmation_is_for_these_bytes_and_this_moment),
	    AT_NOON(more_than_one_session_needs_what_it_is_about),
	    AT_NOON(scope_and_lasting_are_part_of_the_digest),
	    AT_NOON(a_session_not_read_now_is_no_other_way),
	    AT_NOON(read_only_plans_do_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
