/*
 * journal_export - records of a time range for others: as they stand, or as a table.
 */
#ifndef PEERDECK_APP_COMMANDS_JOURNAL_EXPORT_H
#define PEERDECK_APP_COMMANDS_JOURNAL_EXPORT_H

#include "core/base/err.h"

#include <stdbool.h>
#include <stdint.h>

struct journal_range {
	int64_t from_ms, to_ms; /* of the records' own time; to_ms is not in it; 0: open */
	bool csv;               /* RFC 4180 with a header; else JSON lines, byte for byte */
};
/* To stdout. */
int journal_export(const char *path, const struct journal_range *range, struct err *e);

#endif
