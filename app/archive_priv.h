/*
 * What the files of archive share:
 *
 *	archive.c            keys, the two keepers, the world
 *	archive_track.c      one session over a time
 *	archive_chronicle.c  everything over a time
 *	archive_deeds.c      what the journal knows of people: actions, calls, notes, incidents
 */
#ifndef PEERDECK_APP_ARCHIVE_PRIV_H
#define PEERDECK_APP_ARCHIVE_PRIV_H

#include "app/archive.h"
#include "core/model/chronicle.h"
#include "core/model/track.h"

/* The journal's newest lines about what people did, oldest first.  The keeper thread's own. */
struct deeds {
	const char *path;
	uint64_t offset;
	struct chronicle_line *lines;
	size_t count, cap;
};
void deeds_refresh(struct deeds *d, int64_t since_wall_ms); /* a journal that cannot be read is said where it is shown */
void deeds_fini(struct deeds *d);
/* An event that says what the journal says as well. */
bool deeds_tell(const struct deeds *d, const struct event *ev);

struct track *archive_track(const struct config *c, struct deeds *d, const char *key, int64_t now_wall_ms, struct err *e);
void archive_track_free(void *track);
/* Ends with an error soon once cancel_fd (-1 none) is readable. */
struct chronicle *archive_chronicle(const struct config *c, struct deeds *d, const struct peer_set *peers, const char *key,
    int64_t now_wall_ms, int cancel_fd, struct err *e);
void archive_chronicle_free(void *chronicle);
struct lately *archive_lately(const struct config *c, int64_t now_wall_ms, struct err *e);
void archive_lately_free(void *lately);
/* Samples of routers that are read seldom are further apart. */
int64_t archive_hold_ms(const struct config *c, const char *router);
/* The next part of a key, parted by tabs. */
bool archive_part(const char **key, char *out, size_t size);

#endif
