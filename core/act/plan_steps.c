/* The steps of a plan as text; see plan.h.  A file that is written is shown as what changes in it. */
#include "core/act/plan.h"
#include "core/act/plan_print.h"
#include "core/base/scan.h"

#include <string.h>

static size_t same_ahead(const char *a, const char *b)
{
	size_t n = 0, line = 0;

	while (a[n] != '\0' && a[n] == b[n]) {
		n++;
		if (a[n - 1] == '\n')
			line = n;
	}
	return a[n] == b[n] ? n : line;
}

static size_t same_behind(const char *a, const char *b, size_t ahead)
{
	size_t la = strlen(a) - ahead, lb = strlen(b) - ahead, n = 0, line = 0;

	a += ahead;
	b += ahead;
	while (n < la && n < lb && a[la - n - 1] == b[lb - n - 1]) {
		n++;
		if (n == la || n == lb || a[la - n - 1] == '\n')
			line = n;
	}
	while (line > 0 && ((line < la && a[la - line - 1] != '\n') || (line < lb && b[lb - line - 1] != '\n')))
		line--;
	return line;
}

static void marked(struct str *out, const char *lead, char mark, struct slice text)
{
	struct scan c = scan_of(text);
	struct slice line;

	while (scan_line(&c, &line)) {
		str_addf(out, "%s  %c ", lead, mark);
		text_append(out, line);
		str_putc(out, '\n');
	}
}

static void print_file(struct str *out, const char *lead, const struct step *s, const char *before)
{
	static const char blank[] = "                                ";
	size_t ahead, behind;

	str_addf(out, "%swrite %s (%zu octets)\n", lead, s->path, strlen(s->line));
	if (before == NULL)
		before = "";
	ahead = same_ahead(before, s->line);
	behind = same_behind(before, s->line, ahead);
	lead = blank + sizeof(blank) - 1 - (strlen(lead) < sizeof(blank) ? strlen(lead) : sizeof(blank) - 1);
	marked(out, lead, '-', (struct slice){ before + ahead, strlen(before) - ahead - behind });
	marked(out, lead, '+', (struct slice){ s->line + ahead, strlen(s->line) - ahead - behind });
}

void plan_print_step(struct str *out, const char *lead, const struct step *s, const char *before)
{
	switch (s->kind) {
	case STEP_CLI:
		str_addf(out, "%s%s%s\n", lead, s->line, s->rescue ? "   (only if one before it is refused)" : "");
		break;
	case STEP_RUN:
		str_addf(out, "%s$ %s\n", lead, s->line);
		break;
	case STEP_PAUSE:
		str_addf(out, "%s(wait %u ms)\n", lead, s->ms);
		break;
	case STEP_FILE:
		print_file(out, lead, s, before);
		break;
	}
}

static const char *file_in(const struct step *steps, size_t n, const char *path)
{
	for (size_t i = 0; i < n; i++)
		if (steps[i].kind == STEP_FILE && strcmp(steps[i].path, path) == 0)
			return steps[i].line;
	return NULL;
}

void plan_print_steps(struct str *out, const char *name, const struct step *s, size_t n,
    const struct step *other, size_t other_count)
{
	char lead[PLAN_LABEL + 3];

	for (size_t i = 0; i < n; i++) {
		const char *before =
		    s[i].kind == STEP_FILE ? file_in(other, other_count, s[i].path) : NULL;
		struct str one;

		str_init(&one, 0);
		plan_print_label(&one, i == 0 ? name : "");
		memcpy(lead, one.p, PLAN_LABEL + 2);
		lead[PLAN_LABEL + 2] = '\0';
		str_fini(&one);
		plan_print_step(out, lead, &s[i], before);
	}
}

void plan_print_sent(struct str *out, const char *lead, const struct plan_item *i)
{
	for (size_t k = 0; k < i->apply_count; k++)
		plan_print_step(out, lead, &i->apply[k], i->apply[k].kind == STEP_FILE
		    ? file_in(i->undo, i->undo_count, i->apply[k].path) : NULL);
	if (i->confirm_count > 0)
		str_addf(out, "%s(once it is proven:)\n", lead);
	for (size_t k = 0; k < i->confirm_count; k++)
		plan_print_step(out, lead, &i->confirm[k], NULL);
}
