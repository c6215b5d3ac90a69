/*
 * rdap - whom a registry names for abuse of an AS number (RFC 9082, 9083): the last rung of the ladder.
 *
 * GET url/autnum/N with Accept: application/rdap+json.  No key is involved, so redirects (a bootstrap service lives by
 * them) are followed, three at most, and only to https; to http only where the url was such itself.  Entities are
 * searched recursively for the role abuse; their jCard (RFC 7095) gives name, mail and phone.
 */
#ifndef PEERDECK_SOURCES_RDAP_H
#define PEERDECK_SOURCES_RDAP_H

#include "backends/sources/http.h"
#include "core/model/config.h"
#include "core/model/keeper.h"
#include "core/model/registered.h"

struct rdap_answer {
	struct registered r; /* in the arena; never with a trouble */
	struct arena *arena;
};
void rdap_answer_free(struct rdap_answer *x); /* NULL is fine */

/* Reads an answer (an empty one: the registry does not have the number); NULL and an error (ERR_PARSE) if it is none
 * about this AS number. */
struct rdap_answer *rdap_parse(asn_t asn, struct slice body, int64_t at_wall_ms, struct err *e);

/* Asks now, in the caller's thread; ends soon once cancel_fd (-1 none) is readable.  *body gets what was answered, to be
 * kept; it is empty when the registry does not have the number. */
struct rdap_answer *rdap_ask(const struct rdap_conf *conf, struct http *http, asn_t asn, int cancel_fd, struct str *body,
    struct err *e);

/* --- rdap_keep.c: answers are kept in data_dir, with their age --- */

void rdap_key(char out[KEEPER_KEY_MAX + 1], asn_t asn);
/* Answers are struct rdap_answer.  NULL: not enabled, no http, or an error. */
struct keeper *rdap_keeper(const struct rdap_conf *conf, const char *data_dir, struct http *http, struct err *e);

/* A copy that lives as long as the arena. */
void registered_copy(struct registered *to, const struct registered *from, struct arena *a);

/* For commands that end: what is kept of these networks, in the arena.  With http those that are not kept, or longer than
 * conf->refresh_s, are asked for first, RDAP_ASKED_MAX of them and until the first that fails; an answer that is old stays
 * then, beside the trouble. */
enum { RDAP_ASKED_MAX = 16 };
const struct registered_set *rdap_lookup(const struct rdap_conf *conf, const char *data_dir, struct http *http, const asn_t *asns, size_t n,
    struct arena *a);

#endif
