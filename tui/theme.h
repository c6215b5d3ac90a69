/*
 * theme - what a role looks like: colours, attributes, glyphs.
 *
 * No meaning is carried by colour alone: every state also has a word and a
 * glyph, and the mono theme must lose nothing.
 */
#ifndef PEERDECK_TUI_THEME_H
#define PEERDECK_TUI_THEME_H

#include "core/base/err.h"
#include "tui/canvas.h"

enum attr { ATTR_BOLD = 1, ATTR_REVERSE = 2, ATTR_UNDERLINE = 4, ATTR_DIM = 8 };

struct style {
	int16_t fg, bg; /* xterm's 256 colours; -1 the terminal's own */
	uint8_t attrs;
};

struct theme {
	const char *name;
	struct style styles[ROLE_COUNT];
	struct style cursor; /* laid over a row's own style: attrs are added, colours replaced unless -1 */
	struct style faint;
};

/* One cell each. */
struct glyphs {
	const char *up, *down, *admin, *held, *limit, *opening, *unknown; /* states */
	const char *mark, *cursor, *ellipsis, *ascending, *descending, *dash;
	const char *full, *empty, *tick; /* bars: filled, rest, where PeeringDB's figure stands */
	const char *horizontal, *vertical, *top_left, *top_right, *bottom_left, *bottom_right;
	const char *warn;
	const char *here; /* the part of a split screen that has the keys */
};

/* "dark", "light", "colour-blind" ("color-blind"), "mono", "auto" (by COLORFGBG). NULL with e set if unknown. */
const struct theme *theme_find(const char *name, struct err *e);
/* NULL-terminated. */
const char *const *theme_names(void);
/* The same for terminals that have no more than 8 colours.  A grey without a background becomes the terminal's own
 * colour: which of black and white can be read there is not known. */
struct style theme_basic(struct style st);
const struct glyphs *glyphs_of(bool ascii);

#endif
