/* Cutting and matching words; see words.h. */
#include "tests/sim/words.h"
#include "core/base/mem.h"
#include "core/base/str.h"

#include <stdlib.h>
#include <string.h>

void words_cut(struct words *w, const char *line)
{
	struct str one;
	bool quoted = false, any = false;

	*w = (struct words){ 0 };
	str_init(&one, 0);
	for (const char *p = line;; p++) {
		if (*p == '\0' || (!quoted && (*p == ' ' || *p == '\t'))) {
			if (any) {
				MEM_GROW(w->word, w->cap, w->count + 1);
				w->word[w->count++] = mem_strdup(one.p);
			}
			str_clear(&one);
			any = false;
			if (*p == '\0')
				break;
			continue;
		}
		any = true;
		if (*p == '"')
			quoted = !quoted;
		else
			str_putc(&one, *p);
	}
	str_fini(&one);
}

void words_fini(struct words *w)
{
	for (size_t i = 0; i < w->count; i++)
		free(w->word[i]);
	free(w->word);
	*w = (struct words){ 0 };
}

static void capture(words_keep *keep, void *ctx, const char *name, size_t name_len, const char *value, size_t len)
{
	char *n = mem_strndup(name, name_len), *v = mem_strndup(value, len);

	if (keep != NULL)
		keep(ctx, n, v);
	free(n);
	free(v);
}

static bool fits_choice(const char *choices, const char *word)
{
	size_t n = strlen(word);

	if (strcmp(choices, "|") == 0)
		return strcmp(word, "|") == 0;
	for (const char *p = choices; p != NULL; p = strchr(p, '|')) {
		p += *p == '|';
		if (strncmp(p, word, n) == 0 && (p[n] == '\0' || p[n] == '|'))
			return true;
	}
	return false;
}

/* One word of a pattern, without its optional parentheses. */
static bool fits_word(const char *pattern, const char *word, words_keep *keep, void *ctx)
{
	const char *open = strchr(pattern, '<'), *close = open ? strchr(open, '>') : NULL;
	size_t n = strlen(word), before, after;

	if (close == NULL)
		return fits_choice(pattern, word);
	before = (size_t)(open - pattern);
	after = strlen(close + 1);
	if (n < before + after + 1 || strncmp(word, pattern, before) != 0 || strcmp(word + n - after, close + 1) != 0)
		return false;
	capture(keep, ctx, open + 1, (size_t)(close - open) - 1, word + before, n - before - after);
	return true;
}

static void capture_rest(const struct words *l, size_t from, const char *pattern, words_keep *keep, void *ctx)
{
	struct str rest;

	str_init(&rest, 0);
	for (size_t i = from; i < l->count; i++)
		str_addf(&rest, "%s%s", i > from ? " " : "", l->word[i]);
	capture(keep, ctx, pattern + 1, strlen(pattern) - 4, rest.p, rest.len);
	str_fini(&rest);
}

static bool fit(const struct words *p, size_t i, const struct words *l, size_t k, words_keep *keep, void *ctx)
{
	char inner[128];
	size_t n;

	if (i == p->count)
		return k == l->count;
	n = strlen(p->word[i]);
	if (n > 4 && p->word[i][0] == '<' && strcmp(p->word[i] + n - 3, "..>") == 0) {
		if (k == l->count)
			return false;
		capture_rest(l, k, p->word[i], keep, ctx);
		return true;
	}
	if (n > 2 && p->word[i][0] == '(' && p->word[i][n - 1] == ')' && n < sizeof(inner)) {
		memcpy(inner, p->word[i] + 1, n - 2);
		inner[n - 2] = '\0';
		return (k < l->count && fits_word(inner, l->word[k], keep, ctx) && fit(p, i + 1, l, k + 1, keep, ctx)) ||
		       fit(p, i + 1, l, k, keep, ctx);
	}
	return k < l->count && fits_word(p->word[i], l->word[k], keep, ctx) && fit(p, i + 1, l, k + 1, keep, ctx);
}

bool words_fit(const struct words *pattern, const struct words *line, words_keep *keep, void *ctx)
{
	return fit(pattern, 0, line, 0, NULL, NULL) && fit(pattern, 0, line, 0, keep, ctx);
}
