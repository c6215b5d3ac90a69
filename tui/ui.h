/*
 * ui - the console's face: keys in, requests out, frames drawn from the world.
 *
 * The ui decides nothing about routers: it shows the world, lets the operator
 * choose, and hands `struct request`s to app, which alone acts.  No function
 * here blocks, waits or does I/O other than on the terminal.
 *
 * The loop of app:
 *
 *	poll(ui_fd(u), inbox..., ui_timeout_ms(u, now))
 *	while (ui_input(u, w, &rq)) carry_out(&rq);
 *	ui_draw(u, w);
 *
 * An action's way through here: the operator's key opens a form (reason,
 * message) -> REQ_PLAN -> app calls ui_plan_waiting while it reads the
 * routers -> ui_plan_show -> the operator confirms that digest -> REQ_CONFIRM
 * -> app calls ui_act_progress per session as it goes -> ui_act_finished.
 * Or at any point before: REQ_CANCEL_PLAN from here, ui_plan_close from app.
 */
#ifndef PEERDECK_TUI_UI_H
#define PEERDECK_TUI_UI_H

#include "core/base/err.h"
#include "core/model/world.h"
#include "tui/request.h"

struct ui;

struct ui_settings {
	const char *keymap; /* "default", "vi", "emacs", or the path of a file read over default; NULL default */
	const char *keys;   /* file of the user's own bindings laid over it (keys.conf), NULL or absent: none */
	const char *theme;  /* "dark", "light", "colour-blind", "mono", "auto"; NULL auto */
	const char *plot;   /* "braille", "blocks", "ascii", "auto"; NULL auto */
	bool wallboard;     /* nothing but the wallboard: no key does anything but leave */
	bool ascii;         /* no glyphs outside ASCII; forced when the locale is not UTF-8 */
	bool links;         /* phones and mail addresses as links, where the terminal is known to open them */
	bool no_color;      /* NO_COLOR is set: mono whatever the theme says */
	const char *layout;  /* views to begin with, blanks between: a part of the screen for each; NULL sessions alone */
	const char *history; /* file that keeps the palette's history, NULL none */
};

/*
 * Takes the terminal (stdin/stdout must be one).  NULL with e set when there
 * is no usable terminal, or when a keymap is wrong (file, line, what is
 * allowed).  From here until ui_free the terminal is given back on every way
 * out, crashes by signal included.
 */
struct ui *ui_new(const struct ui_settings *s, struct err *e);
/* The same without any terminal: for tests. Feed it with ui_feed, look at it with ui_canvas. */
struct ui *ui_new_offscreen(const struct ui_settings *s, int width, int height, struct err *e);
void ui_free(struct ui *u); /* NULL is fine */

/* Readable when keys wait; -1 offscreen. */
int ui_fd(const struct ui *u);
/* How long poll may sleep until the ui has something to do by itself (a lone ESC, a clock that ticks); -1 forever. */
int ui_timeout_ms(const struct ui *u, int64_t now_steady_ms);

/* Takes what was typed, at most one request per call: false and REQ_NONE when there is no more. */
bool ui_input(struct ui *u, const struct world *w, struct request *rq);
/* Bytes as if they came from the terminal. */
void ui_feed(struct ui *u, const char *p, size_t n);
void ui_draw(struct ui *u, const struct world *w);
/* A long table is filtered a little at a time: goes on with that for so long.  True: there is more to do. */
bool ui_work(struct ui *u, const struct world *w, int64_t budget_us);
/* SIGWINCH was seen: the size is asked from the terminal again (offscreen: set). Draw afterwards. */
void ui_resize(struct ui *u, int width, int height);
/* The terminal given back (Ctrl-Z, an external program) and taken again. */
void ui_suspend(struct ui *u);
void ui_resume(struct ui *u);

/* Rings the terminal's bell, and has the desktop show the words (safe text; NULL none) where the terminal can. */
void ui_alert(struct ui *u, bool bell, const char *words);

/* What of the past is on the screen, for app to bring; strings live until the next ui_input or ui_draw. */
struct ui_wants {
	bool track, chronicle;
	unsigned range_s;
	const char *router, *vrf, *neighbor; /* track */
	enum afi_safi family;
	asn_t asn;
	int64_t until_wall_ms;               /* chronicle: the time ends here; 0: now */
	size_t page;                         /* chronicle: 0 the newest */
	const char *filter;                  /* chronicle: as typed, "" none */
};
void ui_wants(const struct ui *u, struct ui_wants *out);

/* --- an action on its way --- */
/* "reading r1 ..." while a plan is being made. */
void ui_plan_waiting(struct ui *u, const char *words);
/* Shows it with the focus on Cancel; typed-ahead input is thrown away.  Nothing of `p` is kept. */
void ui_plan_show(struct ui *u, const struct plan *p);
/* The plan could not be made, or lapsed because the session changed: says so and offers nothing but to close. */
void ui_plan_close(struct ui *u, const char *words);

/* Whether the plan that is shown needs a second person, and how far that is; words for the operator, "" none. */
void ui_plan_approval(struct ui *u, enum plan_approval state, const char *words);
/* What was asked about the plan that is shown (REQ_BLAST): one line, and its lines as plan_print lays them out. */
void ui_plan_blast(struct ui *u, enum plan_blast state, const char *words, const char *lines);
/* The text of a proposed plan, checked, after REQ_PROPOSAL; typed-ahead input is thrown away.  Copied. */
void ui_proposal_show(struct ui *u, const char *digest, const char *text);
/* Why it cannot be shown, or what became of REQ_APPROVE. */
void ui_proposal_say(struct ui *u, const char *words);

/* What one session of the confirmed plan is doing now, or how it ended. */
void ui_act_progress(struct ui *u, const char *router, const char *vrf, const char *neighbor,
    enum act_mark mark, const char *words);
/* All ended; the popup stays until it is closed by the operator. */
void ui_act_finished(struct ui *u, const char *words);

/* --- a message --- */
/* Shows a draft, or the same one changed; what was typed before it is thrown away. */
struct message_view;
void ui_message_show(struct ui *u, const struct message_view *v);
void ui_message_close(struct ui *u);

/* --- what is behind it, for tests and the man page --- */
struct canvas;
const struct canvas *ui_canvas(const struct ui *u);
/* Every command as mdoc list items: from the one table that the keys, the help and the palette use. */
int ui_commands_dump(struct str *out);

#endif
