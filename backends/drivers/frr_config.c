/* What only the running configuration tells, and the version. */
#include "backends/drivers/frr.h"
#include "core/base/scan.h"

#include <string.h>

/* Sets our own text on all families of a neighbor. */
static void set_own_message(struct snap_builder *b, struct slice vrf, struct slice name, struct slice text)
{
	struct text safe = snap_builder_text(b, text);

	for (int af = AF_UNKNOWN; af < AF_COUNT; af++) {
		struct session *s = snap_builder_find(b, vrf, name, (enum afi_safi)af);

		if (s != NULL)
			s->own_message = safe;
	}
}

/* "router bgp 64500 vrf red", "router bgp 64999 view V1" */
static struct slice instance_name(struct slice line)
{
	struct scan c = scan_of(slice_from(line, strlen("router bgp")));
	struct slice w, name;

	while (scan_word(&c, &w))
		if ((slice_eq(w, "vrf") || slice_eq(w, "view")) && scan_word(&c, &name))
			return name;
	return SLICE("");
}

static void neighbor_shutdown(struct snap_builder *b, struct slice vrf, struct slice line)
{
	struct scan c = scan_of(line);
	struct slice w, name;

	scan_word(&c, &w);
	if (!scan_word(&c, &name) || !scan_word(&c, &w) || !slice_eq(w, "shutdown"))
		return;
	if (scan_word(&c, &w) && slice_eq(w, "message"))
		set_own_message(b, vrf, name, slice_trim(scan_rest(&c)));
	else
		set_own_message(b, vrf, name, SLICE(""));
}

int frr_shutdown_lines(struct snap_builder *b, struct slice out, struct err *e)
{
	struct scan c = scan_of(out);
	struct slice line, s, vrf = SLICE("");

	while (scan_line(&c, &line)) {
		s = slice_trim(line);
		if (slice_starts(s, "%"))
			return err_set(e, ERR_DEVICE, "the router says: %.*s", (int)s.len, s.p);
		if (slice_starts(s, "router bgp"))
			vrf = instance_name(s);
		else if (slice_starts(s, "neighbor "))
			neighbor_shutdown(b, vrf, s);
	}
	return 0;
}

/* "FRRouting 8.4.4 (r1) on Linux(6.1.0)." */
int frr_version(struct snap_builder *b, struct slice out, struct err *e)
{
	struct scan c = scan_of(out);
	struct slice line;

	while (scan_line(&c, &line)) {
		ptrdiff_t host = slice_find(line, " (");

		if (!slice_starts(line, "FRRouting ") && !slice_starts(line, "Quagga "))
			continue;
		snap_builder_version(b, host > 0 ? slice_upto(line, (size_t)host) : line);
		return 0;
	}
	return err_set(e, ERR_PARSE, "the answer to show version names no FRRouting");
}
