/*
 * refusal - the device said no, in its own words.
 *
 * A reader that found nothing asks here whether the answer is an error of the device: "% Invalid input
 * detected", "syntax error", "Error: Unrecognized command", "MINOR: CLI ...", "bad command name".
 */
#ifndef PEERDECK_PARSE_REFUSAL_H
#define PEERDECK_PARSE_REFUSAL_H

#include "core/base/err.h"
#include "core/base/scan.h"

/* True if this line is an error of a device; syslog lines ("%BGP-5-ADJCHANGE") are none. */
bool refusal_line(struct slice line);
/* -1 always: ERR_DEVICE with the device's words if the answer holds such a line, else ERR_PARSE
 * "no WHAT in the answer", with the beginning of the answer. */
int refusal_or_not_found(struct slice out, const char *what, struct err *e);

#endif
