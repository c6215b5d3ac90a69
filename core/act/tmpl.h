/*
 * tmpl - the only maker of lines for routers.
 *
 * A template is a literal of ours with typed places: {neighbor} is printed
 * from binary, {asn} from an integer, names come from a strict set, and the
 * one free text, {message}, is refused unless it is harmless on every CLI we
 * know.  tmpl_gate is the last door: every line passes it again right before
 * it is sent, whoever made it.
 */
#ifndef PEERDECK_ACT_TMPL_H
#define PEERDECK_ACT_TMPL_H

#include "core/act/recipe.h"
#include "core/base/err.h"
#include "core/base/mem.h"
#include "core/model/net.h"

struct tmpl_args {
	const struct addr *neighbor; /* {neighbor}; ADDR_NONE: `interface` instead */
	const char *interface;       /* unnumbered neighbors: the interface's name */
	asn_t asn;                   /* {asn} */
	const char *vrf;             /* {vrf}; {instance}: likewise, "default" where it is "" */
	const char *name;            /* {name}: a prefix-list, route-map, group */
	const char *names;           /* {names}: several such, in order, a blank between them */
	const char *handle;          /* {handle}: the OS's other name of the session, written as it is */
	const char *protocol;        /* {protocol}: a BIRD symbol, quoted when it needs it */
	const char *family;          /* {family}: "ipv4 unicast"; lower case letters, digits, blank, hyphen */
	const char *path;            /* {path}: an absolute file name */
	const char *hook_file;       /* {hook_file}: likewise */
	const char *message;         /* {message}: RFC 9003 text */
	size_t message_max;          /* its octets */
	const char *session;         /* {session}: a configuration session of ours */
	const struct prefix *prefix; /* {prefix}: "203.0.113.0/24"; {prefix_net} {prefix_len}: its parts; {reject_rule}: RouterOS 7's rule */
	unsigned number;             /* {number} */
};

/* The filled line, owned by the arena; NULL with the reason. */
const char *tmpl_line(struct arena *a, const char *tmpl, const struct tmpl_args *args, struct err *e);

/* RFC 9003 text that we are ready to send: printable ASCII without " ' ; | \ ? ! { } < > & $ and the backtick, no
 * blank at either end, at most `max` octets.  Refused in words that name the character and its place; never mended. */
int tmpl_message_check(const char *text, size_t max, struct err *e);
/* A name that may go into a line: [A-Za-z0-9_.:-]+, no leading '-', at most 63 octets. */
int tmpl_name_check(const char *what, const char *name, struct err *e);

/* The last gate.  -1 with the reason for what no driver may ever send: control bytes, metacharacters, and the commands
 * of a black list: "no router bgp", "write memory", "disable all", "clear bgp *" ... */
int tmpl_gate(const struct step *step, struct err *e);

#endif
