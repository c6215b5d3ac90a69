/*
 * doctor - the part of the check-up that speaks to routers.
 */
#ifndef PEERDECK_APP_COMMANDS_DOCTOR_H
#define PEERDECK_APP_COMMANDS_DOCTOR_H

#include "app/output_findings.h"
#include "core/model/config.h"

/* Checks host keys, connects, and asks what the account may do; names: only these routers (none: all). */
void doctor_routers(struct findings *f, const struct config *c, char **names, int count);

#endif
