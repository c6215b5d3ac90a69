/*
 * ripestat - is an AS number, are prefixes visible in the DFZ, as RIPE's route collectors see it?  Optional, off unless
 * configured.
 *
 * GET URL/routing-status/data.json?resource=AS64501 and URL/announced-prefixes/data.json?resource=AS64501 (RIPEstat
 * Data API).  The resource comes back as number or text; an answer about another one is none.
 */
#ifndef PEERDECK_SOURCES_RIPESTAT_H
#define PEERDECK_SOURCES_RIPESTAT_H

#include "backends/sources/http.h"
#include "core/model/config.h"
#include "core/model/keeper.h"
#include "core/model/prefixset.h"

struct ripestat_answer {
	/* routing-status: how many of the collectors' full-table peers see it; COUNT_UNKNOWN where not said */
	count_t seeing[2], total[2]; /* IPv4, IPv6 */
	/* announced-prefixes; NULL of the other kind */
	struct prefixset *v4, *v6;
};
void ripestat_answer_free(struct ripestat_answer *a); /* NULL is fine */

enum ripestat_call { RIPESTAT_STATUS, RIPESTAT_ANNOUNCED };
/* One answer about asn; NULL with the reason. */
struct ripestat_answer *ripestat_read(enum ripestat_call call, asn_t asn, int status, struct slice body, struct err *e);

void ripestat_key(char out[KEEPER_KEY_MAX + 1], enum ripestat_call call, asn_t asn);
/* Answers are struct ripestat_answer.  NULL: not enabled. */
struct keeper *ripestat_keeper(const struct ripestat_conf *conf, struct http *http, struct err *e);

#endif
