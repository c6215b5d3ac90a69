/*
 * peeringdb - keeps what PeeringDB says about the networks that are seen.
 *
 * A thread of its own reads the cache, asks PeeringDB for what is missing or
 * old, and posts a frozen peer_set (MSG_PEERS) at the start and whenever data
 * or the state of the source changed.  When PeeringDB is away the cache goes
 * on serving, and the set's `state` says so in one line.
 */
#ifndef PEERDECK_SOURCES_PEERINGDB_H
#define PEERDECK_SOURCES_PEERINGDB_H

#include "backends/sources/http.h"
#include "core/model/config.h"
#include "core/model/inbox.h"

struct pdb;

/* `conf`, `in` and `http` must outlive it.  With conf->pdb.enabled false only the cache is read and http may
 * be NULL.  NULL only if no thread can be had. */
struct pdb *pdb_start(const struct config *conf, struct inbox *in, struct http *http, struct err *e);
/* Ends at once, whatever is under way.  NULL is fine. */
void pdb_stop(struct pdb *p);
/* From now on these networks and neighbor addresses are of interest; replaces the former ones.  Cheap when nothing
 * is new. */
void pdb_want(struct pdb *p, const asn_t *asns, size_t asn_count, const struct addr *addrs, size_t addr_count);
/* Looks for networks in the cache (pdb_find.h); the next set has what was found.  An AS number that the cache does not know
 * is asked for. */
void pdb_seek(struct pdb *p, const char *words);
/* Reads whole tables, or what changed in them, in a thread of its own; MSG_TEXT tells how far it is, sets go on coming.
 * ERR_REFUSED if it is at it already, or if PeeringDB is disabled. */
int pdb_sync_tables(struct pdb *p, struct err *e);
/* Asks again for all of them, but not within an hour without a key (a minute with one): the server's own
 * limit for the same question. */
void pdb_refresh(struct pdb *p);

#endif
