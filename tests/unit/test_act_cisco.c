/* What is sent to IOS, IOS XR, NX-OS, EOS and VyOS, for each verb; what is proven by reading; what is refused. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "backends/drivers/recipes.h"
#include "core/act/tmpl.h"
#include "tests/unit/hostile.h"
#include "tests/unit/scripted.h"

/* ---- what the routers have: .10 plain, ::20 with a filter of the operator's, .30 shut, .40 of a group, a VRF ---- */

#define IOS_BGP "show running-config | section router bgp"
static const char ios_bgp[] =
    "router bgp 64500\n"
    " bgp log-neighbor-changes\n"
    " template peer-session SHUT\n"
    "  shutdown\n"
    " exit-peer-session\n"
    " neighbor IX peer-group\n"
    " neighbor 192.0.2.10 remote-as 64501\n"
    " neighbor 192.0.2.10 password 7 north-pier\n"
    " neighbor 2001:DB8::20 remote-as 64502\n"
    " neighbor 192.0.2.30 remote-as 64503\n"
    " neighbor 192.0.2.30 shutdown\n"
    " neighbor 192.0.2.40 remote-as 64504\n"
    " neighbor 192.0.2.40 peer-group IX\n"
    " neighbor 192.0.2.41 inherit peer-session SHUT\n"
    " !\n"
    " address-family ipv4\n"
    "  neighbor IX prefix-list IX-OUT out\n"
    "  neighbor 192.0.2.10 activate\n"
    "  neighbor 192.0.2.10 route-map AS64501 out\n"
    "  neighbor 192.0.2.40 activate\n"
    " exit-address-family\n"
    " !\n"
    " address-family ipv6\n"
    "  neighbor 2001:DB8::20 activate\n"
    "  neighbor 2001:DB8::20 prefix-list AS64502-OUT out\n"
    " exit-address-family\n"
    " !\n"
    " address-family ipv4 vrf CUST\n"
    "  neighbor 198.51.100.9 remote-as 64509\n"
    "  neighbor 198.51.100.9 activate\n"
    " exit-address-family\n";
static const char lists[] = "ip prefix-list PEERDECK-DENY-ALL seq 5 deny 0.0.0.0/0 le 32\n"
                            "ipv6 prefix-list PEERDECK-DENY-ALL seq 5 deny ::/0 le 128\n"
                            "ipv6 prefix-list AS64502-OUT description to the peer\n"
                            "ipv6 prefix-list AS64502-OUT seq 5 permit 2001:db8:113::/48\n"
                            "ipv6 prefix-list AS64502-OUT seq 10 permit 2001:db8:100::/40 ge 41 le 48\n"
                            "ip prefix-list IX-OUT seq 5 permit 203.0.113.0/24 eq 24\n";
static const char maps[] = "route-map AS64501 permit 10\nroute-map AS64501-GSHUT permit 10\n set community 65535:0\n";

static const char nx_bgp[] =
    "\n!Command: show running-config bgp\n!Time: Fri Nov 20 03:12:45 2026\n\nversion 9.3(12)\nfeature bgp\n\n"
    "router bgp 64500\n"
    "  router-id 192.0.2.254\n"
    "  address-family ipv4 unicast\n"
    "  template peer IX\n"
    "    address-family ipv4 unicast\n"
    "      prefix-list IX-OUT out\n"
    "  template peer SHUT\n"
    "    shutdown\n"
    "  neighbor 192.0.2.10\n"
    "    remote-as 64501\n"
    "    address-family ipv4 unicast\n"
    "      route-map AS64501 out\n"
    "  neighbor 2001:db8::20 remote-as 64502\n"
    "    address-family ipv6 unicast\n"
    "      prefix-list AS64502-OUT out\n"
    "  neighbor 192.0.2.30\n"
    "    remote-as 64503\n"
    "    shutdown\n"
    "  neighbor 192.0.2.40\n"
    "    inherit peer IX\n"
    "    remote-as 64504\n"
    "  neighbor 192.0.2.41\n"
    "    inherit peer SHUT\n"
    "  vrf CUST\n"
    "    neighbor 198.51.100.9\n"
    "      remote-as 64509\n"
    "      address-family ipv4 unicast\n";

static const char xr_bgp[] =
    "router bgp 64500\n"
    " bgp router-id 192.0.2.254\n"
    " address-family ipv4 unicast\n"
    " !\n"
    " neighbor-group IX\n"
    "  address-family ipv4 unicast\n"
    "   route-policy IX-OUT out\n"
    "  !\n"
    " !\n"
    " neighbor-group SHUT\n"
    "  shutdown\n"
    " !\n"
    " neighbor 192.0.2.10\n"
    "  remote-as 64501\n"
    "  address-family ipv4 unicast\n"
    "   route-policy EDGE-IN in\n"
    "   route-policy AS64501-OUT out\n"
    "   send-community-gshut-ebgp\n"
    "  !\n"
    " !\n"
    " neighbor 2001:db8::20\n"
    "  remote-as 64502\n"
    "  address-family ipv6 unicast\n"
    "   route-policy AS64502-OUT out\n"
    "  !\n"
    " !\n"
    " neighbor 192.0.2.30\n"
    "  remote-as 64503\n"
    "  shutdown\n"
    " !\n"
    " neighbor 192.0.2.40\n"
    "  use neighbor-group IX\n"
    "  remote-as 64504\n"
    " !\n"
    " neighbor 192.0.2.41\n"
    "  use neighbor-group SHUT\n"
    " !\n"
    " vrf CUST\n"
    "  neighbor 198.51.100.9\n"
    "   remote-as 64509\n"
    "   address-family ipv4 unicast\n"
    "   !\n"
    "  !\n"
    " !\n"
    "!\n";
static const char xr_policy[] = "route-policy PEERDECK-DROP\n  drop\nend-policy\n!\n";

static const char eos_bgp[] =
    "router bgp 64500\n"
    "   router-id 192.0.2.254\n"
    "   neighbor IX peer group\n"
    "   neighbor IX prefix-list IX-OUT out\n"
    "   neighbor 192.0.2.10 remote-as 64501\n"
    "   neighbor 192.0.2.10 route-map AS64501 out\n"
    "   neighbor 2001:db8::20 remote-as 64502\n"
    "   neighbor 192.0.2.30 remote-as 64503\n"
    "   neighbor 192.0.2.30 shutdown\n"
    "   neighbor 192.0.2.40 peer group IX\n"
    "   neighbor 192.0.2.41 peer group SHUT\n"
    "   neighbor SHUT shutdown\n"
    "   !\n"
    "   address-family ipv4\n"
    "      neighbor 192.0.2.10 activate\n"
    "   !\n"
    "   address-family ipv6\n"
    "      neighbor 2001:db8::20 activate\n"
    "      neighbor 2001:db8::20 prefix-list AS64502-OUT out\n"
    "   !\n"
    "   vrf CUST\n"
    "      neighbor 198.51.100.9 remote-as 64509\n"
    "!\n";
static const char eos_lists[] = "ip prefix-list PEERDECK-DENY-ALL\n   seq 5 deny 0.0.0.0/0 le 32\n!\n"
                                "ipv6 prefix-list PEERDECK-DENY-ALL\n   seq 5 deny ::/0 le 128\n!\n"
                                "ipv6 prefix-list AS64502-OUT\n   seq 5 permit 2001:db8:113::/48\n"
                                "   seq 10 permit 2001:db8:100::/40 le 48\n!\n"
                                "ip prefix-list IX-OUT\n   seq 5 permit 203.0.113.0/24\n!\n";
static const char eos_sessions[] =
    "Maximum number of completed sessions: 1\nMaximum number of pending sessions: 5\n\n"
    "  Name            State         User       Terminal\n"
    "  --------------- ------------- ---------- --------\n"
    "  peerdeck-7      completed\n"
    "  colleague       pending       ann        vty3\n";

static const char vyos_conf[] =
    "set policy prefix-list IX-OUT rule 10 action 'permit'\n"
    "set policy prefix-list IX-OUT rule 10 prefix '203.0.113.0/24'\n"
    "set policy prefix-list6 AS64502-OUT rule 10 action 'permit'\n"
    "set policy prefix-list6 AS64502-OUT rule 10 description 'ours and theirs'\n"
    "set policy prefix-list6 AS64502-OUT rule 10 ge '41'\n"
    "set policy prefix-list6 AS64502-OUT rule 10 le '48'\n"
    "set policy prefix-list6 AS64502-OUT rule 10 prefix '2001:db8::/32'\n"
    "set policy route-map AS64501 rule 10 action 'permit'\n"
    "set policy route-map AS64501-GSHUT rule 10 action 'permit'\n"
    "set protocols bgp neighbor 192.0.2.10 address-family ipv4-unicast route-map export 'AS64501'\n"
    "set protocols bgp neighbor 192.0.2.10 password 'north-pier'\n"
    "set protocols bgp neighbor 192.0.2.10 remote-as '64501'\n"
    "set protocols bgp neighbor 192.0.2.30 shutdown\n"
    "set protocols bgp neighbor 192.0.2.40 peer-group 'IX'\n"
    "set protocols bgp neighbor 192.0.2.41 peer-group 'SHUT'\n"
    "set protocols bgp neighbor 2001:db8::20 address-family ipv6-unicast prefix-list export 'AS64502-OUT'\n"
    "set protocols bgp peer-group IX address-family ipv4-unicast prefix-list export 'IX-OUT'\n"
    "set protocols bgp peer-group SHUT shutdown\n"
    "set protocols bgp system-as '64500'\n"
    "set vrf name CUST protocols bgp neighbor 198.51.100.9 remote-as '64509'\n";

static struct scripted router(const char *os)
{
	static const struct {
		const char *os, *command, *text;
	} answers[] = {
	    { "ios", IOS_BGP, ios_bgp },
	    { "ios", "show running-config | section prefix-list", lists },
	    { "ios", "show running-config | section route-map", maps },
	    { "nxos", "show running-config bgp", nx_bgp },
	    { "nxos", "show running-config rpm", lists },
	    { "iosxr", "show running-config router bgp 64500", xr_bgp },
	    { "iosxr", "show running-config route-policy PEERDECK-DROP", xr_policy },
	    { "iosxr", "show running-config | include ^route-policy", "route-policy EDGE-IN\nroute-policy AS64501-OUT\n" },
	    { "eos", "show running-config section router bgp", eos_bgp },
	    { "eos", "show running-config section prefix-list", eos_lists },
	    { "eos", "show running-config section route-map", maps },
	    { "eos", "show configuration sessions", eos_sessions },
	    { "vyos", "show configuration commands", vyos_conf },
	};
	struct scripted s = scripted_new(os, NULL);
	size_t n = 0;

	for (size_t i = 0; i < ARRAY_LEN(answers); i++) {
		if (strcmp(answers[i].os, os) != 0)
			continue;
		s.answers[n].command = answers[i].command;
		s.answers[n++].text[0] = answers[i].text;
	}
	s.rows[0] = (struct scripted_row){ .neighbor = "192.0.2.10", .asn = 64501,
		.state = { BGP_ESTABLISHED, BGP_ESTABLISHED }, .down = { TRI_NO, TRI_NO }, .advertised = { 12, 12 } };
	return s;
}

static const char *const all_os[] = { "ios", "nxos", "iosxr", "eos", "vyos" };

static void furnish(struct scripted *s)
{
	s->rows[1] = (struct scripted_row){ .neighbor = "2001:db8::20", .asn = 64502, .family = AF_IPV6_UNICAST,
		.state = { BGP_ESTABLISHED }, .down = { TRI_NO }, .advertised = { 4 } };
	s->rows[2] = (struct scripted_row){ .neighbor = "192.0.2.30", .asn = 64503, .state = { BGP_IDLE }, .down = { TRI_YES } };
	s->rows[3] = (struct scripted_row){ .neighbor = "192.0.2.40", .asn = 64504, .state = { BGP_ESTABLISHED },
		.down = { TRI_NO }, .advertised = { 9 } };
	s->rows[4] = (struct scripted_row){ .neighbor = "192.0.2.41", .asn = 64505, .state = { BGP_IDLE }, .down = { TRI_YES } };
	s->rows[5] = (struct scripted_row){ .neighbor = "198.51.100.9", .vrf = "CUST", .asn = 64509,
		.family = strcmp(s->conf.os, "ios") == 0 ? AF_VPNV4_UNICAST : AF_IPV4_UNICAST, .state = { BGP_ESTABLISHED },
		.down = { TRI_NO }, .advertised = { 2 } };
	s->rows[6] = (struct scripted_row){ .neighbor = "203.0.113.7", .asn = 64510, .state = { BGP_ESTABLISHED },
		.down = { TRI_NO } };
}

static void never(const struct step *steps, size_t n)
{
	static const char *const blocked[] = { "commit replace", "commit force", "commit best-effort", "commit-confirm",
		"rollback", "clear bgp *", " all", "no router", "write", "copy", "erase", "isolate", "reload", "default ", "*" };

	for (size_t i = 0; i < n; i++) {
		struct err why = ERR_INIT;

		if (tmpl_gate(&steps[i], &why) < 0)
			fail_msg("%s", why.text);
		for (size_t k = 0; k < ARRAY_LEN(blocked); k++)
			if (strstr(steps[i].line, blocked[k]) != NULL && strstr(steps[i].line, "reason") == NULL)
				fail_msg("\"%s\" holds \"%s\"", steps[i].line, blocked[k]);
	}
}

/* Whatever list a line stands in, it passes the last gate and holds nothing that must never be sent. */
static void no_list_holds_what_is_never_sent(void **state)
{
	(void)state;
	for (size_t o = 0; o < ARRAY_LEN(all_os); o++)
		for (int v = 0; v < VERB_COUNT; v++) {
			struct scripted s = router(all_os[o]);
			struct plan *p;

			furnish(&s);
			p = scripted_plan(&s, (enum verb)v, NULL, true, NULL);
			for (size_t i = 0; i < p->count; i++) {
				never(p->items[i].apply, p->items[i].apply_count);
				never(p->items[i].confirm, p->items[i].confirm_count);
				never(p->items[i].undo, p->items[i].undo_count);
			}
			plan_unref(p);
			scripted_free(&s);
		}
}

static struct scripted any_router(size_t round)
{
	struct scripted s = router(all_os[round % ARRAY_LEN(all_os)]);

	furnish(&s);
	return s;
}

static void hostile_names_get_into_no_line(void **state)
{
	static const char *const names[] = { "AS64501-OUT", "AS64501", "AS64502-OUT", "CUST", "IX-OUT", "IX" };
	unsigned seed = 1;
	char hostile[HOSTILE_LEN];

	(void)state;
	for (size_t round = 0; round < 400; round++) {
		hostile_name(&seed, hostile);
		hostile_round(any_router(round), names[round / ARRAY_LEN(all_os) % ARRAY_LEN(names)], hostile);
	}
}

static void exact_lines(void **state)
{
	(void)state;
	for (size_t o = 0; o < ARRAY_LEN(all_os); o++) {
		struct scripted s = router(all_os[o]);

		furnish(&s);
		for (int v = 0; v < VERB_COUNT; v++)
			if (v != VERB_RESTORE) /* needs something held: see there_and_back */
				scripted_golden(&s, all_os[o], (enum verb)v);
		scripted_free(&s);
	}
}

/* ---- there and back ---- */

/* `text` with the first `old` in it replaced, in `out`. */
static void replaced(char *out, size_t size, const char *text, const char *old, const char *now)
{
	const char *at = strstr(text, old);

	assert_non_null(at);
	snprintf(out, size, "%.*s%s%s", (int)(at - text), text, now, at + strlen(old));
}

struct trip {
	const char *os;
	enum verb verb, back;
	const char *old, *now; /* in the configuration of BGP */
	const char *turn;      /* the line that makes it so */
	const char *out[16], *home[16];
};

static const struct trip trips[] = {
    { "ios", VERB_SUSPEND, VERB_RESUME, " neighbor 192.0.2.10 remote-as 64501\n",
        " neighbor 192.0.2.10 remote-as 64501\n neighbor 192.0.2.10 shutdown\n", "end",
        { "configure terminal", "router bgp 64500", "neighbor 192.0.2.10 shutdown", "end" },
        { "configure terminal", "router bgp 64500", "no neighbor 192.0.2.10 shutdown", "end" } },
    { "ios", VERB_WITHDRAW, VERB_RESTORE, "  neighbor 192.0.2.10 activate\n",
        "  neighbor 192.0.2.10 activate\n  neighbor 192.0.2.10 prefix-list PEERDECK-DENY-ALL out\n", "clear",
        { "configure terminal", "router bgp 64500", "address-family ipv4",
            "neighbor 192.0.2.10 prefix-list PEERDECK-DENY-ALL out", "end",
            "clear bgp ipv4 unicast 192.0.2.10 soft out" },
        { "configure terminal", "router bgp 64500", "address-family ipv4",
            "no neighbor 192.0.2.10 prefix-list PEERDECK-DENY-ALL out", "end",
            "clear bgp ipv4 unicast 192.0.2.10 soft out" } },
    { "ios", VERB_WITHDRAW_PREFIXES, VERB_RESTORE, "  neighbor 192.0.2.10 activate\n",
        "  neighbor 192.0.2.10 activate\n  neighbor 192.0.2.10 prefix-list PEERDECK-WD-192.0.2.10 out\n", "clear",
        { "configure terminal", "ip prefix-list PEERDECK-WD-192.0.2.10 seq 5 deny 203.0.113.0/24",
            "ip prefix-list PEERDECK-WD-192.0.2.10 seq 10 permit 0.0.0.0/0 le 32", "router bgp 64500",
            "address-family ipv4", "neighbor 192.0.2.10 prefix-list PEERDECK-WD-192.0.2.10 out", "end",
            "clear bgp ipv4 unicast 192.0.2.10 soft out" },
        { "configure terminal", "router bgp 64500", "address-family ipv4",
            "no neighbor 192.0.2.10 prefix-list PEERDECK-WD-192.0.2.10 out",
            "no ip prefix-list PEERDECK-WD-192.0.2.10", "end", "clear bgp ipv4 unicast 192.0.2.10 soft out" } },
    { "iosxr", VERB_WITHDRAW_PREFIXES, VERB_RESTORE, "route-policy AS64501-OUT out",
        "route-policy PEERDECK-WD-192.0.2.10 out", "commit confirmed",
        { "configure exclusive", "route-policy PEERDECK-WD-192.0.2.10", "if destination in (203.0.113.0/24) then", "drop",
            "endif", "apply AS64501-OUT", "end-policy", "router bgp 64500", "neighbor 192.0.2.10",
            "address-family ipv4 unicast", "route-policy PEERDECK-WD-192.0.2.10 out", "commit confirmed 120", "commit",
            "end" },
        { "configure exclusive", "router bgp 64500", "neighbor 192.0.2.10", "address-family ipv4 unicast",
            "route-policy AS64501-OUT out", "root", "no route-policy PEERDECK-WD-192.0.2.10", "commit confirmed 120",
            "commit", "end" } },
    { "eos", VERB_WITHDRAW_PREFIXES, VERB_RESTORE, "      neighbor 192.0.2.10 activate\n",
        "      neighbor 192.0.2.10 activate\n      neighbor 192.0.2.10 prefix-list PEERDECK-WD-192.0.2.10 out\n",
        "commit timer",
        { "configure session peerdeck-8", "ip prefix-list PEERDECK-WD-192.0.2.10 seq 5 deny 203.0.113.0/24",
            "ip prefix-list PEERDECK-WD-192.0.2.10 seq 10 permit 0.0.0.0/0 le 32", "router bgp 64500",
            "address-family ipv4", "neighbor 192.0.2.10 prefix-list PEERDECK-WD-192.0.2.10 out",
            "commit timer 00:02:00", "configure session peerdeck-8 commit" },
        { "configure session peerdeck-8", "router bgp 64500", "address-family ipv4",
            "no neighbor 192.0.2.10 prefix-list PEERDECK-WD-192.0.2.10 out",
            "no ip prefix-list PEERDECK-WD-192.0.2.10", "commit timer 00:02:00", "configure session peerdeck-8 commit" } },
    { "vyos", VERB_WITHDRAW_PREFIXES, VERB_RESTORE, "set protocols bgp neighbor 192.0.2.10 password 'north-pier'\n",
        "set protocols bgp neighbor 192.0.2.10 address-family ipv4-unicast prefix-list export 'PEERDECK-WD-192.0.2.10'\n",
        "commit",
        { "configure", "set policy prefix-list PEERDECK-WD-192.0.2.10 rule 10 action deny",
            "set policy prefix-list PEERDECK-WD-192.0.2.10 rule 10 prefix 203.0.113.0/24",
            "set policy prefix-list PEERDECK-WD-192.0.2.10 rule 20 action permit",
            "set policy prefix-list PEERDECK-WD-192.0.2.10 rule 20 prefix 0.0.0.0/0",
            "set policy prefix-list PEERDECK-WD-192.0.2.10 rule 20 le 32",
            "set protocols bgp neighbor 192.0.2.10 address-family ipv4-unicast prefix-list export PEERDECK-WD-192.0.2.10",
            "commit", "exit" },
        { "configure", "delete protocols bgp neighbor 192.0.2.10 address-family ipv4-unicast prefix-list export",
            "delete policy prefix-list PEERDECK-WD-192.0.2.10", "commit", "exit" } },
    { "nxos", VERB_WITHDRAW, VERB_RESTORE, "      route-map AS64501 out\n",
        "      route-map AS64501 out\n      prefix-list PEERDECK-DENY-ALL out\n", "clear",
        { "configure terminal", "router bgp 64500", "neighbor 192.0.2.10", "address-family ipv4 unicast",
            "prefix-list PEERDECK-DENY-ALL out", "end", "clear bgp ipv4 unicast 192.0.2.10 soft out" },
        { "configure terminal", "router bgp 64500", "neighbor 192.0.2.10", "address-family ipv4 unicast",
            "no prefix-list PEERDECK-DENY-ALL out", "end", "clear bgp ipv4 unicast 192.0.2.10 soft out" } },
    { "nxos", VERB_GSHUT, VERB_RESTORE, "    remote-as 64501\n", "    remote-as 64501\n    graceful-shutdown activate\n",
        "end", { "configure terminal", "router bgp 64500", "neighbor 192.0.2.10", "graceful-shutdown activate", "end" },
        { "configure terminal", "router bgp 64500", "neighbor 192.0.2.10", "no graceful-shutdown activate", "end" } },
    { "iosxr", VERB_SUSPEND, VERB_RESUME, "  remote-as 64501\n", "  remote-as 64501\n  shutdown\n", "commit confirmed",
        { "configure exclusive", "router bgp 64500", "neighbor 192.0.2.10", "shutdown", "commit confirmed 120",
            "commit", "end" },
        { "configure exclusive", "router bgp 64500", "neighbor 192.0.2.10", "no shutdown", "commit confirmed 120",
            "commit", "end" } },
    { "iosxr", VERB_WITHDRAW, VERB_RESTORE, "route-policy AS64501-OUT out", "route-policy PEERDECK-DROP out",
        "commit confirmed",
        { "configure exclusive", "route-policy PEERDECK-DROP", "drop", "end-policy", "router bgp 64500",
            "neighbor 192.0.2.10", "address-family ipv4 unicast", "route-policy PEERDECK-DROP out",
            "commit confirmed 120", "commit", "end" },
        { "configure exclusive", "router bgp 64500", "neighbor 192.0.2.10", "address-family ipv4 unicast",
            "route-policy AS64501-OUT out", "commit confirmed 120", "commit", "end" } },
    { "iosxr", VERB_GSHUT, VERB_RESTORE, "  remote-as 64501\n", "  remote-as 64501\n  graceful-maintenance\n   activate\n",
        "commit confirmed",
        { "configure exclusive", "router bgp 64500", "neighbor 192.0.2.10", "graceful-maintenance activate",
            "commit confirmed 120", "commit", "end" },
        { "configure exclusive", "router bgp 64500", "neighbor 192.0.2.10", "no graceful-maintenance activate",
            "commit confirmed 120", "commit", "end" } },
    { "eos", VERB_SUSPEND, VERB_RESUME, "   neighbor 192.0.2.10 remote-as 64501\n",
        "   neighbor 192.0.2.10 remote-as 64501\n   neighbor 192.0.2.10 shutdown\n", "commit timer",
        { "configure session peerdeck-8", "router bgp 64500", "neighbor 192.0.2.10 shutdown", "commit timer 00:02:00",
            "configure session peerdeck-8 commit" },
        { "configure session peerdeck-8", "router bgp 64500", "no neighbor 192.0.2.10 shutdown",
            "commit timer 00:02:00", "configure session peerdeck-8 commit" } },
    { "eos", VERB_GSHUT, VERB_RESTORE, "   neighbor 192.0.2.10 route-map AS64501 out\n",
        "   neighbor 192.0.2.10 route-map AS64501-GSHUT out\n", "commit timer",
        { "configure session peerdeck-8", "router bgp 64500", "neighbor 192.0.2.10 route-map AS64501-GSHUT out",
            "commit timer 00:02:00", "configure session peerdeck-8 commit" },
        { "configure session peerdeck-8", "router bgp 64500", "neighbor 192.0.2.10 route-map AS64501 out",
            "commit timer 00:02:00", "configure session peerdeck-8 commit" } },
    { "vyos", VERB_SUSPEND, VERB_RESUME, "set protocols bgp neighbor 192.0.2.10 password 'north-pier'\n",
        "set protocols bgp neighbor 192.0.2.10 shutdown\n", "commit",
        { "configure", "set protocols bgp neighbor 192.0.2.10 shutdown", "commit", "exit" },
        { "configure", "delete protocols bgp neighbor 192.0.2.10 shutdown", "commit", "exit" } },
    { "vyos", VERB_WITHDRAW, VERB_RESTORE, "set protocols bgp neighbor 192.0.2.10 password 'north-pier'\n",
        "set protocols bgp neighbor 192.0.2.10 address-family ipv4-unicast prefix-list export 'PEERDECK-DENY-ALL'\n",
        "commit",
        { "configure", "set policy prefix-list PEERDECK-DENY-ALL rule 10 action deny",
            "set policy prefix-list PEERDECK-DENY-ALL rule 10 le 32",
            "set policy prefix-list PEERDECK-DENY-ALL rule 10 prefix 0.0.0.0/0",
            "set protocols bgp neighbor 192.0.2.10 address-family ipv4-unicast prefix-list export PEERDECK-DENY-ALL",
            "commit", "exit" },
        { "configure", "delete protocols bgp neighbor 192.0.2.10 address-family ipv4-unicast prefix-list export", "commit",
            "exit" } },
    { "vyos", VERB_GSHUT, VERB_RESTORE, "route-map export 'AS64501'\n", "route-map export 'AS64501-GSHUT'\n", "commit",
        { "configure",
            "set protocols bgp neighbor 192.0.2.10 address-family ipv4-unicast route-map export AS64501-GSHUT", "commit",
            "exit" },
        { "configure", "set protocols bgp neighbor 192.0.2.10 address-family ipv4-unicast route-map export AS64501",
            "commit", "exit" } },
};

static size_t count(const char *const *lines)
{
	size_t n = 0;

	while (n < 16 && lines[n] != NULL)
		n++;
	return n;
}

static void travel(struct scripted *s, struct scripted_house *h, const struct trip *t, enum verb verb)
{
	enum run_state end = scripted_act(s, h, verb);

	if (end != RUN_DONE)
		fail_msg("%s %s: %s, after \"%s\"", t->os, verb_info(verb)->name, run_state_word(end),
		    s->sent_count > 0 ? s->sent[s->sent_count - 1] : "");
}

static void there_and_back(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(trips); i++) {
		const struct trip *t = &trips[i];
		struct scripted s = router(t->os);
		struct scripted_house h;
		char after[4096];

		replaced(after, sizeof(after), s.answers[0].text[0], t->old, t->now);
		s.answers[0].text[1] = after;
		if (t->verb == VERB_SUSPEND) {
			s.rows[0].state[1] = BGP_IDLE;
			s.rows[0].down[1] = TRI_YES;
		}
		if (t->verb == VERB_WITHDRAW)
			s.rows[0].advertised[1] = 0;
		scripted_open(&h);
		s.turns = t->turn;
		travel(&s, &h, t, t->verb);
		scripted_sent(&s, t->out, count(t->out));
		assert_int_equal(ledger_count(h.ledger), 1);
		s.turns = NULL;
		s.back = t->turn;
		travel(&s, &h, t, t->back);
		scripted_sent(&s, t->home, count(t->home));
		assert_int_equal(ledger_count(h.ledger), 0);
		scripted_free(&s);
		scripted_close(&h);
	}
}

/* ---- what does not go well ---- */

static void a_refused_candidate_is_thrown_away(void **state)
{
	static const char *const xr[] = { "configure exclusive", "router bgp 64500", "neighbor 192.0.2.10", "shutdown",
		"commit confirmed 120", "abort" };
	static const char *const eos[] = { "configure session peerdeck-8", "router bgp 64500",
		"neighbor 192.0.2.10 shutdown", "abort" };
	static const char *const ios[] = { "configure terminal", "router bgp 64500", "neighbor 192.0.2.10 shutdown", "end" };
	static const char *const vyos[] = { "configure", "set protocols bgp neighbor 192.0.2.10 shutdown", "commit",
		"exit discard" };
	const struct {
		const char *os, *refuses, *const *lines;
		size_t n;
	} cases[] = { { "iosxr", "commit confirmed", xr, ARRAY_LEN(xr) }, { "eos", "neighbor 192.0.2.10", eos, ARRAY_LEN(eos) },
		{ "ios", "neighbor 192.0.2.10", ios, ARRAY_LEN(ios) }, { "vyos", "commit", vyos, ARRAY_LEN(vyos) } };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct scripted s = router(cases[i].os);
		struct scripted_house h;

		scripted_open(&h);
		s.refuses = cases[i].refuses;
		assert_int_equal(scripted_act(&s, &h, VERB_SUSPEND), RUN_FAILED);
		scripted_sent(&s, cases[i].lines, cases[i].n);
		assert_int_equal(ledger_count(h.ledger), 0);
		scripted_free(&s);
		scripted_close(&h);
	}
}

static void what_is_not_proven_is_taken_back(void **state)
{
	static const char *const xr[] = { "configure exclusive", "router bgp 64500", "neighbor 192.0.2.10", "shutdown",
		"commit confirmed 120", "root", "router bgp 64500", "neighbor 192.0.2.10", "no shutdown", "commit", "end" };
	static const char *const eos[] = { "configure session peerdeck-8", "router bgp 64500",
		"neighbor 192.0.2.10 shutdown", "commit timer 00:02:00", "configure session peerdeck-8 abort" };
	struct scripted s = router("iosxr");
	struct scripted_house h;

	(void)state;
	scripted_open(&h);
	assert_int_equal(scripted_act(&s, &h, VERB_SUSPEND), RUN_FAILED); /* it never leaves Established */
	scripted_sent(&s, xr, ARRAY_LEN(xr));
	scripted_free(&s);
	s = router("eos");
	assert_int_equal(scripted_act(&s, &h, VERB_SUSPEND), RUN_FAILED);
	scripted_sent(&s, eos, ARRAY_LEN(eos));
	assert_int_equal(ledger_count(h.ledger), 0);
	scripted_free(&s);
	s = router("ios"); /* immediate: what was sent and accepted stays, and is said to be unproven */
	assert_int_equal(scripted_act(&s, &h, VERB_SUSPEND), RUN_UNVERIFIED);
	scripted_free(&s);
	scripted_close(&h);
}

/* The configuration says withdrawn, the counters say nothing is sent, but the slot holds another list: not proven. */
static void the_slot_is_read_back(void **state)
{
	struct scripted s = router("ios");
	struct scripted_house h;
	char after[4096];

	(void)state;
	replaced(after, sizeof(after), ios_bgp, "  neighbor 192.0.2.10 activate\n",
	    "  neighbor 192.0.2.10 activate\n  neighbor 192.0.2.10 prefix-list SOMEBODY-ELSE out\n");
	s.answers[0].text[1] = after;
	s.rows[0].advertised[1] = 0;
	s.turns = "clear";
	scripted_open(&h);
	assert_int_equal(scripted_act(&s, &h, VERB_WITHDRAW), RUN_UNVERIFIED);
	scripted_free(&s);
	scripted_close(&h);
}

static void refuses(const char *os, enum verb verb, size_t answer, const char *old, const char *now, const char *why)
{
	struct scripted s = router(os);
	char text[4096];

	if (old != NULL)
		replaced(text, sizeof(text), s.answers[answer].text[0], old, now);
	else
		snprintf(text, sizeof(text), "%s", now);
	s.answers[answer].text[0] = text;
	scripted_refuses(&s, verb, why);
	scripted_free(&s);
}

static void refuses_what_it_cannot_do_exactly(void **state)
{
	(void)state;
	refuses("ios", VERB_SUSPEND, 0, NULL, "", "does not name this neighbor");
	refuses("ios", VERB_WITHDRAW, 0, "  neighbor 192.0.2.10 activate\n",
	    "  neighbor 192.0.2.10 activate\n  neighbor 192.0.2.10 distribute-list 7 out\n", "distribute-list");
	refuses("ios", VERB_WITHDRAW, 0, "  neighbor 192.0.2.10 activate\n",
	    "  neighbor 192.0.2.10 prefix-list PEERDECK-DENY-ALL out\n", "already withdrawn");
	refuses("ios", VERB_WITHDRAW, 0, " neighbor 192.0.2.10 remote-as 64501\n",
	    " neighbor 192.0.2.10 remote-as 64501\n neighbor 192.0.2.10 peer-group IX\n", "inherits prefix-list IX-OUT");
	refuses("ios", VERB_WITHDRAW, 1, "deny 0.0.0.0/0 le 32", "permit 0.0.0.0/0 le 32", "does not deny everything");
	refuses("ios", VERB_WITHDRAW, 1, "deny 0.0.0.0/0 le 32", "deny 10.0.0.0/8", "does not deny everything");
	refuses("ios", VERB_GSHUT, 2, "AS64501-GSHUT", "AS64501-OTHER", "not provisioned");
	refuses("iosxr", VERB_WITHDRAW, 0, "   route-policy AS64501-OUT out\n", "", "nothing is announced there");
	refuses("iosxr", VERB_WITHDRAW, 0, "AS64501-OUT out", "OUT(64501) out", "does not send back");
	refuses("iosxr", VERB_WITHDRAW, 1, "drop", "pass", "does more than `drop`");
	refuses("iosxr", VERB_GSHUT, 0, "   send-community-gshut-ebgp\n", "", "send-community-gshut-ebgp");
	refuses("eos", VERB_SUSPEND, 3, "colleague       pending ", "colleague       pendingCommitTimer ", "commit timer is running");
	refuses("eos", VERB_SUSPEND, 3, "peerdeck-7      completed", "peerdeck-7      pending",
	    "configure session peerdeck-7 abort");
	refuses("vyos", VERB_WITHDRAW, 0, "set policy route-map AS64501 rule",
	    "set policy prefix-list PEERDECK-DENY-ALL rule 20 action 'permit'\nset policy route-map AS64501 rule",
	    "more than a rule 10");
	refuses("vyos", VERB_WITHDRAW, 0, "route-map export 'AS64501'", "distribute-list export '7'", "distribute-list");
	refuses("vyos", VERB_GSHUT, 0, "AS64501-GSHUT rule", "AS64501-OTHER rule", "not provisioned");
	refuses("nxos", VERB_GSHUT, 0, "    remote-as 64501\n", "    graceful-shutdown activate\n", "already active");
}

/* A list that is not there is prepared, not sent. */
static void a_missing_list_is_left_to_a_person(void **state)
{
	static const char *const os[] = { "ios", "nxos", "eos" };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(os); i++) {
		struct scripted s = router(os[i]);
		struct plan *p;

		s.answers[1].text[0] = "";
		p = scripted_plan(&s, VERB_WITHDRAW, NULL, false, NULL);
		assert_null(p->items[0].skip);
		assert_non_null(p->items[0].prepare_only);
		assert_string_equal(p->items[0].apply[1].line,
		    "ip prefix-list PEERDECK-DENY-ALL seq 5 deny 0.0.0.0/0 le 32");
		plan_unref(p);
		scripted_free(&s);
	}
}

static void vyos_1_3_has_the_number_in_its_paths(void **state)
{
	struct scripted s = router("vyos");
	struct plan *p;

	(void)state;
	s.answers[0].text[0] = "set protocols bgp 64500 neighbor 192.0.2.10 remote-as '64501'\n";
	p = scripted_plan(&s, VERB_SUSPEND, NULL, false, NULL);
	assert_null(p->items[0].skip);
	assert_string_equal(p->items[0].apply[1].line, "set protocols bgp 64500 neighbor 192.0.2.10 shutdown");
	assert_string_equal(p->items[0].undo[1].line, "delete protocols bgp 64500 neighbor 192.0.2.10 shutdown");
	plan_unref(p);
	scripted_free(&s);
}

/* In one job, each session has a configuration session of its own. */
static void names_of_sessions_count_up(void **state)
{
	struct scripted s = router("eos");
	struct plan *p;

	(void)state;
	furnish(&s);
	p = scripted_plan(&s, VERB_SUSPEND, NULL, true, NULL);
	assert_string_equal(p->items[0].apply[0].line, "configure session peerdeck-8");
	assert_string_equal(p->items[1].apply[0].line, "configure session peerdeck-9");
	plan_unref(p);
	scripted_free(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(exact_lines),
	    cmocka_unit_test(no_list_holds_what_is_never_sent),
	    cmocka_unit_test(hostile_names_get_into_no_line),
	    cmocka_unit_test(there_and_back),
	    cmocka_unit_test(a_refused_candidate_is_thrown_away),
	    cmocka_unit_test(what_is_not_proven_is_taken_back),
	    cmocka_unit_test(the_slot_is_read_back),
	    cmocka_unit_test(refuses_what_it_cannot_do_exactly),
	    cmocka_unit_test(a_missing_list_is_left_to_a_person),
	    cmocka_unit_test(names_of_sessions_count_up),
	    cmocka_unit_test(vyos_1_3_has_the_number_in_its_paths),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
