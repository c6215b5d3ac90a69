/*
 * screen - the terminal: the only place that knows curses.
 *
 * Takes the terminal and gives it back on every way out: screen_free, exit(),
 * and signals that end the process (the terminal is restored in the handler,
 * then the signal is raised again).  A program that handles SIGTERM or SIGHUP
 * itself installs its own handlers after screen_new.
 */
#ifndef PEERDECK_TUI_SCREEN_H
#define PEERDECK_TUI_SCREEN_H

#include "core/base/err.h"
#include "core/base/str.h"
#include "tui/theme.h"

struct screen;

/* Sets the locale's LC_CTYPE. One at a time. */
struct screen *screen_new(struct err *e);
/* From now on links of the canvas are told to the terminal (OSC 8). */
void screen_show_links(struct screen *s);
void screen_free(struct screen *s); /* NULL is fine */
bool screen_is_utf8(const struct screen *s);
bool screen_has_colour(const struct screen *s);
int screen_fd(const struct screen *s);
void screen_size(const struct screen *s, int *width, int *height);
void screen_resize(struct screen *s); /* asks the terminal anew */
void screen_theme(struct screen *s, const struct theme *t);
void screen_draw(struct screen *s, const struct canvas *c);
void screen_redraw(struct screen *s); /* the next drawing trusts nothing that is there */
/* Bytes typed so far, without waiting; 0 none, -1 the terminal is gone. */
long screen_read(struct screen *s, char *buf, size_t n);
void screen_flush_input(struct screen *s);
void screen_suspend(struct screen *s);
void screen_resume(struct screen *s);
void screen_bell(struct screen *s);
/* A notification of the desktop, by OSC 777 where that is known to be understood, else by OSC 9; the terminal may not
 * listen.  The words are safe text. */
void screen_notify(struct screen *s, const char *words);
/* Appends what screen_notify says: `osc777` chooses the form. */
void screen_notice(struct str *out, bool osc777, const char *words);
/* To the operator's clipboard by OSC 52; the terminal may not listen. */
void screen_copy(struct screen *s, const struct str *text);

#endif
