/*
 * detect - which router OS it is, by what it says of itself.
 *
 * For enrolment, as a suggestion to a person; nothing that polls or acts asks here: what a router runs is what its
 * block says.
 */
#ifndef PEERDECK_DRIVERS_DETECT_H
#define PEERDECK_DRIVERS_DETECT_H

#include "core/base/str.h"
#include "core/model/driver.h"

/* What was seen; each may be empty. */
struct detect_seen {
	struct slice banner;  /* "SSH-2.0-Cisco-1.25" */
	struct slice prompt;  /* "r1#" */
	struct slice version; /* the answer to "show version" or its like, or to detect_host_command */
};

enum { DETECT_MAX = 4 };
struct detect_found {
	const struct driver *driver;
	const char *by; /* "version", "prompt", "SSH banner" */
};
/* The likely ones, the surest first: what a version says outweighs a prompt, and that a banner.  A host can run
 * several daemons.  Returns how many, at most DETECT_MAX. */
size_t detect_os(const struct detect_seen *seen, struct detect_found found[DETECT_MAX]);

/* A shell command that shows which routing daemons a Unix host has. */
extern const char detect_host_command[];

#endif
