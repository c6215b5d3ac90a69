/*
 * report - what one printed output says, by kind: what `peerdeck parse` prints.
 */
#ifndef PEERDECK_MODEL_REPORT_H
#define PEERDECK_MODEL_REPORT_H

#include "core/base/err.h"
#include "core/model/snap.h"

#include <stdbool.h>

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

/* One word of a status output: the key is ours, the value the router's. */
struct status_word {
	const char *key; /* a literal: "router_id" */
	struct text value;
};

struct report {
	enum report_kind kind;
	/* The command that was asked, in single blanks, without the CLI program: some outputs do not
	 * repeat the family or VRF that was asked for.  "" when not known, never NULL. */
	const char *command;
	struct snap_builder *sessions; /* REPORT_SESSIONS; also owner of the arena for all kinds */
	struct route *routes;
	size_t route_count, route_cap;
	unsigned rows_seen, rows_parsed; /* of routes, interfaces: what looked like a row, what could be read */
	struct ping ping;
	struct iface *ifaces;
	size_t iface_count, iface_cap;
	struct status_word *status; /* REPORT_STATUS */
	size_t status_count, status_cap;
	bool handle_first; /* the OS names a session by its handle: print "handle address" (BIRD) */
};

struct report *report_new(void);
void report_free(struct report *r);
struct arena *report_arena(struct report *r);
struct route *report_route(struct report *r); /* adds one, zeroed */
struct iface *report_iface(struct report *r); /* adds one, counters unknown */
void report_status(struct report *r, const char *key, struct slice value);
struct text report_text(struct report *r, struct slice in); /* a safe copy that lives as long as r */
/* True if the command that was asked has this word ("ipv6", "vrf"); case does not matter. */
bool report_asked(const struct report *r, const char *word);
/* The word after `word` in the command: the name after "vrf".  An empty slice if there is none, or only a
 * placeholder ("<name>"). */
struct slice report_asked_after(const struct report *r, const char *word);

#endif
