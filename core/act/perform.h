/*
 * perform - planning and carrying out on one router, over an abstract way to it.
 *
 * All decisions are here and need no socket: the worker lends an act_io over
 * its link, tests lend one over a script.  The order is fixed: read the
 * pre-image, build, show, confirm (elsewhere), write the intent durably,
 * read again and compare, send step by step, read back until proven or the
 * deadline, write the outcome.  Nothing is ever sent twice.
 */
#ifndef PEERDECK_ACT_PERFORM_H
#define PEERDECK_ACT_PERFORM_H

#include "core/act/plan.h"
#include "core/model/driver.h"
#include "core/model/inbox.h"

struct act_io {
	void *ctx;
	/* Types one CLI line (exec CLIs: runs one command) and gives its whole answer.  A line of the answer that is
	 * one of the driver's error lines makes it -1 with ERR_DEVICE and those words; `out` holds the answer even then.
	 * Any other error says that the answer is not complete: whether the line took effect is not known. */
	int (*cli)(void *ctx, const char *line, struct str *out, struct err *e);
	/* Runs a program that is not the router's CLI, with the router's prefix: "bgpd -n -f /etc/bgpd.conf".  `line` is
	 * split at blanks, double quotes group; each word is quoted for the shell.  `out` gets stdout, then stderr.
	 * -1 with ERR_DEVICE when it ends with another status than 0 (`out` holds what it said). */
	int (*run)(void *ctx, const char *line, struct str *out, struct err *e);
	/* Files on the router, with the router's prefix ("sudo -n"). write: beside it, synced, renamed over it, mode
	 * and owner kept. */
	int (*read_file)(void *ctx, const char *path, struct str *out, struct err *e);
	int (*write_file)(void *ctx, const char *path, const char *content, struct err *e);
	/* A fresh and complete look, all queries (SLOW ones too). One reference. */
	int (*look)(void *ctx, struct snap **out, struct err *e);
	/* Waits; false when the worker is to stop. */
	bool (*wait)(void *ctx, unsigned ms);
};

/* Opaque to the worker: what it was given by worker_act.  Made by core/act/action.h. */
struct act_job;

/* Runs in the worker's thread; posts MSG_ACT into the inbox as it goes on, the last one marked final.
 * Never returns without a final message. */
void act_job_run(struct act_job *job, const struct act_io *io, const struct router_conf *conf,
    const struct driver *driver, struct inbox *inbox);
/* When the worker cannot run it (link down, stopping): posts the final message with that reason.  Either this or
 * act_job_run is called, once; then the job is freed with act_job_free. */
void act_job_refuse(struct act_job *job, const struct err *why, struct inbox *inbox);
void act_job_free(struct act_job *job);

#endif
