/*
 * metrics - the frozen present in OpenMetrics text, for a Prometheus that keeps the long history.
 *
 * OpenMetrics 1.0: families with HELP and TYPE, counters end in _total, the last
 * line is "# EOF".  What is not known has no sample: never a zero.  The sessions of
 * a router whose data are stale have none either, because a scrape gives every
 * sample the time of the scrape; the age of the look is told instead.
 *
 * Cardinality is what the routers have: one series per session and family in each
 * peerdeck_session_* family, one per router, one per kind of event.  Words that
 * anybody can change (descriptions, messages, reasons) are never labels.
 */
#ifndef PEERDECK_JUDGE_METRICS_H
#define PEERDECK_JUDGE_METRICS_H

#include "core/model/world.h"

enum { METRICS_SESSIONS_MAX = 50000, METRICS_OCTETS_MAX = 64 << 20 };
#define METRICS_CONTENT_TYPE "application/openmetrics-text; version=1.0.0; charset=utf-8"

/* What the world does not say by itself. */
struct metrics_more {
	const uint64_t *events; /* EVENT_KINDS counts since the start; NULL unknown */
	bool ledger_known;      /* journal and ledger were read */
};

/* What an exposition tells, cut out of the world: it stays what it was while the world goes on (it holds the snapshots;
 * routers' names are the configuration's).  Cutting is short, writing is long and may be done in any thread. */
struct metrics_cut;
struct metrics_cut *metrics_cut_new(const struct world *w, const struct metrics_more *more);
void metrics_cut_write(const struct metrics_cut *c, struct str *out); /* as metrics_write */
void metrics_cut_free(struct metrics_cut *c); /* in any thread; NULL is fine */

/* The whole exposition.  Init `out` with METRICS_OCTETS_MAX; when it is `over` nothing may be served of it. */
void metrics_write(const struct world *w, const struct metrics_more *more, struct str *out);

#endif
