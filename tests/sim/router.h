/*
 * router - one simulated router: its state, and what a line typed into one of its terminals does.
 *
 * All terminals share the running state; each may have a candidate.  A commit
 * with a timer that nobody confirms is undone when its time has come, found
 * at the next touch.  Everything here is called with the router's lock held.
 */
#ifndef SIM_ROUTER_H
#define SIM_ROUTER_H

#include "tests/sim/script.h"

#include <pthread.h>

struct router {
	const struct script *script;
	pthread_mutex_t lock;
	struct state *running, *startup;
	struct state *before_commit; /* what an unconfirmed commit goes back to; NULL none */
	int64_t revert_at_ms;
	const char *state_file; /* NULL: kept to itself */
	struct record vars;     /* first values, with those of the command line */
};

struct shell {
	struct router *router;
	const struct mode *mode;
	struct record vars;
	struct state *candidate; /* NULL: changes are made at once */
	bool changed;            /* the candidate differs */
	bool pager;
	bool closed;
};

void router_init(struct router *r, const struct script *s, const char *state_file);
/* Starts over with what was saved. */
void router_reload(struct router *r);
void shell_init(struct shell *sh, struct router *r, bool exec);
void shell_fini(struct shell *sh);
void shell_prompt(struct shell *sh, struct str *out);
void shell_banner(struct shell *sh, struct str *out);
void shell_words(struct shell *sh, const char *text, struct str *out);
/* Carries out one line and appends its answer. */
void shell_line(struct shell *sh, const char *line, struct str *out);
/* A template of the script as the answer, and nothing done; nothing is added where the script has none of that name. */
void shell_says(struct shell *sh, const char *template, struct str *out);

#endif
