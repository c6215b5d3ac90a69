/*
 * alert - which of the operator's rules hold now, and what is to be told of it.
 *
 * Every rule (config: alert NAME { ... }) is held against the world.  What holds for
 * `for` fires, once per thing it is about (rule, router, VRF, neighbor, network, incident); what
 * has been over for `for` is resolved.  So a flapping session is one alert.
 *
 * What was told before a restart is restored: it is told again only by its rule's repeat, and its end is told once it
 * is known.  What somebody acknowledged is not repeated any more; its end is told all the same.
 *
 * What is not known changes nothing: when a router cannot be read, alerts about its sessions
 * neither fire, nor end, nor repeat; that router is one router-lost alert.  What we shut
 * or hold down ourselves does not alarm.  Maintenance mutes; quiet hours leave the screen
 * and put off everything else; what still fires when they end is told then.  Only ends go on to the outputs beyond this
 * terminal, which have quiet hours of their own.
 *
 * Waiting is measured in boot time, which does not jump; the wall clock only says whether it is
 * quiet or maintenance.  No I/O, no clock of its own: the world says what time it is.
 */
#ifndef PEERDECK_JUDGE_ALERT_H
#define PEERDECK_JUDGE_ALERT_H

#include "core/model/notice.h"
#include "core/model/world.h"

enum { ALERTS_MAX = 50000, ALERT_KEY_LEN = NOTICE_KEY_LEN };

enum alert_state { ALERT_PENDING, ALERT_FIRING };

struct alert {
	const struct alert_conf *rule;
	char key[ALERT_KEY_LEN]; /* the same for the same thing, as long as it has its name */
	enum alert_state state;
	bool unsure;             /* its router cannot be read: nobody knows whether it still holds */
	bool muted;              /* maintenance, or silenced */
	bool told;               /* beyond the screen, and that it is over will be told too */
	bool restored;           /* known from before a restart, and not yet seen again */
	char acked_by[64];       /* or silenced by; "" nobody */
	int64_t acked_wall_ms;
	int64_t silent_until_wall_ms; /* silenced until then; 0: acknowledged */
	char router[64], vrf[64], neighbor[64], exchange[64]; /* "" not about one */
	asn_t asn;
	char words[192];         /* safe text, one line */
	int64_t since_wall_ms, since_boot_ms; /* it holds since */
	int64_t told_boot_ms;    /* last */
	int64_t over_boot_ms;    /* it is over since; -1: it holds */
};

struct alert_notice {
	enum alert_news news;
	struct alert alert;  /* as it was then */
	unsigned outputs;    /* enum alert_output: where it is to be told */
};

/* For outputs; its id stays empty. */
void alert_as_notice(const struct alert_notice *n, int64_t wall_ms, struct notice *out);

struct alerts;

struct alerts *alerts_new(const struct config *c); /* which outlives it */
void alerts_free(struct alerts *a);                /* NULL is fine */
/* An alert that was told before a restart (as of then).  False: there is no such rule any more. */
bool alerts_restore(struct alerts *a, const struct notice *n, int64_t now_boot_ms, int64_t now_wall_ms);
/* Somebody has it in hand, as of then; may come before the alert itself is known here. */
void alerts_ack(struct alerts *a, const char *key, const char *who, int64_t wall_ms);
/* Likewise, but nothing is told of it and it is not counted until that time, and then it goes on. */
void alerts_silence(struct alerts *a, const char *key, const char *who, int64_t wall_ms, int64_t until_wall_ms);
bool alert_silent(const struct alert *al, int64_t wall_ms);
bool alert_acked(const struct alert *al);
/* Holds all rules against the world of now. */
void alerts_follow(struct alerts *a, const struct world *w);
/* What is to be told, oldest first; valid until the next call.  NULL: nothing more. */
const struct alert_notice *alerts_news(struct alerts *a);

/* The first n, in the order of alerts_at. */
void alerts_copy(const struct alerts *a, struct alert *out, size_t n);
uint64_t alerts_revision(const struct alerts *a); /* changes when anything that is drawn did */
size_t alerts_count(const struct alerts *a); /* pending and firing */
const struct alert *alerts_at(const struct alerts *a, size_t i); /* the longest first; NULL past the end */
/* Firing and not muted; the worst of them in *worst (may be NULL; untouched when none). */
size_t alerts_firing(const struct alerts *a, enum severity *worst);
uint64_t alerts_left_out(const struct alerts *a); /* did not fit into ALERTS_MAX */

/* Minutes of the UTC day within the rule's quiet hours. */
bool alert_quiet(const struct alert_conf *rule, int64_t wall_ms);

#endif
