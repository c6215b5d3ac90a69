/* Readings that several CLIs share; see cisco.h. */
#include "backends/drivers/cisco.h"
#include "backends/parse/detail.h"
#include "backends/parse/ifaces.h"
#include "backends/parse/ping.h"
#include "backends/parse/refusal.h"
#include "backends/parse/routes.h"
#include "backends/parse/summary.h"

const char *const cisco_errors[] = { "^\\s*% ", "^%Error", "^Command authorization failed",
	"^% ?Authorization failed", NULL };

int cisco_summary(struct report *r, struct slice out, struct err *e)
{
	return summary_read(r->sessions, out, asked_of(slice_of(r->command)), e);
}

int cisco_detail(struct report *r, struct slice out, struct err *e)
{
	return detail_read(r->sessions, out, asked_of(slice_of(r->command)), e);
}

int cisco_routes(struct report *r, struct slice out, struct err *e)
{
	return routes_read(r, out, 3, e);
}

int cisco_ping(struct report *r, struct slice out, struct err *e)
{
	return ping_read(r, out, e);
}

int cisco_interfaces(struct report *r, struct slice out, struct err *e)
{
	return ifaces_read(r, out, e);
}

int cisco_poll_summary(struct snap_builder *b, struct slice out, struct err *e)
{
	return summary_read(b, out, asked_of(SLICE("")), e);
}

/* A router without neighbors prints nothing in the next two. */
int cisco_poll_detail(struct snap_builder *b, struct slice out, struct err *e)
{
	if (slice_trim(out).len == 0)
		return 0;
	return detail_fill(b, out, asked_of(SLICE("")), e);
}

int cisco_poll_neighbors(struct snap_builder *b, struct slice out, struct err *e)
{
	if (slice_trim(out).len == 0 || slice_find(out, "BGP not active") >= 0)
		return 0;
	return detail_poll(b, out, asked_of(SLICE("")), e);
}

int cisco_poll_version(struct snap_builder *b, struct slice out, struct err *e)
{
	struct scan c = scan_of(out);
	struct slice line;

	while (scan_line(&c, &line)) {
		line = slice_trim(line);
		if (slice_find(line, "Version ") >= 0 || slice_find(line, "version ") >= 0 ||
		    slice_find(line, "image version: ") >= 0 || slice_starts(line, "Junos: ") ||
		    slice_starts(line, "TiMOS-")) {
			snap_builder_version(b, line);
			return 0;
		}
	}
	return refusal_or_not_found(out, "version", e);
}
