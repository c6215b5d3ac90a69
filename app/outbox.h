/*
 * outbox - alerts on their way to mail and webhooks, told by threads of its own: nothing here lets the console wait.
 *
 * Of several consoles on one host one leads: it holds <data_dir>/outbox.lock and tells; the others throw their news away
 * and look whether the lock is free every second.  Who takes over reads what the former one left (core/model/outstore.h) and asks
 * its console for all that fires now, so that each alert goes out once, whoever of them was there.
 *
 * A notice whose answer never came is sent again: who is told may hear something twice, never not at all.
 */
#ifndef PEERDECK_APP_OUTBOX_H
#define PEERDECK_APP_OUTBOX_H

#include "backends/sources/http.h"
#include "core/model/inbox.h"
#include "core/model/outstore.h"
#include "core/model/world.h"

struct outbox;

/* All outlive it.  http may be NULL when no output is a webhook.  NULL when no thread can be had. */
struct outbox *outbox_start(const struct config *c, struct http *http, struct inbox *inbox);
/* Writes down what is not told yet, gives what is being sent a moment to be answered, and ends.  NULL is fine. */
void outbox_stop(struct outbox *ob);

/* The following are for one thread, the console's, and never wait; ob NULL is fine. */

/* Something is news: outputs as in struct alert_notice.  Goes on its way with the next outbox_flush. */
void outbox_post(struct outbox *ob, const struct notice *n, unsigned outputs);
void outbox_flush(struct outbox *ob);
/* True once after this console has begun to lead: it is to post all that fires and was told, then outbox_post_all_said. */
bool outbox_asks(struct outbox *ob);
void outbox_post_all_said(struct outbox *ob);
bool outbox_leads(struct outbox *ob);
/* False for a moment after the start, while nobody knows yet who leads. */
bool outbox_decided(struct outbox *ob);
/* Tries the output of that number now; what the other side answered comes as MSG_TEXT. */
void outbox_test(struct outbox *ob, size_t output, const char *who);
/* How it goes with each output of the configuration, in its order; `lines` has room for all.  False: some are as they were
 * before, because their threads are busy with them just now. */
bool outbox_lines(struct outbox *ob, struct output_line *lines);
/* Changes when the lines, the leading or the note do. */
uint64_t outbox_revision(struct outbox *ob);
void outbox_note(struct outbox *ob, char *out, size_t size); /* "" all is well */

#endif
