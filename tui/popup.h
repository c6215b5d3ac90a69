/*
 * popup - a framed box over what is shown.
 */
#ifndef PEERDECK_TUI_POPUP_H
#define PEERDECK_TUI_POPUP_H

#include "tui/page.h"

/* Draws a box of at most w by h, centred, and gives the room inside it. */
struct rect popup_box(struct canvas *c, int w, int h, const char *title, const struct glyphs *g);
/* " [ words ] ": returns the cells used. */
int popup_button(struct canvas *c, int x, int y, const char *words, bool focused);

#endif
