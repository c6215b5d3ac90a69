/*
 * routes - prefixes by the hundred thousand, never held.
 *
 * A reader of routes hands each over as it comes, into a `struct route_out`; what is kept of them is a tally, of
 * fixed size however many there are.
 */
#ifndef PEERDECK_MODEL_ROUTES_H
#define PEERDECK_MODEL_ROUTES_H

#include "core/model/session.h"

struct report;

/* Which routes of one neighbor. */
enum route_side {
	ROUTES_RECEIVED,   /* before our policy */
	ROUTES_ACCEPTED,   /* after it */
	ROUTES_ADVERTISED, /* sent to the neighbor */
	ROUTE_SIDES,
};
const char *route_side_word(enum route_side side); /* "received" ... */
bool route_side_parse(const char *word, enum route_side *side);

/* Where a reader's routes go.  Slices live until `take` returns and are as printed: not safe text.  Unknown parts
 * are empty. */
struct route_out {
	void (*take)(void *ctx, struct slice prefix, struct slice next_hop, struct slice as_path);
	void *ctx;
	unsigned seen, parsed; /* what looked like a row, what could be read */
};
/* Counts the row and hands it over; `whole`: nothing of it that had to be there was missing. */
void route_out_row(struct route_out *o, bool whole, struct slice prefix, struct slice next_hop, struct slice as_path);

/* Into a report; the rows are the report's after route_out_report_end. */
struct route_out route_out_report(struct report *r);
void route_out_report_end(struct route_out *o);

enum { TALLY_HOPS = 32, TALLY_HOP_LEN = 64 };

struct route_tally {
	count_t total;             /* routes; a prefix with two paths counts twice */
	count_t of_length[2][129]; /* IPv4, IPv6, by prefix length */
	int longest[2];            /* -1: none of this kind */
	count_t odd;               /* no IPv4 or IPv6 prefix: VPN, EVPN ... */
	struct tally_hop {
		char words[TALLY_HOP_LEN]; /* safe text */
		count_t routes;
	} hops[TALLY_HOPS];        /* most frequent first, after tally_sort */
	size_t hop_count;
	count_t other_hops;        /* routes whose next hop found no room */
};
void tally_init(struct route_tally *t);
void tally_route(struct route_tally *t, struct slice prefix, struct slice next_hop);
void tally_sort(struct route_tally *t);
/* Routes longer than `len` of IPv4 (0) or IPv6 (1). */
count_t tally_longer(const struct route_tally *t, int kind, int len);

#endif
