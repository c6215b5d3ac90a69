/*
 * approve - the second person's dialogue: plans that wait, the whole text of one, the word that approves it.
 *
 * It shows the bytes that app has checked against what was proposed, makes a
 * request that names their digest, and holds no power itself.
 */
#ifndef PEERDECK_TUI_APPROVE_H
#define PEERDECK_TUI_APPROVE_H

#include "core/model/world.h"
#include "tui/edit.h"
#include "tui/popup.h"
#include "tui/request.h"

enum approve_state { APPROVE_OFF, APPROVE_LIST, APPROVE_READING, APPROVE_TEXT, APPROVE_SAID };

struct approve {
	enum approve_state state;
	size_t at;
	char digest[PLAN_DIGEST_LEN];
	char words[400]; /* APPROVE_SAID: what became of it; APPROVE_TEXT: what is wrong with what was typed */
	struct page page;
	int page_rows;
	struct edit answer;
};
void approve_init(struct approve *a);
void approve_fini(struct approve *a);
void approve_open(struct approve *a, const struct world *w);
void approve_key(struct approve *a, const struct world *w, keycode k, struct request *rq);
/* The checked text of the plan that was asked for.  Ignored when it is not waited for any more. */
void approve_show(struct approve *a, const char *digest, const char *text);
void approve_say(struct approve *a, const char *words);
void approve_draw(struct approve *a, const struct world *w, struct canvas *c, const struct glyphs *g);

#endif
