/* Reading a script; see script.h. */
#include "tests/sim/script.h"
#include "core/base/mem.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const struct mode *script_mode(const struct script *s, const char *name)
{
	for (size_t i = 0; i < s->mode_count; i++)
		if (strcmp(s->modes[i].name, name) == 0)
			return &s->modes[i];
	return NULL;
}

const struct template *script_template(const struct script *s, const char *name)
{
	for (size_t i = 0; i < s->template_count; i++)
		if (strcmp(s->templates[i].name, name) == 0)
			return &s->templates[i];
	return NULL;
}

/* The rest of a line behind its first word. */
static const char *behind(const char *line)
{
	line += strcspn(line, " \t");
	return line + strspn(line, " \t");
}

static bool read_mode(struct script *s, const struct words *w)
{
	struct mode *m;

	if (w->count < 3)
		return false;
	MEM_GROW(s->modes, s->mode_cap, s->mode_count + 1);
	m = &s->modes[s->mode_count++];
	*m = (struct mode){ .name = mem_strdup(w->word[1]), .prompt = mem_strdup(w->word[2]) };
	for (size_t i = 3; i < w->count; i++) {
		if (strcmp(w->word[i], "noecho") == 0)
			m->noecho = true;
		else if (strcmp(w->word[i], "in") == 0 && i + 1 < w->count)
			m->parent = mem_strdup(w->word[++i]);
		else
			return false;
	}
	return true;
}

static bool read_rule(struct script *s, const char *rest)
{
	struct rule *r;
	char *modes;

	MEM_GROW(s->rules, s->rule_cap, s->rule_count + 1);
	r = &s->rules[s->rule_count++];
	*r = (struct rule){ 0 };
	modes = mem_strndup(rest, strcspn(rest, " "));
	for (char *p = modes; *p != '\0'; p++)
		*p = *p == ',' ? ' ' : *p;
	words_cut(&r->modes, modes);
	words_cut(&r->pattern, behind(rest));
	free(modes);
	return r->pattern.count > 0;
}

static bool read_op(struct script *s, const char *line)
{
	struct rule *r;

	if (s->rule_count == 0)
		return false;
	line += strspn(line, " \t");
	r = &s->rules[s->rule_count - 1];
	MEM_GROW(r->ops, r->cap, r->count + 1);
	r->ops[r->count++] = (struct op){ .verb = mem_strndup(line, strcspn(line, " ")),
		.rest = mem_strdup(behind(line)) };
	return true;
}

static bool read_template_line(struct script *s, const char *line)
{
	struct template *t;

	if (s->template_count == 0)
		return false;
	t = &s->templates[s->template_count - 1];
	MEM_GROW(t->lines, t->cap, t->count + 1);
	t->lines[t->count++] = mem_strdup(line);
	return true;
}

static bool read_pairs(struct record *r, const struct words *w)
{
	for (size_t i = 1; i < w->count; i++) {
		char *eq = strchr(w->word[i], '=');

		if (eq == NULL)
			return false;
		*eq = '\0';
		record_set(r, w->word[i], eq + 1);
	}
	return true;
}

static bool read_words(struct script *s, const char *line, const struct words *w)
{
	const char *first = w->word[0];

	if (strcmp(first, "var") == 0)
		return read_pairs(&s->vars, w);
	if (strcmp(first, "policies") == 0) {
		struct record r = { 0 };

		if (!read_pairs(&r, w))
			return false;
		s->state.undefined_denies = strcmp(record_get(&r, "undefined"), "deny") == 0;
		s->state.none_denies = strcmp(record_get(&r, "none"), "deny") == 0;
		s->effect_soft = strcmp(record_get(&r, "effect"), "soft") == 0;
		return true;
	}
	if (strcmp(first, "mode") == 0)
		return read_mode(s, w);
	if (strcmp(first, "on") == 0)
		return read_rule(s, behind(line));
	if (w->count >= 2 && strcmp(first, "delay") == 0)
		s->state.delay_ms = strtoll(w->word[1], NULL, 10);
	else if (w->count == 2 && strcmp(first, "start") == 0)
		s->start = mem_strdup(w->word[1]);
	else if (w->count == 2 && strcmp(first, "exec") == 0)
		s->exec = mem_strdup(w->word[1]);
	else if (w->count == 3 && strcmp(first, "pager") == 0) {
		s->pager_lines = (unsigned)strtoul(w->word[1], NULL, 10);
		record_set(&s->vars, "pager", w->word[2]);
	} else if (w->count == 2 && strcmp(first, "template") == 0) {
		MEM_GROW(s->templates, s->template_cap, s->template_count + 1);
		s->templates[s->template_count++] = (struct template){ .name = mem_strdup(w->word[1]) };
	} else
		return state_read_line(&s->state, line);
	return true;
}

static bool read_line(struct script *s, const char *line)
{
	struct words w;
	bool ok = true;

	if (line[0] == '|' || line[0] == '+' || line[0] == '@')
		return read_template_line(s, line);
	if (line[0] == '\0' || line[0] == '#' || line[strspn(line, " \t")] == '\0')
		return true;
	if (line[0] == ' ' || line[0] == '\t')
		return read_op(s, line);
	words_cut(&w, line);
	ok = read_words(s, line, &w);
	words_fini(&w);
	return ok;
}

/* What a script names must be there: a word misspelt would else be found by nobody. */
static bool check(const struct script *s, const char *path)
{
	bool ok = s->start != NULL && script_mode(s, s->start) != NULL && script_template(s, "unknown") != NULL;

	if (!ok)
		fprintf(stderr, "%s: needs a start mode and a template \"unknown\"\n", path);
	for (size_t i = 0; i < s->rule_count; i++) {
		const struct rule *r = &s->rules[i];

		for (size_t k = 0; k < r->modes.count; k++)
			if (strcmp(r->modes.word[k], "*") != 0 && script_mode(s, r->modes.word[k]) == NULL) {
				fprintf(stderr, "%s: no mode \"%s\"\n", path, r->modes.word[k]);
				ok = false;
			}
		for (size_t k = 0; k < r->count; k++)
			if ((strcmp(r->ops[k].verb, "go") == 0 && script_mode(s, r->ops[k].rest) == NULL) ||
			    (strcmp(r->ops[k].verb, "print") == 0 && script_template(s, r->ops[k].rest) == NULL)) {
				fprintf(stderr, "%s: no \"%s\" to %s\n", path, r->ops[k].rest, r->ops[k].verb);
				ok = false;
			}
	}
	return ok;
}

struct script *script_read(const char *path)
{
	FILE *f = fopen(path, "re");
	struct script *s = MEM_NEW(struct script);
	char line[4096];
	unsigned number = 0;

	if (f == NULL) {
		perror(path);
		return NULL;
	}
	while (fgets(line, sizeof(line), f) != NULL) {
		number++;
		line[strcspn(line, "\n")] = '\0';
		if (!read_line(s, line)) {
			fprintf(stderr, "%s:%u: not understood: %s\n", path, number, line);
			fclose(f);
			return NULL;
		}
	}
	fclose(f);
	return check(s, path) ? s : NULL;
}
