/*
 * chosen - the prefixes that an action is about.
 *
 * They come in as words, are kept in binary, and every command and record is
 * printed from binary again.  A prefix stands for itself alone, never for
 * what is more specific.
 */
#ifndef PEERDECK_ACT_CHOSEN_H
#define PEERDECK_ACT_CHOSEN_H

#include "core/base/err.h"
#include "core/base/mem.h"
#include "core/base/str.h"
#include "core/model/net.h"

enum { CHOSEN_MAX = 64 }; /* prefixes of one action */

struct chosen {
	const struct prefix *p; /* each one once, in the order given */
	size_t count;
};

/* "203.0.113.0/24, 2001:db8:1::/48": commas or blanks between them.  Adds to what *out holds already, in the arena.
 * -1 names the word: no prefix, host bits set, too many.  Words without any prefix are an error too. */
int chosen_parse(struct arena *a, struct slice words, struct chosen *out, struct err *e);
struct chosen chosen_copy(struct arena *a, struct chosen from);
/* Those of one IP version (4, 6). */
struct chosen chosen_of_version(struct arena *a, struct chosen from, int version);
bool chosen_has(struct chosen c, const struct prefix *p);
bool chosen_overlaps(struct chosen a, struct chosen b);
/* "203.0.113.0/24, 2001:db8:1::/48" */
void chosen_print(struct str *out, struct chosen c);
const char *chosen_words(struct arena *a, struct chosen c);

/* A prefix as a table of routes prints it; without a length it is classful ("10.0.0.0" on IOS). */
bool chosen_read_route(struct slice word, struct prefix *p);

#endif
