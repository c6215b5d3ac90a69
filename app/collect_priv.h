/*
 * What the files of collect share:
 *
 *	collect.c          rounds; beginning and end
 *	collect_places.c   neighbors, as the snapshots show them
 *	collect_turn.c     whose turn it is
 *	collect_wants.c    what the slow sources are asked
 *	collect_answers.c  what routers answered
 *	collect_digest.c   a session's prefixes against registries, payloads and other tables
 *	collect_compare.c  the sessions of a network with one another
 *	collect_work.c     the thread in which both is done
 *	collect_fill.c     into struct evidence; collect_quality.c, collect_traffic.c
 *	collect_applicant.c  what is known of a network without sessions
 *	collect_rdap.c     what a registry says, as a set
 *	collect_lines.c    how the collecting goes, in words
 */
#ifndef PEERDECK_APP_COLLECT_PRIV_H
#define PEERDECK_APP_COLLECT_PRIV_H

#include "app/collect.h"
#include "app/collect_work.h"
#include "core/judge/pace.h"
#include "core/model/keeper.h"
#include "core/model/prefixset.h"
#include "core/model/vrp.h"

#include <uthash.h>

enum { PROBES_KEPT = 64, UNSEEN_MAX = 40, PAST_SUM_MAX = 16 /* ports of a network as one series */ };

/* One side of one session. */
struct side {
	struct prefixset *set;  /* NULL: never read */
	int64_t read_wall_ms;
	count_t added, removed; /* against the reading before */
	count_t count_then;     /* what the session's counter said when it was read */
	struct tally_hop *hops; /* TALLY_HOPS of them */
	size_t hop_count;
	count_t other_hops;
	struct long_prefix {
		struct prefix p;
		asn_t origin;
	} longest[EXAMPLES_MAX]; /* some of the longest prefixes of the set */
	size_t longest_count;
	bool origins;           /* the answer told AS paths */
	struct err err;         /* of the last try */
	int64_t tried_wall_ms, due_boot_ms;
	unsigned failures;
	bool wanted_now, tried;
};

struct heap {
	count_t good, bad, open;
	struct prefix examples[EXAMPLES_MAX];
	asn_t origins[EXAMPLES_MAX];
	size_t example_count;
};
/* What a set was held against, and how it came out. */
struct digest {
	const void *set, *expansion, *vrps; /* only to be compared; NULL: not held against it yet */
	int64_t irr_as_of, vrps_as_of;
	uint64_t others; /* stamp of all sets */
	uint64_t stat_stamp;
	bool busy;       /* a job is under way */
	struct heap registered, rpki, elsewhere;
	bool full_table; /* another session tells a table that is large enough for its silence to mean something */
	bool any_other;
	/* Origins of prefixes that the macro does not hold: their own route objects count as well. */
	asn_t stray[UNSEEN_MAX];
	size_t stray_count, stray_done; /* done: answered when it was made */
	/* Origins of prefixes that no other session tells; `all`: none beyond these. */
	asn_t unseen[UNSEEN_MAX];
	size_t unseen_count;
	bool unseen_all;
	/* The same prefixes as RIPEstat sees them. */
	bool asked_stat;     /* every origin was answered */
	struct heap stat;
};

struct place {
	char *key;
	const char *router; /* the configuration's */
	size_t lane;        /* of the router */
	char vrf[64], neighbor[64], handle[64];
	enum afi_safi family;
	asn_t asn;
	bool internal; /* a session of our own network */
	bool present, up;
	uint64_t seen; /* generation of the snapshot that has it */
	struct place *lane_prev, *lane_next;
	int64_t up_since_wall_ms; /* -1 unknown */
	struct session about;  /* enough for a question; its texts point into this place */
	struct side sides[ROUTE_SIDES];
	struct digest received, accepted, advertised, mirrored;
	/* The same neighbor's session of the other family, which one ping reaches as well; NULL none.  Of both, the IPv4 one
	 * is the one that is pinged: see place_prober. */
	struct place *twin;
	/* probes */
	struct quality_window probes[PROBES_KEPT]; /* ring */
	size_t probe_count, probe_next;
	struct err probe_err;
	int64_t probe_due_ms, probe_wall_ms;
	unsigned probe_failures;
	bool probe_now;
	/* the port toward it */
	char iface[64], description[120];
	char *sums[2]; /* the private ports of the network together, in and out, as the history is asked; held by the first port */
	bool leads; /* of the neighbors behind one port this one is asked for its counters */
	int64_t speed_bps; /* -1 unknown */
	count_t in_octets, out_octets; /* when last read */
	int64_t port_boot_ms, port_wall_ms, port_due_ms, found_boot_ms;
	struct err port_err;
	unsigned port_failures;
	bool port_now;
	/* the question under way */
	bool asking;
	unsigned pinned; /* jobs that will come back to it */
	const struct question *question; /* only to be compared */
	struct prefixset_builder *builder;
	size_t odd;       /* routes whose prefix could not be read */
	bool saw_origin;
	UT_hash_handle hh;
};

/* A router: one question at a time. */
struct lane {
	const char *router;
	struct pace pace;
	bool ready;
	struct place *first, *last;
	uint64_t seen;    /* generation of the snapshot whose sessions were last looked at; 0 none */
	uint64_t seeing;  /* of the one that is being gone through */
	size_t seen_rows; /* of it */
};

/* What a round does, in this order; each may need several calls. */
enum collect_stage { COLLECT_REST, COLLECT_SEE, COLLECT_WANT, COLLECT_PAST, COLLECT_SERVE };

/* What is derived for a network as a whole, while nothing it was made of changes. */
struct network {
	asn_t asn;
	uint64_t stamp, round; /* of the sets that it was made of; 0 never */
	bool busy, mirrored;
	enum tri seen;
	const char *seen_router;
	char seen_neighbor[64];
	int64_t seen_wall_ms;
	struct {
		size_t compared;
		char **keys; /* of places, in the order of `missing` */
		struct prefixset_missing *missing;
		count_t total, in_all;
		int64_t oldest_wall_ms; /* of the sets that were compared */
	} consistent[4]; /* received IPv4, IPv6; advertised likewise, if mirrored */
	UT_hash_handle hh;
};

/* What every session tells, as it is at one time: shared by the jobs of that time. */
struct others {
	unsigned refs; /* of the thread that gives jobs and takes them back */
	uint64_t stamp;
	size_t count;
	struct other {
		struct prefixset *set;
		asn_t asn;
		const char *router;
		char neighbor[64];
		int64_t read_wall_ms;
	} *sets; /* larger first */
};

struct collect {
	struct collect_way way;
	struct work *work; /* NULL: no thread */
	struct others *others;
	uint64_t sets;     /* changes when any session tells other prefixes, comes up or goes */
	uint64_t stat_stamp;
	struct place *places;
	struct network *networks;
	struct lane *lanes;
	size_t lane_count;
	uint64_t generation; /* of all sets */
	uint64_t round;      /* of wants */
	bool ports_moved;
	struct keeper *irr, *rpki, *prometheus, *ripestat, *rdap, *past;
	char *own_macro, *own_sources;
	char applicant[KEEPER_KEY_MAX + 1]; /* of a network that is no neighbor: its macros; "" none */
	asn_t applicant_asn;
	int64_t tick_due_ms, wants_due_ms;
	enum collect_stage stage;
	struct place *past_next; /* whose past is wanted next */
	bool past_begun;         /* in this round of wants */
	size_t serve_at;         /* lane */
};

/* What is done a little at a time takes from *left about the microseconds that it needs, and returns true when it is
 * through. */

/* collect_places.c */
/* Takes in new snapshots. */
bool collect_see(struct collect *c, const struct world *w, long *left);
/* As many prefixes as the session's counters say; COUNT_UNKNOWN. */
count_t collect_count(const struct session *s, enum route_side side);
void collect_place_free(struct collect *c, struct place *p);
struct place *collect_place(struct collect *c, const char *router, const struct session *s);
/* Who holds the probes of this neighbor: itself, or its twin. */
struct place *place_prober(struct place *p);
struct lane *collect_lane(struct collect *c, const char *router);
/* Chooses anew which neighbor of each port leads. */
void collect_choose_leads(struct collect *c);
/* Keys of the past: SERIES and a window. */
void past_key(char out[KEEPER_KEY_MAX + 1], const char *series, int64_t window_s);
void place_series(char out[HISTORY_NAME_MAX + 1], const char *kind, const struct place *p, const char *what);
void session_series(char out[HISTORY_NAME_MAX + 1], const struct place *p, const char *what); /* as console_history_series */
void port_series(char out[HISTORY_NAME_MAX + 1], const struct place *p, const char *what);

/* collect_wants.c: what the slow sources are to be asked. */
void collect_sources_start(struct collect *c, struct err *e);
void collect_sources_stop(struct collect *c);
void collect_want(struct collect *c, const struct world *w);
bool collect_want_past(struct collect *c, long *left);
/* The macros to expand for a network: what PeeringDB publishes and its own AS number. */
void collect_macros(char out[KEEPER_KEY_MAX + 1], const struct peer *peer, asn_t asn);

/* A configured query (NULL: false) filled in for a place; false: not asked, with the reason. */
bool collect_prom_key(const struct collect *c, const struct place *p, const char *query, char out[KEEPER_KEY_MAX + 1], struct err *e);

/* collect_turn.c */
/* Asks what is due, lane by lane. */
bool collect_serve(struct collect *c, int64_t now_boot_ms, long *left);

/* collect_rdap.c */
void collect_want_rdap(struct collect *c);

/* collect_answers.c */
void collect_ask_routes(struct collect *c, struct place *p, enum route_side side);
void collect_ask_probe(struct collect *c, struct place *p);
void collect_ask_port(struct collect *c, struct place *p);

/* Changes with every answer of RIPEstat. */
uint64_t collect_stat_stamp(const struct collect *c);

/* collect_digest.c: made afresh where something changed, and there once the job is done. */
/* What another network lets us see: before our policy if that can be read. */
const struct prefixset *place_told(const struct place *q);
struct others *collect_others(struct collect *c); /* a reference */
void others_unref(struct others *o);
void digest_received(struct collect *c, struct place *p, const struct kept_view *irr, const struct kept_view *vrps);
/* Only against registries: what is advertised, and what our import filter lets in. */
/* The key of an origin's own route objects. */
void stray_key(char out[KEEPER_KEY_MAX + 1], asn_t origin);
/* by_origin: route objects of an origin outside of the list count as well. */
void digest_listed(struct collect *c, struct place *p, struct digest *d, const struct prefixset *set, const struct kept_view *irr,
    bool by_origin);
/* What we advertise, against payloads and other paths: as the peer could judge it.  Prefixes without an AS path are ours. */
void digest_mirror(struct collect *c, struct place *p, const struct kept_view *vrps);
/* A set that was read, taken in. */
struct read_set {
	struct prefixset *set; /* the taker's */
	count_t added, removed; /* against the one before */
	struct long_prefix longest[EXAMPLES_MAX];
	size_t longest_count;
};
/* Freezes what p->builder has; equal sets are held once.  Calls `then` with it; owns q. */
void digest_set(struct collect *c, struct place *p, struct question *q,
    void (*then)(struct collect *c, struct place *p, struct question *q, const struct read_set *r));

/* collect_compare.c */
const struct network *digest_network(struct collect *c, asn_t asn);
struct network *collect_network(struct collect *c, asn_t asn); /* made if there is none; nothing is derived */
void digest_free(struct collect *c);

void digest_against(const struct prefixset *set, const struct prefixset *list, struct heap *h); /* adds */
/* As if asn were the origin of all of them; adds. */
void digest_validate(const struct vrp_table *vrps, const struct prefixset *set, asn_t asn, struct heap *h);

/* collect_fill.c */
void collect_take_heap(struct evidence *ev, struct tally *t, const struct heap *h);
struct basis collect_no_answer(struct evidence *ev, const struct kept_view *v); /* why there is none (yet) */
bool collect_stale(const struct collect *c, const struct kept_view *vrps, int64_t now_wall_ms);

/* "r1 192.0.2.7": whom a reading was about. */
const char *collect_about(struct evidence *ev, const struct place *p);
/* collect_quality.c */
void collect_take_quality(struct collect *c, struct evidence *ev, const struct place *p, struct quality_facts *q);
void collect_take_past(struct collect *c, struct evidence *ev, const struct place *p, struct evidence_session *s);
/* collect_traffic.c: `at` by session, NULL where nothing is collected; `any` of the network. */
void collect_take_traffic(struct collect *c, struct evidence *ev, struct place *const *at, const struct place *any);

/* collect_applicant.c */
void collect_take_world(struct collect *c, struct evidence *ev, const struct kept_view *irr, const struct kept_view *vrps);

/* past.c: what the history says of a series over a window. */
struct past {
	double p95, mean; /* -1: nothing */
	int64_t covered_ms;
	count_t samples;
	double slope_per_day; /* of the values; 0 with less than two */
	bool slope_known;
	bool ever_established; /* a series of states held BGP_ESTABLISHED */
	struct quality_window *windows; /* of PAST_PROBES, newest first; the rest is then 0 */
	size_t window_count;
};
/* The key of a neighbor's last windows of probes, which survive a restart. */
void past_probes_key(char out[KEEPER_KEY_MAX + 1], const struct place *p);
struct keeper *past_keeper(const struct config *config, struct err *e);

#endif
