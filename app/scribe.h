/*
 * scribe - writes facts into the journal without anybody waiting for the disk.
 *
 * Intents and outcomes of actions are written by who acts, and waited for.  What
 * people note down and what the console finds out goes through the scribe's
 * thread: it is durable a moment later, and if it cannot be written the status
 * bar says so.
 */
#ifndef PEERDECK_APP_SCRIBE_H
#define PEERDECK_APP_SCRIBE_H

#include "core/act/journal.h"
#include "core/model/inbox.h"

struct scribe;

/* Both outlive the scribe. NULL when no thread can be had. */
struct scribe *scribe_start(struct journal *journal, struct inbox *inbox);
/* Writes what is queued, then ends. NULL is fine. */
void scribe_stop(struct scribe *s);
/* The fact is copied.  s NULL: nothing is written. */
void scribe_fact(struct scribe *s, const struct journal_fact *f);

#endif
