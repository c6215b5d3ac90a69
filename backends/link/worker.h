/*
 * worker - the thread that owns one router and its link for life.
 *
 * It resolves, connects, logs in, polls, acts, reconnects; all it learns is
 * posted into the inbox.  Nothing of it is shared: requests go in through a
 * locked queue with an eventfd, results come out as messages.
 */
#ifndef PEERDECK_LINK_WORKER_H
#define PEERDECK_LINK_WORKER_H

#include "core/model/config.h"
#include "core/model/driver.h"
#include "core/model/inbox.h"

struct worker;
struct question; /* backends/link/question.h */
struct act_job; /* core/act/run.h: a confirmed plan for this router, with the journal to write to */

/* What all workers of a process share. */
struct pool;
/* handshakes: how many may connect at once (32). hostkey_dir: our own store, one file per router. */
struct pool *pool_new(const struct config *c, struct inbox *inbox, const char *hostkey_dir, int handshakes);
/* How a link to a router is made; NULL (default): SSH.  For tests over replay.  Before pool_start. */
struct link;
typedef int pool_reach_fn(void *ctx, const struct router_conf *router, int cancel_fd, struct link **out,
    struct err *e);
void pool_use_reach(struct pool *p, pool_reach_fn *reach, void *ctx);
/* What polls and questions hear goes there, while it is on.  Before pool_start; it outlives the pool. */
struct recorder;
void pool_use_recorder(struct pool *p, struct recorder *r);
/* Starts one worker per polled router (or only for `only`, a router name, when not NULL). */
int pool_start(struct pool *p, const char *only, struct err *e);
struct worker *pool_worker(struct pool *p, const char *router);
/* Asks all to stop, waits for them (a hung router does not hold it: every step is cancellable), frees. */
void pool_free(struct pool *p);

void worker_poll_now(struct worker *w);
/* Takes the job over; its progress comes as MSG_ACT.  Jobs of one router run one after another, between polls. */
void worker_act(struct worker *w, struct act_job *job);

/* Lends the question to the worker; it comes back as MSG_ASKED. */
void worker_ask(struct worker *w, struct question *q);

#endif
