/*
 * mirrors - do we meet the policies of networks whose blocks in the configuration name one?
 *
 * Judged with each round of judging, by the same evidence seen from the other end.
 */
#ifndef PEERDECK_APP_MIRRORS_H
#define PEERDECK_APP_MIRRORS_H

#include "core/judge/evidence.h"
#include "core/model/world.h"

struct mirrors;

/* Reads the policies; one that is wrong is kept with its words.  Never NULL. */
struct mirrors *mirrors_open(const struct config *config);
void mirrors_close(struct mirrors *m); /* NULL is fine */
/* For the world: as long as the mirrors. */
size_t mirrors_lines(const struct mirrors *m, const struct mirror_line **out);
uint64_t mirrors_revision(const struct mirrors *m); /* of what they say */

/* Evidence about us, as ev's network may hold it against its own policy; in ev's arena. */
void mirrors_evidence(const struct evidence *ev, const struct world *w, struct arena *a, struct evidence *out);
/* If ev's network has a policy.  m NULL: nothing. */
void mirrors_judge(struct mirrors *m, const struct evidence *ev, const struct world *w);
/* What was not judged since then is of a network that has no sessions any more. */
void mirrors_forget(struct mirrors *m, int64_t before_wall_ms);

#endif
