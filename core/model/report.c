/* What one output says; see report.h. */
#include "core/model/report.h"
#include "core/base/scan.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

struct report *report_new(void)
{
	struct report *r = MEM_NEW(struct report);

	r->sessions = snap_builder_new("");
	r->command = "";
	r->ping = (struct ping){
		.sent = COUNT_UNKNOWN, .received = COUNT_UNKNOWN,
		.min_ms = -1, .avg_ms = -1, .max_ms = -1, .mdev_ms = -1,
	};
	return r;
}

void report_free(struct report *r)
{
	if (r == NULL)
		return;
	snap_builder_free(r->sessions);
	free(r->routes);
	free(r->ifaces);
	free(r->status);
	free(r);
}

struct arena *report_arena(struct report *r)
{
	return snap_builder_arena(r->sessions);
}

struct text report_text(struct report *r, struct slice in)
{
	return text_safe(report_arena(r), in);
}

struct route *report_route(struct report *r)
{
	MEM_GROW(r->routes, r->route_cap, r->route_count + 1);
	r->routes[r->route_count] = (struct route){ 0 };
	return &r->routes[r->route_count++];
}

struct iface *report_iface(struct report *r)
{
	MEM_GROW(r->ifaces, r->iface_cap, r->iface_count + 1);
	r->ifaces[r->iface_count] = (struct iface){
		.input_errors = COUNT_UNKNOWN, .output_errors = COUNT_UNKNOWN,
		.crc_errors = COUNT_UNKNOWN, .input_bps = COUNT_UNKNOWN, .output_bps = COUNT_UNKNOWN,
		.input_octets = COUNT_UNKNOWN, .output_octets = COUNT_UNKNOWN,
		.speed_bps = COUNT_UNKNOWN,
	};
	return &r->ifaces[r->iface_count++];
}

void report_status(struct report *r, const char *key, struct slice value)
{
	r->kind = REPORT_STATUS;
	MEM_GROW(r->status, r->status_cap, r->status_count + 1);
	r->status[r->status_count++] = (struct status_word){ key, report_text(r, value) };
}

static bool same_word(struct slice s, const char *word)
{
	return s.len == strlen(word) && strncasecmp(s.p, word, s.len) == 0;
}

struct slice report_asked_after(const struct report *r, const char *word)
{
	struct scan c = scan_of(slice_of(r->command));
	struct slice w;

	while (scan_word(&c, &w))
		if (same_word(w, word) && scan_word(&c, &w))
			return slice_starts(w, "<") ? SLICE("") : w;
	return SLICE("");
}

bool report_asked(const struct report *r, const char *word)
{
	struct scan c = scan_of(slice_of(r->command));
	struct slice w;

	while (scan_word(&c, &w))
		if (same_word(w, word))
			return true;
	return false;
}
