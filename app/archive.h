/*
 * archive - the past for the screen: read by a thread of its own, so that the screen's never waits for a disk.
 *
 * The screen says which session and which time it shows; the thread reads the history and the journal and hands over a
 * whole answer, again when it grows old.  archive_take puts what is there into the world, to be drawn until the next take.
 */
#ifndef PEERDECK_APP_ARCHIVE_H
#define PEERDECK_APP_ARCHIVE_H

#include "core/model/world.h"
#include "tui/ui.h"

struct archive;

/* NULL with an error: no thread.  journal: path. */
struct archive *archive_start(const struct config *config, const char *journal, struct err *e);
/* After this the world shows nothing of it.  NULL is fine. */
void archive_stop(struct archive *a, struct world *w);
/* What the screen shows now; interface: of the port toward the session, "" unknown. */
void archive_want(struct archive *a, const struct ui_wants *wants, const char *interface, const struct world *w);
/* Something new happened: what is shown is read again soon. */
void archive_news(struct archive *a);
/* Puts the answers into the world.  True: something that is wanted is still being read. */
bool archive_take(struct archive *a, struct world *w);

#endif
