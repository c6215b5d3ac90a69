/* Networks, their published limits and the exchange of an address. */
#include "core/model/peer.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

static struct addr addr(const char *s)
{
	struct addr a;

	assert_true(addr_parse(slice_of(s), &a));
	return a;
}

static struct prefix prefix(const char *s)
{
	struct prefix p;

	assert_true(prefix_parse(slice_of(s), &p));
	return p;
}

/* Two exchanges, one of them with a smaller LAN inside the other's; a third known by a port alone. */
static struct peer_set *sample(void)
{
	static struct prefix alpha[2], beta[1];
	static struct exchange exchanges[3];
	static struct presence ports[1];
	static struct peer peers[2];
	static const asn_t absent[] = { 64499, 64510 };
	struct peer_set *s = peer_set_new();

	alpha[0] = prefix("203.0.113.0/24");
	alpha[1] = prefix("2001:db8:1::/64");
	beta[0] = prefix("203.0.113.128/26");
	exchanges[0] = (struct exchange){ .ix_id = 5, .ixlan_id = 5, .name = TEXT_LIT("Alpha-IX"),
		.prefixes = alpha, .prefix_count = 2 };
	exchanges[1] = (struct exchange){ .ix_id = 7, .ixlan_id = 9, .name = TEXT_LIT("Beta-IX"),
		.prefixes = beta, .prefix_count = 1 };
	exchanges[2] = (struct exchange){ .ix_id = 8, .ixlan_id = 8, .name = TEXT_LIT("Alpha-IX South") };
	ports[0] = (struct presence){ .ix_id = 8, .ixlan_id = 8, .ip4 = addr("198.51.100.9") };
	peers[0] = (struct peer){ .asn = 64500, .info_prefixes4 = 30, .info_prefixes6 = COUNT_UNKNOWN };
	peers[1] = (struct peer){ .asn = 4294967294u, .presence = ports, .presence_count = 1 };
	s->exchanges = exchanges;
	s->exchange_count = 3;
	s->peers = peers;
	s->peer_count = 2;
	s->absent = absent;
	s->absent_count = 2;
	return s;
}

static void finds_by_asn(void **state)
{
	struct peer_set *s = sample();

	(void)state;
	assert_int_equal(peer_set_find(s, 64500)->asn, 64500);
	assert_int_equal(peer_set_find(s, 4294967294u)->asn, 4294967294u);
	assert_null(peer_set_find(s, 1));
	assert_true(peer_set_absent(s, 64510));
	assert_false(peer_set_absent(s, 64500));
	peer_set_unref(s);
}

static void finds_exchange_of_address(void **state)
{
	struct addr inner = addr("203.0.113.130"), outer = addr("203.0.113.1");
	struct addr six = addr("2001:db8:1::5"), none = addr("192.0.2.1"), unset = { 0 };
	struct peer_set *s = sample();

	(void)state;
	for (int indexed = 0; indexed < 2; indexed++) {
		assert_string_equal(peer_set_exchange_of(s, &inner)->name.s, "Beta-IX");
		assert_string_equal(peer_set_exchange_of(s, &outer)->name.s, "Alpha-IX");
		assert_string_equal(peer_set_exchange_of(s, &six)->name.s, "Alpha-IX");
		assert_null(peer_set_exchange_of(s, &none));
		assert_null(peer_set_exchange_of(s, &unset));
		peer_set_index(s);
	}
	peer_set_unref(s);
}

static void finds_exchange_by_port_without_prefix(void **state)
{
	struct addr port = addr("198.51.100.9"), beside = addr("198.51.100.10");
	struct peer_set *s = sample();

	(void)state;
	peer_set_index(s);
	assert_int_equal(peer_set_exchange_of(s, &port)->ix_id, 8);
	assert_null(peer_set_exchange_of(s, &beside));
	peer_set_unref(s);
}

static void finds_exchange_by_name(void **state)
{
	struct peer_set *s = sample();

	(void)state;
	assert_int_equal(peer_set_exchange_named(s, "7")->ix_id, 7);
	assert_int_equal(peer_set_exchange_named(s, "alpha-ix")->ix_id, 5); /* exact before part */
	assert_int_equal(peer_set_exchange_named(s, "beta")->ix_id, 7);
	assert_int_equal(peer_set_exchange_named(s, "south")->ix_id, 8);
	assert_null(peer_set_exchange_named(s, "IX")); /* more than one */
	assert_null(peer_set_exchange_named(s, ""));
	peer_set_unref(s);
}

static void unknown_limit_stays_unknown(void **state)
{
	struct peer_set *s = sample();
	const struct peer *p = peer_set_find(s, 64500);

	(void)state;
	assert_int_equal(peer_published_limit(p, AF_IPV4_UNICAST), 30);
	assert_int_equal(peer_published_limit(p, AF_IPV6_UNICAST), COUNT_UNKNOWN);
	assert_int_equal(peer_published_limit(p, AF_VPNV4_UNICAST), COUNT_UNKNOWN);
	assert_int_equal(peer_published_limit(NULL, AF_IPV4_UNICAST), COUNT_UNKNOWN);
	peer_set_unref(s);
}

static void no_set_is_no_answer(void **state)
{
	struct addr a = addr("203.0.113.1");

	(void)state;
	assert_null(peer_set_find(NULL, 1));
	assert_null(peer_set_exchange_of(NULL, &a));
	assert_null(peer_set_exchange_named(NULL, "x"));
	assert_false(peer_set_absent(NULL, 1));
	peer_set_unref(NULL);
}

static void contacts_stand_in_ladder_order(void **state)
{
	struct contact c[] = {
		{ .role = TEXT_LIT("Sales"), .name = TEXT_LIT("s") },
		{ .role = TEXT_LIT("Abuse"), .name = TEXT_LIT("a") },
		{ .role = TEXT_LIT("Policy"), .name = TEXT_LIT("p") },
		{ .role = TEXT_LIT("NOC"), .name = TEXT_LIT("n1") },
		{ .role = TEXT_LIT("Maintenance"), .name = TEXT_LIT("m") },
		{ .role = TEXT_LIT("noc"), .name = TEXT_LIT("n2") },
		{ .role = { 0 }, .name = TEXT_LIT("?") },
		{ .role = TEXT_LIT("Technical"), .name = TEXT_LIT("t") },
	};
	char order[32] = "";

	(void)state;
	peer_contacts_sort(c, ARRAY_LEN(c));
	for (size_t i = 0; i < ARRAY_LEN(c); i++)
		strncat(order, c[i].name.s, sizeof(order) - strlen(order) - 1);
	assert_string_equal(order, "n1n2tmpas?");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(finds_by_asn),
		cmocka_unit_test(finds_exchange_of_address),
		cmocka_unit_test(finds_exchange_by_port_without_prefix),
		cmocka_unit_test(finds_exchange_by_name),
		cmocka_unit_test(unknown_limit_stays_unknown),
		cmocka_unit_test(no_set_is_no_answer),
		cmocka_unit_test(contacts_stand_in_ladder_order),
	};

	return cmocka_run_group_tests_name("peer", tests, NULL, NULL);
}
