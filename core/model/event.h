/*
 * event - what happened, kept in a bounded ring.
 */
#ifndef PEERDECK_MODEL_EVENT_H
#define PEERDECK_MODEL_EVENT_H

#include "core/base/text.h"
#include "core/model/session.h"

enum event_kind {
	EVENT_UP,
	EVENT_DOWN,
	EVENT_ADMIN,       /* administratively shut or opened */
	EVENT_PREFIX_JUMP,
	EVENT_LIMIT_NEAR,
	EVENT_LIMIT_TRIPPED,
	EVENT_NEW,         /* a session that was not there */
	EVENT_GONE,
	EVENT_ROUTER_LOST,
	EVENT_ROUTER_BACK,
	EVENT_HOSTKEY,     /* unknown or changed host key */
	EVENT_ACTION,      /* an action of ours ended */
	EVENT_NOTE,
	EVENT_VERDICT,     /* a clause of the policy is met, not met or not known, and was not so before */
	EVENT_KINDS,
};

enum severity { SEV_INFO, SEV_NOTICE, SEV_WARN, SEV_ALARM };

struct event {
	uint64_t id; /* counts up, gapless */
	int64_t wall_ms;
	enum event_kind kind;
	enum severity severity;
	bool acked;
	char router[64];
	char vrf[64];
	char neighbor[64]; /* "" when it is about the router */
	enum afi_safi family;
	asn_t remote_as;
	count_t before, after; /* EVENT_PREFIX_JUMP: prefixes; else unknown */
	struct addr local;     /* ours toward the neighbor, before it fell; not kept in the history */
	bool of_accepted;      /* they were counted after the import policy; not kept in the history */
	char words[192]; /* safe text, one line: "down: hold timer expired (sent 4/0)" */
};

struct event_log;

struct event_log *event_log_new(size_t capacity);
void event_log_free(struct event_log *l);
/* From now on every event that is added is shown to `sink` too, at once: what must not lose any when the ring turns. */
void event_log_sink(struct event_log *l, void (*sink)(void *ctx, const struct event *ev), void *ctx);
/* Fills id and wall_ms (when 0) and keeps a copy; the oldest falls out when full. */
void event_log_add(struct event_log *l, struct event ev);
size_t event_log_count(const struct event_log *l);
/* i = 0 is the newest.  NULL past the end. */
const struct event *event_log_at(const struct event_log *l, size_t i);
size_t event_log_unacked(const struct event_log *l); /* of severity SEV_WARN or above */
void event_log_ack(struct event_log *l, uint64_t id);
void event_log_ack_all(struct event_log *l);
uint64_t event_log_lost(const struct event_log *l); /* fell out of the ring */

const char *event_kind_word(enum event_kind k);
const char *severity_word(enum severity s);
bool event_kind_parse(const char *word, enum event_kind *k);
bool severity_parse(const char *word, enum severity *s);

#endif
