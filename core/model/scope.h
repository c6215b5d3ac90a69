/*
 * scope - a set of sessions that is meant as a whole: those of a network, an exchange, a router, a peer group.
 *
 * The console's key and the command line's options choose by the same rule,
 * so that "exchange DE-CIX Frankfurt" is the same sessions everywhere.  A
 * scope is evaluated against what is seen now; it holds no sessions.  Pure.
 */
#ifndef PEERDECK_MODEL_SCOPE_H
#define PEERDECK_MODEL_SCOPE_H

#include "core/model/world.h"

enum scope_kind {
	SCOPE_NONE,
	SCOPE_AS,       /* every session with that network */
	SCOPE_EXCHANGE, /* neighbor address inside the exchange's LANs, over all routers */
	SCOPE_ROUTER,   /* every session of a router */
	SCOPE_GROUP,    /* of a peer group or template, by its name on the router */
	SCOPE_KINDS,
};

struct scope {
	enum scope_kind kind;
	asn_t asn;       /* SCOPE_AS */
	uint32_t ix_id;  /* SCOPE_EXCHANGE: PeeringDB's; 0: a LAN that only routers' blocks name */
	char name[80];   /* of the exchange or the group, as shown; of the network, "" unknown */
	char router[64]; /* "": on any; SCOPE_ROUTER: which */
};

/* The scope of this kind that the row belongs to; false if there is none (on no exchange, in no group). */
bool scope_of_row(enum scope_kind kind, const struct world_session *row, struct scope *out);
bool scope_holds(const struct scope *s, const struct world_session *row);
/* "exchange DE-CIX Frankfurt", "AS64501 Example Net", "router edge1", "peer group IX-PEERS on edge1". */
void scope_words(const struct scope *s, char *out, size_t size);
/* What an operator may type to mean it: "DE-CIX Frankfurt", "AS64501", "edge1". */
void scope_name(const struct scope *s, char *out, size_t size);

/* The neighbors (not families) of rows that the scope holds, and on how many routers. */
struct scope_size {
	size_t sessions, routers;
};
struct scope_size scope_size(const struct scope *s, const struct world_session *rows, size_t count);
/* "41 sessions on 3 routers" */
void scope_size_words(struct scope_size n, char *out, size_t size);

/* The exchange of a row by the name in its router's block, where PeeringDB knows none: NULL if it is on none.  With
 * exchange-lan the address must be inside; without, every session with another AS counts. */
const char *scope_local_exchange(const struct world_session *row);

#endif
