/*
 * openset - the alerts that were told and are not over, as whoever tells them keeps them.
 *
 * When a console takes over from another, what it knows is laid over what that one left: openset_sync_begin, all that
 * fires now by openset_put, and openset_sync_end hands out what is over meanwhile.  One thread at a time.
 */
#ifndef PEERDECK_JUDGE_OPENSET_H
#define PEERDECK_JUDGE_OPENSET_H

#include "core/model/notice.h"

struct openset;

struct openset *openset_new(void);
void openset_free(struct openset *s); /* NULL is fine */
void openset_clear(struct openset *s);
/* True: it was not in.  Else it gets the newer words. */
bool openset_put(struct openset *s, const struct notice *n);
/* True: it was in. */
bool openset_end(struct openset *s, const char *key);
void openset_sync_begin(struct openset *s);
/* Takes out all that was not put since the sync began, each handed to `over`. */
void openset_sync_end(struct openset *s, void (*over)(void *ctx, const struct notice *n), void *ctx);
size_t openset_count(const struct openset *s);

#endif
