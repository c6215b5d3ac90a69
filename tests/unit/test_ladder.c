/* The order of rungs, conflicts, proofs, and who comes next. */
#include "core/judge/venue.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#define NOW INT64_C(1793155512000) /* 2026-10-28 02:45:12Z, a Wednesday */

struct stage {
	struct arena *arena;
	struct book *book;
	struct peer_set *peers;
	struct peer peer[2];
	struct contact contacts[7];
	struct exchange exchange;
	const struct exchange *exchanges[1];
	struct calls *calls;
	struct ladder_input in;
	struct ladder l;
};

static struct contact contact(const char *role, const char *phone, const char *mail)
{
	return (struct contact){ .role = { role }, .name = { role }, .phone = { phone }, .email = { mail }, .updated_wall_ms = -1 };
}

static void open_stage(struct stage *s, const char *book)
{
	*s = (struct stage){ .arena = arena_new(), .book = book_new(), .peers = peer_set_new(), .calls = calls_new() };
	s->contacts[0] = contact("Sales", "1", "sales@a.example");
	s->contacts[1] = contact("Abuse", "", "abuse@a.example");
	s->contacts[2] = contact("Policy", "2", "policy@a.example");
	s->contacts[3] = contact("NOC", "3", "noc@a.example");
	s->contacts[4] = contact("Maintenance", "", "maint@a.example");
	s->contacts[5] = contact("Technical", "4", "tech@a.example");
	s->contacts[6] = contact("NOC", "5", "noc2@a.example");
	s->peer[0] = (struct peer){ .asn = 64501, .contacts = s->contacts, .contact_count = 7, .contacts_seen = CONTACTS_ALL,
		.fetched_wall_ms = NOW - 1000 };
	s->peer[1] = (struct peer){ .asn = 64502, .contacts_seen = CONTACTS_PUBLIC_ONLY, .fetched_wall_ms = NOW - 1000 };
	s->peers->peers = s->peer;
	s->peers->peer_count = 2;
	s->exchange = (struct exchange){ .ix_id = 1, .name = TEXT_LIT("X-IX"), .tech_phone = TEXT_LIT("6"),
		.tech_email = TEXT_LIT("noc@x.example") };
	s->exchanges[0] = &s->exchange;
	book_read(s->book, "b", slice_of(book));
	s->in = (struct ladder_input){ .asn = 64501, .book = s->book, .peers = s->peers, .calls = s->calls,
		.exchanges = s->exchanges, .exchange_count = 1, .now_wall_ms = NOW };
}

static void close_stage(struct stage *s)
{
	calls_free(s->calls);
	book_free(s->book);
	peer_set_unref(s->peers);
	arena_free(s->arena);
}

static void build(struct stage *s)
{
	ladder_build(s->arena, &s->in, &s->l);
}

static void called(struct stage *s, int64_t ago_ms, enum call_outcome o, const char *way, const char *who)
{
	struct call c = { .wall_ms = NOW - ago_ms, .outcome = o, .asn = 64501, .way = { way }, .who = { who }, .by = TEXT_LIT("Kim") };

	calls_add(s->calls, &c);
}

static void one_order_for_everybody(void **state)
{
	static const char *const mails[] = { "kim@a.example", "noc@a.example", "noc2@a.example", "tech@a.example",
		"maint@a.example", "policy@a.example", "abuse@a.example", "noc@x.example", "dc@f.example", "rir@a.example" };
	const struct facility place = { .name = TEXT_LIT("FR5"), .tech_email = TEXT_LIT("dc@f.example"), .read_wall_ms = -1 };
	const struct facility *const places[] = { &place };
	const struct contact rdap = contact("Abuse", NULL, "rir@a.example");
	const struct registered known[] = { { .asn = 64500, .asked_wall_ms = 5 }, { .asn = 64501, .asked_wall_ms = 7, .found = true,
		.contacts = &rdap, .count = 1 } };
	const struct registered_set set = { known, ARRAY_LEN(known) };
	struct stage s;

	(void)state;
	open_stage(&s, "network AS64501 {\n contact Escalation {\n  mail = kim@a.example\n }\n}\n");
	s.in.facilities = places;
	s.in.facility_count = 1;
	s.in.registered = &set;
	build(&s);
	assert_int_equal(s.l.count, ARRAY_LEN(mails));
	for (size_t i = 0; i < ARRAY_LEN(mails); i++)
		assert_string_equal(s.l.rungs[i].email.s, mails[i]);
	assert_int_equal(s.l.rungs[9].source, RUNG_RDAP);
	assert_int_equal(s.l.rungs[9].as_of_wall_ms, 7);
	assert_string_equal(ladder_words(&s.l), "");
	close_stage(&s);
}

static void a_hidden_contact_is_not_no_contact(void **state)
{
	struct stage s;

	(void)state;
	open_stage(&s, "");
	s.in.asn = 64502;
	s.in.exchange_count = 0;
	build(&s);
	assert_int_equal(s.l.count, 0);
	assert_non_null(strstr(ladder_words(&s.l), "an API key is needed"));
	s.in.asn = 3333;
	build(&s);
	assert_non_null(strstr(ladder_words(&s.l), "never asked"));
	s.peers->absent = (const asn_t[]){ 3333 };
	s.peers->absent_count = 1;
	build(&s);
	assert_string_equal(ladder_words(&s.l), "not in PeeringDB");
	close_stage(&s);
}

static void conflicts_are_shown_on_both_sides(void **state)
{
	struct stage s;

	(void)state;
	open_stage(&s, "network AS64501 {\n contact NOC {\n  phone = 99\n  mail = noc@a.example\n }\n contact Technical {\n"
	    "  phone = 4\n  mail = tech@a.example\n }\n}\n");
	build(&s);
	assert_non_null(strstr(s.l.rungs[0].differs.s, "PeeringDB says 3 noc@a.example"));
	assert_non_null(strstr(s.l.rungs[2].differs.s, "the book says 99"));
	assert_string_equal(s.l.rungs[1].differs.s, "");
	assert_int_equal(s.l.rungs[4].same_as, 2); /* Technical again, the same numbers */
	close_stage(&s);
}

static void expired_entries_are_left_out_and_counted(void **state)
{
	struct stage s;

	(void)state;
	open_stage(&s, "network AS64501 {\n contact NOC {\n  phone = 99\n  expires = 2026-10-27\n }\n contact Lead {\n"
	    "  phone = 98\n  expires = 2026-10-28\n }\n}\n");
	build(&s);
	assert_int_equal(s.l.expired, 1);
	assert_string_equal(s.l.rungs[0].phone.s, "98");
	close_stage(&s);
}

static void is_it_night_there(void **state)
{
	struct stage s;
	char words[80];

	(void)state;
	open_stage(&s, "network AS64501 {\n contact A {\n  phone = 1\n  hours = Mo-Fr 08:00-18:00\n  zone = UTC\n }\n"
	    " contact B {\n  phone = 2\n  hours = 24x7\n }\n contact C {\n  phone = 3\n }\n}\n");
	build(&s);
	rung_clock_words(&s.l.rungs[0], NOW, words, sizeof(words));
	assert_string_equal(words, "02:45 night, outside hours");
	rung_clock_words(&s.l.rungs[0], NOW + INT64_C(8) * 3600000, words, sizeof(words));
	assert_string_equal(words, "10:45 day, in hours");
	rung_clock_words(&s.l.rungs[1], NOW, words, sizeof(words));
	assert_string_equal(words, "24x7");
	assert_int_equal(rung_clock(&s.l.rungs[1], NOW).open, TRI_YES);
	assert_int_equal(rung_clock(&s.l.rungs[2], NOW).open, TRI_UNKNOWN);
	close_stage(&s);
}

static void the_next_rung_is_the_first_untried_one(void **state)
{
	struct stage s;
	const struct escalation *e;

	(void)state;
	open_stage(&s, "");
	build(&s);
	assert_int_equal(ladder_next(&s.l, s.calls, NULL), 0);
	called(&s, 20 * 60000, CALL_NO_ANSWER, "3", "alice");
	e = escalation_open(s.calls, 64501, "", NOW);
	assert_non_null(e);
	assert_int_equal(ladder_next(&s.l, s.calls, e), 1);
	assert_true(escalation_due_ms(s.calls, e, 15 * 60000) == NOW - 5 * 60000);
	called(&s, 60000, CALL_WRONG, "5", "alice");
	called(&s, 50000, CALL_DIALLING, "4", "bob");
	e = escalation_open(s.calls, 64501, "", NOW);
	assert_string_equal(escalation_dialling(s.calls, e, NOW)->who.s, "bob");
	build(&s);
	assert_true(s.l.rungs[1].wrong_wall_ms > 0);
	assert_int_equal(ladder_next(&s.l, s.calls, e), 3);
	called(&s, 40000, CALL_ACK, "4", "bob");
	e = escalation_open(s.calls, 64501, "", NOW);
	assert_null(escalation_dialling(s.calls, e, NOW));
	assert_int_equal(e->state, ESCALATION_ACKED);
	assert_true(escalation_due_ms(s.calls, e, 15 * 60000) == -1);
	build(&s);
	assert_true(s.l.rungs[2].proven_wall_ms == NOW - 40000);
	assert_non_null(strstr(s.l.rungs[2].proven_how.s, "acknowledged by Kim, noted by bob"));
	called(&s, 1000, CALL_CLOSED, "", "bob");
	assert_null(escalation_open(s.calls, 64501, "", NOW));
	assert_int_equal(escalation_of(s.calls, 64501)->count, 5);
	close_stage(&s);
}

static void two_consoles_end_up_in_one_escalation(void **state)
{
	struct stage s;

	(void)state;
	open_stage(&s, "");
	called(&s, 90000000, CALL_NO_ANSWER, "3", "carol"); /* more than a day ago: lapsed */
	called(&s, 2000, CALL_NO_ANSWER, "3", "alice");
	called(&s, 1000, CALL_NO_ANSWER, "4", "bob");
	assert_int_equal(escalation_count(s.calls), 2);
	assert_int_equal(escalation_open(s.calls, 64501, NULL, NOW)->count, 2);
	assert_string_equal(escalation_call(s.calls, escalation_at(s.calls, 1), 1)->who.s, "bob");
	close_stage(&s);
}

static void call_about(struct stage *s, int64_t ago_ms, const char *incident, const char *who)
{
	const struct call c = { .wall_ms = NOW - ago_ms, .outcome = CALL_NO_ANSWER, .asn = 64501, .who = { who },
		.incident = { incident } };

	calls_add(s->calls, &c);
}

static void a_call_from_the_incident_is_one_with_that_from_the_session(void **state)
{
	struct stage s;
	const struct escalation *e;

	(void)state;
	open_stage(&s, "");
	call_about(&s, 5000, "", "alice"); /* from the session */
	call_about(&s, 4000, "I-1", "bob"); /* from the incident: the same matter */
	call_about(&s, 3000, "", "alice");
	assert_int_equal(escalation_count(s.calls), 1);
	e = escalation_open(s.calls, 64501, NULL, NOW);
	assert_int_equal(e->count, 3);
	assert_string_equal(e->incident.s, "I-1");
	assert_ptr_equal(escalation_open(s.calls, 64501, "I-1", NOW), e);
	assert_null(escalation_open(s.calls, 64501, "I-2", NOW));
	call_about(&s, 2000, "I-2", "carol"); /* another incident is another matter */
	assert_int_equal(escalation_count(s.calls), 2);
	assert_int_equal(escalation_open(s.calls, 64501, "I-1", NOW)->count, 3);
	assert_int_equal(escalation_open(s.calls, 64501, "I-2", NOW)->count, 1);
	close_stage(&s);
}

static void our_own_people(void **state)
{
	struct stage s;

	(void)state;
	open_stage(&s, "ours {\n contact Lead {\n  phone = 42\n }\n}\n");
	s.in.asn = BOOK_OURS;
	build(&s);
	assert_int_equal(s.l.count, 1);
	assert_string_equal(s.l.rungs[0].phone.s, "42");
	close_stage(&s);
}

/* The book's people of the place, PeeringDB's, then ours; no network's, and nobody twice. */
static void a_place_has_a_ladder_of_its_own(void **state)
{
	static const char *const phones[] = { "70", "6", "8", "42" };
	static const enum rung_source sources[] = { RUNG_BOOK, RUNG_EXCHANGE, RUNG_EXCHANGE, RUNG_OURS };
	const struct config config = { .local_as = 64500 };
	const struct venue here = { VENUE_EXCHANGE, "x-ix" };
	const struct call call = { .wall_ms = NOW - 1000, .outcome = CALL_ACK, .asn = ASN_UNKNOWN, .venue = TEXT_LIT("exchange x-ix"),
		.incident = TEXT_LIT("I-1"), .way = TEXT_LIT("6"), .who = TEXT_LIT("alice"), .by = TEXT_LIT("Kim") };
	struct stage s;
	struct world w;

	(void)state;
	open_stage(&s, "exchange \"X-IX\" {\n warn = ask the supervisor\n contact Technical {\n  phone = 70\n  zone = Europe/Berlin\n }\n}\n"
	    "ours {\n contact Lead {\n  phone = 42\n }\n}\nnetwork AS64501 {\n contact NOC {\n  phone = 99\n }\n}\n");
	assert_int_equal(s.book->fault_count, 0);
	s.exchange.policy_phone = TEXT_LIT("8");
	s.peers->exchanges = &s.exchange;
	s.peers->exchange_count = 1;
	calls_add(s.calls, &call);
	w = (struct world){ .config = &config, .book = s.book, .peers = s.peers, .calls = s.calls, .now_wall_ms = NOW };
	ladder_of_venue(s.arena, &w, &here, &s.l);
	assert_string_equal(s.l.venue, "exchange x-ix");
	assert_int_equal(s.l.count, ARRAY_LEN(phones));
	for (size_t i = 0; i < ARRAY_LEN(phones); i++) {
		assert_string_equal(s.l.rungs[i].phone.s, phones[i]);
		assert_int_equal(s.l.rungs[i].source, sources[i]);
	}
	assert_string_equal(s.l.rungs[2].role.s, "Policy");
	assert_non_null(strstr(s.l.rungs[0].differs.s, "PeeringDB says 6 noc@x.example"));
	assert_non_null(strstr(s.l.rungs[1].differs.s, "the book says 70"));
	assert_int_equal(s.l.rungs[1].proven_wall_ms, NOW - 1000);
	assert_string_equal(venue_ladder_words(&s.l, &here), "");
	/* It is the place's matter, nobody else's; and of another place it says nothing. */
	assert_int_equal(escalation_open_at(s.calls, "exchange x-ix", "I-1", NOW)->count, 1);
	assert_null(escalation_open_at(s.calls, "exchange x-ix", "I-2", NOW));
	assert_null(escalation_open_at(s.calls, "facility x-ix", "I-1", NOW));
	assert_null(escalation_open(s.calls, ASN_UNKNOWN, "I-1", NOW));
	close_stage(&s);
}

static void a_place_that_nobody_knows_says_so(void **state)
{
	const struct config config = { .local_as = 64500 };
	const struct venue where[] = { { VENUE_EXCHANGE, "NO-IX" }, { VENUE_FACILITY, "FR5" }, { VENUE_ROUTER, "r1" },
		{ VENUE_EXCHANGE, "192.0.2.0/24 + 2001:db8::/64" } };
	static const char *const words[] = { "not in the cache of PeeringDB", "not in the cache of PeeringDB", "no block \"ours\"",
		"nobody knows this exchange's name" };
	struct stage s;
	struct world w;

	(void)state;
	open_stage(&s, "");
	w = (struct world){ .config = &config, .book = s.book, .peers = s.peers, .calls = s.calls, .now_wall_ms = NOW };
	for (size_t i = 0; i < ARRAY_LEN(where); i++) {
		struct venue back;
		char said[VENUE_WORDS_LEN];

		ladder_of_venue(s.arena, &w, &where[i], &s.l);
		assert_int_equal(s.l.count, 0);
		assert_non_null(strstr(venue_ladder_words(&s.l, &where[i]), words[i]));
		assert_true(venue_parse(venue_words(&where[i], said), &back));
		assert_int_equal(back.kind, where[i].kind);
		assert_string_equal(back.name, where[i].name);
	}
	close_stage(&s);
}

/* A network's ladder ends with the place's people, those of the book too, and they are nobody's own NOC. */
static void the_book_speaks_of_places_on_a_networks_ladder(void **state)
{
	struct stage s;

	(void)state;
	open_stage(&s, "exchange x-ix {\n contact NOC {\n  phone = 70\n }\n}\n");
	build(&s);
	assert_int_equal(s.l.count, 8);
	assert_string_equal(s.l.rungs[6].phone.s, "70");
	assert_int_equal(s.l.rungs[6].source, RUNG_EXCHANGE);
	assert_string_equal(s.l.rungs[7].phone.s, "6");
	close_stage(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_order_for_everybody),
		cmocka_unit_test(a_hidden_contact_is_not_no_contact),
		cmocka_unit_test(conflicts_are_shown_on_both_sides),
		cmocka_unit_test(expired_entries_are_left_out_and_counted),
		cmocka_unit_test(is_it_night_there),
		cmocka_unit_test(the_next_rung_is_the_first_untried_one),
		cmocka_unit_test(two_consoles_end_up_in_one_escalation),
		cmocka_unit_test(a_call_from_the_incident_is_one_with_that_from_the_session),
		cmocka_unit_test(our_own_people),
		cmocka_unit_test(a_place_has_a_ladder_of_its_own),
		cmocka_unit_test(a_place_that_nobody_knows_says_so),
		cmocka_unit_test(the_book_speaks_of_places_on_a_networks_ladder),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
