/*
 * canvas - a grid of styled cells that knows no terminal.
 *
 * Everything that is shown is drawn here first; screen.c carries the
 * differences to the terminal, tests read it as text.  A cell says what it
 * means (a role), not which colour it has: that is the theme's.
 *
 * Drawing outside the grid is clipped, never an error, so that a view needs
 * no thought about a terminal of 1x1.
 */
#ifndef PEERDECK_TUI_CANVAS_H
#define PEERDECK_TUI_CANVAS_H

#include "core/base/str.h"

#include <stdint.h>

enum role {
	ROLE_NORMAL,
	ROLE_DIM,     /* labels, what is of little weight */
	ROLE_STALE,   /* data that is too old to be trusted */
	ROLE_TITLE,   /* the top line */
	ROLE_HEADER,  /* column titles */
	ROLE_SORTED,  /* title of the column sorted by */
	ROLE_GOOD,
	ROLE_WARN,
	ROLE_BAD,
	ROLE_ADMIN,   /* administratively down: known, no alarm */
	ROLE_HELD,    /* held down or withdrawn by us */
	ROLE_ACCENT,  /* names to catch the eye: network, section heads */
	ROLE_MARK,
	ROLE_MATCH,   /* what the search found */
	ROLE_STATUS,  /* the status line */
	ROLE_BADGE,   /* READ-ONLY, ACTING: must be seen */
	ROLE_ALARM,
	ROLE_HINT,    /* the line of keys */
	ROLE_KEY,     /* a key's name in it */
	ROLE_POPUP,
	ROLE_POPUP_TITLE,
	ROLE_BUTTON,
	ROLE_FOCUS,   /* the button or field that Enter goes to */
	ROLE_INPUT,
	ROLE_ROUTER,  /* exact bytes that go to a router */
	ROLE_COUNT,
};

enum cell_flag {
	CELL_CURSOR = 1, /* part of the row under the cursor */
	CELL_FAINT = 2,  /* the cursor of a pane that has not the focus */
};

struct cell {
	char ch[14]; /* one base character and its marks, UTF-8; "" is the right half of a wide one */
	uint8_t role;
	uint8_t flags;
};

struct canvas;

struct canvas *canvas_new(int width, int height); /* at least 1x1 */
void canvas_free(struct canvas *c);
void canvas_resize(struct canvas *c, int width, int height); /* and clears */
void canvas_clear(struct canvas *c);
int canvas_width(const struct canvas *c);
int canvas_height(const struct canvas *c);
/* NULL outside. */
const struct cell *canvas_at(const struct canvas *c, int x, int y);

/* Writes safe text (see text.h) into at most `max` cells; what does not fit is cut. Returns the cells used. */
int canvas_put(struct canvas *c, int x, int y, int max, enum role role, const char *s);
int canvas_putf(struct canvas *c, int x, int y, int max, enum role role, const char *fmt, ...)
    __attribute__((format(printf, 6, 7)));
/* Fills a rectangle with blanks of this role. */
void canvas_fill(struct canvas *c, int x, int y, int w, int h, enum role role);
/* Repeats one glyph n times. */
void canvas_repeat(struct canvas *c, int x, int y, int n, enum role role, const char *glyph);
/* Adds flags to n cells, keeping what they show. */
void canvas_flag(struct canvas *c, int x, int y, int n, enum cell_flag flag);
/* Changes the role of n cells, keeping what they show. */
void canvas_tint(struct canvas *c, int x, int y, int n, enum role role);
/* n cells lead to a URI; what is filled over them later takes the link away. */
struct canvas_link {
	int x, y, n;
	char uri[300];
};
void canvas_link(struct canvas *c, int x, int y, int n, const char *uri);
size_t canvas_links(const struct canvas *c, const struct canvas_link **out);
/* Where the terminal's cursor stands; -1 -1 hides it. */
void canvas_caret(struct canvas *c, int x, int y);
void canvas_caret_at(const struct canvas *c, int *x, int *y);

/* The text of all rows, trailing blanks cut, each ended by a line end. */
int canvas_text(const struct canvas *c, struct str *out);
/* The same grid as one letter per cell's role (ROLE_NORMAL is a dot), capital under the cursor. */
int canvas_roles(const struct canvas *c, struct str *out);

#endif
