/*
 * expiry - what is held "until" ends by itself, and what was ended is watched until it is back.
 *
 * While a console runs, the time of an entry brings its inverse: a normal
 * action with plan, intent and proof, begun only if what we did is still
 * there.  Where it cannot be done the entry is marked overdue in the journal
 * and told again every quarter of an hour.  A resumed session that is not
 * Established with its prefixes within five minutes is told, too.
 */
#ifndef PEERDECK_APP_EXPIRY_H
#define PEERDECK_APP_EXPIRY_H

#include "app/operation.h"

struct expiry;

/* Tells the operator: words about one entry. */
typedef void (*expiry_told)(void *ctx, enum severity severity, const struct ledger_entry *l, const char *words);
struct expiry *expiry_new(const struct operation_way *way, expiry_told told, void *ctx);
void expiry_free(struct expiry *x); /* NULL is fine */
/* Begins what is due, tells what is late; after each refresh of the ledger.  quiet: another action is under way here, begin
 * nothing. */
void expiry_tick(struct expiry *x, bool quiet);
/* True if the report belongs here; it stays the caller's. */
bool expiry_take(struct expiry *x, struct act_progress *p);
bool expiry_busy(const struct expiry *x);

#endif
