/*
 * words - lines cut into words, and patterns of words.
 *
 * Blanks divide words; a part in double quotes keeps its blanks and loses the
 * quotes: `name="a b"` is one word.  A pattern's words are:
 *
 *     word     itself            a|b      either          (word)   may be left out
 *     <name>   any one word, kept under that name; may stand inside a word: name=<name>]
 *     <name..> all the rest      |        a bar
 */
#ifndef SIM_WORDS_H
#define SIM_WORDS_H

#include <stdbool.h>
#include <stddef.h>

struct words {
	char **word;
	size_t count, cap;
};
void words_cut(struct words *w, const char *line);
void words_fini(struct words *w);

/* Called for every capture of a pattern that fits. */
typedef void words_keep(void *ctx, const char *name, const char *value);
bool words_fit(const struct words *pattern, const struct words *line, words_keep *keep, void *ctx);

#endif
