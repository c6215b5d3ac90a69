/*
 * hostile - names as nobody should choose them, in all that a router tells, through whole plans.
 *
 * Policies, groups, lists, VRFs, protocols and connections are named by operators and by routers: whatever they are, no
 * line comes out that must never be sent, none that acts on a CLI, and not one line more.  Include after <cmocka.h>.
 */
#ifndef PEERDECK_TESTS_HOSTILE_H
#define PEERDECK_TESTS_HOSTILE_H

#include "core/act/tmpl.h"
#include "tests/unit/scripted.h"

enum { HOSTILE_LEN = 96 };

static unsigned hostile_next(unsigned *seed)
{
	*seed = *seed * 1103515245u + 12345u;
	return *seed >> 16;
}

static void hostile_name(unsigned *seed, char out[HOSTILE_LEN])
{
	static const char *const words[] = { "commit replace", "x;reload", "a|b", "$(x)", "`x`", "A?", "no router", "\033[2J",
		"neighbor group", "clear bgp *", "write", "../x", "\xc3\xa9", "-all", "rm", "delete", "X out", "{name}", "\"q\"",
		"x\"; delete protocols", "a\nno router bgp 64500", "a\r\nreload", ("\x9b" "2J"), "\\", "x]", "[find]", "a b", "'", "*",
		"x}\nset system", "NOC\tX", "$a", "#", "!", "\x01", "\x7f", "| no-more" };
	size_t n = 0, len = 1 + hostile_next(seed) % 20;

	if (hostile_next(seed) % 2 == 0) {
		snprintf(out, HOSTILE_LEN, "%s%s", hostile_next(seed) % 2 == 0 ? "AS" : "", words[hostile_next(seed) % ARRAY_LEN(words)]);
		return;
	}
	while (n < len)
		out[n++] = (char)(0x21 + hostile_next(seed) % 0x5e);
	out[n] = '\0';
}

/* All `old` in `text` replaced; free it. */
static char *hostile_replaced(const char *text, const char *old, const char *now)
{
	struct str s;
	char *out;

	str_init(&s, 0);
	for (const char *at; (at = strstr(text, old)) != NULL; text = at + strlen(old))
		str_addf(&s, "%.*s%s", (int)(at - text), text, now);
	str_puts(&s, text);
	out = mem_strdup(s.p);
	str_fini(&s);
	return out;
}

static void hostile_steps(const struct step *steps, size_t n, const char *name)
{
	for (size_t i = 0; i < n; i++) {
		struct err why = ERR_INIT;

		if (tmpl_gate(&steps[i], &why) < 0)
			fail_msg("\"%s\": %s", name, why.text);
		if (steps[i].kind == STEP_PAUSE || steps[i].kind == STEP_FILE)
			continue;
		for (const char *p = steps[i].line; *p != '\0'; p++)
			if ((unsigned char)*p < 0x20 || (unsigned char)*p > 0x7e)
				fail_msg("\"%s\" made a line with octet 0x%02x: %s", name, (unsigned char)*p, steps[i].line);
	}
}

static size_t hostile_lines(struct scripted *s, enum verb v, const char *name)
{
	struct plan *p = scripted_plan(s, v, NULL, true, NULL);
	size_t lines = 0;

	for (size_t i = 0; i < p->count; i++) {
		const struct plan_item *item = &p->items[i];

		if (item->skip != NULL)
			continue;
		hostile_steps(item->apply, item->apply_count, name);
		hostile_steps(item->confirm, item->confirm_count, name);
		hostile_steps(item->undo, item->undo_count, name);
		lines += item->apply_count + item->confirm_count + item->undo_count;
	}
	plan_unref(p);
	return lines;
}

static const char *hostile_if(const char *word, const char *old, const char *now)
{
	return word != NULL && strcmp(word, old) == 0 ? now : word;
}

/* One router whose `name` is another, in its answers, in the commands that are about it, and in its sessions. */
static void hostile_round(struct scripted s, const char *name, const char *hostile)
{
	char *texts[SCRIPTED_MAX][2] = { { NULL } };
	size_t plain[VERB_COUNT];

	for (int v = 0; v < VERB_COUNT; v++)
		plain[v] = hostile_lines(&s, (enum verb)v, name);
	for (size_t i = 0; i < SCRIPTED_MAX && s.answers[i].command != NULL; i++) {
		s.answers[i].command = texts[i][0] = hostile_replaced(s.answers[i].command, name, hostile);
		if (s.answers[i].text[0] != NULL)
			s.answers[i].text[0] = texts[i][1] = hostile_replaced(s.answers[i].text[0], name, hostile);
	}
	for (size_t i = 0; i < SCRIPTED_MAX; i++) {
		s.rows[i].vrf = hostile_if(s.rows[i].vrf, name, hostile);
		s.rows[i].handle = hostile_if(s.rows[i].handle, name, hostile);
		s.rows[i].group = hostile_if(s.rows[i].group, name, hostile);
	}
	for (int v = 0; v < VERB_COUNT; v++) {
		size_t lines = hostile_lines(&s, (enum verb)v, hostile);

		/* what is two words, or two lines, is another configuration, of which other lines may come */
		if (lines > plain[v] && strpbrk(hostile, " \t\r\n") == NULL)
			fail_msg("%s, %s: \"%s\" for %s makes %zu lines instead of %zu", s.driver->name, verb_info((enum verb)v)->name, hostile,
			    name, lines, plain[v]);
	}
	for (size_t i = 0; i < SCRIPTED_MAX; i++) {
		free(texts[i][0]);
		free(texts[i][1]);
	}
	scripted_free(&s);
}

/* Rounds over the names, of routers that `make` makes. */
__attribute__((unused)) static void hostile_rounds(struct scripted (*make)(size_t round), const char *const *names, size_t count,
    size_t rounds)
{
	unsigned seed = 20261127;
	char hostile[HOSTILE_LEN];

	for (size_t round = 0; round < rounds; round++) {
		hostile_name(&seed, hostile);
		hostile_round(make(round), names[round % count], hostile);
	}
}

#endif
