/*
 * letter - a mail composed from facts and a template.
 *
 * A template is a file: comment lines beginning with '#', "Subject: ...", an
 * empty line, the body.  {place} is filled in; {place|otherwise} says
 * something else where the fact is not known.  A line that holds an unknown
 * place and no "otherwise" is left out as a whole, so that a letter never
 * says "since unknown"; a piece in [[...]] is left out alone.  What is no
 * place is an error with file and line when the template is read, not when
 * the letter is needed.  peerdeck-contacts(5) documents the places.
 *
 * Pure.  Nothing here is sent.
 */
#ifndef PEERDECK_JUDGE_LETTER_H
#define PEERDECK_JUDGE_LETTER_H

#include "core/base/err.h"
#include "core/base/mem.h"
#include "core/base/str.h"

enum letter_place {
	PLACE_OUR_AS, PLACE_OUR_NAME, PLACE_OPERATOR,
	PLACE_PEER_AS, PLACE_PEER_NAME, PLACE_CONTACT,
	PLACE_OUR_ADDRESS, PLACE_PEER_ADDRESS, PLACE_EXCHANGE, PLACE_ROUTER, PLACE_FAMILY,
	PLACE_SESSIONS, PLACE_STATE, PLACE_SINCE, PLACE_REASON, PLACE_EVIDENCE,
	PLACE_WHAT_WE_DID, PLACE_WHY_WE_DID, PLACE_LIMIT, PLACE_PUBLISHED,
	PLACE_CLAUSE, PLACE_REMEDY,
	PLACE_WHERE, PLACE_SUMMARY, PLACE_INCIDENT,
	PLACE_TICKET, PLACE_NOW, PLACE_FROM, PLACE_UNTIL, PLACE_WORK,
	PLACES,
};
struct letter_place_info {
	const char *name, *help;
};
extern const struct letter_place_info letter_places[PLACES];

struct letter_facts {
	const char *value[PLACES]; /* safe text; NULL or "" unknown; may hold line ends */
};

struct letter_template {
	const char *name;
	const char *subject, *body; /* as written, comments left out */
};

/* The templates that are compiled in; ends with name NULL. */
struct letter_builtin {
	const char *name, *text;
};
extern const struct letter_builtin letter_builtins[];
const char *letter_builtin(const char *name); /* its text; NULL if there is none */

/* -1: ERR_CONFIG with file, line and what is allowed.  Owned by the arena. */
int letter_parse(struct arena *a, const char *name, const char *file, const char *text, struct letter_template *out,
    struct err *e);
/* A template of this name: DIR/NAME.letter if dir is not NULL and the file is there, else the one compiled in. */
int letter_load(struct arena *a, const char *dir, const char *name, struct letter_template *out, struct err *e);
void letter_compose(const struct letter_template *t, const struct letter_facts *f, struct str *subject, struct str *body);

#endif
