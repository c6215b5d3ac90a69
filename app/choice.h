/*
 * choice - the sessions that a command is to act on, and what that choice is called.
 *
 * Selectors add up (any of them); the options --asn, --exchange, --router
 * and --group narrow each other and the selectors (all of them).  A choice
 * that leaves nothing is an error that says what emptied it.
 */
#ifndef PEERDECK_APP_CHOICE_H
#define PEERDECK_APP_CHOICE_H

#include "app/options.h"
#include "app/selector.h"

/* Ids of the options below; a command's own ids stay under them. */
enum { CHOICE_ASN = 90, CHOICE_EXCHANGE, CHOICE_ROUTER, CHOICE_GROUP };
#define CHOICE_OPTIONS \
	{ "asn", "AS", "only sessions with that network", CHOICE_ASN }, \
	{ "exchange", "NAME", "only sessions on the LAN of an exchange (its name or PeeringDB id)", CHOICE_EXCHANGE }, \
	{ "router", "NAME", "only sessions of a router", CHOICE_ROUTER }, \
	{ "group", "NAME", "only sessions of a peer group or template", CHOICE_GROUP }

enum { CHOICE_NARROWS = 4 };
struct choice {
	const char *const *words; /* selectors */
	size_t count;
	const char *narrow[CHOICE_NARROWS]; /* by option, NULL not given */
};
/* True if the option was one of these. */
bool choice_option(struct choice *c, int id, const char *value);
bool choice_empty(const struct choice *c);
/* Every word is a selector or option that can be meant; -1 with ERR_USAGE. */
int choice_check(const struct choice *c, const struct world *w, struct err *e);
/* As selector_pick. */
int choice_pick(const struct choice *c, const struct world *w, const struct world_session *rows, size_t row_count,
    const struct world_session ***out, size_t *count, struct err *e);
/* How the choice is called in the plan ("" for neighbors one by one), and what may be typed for it ("" nothing). */
void choice_scope(const struct choice *c, const struct world *w, char words[200], char name[80]);

#endif
