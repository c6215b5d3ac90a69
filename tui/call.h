/*
 * call - noting what came of a call: one key each.
 *
 * Opened on one rung of a network's or a place's ladder, or for somebody typed by hand; it holds no power, it makes a
 * request with the call in it.  Everything it needs is copied when it opens.
 */
#ifndef PEERDECK_TUI_CALL_H
#define PEERDECK_TUI_CALL_H

#include "core/judge/ladder.h"
#include "tui/form.h"
#include "tui/request.h"
#include "tui/view.h"

enum call_state { CALL_NONE, CALL_CHOICES, CALL_WHOM, CALL_TYPING };

struct call_dialogue {
	enum call_state state;
	struct arena *arena;
	struct call call;     /* being made */
	struct ladder ladder; /* copied: rungs' texts lie in the arena */
	size_t rung;          /* index; ladder.count: none, or whom the operator typed */
	struct rung typed;    /* somebody who is on no ladder: name, and phone or mail; all empty: nobody typed */
	char pending;         /* the choice that waits for that; 0 none */
	char network[120];
	char dialling[160];   /* who calls now, "" nobody */
	struct form form;
};

void call_init(struct call_dialogue *d);
void call_fini(struct call_dialogue *d);
bool call_is_modal(const struct call_dialogue *d);
/* About the network in focus; rung: which one to begin with (index), SIZE_MAX: the next to be tried. */
void call_begin(struct call_dialogue *d, const struct view_ctx *cx, size_t rung);
void call_key(struct call_dialogue *d, keycode k, struct request *rq);
void call_paste(struct call_dialogue *d, struct slice raw);
void call_draw(const struct call_dialogue *d, struct canvas *c, const struct glyphs *g);

#endif
