/*
 * prompt - the bottom line when it asks: filter, search, palette, a question.
 */
#ifndef PEERDECK_TUI_PROMPT_H
#define PEERDECK_TUI_PROMPT_H

#include "tui/edit.h"
#include "tui/view.h"

enum prompt_kind { PROMPT_NONE, PROMPT_FILTER, PROMPT_SEARCH, PROMPT_PALETTE, PROMPT_ASK_QUIT, PROMPT_ASK_WRITE };

enum { PROMPT_HISTORY = 100 };

struct prompt {
	enum prompt_kind kind;
	struct edit line;
	char error[200];
	struct str choices; /* what Tab could complete, for the line above */
	char *history[PROMPT_HISTORY]; /* of the palette, newest last */
	size_t history_count, history_at;
};

enum prompt_end { PROMPT_GOES_ON, PROMPT_CHANGED, PROMPT_DONE, PROMPT_LEFT };

void prompt_init(struct prompt *p);
void prompt_fini(struct prompt *p);
void prompt_open(struct prompt *p, enum prompt_kind kind, const char *text);
/* `columns` are those of the view, for completion. After DONE the text is in line.text. */
enum prompt_end prompt_key(struct prompt *p, keycode k, const struct view *v);
void prompt_paste(struct prompt *p, struct slice raw);
void prompt_remember(struct prompt *p, const char *line);
void prompt_load(struct prompt *p, const char *path); /* absent or unreadable: no history */
void prompt_save(const struct prompt *p, const char *path);
void prompt_draw(const struct prompt *p, struct canvas *c, int y);

#endif
