/* GoBGP: zeros left out, counts left over, and two numberings of admin_state. */
#include "reading.h"

static struct snap *poll(const char *version, const char *json, const char *table)
{
	struct snap_builder *b = snap_builder_new("r4");
	struct err e = ERR_INIT;

	if (version != NULL)
		assert_int_equal(run_query(b, "gobgp", "version", version, 0, &e), 0);
	if (run_query(b, "gobgp", "neighbors", json, 100, &e) != 0)
		fail_msg("%s", e.text);
	if (table != NULL && run_query(b, "gobgp", "durations", table, 0, &e) != 0)
		fail_msg("%s", e.text);
	return snap_builder_freeze(b, 1);
}

static void the_lab(void **state)
{
	char *version = capture("gobgp/version.txt"), *json = capture("gobgp/neighbor.json");
	char *table = capture("gobgp/neighbor.txt");
	struct snap *s = poll(version, json, table);
	const struct session *f = snap_find(s, "", "192.0.2.10", AF_IPV4_UNICAST);

	(void)state;
	assert_int_equal(s->rows_seen, 21);
	assert_int_equal(s->rows_parsed, 21);
	assert_int_equal(s->local_as, 64500);
	assert_int_equal(f->state, BGP_ESTABLISHED);
	assert_int_equal(f->received, 300);
	assert_int_equal(f->advertised, COUNT_UNKNOWN); /* the array never tells it */
	assert_true(f->since_s > 0 && f->since_s < 60);
	f = snap_find(s, "", "192.0.2.11", AF_IPV4_UNICAST);
	assert_string_equal(session_state_words(f), "down (max-prefix)");
	f = snap_find(s, "", "192.0.2.14", AF_IPV4_UNICAST);
	assert_string_equal(session_state_words(f), "down (shut by us)");
	assert_int_equal(f->since_s, -1);
	snap_unref(s);
	free(version);
	free(json);
	free(table);
}

static void advertised_is_told_for_one_neighbor_only(void **state)
{
	char *version = capture("gobgp/version.txt"), *json = capture("gobgp/neighbor.json");
	char *one = capture("gobgp/neighbor-established.json");
	struct snap_builder *b = snap_builder_new("r4");
	struct err e = ERR_INIT;
	struct snap *s;

	(void)state;
	assert_int_equal(run_query(b, "gobgp", "version", version, 0, &e), 0);
	assert_int_equal(run_query(b, "gobgp", "neighbors", json, 100, &e), 0);
	assert_int_equal(run_query(b, "gobgp", "advertised", one, 0, &e), 0);
	assert_int_not_equal(run_query(b, "gobgp", "advertised", "not found neighbor 192.0.2.9\n", 0, &e), 0);
	s = snap_builder_freeze(b, 1);
	assert_int_equal(s->rows_seen, 21);
	assert_int_equal(snap_find(s, "", "192.0.2.10", AF_IPV4_UNICAST)->advertised, 12);
	assert_int_equal(snap_find(s, "", "192.0.2.16", AF_IPV4_UNICAST)->advertised, COUNT_UNKNOWN);
	snap_unref(s);
	free(version);
	free(json);
	free(one);
}

#define PEER(addr, state, admin)                                                                   \
	"{\"conf\":{\"neighbor_address\":\"" addr "\",\"peer_asn\":64501,\"local_asn\":64500},"    \
	"\"state\":{\"session_state\":" state admin "},\"afi_safis\":[{\"state\":{\"family\":"     \
	"{\"afi\":1,\"safi\":1},\"advertised\":7}}]}"

static void admin_state_by_version(void **state)
{
	static const char json[] = "[" PEER("192.0.2.1", "1", ",\"admin_state\":2") "]";
	struct snap *s = poll("gobgp version 3.10.0\n", json, NULL);

	(void)state;
	assert_int_equal(s->sessions[0].admin_down, TRI_NO);
	assert_int_equal(s->sessions[0].limit_tripped, TRI_YES);
	snap_unref(s);
	s = poll("gobgp version 4.1.0\n", json, NULL);
	assert_int_equal(s->sessions[0].admin_down, TRI_YES);
	assert_int_equal(s->sessions[0].limit_tripped, TRI_NO);
	snap_unref(s);
	s = poll(NULL, json, NULL); /* nothing tells the version: say so, do not guess */
	assert_int_equal(s->sessions[0].admin_down, TRI_UNKNOWN);
	assert_non_null(strstr(s->note.s, "version"));
	snap_unref(s);
}

static void admin_state_by_sessions_that_are_up(void **state)
{
	static const char three[] = "[" PEER("192.0.2.1", "6", "") "," PEER("192.0.2.2", "1", ",\"admin_state\":1") "]";
	static const char four[] = "[" PEER("192.0.2.1", "6", ",\"admin_state\":1") ","
	    PEER("192.0.2.2", "1", ",\"admin_state\":2") "]";
	struct snap *s = poll(NULL, three, NULL);

	(void)state;
	assert_int_equal(s->sessions[1].admin_down, TRI_YES);
	snap_unref(s);
	s = poll(NULL, four, NULL);
	assert_int_equal(s->sessions[0].admin_down, TRI_NO);
	assert_int_equal(s->sessions[1].admin_down, TRI_YES);
	snap_unref(s);
}

static void what_is_left_out_and_left_over(void **state)
{
	struct snap *s = poll(NULL, "[" PEER("192.0.2.1", "6", "") "," PEER("192.0.2.2", "3", "") "]", NULL);

	(void)state;
	assert_int_equal(s->sessions[0].received, 0);
	assert_int_equal(s->sessions[0].advertised, 7);
	assert_int_equal(s->sessions[1].received, COUNT_UNKNOWN);
	assert_int_equal(s->sessions[1].advertised, COUNT_UNKNOWN);
	snap_unref(s);
}

/* No limit beside a family's configuration is none; where the configuration is not told, nobody knows. */
static void a_family_without_limit(void **state)
{
#define FAMILY(more) "[{\"conf\":{\"neighbor_address\":\"192.0.2.1\",\"peer_asn\":64501},\"state\":{\"session_state\":6}," \
	"\"afi_safis\":[{" more "\"state\":{\"family\":{\"afi\":1,\"safi\":1}}}]}]"
	static const struct { const char *json; count_t max; } cases[] = {
		{ FAMILY("\"config\":{\"family\":{\"afi\":1,\"safi\":1},\"enabled\":true},"), 0 },
		{ FAMILY("\"config\":{\"enabled\":true},\"prefix_limits\":{\"max_prefixes\":100,\"shutdown_threshold_pct\":80},"), 100 },
		{ FAMILY("\"config\":{\"enabled\":true},\"prefix_limits\":{\"max_prefixes\":\"many\"},"), COUNT_UNKNOWN },
		{ FAMILY(""), COUNT_UNKNOWN },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct snap *s = poll("gobgp version 3.10.0\n", cases[i].json, NULL);

		assert_int_equal(s->sessions[0].max_prefixes, cases[i].max);
		assert_int_equal(s->sessions[0].limit_action, cases[i].max > 0 ? LIMIT_TEARDOWN : LIMIT_UNKNOWN);
		snap_unref(s);
	}
}

static void one_object_or_none(void **state)
{
	struct snap *s = read_sessions("gobgp", "gobgp neighbor 192.0.2.1 -j", PEER("192.0.2.1", "6", ""));

	(void)state;
	assert_int_equal(s->count, 1);
	snap_unref(s);
	s = read_sessions("gobgp", "gobgp neighbor -j", "[]\n");
	assert_int_equal(s->count, 0);
	snap_unref(s);
}

static void long_durations_in_the_table(void **state)
{
	static const char out[] =
	    "Peer                 AS      Up/Down State       |#Received  Accepted\n"
	    "192.0.2.1         64500  3d 00:00:44 Establ      |        5         4\n"
	    "192.0.2.2         64501        never Idle(Admin) |        0         0\n"
	    "nonsense\n";
	struct snap *s = read_sessions("gobgp", "gobgp neighbor", out);

	(void)state;
	assert_int_equal(s->rows_seen, 3);
	assert_int_equal(s->rows_parsed, 2);
	assert_int_equal(s->sessions[0].since_s, 3 * 86400 + 44);
	assert_int_equal(s->sessions[0].accepted, 4);
	assert_int_equal(s->sessions[1].admin_down, TRI_YES);
	assert_int_equal(s->sessions[1].since_s, -1);
	snap_unref(s);
}

static void refusals_in_their_own_words(void **state)
{
	static const char cmd[] = "gobgp neighbor -j";

	(void)state;
	assert_refused("gobgp", cmd, "context deadline exceeded\n", ERR_DEVICE, "context deadline");
	assert_refused("gobgp", cmd, "", ERR_PARSE, "empty answer");
	assert_refused("gobgp", cmd, "{\"error\":\"not found neighbor 9.9.9.9\"}", ERR_DEVICE, "not found neighbor");
	assert_refused("gobgp", cmd, "[" PEER("192.0.2.1", "6", ""), ERR_PARSE, "ends early");
	assert_refused("gobgp", "gobgp neighbor", "rpc error: code = Unavailable\n", ERR_DEVICE, "rpc error");
	assert_refused("gobgp", "gobgp neighbor 192.0.2.1 adj-in", "neighbor 192.0.2.1's BGP session is not established\n", ERR_DEVICE, "not established");
}

static void routes_in_both_forms(void **state)
{
	static const char text[] =
	    "   ID  Network            Next Hop        AS_PATH        Age        Attrs\n"
	    "   0   10.3.0.0/16        10.0.255.1      65001 65002    00:51:57   [{Origin: 0} {Med: 0}]\n";
	char *json = capture("gobgp/adj-in.json");
	struct err e = ERR_INIT;
	struct report *r = read_report("gobgp", "gobgp neighbor 10.0.255.1 adj-in", text, &e);

	(void)state;
	assert_int_equal(r->route_count, 1);
	assert_string_equal(r->routes[0].prefix.s, "10.3.0.0/16");
	assert_string_equal(r->routes[0].as_path.s, "65001 65002");
	report_free(r);
	r = read_report("gobgp", "gobgp neighbor 192.0.2.10 adj-in -j", json, &e);
	assert_int_equal(r->route_count, 300);
	assert_int_equal(r->rows_parsed, 300);
	assert_string_equal(r->routes[0].next_hop.s, "192.0.2.10");
	report_free(r);
	free(json);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_lab),
		cmocka_unit_test(advertised_is_told_for_one_neighbor_only),
		cmocka_unit_test(admin_state_by_version),
		cmocka_unit_test(admin_state_by_sessions_that_are_up),
		cmocka_unit_test(what_is_left_out_and_left_over),
		cmocka_unit_test(a_family_without_limit),
		cmocka_unit_test(one_object_or_none),
		cmocka_unit_test(long_durations_in_the_table),
		cmocka_unit_test(refusals_in_their_own_words),
		cmocka_unit_test(routes_in_both_forms),
	};

	return cmocka_run_group_tests_name("driver gobgp", tests, NULL, NULL);
}
