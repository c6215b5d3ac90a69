/*
 * output_findings - what doctor found out, one line each: how bad, about what, and what to do.
 *
 * Printed as they come, or kept for JSON.
 */
#ifndef PEERDECK_APP_OUTPUT_FINDINGS_H
#define PEERDECK_APP_OUTPUT_FINDINGS_H

#include "core/base/err.h"

#include <stdbool.h>
#include <stddef.h>

enum finding { FINDING_OK, FINDING_WARN, FINDING_FAIL };

struct findings;

struct findings *findings_new(bool json);
/* about: "config", "journal", a router's name ...; advice may be NULL.  Words may come from outside: they are made
 * safe here. */
void findings_add(struct findings *f, enum finding level, const char *about, const char *advice, const char *fmt, ...)
    __attribute__((format(printf, 5, 6)));
size_t findings_count(const struct findings *f, enum finding level);
/* Prints the JSON, or the sums, and frees. -1: ERR_IO. */
int findings_end(struct findings *f, struct err *e);

#endif
