/* What a command asked for; see asked.h. */
#include "backends/parse/asked.h"
#include "backends/parse/family.h"

#include <string.h>

/* Two words name most families, one the rest. */
static enum afi_safi asked_family(struct slice word, struct slice next)
{
	char both[64];
	enum afi_safi f = AF_UNKNOWN;

	if (word.len + next.len < sizeof(both) && next.len > 0) {
		memcpy(both, word.p, word.len);
		memcpy(both + word.len, next.p, next.len);
		f = family_of((struct slice){ both, word.len + next.len });
	}
	return f != AF_UNKNOWN ? f : family_of(word);
}

struct asked asked_of(struct slice command)
{
	struct asked a = { SLICE(""), AF_UNKNOWN };
	struct scan c = scan_of(command);
	struct slice w, next;

	while (scan_word(&c, &w)) {
		struct scan ahead = c;

		if (!scan_word(&ahead, &next))
			next = SLICE("");
		if ((slice_eq(w, "vrf") || slice_eq(w, "instance") || slice_eq(w, "vpn-instance")) &&
		    next.len > 0) {
			if (next.p[0] != '<' && !slice_eq(next, "all") && !slice_eq(next, "<all>"))
				a.vrf = next;
			c = ahead;
		} else if (a.family == AF_UNKNOWN || slice_eq(w, "vpnv4") || slice_eq(w, "vpnv6") ||
		           slice_eq(w, "l2vpn") || slice_eq(w, "ipv6") || slice_eq(w, "ipv4")) {
			enum afi_safi f = slice_eq(w, "te") ? AF_UNKNOWN : asked_family(w, next);

			if (f != AF_UNKNOWN)
				a.family = f;
		}
	}
	return a;
}
