/* Boxes; see popup.h. */
#include "tui/popup.h"
#include "core/base/text.h"

struct rect popup_box(struct canvas *c, int w, int h, const char *title, const struct glyphs *g)
{
	struct rect r;
	int width = canvas_width(c), height = canvas_height(c);

	r.w = w < width ? w : width;
	r.h = h < height ? h : height;
	r.x = (width - r.w) / 2;
	r.y = (height - r.h) / 2;
	canvas_fill(c, r.x, r.y, r.w, r.h, ROLE_POPUP);
	canvas_repeat(c, r.x, r.y, r.w, ROLE_POPUP, g->horizontal);
	canvas_repeat(c, r.x, r.y + r.h - 1, r.w, ROLE_POPUP, g->horizontal);
	for (int y = r.y + 1; y < r.y + r.h - 1; y++) {
		canvas_put(c, r.x, y, 1, ROLE_POPUP, g->vertical);
		canvas_put(c, r.x + r.w - 1, y, 1, ROLE_POPUP, g->vertical);
	}
	canvas_put(c, r.x, r.y, 1, ROLE_POPUP, g->top_left);
	canvas_put(c, r.x + r.w - 1, r.y, 1, ROLE_POPUP, g->top_right);
	canvas_put(c, r.x, r.y + r.h - 1, 1, ROLE_POPUP, g->bottom_left);
	canvas_put(c, r.x + r.w - 1, r.y + r.h - 1, 1, ROLE_POPUP, g->bottom_right);
	canvas_putf(c, r.x + 2, r.y, r.w - 4, ROLE_POPUP_TITLE, " %s ", title);
	return (struct rect){ r.x + 2, r.y + 1, r.w - 4, r.h - 2 };
}

int popup_button(struct canvas *c, int x, int y, const char *words, bool focused)
{
	/* The focus is told by the arrow too, not by colour alone. */
	return canvas_putf(c, x, y, canvas_width(c) - x, focused ? ROLE_FOCUS : ROLE_BUTTON,
	    focused ? ">[ %s ]<" : " [ %s ] ", words);
}
