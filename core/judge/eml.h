/*
 * eml - a message as RFC 5322 wants it: headers folded and encoded (RFC 2047), body as it is or quoted-printable (RFC 2045).
 *
 * No value can begin a header of its own: controls become blanks, addresses
 * must be plain ones.  Pure.
 */
#ifndef PEERDECK_JUDGE_EML_H
#define PEERDECK_JUDGE_EML_H

#include "core/base/err.h"
#include "core/base/str.h"

#include <stdint.h>

struct eml {
	const char *from, *from_name; /* from_name NULL none */
	const char *to;               /* addresses joined by commas */
	const char *cc;               /* NULL or "" none */
	const char *subject;
	const char *body;             /* UTF-8, lines end in \n */
	const char *id;               /* of the message, without the host: letters, digits and ".-" */
	int64_t wall_ms;
};

/* True if all of a comma list are plain addresses (local@host). */
bool eml_addresses_valid(const char *list);
/* Appends the whole message; `crlf`: line ends as in files and on the wire, else those of the local mailer's stdin. */
int eml_write(struct str *out, const struct eml *m, bool crlf, struct err *e);

#endif
