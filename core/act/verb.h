/*
 * verb - the actions that exist, one row each.
 *
 * From this table come the commands' names, their help, the danger shown and
 * which verb undoes which.
 */
#ifndef PEERDECK_ACT_VERB_H
#define PEERDECK_ACT_VERB_H

#include <stdbool.h>

enum verb {
	VERB_SUSPEND,  /* administratively shut, with a message where the OS can */
	VERB_RESUME,   /* undo of suspend */
	VERB_WITHDRAW, /* advertise nothing to the neighbor, the session stays up */
	VERB_WITHDRAW_PREFIXES, /* the same for chosen prefixes only */
	VERB_RESTORE,  /* undo of both withdraws and of gshut: exactly what was there */
	VERB_GSHUT,    /* graceful shutdown, RFC 8326, toward this neighbor */
	VERB_REFRESH,  /* soft refresh of received routes */
	VERB_COUNT,
};

struct verb_info {
	const char *name;   /* "suspend" */
	const char *past;   /* "suspended" */
	const char *help;   /* one line */
	enum verb inverse;  /* VERB_COUNT: none */
	bool takes_message; /* RFC 9003 text can go with it */
	bool takes_prefixes; /* needs prefixes to be chosen */
	bool opens_ledger;  /* something is held until the inverse */
};

/* NULL for what is not a verb. */
const struct verb_info *verb_info(enum verb v);
bool verb_parse(const char *name, enum verb *v);
/* Also "terminate": a suspend that is meant to last, shown as lasting and never reminded of. */
bool verb_parse_lasting(const char *name, enum verb *v, bool *lasting);
/* "terminate" for a lasting suspend, else the verb's name. */
const char *verb_word(enum verb v, bool lasting);

#endif
