/* Junos, SR OS, SR Linux, VRP, RouterOS and EOS: what makes each of them odd; pings of all. */
#include "tests/unit/reading.h"

static void junos_xml_and_json_say_the_same(void **state)
{
	static const char xml[] =
	    "<rpc-reply xmlns:junos=\"http://xml.juniper.net/junos/23.2R0/junos\"><bgp-information><bgp-peer>"
	    "<peer-address>192.0.2.1+179</peer-address><peer-as>64501</peer-as><peer-cfg-rti>red</peer-cfg-rti>"
	    "<peer-state>Established</peer-state><elapsed-time junos:seconds=\"99\">1:39</elapsed-time>"
	    "<bgp-rib><name>red.inet.0</name><received-prefix-count>5</received-prefix-count>"
	    "<accepted-prefix-count>4</accepted-prefix-count></bgp-rib></bgp-peer></bgp-information></rpc-reply>\n"
	    "noc@r1> ";
	static const char json[] =
	    "{\"bgp-information\":[{\"bgp-peer\":[{\"peer-address\":[{\"data\":\"192.0.2.1+179\"}],"
	    "\"peer-as\":[{\"data\":\"64501\"}],\"peer-cfg-rti\":[{\"data\":\"red\"}],"
	    "\"peer-state\":[{\"data\":\"Established\"}],"
	    "\"elapsed-time\":[{\"data\":\"1:39\",\"attributes\":{\"junos:seconds\":\"99\"}}],"
	    "\"bgp-rib\":[{\"name\":[{\"data\":\"red.inet.0\"}],\"received-prefix-count\":[{\"data\":\"5\"}],"
	    "\"accepted-prefix-count\":[{\"data\":\"4\"}]}]}]}]}";
	const char *const both[] = { xml, json };

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		struct snap *s = read_sessions("junos", i == 0 ? "show bgp neighbor | display xml" :
		    "show bgp neighbor | display json", both[i]);
		const struct session *n = snap_find(s, "red", "192.0.2.1", AF_IPV4_UNICAST);

		assert_non_null(n);
		assert_int_equal(s->count, 1);
		assert_int_equal(n->received, 5);
		assert_int_equal(n->accepted, 4);
		assert_int_equal(n->since_s, 99);
		snap_unref(s);
	}
	assert_refused("junos", "show bgp summary | display xml", "<!DOCTYPE a [<!ENTITY b \"c\">]><a>&b;</a>",
	    ERR_PARSE, "answer");
	assert_refused("junos", "show bgp summary", "syntax error, expecting <command>.\n", ERR_DEVICE, "syntax error");
}

static void junos_text(void **state)
{
	static const char out[] =
	    "Groups: 2 Peers: 3 Down peers: 1\n"
	    "Peer                     AS      InPkt     OutPkt    OutQ   Flaps Last Up/Dwn "
	    "State|#Active/Received/Accepted/Damped...\n"
	    "192.0.2.1             64501       10         11       0       2 9w2d 5:23:37 Establ\n"
	    "  red.inet.0: 1/2/3/0\n"
	    "  inet6.0: 4/5/6/0\n"
	    "192.0.2.2             64502       10         11       0       0       29:10 Active\n"
	    "192.0.2.3             64503       10         11       0       0     1:00:00 7/8/8/0 0/0/0/0\n";
	struct snap *s = read_sessions("junos", "show bgp summary", out);

	(void)state;
	assert_int_equal(s->count, 4);
	assert_int_equal(snap_find(s, "red", "192.0.2.1", AF_IPV4_UNICAST)->accepted, 3);
	assert_int_equal(snap_find(s, "", "192.0.2.1", AF_IPV6_UNICAST)->received, 5);
	assert_int_equal(snap_find(s, "", "192.0.2.2", AF_IPV4_UNICAST)->since_s, 1750);
	assert_int_equal(snap_find(s, "", "192.0.2.3", AF_IPV4_UNICAST)->received, 8);
	snap_unref(s);
}

static void sros_rows_of_several_lines(void **state)
{
	static const char out[] =
	    "===============================================================================\n"
	    " BGP Router ID:192.0.2.9         AS:64500       Local AS:64500      \n"
	    "BGP Summary\n"
	    "Neighbor\n"
	    "Description\n"
	    "                   AS PktRcvd InQ  Up/Down   State|Rcv/Act/Sent (Addr Family)\n"
	    "                      PktSent OutQ\n"
	    "-------------------------------------------------------------------------------\n"
	    "192.0.2.1\n"
	    "a friend\n"
	    "                64501    2039    0 16h38m06s 10/9/8 (IPv4)\n"
	    "                         2078    0           7/6/5 (VpnIPv6)\n"
	    "192.0.2.2\n"
	    "                42598*      0    0 00h00m09s Connect\n"
	    "                            0    0\n"
	    "192.0.2.3\n"
	    "                64503       0    0 00h01m00s Disabled\n"
	    "-------------------------------------------------------------------------------\n";
	struct snap *s = read_sessions("nokia_sros", "show router bgp summary", out);

	(void)state;
	assert_int_equal(s->local_as, 64500);
	assert_int_equal(s->count, 4);
	assert_int_equal(s->rows_parsed, 3);
	assert_int_equal(snap_find(s, "", "192.0.2.1", AF_IPV4_UNICAST)->advertised, 8);
	assert_string_equal(snap_find(s, "", "192.0.2.1", AF_VPNV6_UNICAST)->description.s, "a friend");
	assert_int_equal(snap_find(s, "", "192.0.2.2", AF_IPV4_UNICAST)->remote_as, ASN_UNKNOWN);
	assert_int_equal(snap_find(s, "", "192.0.2.2", AF_IPV4_UNICAST)->state, BGP_CONNECT);
	assert_int_equal(snap_find(s, "", "192.0.2.3", AF_IPV4_UNICAST)->admin_down, TRI_YES);
	snap_unref(s);
	assert_refused("sros", "show router bgp summary", "MINOR: CLI Could not find router \"x\".\n", ERR_DEVICE,
	    "MINOR: CLI");
}

static void srlinux_state(void **state)
{
	static const char out[] =
	    "{\"network-instance\":[{\"name\":\"default\",\"protocols\":{\"bgp\":{\"neighbor\":[{"
	    "\"peer-address\":\"192.0.2.1\",\"admin-state\":\"enable\",\"peer-as\":64501,"
	    "\"session-state\":\"established\",\"established-transitions\":\"3\","
	    "\"afi-safi\":[{\"afi-safi-name\":\"srl_nokia-common:ipv4-unicast\",\"received-routes\":10,"
	    "\"rejected-routes\":4,\"active-routes\":5,\"sent-routes\":2,"
	    "\"prefix-limit\":{\"max-received-routes\":100,\"warning-threshold-pct\":90}}],"
	    "\"received-messages\":{\"last-notification-error-code\":6,\"last-notification-error-subcode\":2}},"
	    "{\"peer-address\":\"2001:db8::1\",\"admin-state\":\"disable\",\"session-state\":\"idle\"}]}}}]}";
	struct snap *s = read_sessions("nokia_srl",
	    "info from state network-instance * protocols bgp neighbor * | as json", out);
	const struct session *n = snap_find(s, "", "192.0.2.1", AF_IPV4_UNICAST);

	(void)state;
	assert_int_equal(n->received, 10);
	assert_int_equal(n->accepted, 6);
	assert_int_equal(n->max_prefixes, 100);
	assert_int_equal(n->flaps, 2);
	assert_int_equal(n->last_error.subcode, 2);
	assert_int_equal(snap_find(s, "", "2001:db8::1", AF_IPV6_UNICAST)->admin_down, TRI_YES);
	snap_unref(s);
}

static void vrp_tables(void **state)
{
	static const char out[] =
	    " BGP local router ID : 192.0.2.9\n"
	    " Local AS number : 635.66\n"
	    "  Peer            V    AS  MsgRcvd  MsgSent  OutQ  Up/Down       State PrefRcv\n"
	    "  192.0.2.1       4 64501       8        9     0 626h43m   Established       2\n"
	    "  192.0.2.2       4 64502       0        0     0 00:00:09  Idle(Admin)       0\n\n"
	    "  VPN-Instance red, Router ID 192.0.2.9:\n"
	    "  Peer            V    AS  MsgRcvd  MsgSent  OutQ  Up/Down       State PrefRcv\n"
	    "  10.0.0.1        4 64503       8        9     0 00:05:37 Established       3\n";
	struct snap *s = read_sessions("huawei_vrp", "display bgp vpnv4 all peer", out);

	(void)state;
	assert_int_equal(s->local_as, 635 * 65536 + 66);
	assert_int_equal(snap_find(s, "", "192.0.2.1", AF_VPNV4_UNICAST)->since_s, 2256180);
	assert_int_equal(snap_find(s, "", "192.0.2.2", AF_VPNV4_UNICAST)->admin_down, TRI_YES);
	assert_int_equal(snap_find(s, "red", "10.0.0.1", AF_IPV4_UNICAST)->received, 3);
	snap_unref(s);
	assert_refused("vrp", "display bgp peer", "Error: Unrecognized command found at '^' position.\n", ERR_DEVICE,
	    "Unrecognized");
}

static void routeros_records(void **state)
{
	static const char out[] =
	    "Flags: E - established \n"
	    " 0   name=\"gone-1\" \n"
	    "     remote.address=192.0.2.1@red .as=64501 .id=1.1.1.1 \n"
	    "     local.role=ebgp .address=192.0.2.9 .as=64500 \n"
	    "     input.last-notification=ffffffffffffffffffffffffffffffff001b0306020" "56c61746572 prefix-count=1 \n\n"
	    " 1 E ;;; a comment\n"
	    "     name=\"up \\\"1\\\"\" remote.address=2001:db8::1 .as=64502 \n"
	    "     uptime=1d2h5m16s610ms hold-time=3m prefix-count=79 \n";
	struct snap *s = read_sessions("mikrotik_routeros", "/routing/bgp/session/print", out);
	const struct session *gone = snap_find(s, "red", "192.0.2.1", AF_IPV4_UNICAST);
	const struct session *up = snap_find(s, "", "2001:db8::1", AF_IPV6_UNICAST);

	(void)state;
	assert_int_equal(gone->state, BGP_UNKNOWN);
	assert_int_equal(gone->received, COUNT_UNKNOWN);
	assert_int_equal(gone->last_error.code, 6);
	assert_string_equal(gone->shutdown_message.s, "later");
	assert_int_equal(gone->local_as, 64500);
	assert_int_equal(up->since_s, 93916);
	assert_int_equal(up->received, 79);
	assert_int_equal(up->hold_time_s, 180);
	snap_unref(s);
	assert_refused("routeros", "/routing/bgp/session/print", "bad command name session (line 1 column 14)\n",
	    ERR_DEVICE, "bad command name");
}

static void eos_tables(void **state)
{
	static const char text[] =
	    "BGP summary information for VRF red\n"
	    "Router identifier 192.0.2.9, local AS number 64500\n"
	    "  Description    Neighbor   V AS       MsgRcvd MsgSent InQ OutQ  Up/Down State      PfxRcd PfxAcc\n"
	    "  two words      192.0.2.1  4 64501.2      149     152   0    0 02:25:23 Estab      7      5\n"
	    "  x              192.0.2.2  4 64502          0       0   0    0    1d03h Idle(Admin)\n";
	static const char json[] =
	    "{\"vrfs\":{\"default\":{\"routerId\":\"192.0.2.9\",\"asn\":\"64500\",\"peers\":{\"192.0.2.1\":{"
	    "\"peerState\":\"Established\",\"peerAsn\":\"64501\",\"ipv4Unicast\":{\"afiSafiState\":\"negotiated\","
	    "\"nlrisReceived\":3,\"nlrisAccepted\":2},\"l2VpnEvpn\":{\"afiSafiState\":\"negotiated\","
	    "\"nlrisReceived\":9,\"nlrisAccepted\":9}}}}}}";
	struct snap *s = read_sessions("arista_eos", "show ip bgp summary vrf all", text);

	(void)state;
	assert_string_equal(snap_find(s, "red", "192.0.2.1", AF_IPV4_UNICAST)->description.s, "two words");
	assert_int_equal(snap_find(s, "red", "192.0.2.1", AF_IPV4_UNICAST)->accepted, 5);
	assert_int_equal(snap_find(s, "red", "192.0.2.2", AF_IPV4_UNICAST)->admin_down, TRI_YES);
	snap_unref(s);
	s = read_sessions("eos", "show bgp summary vrf all | json", json);
	assert_int_equal(snap_find(s, "", "192.0.2.1", AF_IPV4_UNICAST)->accepted, 2);
	assert_int_equal(snap_find(s, "", "192.0.2.1", AF_L2VPN_EVPN)->received, 9);
	snap_unref(s);
}

static void pings(void **state)
{
	static const struct {
		const char *os, *out;
		int sent, received;
		double min, avg, max, mdev;
	} cases[] = {
		{ "ios", "Sending 5, 100-byte ICMP Echos to 192.0.2.1, timeout is 2 seconds:\n!!!!.\n"
		    "Success rate is 80 percent (4/5), round-trip min/avg/max = 1/2/4 ms\n", 5, 4, 1, 2, 4, -1 },
		{ "ios", "Success rate is 0 percent (0/5)\n", 5, 0, -1, -1, -1, -1 },
		{ "eos", "PING 192.0.2.1 (192.0.2.1) 72(100) bytes of data.\n"
		    "5 packets transmitted, 5 received, +1 errors, 0% packet loss, time 40ms\n"
		    "rtt min/avg/max/mdev = 0.1/0.25/0.4/0.05 ms, ipg/ewma 1.3/0.2 ms\n", 5, 5, 0.1, 0.25, 0.4, 0.05 },
		{ "sros", "PING 192.0.2.1 56 data bytes\n5 packets transmitted, 5 packets received, 0.00% packet loss\n"
		    "round-trip min = 1.70ms, avg = 1.82ms, max = 1.95ms, stddev = 0.083ms\n", 5, 5, 1.70, 1.82, 1.95, 0.083 },
		{ "vrp", "  PING 192.0.2.1: 56  data bytes, press CTRL_C to break\n    5 packet(s) transmitted\n"
		    "    4 packet(s) received\n    20.00% packet loss\n    round-trip min/avg/max = 1/2/3 ms\n",
		    5, 4, 1, 2, 3, -1 },
		{ "routeros", "    sent=2 received=1 packet-loss=50% min-rtt=1ms234us avg-rtt=2ms max-rtt=1s3ms\n",
		    2, 1, 1.234, 2, 1003, -1 },
	};
	struct err e = ERR_INIT;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct report *r = read_report(cases[i].os, "ping 192.0.2.1", cases[i].out, &e);

		assert_non_null(r);
		assert_int_equal(r->ping.sent, cases[i].sent);
		assert_int_equal(r->ping.received, cases[i].received);
		assert_true(r->ping.min_ms - cases[i].min < 1e-9 && cases[i].min - r->ping.min_ms < 1e-9);
		assert_true(r->ping.avg_ms - cases[i].avg < 1e-9 && cases[i].avg - r->ping.avg_ms < 1e-9);
		assert_true(r->ping.max_ms - cases[i].max < 1e-9 && cases[i].max - r->ping.max_ms < 1e-9);
		assert_true(r->ping.mdev_ms - cases[i].mdev < 1e-9 && cases[i].mdev - r->ping.mdev_ms < 1e-9);
		report_free(r);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(junos_xml_and_json_say_the_same), cmocka_unit_test(junos_text),
		cmocka_unit_test(sros_rows_of_several_lines), cmocka_unit_test(srlinux_state),
		cmocka_unit_test(vrp_tables), cmocka_unit_test(routeros_records), cmocka_unit_test(eos_tables),
		cmocka_unit_test(pings),
	};

	return cmocka_run_group_tests_name("vendor others", tests, NULL, NULL);
}
