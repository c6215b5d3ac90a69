/*
 * jget - small structured answers as one tree of named nodes.
 *
 * JSON (over jstream) and XML (xml.h) become the same tree, in which the habits of
 * router OSes are gone: a list of one that comes as an object (NX-OS ROW_x) is a node beside its equals, a value
 * that is wrapped in [{"data": ...}] (Junos) is the text of its node, a number in quotes is a number.
 * Absent and null are both NULL or unknown.
 *
 * For answers of some megabytes; tables of routes go through jstream.h.
 */
#ifndef PEERDECK_PARSE_JGET_H
#define PEERDECK_PARSE_JGET_H

#include "core/base/err.h"
#include "core/base/mem.h"
#include "core/base/scan.h"
#include "core/model/session.h"

struct jnode {
	const char *name;  /* key or element; "" of the root */
	struct slice text; /* of a scalar; p is NULL if it has none */
	struct jnode *down, *next;
};

/* The whole answer, in memory of `a`.  What stands before the first brace or bracket (an echo) is passed over,
 * and so is a prompt behind the end.  An answer without JSON is an error of the device or ERR_PARSE. */
int jget_json(struct arena *a, struct slice out, struct jnode **root, struct err *e);

/* The child of this name, or by a path "a/b/c"; NULL if there is none, fine with n == NULL. */
const struct jnode *jget(const struct jnode *n, const char *path);
/* The next sibling of the same name: `for (n = jget(x, "peer"); n != NULL; n = jget_again(n))`. */
const struct jnode *jget_again(const struct jnode *n);
/* Text of the node at the path; length 0 if there is none. */
struct slice jget_text(const struct jnode *n, const char *path);
/* COUNT_UNKNOWN if there is none, it is no whole number, or negative. */
count_t jget_count(const struct jnode *n, const char *path);
enum tri jget_bool(const struct jnode *n, const char *path);
asn_t jget_asn(const struct jnode *n, const char *path);
/* ADDR_NONE if there is none; a zone or port behind the address is passed over. */
struct addr jget_addr(const struct jnode *n, const char *path);

#endif
