/*
 * lookup - what PeeringDB says about networks, for commands that end: the cache first, then PeeringDB itself.
 */
#ifndef PEERDECK_APP_LOOKUP_H
#define PEERDECK_APP_LOOKUP_H

#include "app/options.h"
#include "backends/sources/pdb_ask.h"
#include "core/model/peer.h"
#include "core/model/registered.h"
#include "core/model/store.h"

struct lookup {
	struct config *config;
	struct store *store;
	struct http *http;   /* NULL until something is asked */
	struct pdb_ask *ask; /* likewise */
};

/* Reads the configuration and opens the cache; what is not well with the cache is said on stderr. */
int lookup_open(struct lookup *l, const struct options *o, struct err *e);
/* Makes l->ask ready.  `from`: a directory (nothing is asked), a URL of dump files (asked even if peeringdb is disabled: it
 * was named on the command line), or NULL for the API. */
int lookup_source(struct lookup *l, const char *from, struct err *e);
/* Asks PeeringDB for what the cache does not have, or has older than refresh_s; says on stderr what goes on.
 * -1: not all could be read (ERR_REFUSED if peeringdb is disabled); what is in the cache stays. */
int lookup_ask(struct lookup *l, const asn_t *asns, size_t n, const struct addr *addrs, size_t addr_count,
    unsigned refresh_s, struct err *e);
/* The networks as a set; our own network is always looked for.  One reference. */
struct peer_set *lookup_set(struct lookup *l, const asn_t *asns, size_t n, struct err *e);
/* What RDAP says of them, in the arena; `ask`: also what is not in the cache, else only what is.  What cannot be asked is
 * said on stderr.  NULL: not enabled. */
const struct registered_set *lookup_registered(struct lookup *l, const asn_t *asns, size_t n, bool ask, struct arena *a);
void lookup_close(struct lookup *l); /* fine on a zeroed struct */

/* "3h07 ago", or "never" if the time is not known. */
#define LOOKUP_AGE_LEN 40
char *lookup_age(int64_t wall_ms, char out[LOOKUP_AGE_LEN]);

#endif
