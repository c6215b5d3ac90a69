/*
 * redact - text without what looks like a secret.
 */
#ifndef PEERDECK_ACT_REDACT_H
#define PEERDECK_ACT_REDACT_H

#include "core/base/str.h"

/* A copy of text with what looks like a secret (words after password, secret, key, md5 ...) replaced by <redacted>. */
void redact_text(struct str *out, const char *text);

/* The same for an answer of a router, of whatever shape: also values in JSON ("auth_password":"..."), XML, and
 * RouterOS' key=value, hashes as routers print them ($9$..., $6$...), and SNMP communities.  Appends to out.
 * Lines stay lines, and what is left can still be read by the parsers. */
void redact_answer(struct str *out, struct slice text);

#endif
