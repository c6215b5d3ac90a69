/*
 * peer - a network as others describe it: names, contacts, published limits, presence.
 *
 * A peer_set is frozen like a snap: built by the PeeringDB source from its
 * cache, posted to the inbox, read by anyone, freed with the last reference.
 */
#ifndef PEERDECK_MODEL_PEER_H
#define PEERDECK_MODEL_PEER_H

#include "core/base/text.h"
#include "core/model/net.h"
#include "core/model/session.h"

#include <stdatomic.h>

struct contact {
	struct text role; /* NOC, Technical, Maintenance, Policy, Abuse, ... as PeeringDB names them */
	struct text name, phone, email, url, visible;
	int64_t read_wall_ms;    /* when we read it */
	int64_t updated_wall_ms; /* -1 unknown */
};

/* One port of the network at an exchange (a netixlan row with its ix). */
struct presence {
	uint32_t id; /* of the row */
	uint32_t ix_id, ixlan_id;
	struct text ix_name, notes;
	asn_t asn;            /* of the row; another than the network's in some: ports belong to it by net_id */
	struct addr ip4, ip6; /* ADDR_NONE where null */
	int64_t speed_mbit;   /* -1 unknown */
	enum tri rs_peer, operational, bfd;
	int64_t read_wall_ms, updated_wall_ms; /* -1 unknown */
};

/* The network at a facility (a netfac row). */
struct site {
	uint32_t fac_id;
	struct text name, city, country;
	int64_t read_wall_ms, updated_wall_ms;
};

enum contacts_seen {
	CONTACTS_UNKNOWN = 0,   /* never asked */
	CONTACTS_PUBLIC_ONLY,   /* read without a key: others may exist ("key needed") */
	CONTACTS_ALL,           /* read with a key, or from a full snapshot */
};
/* "public only: a key may show more" ... in words for a status line or a table cell. */
const char *contacts_seen_words(enum contacts_seen c);

struct peer {
	asn_t asn;
	uint32_t net_id;
	struct text name, aka, name_long, website, looking_glass;
	struct text policy_general, policy_url, info_type, info_traffic, info_scope, notes;
	struct text irr_as_set, status_dashboard, route_server;
	struct text info_ratio, policy_locations, policy_contracts, rir_status;
	struct text org_name;                     /* unknown unless whole tables were read */
	enum tri policy_ratio, never_via_rs, info_ipv6, info_unicast, info_multicast;
	uint32_t org_id;                          /* 0 unknown */
	count_t ix_count, fac_count;              /* as PeeringDB counts them */
	count_t info_prefixes4, info_prefixes6; /* COUNT_UNKNOWN where null */
	enum contacts_seen contacts_seen;
	const struct contact *contacts; /* ladder order: NOC, Technical, Maintenance, Policy, Abuse, rest */
	size_t contact_count;
	const struct presence *presence;
	size_t presence_count;
	bool sites_known;       /* its facilities were read: none is then none */
	const struct site *sites; /* sorted by fac_id */
	size_t site_count;
	int64_t fetched_wall_ms; /* when we read it; age is shown */
	int64_t updated_wall_ms; /* when PeeringDB says it changed */
};

struct exchange {
	uint32_t ix_id, ixlan_id;
	struct text name, name_long, city, country, website, status_dashboard;
	struct text tech_email, tech_phone, policy_email, policy_phone;
	struct text aka, media, service_level, sales_email, sales_phone;
	asn_t rs_asn;      /* of the LAN's route servers; ASN_UNKNOWN not told */
	count_t mtu, net_count;
	const struct prefix *prefixes; /* peering LANs */
	size_t prefix_count;
	int64_t read_wall_ms, updated_wall_ms; /* -1 unknown */
};

/* A building (a fac row). */
struct facility {
	uint32_t fac_id;
	struct text name, aka, city, country, website, status_dashboard;
	struct text tech_email, tech_phone, sales_email, sales_phone;
	int64_t read_wall_ms, updated_wall_ms; /* -1 unknown */
};

/* A network that was looked for and found in the cache, with or without a session. */
struct found_peer {
	asn_t asn;
	struct text how; /* "name", "address", "as-macro", "exchange", "asn" */
};

struct peer_index; /* prefixes for fast look-up, made by peer_set_index */

struct peer_set {
	atomic_uint refs;
	const struct peer *peers; /* sorted by asn */
	size_t peer_count;
	const struct exchange *exchanges; /* sorted by ix_id, ixlan_id */
	size_t exchange_count;
	const struct facility *facilities; /* those that the peers name and that were read, sorted by fac_id */
	size_t facility_count;
	asn_t own_asn; /* our network is one of the peers, if it was found: peer_set_own */
	const struct found_peer *found; /* best first; what the operator looked for last */
	size_t found_count;
	uint64_t found_serial;     /* grows with every search: a result that is there is told from one that is awaited */
	const struct peer_index *index; /* NULL: addresses are looked up the slow way */
	const asn_t *absent; /* sorted: PeeringDB was asked and has no such network */
	size_t absent_count;
	struct text state; /* one line: "PeeringDB: cache of 2026-.. , throttled until .." ; empty when fine */
	int64_t oldest_wall_ms; /* oldest peer row; 0 when empty */
	struct arena *arena;
};

struct peer_set *peer_set_ref(struct peer_set *s);
void peer_set_unref(struct peer_set *s); /* NULL is fine */
/* For who builds a set: an empty one with one reference and an arena; fill, sort, index, then share. */
struct peer_set *peer_set_new(void);
/* Builds the index from the exchanges' prefixes and, for addresses that no prefix holds, from presence. */
void peer_set_index(struct peer_set *s);
/* Puts contacts into ladder order: NOC, Technical, Maintenance, Policy, Abuse, then the rest; stable. */
void peer_contacts_sort(struct contact *contacts, size_t n);
/* All accept a NULL set and give NULL (or false). */
const struct peer *peer_set_find(const struct peer_set *s, asn_t asn);
/* Our own network: its ports and facilities say where we are. */
const struct peer *peer_set_own(const struct peer_set *s);
const struct facility *peer_set_facility(const struct peer_set *s, uint32_t fac_id);
/* The first LAN of an exchange, or one LAN of it (ixlan_id not 0). */
const struct exchange *peer_set_exchange(const struct peer_set *s, uint32_t ix_id, uint32_t ixlan_id);
/* True if PeeringDB was asked about this network and does not have it. */
bool peer_set_absent(const struct peer_set *s, asn_t asn);
/* The exchange whose peering LAN holds the address; longest prefix wins. */
const struct exchange *peer_set_exchange_of(const struct peer_set *s, const struct addr *a);
/* By ix id ("26") or name (case-insensitive, exact first, then unique substring). */
const struct exchange *peer_set_exchange_named(const struct peer_set *s, const char *name);
/* The published prefix limit for a family: info_prefixes4 or 6. */
count_t peer_published_limit(const struct peer *p, enum afi_safi family);

#endif
