/* What the two halves of outbox share: outbox.c keeps and hands out, outbox_lane.c sends to one output. */
#ifndef PEERDECK_APP_OUTBOX_PRIV_H
#define PEERDECK_APP_OUTBOX_PRIV_H

#include "app/outbox.h"
#include "core/judge/openset.h"
#include "core/judge/outqueue.h"

#include <pthread.h>
#include <stdatomic.h>

struct posted {
	struct posted *next;
	struct notice notice;
	unsigned outputs;
	bool all_said; /* no notice: what fires was posted before this */
};

/* One output.  Its lock is never held over I/O. */
struct lane {
	struct outbox *outbox;
	const struct output_conf *conf;
	pthread_t thread;
	bool running;
	atomic_bool ended;
	pthread_mutex_t lock;
	pthread_cond_t wake;
	/* guarded by lock */
	struct outqueue *queue;
	struct output_state state;
	int64_t retry_boot_ms;
	unsigned jitter;  /* of the small generator */
	bool test, stop;
	char test_who[64];
};

struct outbox {
	const struct config *config;
	struct http *http;
	struct inbox *inbox;
	struct lane lanes[OUTPUTS_MAX];
	int cancel_fd;            /* readable: give up what is being sent */
	atomic_bool leads, decided;
	atomic_uint_fast64_t revision;

	struct posted *pending, **pending_last; /* the console's own, until it flushes */
	size_t pending_count;

	pthread_t thread;         /* the keeper */
	pthread_mutex_t lock;     /* of the next lines; never held over I/O */
	pthread_cond_t wake;
	struct posted *first, **last;
	size_t posted;
	uint64_t lost;            /* posts that did not fit */
	bool stop, asks;
	char note[300];

	pthread_mutex_t store_lock; /* over all writing, taken before a lane's lock: changes arrive in the order they were made */
	struct outstore *store;
	struct openset *open;     /* the keeper's */
	int lock_fd;              /* the keeper's: held while leading */
};

/* outbox_lane.c */
int lane_start(struct lane *l, struct outbox *ob, const struct output_conf *conf);
void lane_stop(struct lane *l);   /* asks the thread to end */
void lane_join(struct lane *l);
/* Reads what the store has of it; with the store's lock held. */
void lane_load(struct lane *l);
void lane_wake(struct lane *l);
/* Adds what changed in it; with the store's lock held. */
void lane_gather(struct lane *l, struct outstore_changes *out);

/* outbox.c: writes what changed in the lane. */
void outbox_save(struct outbox *ob, struct lane *l);
void outbox_changed(struct outbox *ob);

#endif
