/*
 * junos_read - what Junos prints: one reader for `| display json` and `| display xml`, one for text.
 *
 * JSON and XML say the same under the same names and become the same tree (jget.h): bgp-peer{peer-address,
 * peer-as, peer-state, bgp-rib{name, received-prefix-count ...}}.  A peer's address carries its port behind a
 * plus.  A table's name begins with the instance: "red.inet.0".
 */
#ifndef PEERDECK_DRIVERS_JUNOS_READ_H
#define PEERDECK_DRIVERS_JUNOS_READ_H

#include "core/model/driver.h"

/* show bgp summary, show bgp neighbor; json, xml or text by what the answer is. */
int junos_sessions(struct report *r, struct slice out, struct err *e);
/* show route receive-protocol|advertising-protocol bgp X; json, xml or text by what the answer is */
struct intake junos_routes_intake(struct route_out *out);
struct intake junos_text_routes_intake(struct route_out *out); /* junos_table.c */
int junos_routes(struct report *r, struct slice out, struct err *e);
/* Forms of several lines for each route: a line of them, true if it was one; what is open ends at the next table and at
 * the end (junos_entries.c). */
struct junos_entry {
	struct route_out *out;
	struct str prefix, hop, path;
	bool open, told; /* told: something of it was */
};
void junos_entry_init(struct junos_entry *t, struct route_out *out);
void junos_entry_fini(struct junos_entry *t);
bool junos_entry_line(struct junos_entry *t, struct slice line);
void junos_entry_end(struct junos_entry *t);
int junos_interfaces(struct report *r, struct slice out, struct err *e);
int junos_ports(struct report *r, struct slice out, struct err *e); /* the same as XML or JSON (junos_ports.c) */

/* Polls: neighbors make the rows; the summary tells how long they stand in their state. */
int junos_poll_neighbors(struct snap_builder *b, struct slice out, struct err *e);
int junos_poll_summary(struct snap_builder *b, struct slice out, struct err *e);

/* Used by both readers. */
struct jnode;
int junos_tree(struct arena *scratch, struct slice out, struct jnode **root, struct err *e); /* XML or JSON */
enum afi_safi junos_rib(struct slice rib, struct slice *instance);
/* "10.0.0.1+179" -> "10.0.0.1" */
struct slice junos_address(struct slice printed);
/* show bgp summary and neighbor as text (junos_text.c) */
int junos_text(struct snap_builder *b, struct slice out, struct slice vrf, struct err *e);

#endif
