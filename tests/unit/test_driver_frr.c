/* FRR: what the summary, the neighbors and the configuration say, and what is no answer. */
#include "reading.h"

static const struct session *find(const struct snap *s, const char *vrf, const char *neighbor, enum afi_safi af)
{
	const struct session *f = snap_find(s, vrf, neighbor, af);

	if (f == NULL)
		fail_msg("no session with %s", neighbor);
	return f;
}

/* The queries of one poll over captures of our lab. */
static struct snap *poll_lab(size_t step)
{
	struct snap_builder *b = snap_builder_new("r1");
	char *version = capture("frr/show-version.txt"), *summary = capture("frr/show-bgp-vrf-all-summary.json");
	char *neighbors = capture("frr/show-bgp-vrf-all-neighbors.json");
	char *config = capture("frr/show-running-config-bgpd.txt");
	struct err e = ERR_INIT;

	assert_int_equal(run_query(b, "frr", "version", version, step, &e), 0);
	assert_int_equal(run_query(b, "frr", "summary", summary, step, &e), 0);
	assert_int_equal(run_query(b, "frr", "neighbors", neighbors, step, &e), 0);
	assert_int_equal(run_query(b, "frr", "shutdowns", config, step, &e), 0);
	free(version);
	free(summary);
	free(neighbors);
	free(config);
	return snap_builder_freeze(b, 1);
}

static void a_poll_of_the_lab(void **state)
{
	struct snap *s = poll_lab(4096);
	const struct session *f;

	(void)state;
	assert_string_equal(s->version.s, "FRRouting 8.4.4");
	assert_int_equal(s->local_as, 64500);
	assert_int_equal(s->count, 22);
	assert_int_equal(s->rows_seen, 22);
	assert_int_equal(s->rows_parsed, 22);

	f = find(s, "", "192.0.2.10", AF_IPV4_UNICAST);
	assert_int_equal(f->state, BGP_ESTABLISHED);
	assert_int_equal(f->admin_down, TRI_NO);
	assert_int_equal(f->max_prefixes, 1000);
	assert_int_equal(f->limit_action, LIMIT_WARN);
	assert_true(f->received > 0 && f->received == f->accepted);
	assert_false(text_known(f->last_error.words));

	f = find(s, "", "192.0.2.11", AF_IPV4_UNICAST);
	assert_int_equal(f->limit_tripped, TRI_YES);
	assert_int_equal(f->last_error.code, 6);
	assert_int_equal(f->last_error.subcode, 1);
	assert_int_equal(f->last_error.dir, DIR_SENT);

	f = find(s, "", "192.0.2.14", AF_IPV4_UNICAST);
	assert_int_equal(f->admin_down, TRI_YES);
	assert_string_equal(f->own_message.s, "CHG-1042 fibre works until 06:00 UTC");

	f = find(s, "", "192.0.2.15", AF_IPV4_UNICAST);
	assert_string_equal(f->shutdown_message.s, "Wartung: Glasfaser in Köln bis 04:00 UTC");
	assert_string_equal(session_state_words(f), "down (shut by peer)");

	f = find(s, "", "203.0.113.6", AF_IPV6_UNICAST);
	assert_int_equal(f->limit_action, LIMIT_RESTART);
	assert_int_equal(f->max_prefixes, 500);
	snap_unref(s);
}

static void the_cut_of_the_stream_does_not_matter(void **state)
{
	struct snap *a = poll_lab(1), *b = poll_lab(1 << 20);

	(void)state;
	assert_int_equal(a->count, b->count);
	for (size_t i = 0; i < a->count; i++) {
		assert_int_equal(session_key_cmp(&a->sessions[i], &b->sessions[i]), 0);
		assert_int_equal(a->sessions[i].received, b->sessions[i].received);
		assert_int_equal(a->sessions[i].max_prefixes, b->sessions[i].max_prefixes);
		assert_true(text_same(a->sessions[i].last_error.words, b->sessions[i].last_error.words));
	}
	snap_unref(a);
	snap_unref(b);
}

static void a_table_that_breaks_off_is_an_error(void **state)
{
	char *summary = capture("frr/show-bgp-vrf-all-summary.json");
	size_t len = strlen(summary);

	(void)state;
	while (len > 0 && strchr(" \r\n", summary[len - 1]) != NULL)
		len--;
	for (size_t cut = 0; cut < len; cut += 97) {
		struct snap_builder *b = snap_builder_new("r1");
		struct err e = ERR_INIT;
		char *part = mem_strndup(summary, cut);

		assert_int_equal(run_query(b, "frr", "summary", part, 512, &e), -1);
		assert_int_equal(e.code, ERR_PARSE);
		free(part);
		snap_builder_free(b);
	}
	free(summary);
}

static void refusals_in_their_own_words(void **state)
{
	static const char json[] = "show bgp vrf all summary json", text[] = "show bgp summary";

	(void)state;
	assert_refused("frr", json, "% Unknown command: show bgp\n", ERR_DEVICE, "% Unknown command");
	assert_refused("frr", json, "Exiting: failed to connect to any daemons.\n", ERR_DEVICE, "any daemons");
	assert_refused("frr", json, "{\"warning\":\"Inbound soft reconfiguration not enabled\"}", ERR_DEVICE, "Inbound soft");
	assert_refused("frr", json, "{\n}\n", ERR_PARSE, "no BGP instance");
	assert_refused("frr", "show bgp neighbors 9 json", "{\"bgpNoSuchNeighbor\":true}", ERR_DEVICE, "no such neighbor");
	assert_refused("frr", text, "% BGP instance not found\n", ERR_DEVICE, "instance not found");
	assert_refused("frr", text, "", ERR_PARSE, "no BGP summary");
	assert_refused("frr", "show bgp neighbors", "hello\n", ERR_PARSE, "no BGP neighbor");
	assert_refused("frr", "show bgp ipv4 unicast", "hello\n", ERR_PARSE, "no table");
}

static void an_instance_without_neighbors_is_no_error(void **state)
{
	struct snap *s = read_sessions("frr", "show bgp vrf all summary json", "{\n\"default\":{\n}\n}\n");

	(void)state;
	assert_int_equal(s->count, 0);
	snap_unref(s);
}

static void numbers_in_quotes_and_counts_of_downtime(void **state)
{
	struct snap *s = read_sessions("frr", "show bgp vrf all summary json",
	    "{\"red\":{\"ipv4Unicast\":{\"routerId\":\"10.0.0.1\",\"as\":\"1.10\",\"vrfName\":\"red\",\"peers\":{"
	    "\"10.0.0.2\":{\"remoteAs\":\"64501\",\"peerUptime\":\"00:01:00\",\"peerUptimeMsec\":\"60000\","
	    "\"pfxRcd\":\"7\",\"pfxSnt\":3,\"state\":\"Active\",\"peerState\":\"OK\"},"
	    "\"eth0\":{\"remoteAs\":0,\"peerUptime\":\"never\",\"peerUptimeMsec\":0,\"state\":\"Idle (Admin)\"},"
	    "\"10.0.0.4\":{\"remoteAs\":4200000004,\"peerUptimeMsec\":5000,\"pfxRcd\":\"x\",\"state\":\"Established\","
	    "\"dynamicPeer\":true}}}}}");
	const struct session *f = find(s, "red", "10.0.0.2", AF_IPV4_UNICAST);

	(void)state;
	assert_int_equal(s->local_as, 65546);
	assert_int_equal(f->remote_as, 64501);
	assert_int_equal(f->since_s, 60);
	assert_int_equal(f->received, COUNT_UNKNOWN); /* down: what is left over is not current */
	assert_int_equal(f->advertised, COUNT_UNKNOWN);
	f = find(s, "red", "eth0", AF_IPV4_UNICAST);
	assert_int_equal(f->remote_as, ASN_UNKNOWN);
	assert_int_equal(f->since_s, -1);
	assert_int_equal(f->admin_down, TRI_YES);
	f = find(s, "red", "10.0.0.4", AF_IPV4_UNICAST);
	assert_int_equal(f->received, COUNT_UNKNOWN);
	assert_int_equal(f->dynamic, TRI_YES);
	snap_unref(s);
}

static void family_from_the_command(void **state)
{
	struct snap *s = read_sessions("frr", "show bgp ipv6 unicast summary json",
	    "{\"routerId\":\"10.0.0.1\",\"as\":64500,\"vrfName\":\"default\",\"peers\":{"
	    "\"2001:db8::2\":{\"remoteAs\":64501,\"state\":\"Established\",\"pfxRcd\":1}}}");

	(void)state;
	find(s, "", "2001:db8::2", AF_IPV6_UNICAST);
	snap_unref(s);
}

static void text_summary_in_all_shapes(void **state)
{
	static const char out[] =
	    "\nIPv4 Unicast Summary (VRF red):\n"
	    "BGP router identifier 10.0.0.1, local AS number 1.10 vrf-id 7\n"
	    "\n"
	    "Neighbor        V         AS   MsgRcvd   MsgSent   TblVer  InQ OutQ  Up/Down State/PfxRcd   PfxSnt Desc\n"
	    "10.0.0.2        4      64501        20        22       12    0    0 1d02h03m            5       12 two words\n"
	    "10.0.0.3        4      64502         0         0        0    0    0    never Idle (Admin)        0 N/A\n"
	    "10.0.0.4        4      64503         9         9        0    0    0 00:00:09 Idle (PfxCt)        0 N/A\n"
	    "10.0.0.5        4 4200000005        20        22       12    0    0 02w3d04h     (Policy) (Policy) N/A\n"
	    "10.0.0.6        4      64506        20        22       12    0    0 00:01:00        NoNeg    NoNeg N/A\n"
	    "*r9(10.0.0.9)   4      64509        20        22       12    0    0 00:01:00            0        0 N/A\n"
	    "bad row\n"
	    "\n"
	    "Total number of neighbors 7\n"
	    "\nIPv6 Unicast Summary (VRF default):\n"
	    "BGP router identifier 10.0.0.1, local AS number 64500 vrf-id 0\n"
	    "Neighbor        V         AS    LocalAS   MsgRcvd   MsgSent   TblVer  InQ OutQ  Up/Down State/PfxRcd\n"
	    "2001:db8:ffff:ffff:ffff:ffff:ffff:2\n"
	    "                4      64501      64999        20        22       12    0    0 00:00:11            5\n";
	struct snap *s = read_sessions("frr", "show bgp vrf all summary", out);
	const struct session *f = find(s, "red", "10.0.0.2", AF_IPV4_UNICAST);

	(void)state;
	assert_int_equal(s->rows_seen, 8);
	assert_int_equal(s->rows_parsed, 7);
	assert_int_equal(f->local_as, 65546);
	assert_int_equal(f->since_s, 93780);
	assert_string_equal(f->description.s, "two words");
	assert_int_equal(f->advertised, 12);
	assert_int_equal(find(s, "red", "10.0.0.3", AF_IPV4_UNICAST)->admin_down, TRI_YES);
	assert_false(text_known(find(s, "red", "10.0.0.3", AF_IPV4_UNICAST)->description));
	assert_int_equal(find(s, "red", "10.0.0.4", AF_IPV4_UNICAST)->limit_tripped, TRI_YES);
	assert_int_equal(find(s, "red", "10.0.0.5", AF_IPV4_UNICAST)->state, BGP_ESTABLISHED);
	assert_int_equal(find(s, "red", "10.0.0.5", AF_IPV4_UNICAST)->received, COUNT_UNKNOWN);
	assert_int_equal(find(s, "red", "10.0.0.6", AF_IPV4_UNICAST)->state, BGP_ESTABLISHED);
	assert_int_equal(find(s, "red", "10.0.0.9", AF_IPV4_UNICAST)->dynamic, TRI_YES);
	f = find(s, "", "2001:db8:ffff:ffff:ffff:ffff:ffff:2", AF_IPV6_UNICAST);
	assert_int_equal(f->local_as, 64999);
	assert_int_equal(f->received, 5);
	snap_unref(s);
}

static void routes_wrap_and_share_a_prefix(void **state)
{
	static const char out[] =
	    "BGP table version is 2, local router ID is 192.0.2.1, vrf id 0\n"
	    "   Network          Next Hop            Metric LocPrf Weight Path\n"
	    "*> 10.0.0.0/8       192.0.2.2                0             0 64501 64502 i\n"
	    "*=                  192.0.2.3                              0 64503 ?\n"
	    "*>i2001:db8:1:2::/64\n"
	    "                    2001:db8:ffff:ffff:ffff::1\n"
	    "                                             0    100      0 i\n"
	    "\nDisplayed  2 routes and 3 total paths\n";
	struct err e = ERR_INIT;
	struct report *r = read_report("frr", "show bgp ipv4 unicast", out, &e);

	(void)state;
	assert_non_null(r);
	assert_int_equal(r->route_count, 3);
	assert_int_equal(r->rows_parsed, 3);
	assert_string_equal(r->routes[0].as_path.s, "64501 64502");
	assert_string_equal(r->routes[1].prefix.s, "10.0.0.0/8");
	assert_string_equal(r->routes[1].next_hop.s, "192.0.2.3");
	assert_string_equal(r->routes[2].prefix.s, "2001:db8:1:2::/64");
	assert_string_equal(r->routes[2].next_hop.s, "2001:db8:ffff:ffff:ffff::1");
	assert_false(text_known(r->routes[2].as_path));
	report_free(r);
}

static void carried_over(void **state)
{
	struct snap *s = poll_lab(4096);
	const struct session *before = find(s, "", "192.0.2.15", AF_IPV4_UNICAST);
	struct arena *a = arena_new();
	struct session now;

	(void)state;
	session_init(&now);
	now.state = before->state;
	now.since_s = before->since_s + 10;
	driver_find("frr")->carry(&now, before, a);
	assert_int_equal(now.max_prefixes, before->max_prefixes);
	assert_true(text_same(now.shutdown_message, before->shutdown_message));
	assert_ptr_not_equal(now.shutdown_message.s, before->shutdown_message.s);
	assert_int_equal(now.last_error.ago_s, before->last_error.ago_s + 10);
	assert_int_equal(now.received, COUNT_UNKNOWN); /* what the summary says is never carried */
	snap_unref(s);
	assert_string_equal(now.shutdown_message.s, "Wartung: Glasfaser in Köln bis 04:00 UTC");
	arena_free(a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_poll_of_the_lab),
		cmocka_unit_test(the_cut_of_the_stream_does_not_matter),
		cmocka_unit_test(a_table_that_breaks_off_is_an_error),
		cmocka_unit_test(refusals_in_their_own_words),
		cmocka_unit_test(an_instance_without_neighbors_is_no_error),
		cmocka_unit_test(numbers_in_quotes_and_counts_of_downtime),
		cmocka_unit_test(family_from_the_command),
		cmocka_unit_test(text_summary_in_all_shapes),
		cmocka_unit_test(routes_wrap_and_share_a_prefix),
		cmocka_unit_test(carried_over),
	};

	return cmocka_run_group_tests_name("driver frr", tests, NULL, NULL);
}
