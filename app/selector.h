/*
 * selector - which sessions a command is about.
 *
 *	ROUTER/NEIGHBOR     the neighbor's address, or its name on the router
 *	AS<n>               every session with that network
 *	AS<n>@ROUTER        those on one router
 *	ix:<name or id>     every session on the LAN of an exchange
 *	router:<name>       every session of a router
 *	group:<name>        every session of a peer group or template; group:<name>@ROUTER those on one router
 *
 * Pure: from words and what is seen to rows.  A selector that matches nothing is
 * an error that says what there is.
 */
#ifndef PEERDECK_APP_SELECTOR_H
#define PEERDECK_APP_SELECTOR_H

#include "core/base/err.h"
#include "core/model/scope.h"
#include "core/model/world.h"

/* The forms, for the help of commands. */
#define SELECTOR_HELP \
	"  ROUTER/NEIGHBOR    the neighbor's address, or its name on the router\n" \
	"  AS64501            every session with that network; AS64501@ROUTER: those of one router\n" \
	"  ix:NAME            every session on the LAN of an exchange (its name or PeeringDB id)\n" \
	"  router:NAME        every session of a router\n" \
	"  group:NAME         every session of a peer group; group:NAME@ROUTER: those of one router\n"

enum selector_kind {
	SELECT_NEIGHBOR,
	SELECT_AS,
	SELECT_EXCHANGE,
	SELECT_ROUTER,
	SELECT_GROUP,
};

struct selector {
	enum selector_kind kind;
	const char *text;  /* as written; must outlive the selector */
	char router[64];   /* "": any */
	char neighbor[64]; /* SELECT_NEIGHBOR: as written */
	struct addr peer;  /* the same, if it is an address */
	asn_t asn;
	const char *exchange; /* SELECT_EXCHANGE: points into text */
	char group[80];       /* SELECT_GROUP */
};

/* Reads the words; -1 with ERR_USAGE that tells the forms. */
int selector_parse(const char *text, struct selector *out, struct err *e);
/* Router and exchange are known; -1 with ERR_USAGE that tells what is.  w->peers may be NULL. */
int selector_check(const struct selector *sel, const struct world *w, struct err *e);
bool selector_matches(const struct selector *sel, const struct world *w, const struct world_session *row);

/* All rows that any of the selectors names (no selectors: all), in the order of `rows`; *out is allocated.
 * -1 with ERR_USAGE when a selector is wrong or matches none. */
int selector_pick(const char *const *words, size_t word_count, const struct world *w,
    const struct world_session *rows, size_t row_count, const struct world_session ***out, size_t *count,
    struct err *e);
/* The scope that a selector names: SCOPE_NONE for one neighbor. */
void selector_scope(const struct selector *sel, const struct world *w, struct scope *out);
/* The only router that the selectors can be about, NULL if there may be several. */
const char *selector_router(const struct selector *sels, size_t count);

#endif
