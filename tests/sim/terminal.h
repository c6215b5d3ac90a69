/*
 * terminal - what stands between a router's shell and an SSH channel: echo, pager, line ends, faults.
 */
#ifndef SIM_TERMINAL_H
#define SIM_TERMINAL_H

#include "core/base/str.h"
#include "tests/sim/router.h"

struct terminal {
	struct shell shell;
	int (*send)(void *ctx, const char *p, size_t n); /* -1: the connection is gone */
	void *ctx;
	bool pty;           /* echoes and ends lines as a terminal does */
	struct str in;      /* octets that were received and not worked through */
	struct str line;    /* the line being typed */
	size_t echoed;      /* octets of it that were repeated */
	struct str paged;   /* what a pager holds back; empty: no pager stands */
	size_t paged_at;
	unsigned long sent; /* octets, of the whole connection's life */
	unsigned commands;
	bool stuck, cut, reload;
	bool left; /* nobody is at this terminal any more: it ends, the connection does not */
};

void terminal_init(struct terminal *t, struct router *r, bool pty, bool exec);
void terminal_fini(struct terminal *t);
void terminal_greet(struct terminal *t); /* banner and first prompt */
/* Works through what was received. */
void terminal_type(struct terminal *t);
/* One command on an exec channel: its answer, no echo, no prompt. */
void terminal_exec(struct terminal *t, const char *command);

/* Every line received goes here: "MODE LINE"; NULL: nowhere. */
extern const char *terminal_log_path;

#endif
