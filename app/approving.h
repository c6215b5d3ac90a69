/*
 * approving - a command's wait for the second person.
 */
#ifndef PEERDECK_APP_APPROVING_H
#define PEERDECK_APP_APPROVING_H

#include "app/gather.h"
#include "app/operation.h"

#include <signal.h>

/* Puts the plan that op shows before a second person, if its kind needs one, and waits for the word: as long as the plan
 * holds, or until *interrupted.  0: it may be carried out. */
int approving_wait(struct operation *op, struct gather *g, const volatile sig_atomic_t *interrupted, struct err *e);

#endif
