/*
 * choose - the small box behind the key that chooses a scope.
 *
 * It offers the scopes that the selected session belongs to, each with how
 * many sessions it is on how many routers, and marks the sessions of the one
 * that is picked: what will be acted on is then seen in the list itself, can
 * be thinned out, and the plan names it.  Nothing is acted on from here.
 */
#ifndef PEERDECK_TUI_CHOOSE_H
#define PEERDECK_TUI_CHOOSE_H

#include "core/model/scope.h"
#include "tui/key.h"
#include "tui/popup.h"

struct choose {
	bool open;
	struct scope scopes[SCOPE_KINDS];
	struct scope_size sizes[SCOPE_KINDS];
	size_t count, at;
};

/* Offers what belongs to `row`; false if that is nothing. */
bool choose_open(struct choose *c, const struct world_session *row, const struct world_session *rows, size_t count);
/* Takes a key.  The scope when one was picked (the box is closed then), else NULL. */
const struct scope *choose_key(struct choose *c, keycode k);
void choose_draw(const struct choose *c, struct canvas *canvas, const struct glyphs *g);

#endif
