/*
 * redact - text without what looks like a secret.
 */
#ifndef PEERDECK_ACT_REDACT_H
#define PEERDECK_ACT_REDACT_H

#include "core/base/str.h"

/* A copy of text with what looks like a secret (words after password, secret, key, md5 ...) replaced by <redacted>. */
void redact_text(struct str *out, const char *text);

#endif
