/*
 * question - what one neighbor is asked beyond the polls: its routes, a ping, the interface toward it.
 *
 * The router's worker asks, between polls, over the link that is open.  Until the answer is posted (MSG_ASKED) the
 * question belongs to the worker; then it is its asker's again, with the answer or the error in it.
 */
#ifndef PEERDECK_LINK_QUESTION_H
#define PEERDECK_LINK_QUESTION_H

#include "backends/link/link.h"
#include "core/model/config.h"
#include "core/model/driver.h"

enum question_kind { ASK_ROUTES, ASK_PING, ASK_INTERFACE };

struct question {
	enum question_kind kind;
	/* the neighbor; texts are copies */
	struct addr peer, local;
	enum afi_safi family;
	char vrf[64], handle[64]; /* "": default, none */
	enum route_side side; /* ASK_ROUTES */
	unsigned count;       /* ASK_PING: packets */
	/* ASK_ROUTES: each route as it comes, in the worker's thread; NULL: only counted.  As in struct route_out. */
	void (*each)(void *ctx, struct slice prefix, struct slice next_hop, struct slice as_path);
	void *each_ctx;

	/* Called in the thread that takes the inbox (the console's) once it is answered or given up; owns q from then on.
	 * NULL: whoever waits for MSG_ASKED takes it. */
	void (*answered)(void *ctx, struct question *q);
	void *answered_ctx;
	/* May be NULL.  Called as it is freed, answered or not: a console that ends takes no more answers. */
	void (*gone)(void *answered_ctx);

	/* the answer */
	struct err err;       /* ERR_NONE: there is one */
	const char *note;     /* what must be known about it; NULL nothing */
	struct str asked;     /* the command as sent */
	struct route_tally tally;
	unsigned rows_seen, rows_parsed;
	struct report *report; /* ping, interfaces */
	int64_t answered_wall_ms; /* of a recording: when the answer was there; 0: just now */
	/* set by the worker while it asks */
	struct route_out out;
};

struct question *question_new(enum question_kind kind, const struct session *about);
void question_free(struct question *q); /* NULL is fine */

struct cli;
/* Asks now; the answer or the error goes into q. Returns q->err.code == ERR_NONE ? 0 : -1. */
int question_ask(struct question *q, struct link *link, struct cli *cli, const struct router_conf *conf,
    const struct driver *driver);

/* A template with all places filled ("show bgp {family} neighbors {neighbor} routes"); `interface` and `count` may be
 * NULL and 0.  Parts in brackets go when {local} or {interface} in them is not known. */
int question_fill(const struct question *q, const char *tmpl, const char *interface, struct str *out, struct err *e);

#endif
