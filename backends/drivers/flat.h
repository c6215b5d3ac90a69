/*
 * flat - configurations with one whole statement a line: Junos "| display set", SR OS "full-context", SR Linux "info flat".
 *
 * Double quotes go and blanks are made single, so that a statement is compared word by word: what may be
 * quoted (a text with blanks) is of no use to us but as a text to be put back.
 */
#ifndef PEERDECK_DRIVERS_FLAT_H
#define PEERDECK_DRIVERS_FLAT_H

#include "core/base/mem.h"
#include "core/base/scan.h"
#include "core/model/net.h"

/* The answer in that form, owned by the arena. */
const char *flat_of(struct arena *a, const char *answer);
/* The same out of a configuration whose blocks are indented: every line with the heads of its blocks before it
 * ("bgp 65000 ipv4-family unicast peer 192.0.2.1 enable"). */
const char *flat_of_indented(struct arena *a, const char *answer);
/* The next line that begins with these whole words; *rest: what follows them, "" when nothing does. */
bool flat_next(struct scan *c, const char *words, struct slice *rest);
/* The first such line of the text. */
bool flat_find(const char *flat, const char *words, struct slice *rest);
/* The first word of it and the rest; false when it is empty. */
bool flat_word(struct slice *rest, struct slice *word);
/* Whether the word is this address, however it is written. */
bool flat_is(struct slice word, const struct addr *a);
/* Names in "[ a b ]", "a" or "a b", in order, as "a b"; "" none. */
const char *flat_list(struct arena *a, struct slice rest);
/* "a b" begins with the name "a". */
bool flat_list_begins(const char *list, const char *name);

#endif
