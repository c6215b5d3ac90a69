/* Transcripts: without secrets, and readable again. */
#include "backends/link/replay.h"
#include "backends/link/transcript.h"
#include "core/act/redact.h"
#include "core/base/clock.h"
#include "core/base/scan.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

/* "HUSH" is the secret in each; what must stay follows it. */
static const char *const secrets[][2] = {
	{ " neighbor 192.0.2.1 password HUSH", "neighbor 192.0.2.1 password" },
	{ " neighbor 192.0.2.1 password 7 HUSH", "192.0.2.1" },
	{ "enable secret 9 $9$HUSH", "enable secret" },
	{ "username noc secret sha512 $6$HUSH", "username noc" },
	{ "snmp-server community HUSH RO", "snmp-server community" },
	{ "snmp-agent community read cipher HUSH", "snmp-agent" },
	{ "set snmp community HUSH authorization read-only", "snmp community" },
	{ "authentication-key \"$9$HUSH\"; ## SECRET-DATA", "authentication-key" },
	{ "peer 192.0.2.1 password cipher %^%#HUSH%^%#", "peer 192.0.2.1" },
	{ "{\"neighbor_address\":\"192.0.2.1\",\"auth_password\":\"HU\\\"SH\",\"peer_asn\":64501}", "\"peer_asn\":64501" },
	{ "    \"authPassword\" : \"HUSH\", \"x\": 1", "\"x\": 1" },
	{ "<authentication-key>HUSH</authentication-key><peer-as>64501</peer-as>", "<peer-as>64501</peer-as>" },
	{ " 0 E name=\"a\" tcp-md5-key=\"HUSH\" remote.as=64501", "remote.as=64501" },
	{ " 0 E name=\"a\" .tcp-md5-key=HUSH remote.as=64501", "remote.as=64501" },
	{ "tcp md5sig key ascii HUSH", "tcp" },
	{ "    Password: HUSH;", "Password" },
	{ "  key-string HUSH", "key-string" },
};
/* What reads like one and is none. */
static const char *const harmless[] = {
	"  \"md5AuthEnabled\": true, \"peerState\": \"Established\"", "Option Flags: nagle, path mtu capable, md5",
	"TCP MD5 authentication is enabled", "  Community: 64500:1 64500:2", "\"community\":{\"string\":\"64500:1\"}",
	"BGP neighbor is 192.0.2.1, remote AS 64501", "{\"peers\":{\"192.0.2.1\":{\"state\":\"Established\",\"pfxRcd\":12}}}",
	" Description: the monkey's tokenless peer", "", "  Authentication type configured: MD5",
};

static void test_secrets_go(void **state)
{
	struct str out;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(secrets); i++) {
		str_init(&out, 4096);
		redact_answer(&out, slice_of(secrets[i][0]));
		if (strstr(out.p, "HU") != NULL || strstr(out.p, "SH") != NULL || strstr(out.p, secrets[i][1]) == NULL)
			fail_msg("\"%s\" became \"%s\"", secrets[i][0], out.p);
		str_fini(&out);
	}
}

static void test_the_rest_stays(void **state)
{
	struct str out;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(harmless); i++) {
		str_init(&out, 4096);
		redact_answer(&out, slice_of(harmless[i]));
		assert_string_equal(out.len > 0 ? out.p : "", harmless[i]);
		str_fini(&out);
	}
}

/* Records what the transcript answers; the new transcript goes into out. */
static struct snap *record(const char *os, struct slice text, unsigned polls, struct str *out)
{
	const struct router_conf conf = { .name = "r1", .os = os, .timeout_s = 5, .interval_s = 1 };
	const struct driver *d = driver_find(os);
	struct snap *snap = NULL;
	struct err e = ERR_INIT;
	struct link *l;
	struct cli *cli;

	if (replay_parse("t", text, -1, &l, &e) < 0 || cli_open(l, &conf, d, clock_boot_ms() + 5000, &cli, &e) < 0)
		fail_msg("%s", e.text);
	transcript_begin(out, &conf, d, cli);
	for (unsigned i = 1; i <= polls; i++) {
		snap_unref(snap);
		snap = NULL;
		if (transcript_poll(out, &conf, d, cli, i, &snap, &e) < 0)
			fail_msg("%s", e.text);
	}
	cli_close(cli);
	l->ops->free(l);
	return snap;
}

static void assert_same(const struct snap *a, const struct snap *b)
{
	assert_int_equal(a->count, b->count);
	assert_int_equal(a->rows_seen, b->rows_seen);
	assert_int_equal(a->rows_parsed, b->rows_parsed);
	for (size_t i = 0; i < a->count; i++) {
		assert_int_equal(session_key_cmp(&a->sessions[i], &b->sessions[i]), 0);
		assert_int_equal(a->sessions[i].state, b->sessions[i].state);
		assert_int_equal(a->sessions[i].accepted, b->sessions[i].accepted);
	}
}

/* Recorded, played and recorded again: the same sessions, and rows that could not be read are still told. */
static void round_trip(const char *os, const char *text, unsigned seen, unsigned parsed)
{
	struct str first, second;
	struct snap *a, *b;

	str_init(&first, 1 << 20);
	str_init(&second, 1 << 20);
	a = record(os, slice_of(text), 2, &first);
	assert_int_equal(a->rows_seen, seen);
	assert_int_equal(a->rows_parsed, parsed);
	assert_ptr_equal(transcript_driver(str_slice(&first)), driver_find(os));
	assert_null(strstr(first.p, "HUSH"));
	b = record(os, str_slice(&first), 2, &second);
	assert_same(a, b);
	snap_unref(a);
	snap_unref(b);
	str_fini(&first);
	str_fini(&second);
}

#define SUMMARY_HEAD "| BGP router identifier 192.0.2.254, local AS number 64500\n" \
	"| Neighbor        V           AS MsgRcvd MsgSent   TblVer  InQ OutQ Up/Down  State/PfxRcd\n"

static void test_round_trips(void **state)
{
	(void)state;
	round_trip("frr", "> env PATH=\"$PATH\":/usr/sbin:/sbin vtysh\n$ r1# \n@ echo\n> terminal length 0\n"
	    "> show version\n| FRRouting 8.4.4 (r1).\n> show bgp vrf all summary json\n"
	    "| {\"default\":{\"ipv4Unicast\":{\"routerId\":\"192.0.2.254\",\"as\":64500,\"vrfName\":\"default\",\"peers\":{"
	    "\"192.0.2.1\":{\"remoteAs\":64501,\"state\":\"Established\",\"peerState\":\"OK\",\"pfxRcd\":7,\"pfxSnt\":1}}}}}\n"
	    "> show bgp vrf all neighbors json\n| {\"default\":{}}\n"
	    "> show running-config bgpd | include ^router bgp|shutdown\n| router bgp 64500\n|  neighbor 192.0.2.1 password HUSH\n",
	    1, 1);
	round_trip("iosxr", "> shell\n$ RP/0/RP0/CPU0:xr1#\n@ echo\n> terminal length 0\n> terminal width 511\n"
	    "> terminal exec prompt no-timestamp\n> show version\n| Cisco IOS XR Software, Version 7.5.2\n"
	    "> show bgp all all summary\n| Address Family: IPv4 Unicast\n| ----------------------------\n"
	    SUMMARY_HEAD "| 192.0.2.1       4        64501    1000    1000      100    0    0    2d03h        7\n"
	    "| 192.0.2.2       4        6450X    1000    1000      100    0    0    2d03h      what\n"
	    "> show bgp neighbors\n|\n> show bgp vrf all neighbors\n|\n", 2, 1);
	round_trip("gobgp", "> env PATH=\"$PATH\":/usr/sbin:/sbin gobgp --version\n| gobgp version 3.10.0\n"
	    "> env PATH=\"$PATH\":/usr/sbin:/sbin gobgp -j neighbor\n| [{\"conf\":{\"neighbor_address\":\"192.0.2.1\",\"peer_asn\":64501,"
	    "\"auth_password\":\"HUSH\"},\"state\":{\"session_state\":6,\"neighbor_address\":\"192.0.2.1\",\"peer_asn\":64501},"
	    "\"afi_safis\":[{\"config\":{\"family\":{\"afi\":1,\"safi\":1},\"enabled\":true},\"state\":{\"received\":3,\"accepted\":3}}]}]\n"
	    "> env PATH=\"$PATH\":/usr/sbin:/sbin gobgp neighbor\n| Peer       AS Up/Down State       |#Received  Accepted\n"
	    "| 192.0.2.1 64501 00:10:00 Establ      |        3         3\n", 1, 1);
}

static void test_a_file_that_is_no_transcript(void **state)
{
	(void)state;
	assert_null(transcript_driver(slice_of("> show version\n| x\n")));
	assert_null(transcript_driver(slice_of("# peerdeck transcript: os nosuch, router r1\n")));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_secrets_go),
		cmocka_unit_test(test_the_rest_stays),
		cmocka_unit_test(test_round_trips),
		cmocka_unit_test(test_a_file_that_is_no_transcript),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
