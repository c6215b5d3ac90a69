/* The actions, one row each; see verb.h. */
#include "core/act/verb.h"

#include <stddef.h>
#include <string.h>

static const struct verb_info verbs[VERB_COUNT] = {
    [VERB_SUSPEND] = {
        .name = "suspend",
        .past = "suspended",
        .help = "shut the session administratively, with a message to the peer where the OS can send one",
        .inverse = VERB_RESUME,
        .takes_message = true,
        .opens_ledger = true,
    },
    [VERB_RESUME] = {
        .name = "resume",
        .past = "resumed",
        .help = "open a session that was shut",
        .inverse = VERB_SUSPEND,
    },
    [VERB_WITHDRAW] = {
        .name = "withdraw",
        .past = "withdrawn",
        .help = "advertise nothing to the neighbor; the session stays up",
        .inverse = VERB_RESTORE,
        .opens_ledger = true,
    },
    [VERB_WITHDRAW_PREFIXES] = {
        .name = "withdraw-prefixes",
        .past = "withdrawn",
        .help = "advertise chosen prefixes no longer to the neighbor; the others and the session stay",
        .inverse = VERB_RESTORE,
        .takes_prefixes = true,
        .opens_ledger = true,
    },
    [VERB_RESTORE] = {
        .name = "restore",
        .past = "restored",
        .help = "advertise again exactly what was advertised before",
        .inverse = VERB_COUNT,
    },
    [VERB_GSHUT] = {
        .name = "gshut",
        .past = "marked for graceful shutdown",
        .help = "send all routes with GRACEFUL_SHUTDOWN (RFC 8326), so that traffic moves away",
        .inverse = VERB_RESTORE,
        .opens_ledger = true,
    },
    [VERB_REFRESH] = {
        .name = "refresh",
        .past = "refreshed",
        .help = "ask the peer for its routes again, without a reset",
        .inverse = VERB_COUNT,
    },
};

const struct verb_info *verb_info(enum verb v)
{
	return (unsigned)v < VERB_COUNT ? &verbs[v] : NULL;
}

bool verb_parse_lasting(const char *name, enum verb *v, bool *lasting)
{
	*lasting = strcmp(name, "terminate") == 0;
	*v = VERB_SUSPEND;
	return *lasting || verb_parse(name, v);
}

const char *verb_word(enum verb v, bool lasting)
{
	return lasting && v == VERB_SUSPEND ? "terminate" : verb_info(v)->name;
}

bool verb_parse(const char *name, enum verb *v)
{
	for (int i = 0; i < VERB_COUNT; i++) {
		if (strcmp(verbs[i].name, name) == 0) {
			*v = (enum verb)i;
			return true;
		}
	}
	return false;
}
