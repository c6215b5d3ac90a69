/* Why a session is down, in one sentence, and whom to call. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "core/base/mem.h"
#include "core/judge/why.h"
#include "core/model/world.h"
#include "tui/view.h"

#include <stdio.h>
#include <string.h>

static struct text known(const char *s)
{
	return (struct text){ s };
}

/* What is said of this session must hold `has` and must not hold `not` (NULL: anything). */
static void expect(const struct world_session *r, const char *has, const char *not)
{
	struct str out;

	str_init(&out, 0);
	why_down_words(r, &out);
	if (strstr(out.p, has) == NULL || (not != NULL && strstr(out.p, not) != NULL))
		fail_msg("\"%s\" should hold \"%s\" and not \"%s\"", out.p, has, not ? not : "");
	str_fini(&out);
}

static struct session down(int code, int subcode, enum direction dir)
{
	struct session s;

	session_init(&s);
	s.state = BGP_IDLE;
	s.admin_down = TRI_NO;
	s.since_s = 600;
	s.last_error.code = code;
	s.last_error.subcode = subcode;
	s.last_error.dir = dir;
	return s;
}

static void test_notifications_tell_code_name_and_direction(void **state)
{
	struct session s = down(4, -1, DIR_SENT);
	struct world_session r = { .s = &s };

	(void)state;
	expect(&r, "our router closed it: sent 4 Hold timer expired; nothing came from the peer", "peer closed");
	s = down(2, 2, DIR_RECEIVED);
	expect(&r, "the peer closed it: received 2/2 OPEN", "our router");
	s = down(6, 2, DIR_RECEIVED);
	s.shutdown_message = known("back at 05:00 UTC");
	expect(&r, "the peer shut it: received 6/2 Cease: administrative shutdown; the peer says: \"back at 05:00 UTC\"",
	    NULL);
	s = down(6, 1, DIR_SENT);
	s.limit_tripped = TRI_YES;
	expect(&r, "more prefixes came than the limit allows: sent 6/1", NULL);
}

static void test_our_own_shutting_is_not_blamed_on_the_peer(void **state)
{
	struct session s = down(6, 2, DIR_RECEIVED);
	const struct ledger_line held = { .verb = known("suspend"), .who = known("alice"), .reason = known("loss") };
	struct world_session r = { .s = &s };

	(void)state;
	s.admin_down = TRI_YES;
	s.shutdown_message = known("an older text");
	expect(&r, "not by this peerdeck", "peer shut");
	r.held = &held;
	expect(&r, "suspended with peerdeck by alice: loss", "older text");
}

static void test_an_old_error_is_told_as_old(void **state)
{
	struct session s = down(6, 4, DIR_SENT);
	struct world_session r = { .s = &s };

	(void)state;
	s.state = BGP_ACTIVE;
	s.last_error.ago_s = 86400;
	expect(&r, "an earlier error, 1d00h ago, was 6/4", "closed it");
	s.last_error.ago_s = 660; /* the router noted it a minute before the state */
	expect(&r, "our router closed it", "earlier");
}

static void test_without_notification_the_router_speaks(void **state)
{
	struct session s = down(-1, -1, DIR_UNKNOWN);
	struct world_session r = { .s = &s, .stale = true };

	(void)state;
	s.state = BGP_ACTIVE;
	s.last_error.words = known("Socket: Connection closed");
	expect(&r, "when last read: the connection was closed without a NOTIFICATION", "0");
	expect(&r, "the router says: Socket: Connection closed", NULL);
	s.state = BGP_ESTABLISHED;
	expect(&r, "", "TCP");
}

/* What each OS prints where no NOTIFICATION tells: sorted into who and how. */
static void test_the_words_of_each_os_have_a_cause(void **state)
{
	static const struct {
		const char *words;
		enum why_who who;
		enum why_how how;
	} cases[] = {
		{ "BFD down received", WHY_PATH, WHY_BFD },                          /* FRR */
		{ "BFD session down", WHY_PATH, WHY_BFD },                           /* BIRD */
		{ "Interface down", WHY_PATH, WHY_INTERFACE },                       /* FRR */
		{ "Interface flap", WHY_PATH, WHY_INTERFACE },                       /* IOS */
		{ "Link down", WHY_PATH, WHY_INTERFACE },                            /* BIRD */
		{ "Socket: No route to host", WHY_PATH, WHY_INTERFACE },             /* BIRD */
		{ "Waiting for NHT", WHY_PATH, WHY_INTERFACE },                      /* FRR */
		{ "Socket: Connection refused", WHY_PEER, WHY_REFUSED },             /* BIRD */
		{ "Peer closed the session", WHY_PEER, WHY_CLOSED },                 /* FRR, IOS */
		{ "Hold Timer Expired", WHY_PATH, WHY_HOLD_TIMER },
		{ "BGP Notification sent, hold time expired", WHY_PATH, WHY_HOLD_TIMER }, /* IOS */
		{ "Automatic shutdown: Route limit exceeded", WHY_WE, WHY_LIMIT },   /* BIRD */
		{ "TCP-MD5 mismatch", WHY_NOBODY_KNOWS, WHY_AUTH },
		{ "Invalid source address", WHY_PATH, WHY_NO_ANSWER },               /* says nothing of the end */
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct session s = down(-1, -1, DIR_UNKNOWN);
		struct world_session r = { .s = &s };
		struct why y;

		s.state = BGP_ACTIVE;
		s.last_error.words = known(cases[i].words);
		y = why_find(&r, NULL);
		if (y.who != cases[i].who || y.how != cases[i].how)
			fail_msg("\"%s\": %s, %s", cases[i].words, why_who_word(y.who), why_how_word(y.how));
		expect(&r, cases[i].words, NULL);
	}
}

static void test_a_password_is_suspected_and_never_claimed(void **state)
{
	struct session s = down(-1, -1, DIR_UNKNOWN);
	struct world_session r = { .s = &s };

	(void)state;
	s.state = BGP_CONNECT;
	s.auth = AUTH_MD5;
	expect(&r, "a wrong password would look the same", "does not fit");
	assert_true(why_find(&r, NULL).suspected);
	s.auth = AUTH_NONE;
	expect(&r, "has not answered", "password");
	s.auth = AUTH_UNKNOWN;
	expect(&r, "has not answered", "password");
}

static void next_is(const struct world_session *r, size_t i, const char *has)
{
	const struct why y = why_find(r, NULL);
	struct str out;

	str_init(&out, 0);
	assert_true(why_next(r, &y, i, &out));
	if (strstr(out.p, has) == NULL)
		fail_msg("\"%s\" should hold \"%s\"", out.p, has);
	str_fini(&out);
}

static void test_a_tripped_limit_is_held_against_peeringdb(void **state)
{
	struct session s = down(6, 1, DIR_SENT);
	struct peer p = { .info_prefixes4 = 1500, .info_prefixes6 = COUNT_UNKNOWN };
	struct world_session r = { .s = &s, .peer = &p };

	(void)state;
	s.limit_tripped = TRI_YES;
	s.family = AF_IPV4_UNICAST;
	s.max_prefixes = 1000;
	expect(&r, "limit 1000", NULL);
	next_is(&r, 0, "limit 1000; PeeringDB says 1500: the limit is too low");
	p.info_prefixes4 = 800;
	next_is(&r, 0, "a leak is likely");
	p.info_prefixes4 = COUNT_UNKNOWN;
	next_is(&r, 0, "publishes no limit");
}

static void test_drops_are_counted_for_this_session_alone(void **state)
{
	struct config conf = { .near_pct = 90 };
	struct router_conf router = { .name = "r1" };
	struct world_router wr = { .conf = &router };
	struct world w = { .config = &conf, .events = event_log_new(50), .now_wall_ms = 1000000000 };
	struct session s = down(4, 0, DIR_SENT);
	struct world_session r = { .router = &wr, .s = &s };
	const struct event drop = { .kind = EVENT_DOWN, .family = AF_IPV4_UNICAST, .router = "r1", .neighbor = "192.0.2.1" };
	static const int minutes[] = { 2000, 300, 50, 5 };
	struct why_past past;

	(void)state;
	s.neighbor = known("192.0.2.1");
	s.family = AF_IPV4_UNICAST;
	for (size_t i = 0; i < ARRAY_LEN(minutes); i++) {
		struct event e = drop;

		e.wall_ms = w.now_wall_ms - minutes[i] * 60000LL;
		event_log_add(w.events, e);
		snprintf(e.neighbor, sizeof(e.neighbor), "192.0.2.2");
		event_log_add(w.events, e);
	}
	past = why_past_of(&w, &r);
	assert_int_equal(past.drops_hour, 2);
	assert_int_equal(past.drops_day, 3);
	assert_int_equal(past.known_s, 2000 * 60);
	event_log_free(w.events);
}

/* OpenBGPD and others forget the NOTIFICATION with the next try to connect; the event log does not. */
static void test_what_the_router_forgot_is_recalled(void **state)
{
	struct config conf = { .near_pct = 90 };
	struct router_conf router = { .name = "r1" };
	struct world_router wr = { .conf = &router };
	struct world w = { .config = &conf, .events = event_log_new(50), .now_wall_ms = 1790000000000 };
	struct session s = down(-1, -1, DIR_UNKNOWN);
	struct world_session r = { .router = &wr, .s = &s };
	struct event e = { .kind = EVENT_DOWN, .severity = SEV_ALARM, .family = AF_IPV4_UNICAST, .router = "r1",
		.neighbor = "192.0.2.1", .wall_ms = w.now_wall_ms - 3600000, .words = "down: Hold timer expired, sent (4/0)" };
	struct why_past past;
	struct str out;
	struct why y;

	(void)state;
	str_init(&out, 0);
	s.state = BGP_ACTIVE;
	s.neighbor = known("192.0.2.1");
	s.family = AF_IPV4_UNICAST;
	event_log_add(w.events, e);
	snprintf(e.words, sizeof(e.words), "down: Cease: administrative shutdown, received (6/2)");
	e.wall_ms += 3540000;
	event_log_add(w.events, e);
	past = why_past_of(&w, &r);
	y = why_find(&r, &past);
	assert_int_equal(y.how, WHY_PEER_SHUT);
	assert_int_equal(y.who, WHY_PEER);
	assert_true(y.recalled);
	why_words(&r, &y, &out);
	assert_non_null(strstr(out.p, "the peer shut it: received 6/2 Cease: administrative shutdown, as the router said when it fell 1m ago; now no TCP"));
	/* the last fall without a word is not told by the one before it */
	snprintf(e.words, sizeof(e.words), "down");
	e.wall_ms += 30000;
	event_log_add(w.events, e);
	past = why_past_of(&w, &r);
	y = why_find(&r, &past);
	assert_int_equal(y.how, WHY_NO_ANSWER);
	str_clear(&out);
	why_words(&r, &y, &out);
	assert_non_null(strstr(out.p, "how it ended the router does not tell"));
	/* what the router says now counts more */
	s.last_error.code = 4;
	s.last_error.dir = DIR_SENT;
	y = why_find(&r, &past);
	assert_int_equal(y.how, WHY_HOLD_TIMER);
	assert_false(y.recalled);
	str_fini(&out);
	event_log_free(w.events);
}

static void test_up_without_its_prefixes_is_said(void **state)
{
	struct config conf = { .near_pct = 90 };
	struct router_conf router = { .name = "r1" };
	struct world_router wr = { .conf = &router };
	struct world w = { .config = &conf, .events = event_log_new(50), .now_wall_ms = 1790000000000 };
	struct session s = { .state = BGP_ESTABLISHED, .family = AF_IPV4_UNICAST, .received = 0, .accepted = 0, .since_s = 86400,
		.neighbor = known("192.0.2.1") };
	struct world_session r = { .router = &wr, .s = &s };
	struct event e = { .kind = EVENT_PREFIX_JUMP, .severity = SEV_ALARM, .family = AF_IPV4_UNICAST, .router = "r1",
		.neighbor = "192.0.2.1", .wall_ms = w.now_wall_ms - 120000, .before = 812, .after = 300 };
	struct why_past past;
	struct str out;
	struct why y;

	(void)state;
	str_init(&out, 0);
	past = why_past_of(&w, &r);
	y = why_find(&r, &past);
	assert_int_equal(y.how, WHY_UP);
	event_log_add(w.events, e);
	e.wall_ms += 60000;
	e.before = 300;
	e.after = 0;
	event_log_add(w.events, e);
	past = why_past_of(&w, &r);
	y = why_find(&r, &past);
	assert_int_equal(y.how, WHY_PREFIXES);
	why_words(&r, &y, &out);
	assert_string_equal(out.p, "up, but its prefixes are gone: 812 were received, 0 now; since 2026-09-21T14:11:20Z");
	str_clear(&out);
	assert_true(why_next(&r, &y, 1, &out));
	s.received = 800;
	y = why_find(&r, &past);
	assert_int_equal(y.how, WHY_UP);
	snprintf(e.words, sizeof(e.words), "import refuses all prefixes: accepted 790 -> 0 of 812 received");
	e.wall_ms += 30000;
	e.before = 790;
	event_log_add(w.events, e);
	past = why_past_of(&w, &r);
	y = why_find(&r, &past);
	str_clear(&out);
	why_words(&r, &y, &out);
	assert_int_equal(y.who, WHY_WE);
	assert_non_null(strstr(out.p, "our import refuses what it let in before: 790 were accepted, 0 now of 800 received"));
	str_fini(&out);
	event_log_free(w.events);
}

static void test_no_contact_says_which_kind_of_none(void **state)
{
	struct config conf = { .pdb = { .enabled = true } };
	asn_t absent[] = { 64499 };
	struct peer_set set = { .absent = absent, .absent_count = 1 };
	struct world w = { .config = &conf, .peers = &set };
	const struct view_ctx cx = { .w = &w };
	struct peer p = { .contacts_seen = CONTACTS_PUBLIC_ONLY };
	struct str out;

	(void)state;
	str_init(&out, 0);
	no_contact_words(&cx, 64499, NULL, &out);
	assert_string_equal(out.p, "AS64499 is not in PeeringDB");
	str_clear(&out);
	no_contact_words(&cx, 64500, NULL, &out);
	assert_non_null(strstr(out.p, "has not answered"));
	str_clear(&out);
	no_contact_words(&cx, 64500, &p, &out);
	assert_non_null(strstr(out.p, "key needed"));
	str_clear(&out);
	p.contacts_seen = CONTACTS_ALL;
	no_contact_words(&cx, 64500, &p, &out);
	assert_non_null(strstr(out.p, "publishes none"));
	str_fini(&out);
}

static void test_the_first_call_has_a_number(void **state)
{
	const struct contact contacts[] = {
		{ .role = known("NOC"), .email = known("noc@example.net") },
		{ .role = known("Technical"), .name = known("Ines"), .phone = known("+44 20 7946 0497") },
	};
	struct config conf = { .near_pct = 90 };
	struct peer p = { .asn = 64501, .contacts = contacts, .contact_count = 2 };
	struct peer_set set = { .peers = &p, .peer_count = 1 };
	struct world w = { .config = &conf, .peers = &set };
	const struct view_ctx cx = { .w = &w };
	const struct exchange x = { .name = known("Lab-IX"), .tech_phone = known("+44 20 7946 0901") };
	struct session s = down(-1, -1, DIR_UNKNOWN);
	struct world_session r = { .s = &s, .peer = &p, .exchange = &x };
	struct str out;

	(void)state;
	s.remote_as = 64501;
	str_init(&out, 0);
	first_call_words(&cx, &r, &out);
	assert_string_equal(out.p, "+44 20 7946 0497  Technical, Ines");
	p.contact_count = 1;
	str_clear(&out);
	first_call_words(&cx, &r, &out);
	assert_string_equal(out.p, "noc@example.net  NOC");
	p.contact_count = 0;
	str_clear(&out);
	first_call_words(&cx, &r, &out);
	assert_non_null(strstr(out.p, "exchange Lab-IX: +44 20 7946 0901"));
	str_fini(&out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_notifications_tell_code_name_and_direction),
		cmocka_unit_test(test_our_own_shutting_is_not_blamed_on_the_peer),
		cmocka_unit_test(test_an_old_error_is_told_as_old),
		cmocka_unit_test(test_without_notification_the_router_speaks),
		cmocka_unit_test(test_the_words_of_each_os_have_a_cause),
		cmocka_unit_test(test_a_password_is_suspected_and_never_claimed),
		cmocka_unit_test(test_a_tripped_limit_is_held_against_peeringdb),
		cmocka_unit_test(test_drops_are_counted_for_this_session_alone),
		cmocka_unit_test(test_what_the_router_forgot_is_recalled),
		cmocka_unit_test(test_up_without_its_prefixes_is_said),
		cmocka_unit_test(test_no_contact_says_which_kind_of_none),
		cmocka_unit_test(test_the_first_call_has_a_number),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
