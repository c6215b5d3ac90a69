/*
 * guard - whether a policy may do by itself, here, what it proposes: who runs the console, and what needs four eyes.
 *
 * A policy has no more rights than the person whose console carries it out, and what would need a second person if it
 * were done by hand needs one as well when no hand is in it.  What may not be done so stays a proposal, with the reason.
 */
#ifndef PEERDECK_APP_GUARD_H
#define PEERDECK_APP_GUARD_H

#include "core/act/verb.h"
#include "core/base/str.h"
#include "core/judge/proposal.h"
#include "core/model/config.h"

/* What the proposal would do. */
enum verb guard_verb(const struct proposal *p);
/* False: `why` says who or what is needed.  is_member: of a Unix group, as in core/act/role.h. */
bool guard_leave(const struct config *c, bool (*is_member)(const char *group), const struct proposal *p, struct str *why);

#endif
