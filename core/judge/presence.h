/*
 * presence - where we and another network meet, which sessions are missing there, and where PeeringDB and the
 * routers disagree.
 *
 * Joins ports by LAN (ixlan) and buildings by facility, over net_id: a port belongs to
 * its network whatever its row's own AS number says.  Our side is what PeeringDB says of our AS and, where it
 * says nothing, what our routers show: a local address on a peering LAN, or a neighbor on one.
 *
 * Pure: pointers go into the peer_set, which must outlive it; the rest is the arena's.
 */
#ifndef PEERDECK_JUDGE_PRESENCE_H
#define PEERDECK_JUDGE_PRESENCE_H

#include "core/model/book.h"
#include "core/model/peer.h"

/* A session of one of our routers, with whomever. */
struct presence_seen {
	const char *router;
	struct addr peer, local; /* local: ADDR_NONE unknown */
	asn_t remote_as;
	enum afi_safi family;
	enum bgp_state state;
	count_t received;
};

struct presence_in {
	const struct peer_set *set;
	asn_t asn;
	const struct presence_seen *seen; /* all sessions of all routers that were read */
	size_t seen_count;
	bool all_read; /* no router is missing in `seen` */
	const struct book *book; /* with private peerings; NULL none */
};

/* A port of ours: a row of PeeringDB, or (row NULL) only seen on a router. */
struct own_port {
	const struct presence *row;
	struct addr ip4, ip6;
};

/* A session that could be: both sides have an address of that family on the LAN. */
struct meeting {
	const struct own_port *ours;
	const struct presence *theirs;
	int version;                      /* 4 or 6 */
	const struct presence_seen *seen; /* NULL: there is none from this port of ours */
	bool elsewhere; /* ours has none, but another port of ours has one to that address */
};

struct common_exchange {
	uint32_t ix_id, ixlan_id;
	struct text name;
	const struct exchange *exchange; /* NULL if PeeringDB's row is not known */
	const struct own_port *ours;
	size_t our_count;
	const struct presence **theirs;
	size_t their_count;
	struct meeting *meetings;
	size_t meeting_count, missing; /* missing: meetings without a session and not `elsewhere` */
};

struct common_facility {
	const struct site *ours, *theirs;
	const struct facility *facility; /* NULL if PeeringDB's row is not known */
};

/* A private peering, or a port that PeeringDB does not know, out of our own book. */
struct private_peering {
	const struct book_port *port;
	const struct presence_seen *seen; /* its session; NULL: none is seen, or the book does not say the address */
};

enum drift_kind {
	DRIFT_ADDRESS_GONE,    /* we have a session to an address on a LAN where PeeringDB lists no port of theirs */
	DRIFT_ADDRESS_CHANGED, /* it lists ports of theirs there, with other addresses */
	DRIFT_OTHER_ASN,       /* PeeringDB gives the address to another network than the router expects */
	DRIFT_NOT_OPERATIONAL, /* the port is marked as not operational */
	DRIFT_OVER_LIMIT,      /* more prefixes received than the network publishes as its limit */
	DRIFT_FAR_LIMIT,       /* the published limit is many times what is received */
	DRIFT_KINDS,
};
const char *drift_word(enum drift_kind k); /* "address-gone" */

struct drift {
	enum drift_kind kind;
	const struct presence_seen *seen; /* NULL: about a port without a session */
	const struct presence *port;      /* NULL none */
	const struct exchange *exchange;  /* NULL unknown */
	asn_t other;                      /* DRIFT_OTHER_ASN: whose it is */
	count_t limit;                    /* DRIFT_*_LIMIT */
	struct text words;                /* one sentence */
};

struct presence_view {
	asn_t asn;
	const struct peer *ours, *theirs; /* NULL: not known to PeeringDB, or not read */
	struct common_exchange *exchanges; /* sorted by ix_id, ixlan_id */
	size_t exchange_count;
	struct common_facility *facilities; /* sorted by fac_id */
	size_t facility_count;
	bool facilities_known; /* both sides' were read */
	struct private_peering *privates; /* in the book's order; also of a network that PeeringDB does not know */
	size_t private_count;
	struct drift *drifts;
	size_t drift_count;
	size_t missing; /* over all exchanges */
	bool all_read;
};

struct presence_view *presence_of(struct arena *a, const struct presence_in *in);
/* The last part of presence_of (presence_drift.c): fills v->drifts when all else is there. */
void presence_drift(struct arena *a, const struct presence_in *in, struct presence_view *v);

#endif
