/*
 * What pool, worker, poll and the way for actions share; see worker.h.
 */
#ifndef PEERDECK_LINK_WORKER_PRIV_H
#define PEERDECK_LINK_WORKER_PRIV_H

#include "backends/link/cli.h"
#include "backends/link/places.h"
#include "backends/link/recorder.h"
#include "backends/link/ssh.h"
#include "backends/link/worker.h"
#include "core/act/action.h"

#include <pthread.h>

struct pool {
	const struct config *config;
	struct inbox *inbox;
	char *hostkey_dir;
	struct places *handshakes;
	pool_reach_fn *reach;
	void *reach_ctx;
	struct recorder *recorder; /* NULL: nothing is kept of what is heard */
	struct worker **workers;
	size_t count, cap;
};

struct queued_job {
	struct queued_job *next;
	struct act_job *job; /* one of the two */
	struct question *question;
};

struct worker {
	struct pool *pool;
	const struct router_conf *conf;
	const struct driver *driver;
	pthread_t thread;
	int cancel_fd; /* readable from worker_stop on */
	int wake_fd;   /* readable when something was asked */

	pthread_mutex_t lock; /* over what is asked of it */
	struct queued_job *jobs;
	bool poll_asked, stop;

	/* the thread's own */
	const struct router_conf *login; /* who logs in: conf, or acting_login while an action has a login of its own */
	struct router_conf acting_login;
	struct ssh_way way;
	bool has_place;
	struct link *link;
	struct cli *cli;
	struct cli *acting; /* where driver->acting says so: open during an action */
	struct driver acting_driver;
	struct link_status st;
	struct snap *last;      /* of this router, one reference; NULL before the first */
	uint64_t keys_mark;     /* of the host-key files that the last try to connect went by */
	bool once_done;         /* QUERY_ONCE was asked on this connection */
	unsigned until_slow;    /* polls left until SLOW queries are due */
	unsigned timeouts;      /* in a row */
	struct str slow_notes;  /* what slow optional queries could not say, said again while they are skipped */
	struct str answer;      /* kept from query to query */
	struct take take;
	uint64_t octets_before; /* of earlier links */
};

/* worker.c */
void *worker_main(void *worker);
void worker_post_status(struct worker *w);
void worker_set_state(struct worker *w, enum link_state state);
/* Takes the words of a failure into the status. NULL: all is well. */
void worker_set_cause(struct worker *w, const struct err *why);
bool worker_stopping(struct worker *w);
/* Connects where needed and starts the CLI where needed; the status follows. */
int worker_get_ready(struct worker *w, struct err *e);
void worker_hang_up(struct worker *w);

/* poll.c: one complete look.  all: SLOW and ONCE queries whether due or not.  One reference in *out. */
int poll_router(struct worker *w, bool all, struct snap **out, struct err *e);
/* Posts the snapshot to the inbox and remembers it. */
void poll_publish(struct worker *w, struct snap *s);

/* act_way.c: runs one job over this worker's link. */
void act_way_run(struct worker *w, struct act_job *job);

#endif
