/* Marks of router OSes; see detect.h. */
#include "backends/drivers/detect.h"
#include "core/base/scan.h"

#include <string.h>

const char detect_host_command[] =
    "PATH=\"$PATH\":/usr/sbin:/sbin; for p in vtysh birdc bgpctl gobgp; do command -v $p >/dev/null && echo \"program: $p\"; "
    "done; grep ^ID= /etc/os-release";

struct mark {
	const char *words, *os;
};

/* Lines that only one OS prints.  The order matters: XR and NX-OS also say "Cisco IOS" or "Cisco". */
static const struct mark in_version[] = {
	{ "Cisco IOS XR Software", "iosxr" }, { "Cisco Nexus Operating System", "nxos" }, { "NX-OS", "nxos" },
	{ "Cisco IOS", "ios" }, { "IOS-XE", "ios" }, { "Arista ", "eos" }, { "vEOS", "eos" }, { "cEOS", "eos" },
	{ "Junos: ", "junos" }, { "JUNOS ", "junos" }, { "TiMOS-", "sros" }, { "SRLinux", "srlinux" },
	{ "SR Linux", "srlinux" }, { "Huawei Versatile Routing Platform", "vrp" }, { "VRP (R) software", "vrp" },
	{ "Comware", "comware" }, { "MikroTik", "routeros" }, { "RouterOS", "routeros" }, { "VyOS", "vyos" },
	{ "ID=vyos", "vyos" }, { "FRRouting", "frr" }, { "program: vtysh", "frr" }, { "program: birdc", "bird" },
	{ "program: bgpctl", "openbgpd" }, { "program: gobgp", "gobgp" }, { "BIRD version", "bird" },
	{ "OpenBGPD ", "openbgpd" }, { "gobgp version", "gobgp" },
};
/* Prompts as a whole, by how they begin and end. */
static const struct {
	const char *begins, *holds, *ends, *os;
} in_prompt[] = {
	{ "RP/", ":", "#", "iosxr" }, { "<", "", ">", "vrp" }, { "[", "] ", "> ", "routeros" }, { "[", "@", "] > ", "routeros" },
	{ "A:", "@", "# ", "sros" }, { "*A:", "", "# ", "sros" }, { "A:", "", "# ", "sros" }, { "vyos@", "", "$ ", "vyos" },
	{ "", "@", "> ", "junos" },
};
static const struct mark in_banner[] = {
	{ "SSH-2.0-ROSSSH", "routeros" }, { "SSH-2.0-HUAWEI", "vrp" }, { "SSH-2.0-Comware", "comware" },
	{ "SSH-1.99-Comware", "comware" }, { "SSH-2.0-Cisco-1.", "ios" }, { "SSH-1.99-Cisco-1.", "ios" },
	{ "SSH-2.0-Cisco-2.", "iosxr" },
};

static size_t add(struct detect_found *found, size_t n, const char *os, const char *by)
{
	const struct driver *d = driver_find(os);

	for (size_t i = 0; i < n; i++)
		if (found[i].driver == d)
			return n;
	if (d == NULL || n == DETECT_MAX)
		return n;
	found[n] = (struct detect_found){ d, by };
	return n + 1;
}

static bool is_program(const char *words)
{
	return strncmp(words, "program: ", 9) == 0;
}

static size_t by_version(struct slice version, struct detect_found *found)
{
	size_t n = 0;

	for (size_t i = 0; i < ARRAY_LEN(in_version); i++) {
		if (slice_find(version, in_version[i].words) < 0)
			continue;
		/* A router's own version names one OS; of a host's programs all count, but VyOS has FRR's inside. */
		if (n > 0 && (!is_program(in_version[i].words) || strcmp(found[0].driver->name, "vyos") == 0))
			continue;
		n = add(found, n, in_version[i].os, is_program(in_version[i].words) ? "program" : "version");
	}
	return n;
}

static bool prompt_fits(struct slice prompt, const char *begins, const char *holds, const char *ends)
{
	return slice_starts(prompt, begins) && slice_ends(prompt, ends) && (*holds == '\0' || slice_find(prompt, holds) >= 0);
}

size_t detect_os(const struct detect_seen *seen, struct detect_found found[DETECT_MAX])
{
	size_t n = by_version(seen->version, found);

	for (size_t i = 0; n == 0 && seen->prompt.len > 0 && i < ARRAY_LEN(in_prompt); i++)
		if (prompt_fits(seen->prompt, in_prompt[i].begins, in_prompt[i].holds, in_prompt[i].ends))
			n = add(found, n, in_prompt[i].os, "prompt");
	for (size_t i = 0; n == 0 && i < ARRAY_LEN(in_banner); i++)
		if (slice_starts(seen->banner, in_banner[i].words))
			n = add(found, n, in_banner[i].os, "SSH banner");
	return n;
}
