/*
 * openbgpd - the readers of what bgpctl prints.
 *
 * Facts: OpenBGPD bgpctl(8), usr.sbin/bgpctl/{output,output_json,json}.c, bgpd/log.c and bgpd.h (error names),
 * and a lab with 7.7.
 */
#ifndef PEERDECK_DRIVERS_OPENBGPD_H
#define PEERDECK_DRIVERS_OPENBGPD_H

#include "core/model/driver.h"

/* bgpctl's own refusals ("bgpctl: connect: ...", "unknown argument: ...") as ERR_DEVICE, nothing as ERR_PARSE. */
int openbgpd_refusal(struct slice out, struct err *e);
/* "Cease, received max-prefix exceeded" into code, subcode and words. */
void openbgpd_error(struct snap_builder *b, struct last_error *le, struct slice words, enum direction dir);
/* vis(3) escapes of a text back into octets. */
struct text openbgpd_text(struct arena *a, struct slice in);
/* JSON of 7.7 as it should have been written: quotes and octal escapes within strings. True if it had to change. */
bool openbgpd_repair(struct slice in, struct str *out);

int openbgpd_neighbors_query(struct snap_builder *b, struct slice out, struct err *e);
int openbgpd_neighbors_json(struct report *r, struct slice out, struct err *e);
struct intake openbgpd_rib_intake(struct route_out *out);
int openbgpd_rib_json(struct report *r, struct slice out, struct err *e);
int openbgpd_neighbors_text(struct report *r, struct slice out, struct err *e);
int openbgpd_summary(struct report *r, struct slice out, struct err *e);
int openbgpd_terse(struct report *r, struct slice out, struct err *e);
int openbgpd_rib(struct report *r, struct slice out, struct err *e);

#endif
