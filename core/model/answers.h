/*
 * answers - what slow sources said, kept from run to run with its age: <data_dir>/answers.db.
 *
 * A cache of bodies by source and key, as the source's own code wrote them.  It must never stop anybody: a damaged file
 * is set aside, one that cannot be opened holds nothing.  Belongs to one thread; several threads and processes may each
 * open the same directory.
 */
#ifndef PEERDECK_MODEL_ANSWERS_H
#define PEERDECK_MODEL_ANSWERS_H

#include "core/base/str.h"

#include <stdbool.h>
#include <stdint.h>

enum { ANSWER_BODY_MAX = 128 << 20 /* octets */ };

struct answers;

struct answers *answers_open(const char *dir); /* never NULL; dir NULL: holds nothing */
void answers_close(struct answers *a);         /* NULL is fine */
/* Replaces what is there.  False: not kept. */
bool answers_put(struct answers *a, const char *source, const char *key, int64_t at_wall_ms, struct slice body);
/* Into *body (appended); false: nothing kept. */
bool answers_get(struct answers *a, const char *source, const char *key, int64_t *at_wall_ms, struct str *body);
/* Forgets what is older of this source; each has a time of its own. */
void answers_forget(struct answers *a, const char *source, int64_t before_wall_ms);

#endif
