/*
 * vrp_file - a validator's export of ROA payloads, read as it comes.
 *
 *	{"metadata": {...}, "roas": [{"asn": "AS64501", "prefix": "192.0.2.0/24", "maxLength": 24, "ta": "ripe"}, ...]}
 *
 * routinator writes the AS number as text with "AS" in front, rpki-client as a number; both call the time
 * differently ("generated", "generatedTime", "buildtime").  A row that cannot be read rejects the whole file: one
 * payload less could make a valid route invalid.
 */
#ifndef PEERDECK_SOURCES_VRP_FILE_H
#define PEERDECK_SOURCES_VRP_FILE_H

#include "core/base/err.h"
#include "core/base/str.h"
#include "core/model/vrp.h"

/* The table, or NULL.  *made_wall_ms: when the validator made it; -1 if the file does not say. */
struct vrp_table *vrp_file_read(const char *path, int64_t *made_wall_ms, struct err *e);
/* From memory (tests, fuzzing). */
struct vrp_table *vrp_file_parse(struct slice text, int64_t *made_wall_ms, struct err *e);

#endif
