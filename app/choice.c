/* From options and selectors to sessions; see choice.h. */
#include "app/choice.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* In the order of the ids: the option's name, and the form of selector that it stands for. */
static const struct {
	const char *option, *prefix;
} narrows[CHOICE_NARROWS] = { { "asn", "AS" }, { "exchange", "ix:" }, { "router", "router:" }, { "group", "group:" } };

bool choice_option(struct choice *c, int id, const char *value)
{
	if (id < CHOICE_ASN || id > CHOICE_GROUP)
		return false;
	c->narrow[id - CHOICE_ASN] = value;
	return true;
}

bool choice_empty(const struct choice *c)
{
	for (size_t i = 0; i < CHOICE_NARROWS; i++)
		if (c->narrow[i] != NULL)
			return false;
	return c->count == 0;
}

/* The i-th option as a selector.  Its text lives in `word`, which must outlive it. */
static int narrow_selector(const struct choice *c, size_t i, const struct world *w, struct str *word,
    struct selector *out, struct err *e)
{
	const char *value = c->narrow[i];

	str_clear(word);
	if (i == 0 && strncasecmp(value, "as", 2) == 0)
		value += 2;
	str_addf(word, "%s%s", narrows[i].prefix, value);
	if (selector_parse(word->p, out, e) != 0 || selector_check(out, w, e) != 0)
		return err_prefix(e, "--%s %.80s", narrows[i].option, c->narrow[i]);
	return 0;
}

int choice_check(const struct choice *c, const struct world *w, struct err *e)
{
	struct selector sel;
	struct str word;
	int rc = 0;

	str_init(&word, 400);
	for (size_t i = 0; rc == 0 && i < c->count; i++)
		rc = selector_parse(c->words[i], &sel, e) != 0 ? -1 : selector_check(&sel, w, e);
	for (size_t i = 0; rc == 0 && i < CHOICE_NARROWS; i++)
		if (c->narrow[i] != NULL)
			rc = narrow_selector(c, i, w, &word, &sel, e);
	str_fini(&word);
	return rc;
}

/* Keeps of the picked rows those that the i-th option holds. */
static int narrow(const struct choice *c, size_t i, const struct world *w, const struct world_session **picked,
    size_t *count, struct err *e)
{
	struct selector sel;
	struct str word;
	size_t kept = 0;
	int rc;

	str_init(&word, 400);
	rc = narrow_selector(c, i, w, &word, &sel, e);
	for (size_t k = 0; rc == 0 && k < *count; k++)
		if (selector_matches(&sel, w, picked[k]))
			picked[kept++] = picked[k];
	if (rc == 0 && kept == 0)
		rc = err_set(e, ERR_USAGE, "--%s %.80s: leaves no session of those chosen", narrows[i].option,
		    c->narrow[i]);
	*count = kept;
	str_fini(&word);
	return rc;
}

int choice_pick(const struct choice *c, const struct world *w, const struct world_session *rows, size_t row_count,
    const struct world_session ***out, size_t *count, struct err *e)
{
	int rc = selector_pick(c->words, c->count, w, rows, row_count, out, count, e);

	for (size_t i = 0; rc == 0 && i < CHOICE_NARROWS; i++)
		if (c->narrow[i] != NULL)
			rc = narrow(c, i, w, *out, count, e);
	if (rc != 0) {
		free(*out);
		*out = NULL;
		*count = 0;
	}
	return rc;
}

static void scope_of(const struct selector *sel, const struct world *w, struct str *words, char name[80])
{
	struct scope scope;
	char one[160];

	selector_scope(sel, w, &scope);
	if (scope.kind == SCOPE_NONE) {
		str_addf(words, "%s%s", words->len > 0 ? ", " : "", sel->text);
		return;
	}
	scope_words(&scope, one, sizeof(one));
	str_addf(words, "%s%s", words->len > 0 ? ", " : "", one);
	scope_name(&scope, name, 80);
}

void choice_scope(const struct choice *c, const struct world *w, char words[200], char name[80])
{
	struct str all, word;
	size_t named = 0;
	struct selector sel;
	struct err ignored = ERR_INIT;
	bool one_by_one = true;

	str_init(&all, 199);
	str_init(&word, 400);
	name[0] = '\0';
	for (size_t i = 0; i < c->count; i++) {
		if (selector_parse(c->words[i], &sel, &ignored) != 0)
			continue;
		one_by_one = one_by_one && sel.kind == SELECT_NEIGHBOR;
		scope_of(&sel, w, &all, name);
		named++;
	}
	if (one_by_one)
		str_clear(&all);
	for (size_t i = 0; i < CHOICE_NARROWS; i++)
		if (c->narrow[i] != NULL && narrow_selector(c, i, w, &word, &sel, &ignored) == 0) {
			scope_of(&sel, w, &all, name);
			named++;
		}
	if (named != 1)
		name[0] = '\0'; /* no single name means what was chosen */
	snprintf(words, 200, "%s", all.p);
	str_fini(&word);
	str_fini(&all);
}
