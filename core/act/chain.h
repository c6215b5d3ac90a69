/*
 * chain - one journal record as bytes: canonical JSON that names its predecessor.
 */
#ifndef PEERDECK_ACT_CHAIN_H
#define PEERDECK_ACT_CHAIN_H

#include "core/base/err.h"
#include "core/base/sha256.h"

#include <jansson.h>
#include <stdint.h>

#define CHAIN_START "0000000000000000000000000000000000000000000000000000000000000000"
#define CHAIN_LINE_MAX ((size_t)8 << 20) /* a longer record is refused on both sides */

/* Where a chain stands: after record `seq` with this hash; seq 0 and CHAIN_START before the first. */
struct chain {
	uint64_t seq;
	char hash[SHA256_HEX_LEN];
};
void chain_start(struct chain *c);

/* Adds seq, prev and hash to rec and gives its line (no line end; free()), moving the chain on. NULL: too long. */
char *chain_seal(struct chain *c, json_t *rec, struct err *e);
/* Checks a line against the chain and moves it on.  0, with *rec (may be NULL) a new reference; -1 says what is wrong
 * ("was changed", "does not follow record 7"). */
int chain_check(struct chain *c, const char *line, size_t len, json_t **rec, struct err *e);

/* Adds a text; what is not UTF-8 is made safe first.  NULL and "" are left out. */
void chain_put(json_t *rec, const char *key, const char *text);

#endif
