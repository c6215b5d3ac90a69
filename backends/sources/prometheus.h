/*
 * prometheus - numbers about ports and neighbors from a Prometheus server, by queries that the operator wrote.
 *
 * GET /api/v1/query_range?query=&start=&end=&step= (Prometheus HTTP API).  Samples are strings; NaN and Inf are no
 * numbers; several series in one answer are a query that is not narrow enough, and no answer at all is unknown, never
 * zero.
 */
#ifndef PEERDECK_SOURCES_PROMETHEUS_H
#define PEERDECK_SOURCES_PROMETHEUS_H

#include "backends/sources/http.h"
#include "core/model/config.h"
#include "core/model/keeper.h"
#include "core/model/net.h"

enum { PROM_RECENT = 32 };

struct prom_series {
	double p95, mean, most, last;
	int64_t last_wall_ms;
	int64_t covered_s; /* samples times the step */
	size_t samples;
	struct prom_sample {
		int64_t wall_ms;
		double value;
	} recent[PROM_RECENT]; /* the newest ones, oldest first */
	size_t recent_count;
};

/* What stands for the places of a query; NULL: a query that has the place is not asked. */
struct prom_places {
	asn_t asn;
	const char *router, *neighbor, *interface, *description;
};
/* Fills the places in.  ERR_REFUSED: a place is not known, or its value could end a string in the query. */
int prom_fill(struct str *out, const char *query, const struct prom_places *p, struct err *e);

/* One answer of the server; step_s: what was asked for.  ERR_PARSE, ERR_DEVICE (the server's own error). */
int prom_read(struct slice body, int status, unsigned step_s, struct prom_series *out, struct err *e);

/* Keys are filled queries; answers are struct prom_series over the window.  conf, http outlive it.  NULL: no url. */
struct keeper *prom_keeper(const struct prometheus_conf *conf, struct http *http, struct err *e);

#endif
