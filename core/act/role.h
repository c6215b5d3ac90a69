/*
 * role - who may do what where: the operator groups of the configuration.
 *
 * A role gives the members of a Unix group some verbs on some routers.
 * Without any role everybody who can write the journal may act.  A refusal
 * says why, and which groups could.
 */
#ifndef PEERDECK_ACT_ROLE_H
#define PEERDECK_ACT_ROLE_H

#include "core/act/verb.h"
#include "core/base/str.h"
#include "core/model/config.h"

/* Is this process a member of the group of that name?  A group that the host does not know has no members. */
bool role_in_group(const char *group);

/* True if one of the roles of this process allows it; else `why` gets the refusal. */
bool role_allows(const struct config *c, const char *router, enum verb verb, bool lasting, struct str *why);
/* The same for the members of the groups for which `is_member` is true. */
bool role_allows_member(const struct config *c, bool (*is_member)(const char *group), const char *router, enum verb verb,
    bool lasting, struct str *why);
/* 0 if the roles name only routers and verbs that there are; -1 with file, line, role and value. */
int role_check(const struct config *c, struct err *e);

/* Is `word` one of the words of `list` (parted by blanks or commas; "*" holds all)?  A NULL list holds all. */
bool role_list_holds(const char *list, const char *word);

#endif
