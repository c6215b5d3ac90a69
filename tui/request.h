/*
 * request - what the screen asks of app; app alone acts.
 */
#ifndef PEERDECK_TUI_REQUEST_H
#define PEERDECK_TUI_REQUEST_H

#include "core/act/drain.h"
#include "core/act/plan.h"
#include "core/model/book.h"
#include "core/model/calls.h"
#include "core/judge/incident.h"

enum request_kind {
	REQ_NONE,
	REQ_QUIT,
	REQ_STOP_PROCESS, /* Ctrl-Z: app calls ui_suspend, raises SIGTSTP, then ui_resume */
	REQ_REFRESH,      /* poll now: `router`, or all when NULL */
	REQ_REFRESH_PEERS, /* ask PeeringDB again for `asn`, or for all when ASN_UNKNOWN */
	REQ_STOP_DRAINS,  /* end the waits of this console: what is marked stays so, nothing is shut */
	REQ_FIND_NETWORK, /* `words` in PeeringDB's cache: world.peers->found */
	REQ_SYNC_PEERS,   /* read whole tables of PeeringDB in the background */
	REQ_COLLECT,      /* read prefixes, pings and ports of the network `asn` now */
	REQ_PLAN,         /* verb, targets, reason, ticket, message */
	REQ_UNDO,         /* plan what takes back the last action of this operator */
	REQ_PROPOSE,      /* put the plan with this digest before a second person */
	REQ_PROPOSAL,     /* give the text of the proposed plan with this digest: ui_proposal_show or ui_proposal_say */
	REQ_APPROVE,      /* approve it; ui_proposal_say what became of it */
	REQ_CONFIRM,      /* carry out the plan with this digest, no other */
	REQ_BLAST,        /* ask the routers what the plan that is shown leaves without another path, or end that asking */
	REQ_CANCEL_PLAN,  /* forget the plan being made or shown; never sent once confirmed */
	REQ_STOP_BATCH,   /* begin no further session of the action under way */
	REQ_ACK_EVENTS,   /* events */
	REQ_ACK_ALL,
	REQ_READ_ONLY,    /* set the live toggle to `read_only` */
	REQ_JOURNAL_VERIFY,
	REQ_CALL,         /* call: to be noted in the journal */
	REQ_RULING,       /* ruling: to be noted in the journal */
	REQ_HANDOVER_ACK,
	REQ_NOTE,         /* reason: its words */
	REQ_ALERT_ACK,    /* words: keys of alerts, each ends with a line end */
	REQ_ALERT_SILENCE, /* likewise, until_wall_ms; reason: its words, "" none */
	REQ_ALERT_TEST,   /* words: name of the output to be tried */
	REQ_INCIDENT,     /* incident, incident_op; reason: its words */
	REQ_MESSAGE,      /* compose one about `asn` (unknown: about the place of `incident`), and the first target where there is one; rung: to whom, 0 what fits */
	REQ_MESSAGE_STEP, /* step, template: what to do with the message that is shown */
	REQ_EDIT_BOOK,    /* edits: of the contact book, each with the version that it makes */
	REQ_MAINTENANCE,  /* maintenance: compose a mail to every network at a place, and show them */
	REQ_RECORD,       /* begin or end keeping what is heard */
	REQ_REPLAY,       /* replay_op; words: the time for REPLAY_JUMP */
	REQ_KINDS,
};

enum replay_op { REPLAY_PAUSE, REPLAY_FASTER, REPLAY_SLOWER, REPLAY_NEXT, REPLAY_PREV, REPLAY_JUMP };

enum message_step { MESSAGE_TEMPLATE, MESSAGE_RECIPIENT, MESSAGE_EDIT, MESSAGE_WRITE, MESSAGE_SEND, MESSAGE_CLOSE };

/* What a maintenance mail says; "" what is not known. */
struct maintenance_ask {
	const char *place, *from, *until, *work, *ticket;
};

/* One neighbor on one router, all its families. */
struct target {
	const char *router, *vrf, *neighbor;
	asn_t remote_as;
};

/* Strings and targets belong to the ui and live until the next ui_input. */
struct request {
	enum request_kind kind;
	const char *router;
	asn_t asn;
	const char *words;   /* REQ_FIND_NETWORK, REQ_REPLAY */
	enum replay_op replay_op;
	const char *clause;  /* REQ_MESSAGE: about this clause, if it is not met; NULL none */
	enum verb verb;
	const struct target *targets; /* distinct, at least one */
	size_t target_count;
	const char *reason;  /* not empty for REQ_PLAN */
	const char *ticket;  /* "" none */
	bool lasting;        /* a suspend for good */
	bool drain;          /* verb is a graceful shutdown: a wait and a suspend follow it */
	struct drain_terms terms; /* of the drain */
	const char *scope, *scope_name; /* how the targets were chosen, and what may be typed for it; "" one by one */
	const char *prefixes; /* words that chosen_parse takes, for a verb that takes prefixes; "" none */
	const char *message; /* RFC 9003 text, valid UTF-8 of at most 255 octets; "" none; a drain's: of its suspend */
	char digest[PLAN_DIGEST_LEN];
	int64_t until_wall_ms;
	const char *incident; /* id */
	enum incident_op incident_op;
	const uint64_t *events;
	size_t event_count;
	bool read_only;
	const struct call *call;
	const struct ruling_request {
		asn_t asn;
		const char *clause, *words;
		bool waiver, holds; /* else an attestation, which holds or not */
		int64_t expires_wall_ms;
	} * ruling;
	const struct book_edit *edits;
	const struct maintenance_ask *maintenance;
	size_t edit_count;
	enum message_step step;
	const char *template;
	unsigned rung;
};

/* May the plan that is shown be carried out? */
enum plan_approval { PLAN_FREE, PLAN_NEEDS_APPROVAL, PLAN_PROPOSED, PLAN_APPROVED };

/* What the plan that is shown leaves without another path: asked from the routers on demand. */
enum plan_blast { PLAN_BLAST_NONE, PLAN_BLAST_ASKING, PLAN_BLAST_KNOWN };

/* How far one session of a confirmed plan is. */
enum act_mark { ACT_WAITS, ACT_RUNS, ACT_DONE, ACT_FAILED, ACT_UNVERIFIED, ACT_SKIPPED, ACT_LEFT };

#endif
