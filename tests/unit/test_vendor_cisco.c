/* The tables of Cisco-like CLIs: broken rows, VRFs, families, odd states, errors of the device. */
#include "tests/unit/reading.h"

#include "backends/parse/detail.h"
#include "backends/parse/summary.h"

static const char ios_summary[] =
    "For address family: IPv4 Unicast\n"
    "BGP router identifier 192.0.2.254, local AS number 1.10\n"
    "Neighbor        V           AS MsgRcvd MsgSent   TblVer  InQ OutQ Up/Down  State/PfxRcd\n"
    "*192.0.2.1      4        64501      10      11        1    0    0 00:10:00       12\n"
    "192.0.2.2       4     65000.17       0       0        1    0    0 never    Idle (Admin)\n"
    "192.0.2.3       4        64503       0       0        1    0    0 1y11w    Idle (PfxCt)\n"
    "192.0.2.4       4 4200000004\n"
    "                                     5       6        1    0    0 1d13h    Active\n"
    "192.0.2.5       4        x\n"
    "\n"
    "For address family: IPv6 Unicast\n"
    "Neighbor        V           AS MsgRcvd MsgSent   TblVer  InQ OutQ Up/Down  State/PfxRcd\n"
    "2001:DB8:20:4:6::6\n"
    "                4          400      67      73       66    0    0 01:03:11        5\n";

static void summary_of_ios(void **state)
{
	struct snap *s = read_sessions("cisco_ios", "show bgp all summary", ios_summary);
	const struct session *n;

	(void)state;
	assert_int_equal(s->local_as, 65546);
	assert_int_equal(s->rows_seen, 6);
	assert_int_equal(s->rows_parsed, 5);
	n = snap_find(s, "", "192.0.2.1", AF_IPV4_UNICAST);
	assert_int_equal(n->received, 12);
	assert_int_equal(n->dynamic, TRI_YES);
	assert_int_equal(n->since_s, 600);
	n = snap_find(s, "", "192.0.2.2", AF_IPV4_UNICAST);
	assert_int_equal(n->remote_as, 65000u * 65536u + 17);
	assert_int_equal(n->admin_down, TRI_YES);
	assert_int_equal(n->since_s, -1);
	n = snap_find(s, "", "192.0.2.3", AF_IPV4_UNICAST);
	assert_int_equal(n->limit_tripped, TRI_YES);
	n = snap_find(s, "", "192.0.2.4", AF_IPV4_UNICAST);
	assert_int_equal(n->state, BGP_ACTIVE);
	assert_int_equal(n->messages_in, 5);
	n = snap_find(s, "", "2001:DB8:20:4:6::6", AF_IPV6_UNICAST);
	assert_int_equal(n->remote_as, 400);
	assert_int_equal(n->received, 5);
	snap_unref(s);
}

/* The VRF stands only in the command, and two neighbors of two VRFs may look the same. */
static void vrf_of_the_command(void **state)
{
	static const char out[] =
	    "BGP router identifier 192.0.2.254, local AS number 64500\n"
	    "Neighbor  V AS MsgRcvd MsgSent TblVer InQ OutQ Up/Down State/PfxRcd\n"
	    "10.0.0.1  4 64501 1 1 1 0 0 00:00:01 3\n"
	    "10.0.0.1  4 64501 1 1 1 0 0 00:00:02 4\n";
	struct snap *s = read_sessions("ios", "show bgp vpnv4 unicast vrf RED summary", out);

	(void)state;
	assert_int_equal(s->count, 2);
	assert_string_equal(s->sessions[0].vrf.s, "RED");
	assert_int_equal(s->sessions[0].family, AF_VPNV4_UNICAST);
	assert_int_equal(s->sessions[0].received + s->sessions[1].received, 7);
	snap_unref(s);
}

static void summary_of_nxos(void **state)
{
	static const char out[] =
	    "BGP summary information for VRF red, address family IPv4 Unicast\n"
	    "BGP router identifier 192.0.2.9, local AS number 64500\n\n"
	    "Neighbor        V    AS MsgRcvd MsgSent   TblVer  InQ OutQ Up/Down  State/PfxRcd\n"
	    "10.0.0.1        4 64501       0       0        0    0    0     5w6d Shut (Admin)\n"
	    "10.0.0.2        4 64502       7       7        1    0    0 00:08:22 0 (No Cap)\n\n"
	    "BGP summary information for VRF default, address family L2VPN EVPN\n";
	struct snap *s = read_sessions("nxos", "show bgp all summary vrf all", out);

	(void)state;
	assert_int_equal(s->count, 2);
	assert_int_equal(snap_find(s, "red", "10.0.0.1", AF_IPV4_UNICAST)->admin_down, TRI_YES);
	assert_int_equal(snap_find(s, "red", "10.0.0.2", AF_IPV4_UNICAST)->state, BGP_ESTABLISHED);
	snap_unref(s);
}

static void detail_of_ios(void **state)
{
	static const char out[] =
	    "BGP neighbor is *192.0.2.1,  vrf RED,  remote AS 64501, local AS 64999 no-prepend, external link\n"
	    " Description: the peer\n"
	    " Member of peer-group IX for session parameters\n"
	    "  Administratively shut down\n"
	    "  BGP state = Idle, down for 1d02h\n"
	    "  Last read 00:00:00, last write 00:00:20, hold time is 90, keepalive interval is 30 seconds\n"
	    "  Message statistics:\n"
	    "    Total:                598        591\n"
	    " For address family: VPNv4 Unicast\n"
	    "  Inbound soft reconfiguration allowed\n"
	    "  Route map for incoming advertisements is IN\n"
	    "  Maximum prefixes allowed 500 (warning-only)\n"
	    "  Threshold for warning message 80%\n"
	    "    Prefixes Current:               7        100 (Consumes 1 bytes)\n"
	    "  Local Policy Denied Prefixes:    --------    -------\n"
	    "    Total:                                3         24\n"
	    "  Connections established 3; dropped 2\n"
	    "  Last reset 1d02h, due to BGP Notification received of session 1, Administrative Shutdown\n"
	    "Option Flags: nagle, path mtu capable, md5, Retrans timeout\n";
	struct snap *s = read_sessions("ios", "show bgp vpnv4 unicast all neighbors", out);
	const struct session *n = snap_find(s, "RED", "192.0.2.1", AF_VPNV4_UNICAST);

	(void)state;
	assert_int_equal(s->count, 1);
	assert_int_equal(n->admin_down, TRI_YES);
	assert_int_equal(n->dynamic, TRI_YES);
	assert_int_equal(n->local_as, 64999);
	assert_string_equal(n->group.s, "IX");
	assert_int_equal(n->hold_time_s, 90);
	assert_int_equal(n->messages_in, 591);
	assert_int_equal(n->max_prefixes, 500);
	assert_int_equal(n->limit_action, LIMIT_WARN);
	assert_int_equal(n->limit_warn_pct, 80);
	assert_int_equal(n->soft_reconfig, TRI_YES);
	assert_string_equal(n->import_policy.s, "IN");
	assert_int_equal(n->auth, AUTH_MD5);
	assert_int_equal(n->flaps, 2);
	assert_int_equal(n->last_error.code, 6);
	assert_int_equal(n->last_error.subcode, 2);
	assert_int_equal(n->last_error.dir, DIR_RECEIVED);
	assert_int_equal(n->last_error.ago_s, 93600);
	snap_unref(s);
}

/* A fill makes no rows, and means the one row that fits where no VRF is named. */
static void fill_makes_no_rows(void **state)
{
	static const char out[] =
	    "BGP neighbor is 10.0.0.1, remote AS 64501, ebgp link, Peer index 1\n"
	    "  Description: one\n"
	    "  BGP state = Established, up for 6d01h\n"
	    "  For address family: IPv4 Unicast\n"
	    "  5 accepted paths consume 48 bytes of memory\n"
	    "BGP neighbor is 10.0.0.2, remote AS 64502, ebgp link, Peer index 2\n"
	    "  For address family: IPv4 Unicast\n"
	    "  1 accepted paths consume 48 bytes of memory\n";
	struct snap_builder *b = snap_builder_new("r1");
	struct session *s = snap_builder_session(b, SLICE("red"), SLICE("10.0.0.1"), AF_IPV4_UNICAST);
	struct err e = ERR_INIT;

	(void)state;
	s->remote_as = 64501;
	assert_int_equal(detail_fill(b, slice_of(out), asked_of(SLICE("")), &e), 0);
	assert_int_equal(snap_builder_count(b), 1);
	s = snap_builder_at(b, 0);
	assert_int_equal(s->accepted, 5);
	assert_string_equal(s->description.s, "one");
	snap_builder_free(b);
}

static void routes_with_empty_columns(void **state)
{
	static const char out[] =
	    "BGP table version is 4, local router ID is 192.0.2.9\n"
	    "     Network          Next Hop            Metric LocPrf Weight Path\n"
	    " *>  10.0.0.0         0.0.0.0                  0         32768 i\n"
	    " *   10.0.1.0/24      192.0.2.2                              0 300 200 i\n"
	    " *>i                  192.0.2.3                0    100      0 {200 300} ?\n"
	    " r>i 203.0.113.128/27\n"
	    "                       192.0.2.4                0    100      0 64500.1 e\n"
	    " *>i 2001:DB8:AAAA:BBBB::/64\n"
	    "                       2001:DB8:1::2\n"
	    "                                                0    100      0 65001 i\n";
	static const char *const want[][3] = {
		{ "10.0.0.0", "0.0.0.0", NULL }, { "10.0.1.0/24", "192.0.2.2", "300 200" },
		{ "10.0.1.0/24", "192.0.2.3", "{200 300}" }, { "203.0.113.128/27", "192.0.2.4", "64500.1" },
		{ "2001:DB8:AAAA:BBBB::/64", "2001:DB8:1::2", "65001" },
	};
	struct err e = ERR_INIT;
	struct report *r = read_report("ios", "show ip bgp", out, &e);

	(void)state;
	assert_non_null(r);
	assert_int_equal(r->route_count, 5);
	assert_int_equal(r->rows_seen, r->rows_parsed);
	for (size_t i = 0; i < 5; i++) {
		assert_string_equal(r->routes[i].prefix.s, want[i][0]);
		assert_string_equal(r->routes[i].next_hop.s, want[i][1]);
		if (want[i][2] == NULL)
			assert_null(r->routes[i].as_path.s);
		else
			assert_string_equal(r->routes[i].as_path.s, want[i][2]);
	}
	report_free(r);
}

static void errors_are_the_devices_words(void **state)
{
	(void)state;
	assert_refused("ios", "show bgp all summary", "         ^\n% Invalid input detected at '^' marker.\n",
	    ERR_DEVICE, "Invalid input");
	assert_refused("iosxr", "show bgp summary", "% This command is not authorized\n", ERR_DEVICE, "not authorized");
	assert_refused("ios", "show bgp all neighbors", "% Authorization failed.\n", ERR_DEVICE, "Authorization");
	assert_refused("ios", "show bgp all summary", "", ERR_PARSE, "empty");
	assert_refused("nxos", "show bgp sessions", "hello\n", ERR_PARSE, "hello");
	assert_refused("ios", "show ip bgp", "%BGP-5-ADJCHANGE: neighbor 192.0.2.1 Down\n", ERR_PARSE, "ADJCHANGE");
	assert_refused("nxos", "show bgp all summary vrf all | json", "% Permission denied\n", ERR_DEVICE,
	    "Permission denied");
	assert_refused("nxos", "show bgp all summary vrf all | json", "{\"TABLE_vrf\": {\"ROW", ERR_PARSE, "no JSON");
}

static void json_of_nxos(void **state)
{
	static const char out[] =
	    "{\"TABLE_vrf\":{\"ROW_vrf\":{\"vrf-name-out\":\"default\",\"vrf-router-id\":\"192.0.2.9\","
	    "\"vrf-local-as\":\"1.10\",\"TABLE_af\":{\"ROW_af\":{\"af-id\":1,\"TABLE_saf\":{\"ROW_saf\":{"
	    "\"safi\":1,\"af-name\":\"IPv4 Unicast\",\"TABLE_neighbor\":{\"ROW_neighbor\":["
	    "{\"neighborid\":\"10.0.0.1\",\"neighboras\":64501,\"time\":\"P17DT7H42M42S\",\"state\":\"Established\","
	    "\"prefixreceived\":9},{\"neighborid\":\"10.0.0.2\",\"neighboras\":\"64502\",\"time\":\"6w3d\","
	    "\"state\":\"Admin (Shut)\"}]}}}}}}}}";
	struct snap *s = read_sessions("nxos", "show bgp all summary vrf all | json", out);

	(void)state;
	assert_int_equal(s->local_as, 65546);
	assert_int_equal(snap_find(s, "", "10.0.0.1", AF_IPV4_UNICAST)->since_s, 1496562);
	assert_int_equal(snap_find(s, "", "10.0.0.1", AF_IPV4_UNICAST)->received, 9);
	assert_int_equal(snap_find(s, "", "10.0.0.2", AF_IPV4_UNICAST)->admin_down, TRI_YES);
	snap_unref(s);
}

static void interfaces(void **state)
{
	static const char out[] =
	    "GigabitEthernet0/1 is administratively down, line protocol is down (disabled)\n"
	    "  Description: to the exchange\n"
	    "  MTU 1500 bytes, BW 1000000 Kbit/sec, DLY 10 usec,\n"
	    "  5 minute input rate 1000 bits/sec, 2 packets/sec\n"
	    "     30 packets input, 4000 bytes, 0 no buffer\n"
	    "     5 input errors, 3 CRC, 0 frame, 0 overrun, 0 ignored\n"
	    "     40 packets output, 5000 bytes, 0 underruns\n"
	    "     2 output errors, 0 collisions, 2 interface resets\n";
	struct err e = ERR_INIT;
	struct report *r = read_report("ios", "show interfaces", out, &e);

	(void)state;
	assert_non_null(r);
	assert_int_equal(r->iface_count, 1);
	assert_string_equal(r->ifaces[0].link.s, "administratively down");
	assert_string_equal(r->ifaces[0].protocol.s, "down (disabled)");
	assert_int_equal(r->ifaces[0].crc_errors, 3);
	assert_int_equal(r->ifaces[0].output_errors, 2);
	assert_int_equal(r->ifaces[0].input_bps, 1000);
	assert_int_equal(r->ifaces[0].output_octets, 5000);
	assert_int_equal(r->ifaces[0].speed_bps, 1000000000);
	report_free(r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(summary_of_ios), cmocka_unit_test(vrf_of_the_command),
		cmocka_unit_test(summary_of_nxos), cmocka_unit_test(detail_of_ios),
		cmocka_unit_test(fill_makes_no_rows), cmocka_unit_test(routes_with_empty_columns),
		cmocka_unit_test(errors_are_the_devices_words), cmocka_unit_test(json_of_nxos),
		cmocka_unit_test(interfaces),
	};

	return cmocka_run_group_tests_name("vendor cisco", tests, NULL, NULL);
}
