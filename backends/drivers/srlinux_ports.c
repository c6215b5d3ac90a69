/*
 * SR Linux: "show interface" as text; see srlinux_read.h.
 *
 *     ethernet-1/1 is up, speed 100G, type None
 *       ethernet-1/1.0 is up            (its subinterfaces are no ports)
 *     ethernet-1/2 is down, reason port-admin-disabled
 */
#include "backends/drivers/srlinux_read.h"
#include "backends/parse/refusal.h"
#include "backends/parse/words.h"
#include "core/base/scan.h"

static count_t speed_of(struct slice v)
{
	struct scan c = scan_of(v);
	uint64_t n;

	if (!scan_u64(&c, &n) || n > 1000000 || scan_done(&c))
		return COUNT_UNKNOWN;
	return *c.p == 'T' ? (count_t)n * 1000000000000 : *c.p == 'G' ? (count_t)n * 1000000000 :
	    *c.p == 'M' ? (count_t)n * 1000000 : COUNT_UNKNOWN;
}

static bool take_port(struct report *r, struct slice line)
{
	struct scan c = scan_of(line);
	struct slice name, is, state;
	struct iface *f;

	if (line.len == 0 || line.p[0] == ' ' || !scan_word(&c, &name) || !scan_word(&c, &is) || !slice_eq(is, "is") ||
	    !scan_word(&c, &state))
		return false;
	state = words_upto(state, ",");
	r->rows_seen++;
	if (!slice_eq(state, "up") && !slice_eq(state, "down"))
		return false;
	r->rows_parsed++;
	f = report_iface(r);
	f->name = report_text(r, name);
	f->link = report_text(r, slice_find(line, "reason port-admin-disabled") >= 0 ? SLICE("administratively down") : state);
	f->speed_bps = speed_of(words_behind(line, ", speed "));
	return true;
}

int srlinux_ports(struct report *r, struct slice out, struct err *e)
{
	struct scan c = scan_of(out);
	struct slice line, about;

	r->kind = REPORT_INTERFACES;
	while (scan_line(&c, &line)) {
		if (take_port(r, line) || r->iface_count == 0)
			continue;
		about = slice_trim(line);
		if (slice_starts(about, "Description") && about.len < line.len && slice_find(about, ": ") > 0) {
			struct iface *f = &r->ifaces[r->iface_count - 1];

			if (!text_known(f->description))
				f->description = report_text(r, slice_trim(words_behind(about, ": ")));
		}
	}
	return r->iface_count > 0 ? 0 : refusal_or_not_found(out, "interface", e);
}
