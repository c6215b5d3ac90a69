/* A configuration of FRR looked up, not searched: the same name in several instances, several spellings, groups, lists. */
#include "backends/drivers/frr_slots.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

static const char config[] =
    "ip prefix-list OUT seq 5 permit 198.18.0.0/24\n"
    "ip prefix-list OUT seq 10 permit 198.18.1.0/24\n"
    "ip prefix-list DENY seq 5 deny any\n"
    "ipv6 prefix-list DENY seq 5 permit any\n"
    "router bgp 64500\n"
    " neighbor PEERS peer-group\n"
    " neighbor PEERS shutdown\n"
    " neighbor 2001:DB8:0::1 remote-as 64501\n"
    " neighbor 2001:DB8:0::1 peer-group PEERS\n"
    " no neighbor 2001:db8::1 send-community\n"
    " neighbor 192.0.2.1 prefix-list OLD out\n"
    " !\n"
    " address-family ipv6 unicast\n"
    "  neighbor 2001:db8::1 prefix-list DENY out\n"
    "  neighbor PEERS route-map GROUP out\n"
    " exit-address-family\n"
    "exit\n"
    "router bgp 64500 vrf blue\n"
    " neighbor 192.0.2.1 shutdown message back at 06:00\n"
    " address-family ipv4 flowspec\n"
    "  neighbor 192.0.2.1 prefix-list NOT-READ out\n"
    " exit-address-family\n"
    "exit\n"
    "router bgp 64500 view red\n"
    " neighbor 192.0.2.77 shutdown\n"
    "exit\n"
    "route-map X permit 10\n"
    " match ip address prefix-list OUT\n"
    " call Y\n"
    "exit\n"
    "route-map X deny 20\n"
    " call Z\n"
    "exit\n"
    "route-map Y permit 10\n"
    "exit\n"
    "line vty\n"
    " call nobody\n";

static struct frr_slots read_one(const struct frr_index *x, const char *vrf, const char *neighbor)
{
	struct session s = { .vrf = { vrf }, .neighbor = { neighbor } };
	struct frr_slots f;

	(void)addr_parse(slice_of(neighbor), &s.peer);
	frr_slots_read(x, &s, &f);
	return f;
}

static void neighbors_by_instance_and_name(void **state)
{
	struct arena *a = arena_new();
	const struct frr_index *x = frr_index_new(a, config);
	struct frr_slots f = read_one(x, "", "2001:db8::1");

	(void)state;
	assert_true(f.found);
	assert_true(f.silent);
	assert_true(f.group_shutdown);
	assert_false(f.shutdown);
	assert_true(slice_eq(f.group, "PEERS"));
	assert_true(slice_eq(f.slot[1].list, "DENY"));
	assert_true(slice_eq(f.slot[1].group_map, "GROUP"));
	f = read_one(x, "", "192.0.2.1");
	assert_true(f.found);
	assert_false(f.shutdown); /* that is the one in the VRF */
	assert_true(slice_eq(f.slot[0].list, "OLD"));
	f = read_one(x, "blue", "192.0.2.1");
	assert_true(f.shutdown);
	assert_true(slice_eq(f.message, "back at 06:00"));
	assert_int_equal(f.slot[0].list.len, 0); /* a family without a slot */
	assert_false(read_one(x, "red", "192.0.2.77").found); /* a view */
	assert_false(read_one(x, "", "192.0.2.77").found);
	assert_false(read_one(x, "blue", "2001:db8::1").found);
	arena_free(a);
}

static void lists_and_their_uses(void **state)
{
	struct arena *a = arena_new();
	const struct frr_index *x = frr_index_new(a, config);

	(void)state;
	assert_int_equal(frr_index_list(x, 4, "OUT").lines, 2);
	assert_false(frr_index_list(x, 4, "OUT").exact);
	assert_true(frr_index_list(x, 4, "DENY").exact);
	assert_int_equal(frr_index_list(x, 6, "DENY").lines, 1);
	assert_false(frr_index_list(x, 6, "DENY").exact);
	assert_int_equal(frr_index_list(x, 6, "OUT").lines, 0);
	assert_int_equal(frr_index_uses(x, "OUT"), 1);
	assert_int_equal(frr_index_uses(x, "DENY"), 1);
	assert_int_equal(frr_index_uses(x, "NONE"), 0);
	arena_free(a);
}

static void maps_and_what_they_call(void **state)
{
	struct arena *a = arena_new();
	const struct frr_index *x = frr_index_new(a, config);
	struct slice called;

	(void)state;
	assert_true(frr_index_map(x, "X", &called));
	assert_true(slice_eq(called, "Y")); /* the first */
	assert_true(frr_index_map(x, "Y", &called));
	assert_int_equal(called.len, 0);
	assert_false(frr_index_map(x, "GROUP", NULL)); /* used, not defined */
	assert_false(frr_index_map(x, "Z", &called));
	assert_int_equal(called.len, 0);
	assert_true(slice_eq(frr_index_list(x, 4, "OUT").text,
	    "ip prefix-list OUT seq 5 permit 198.18.0.0/24\nip prefix-list OUT seq 10 permit 198.18.1.0/24"));
	assert_true(slice_eq(frr_index_list(x, 6, "DENY").text, "ipv6 prefix-list DENY seq 5 permit any"));
	assert_int_equal(frr_index_list(x, 6, "OUT").text.len, 0);
	arena_free(a);
}

static void one_answer_is_read_once(void **state)
{
	struct arena *a = arena_new();
	const char *answers[] = { config };
	struct act_memo memo = { .arena = a };
	struct act_context ctx = { .memo = &memo, .arena = a, .pre = { answers, 1 } };
	const struct frr_index *x = frr_index_of(&ctx);

	(void)state;
	assert_ptr_equal(frr_index_of(&ctx), x);
	answers[0] = "router bgp 64500\n neighbor 192.0.2.9 shutdown\n";
	assert_ptr_not_equal(frr_index_of(&ctx), x); /* another answer */
	assert_true(read_one(frr_index_of(&ctx), "", "192.0.2.9").shutdown);
	arena_free(a);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(neighbors_by_instance_and_name),
		cmocka_unit_test(lists_and_their_uses), cmocka_unit_test(maps_and_what_they_call), cmocka_unit_test(one_answer_is_read_once) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
