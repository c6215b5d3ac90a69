/*
 * rpki - the one table of ROA payloads of a program, from a file or an RTR cache, kept by a keeper.
 */
#ifndef PEERDECK_SOURCES_RPKI_H
#define PEERDECK_SOURCES_RPKI_H

#include "core/model/config.h"
#include "core/model/keeper.h"
#include "core/model/vrp.h"

/* Its only key; the answer is a struct vrp_table, as of when the validator made it. */
#define RPKI_KEY "vrps"

/* NULL: conf names no source, or an error.  A file that has not changed is not read again. */
struct keeper *rpki_keeper(const struct rpki_conf *conf, struct err *e);

#endif
