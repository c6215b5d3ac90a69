/* Choosing a scope; see choose.h. */
#include "tui/choose.h"

#include <stdio.h>

enum { WIDTH = 76, WORDS_WIDTH = 44 };

bool choose_open(struct choose *c, const struct world_session *row, const struct world_session *rows, size_t count)
{
	*c = (struct choose){ .open = false };
	for (int kind = SCOPE_NONE + 1; kind < SCOPE_KINDS; kind++) {
		struct scope s;

		if (!scope_of_row((enum scope_kind)kind, row, &s))
			continue;
		c->scopes[c->count] = s;
		c->sizes[c->count++] = scope_size(&s, rows, count);
	}
	c->open = c->count > 0;
	return c->open;
}

const struct scope *choose_key(struct choose *c, keycode k)
{
	if (k >= '1' && k < '1' + c->count) {
		c->at = (size_t)(k - '1');
		k = K_ENTER;
	}
	switch (k) {
	case K_UP:
	case 'k':
		c->at = (c->at + c->count - 1) % c->count;
		break;
	case K_DOWN:
	case 'j':
	case K_TAB:
		c->at = (c->at + 1) % c->count;
		break;
	case K_ENTER:
		c->open = false;
		return &c->scopes[c->at];
	case K_ESC:
	case 'q':
	case 'o':
	case 'c' | MOD_CTRL:
	case 'g' | MOD_CTRL:
		c->open = false;
		break;
	default:
		break;
	}
	return NULL;
}

void choose_draw(const struct choose *c, struct canvas *canvas, const struct glyphs *g)
{
	struct rect r;

	if (!c->open)
		return;
	r = popup_box(canvas, WIDTH, (int)c->count + 4, "mark the sessions of", g);
	for (size_t i = 0; i < c->count; i++) {
		enum role role = i == c->at ? ROLE_FOCUS : ROLE_POPUP;
		char words[200], size[64];
		int y = r.y + (int)i, right = r.x + r.w;

		scope_words(&c->scopes[i], words, sizeof(words));
		scope_size_words(c->sizes[i], size, sizeof(size));
		canvas_fill(canvas, r.x, y, r.w, 1, role);
		canvas_putf(canvas, r.x, y, WORDS_WIDTH, role, "%s %zu  %s", i == c->at ? ">" : " ", i + 1, words);
		canvas_put(canvas, r.x + WORDS_WIDTH + 2, y, right - r.x - WORDS_WIDTH - 2, role, size);
	}
	canvas_put(canvas, r.x, r.y + r.h - 1, r.w, ROLE_DIM, "Enter or a digit: mark them, nothing is sent   Esc: leave it");
}
