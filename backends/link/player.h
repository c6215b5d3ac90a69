/*
 * player - a recording played: looks become snapshots and states of links, in the order and with the times of then.
 *
 * A thread of its own reads ahead, so that whoever shows them never waits; it runs the same poll as a worker does, over
 * a cli that remembers.  Nothing here looks at a clock.  Boot times are wall times, as clock_hold has it.
 */
#ifndef PEERDECK_LINK_PLAYER_H
#define PEERDECK_LINK_PLAYER_H

#include "backends/link/recording.h"
#include "core/model/config.h"
#include "core/model/inbox.h"

struct player;
struct question;

struct played {
	int64_t wall_ms;
	const char *router;      /* the configuration's */
	struct link_status link;
	struct snap *snap;       /* one reference, the taker's; NULL: there is none of this look */
};
enum player_next {
	PLAYER_GAVE,
	PLAYER_LATER,  /* what comes next is after that time */
	PLAYER_BEHIND, /* it has not been read yet: soon */
	PLAYER_ENDED,  /* nothing comes any more */
};

/* Every router of the recording has its block in `c`.  Recording, configuration and inbox outlive it. */
struct player *player_start(const struct recording *r, const struct config *c, struct inbox *inbox, struct err *e);
void player_stop(struct player *p); /* NULL is fine */
enum player_next player_take(struct player *p, int64_t until_ms, struct played *out);
/* When the next comes; INT64_MAX: none. */
int64_t player_next_ms(struct player *p);
/* Ends the questions that are out: they come back unanswered into the inbox, before this returns. */
void player_quiet(struct player *p);
/* From the beginning again, and answers go into that inbox. */
void player_rewind(struct player *p, struct inbox *inbox);
/* Waits until the next can be taken or nothing comes any more; for commands without a screen. */
void player_wait(struct player *p);
/* Answers a question from what was recorded until then; it comes back as MSG_ASKED. */
void player_ask(struct player *p, const char *router, int64_t until_ms, struct question *q);

#endif
