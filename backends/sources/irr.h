/*
 * irr - what the routing registries say may be announced: macros and AS numbers to sets of prefixes.
 *
 * `macros` is what PeeringDB's irr_as_set or a policy holds: one or several, parted by blanks or commas, each an
 * as-set ("AS-EXAMPLE", "AS64500:AS-CUSTOMERS"), an AS number, or a route-set, with or without the registry in front
 * ("RADB::AS-EXAMPLE").  The members of a macro are asked from the registry it names, prefixes from the sources.
 *
 * Anything that leaves the set incomplete is an error: an answer that is cut, an error of the server, a macro that is
 * not there, one with nothing behind it.  An AS number without any route object is none: alone, its set is empty.
 */
#ifndef PEERDECK_SOURCES_IRR_H
#define PEERDECK_SOURCES_IRR_H

#include "core/model/config.h"
#include "core/model/keeper.h"
#include "core/model/prefixset.h"

struct irr_expansion {
	struct prefixset *v4, *v6; /* without origins; never NULL */
	size_t origins;            /* AS numbers behind them */
};
void irr_expansion_free(struct irr_expansion *x); /* NULL is fine */

/* Asks now, in the caller's thread.  sources: NULL: as configured.  ERR_USAGE: `macros` holds none, or what is no macro
 * (the value is named). */
struct irr_expansion *irr_expand(const struct irr_conf *conf, const char *macros, const char *sources, int cancel_fd,
    struct err *e);

/* The first part of `macros` into *macro ("AS-EXAMPLE") and *source ("RADB", empty if none is named); false at the end.
 * Moves *rest on. */
bool irr_macro_next(struct slice *rest, struct slice *source, struct slice *macro);
/* True for what may be sent to a server as the name of a set or an AS number. */
bool irr_macro_valid(struct slice macro);

/* Keys of the keeper: "MACROS|SOURCES", the latter empty for the configured ones; answers are struct irr_expansion.
 * Answers are kept in the store of data_dir, with their age, so that a restart asks nothing again.  NULL: conf names no
 * host, or an error. */
struct keeper *irr_keeper(const struct irr_conf *conf, const char *data_dir, struct err *e);
void irr_key(char out[KEEPER_KEY_MAX + 1], const char *macros, const char *sources);

#endif
