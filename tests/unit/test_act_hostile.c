/* Names as nobody should choose them through whole plans of the routing daemons: FRR, BIRD, OpenBGPD, GoBGP. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "tests/unit/hostile.h"

static struct scripted_row up(const char *neighbor, const char *vrf, const char *handle, enum afi_safi family)
{
	return (struct scripted_row){ .neighbor = neighbor, .vrf = vrf, .handle = handle, .family = family, .asn = 64501,
		.group = "PEERS", .state = { BGP_ESTABLISHED }, .down = { TRI_NO }, .advertised = { 12 } };
}

static struct scripted frr(size_t round)
{
	struct scripted s = scripted_new("frr", round % 2 == 0 ? "8.4.4" : "10.6.1");

	s.answers[0].command = "show running-config bgpd";
	s.answers[0].text[0] =
	    "Building configuration...\n!\nip prefix-list AS64501-OUT seq 5 permit 203.0.113.0/24\n"
	    "ip prefix-list AS64501-OUT seq 10 permit 198.51.100.0/22 ge 24 le 24\n!\n"
	    "router bgp 64500\n neighbor PEERS peer-group\n neighbor 192.0.2.10 remote-as 64501\n"
	    " neighbor 192.0.2.10 description First\n neighbor 192.0.2.11 remote-as 64501\n"
	    " neighbor 192.0.2.11 peer-group PEERS\n neighbor 2001:db8::20 remote-as 64501\n !\n"
	    " address-family ipv4 unicast\n  neighbor 192.0.2.10 prefix-list AS64501-OUT out\n"
	    "  neighbor 192.0.2.10 route-map OUT out\n exit-address-family\n !\n"
	    " address-family ipv6 unicast\n  neighbor 2001:db8::20 activate\n exit-address-family\nexit\n!\n"
	    "router bgp 64500 vrf CUST\n neighbor 198.51.100.9 remote-as 64501\nexit\n!\nroute-map OUT permit 10\nexit\nend\n";
	s.rows[0] = up("192.0.2.10", "", "", AF_IPV4_UNICAST);
	s.rows[1] = up("192.0.2.11", "", "", AF_IPV4_UNICAST);
	s.rows[2] = up("2001:db8::20", "", "", AF_IPV6_UNICAST);
	s.rows[3] = up("198.51.100.9", "CUST", "", AF_IPV4_UNICAST);
	return s;
}

static struct scripted bird(size_t round)
{
	struct scripted s = scripted_new("bird", round % 2 == 0 ? "2.0.12" : "3.0.1");

	s.conf.hook_file = "/etc/bird/peerdeck.conf";
	s.answers[0].command = "file:/etc/bird/peerdeck.conf";
	s.answers[0].text[0] = "define PD_as64501_v4 = 0;\ndefine PD_WD_as64501_v4 = [ 192.0.2.255/32 ];\n";
	s.answers[1].command = "show protocols";
	s.answers[1].text[0] = "Name       Proto      Table      State  Since         Info\n"
	    "as64501_v4 BGP        ---        up     03:00:00.000  Established\n";
	s.rows[0] = up("192.0.2.10", "", "as64501_v4", AF_IPV4_UNICAST);
	return s;
}

static struct scripted openbgpd(size_t round)
{
	struct scripted s = scripted_new("openbgpd", "7.7");

	(void)round;
	s.conf.hook_file = "/etc/bgpd/peerdeck.conf";
	s.answers[0].command = "file:/etc/bgpd/peerdeck.conf";
	s.answers[0].text[0] = "# kept by operators\ndeny quick to 192.0.2.99\n";
	s.rows[0] = up("192.0.2.10", "", "First", AF_IPV4_UNICAST);
	s.rows[1] = up("2001:db8::20", "", "First", AF_IPV6_UNICAST);
	return s;
}

static struct scripted gobgp(size_t round)
{
	struct scripted s = scripted_new("gobgp", round % 2 == 0 ? "3.10.0" : "4.6.0");

	s.rows[0] = up("192.0.2.10", "", "First", AF_IPV4_UNICAST);
	s.rows[1] = up("198.51.100.9", "CUST", "First", AF_IPV4_UNICAST);
	return s;
}

static void hostile_names_get_into_no_line(void **state)
{
	static const struct {
		struct scripted (*make)(size_t);
		const char *names[5];
		enum verb acts; /* that it plans at all with plain names: else nothing is tested */
	} of[] = {
		{ frr, { "AS64501-OUT", "PEERS", "CUST", "OUT", "First" }, VERB_WITHDRAW_PREFIXES },
		{ bird, { "as64501_v4", "PD_", "Established", "192.0.2.255/32", "PEERS" }, VERB_WITHDRAW_PREFIXES },
		{ openbgpd, { "First", "PEERS", "operators", "deny", "192.0.2.99" }, VERB_WITHDRAW_PREFIXES },
		{ gobgp, { "First", "PEERS", "CUST", "First", "CUST" }, VERB_SUSPEND },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(of); i++) {
		struct scripted s = of[i].make(0);

		assert_true(hostile_lines(&s, of[i].acts, "plain") > 0);
		scripted_free(&s);
		hostile_rounds(of[i].make, of[i].names, ARRAY_LEN(of[i].names), 300);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(hostile_names_get_into_no_line),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
