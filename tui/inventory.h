/*
 * inventory - editing what we ourselves know: notes of a network, an entry of its contact book.
 *
 * It makes a request with edits in it; each says which version it builds on,
 * so that nobody overwrites what somebody else wrote meanwhile.
 */
#ifndef PEERDECK_TUI_INVENTORY_H
#define PEERDECK_TUI_INVENTORY_H

#include "core/judge/ladder.h"
#include "tui/form.h"
#include "tui/request.h"
#include "tui/view.h"

enum { INVENTORY_EDITS = BOOK_FIELDS };

struct inventory {
	enum { INVENTORY_CLOSED, INVENTORY_NETWORK, INVENTORY_CONTACT } open;
	struct arena *arena;
	struct book *scratch; /* what is typed is read into this first */
	struct form form;
	asn_t asn;
	const char *key;      /* of the contact */
	unsigned version[BOOK_FIELDS]; /* that the edits make; of a contact: the first */
	struct book_edit edits[INVENTORY_EDITS];
};

void inventory_init(struct inventory *v);
void inventory_fini(struct inventory *v);
void inventory_network(struct inventory *v, const struct view_ctx *cx);
/* r NULL: a new entry. A rung that is none of the book becomes one of it. */
void inventory_contact(struct inventory *v, const struct view_ctx *cx, const struct rung *r);
void inventory_key(struct inventory *v, const struct view_ctx *cx, keycode k, struct request *rq);

#endif
