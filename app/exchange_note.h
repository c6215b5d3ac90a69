/*
 * exchange_note - what choosing an exchange took: which neighbors count as being on it, and which do not and why.
 */
#ifndef PEERDECK_APP_EXCHANGE_NOTE_H
#define PEERDECK_APP_EXCHANGE_NOTE_H

#include "core/model/world.h"

/* Lines about the exchange of this name over all rows. */
void exchange_note(const struct world *w, const char *name, const struct world_session *rows, size_t count, struct str *out);

#endif
