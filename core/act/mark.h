/*
 * mark - the last state of whatever facts in the journal speak about, by kind and id.
 *
 * Consoles on one host hand things over to each other by it: a mark goes from
 * one state to the next only while it is in the state expected
 * (journal_mark), so that two consoles cannot both take the same step.
 */
#ifndef PEERDECK_ACT_MARK_H
#define PEERDECK_ACT_MARK_H

#include "core/act/entry.h"

struct marks;
struct marks *marks_new(void);
void marks_free(struct marks *m); /* NULL is fine */
/* Takes in a fact that has a "state" among its own fields; anything else leaves it as it is. */
void marks_take(struct marks *m, const struct journal_entry *e);
/* "" when nothing was said yet.  Valid until the next marks_take. */
const char *marks_state(const struct marks *m, const char *kind, const char *id);

#endif
