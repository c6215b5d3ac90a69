/*
 * words - a line cut into words that remember where they stood.
 *
 * Printed tables are read by words where every column is filled, and by the place of a word where columns may
 * be empty.  A tab counts as one place.
 */
#ifndef PEERDECK_PARSE_WORDS_H
#define PEERDECK_PARSE_WORDS_H

#include "core/base/scan.h"
#include "core/model/net.h"

enum { WORDS_MAX = 64 };

struct words {
	struct slice w[WORDS_MAX];
	size_t at[WORDS_MAX]; /* offset in the line of its own */
	size_t n;
};

/* Replaces what is in w by the words of the line; words past WORDS_MAX are left out. */
void words_cut(struct words *w, struct slice line);
/* Adds the words of a continuation line; their offsets count from that line's beginning. */
void words_more(struct words *w, struct slice line);
/* From the start of word i to the end of word j, both in one line; empty if j < i or past the end. */
struct slice words_span(const struct words *w, size_t i, size_t j);

/* What stands behind the first `words` in s, trimmed; empty if they do not stand there. */
struct slice words_behind(struct slice s, const char *words);
/* s up to the first of the octets in `stops`, trimmed. */
struct slice words_upto(struct slice s, const char *stops);

/* An address as routers print it: a leading "*" (dynamic neighbor), a zone ("%Et1") and BSD's "+port" are no part
 * of it.  *bare gets the address alone; false if it is none. */
bool word_is_address(struct slice word, struct slice *bare);
/* The same, with the address itself; ADDR_NONE if it is none. */
bool word_address(struct slice word, struct slice *bare, struct addr *a);
/* The same as the name of a neighbor: the zone of a link-local address stays, since it tells two of them apart. */
bool word_is_neighbor(struct slice word, struct slice *name, struct addr *a);
/* A count, thousands perhaps parted by commas; false if it is none. */
bool word_count(struct slice word, int64_t *count);

#endif
