/*
 * dialog_match - the patterns of a dialogue, compiled once.
 */
#ifndef PEERDECK_LINK_DIALOG_MATCH_H
#define PEERDECK_LINK_DIALOG_MATCH_H

#include "core/base/err.h"
#include "core/base/str.h"

#include <stdbool.h>

struct patterns;

/* NULL-terminated list of PCRE2, NULL for none; a pattern that does not compile is ERR_CONFIG naming it. */
int patterns_new(const char *const *list, struct patterns **out, struct err *e);
void patterns_free(struct patterns *p);
/* The first of them that matches somewhere in s, or -1.  With `at_end`, the match must reach to the end of s; its
 * start goes to *from (may be NULL). */
int patterns_find(const struct patterns *p, struct slice s, bool at_end, size_t *from);

/* The host that a prompt names, without the marks around it: "r1(config)# ", "<r1>", "[~r1-bgp]", "*A:r1>config# ".
 * Empty when there is none. */
struct slice prompt_host(struct slice prompt);
/* Whether a line begins as a prompt of that host does, in whatever mode. */
bool prompt_of_host(struct slice line, struct slice host);

#endif
