/*
 * evidence - everything that a check of a peering policy may read about one network.
 *
 * Made afresh for each judgement, in one arena: app puts the sessions and rows of the world in (evidence_sessions,
 * evidence_peers), the collectors of prefixes, registries and counters add what they have, then the checks read.
 * Checks read nothing else.
 *
 * Everything is unknown until somebody says otherwise.  Whoever fills a part sets its basis: either known, with source
 * and time, or unknown, with what would make it known.  A part that is half read is unknown: it must never turn a pass
 * into a fail or a fail into a pass.
 *
 * Units: bit/s, milliseconds, seconds where the name ends in _s.  Pointers live as long as the arena and what it was
 * made from (snapshots, peer set, configuration); a verdict copies what it keeps.
 */
#ifndef PEERDECK_JUDGE_EVIDENCE_H
#define PEERDECK_JUDGE_EVIDENCE_H

#include "core/judge/ladder.h"
#include "core/model/peer.h"
#include "core/model/session.h"

/* What stands behind a value. */
struct basis {
	bool known;
	struct text source;  /* "r1: show bgp neighbors", "RADB", "PeeringDB net 14787"; also of a failed try */
	int64_t wall_ms;     /* when it was so; -1 nobody knows */
	struct text missing; /* if not known: what would make it known, as one does it: "add an irr block to the
	                      * configuration", "r1: neighbor 192.0.2.1 soft-reconfiguration inbound" */
};

/* Prefixes sorted into two or three heaps, with some of those that are not good. */
enum { EXAMPLES_MAX = 8 };
struct tally {
	struct basis basis;
	count_t good, bad, open;     /* what they mean stands where the tally stands */
	const struct text *examples; /* of the bad ones, at most EXAMPLES_MAX, "198.51.100.0/25 AS64501" */
	size_t example_count;
};

/* The routes of one session and family in one direction. */
struct prefix_facts {
	struct basis basis;        /* of count, longest, default_route, changes; not of the tallies */
	bool after_policy;         /* received: only what our import policy let in could be read */
	count_t count;             /* distinct prefixes */
	int longest;               /* bits, -1 no prefix */
	const count_t *of_length;  /* 129 counts by prefix length; NULL unknown */
	struct text longest_prefix; /* one of that length */
	const struct text *long_examples; /* some of the longest, longest first, at most EXAMPLES_MAX */
	size_t long_example_count;
	bool default_route;        /* 0.0.0.0/0 or ::/0 among them */
	count_t added, removed;    /* against the reading before; COUNT_UNKNOWN */
	/* Received: */
	struct tally registered;   /* good: a route object of the macro or the origin covers it exactly; bad: none */
	struct tally rpki;         /* RFC 6811: good valid, bad invalid, open not found */
	struct tally seen_elsewhere; /* good: also seen by a path that does not begin with this peer */
	struct tally next_hops;    /* routes whose next hop is good: the peer's address on this LAN; bad: another's */
	struct tally filter;       /* what the import filter lets in: good: in the expansion too; bad: not in it */
	/* Advertised: */
	struct tally own_macro;    /* good: in the expansion of our own macro at the policy's sources; bad: outside */
	/* Of what is advertised rpki, seen_elsewhere and next_hops say how the peer may see us, where its policy is asked:
	 * good next hops are our own address; open ones the router may still replace by its own as it sends. */
};

/* One round of probes from the router to the neighbor, or one sample of whoever else measures. */
struct quality_window {
	int64_t wall_ms; /* of its end */
	count_t sent, received;
	double min_ms, avg_ms, p95_ms, jitter_ms; /* -1 unknown */
	bool told;           /* packets are not counted: whoever measured tells the loss alone */
	double loss_percent; /* if told */
};
struct quality_facts {
	struct basis basis;
	const struct quality_window *windows; /* newest first */
	size_t window_count;
	double baseline_ms; /* the usual average of this neighbor; -1 unknown */
};

/* A port of ours that carries the traffic with this network. */
struct port_facts {
	struct basis basis;       /* of the rates */
	const char *router;
	struct text interface, description;
	enum tri private_port;    /* TRI_YES: nobody else's traffic is on it */
	int64_t speed_mbit;       /* -1 unknown */
	double in_p95_bps, out_p95_bps; /* 95th percentile over the window; -1 unknown */
	int64_t window_s, covered_s; /* asked for; really covered by samples */
};

/* Traffic of this network alone: private ports, or a query per AS.  In: from the network to us. */
struct traffic_facts {
	struct basis basis;
	double in_avg_bps, out_avg_bps, in_p95_bps, out_p95_bps; /* -1 unknown */
	int64_t window_s, covered_s;
	count_t samples;
	/* Several ports were counted each on its own: the percentile of all together is at least that of the fullest, and at
	 * most the sum, which then stands above. 0: one count, which is exact. */
	double in_least_bps, out_least_bps;
};

/* Traffic that the network sends us, by destination (flow data). */
struct flow_facts {
	struct basis basis;
	double unannounced_bps; /* to destinations that we do not announce to it; -1 unknown */
	double total_bps;
	struct text example;
};

struct evidence_session {
	const char *router, *os;
	const struct session *s;
	const struct exchange *exchange; /* by the peer's address; NULL: a private link, or not known */
	struct basis basis;        /* of what the snapshot says: "r1, read 12 s ago" */
	bool stale;                /* too old to be judged: what it says is unknown */
	struct prefix_facts received, advertised;
	struct quality_facts quality;
	int port;                  /* index into evidence.ports, -1 not known */
	enum tri was_established;  /* ever, as far as history goes */
	struct basis slope_basis;
	double slope_per_day;      /* received prefixes a day, over the history there is */
};

/* Are the same prefixes received at every point of interconnection? One per IP version. */
struct difference {
	size_t session;     /* index into evidence.sessions */
	count_t missing;    /* prefixes that others of this ASN and family have and this one has not */
	const struct text *examples;
	size_t example_count;
};
struct consistency {
	struct basis basis;
	size_t compared, unread; /* sessions that are up: set read; not read */
	struct text unread_missing; /* what would make one of those known */
	count_t total, in_all;   /* prefixes seen anywhere; seen at each */
	const struct difference *differences; /* only sessions that miss some, most first */
	size_t difference_count;
};

/* A pair of addresses on one exchange LAN: each of theirs where we are too. */
struct meeting {
	uint32_t ix_id, ixlan_id;
	struct text exchange;
	int ip;                  /* 4, 6 */
	struct addr peer;        /* theirs */
	enum tri operational;    /* of their port */
	enum tri rs_peer;
	int64_t speed_mbit, our_speed_mbit; /* -1 unknown; ours: all our ports there */
	int session;             /* index of a session with this address, -1 none on a router that we read */
};

/* A person's word for what no machine can see, and leave to fail.  `subject` is a clause id or a check's name. */
struct attestation {
	struct text subject, who, words;
	bool holds; /* "it is met" or "it is not met" */
	int64_t wall_ms, expires_wall_ms;
};
struct waiver {
	struct text subject, who, reason, id;
	int64_t wall_ms, expires_wall_ms;
};

struct evidence {
	asn_t asn, local_as;
	int64_t now_wall_ms;
	struct arena *arena;

	struct evidence_session *sessions; /* live ones; none for an applicant */
	size_t session_count;
	struct basis routers; /* known: all configured routers were read, so a session that is missing is missing */

	/* PeeringDB. */
	const struct peer *peer, *us; /* NULL: not read, or absent */
	struct basis peer_basis, us_basis;
	bool peer_absent;             /* PeeringDB was asked and does not have it */
	const struct ladder *ladder;  /* NULL: not built */
	struct meeting *meetings;
	size_t meeting_count;
	struct basis meetings_basis;

	/* Registries. */
	struct { struct basis basis; enum tri assigned; struct text registry; } registry; /* RIR status, RDAP autnum */
	struct basis rdap; /* known: RDAP was asked for an abuse contact; what it has is a rung of the ladder */
	/* What the network originates as the world sees it, for one without sessions; the tallies as in what is received. */
	struct { struct basis basis; count_t prefixes4, prefixes6; struct tally registered, rpki; } announced;
	struct { struct basis basis; enum tri seen; struct text where; } visible; /* the origin in a table, by a path not
	                                                                            * beginning with this peer */
	struct { struct basis basis; struct text macro, sources; count_t prefixes4, prefixes6, origins; } irr;
	struct { struct basis basis; count_t vrps; } vrps;
	struct { struct basis basis; struct text macro, sources; count_t prefixes4, prefixes6; } own_irr;

	struct consistency consistent[2]; /* IPv4, IPv6 */
	struct consistency sent[2];       /* likewise of what we advertise to the network, where its policy is asked */
	struct { struct basis basis; enum tri seen; struct text where; } own_visible; /* our own AS number, as in visible */
	struct traffic_facts traffic;
	struct flow_facts flow;
	const struct port_facts *ports;
	size_t port_count;

	/* Kept with the peer by people. */
	struct { struct basis basis; enum auth_kind kind; } agreed_auth;
	const struct attestation *attestations;
	size_t attestation_count;
	const struct waiver *waivers;
	size_t waiver_count;
};

/* All unknown; every part says in general words what would make it known. */
void evidence_init(struct evidence *ev, struct arena *a, asn_t asn, asn_t local_as, int64_t now_wall_ms);
/* Room for n sessions, each all unknown. */
void evidence_sessions(struct evidence *ev, size_t n);
void evidence_session_init(struct evidence_session *s);

/* A basis: known, from here, at this time. */
struct basis basis_known(struct evidence *ev, int64_t wall_ms, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));
/* A basis: unknown, and what would make it known. */
struct basis basis_missing(struct evidence *ev, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

#endif
