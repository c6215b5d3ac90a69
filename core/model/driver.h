/*
 * driver - what a router OS provides.
 *
 * A driver is a constant table.  Reading: `queries` are run against a router
 * on every poll and fill one builder; `readings` name every output that can
 * be read, for `peerdeck parse` (reports, corpora) and are the same parse
 * functions.  Acting: `recipes` (core/act/recipe.h).  Parse functions are pure
 * functions over bytes: no I/O, no globals, no clock.
 *
 * Faults are graded: a bad field is left unknown, a bad row is counted as
 * seen but not parsed, an answer that is not what was asked for is an error
 * (and never "no sessions").
 */
#ifndef PEERDECK_MODEL_DRIVER_H
#define PEERDECK_MODEL_DRIVER_H

#include "core/base/err.h"
#include "core/base/str.h"
#include "core/model/report.h"
#include "core/model/routes.h"
#include "core/model/snap.h"

struct router_conf;
struct recipe;

enum driver_transport {
	DRIVER_EXEC,  /* one exec channel per command: `PREFIX CLI COMMAND` */
	DRIVER_KEPT,  /* the CLI program started once on an exec channel and kept: vtysh */
	DRIVER_SHELL, /* the login itself is the CLI, on a pty: routers */
};

/* How to talk to a CLI that prompts (DRIVER_KEPT, DRIVER_SHELL). */
struct dialogue {
	const char *prompt;      /* PCRE2, matched at the tail of the output when learning the prompt */
	const char *const *setup; /* sent once after login: pager off, width; refusals are survived */
	const char *pager;       /* PCRE2 of a pager's question at the tail, or NULL */
	const char *pager_answer; /* sent to it: " " */
	const char *const *errors; /* PCRE2, matched per line: the device's own error lines */
	const char *enable;      /* command for privileged mode, or NULL */
	const char *password_prompt; /* PCRE2 of the no-echo prompt that gets the enable secret */
	const char *config_prompt;   /* PCRE2 of the prompt inside configuration mode */
	const char *config_show; /* goes before "show ..." in configuration mode ("do "), or NULL: as it stands */
	const char *lead;        /* PCRE2 of a line above the prompt that is a part of it ("[edit]"), or NULL */
	const char *stamp;       /* PCRE2 of a line that may stand first in an answer and is no part of it, or NULL */
	const char *bye;         /* how to leave: "exit" */
	bool echoes;             /* the far side repeats what was typed (a pty) */
	unsigned commit_s;       /* a line beginning with "commit" may take so long; 0: as long as any other */
};

/* A push parser: bytes in as they come, so that no whole answer is held. */
struct intake {
	void *state;
	int (*feed)(void *state, const char *p, size_t n, struct err *e);
	int (*finish)(void *state, struct err *e); /* the answer is complete; frees state */
	void (*drop)(void *state);                 /* the answer broke off; frees state */
};

enum query_when {
	QUERY_ALWAYS, /* every poll */
	QUERY_SLOW,   /* the first poll, whenever an ALWAYS query shows a changed state, and every sixth poll */
	QUERY_ONCE,   /* once per connection (version) */
};

struct query {
	const char *name;    /* "summary" */
	const char *command; /* as sent to the CLI, without prefix and CLI program */
	enum query_when when;
	bool optional;       /* a refusal is noted in the snapshot, not fatal */
	unsigned one_of;     /* not 0: of all queries with this number at least one must be answered; their refusals are
				not noted, because versions of the OS differ in which they know */
	bool each;           /* asked for every neighbor that is up: {neighbor} in the command is its address */
	unsigned timeout_s;  /* 0: the router's */
	size_t ceiling;      /* octets of answer; 0: 16 MiB */
	/* One of the two.  `parse` gets the whole answer; `open` starts an intake fed from the channel. */
	int (*parse)(struct snap_builder *b, struct slice out, struct err *e);
	struct intake (*open)(struct snap_builder *b);
};

/* The routes of one neighbor; of several rows that fit, the next is tried when the router refuses one (versions differ).
 * {neighbor}, {vrf}, {protocol} (the OS's name of it), {family} ("ipv4 unicast"), {name}
 * ("ipv4") and {number} (4, 6) are filled in. */
struct route_query {
	enum route_side side;
	int ip;                  /* 4, 6; 0: both */
	const char *command;     /* in the default VRF */
	const char *vrf_command; /* in another; NULL: cannot be asked */
	struct intake (*open)(struct route_out *out);
	const char *missing;     /* what the router lacks when it refuses: added to its words; NULL none.  Places filled */
	const char *note;        /* what must be known about the answer; NULL none */
};

/* A ping of one neighbor.  Besides the places above: {count}, {local} (our address of the session); what stands in
 * brackets is left out where its place is not known. */
struct ping_query {
	int ip; /* 4, 6; 0: both */
	const char *command, *vrf_command;
	bool shell; /* a program on the router's host, not its CLI */
	int (*parse)(struct report *r, struct slice out, struct err *e);
};

/* The interface toward one neighbor: a route, or the neighbor's entry in ARP, names it, then it is shown. */
struct iface_query {
	int ip;
	const char *find, *find_vrf;
	int (*name)(struct slice out, struct str *name, struct err *e);
	const char *show; /* {interface} */
	int (*parse)(struct report *r, struct slice out, struct err *e);
	bool shell;       /* likewise; rates are then counted between two looks */
	bool whole_port;  /* without the unit: ge-0/0/0.0 is shown as ge-0/0/0 */
	bool counted;     /* tells octets and no rates: counted between two looks */
	const char *port; /* where an interface has a name of its own: tells of {interface} the port below it, or NULL */
	const char *port_vrf;
	int (*port_name)(struct slice out, struct str *name, struct err *e);
};

struct reading {
	/* The command in words; <x> stands for any one word, "a|b" for either, "[...]" for words that may be
	 * left out, a "|" standing alone for itself.  A leading CLI program (vtysh -c, birdc, bgpctl, gobgp) is
	 * accepted and ignored, so is case. */
	const char *command;
	int (*parse)(struct report *r, struct slice out, struct err *e);
};

struct driver {
	const char *name;  /* "frr" */
	const char *title; /* "FRRouting (vtysh)" */
	const char *const *aliases; /* NULL-terminated, or NULL: folder names that operators know */
	enum driver_transport transport;
	const char *cli;   /* "vtysh", "birdc", "bgpctl", "gobgp"; NULL for DRIVER_SHELL */
	/* DRIVER_EXEC: joins cli and command to one shell command line (quotes as the CLI wants it); NULL: a blank. */
	int (*shell_line)(struct str *out, const char *cli, const char *command);
	const struct dialogue *dialogue;
	/* Actions are typed into the login's own CLI, over this, on a terminal of its own: VyOS, read through vtysh.  NULL:
	 * where one reads. */
	const struct dialogue *acting;
	const struct query *queries;
	size_t query_count;
	const struct reading *readings;
	size_t reading_count;
	const struct route_query *routes;
	size_t route_count;
	const struct ping_query *ping;
	size_t ping_count;
	const struct iface_query *iface;
	size_t iface_count;
	/* Copies what a skipped SLOW query would have said from the former row of the same identity. */
	void (*carry)(struct session *now, const struct session *before, struct arena *a);
	const struct recipe *const *recipes; /* NULL-terminated, or NULL: reading only, and why: */
	const char *no_recipes;
	/* How a person sets a prefix limit; shown, never sent.  {as} {neighbor} {handle} {group} {limit}, {ip}: 4 or 6,
	 * {six}: 6 or nothing. */
	const char *limit_lines;
	const char *doctor; /* a harmless command that shows what the account may do */
};

/* backends/drivers/registry.c */
const struct driver *driver_find(const char *name); /* by name or alias, NULL if unknown */
const struct driver *const *driver_all(void);       /* NULL-terminated, sorted by name */

/* backends/drivers/match.c */
/* The first reading of d whose command fits; NULL if none does. */
const struct reading *driver_reading(const struct driver *d, const char *command);
/* Appends the command without the CLI program, in single blanks, quotes taken off ("show bgp | json"). */
void driver_command_words(const struct driver *d, const char *command, struct str *out);
/* One pattern as in struct reading against words as driver_command_words writes them. */
bool driver_command_fits(const char *pattern, const char *words);

#endif
