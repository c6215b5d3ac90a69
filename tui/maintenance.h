/*
 * maintenance - asking for what a maintenance mail must say: where, from, until, what.
 */
#ifndef PEERDECK_TUI_MAINTENANCE_H
#define PEERDECK_TUI_MAINTENANCE_H

#include "tui/form.h"
#include "tui/request.h"
#include "tui/view.h"

struct maintenance_dialogue {
	bool open;
	struct form form;
	struct maintenance_ask ask; /* points into the form */
};

/* Begins with the exchange, or the router, of the session in focus. */
void maintenance_begin(struct maintenance_dialogue *d, const struct view_ctx *cx);
void maintenance_key(struct maintenance_dialogue *d, keycode k, struct request *rq);

#endif
