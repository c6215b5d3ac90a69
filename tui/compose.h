/*
 * compose - a message being looked at before it goes anywhere.
 *
 * It shows exactly the draft that app holds and asks for what shall be done
 * with it: another template or recipient, the editor, the clipboard, the
 * mailer, a file.  Nothing goes out of a draft that was not on the screen.
 */
#ifndef PEERDECK_TUI_COMPOSE_H
#define PEERDECK_TUI_COMPOSE_H

#include "tui/key.h"
#include "tui/popup.h"
#include "tui/request.h"

/* A draft as app hands it over; nothing is kept of it. */
struct message_view {
	const char *template, *to, *subject, *body;
	const char *recipient; /* "2. NOC, Kim"; "" nobody on the ladder */
	const char *mailer;    /* program that would send it; NULL none configured */
	const char *note;      /* what is wrong or was done: "written to ...", NULL nothing */
	unsigned rung;         /* number of the recipient's rung; 0 none */
	bool many;             /* stands for a whole maintenance: templates and recipients are fixed */
};

struct compose {
	bool open;
	struct page page;
	struct str text; /* what goes onto the clipboard */
	char template[40], recipient[120], mailer[80], note[240];
	unsigned rung;
	bool has_mailer, has_to, many;
	int page_rows;
};

void compose_init(struct compose *m);
void compose_fini(struct compose *m);
void compose_show(struct compose *m, const struct message_view *v);
/* True if the text is wanted on the clipboard. */
bool compose_key(struct compose *m, keycode k, struct request *rq);
void compose_draw(struct compose *m, struct canvas *c, const struct glyphs *g);

#endif
