/*
 * world - what a frame is drawn from: the frozen present.
 *
 * app owns it and changes it only between frames; the views read it.
 */
#ifndef PEERDECK_MODEL_WORLD_H
#define PEERDECK_MODEL_WORLD_H

#include "core/model/book.h"
#include "core/model/calls.h"
#include "core/model/config.h"
#include "core/model/event.h"
#include "core/model/inbox.h"
#include "core/model/outstore.h"
#include "core/model/peer.h"
#include "core/model/registered.h"
#include "core/model/snap.h"

struct verdict_book; /* core/judge/verdict_book.h: a floor above */

struct world_router {
	const struct router_conf *conf;
	const char *os_title;
	struct link_status link;
	struct snap *snap; /* NULL before the first complete look */
};

/* A line of the journal or of the ledger, ready to be shown. */
struct journal_line {
	uint64_t seq;
	int64_t wall_ms;
	struct text who, what, router, neighbor, outcome, reason;
	asn_t remote_as; /* ASN_UNKNOWN: about no network */
};
struct ledger_line {
	struct text id, router, vrf, neighbor, verb, who, reason, state; /* state: "held", "came back", "undo open", "overdue", "draining" ... */
	enum afi_safi family;
	asn_t remote_as;
	int64_t since_wall_ms;
	int64_t until_wall_ms; /* 0: until somebody ends it */
	bool lasting;          /* for good: nobody is reminded */
};

struct incidents;
struct alerts;
struct track;     /* core/model/track.h */
struct chronicle; /* core/model/chronicle.h */
struct lately;

/* How the collecting of one kind of evidence goes. */
struct collector_line {
	struct text what, have, trouble;
	int64_t last_wall_ms, next_wall_ms; /* 0: never, none */
};

/* A plan that waits for, or has, a second person's word. */
struct proposal_line {
	const char *digest;
	struct text who, words, state;
	bool waits;      /* for somebody other than us: we could approve it */
	int64_t left_s;  /* until it lapses; 0 it did */
};

/* An output of alerts, and how it goes with it. */
struct output_line {
	const struct output_conf *conf;
	struct output_state state;
};

/* A recording is replayed: no router is touched, and the clocks are the recording's. */
struct replay_state {
	int64_t begin_ms, end_ms, now_ms; /* milliseconds since the epoch */
	unsigned speed_permille;          /* 1000: as fast as it went */
	bool paused, ended;
	bool behind;                      /* on the way to a time that was asked for */
	uint64_t turn;                    /* counts starts from the beginning: all rows are others */
};

/* Our own case before the policy of a network. */
struct mirror_line {
	asn_t asn;                       /* whose policy */
	const struct verdict_book *book; /* of verdicts about us; NULL: the policy is wrong */
	const char *trouble;             /* why; NULL */
};

struct world {
	const struct config *config;
	const struct replay_state *replay; /* NULL: the routers are real */
	bool recording;                    /* what is heard is kept */
	struct world_router *routers; /* config order, without jump blocks */
	size_t router_count;
	struct peer_set *peers; /* may be NULL */
	struct event_log *events;
	const struct incidents *incidents; /* core/judge/incident.h; may be NULL */
	uint64_t incidents_revision;
	const struct alerts *alerts; /* core/judge/alert.h; NULL: no rule is configured */
	uint64_t alerts_revision;
	const struct output_line *outputs; /* in the configuration's order */
	size_t output_count;
	bool outputs_elsewhere;    /* another console on this host tells */
	const char *outputs_note;  /* what is not as it should be with them; NULL, "" nothing */
	uint64_t outputs_revision;
	int64_t handed_wall_ms; /* from when the next handover tells */
	const struct journal_line *journal; /* newest first */
	size_t journal_count;
	const struct ledger_line *ledger; /* what we hold down or withdrawn */
	size_t ledger_count;
	uint64_t ledger_revision; /* the lines are others */
	const struct book *book;   /* our contact book; may be NULL */
	const struct calls *calls; /* who was called; may be NULL */
	const struct registered_set *registered; /* what a number registry says; NULL: none is asked */
	uint64_t registered_revision;            /* it says something else */
	const struct verdict_book *verdicts; /* NULL: no policy is configured */
	uint64_t verdicts_revision;          /* of what it says */
	const struct mirror_line *mirrors;   /* do we meet theirs? */
	size_t mirror_count;
	const char *no_verdicts;             /* why there is none, NULL otherwise */
	const struct proposal_line *proposals; /* newest first */
	size_t proposal_count;
	char presence[200];    /* what others are acting on now: "alice is acting on AS64500 (withdraw)"; "" nobody */
	const struct collector_line *collectors;
	size_t collector_count;
	uint64_t collectors_revision; /* the lines are others */
	const char *operator_login, *operator_name;
	bool read_only;
	const char *no_action; /* why no action is possible now (journal unwritable), or NULL */
	/* The past, of what the screen said it shows; NULL: not read yet. */
	const struct track *track;
	const struct chronicle *chronicle;
	const struct lately *lately;
	uint64_t past_revision; /* chronicle or lately is another */
	char no_past[200];      /* why it cannot be read; "" it can */
	char notice[200];      /* one line for the status bar: last result */
	uint64_t notices;      /* counts them: the same words may be said once more */
	int64_t now_boot_ms, now_wall_ms; /* of this frame */
};

/* A row of the sessions view: one session with what belongs to it.  All pointers live as long as the world. */
struct world_session {
	const struct world_router *router;
	const struct session *s;
	const struct peer *peer;         /* may be NULL */
	const struct exchange *exchange; /* may be NULL */
	const struct ledger_line *held;  /* may be NULL */
	int64_t age_ms;                  /* of the snapshot */
	bool stale;                      /* older than twice the interval, or the router is not reachable */
};

/* Fills *out (mem_realloc'd array; caller frees) with all sessions of all routers. Returns the count. */
size_t world_sessions(const struct world *w, struct world_session **out);
/* Age in ms of a router's data now, -1 if none; true in *stale when it must not look fresh. */
int64_t world_router_age(const struct world *w, const struct world_router *r, bool *stale);
/* Changes whenever rows of any view could, or what they point to is freed: what is derived from it is rebuilt only then. */
uint64_t world_revision(const struct world *w);

#endif
