/* Which router OS: by version, prompt, banner. */
#include "backends/drivers/detect.h"
#include "backends/link/probe.h"
#include "backends/link/replay.h"
#include "core/base/clock.h"
#include "core/base/scan.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static const struct {
	const char *banner, *prompt, *version, *os;
} cases[] = {
	{ "", "", "Cisco IOS XE Software, Version 17.09.04a\nCisco IOS Software [Cupertino]", "ios" },
	{ "", "", "Cisco IOS XR Software, Version 7.5.2\nCopyright (c) 2013-2022 by Cisco Systems, Inc.", "iosxr" },
	{ "", "", "Cisco Nexus Operating System (NX-OS) Software\n", "nxos" },
	{ "", "", "Arista DCS-7280SR-48C6-M-F\nSoftware image version: 4.28.1F", "eos" },
	{ "", "", "Hostname: mx1\nModel: mx204\nJunos: 21.4R3-S2.3", "junos" },
	{ "", "", "TiMOS-C-22.10.R3 cpm/hops64 Nokia 7750 SR Copyright", "sros" },
	{ "", "", "Hostname : leaf1\nSoftware Version : v23.7.1\nSystem : SRLinux\n", "srlinux" },
	{ "", "", "Huawei Versatile Routing Platform Software\nVRP (R) software, Version 8.180", "vrp" },
	{ "", "", "HPE Comware Software, Version 7.1.045", "comware" },
	{ "", "", "      version: 7.10.2 (stable)\n     platform: MikroTik", "routeros" },
	{ "", "", "Version:          VyOS 1.4\nBuilt by: x\nFRRouting 8.5", "vyos" },
	{ "", "", "program: vtysh\nID=debian\n", "frr" },
	{ "", "", "program: birdc\nID=debian\n", "bird" },
	{ "", "", "program: vtysh\nID=vyos\n", "vyos" },
	{ "", "RP/0/RP0/CPU0:xr1#", "", "iosxr" },
	{ "", "<ne40>", "", "vrp" },
	{ "", "noc@mx1> ", "", "junos" },
	{ "", "[noc@MikroTik] > ", "", "routeros" },
	{ "", "A:noc@sr1# ", "", "sros" },
	{ "SSH-2.0-ROSSSH", "", "", "routeros" },
	{ "SSH-2.0-Cisco-1.25", "", "", "ios" },
	{ "SSH-2.0-HUAWEI-1.5", "", "", "vrp" },
	/* what it says of itself outweighs the rest */
	{ "SSH-2.0-Cisco-2.0", "r1#", "Cisco IOS Software, C2900", "ios" },
	{ "SSH-2.0-OpenSSH_9.2p1 Debian-2", "noc@host:~$ ", "bash: show: command not found", NULL },
	{ "", "", "", NULL },
};

static void test_marks(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		const struct detect_seen seen = { slice_of(cases[i].banner), slice_of(cases[i].prompt),
			slice_of(cases[i].version) };
		struct detect_found found[DETECT_MAX];
		size_t n = detect_os(&seen, found);

		if (cases[i].os == NULL)
			assert_int_equal(n, 0);
		else if (n == 0)
			fail_msg("case %zu: nothing found, not %s", i, cases[i].os);
		else
			assert_string_equal(found[0].driver->name, cases[i].os);
	}
}

static void test_a_host_with_two_daemons(void **state)
{
	const struct detect_seen seen = { SLICE(""), SLICE(""), SLICE("program: vtysh\nprogram: birdc\nID=debian\n") };
	struct detect_found found[DETECT_MAX];

	(void)state;
	assert_int_equal(detect_os(&seen, found), 2);
	assert_string_equal(found[1].driver->name, "bird");
}

static const char *probed(const char *transcript, struct probe *p)
{
	struct detect_found found[DETECT_MAX];
	struct detect_seen seen;
	struct err e = ERR_INIT;
	struct link *l;

	assert_int_equal(replay_parse("t", slice_of(transcript), -1, &l, &e), 0);
	probe_init(p);
	if (probe_run(l, clock_boot_ms() + 10000, p, &e) != 0)
		fail_msg("%s", e.text);
	l->ops->free(l);
	seen = (struct detect_seen){ SLICE(""), str_slice(&p->prompt), str_slice(&p->version) };
	return detect_os(&seen, found) > 0 ? found[0].driver->name : "";
}

static void test_probing(void **state)
{
	struct probe p;

	(void)state;
	/* the command on an exec channel */
	assert_string_equal(probed("> show version\n| Arista vEOS\n", &p), "eos");
	probe_fini(&p);
	/* a terminal, and other words for it */
	assert_string_equal(probed("> shell\n$ <ne1>\n@ echo\n> show version\n| Error: Unrecognized command\n"
	    "> display version\n| Huawei Versatile Routing Platform Software\n", &p), "vrp");
	assert_string_equal(p.prompt.p, "<ne1>");
	probe_fini(&p);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_marks),
		cmocka_unit_test(test_a_host_with_two_daemons),
		cmocka_unit_test(test_probing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
