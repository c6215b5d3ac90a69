/* Why a session is down, in one sentence, and whom to call. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "core/base/mem.h"
#include "core/model/world.h"
#include "tui/view.h"

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
	expect(&r, "our router closed it: sent 4 Hold timer expired", "peer");
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
	expect(&r, "when last read: no TCP connection", "0");
	expect(&r, "the router says: Socket: Connection closed", NULL);
	s.state = BGP_ESTABLISHED;
	expect(&r, "", "TCP");
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
	struct world w = { .config = &conf };
	const struct view_ctx cx = { .w = &w };
	struct peer p = { .contacts = contacts, .contact_count = 2 };
	const struct exchange x = { .name = known("Lab-IX"), .tech_phone = known("+44 20 7946 0901") };
	struct session s = down(-1, -1, DIR_UNKNOWN);
	struct world_session r = { .s = &s, .peer = &p, .exchange = &x };
	struct str out;

	(void)state;
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
		cmocka_unit_test(test_no_contact_says_which_kind_of_none),
		cmocka_unit_test(test_the_first_call_has_a_number),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
