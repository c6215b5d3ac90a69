/*
 * cisco - readings that the CLIs of Cisco and those that look like it share.
 *
 * Thin hands between the tables of drivers and the shapes in backends/parse: they say what the command asked
 * for where the answer does not.
 */
#ifndef PEERDECK_DRIVERS_CISCO_H
#define PEERDECK_DRIVERS_CISCO_H

#include "core/model/driver.h"

/* A pattern of struct reading: ping with whatever words behind it. */
#define PING_ANY "ping [<a> [<b> [<c> [<d> [<e> [<f> [<g> [<h> [<i> [<j> [<k> [<l>]]]]]]]]]]]]"

int cisco_summary(struct report *r, struct slice out, struct err *e);
int cisco_detail(struct report *r, struct slice out, struct err *e);
int cisco_routes(struct report *r, struct slice out, struct err *e);
int cisco_ping(struct report *r, struct slice out, struct err *e);
int cisco_interfaces(struct report *r, struct slice out, struct err *e);

/* For polls, where the answer names VRF and family itself. */
int cisco_poll_summary(struct snap_builder *b, struct slice out, struct err *e);
/* Neighbors in detail: fills the rows of a summary, or makes the rows itself. */
int cisco_poll_detail(struct snap_builder *b, struct slice out, struct err *e);
int cisco_poll_neighbors(struct snap_builder *b, struct slice out, struct err *e);
/* "show version": the first line that names a version. */
int cisco_poll_version(struct snap_builder *b, struct slice out, struct err *e);

/* Error lines of these CLIs, for struct dialogue. */
extern const char *const cisco_errors[];

#endif
