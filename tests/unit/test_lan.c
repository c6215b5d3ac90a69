/* Exchanges whose name nobody knows are found by addresses; private links and multihop sessions are not taken for them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "core/judge/lan.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct stage {
	struct lan_item items[300];
	size_t count, lans;
	struct lan *names;
};

static size_t put(struct stage *st, const char *router, const char *local, const char *peer, asn_t asn)
{
	struct lan_item *it = &st->items[st->count];

	*it = (struct lan_item){ .router = router, .vrf = "", .asn = asn };
	assert_true(addr_parse(slice_of(peer), &it->peer));
	if (local != NULL)
		assert_true(addr_parse(slice_of(local), &it->local));
	return st->count++;
}

static const char *lan_of(const struct stage *st, size_t i)
{
	return st->items[i].lan == LAN_NONE ? "none" : st->names[st->items[i].lan].name;
}

static void find(struct stage *st)
{
	free(st->names);
	st->lans = lans_find(st->items, st->count, &st->names);
}

static void both_families_on_two_routers_are_one(void **state)
{
	struct stage st = { .count = 0 };
	char words[64];

	(void)state;
	for (unsigned i = 0; i < 7; i++)
		for (int r = 1; r <= 2; r++) {
			snprintf(words, sizeof(words), "192.0.2.%u", 10 + i);
			put(&st, r == 1 ? "r1" : "r2", r == 1 ? "192.0.2.1" : "192.0.2.2", words, 64500 + i);
			snprintf(words, sizeof(words), "2001:db8:100::%u", 10 + i);
			if (i != 3)
				put(&st, r == 1 ? "r1" : "r2", r == 1 ? "2001:db8:100::1" : "2001:db8:100::2", words, 64500 + i);
		}
	find(&st);
	for (size_t i = 0; i < st.count; i++)
		assert_string_equal(lan_of(&st, i), "192.0.2.0/24 + 2001:db8:100::/64");
	/* one that is down tells no address of ours, and is there all the same */
	put(&st, "r3", NULL, "192.0.2.99", 64999);
	find(&st);
	assert_string_equal(lan_of(&st, st.count - 1), "192.0.2.0/24 + 2001:db8:100::/64");
	free(st.names);
}

static void private_links_are_no_lan(void **state)
{
	struct stage st = { .count = 0 };

	(void)state;
	put(&st, "r1", "203.0.113.5", "203.0.113.6", 64500);
	put(&st, "r1", "203.0.113.9", "203.0.113.10", 64501);
	put(&st, "r2", "203.0.113.13", "203.0.113.14", 64502);
	put(&st, "r1", NULL, "203.0.113.18", 64503);
	find(&st);
	for (size_t i = 0; i < st.count; i++)
		assert_string_equal(lan_of(&st, i), "none");
	free(st.names);
}

static void multihop_sessions_are_no_lan(void **state)
{
	struct stage st = { .count = 0 };

	(void)state;
	put(&st, "r1", "198.51.100.1", "192.0.2.9", 64500);
	put(&st, "r1", "198.51.100.1", "203.0.113.9", 64501);
	put(&st, "r1", "198.51.100.1", "10.1.2.3", 64502);
	find(&st);
	for (size_t i = 0; i < st.count; i++)
		assert_string_equal(lan_of(&st, i), "none");
	free(st.names);
}

static void a_lan_wider_than_a_24_is_told_whole(void **state)
{
	struct stage st = { .count = 0 };

	(void)state;
	put(&st, "r1", "10.20.0.1", "10.20.0.7", 64500);
	put(&st, "r1", "10.20.0.1", "10.20.3.7", 64501);
	put(&st, "r2", "10.20.2.1", "10.20.2.7", 64502);
	put(&st, "r2", "10.20.2.1", "10.20.2.8", 64503);
	find(&st);
	for (size_t i = 0; i < st.count; i++)
		assert_string_equal(lan_of(&st, i), "10.20.0.0/22");
	free(st.names);
}

static void two_exchanges_stay_two(void **state)
{
	struct stage st = { .count = 0 };
	char words[64];

	(void)state;
	/* the same networks are on both, and where IPv6 belongs nobody can tell */
	for (unsigned i = 0; i < 5; i++) {
		snprintf(words, sizeof(words), "192.0.2.%u", 10 + i);
		put(&st, "r1", "192.0.2.1", words, 64500 + i);
		snprintf(words, sizeof(words), "198.51.100.%u", 10 + i);
		put(&st, "r1", "198.51.100.1", words, 64500 + i);
		snprintf(words, sizeof(words), "2001:db8:7::%u", 10 + i);
		put(&st, "r1", "2001:db8:7::1", words, 64500 + i);
	}
	find(&st);
	assert_string_equal(lan_of(&st, 0), "192.0.2.0/24");
	assert_string_equal(lan_of(&st, 1), "198.51.100.0/24");
	assert_string_equal(lan_of(&st, 2), "2001:db8:7::/64");
	/* one network more on the first of them and in IPv6 decides it */
	put(&st, "r1", "192.0.2.1", "192.0.2.77", 64600);
	put(&st, "r1", "2001:db8:7::1", "2001:db8:7::77", 64600);
	find(&st);
	assert_string_equal(lan_of(&st, 0), "192.0.2.0/24 + 2001:db8:7::/64");
	assert_string_equal(lan_of(&st, 1), "198.51.100.0/24");
	free(st.names);
}

static void another_vrf_is_another_lan(void **state)
{
	struct stage st = { .count = 0 };
	size_t other;

	(void)state;
	put(&st, "r1", "192.0.2.1", "192.0.2.10", 64500);
	put(&st, "r1", "192.0.2.1", "192.0.2.11", 64501);
	other = put(&st, "r1", "192.0.2.1", "192.0.2.12", 64502);
	st.items[other].vrf = "cust-a";
	st.items[put(&st, "r1", "192.0.2.1", "192.0.2.13", 64503)].vrf = "cust-b";
	st.items[put(&st, "r1", "192.0.2.1", "192.0.2.14", 64504)].vrf = "cust-b";
	find(&st);
	assert_string_equal(lan_of(&st, st.count - 1), "192.0.2.0/24 (vrf cust-b)");
	assert_string_equal(lan_of(&st, 0), "192.0.2.0/24");
	assert_string_equal(lan_of(&st, other), "none");
	free(st.names);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(both_families_on_two_routers_are_one),
		cmocka_unit_test(private_links_are_no_lan),
		cmocka_unit_test(multihop_sessions_are_no_lan),
		cmocka_unit_test(a_lan_wider_than_a_24_is_told_whole),
		cmocka_unit_test(two_exchanges_stay_two),
		cmocka_unit_test(another_vrf_is_another_lan),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
