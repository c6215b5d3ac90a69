/*
 * pin - keeps what rows of sessions point to while the world goes on.
 *
 * A tick lets go of snapshots and of the peers; what is gone through a little at a time (a long table, the forming of
 * incidents) needs its rows longer than that.  What else a row may point to (the ledger's lines) a pin does not keep:
 * pin_solid says when that changed.
 */
#ifndef PEERDECK_MODEL_PIN_H
#define PEERDECK_MODEL_PIN_H

#include "core/model/world.h"

struct pin;

struct pin *pin_new(const struct world *w); /* one reference */
struct pin *pin_ref(struct pin *p);         /* NULL is fine */
void pin_unref(struct pin *p);              /* NULL is fine */
/* The same as long as everything lives that rows of sessions may point to and a pin does not keep. */
uint64_t pin_solid(const struct world *w);

#endif
