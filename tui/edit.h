/*
 * edit - one line of typed text with a caret.
 *
 * What is typed or pasted is made safe as it comes in (text.h); line ends of
 * a paste become blanks.
 */
#ifndef PEERDECK_TUI_EDIT_H
#define PEERDECK_TUI_EDIT_H

#include "core/base/str.h"
#include "tui/canvas.h"
#include "tui/key.h"

struct edit {
	struct str text;
	size_t at; /* octets before the caret */
};

void edit_init(struct edit *e, size_t max_octets);
void edit_fini(struct edit *e);
void edit_set(struct edit *e, const char *s); /* caret to the end */
/* True if the key was taken: characters, motion, C-a C-e C-u C-k C-w, Backspace, Delete. */
bool edit_key(struct edit *e, keycode k);
void edit_paste(struct edit *e, struct slice raw);
/* Draws w cells, scrolled so that the caret is in them; places the terminal's caret if `focused`. */
void edit_draw(const struct edit *e, struct canvas *c, int x, int y, int w, enum role role, bool focused);

#endif
