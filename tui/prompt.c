/* Asking on the bottom line; see prompt.h. */
#include "tui/prompt.h"
#include "core/base/mem.h"
#include "core/base/text.h"
#include "tui/theme.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { LINE_MAX_OCTETS = 400 };

void prompt_init(struct prompt *p)
{
	*p = (struct prompt){ .kind = PROMPT_NONE };
	edit_init(&p->line, LINE_MAX_OCTETS);
	str_init(&p->choices, 0);
}

void prompt_fini(struct prompt *p)
{
	edit_fini(&p->line);
	str_fini(&p->choices);
	for (size_t i = 0; i < p->history_count; i++)
		free(p->history[i]);
}

void prompt_open(struct prompt *p, enum prompt_kind kind, const char *text)
{
	p->kind = kind;
	edit_set(&p->line, text);
	p->error[0] = '\0';
	str_clear(&p->choices);
	p->history_at = p->history_count;
}

void prompt_remember(struct prompt *p, const char *line)
{
	if (line[0] == '\0' || (p->history_count > 0 && strcmp(p->history[p->history_count - 1], line) == 0))
		return;
	if (p->history_count == PROMPT_HISTORY) {
		free(p->history[0]);
		memmove(p->history, p->history + 1, (PROMPT_HISTORY - 1) * sizeof(p->history[0]));
		p->history_count--;
	}
	p->history[p->history_count++] = mem_strdup(line);
}

void prompt_load(struct prompt *p, const char *path)
{
	FILE *f = fopen(path, "re");
	char line[LINE_MAX_OCTETS + 2];

	if (f == NULL)
		return;
	while (fgets(line, sizeof(line), f) != NULL) {
		struct str safe;

		line[strcspn(line, "\n")] = '\0';
		str_init(&safe, LINE_MAX_OCTETS);
		text_append(&safe, slice_of(line));
		prompt_remember(p, safe.p);
		str_fini(&safe);
	}
	fclose(f);
}

void prompt_save(const struct prompt *p, const char *path)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	FILE *f = fd >= 0 ? fdopen(fd, "w") : NULL;

	if (f == NULL) {
		if (fd >= 0)
			close(fd);
		return;
	}
	for (size_t i = 0; i < p->history_count; i++)
		fprintf(f, "%s\n", p->history[i]);
	fclose(f);
}

static void recall(struct prompt *p, int step)
{
	if (step < 0 && p->history_at > 0)
		p->history_at--;
	else if (step > 0 && p->history_at < p->history_count)
		p->history_at++;
	edit_set(&p->line, p->history_at < p->history_count ? p->history[p->history_at] : "");
}

/* The i-th word that may stand where the caret is; NULL past the end. */
static const char *candidate(const struct command *c, const struct view *v, size_t i)
{
	const struct view *other;

	if (c == NULL)
		return i < CMD_COUNT ? command_at((enum command_id)i)->name : NULL;
	switch (c->arg) {
	case ARG_VIEW:
	case ARG_MAY_VIEW:
		other = view_at(i);
		return other ? other->name : NULL;
	case ARG_COLUMN:
		return i < v->column_count ? v->columns[i].id : NULL;
	case ARG_THEME:
		return theme_names()[i];
	default:
		return NULL;
	}
}

/* Completes as far as all candidates agree, and lists them when they do not. */
static void complete(struct prompt *p, const struct view *v)
{
	const char *text = p->line.text.p, *space = strchr(text, ' ');
	const struct command *c = NULL;
	const char *word = text, *w, *first = NULL;
	size_t agree = 0, n = 0;
	char name[32], done[LINE_MAX_OCTETS];

	if (space != NULL) {
		snprintf(name, sizeof(name), "%.*s", (int)(space - text), text);
		c = command_find(name);
		word = space + 1;
		if (c == NULL)
			return;
	}
	str_clear(&p->choices);
	for (size_t i = 0; (w = candidate(c, v, i)) != NULL; i++) {
		if (strncmp(w, word, strlen(word)) != 0)
			continue;
		if (n++ == 0) {
			first = w;
			agree = strlen(w);
		}
		while (strncmp(w, first, agree) != 0)
			agree--;
		str_addf(&p->choices, "%s%s", n > 1 ? "  " : "", w);
	}
	if (n == 0)
		return;
	snprintf(done, sizeof(done), "%.*s%.*s%s", (int)(word - text), text, (int)agree, first,
	    n == 1 && c == NULL && command_find(first)->arg != ARG_NONE ? " " : "");
	edit_set(&p->line, done);
	if (n == 1)
		str_clear(&p->choices);
}

static enum prompt_end question_key(struct prompt *p, keycode k)
{
	bool yes = k == 'y' || k == 'Y';

	p->kind = yes ? p->kind : PROMPT_NONE;
	return yes ? PROMPT_DONE : PROMPT_LEFT;
}

enum prompt_end prompt_key(struct prompt *p, keycode k, const struct view *v)
{
	if (p->kind == PROMPT_ASK_QUIT || p->kind == PROMPT_ASK_WRITE)
		return question_key(p, k);
	p->error[0] = '\0';
	switch (k) {
	case K_ENTER:
		return PROMPT_DONE;
	case K_ESC:
	case 'c' | MOD_CTRL:
	case 'g' | MOD_CTRL:
		return PROMPT_LEFT;
	case K_TAB:
		if (p->kind == PROMPT_PALETTE)
			complete(p, v);
		return PROMPT_GOES_ON;
	case K_UP:
	case K_DOWN:
		if (p->kind == PROMPT_PALETTE)
			recall(p, k == K_UP ? -1 : 1);
		return PROMPT_GOES_ON;
	case K_BACKSPACE:
		if (p->line.text.len == 0)
			return PROMPT_LEFT;
		break;
	default:
		break;
	}
	str_clear(&p->choices);
	edit_key(&p->line, k);
	return PROMPT_CHANGED;
}

void prompt_paste(struct prompt *p, struct slice raw)
{
	if (p->kind == PROMPT_FILTER || p->kind == PROMPT_SEARCH || p->kind == PROMPT_PALETTE)
		edit_paste(&p->line, raw);
}

void prompt_draw(const struct prompt *p, struct canvas *c, int y)
{
	static const char *const leads[] = {
		[PROMPT_NONE] = "", [PROMPT_FILTER] = "filter: ", [PROMPT_SEARCH] = "search: ", [PROMPT_PALETTE] = ":",
		[PROMPT_ASK_QUIT] = "Leave peerdeck? y leaves, any other key stays ",
		[PROMPT_ASK_WRITE] = "Allow actions again? y allows, any other key keeps read-only ",
	};
	int w = canvas_width(c), x;
	bool ask = p->kind == PROMPT_ASK_QUIT || p->kind == PROMPT_ASK_WRITE;

	canvas_fill(c, 0, y, w, 1, ROLE_INPUT);
	x = canvas_put(c, 0, y, w, ask ? ROLE_BADGE : ROLE_INPUT, leads[p->kind]);
	if (ask) {
		canvas_caret(c, x, y);
		return;
	}
	edit_draw(&p->line, c, x, y, w - x, ROLE_INPUT, true);
	if (p->error[0] != '\0' || p->choices.len > 0) {
		canvas_fill(c, 0, y - 1, w, 1, ROLE_STATUS);
		canvas_put(c, 0, y - 1, w, p->error[0] ? ROLE_BAD : ROLE_STATUS,
		    p->error[0] ? p->error : p->choices.p);
	}
}
