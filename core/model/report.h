/*
 * report - what one printed output says, by kind: what `peerdeck parse` prints.
 */
#ifndef PEERDECK_MODEL_REPORT_H
#define PEERDECK_MODEL_REPORT_H

#include "core/base/err.h"
#include "core/model/snap.h"

enum report_kind {
	REPORT_SESSIONS,
	REPORT_ROUTES,
	REPORT_PING,
	REPORT_INTERFACES,
	REPORT_STATUS,
};

struct route {
	struct text prefix, next_hop, as_path; /* as printed; as_path without the origin code */
};

struct ping {
	struct text destination;
	count_t sent, received;
	double min_ms, avg_ms, max_ms, mdev_ms; /* -1 unknown */
};

struct iface {
	struct text name, description, link, protocol; /* "up", "down", "administratively down" ... */
	count_t input_errors, output_errors, crc_errors;
	count_t input_bps, output_bps, input_octets, output_octets, speed_bps;
};

struct report {
	enum report_kind kind;
	struct snap_builder *sessions; /* REPORT_SESSIONS; also owner of the arena for all kinds */
	struct route *routes;
	size_t route_count, route_cap;
	struct ping ping;
	struct iface *ifaces;
	size_t iface_count, iface_cap;
	struct text status; /* REPORT_STATUS: the router's words */
};

struct report *report_new(void);
void report_free(struct report *r);
struct arena *report_arena(struct report *r);
struct route *report_route(struct report *r); /* adds one, zeroed */
struct iface *report_iface(struct report *r); /* adds one, counters unknown */

#endif
