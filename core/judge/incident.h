/*
 * incident - forty lines that are one thing.
 *
 * Transitions that come close after one another are grouped by what they
 * share (grouping.h).  While more may come (the window) the groups are formed
 * anew with every transition, because routers are read one after another and
 * the first of them cannot show what the whole is; then an incident stands.
 * It keeps its members, knows who of them is back, and closes by itself after
 * a quiet time.  What is down because we hold it down opens nothing.
 *
 * What people do to an incident (acknowledge, name, note, assign, merge,
 * split, close) comes in as an incident_fact, the same from this console and
 * from others on the host: app writes it to the journal and hands in what it
 * reads there.  No I/O, no clock of its own.
 */
#ifndef PEERDECK_JUDGE_INCIDENT_H
#define PEERDECK_JUDGE_INCIDENT_H

#include "core/judge/grouping.h"
#include "core/model/world.h"

enum { INCIDENT_ID_LEN = 24, INCIDENT_NAME_LEN = 120, INCIDENT_WHO_LEN = 64 };

struct incident_rules {
	int64_t window_ms; /* transitions this close belong to one forming (120 s) */
	int64_t quiet_ms;  /* everything back for so long: closes by itself (10 min) */
	size_t kept;       /* closed ones that are remembered (500) */
	unsigned salt;     /* differs from console to console, so that two name at once what both see differently */
};
extern const struct incident_rules incident_defaults;

enum incident_what {
	INCIDENT_DOWN,     /* left Established */
	INCIDENT_TRIPPED,  /* max-prefix */
	INCIDENT_LOST,     /* its router cannot be read: nobody knows */
	INCIDENT_PREFIXES, /* up, but lost many prefixes */
};

/* One neighbor of one router, all its families. */
struct incident_member {
	char router[64], vrf[64], neighbor[64];
	asn_t asn;
	enum incident_what what;
	bool back;              /* restored, or shut on our router since: nobody waits for it */
	unsigned drops;
	int64_t since_wall_ms;  /* of the first drop */
	int64_t back_wall_ms;
	count_t before;         /* prefixes before they were lost, where that is the matter */
	bool of_accepted;       /* they are counted after the import policy */
	enum afi_safi family;   /* whose they are */
	struct addr local;      /* ours toward it before it fell; ADDR_NONE unknown */
	char words[192];        /* of the last transition */
};

struct incident_note {
	int64_t wall_ms;
	char who[INCIDENT_WHO_LEN];
	char words[256];
};

struct incident {
	char id[INCIDENT_ID_LEN]; /* "I-20261120-0312-4f1" */
	enum group_by by;
	char key[GROUP_KEY_LEN];
	char name[INCIDENT_NAME_LEN];  /* given by somebody; "": title words say it */
	char owner[INCIDENT_WHO_LEN], acked_by[INCIDENT_WHO_LEN];
	int64_t opened_wall_ms, acked_wall_ms, closed_wall_ms; /* 0: not yet */
	int64_t changed_wall_ms; /* of the last transition */
	int64_t quiet_wall_ms;   /* since when everything is back; 0: not */
	int64_t changed_boot_ms, quiet_boot_ms; /* the same, for waiting: the wall clock may jump */
	bool settled;            /* not formed anew any more */
	bool shared;             /* the journal knows it */
	bool provisional;        /* as it was while it was forming: told_shape */
	uint64_t told_shape;
	bool told_closed;        /* and that it is closed */
	char closed_by[INCIDENT_WHO_LEN], closed_words[160];
	char merged_into[INCIDENT_ID_LEN];
	size_t whole;            /* neighbors in what they share that were up before it, or still are */
	struct incident_member *members;
	size_t count, cap, down; /* down: not back */
	struct incident_note *notes; /* oldest first */
	size_t note_count, note_cap;
	uint64_t revision; /* counts changes, for those who draw */
	char became[INCIDENT_ID_LEN]; /* the one that its members went to while it was forming; "" */
	uint64_t formed;   /* when it was last given a group: no second group takes it in the same round */
};

struct incidents;

struct incidents *incidents_new(const struct incident_rules *rules);
void incidents_free(struct incidents *s); /* NULL is fine */

/* Takes one event, as it comes: for event_log_sink. */
void incidents_event(struct incidents *s, const struct world *w, const struct event *ev);
/* After events, and every second: looks at who is back, forms, settles and closes.  Cheap when nothing happened. */
void incidents_follow(struct incidents *s, const struct world *w);

/* Of many neighbors some are left for the next call. */
bool incidents_busy(const struct incidents *s);

enum incident_op {
	INCIDENT_OPEN,  /* by, key, members: an incident that another console or an earlier run settled */
	INCIDENT_ACK,
	INCIDENT_NAME,
	INCIDENT_NOTE,
	INCIDENT_ASSIGN,
	INCIDENT_MERGE, /* words: the id that takes it in */
	INCIDENT_SPLIT, /* words: "router vrf neighbor" lines of the members that leave; other: the new id */
	INCIDENT_CLOSE,
	INCIDENT_OPS,
};
const char *incident_op_word(enum incident_op op);
bool incident_op_parse(const char *word, enum incident_op *op);

struct incident_fact {
	enum incident_op op;
	const char *id, *who, *words; /* "" none */
	const char *other;            /* SPLIT: id of the new one; "" none */
	int64_t wall_ms;
	/* OPEN */
	enum group_by by;
	const char *key;
	size_t whole;        /* neighbors in what they share; 0 not known */
	bool provisional;    /* more may come: it is told again */
	const char *members; /* one a line: incident_facts.c */
};
/* Facts about incidents that are not known are kept out; doing one twice changes nothing. */
void incidents_fact(struct incidents *s, const struct incident_fact *f);

/* Somebody works on it: it settles now, and is told next. */
void incidents_share(struct incidents *s, const char *id);
/* What the journal should know and does not yet: incidents that settled, those that are forming and calm for a while (told
 * again when they change), and those that closed by themselves.  NULL:
 * nothing; call again after each.  The fact's strings live until the next call. */
const struct incident_fact *incidents_untold(struct incidents *s);

/* Of incidents that only the journal told: who fell again or is back since, out of the events of that time. */
void incidents_recall(struct incidents *s, const struct event_log *log);

size_t incidents_count(const struct incidents *s);
const struct incident *incidents_at(const struct incidents *s, size_t i); /* newest first; NULL past the end */
const struct incident *incidents_find(const struct incidents *s, const char *id);
/* The open incident that a neighbor is in, NULL if none. */
const struct incident *incidents_of(const struct incidents *s, const char *router, const char *vrf,
    const char *neighbor);
/* The same for an id that somebody took down earlier: while incidents form their members move, and the emptied one is gone; what
 * was merged, or took another console's name, has another id too.  Follows that; NULL if nothing is known of it. */
const struct incident *incidents_now(const struct incidents *s, const char *id);
size_t incidents_open(const struct incidents *s, size_t *unacked); /* unacked may be NULL */
uint64_t incidents_revision(const struct incidents *s);

/* "38 of 41 sessions on exchange EXAMPLE-IX: the fabric or our port". */
void incident_words(const struct incident *i, struct str *out);
/* An id for a new incident that opens now. */
void incident_id_new(int64_t wall_ms, unsigned salt, char out[INCIDENT_ID_LEN]);

#endif
