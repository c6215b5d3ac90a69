/* Where two networks meet: sessions that are missing, and where PeeringDB and the routers disagree. */
#include "core/judge/presence.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

static struct addr addr(const char *s)
{
	struct addr a = { 0 };

	if (*s != '\0')
		assert_true(addr_parse(slice_of(s), &a));
	return a;
}

static struct presence port(uint32_t id, uint32_t ix, asn_t asn, const char *four, const char *six)
{
	return (struct presence){ .id = id, .ix_id = ix, .ixlan_id = ix, .asn = asn, .ix_name = TEXT_LIT("Alpha-IX"),
		.ip4 = addr(four), .ip6 = addr(six), .speed_mbit = 10000, .operational = TRI_YES };
}

/* AS64500 is us.  AS64501 has two ports at exchange 5 (one IPv6 only) and one at 6, where we are not; AS64502 has one at 5,
 * whose row has another AS number; AS64500 and AS64501 share facility 3. */
static struct peer_set *sample(void)
{
	static struct presence ours[1], first[3], second[1];
	static struct site our_sites[2], their_sites[2];
	static struct prefix lans[2];
	static struct exchange exchanges[2];
	static struct peer peers[3];
	struct peer_set *s = peer_set_new();

	ours[0] = port(1, 5, 64500, "203.0.113.1", "2001:db8:5::1");
	first[0] = port(2, 5, 64501, "203.0.113.2", "2001:db8:5::2");
	first[1] = port(3, 5, 64501, "", "2001:db8:5::3");
	first[2] = port(4, 6, 64501, "198.51.100.2", "");
	second[0] = port(5, 5, 64599, "203.0.113.5", "");
	our_sites[0] = (struct site){ .fac_id = 2 };
	our_sites[1] = (struct site){ .fac_id = 3, .name = TEXT_LIT("Shared DC") };
	their_sites[0] = (struct site){ .fac_id = 3, .name = TEXT_LIT("Shared DC") };
	their_sites[1] = (struct site){ .fac_id = 3, .name = TEXT_LIT("Shared DC") };
	assert_true(prefix_parse(SLICE("203.0.113.0/24"), &lans[0]));
	assert_true(prefix_parse(SLICE("2001:db8:5::/64"), &lans[1]));
	exchanges[0] = (struct exchange){ .ix_id = 5, .ixlan_id = 5, .name = TEXT_LIT("Alpha-IX"), .prefixes = lans, .prefix_count = 2 };
	exchanges[1] = (struct exchange){ .ix_id = 6, .ixlan_id = 6, .name = TEXT_LIT("Beta-IX") };
	peers[0] = (struct peer){ .asn = 64500, .name = TEXT_LIT("Us"), .presence = ours, .presence_count = 1, .sites = our_sites,
		.site_count = 2, .sites_known = true, .info_prefixes4 = COUNT_UNKNOWN, .info_prefixes6 = COUNT_UNKNOWN };
	peers[1] = (struct peer){ .asn = 64501, .name = TEXT_LIT("First"), .presence = first, .presence_count = 3,
		.sites = their_sites, .site_count = 2, .sites_known = true, .info_prefixes4 = 100, .info_prefixes6 = 5000 };
	peers[2] = (struct peer){ .asn = 64502, .name = TEXT_LIT("Second"), .presence = second, .presence_count = 1,
		.info_prefixes4 = COUNT_UNKNOWN, .info_prefixes6 = COUNT_UNKNOWN };
	s->peers = peers;
	s->peer_count = 3;
	s->exchanges = exchanges;
	s->exchange_count = 2;
	s->own_asn = 64500;
	peer_set_index(s);
	return s;
}

static struct presence_seen session(const char *peer, const char *local, asn_t asn, count_t received)
{
	struct presence_seen s = { .router = "r1", .peer = addr(peer), .local = addr(local), .remote_as = asn,
		.state = BGP_ESTABLISHED, .received = received };

	s.family = s.peer.family == ADDR_IP4 ? AF_IPV4_UNICAST : AF_IPV6_UNICAST;
	return s;
}

static struct presence_view *view(struct arena *a, const struct peer_set *set, asn_t asn, const struct presence_seen *seen, size_t n)
{
	const struct presence_in in = { .set = set, .asn = asn, .seen = seen, .seen_count = n, .all_read = true };

	return presence_of(a, &in);
}

static void private_peerings_come_from_the_book(void **state)
{
	static const char words[] = "network AS64501 {\n port \"PNI Frankfurt\" {\n  router = r1\n  address = 192.0.2.9\n  speed = 100G\n }\n"
		" port \"PNI Paris\" {\n  router = r2\n  address = 192.0.2.9\n }\n}\nnetwork AS64999 {\n port \"Nowhere\" {\n  note = planned\n }\n}\n";
	const struct presence_seen seen[] = { session("192.0.2.9", "192.0.2.8", 64501, 10) };
	struct peer_set *set = sample();
	struct arena *a = arena_new();
	struct book *book = book_new();
	struct presence_in in = { .set = set, .asn = 64501, .seen = seen, .seen_count = 1, .all_read = true, .book = book };
	struct presence_view *v;

	(void)state;
	book_read(book, "team.contacts", slice_of(words));
	if (book->fault_count > 0)
		fail_msg("%s", book->faults[0].words.s);
	v = presence_of(a, &in);
	assert_int_equal(v->private_count, 2);
	assert_string_equal(v->privates[0].port->where.s, "PNI Frankfurt");
	assert_ptr_equal(v->privates[0].seen, &seen[0]);
	assert_null(v->privates[1].seen); /* the same address, but on another router than the book says */
	in.asn = 64999; /* not in PeeringDB at all */
	v = presence_of(a, &in);
	assert_null(v->theirs);
	assert_int_equal(v->private_count, 1);
	assert_null(v->privates[0].seen);
	in.book = NULL;
	assert_int_equal(presence_of(a, &in)->private_count, 0);
	book_free(book);
	arena_free(a);
	peer_set_unref(set);
}

static size_t drifts(const struct presence_view *v, enum drift_kind k)
{
	size_t n = 0;

	for (size_t i = 0; i < v->drift_count; i++)
		n += v->drifts[i].kind == k;
	return n;
}

static void common_places_are_found(void **state)
{
	struct peer_set *set = sample();
	struct arena *a = arena_new();
	struct presence_view *v = view(a, set, 64501, NULL, 0);

	(void)state;
	assert_int_equal(v->exchange_count, 1);
	assert_int_equal(v->exchanges[0].ix_id, 5);
	assert_int_equal(v->exchanges[0].our_count, 1);
	assert_int_equal(v->exchanges[0].their_count, 2);
	assert_int_equal(v->facility_count, 1); /* a row that comes twice counts once */
	assert_string_equal(v->facilities[0].theirs->name.s, "Shared DC");
	assert_true(v->facilities_known);
	assert_int_equal(v->drift_count, 0);
	arena_free(a);
	peer_set_unref(set);
}

static void each_family_and_port_can_miss_a_session(void **state)
{
	struct peer_set *set = sample();
	struct arena *a = arena_new();
	const struct presence_seen seen[] = { session("203.0.113.2", "203.0.113.1", 64501, 10) };
	struct presence_view *v = view(a, set, 64501, seen, 1);
	const struct common_exchange *x = &v->exchanges[0];

	(void)state;
	assert_int_equal(x->meeting_count, 3); /* v4 and v6 of the first port, v6 of the second */
	assert_int_equal(v->missing, 2);
	for (size_t i = 0; i < x->meeting_count; i++)
		assert_true((x->meetings[i].seen != NULL) == (x->meetings[i].version == 4));
	arena_free(a);
	peer_set_unref(set);
}

static void second_port_of_ours_is_seen_on_the_router(void **state)
{
	struct peer_set *set = sample();
	struct arena *a = arena_new();
	const struct presence_seen seen[] = { session("203.0.113.2", "203.0.113.99", 64501, 10) };
	struct presence_view *v = view(a, set, 64501, seen, 1);
	const struct common_exchange *x = &v->exchanges[0];
	size_t elsewhere = 0;

	(void)state;
	assert_int_equal(x->our_count, 2); /* PeeringDB does not know .99 */
	assert_null(x->ours[1].row);
	for (size_t i = 0; i < x->meeting_count; i++)
		elsewhere += x->meetings[i].elsewhere;
	assert_int_equal(elsewhere, 1); /* v4 from .1: there is one, but from .99 */
	assert_int_equal(v->missing, 2);
	arena_free(a);
	peer_set_unref(set);
}

static void without_our_row_a_neighbor_on_the_lan_says_where_we_are(void **state)
{
	struct peer_set *set = sample();
	struct arena *a = arena_new();
	const struct presence_seen seen[] = { session("203.0.113.5", "", 64502, 10) };
	struct presence_view *v;

	(void)state;
	set->own_asn = ASN_UNKNOWN;
	v = view(a, set, 64501, seen, 1);
	assert_null(v->ours);
	assert_int_equal(v->exchange_count, 1);
	assert_int_equal(v->missing, 3); /* our addresses are not known: each of theirs may be met */
	assert_false(v->facilities_known);
	arena_free(a);
	peer_set_unref(set);
}

static void address_that_is_gone_or_changed_is_told(void **state)
{
	struct peer_set *set = sample();
	struct arena *a = arena_new();
	const struct presence_seen seen[] = { session("203.0.113.77", "203.0.113.1", 64501, 10) };
	struct presence_view *v = view(a, set, 64501, seen, 1);

	(void)state;
	assert_int_equal(drifts(v, DRIFT_ADDRESS_CHANGED), 1);
	assert_non_null(strstr(v->drifts[0].words.s, "203.0.113.2"));
	((struct peer *)set->peers)[1].presence_count = 0;
	v = view(a, set, 64501, seen, 1);
	assert_int_equal(drifts(v, DRIFT_ADDRESS_GONE), 1);
	arena_free(a);
	peer_set_unref(set);
}

static void address_of_another_network_is_told(void **state)
{
	struct peer_set *set = sample();
	struct arena *a = arena_new();
	const struct presence_seen seen[] = { session("203.0.113.5", "203.0.113.1", 64501, 10) };
	struct presence_view *v = view(a, set, 64501, seen, 1);

	(void)state;
	assert_int_equal(drifts(v, DRIFT_OTHER_ASN), 1);
	assert_int_equal(v->drifts[0].other, 64502);
	v = view(a, set, 64502, seen, 1); /* seen from the other side: its port, but the router expects AS64501 */
	assert_int_equal(drifts(v, DRIFT_OTHER_ASN), 1);
	arena_free(a);
	peer_set_unref(set);
}

static void row_with_an_as_number_of_its_own_is_no_drift(void **state)
{
	struct peer_set *set = sample();
	struct arena *a = arena_new();
	const struct presence_seen seen[] = { session("203.0.113.5", "203.0.113.1", 64599, 10) };
	struct presence_view *v = view(a, set, 64502, seen, 1);

	(void)state;
	assert_int_equal(v->exchange_count, 1); /* joined by net_id */
	assert_int_equal(v->drift_count, 0);
	arena_free(a);
	peer_set_unref(set);
}

static void port_that_is_not_operational_is_told(void **state)
{
	struct peer_set *set = sample();
	struct arena *a = arena_new();
	const struct presence_seen seen[] = { session("203.0.113.2", "203.0.113.1", 64501, 10) };
	struct presence_view *v;

	(void)state;
	((struct presence *)set->peers[1].presence)[0].operational = TRI_NO;
	v = view(a, set, 64501, seen, 1);
	assert_int_equal(drifts(v, DRIFT_NOT_OPERATIONAL), 1);
	assert_non_null(strstr(v->drifts[0].words.s, "a session to it is up"));
	((struct presence *)set->peers[1].presence)[0].operational = TRI_UNKNOWN; /* null says nothing */
	v = view(a, set, 64501, seen, 1);
	assert_int_equal(v->drift_count, 0);
	arena_free(a);
	peer_set_unref(set);
}

static void limit_far_from_what_comes_is_told(void **state)
{
	struct peer_set *set = sample();
	struct arena *a = arena_new();
	struct presence_seen seen[] = { session("203.0.113.2", "203.0.113.1", 64501, 101),
		session("2001:db8:5::2", "2001:db8:5::1", 64501, 20) };
	struct presence_view *v = view(a, set, 64501, seen, 2);

	(void)state;
	assert_int_equal(drifts(v, DRIFT_OVER_LIMIT), 1); /* 101 of 100 */
	assert_int_equal(drifts(v, DRIFT_FAR_LIMIT), 1);  /* 20 of 5000 */
	seen[0].received = 100;
	seen[1].received = COUNT_UNKNOWN;
	v = view(a, set, 64501, seen, 2);
	assert_int_equal(v->drift_count, 0);
	arena_free(a);
	peer_set_unref(set);
}

static void network_that_is_not_known_has_nothing(void **state)
{
	struct peer_set *set = sample();
	struct arena *a = arena_new();
	const struct presence_seen seen[] = { session("203.0.113.2", "203.0.113.1", 64501, 10) };
	struct presence_view *v = view(a, set, 65000, seen, 1);

	(void)state;
	assert_null(v->theirs);
	assert_int_equal(v->exchange_count, 0);
	assert_int_equal(v->drift_count, 0);
	arena_free(a);
	peer_set_unref(set);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(private_peerings_come_from_the_book),
		cmocka_unit_test(common_places_are_found),
		cmocka_unit_test(each_family_and_port_can_miss_a_session),
		cmocka_unit_test(second_port_of_ours_is_seen_on_the_router),
		cmocka_unit_test(without_our_row_a_neighbor_on_the_lan_says_where_we_are),
		cmocka_unit_test(address_that_is_gone_or_changed_is_told),
		cmocka_unit_test(address_of_another_network_is_told),
		cmocka_unit_test(row_with_an_as_number_of_its_own_is_no_drift),
		cmocka_unit_test(port_that_is_not_operational_is_told),
		cmocka_unit_test(limit_far_from_what_comes_is_told),
		cmocka_unit_test(network_that_is_not_known_has_nothing),
	};

	return cmocka_run_group_tests_name("presence", tests, NULL, NULL);
}
