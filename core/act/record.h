/*
 * record - what stands in a journal record; peerdeck-journal(5) is its description.
 */
#ifndef PEERDECK_ACT_RECORD_H
#define PEERDECK_ACT_RECORD_H

#include "core/act/claim.h"
#include "core/act/entry.h"

#include <jansson.h>
#include <sys/types.h>

/* Who acts: taken from the process, not from what somebody typed; the typed name stands beside. */
struct record_actor {
	char login[64], sudo_user[64], name[96], host[96], tty[64];
	uid_t uid;
	struct process process;
};
void record_actor_fill(struct record_actor *a, const char *operator_name);

/* New references, not yet in the chain. */
json_t *record_intent(const struct record_actor *a, const char *id, const struct plan *p,
    const struct plan_item *i);
json_t *record_outcome(const struct record_actor *a, const char *id, const struct plan *p,
    const struct plan_item *i, const struct journal_outcome *o);
/* The outcome of somebody's action that was left over, found by reading. */
json_t *record_settled(const struct record_actor *a, const struct claim *c, const struct journal_outcome *o);
json_t *record_note(const struct record_actor *a, const char *kind, const char *router, const char *words);
json_t *record_fact(const struct record_actor *a, const struct journal_fact *f);
json_t *record_torn(const struct record_actor *a, size_t octets);

/* A parsed record as an entry; its strings live as long as rec. */
void record_read(const json_t *rec, const char *line, size_t len, struct journal_entry *out);

#endif
