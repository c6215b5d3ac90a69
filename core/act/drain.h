/*
 * drain - graceful shutdown, wait, then shut: one operation of two actions.
 *
 * Sessions are marked for graceful shutdown (RFC 8326) and proven so; when
 * the traffic toward them has fallen below a floor, or a timer is over, they
 * are suspended.  Each step is an action with its own intent and outcome; the
 * id of the operation ties them together, and the wait stands in the journal,
 * so that another console can go on with it when this one ends.  Pure: the
 * app does what the table says and feeds back what came of it.
 */
#ifndef PEERDECK_ACT_DRAIN_H
#define PEERDECK_ACT_DRAIN_H

#include "core/act/entry.h"
#include "core/base/process.h"
#include "core/base/sha256.h"

enum drain_state {
	DRAIN_MARKING,  /* the graceful shutdown is under way */
	DRAIN_WAITING,  /* marked; reading the traffic */
	DRAIN_SHUTTING, /* the suspend is under way */
	DRAIN_DONE,     /* final: marked and shut, both proven */
	DRAIN_STOPPED,  /* final: stopped while waiting; the marks stand, nothing is shut */
	DRAIN_UNMARKED, /* final: the graceful shutdown is not proven; nothing is shut */
	DRAIN_UNSHUT,   /* final: marked, but the suspend is not proven */
	DRAIN_STATES,
};
enum drain_input {
	DRAIN_IN_MARKED,    /* graceful shutdown proven on at least one session */
	DRAIN_IN_NOT_MARKED,
	DRAIN_IN_HIGH,      /* traffic above the floor, or not known */
	DRAIN_IN_LOW,       /* at or below the floor */
	DRAIN_IN_TIME,      /* the timer is over */
	DRAIN_IN_STOP,      /* by the operator */
	DRAIN_IN_CHANGED,   /* the marks are no longer held: somebody ended it */
	DRAIN_IN_SHUT,      /* suspend proven on all */
	DRAIN_IN_NOT_SHUT,
	DRAIN_INPUTS,
};
enum drain_do {
	DRAIN_DO_NOTHING,
	DRAIN_DO_WAIT,  /* read the traffic, after a pause */
	DRAIN_DO_SHUT,  /* begin the suspend */
	DRAIN_DO_BUG,   /* this input cannot come in this state */
};
struct drain_turn {
	enum drain_state next;
	enum drain_do act;
};
/* A pair that cannot be leaves the state as it is. */
struct drain_turn drain_step(enum drain_state s, enum drain_input in);
bool drain_final(enum drain_state s);
const char *drain_state_word(enum drain_state s);
const char *drain_input_word(enum drain_input in);

/* What a drain waits for. */
struct drain_terms {
	int64_t wait_s;      /* at most */
	count_t floor_bps;   /* both directions together; COUNT_UNKNOWN: only the timer counts */
	unsigned share;      /* percent: floor_bps shall be this part of what flows when it is planned; 0 none */
};
#define DRAIN_WAIT_S 300
/* "500k", "20M", "1.5G" (bit/s), "10%" (of what flows when it is planned), "" (only the timer).  -1: ERR_USAGE. */
int drain_floor_parse(const char *text, struct drain_terms *t, struct err *e);
/* The floor of a share, once it was read what flows now; unknown if that is, or if nothing flows. */
void drain_floor_of(struct drain_terms *t, count_t now_bps);
#define DRAIN_LOW_READINGS 2 /* in a row, so that one lull is not the end of traffic */

/* ---- in the journal: facts of kind DRAIN_FACT whose id is the operation's; "turn" counts who is at it ---- */

#define DRAIN_FACT "drain"

struct drain_entry {
	const char *op;
	bool waiting;      /* else it has ended */
	unsigned turn;     /* how often it changed hands */
	int64_t until_wall_ms, until_boot_ms, since_wall_ms;
	count_t floor_bps;
	const char *lines; /* each session with the SHA-256 of its suspend's lines as confirmed */
	const char *boot, *message, *reason, *ticket, *login, *name, *words;
	struct process owner; /* who waits */
};

/* The sessions of a suspend, each with the SHA-256 of its lines, for drain_entry.lines: "r1/192.0.2.1=..." */
void drain_name_lines(const struct plan *suspend, struct str *out);
/* Is what this plan would send what was confirmed: for each session the lines that were shown for it? */
bool drain_as_confirmed(const struct drain_entry *d, const struct plan *suspend);
/* Stands in the text of the plan that is confirmed or approved, and so ties the suspend to it. */
#define DRAIN_SEAL_LEN (SHA256_HEX_LEN + 7)
void drain_seal(const char *lines, char out[DRAIN_SEAL_LEN]);

struct drains;
struct drains *drains_new(void);
void drains_free(struct drains *d); /* NULL is fine */
void drains_take(struct drains *d, const struct journal_entry *e);
size_t drains_count(const struct drains *d); /* that wait */
const struct drain_entry *drains_at(const struct drains *d, size_t i);
const struct drain_entry *drains_find(const struct drains *d, const char *op);
/* Has the wait been long enough?  As held_due: in the same boot the clock that does not jump counts. */
bool drain_due(const struct drain_entry *d, int64_t now_boot_ms, int64_t now_wall_ms);

#endif
