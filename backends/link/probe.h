/*
 * probe - what a router says of itself at enrolment: prompt and version, by harmless commands.
 */
#ifndef PEERDECK_LINK_PROBE_H
#define PEERDECK_LINK_PROBE_H

#include "backends/link/link.h"

struct probe {
	struct str prompt, version; /* empty: not seen */
};
void probe_init(struct probe *p);
void probe_fini(struct probe *p);

/* Asks "show version" or its likes, on exec channels first, then on a terminal.  -1 only when the link is lost or the
 * deadline passed before anything was said. */
int probe_run(struct link *l, int64_t deadline, struct probe *out, struct err *e);

#endif
