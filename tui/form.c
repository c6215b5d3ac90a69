/* Labelled lines in a box; see form.h. */
#include "tui/form.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum { WIDTH = 76, LABEL = 11, FIELD_OCTETS = 500 };

void form_init(struct form *f)
{
	*f = (struct form){ .count = 0 };
	for (int i = 0; i < FORM_FIELDS; i++)
		edit_init(&f->fields[i], FIELD_OCTETS);
}

void form_fini(struct form *f)
{
	for (int i = 0; i < FORM_FIELDS; i++)
		edit_fini(&f->fields[i]);
}

void form_begin(struct form *f, const char *done, const char *fmt, ...)
{
	va_list ap;

	f->count = f->at = 0;
	f->note[0] = f->error[0] = '\0';
	f->done = done;
	va_start(ap, fmt);
	vsnprintf(f->title, sizeof(f->title), fmt, ap);
	va_end(ap);
}

void form_add(struct form *f, const char *label, const char *value)
{
	if (f->count == FORM_FIELDS)
		return;
	f->labels[f->count] = label;
	edit_set(&f->fields[f->count++], value);
}

const char *form_text(const struct form *f, int i)
{
	const char *s = f->fields[i].text.p;

	return s + strspn(s, " ");
}

enum form_end form_key(struct form *f, keycode k)
{
	f->error[0] = '\0';
	switch (k) {
	case K_ESC:
	case 'c' | MOD_CTRL:
	case 'g' | MOD_CTRL:
		return FORM_LEFT;
	case K_TAB:
	case K_DOWN:
		f->at = (f->at + 1) % f->count;
		break;
	case K_TAB | MOD_SHIFT:
	case K_UP:
		f->at = (f->at + f->count - 1) % f->count;
		break;
	case 's' | MOD_CTRL: /* from any field */
		return FORM_DONE;
	case K_ENTER:
		if (f->at + 1 == f->count)
			return FORM_DONE;
		f->at++;
		break;
	default:
		edit_key(&f->fields[f->at], k);
	}
	return FORM_GOES_ON;
}

void form_paste(struct form *f, struct slice raw)
{
	edit_paste(&f->fields[f->at], raw);
}

void form_draw(const struct form *f, struct canvas *c, const struct glyphs *g)
{
	int note = f->note[0] != '\0';
	struct rect r = popup_box(c, WIDTH, f->count + note + 4, f->title, g);
	int y = r.y;
	char foot[120];

	if (note)
		canvas_put(c, r.x, y++, r.w, ROLE_WARN, f->note);
	for (int i = 0; i < f->count; i++, y++) {
		canvas_put(c, r.x, y, LABEL - 1, i == f->at ? ROLE_KEY : ROLE_DIM, f->labels[i]);
		edit_draw(&f->fields[i], c, r.x + LABEL, y, r.w - LABEL, ROLE_INPUT, i == f->at);
	}
	snprintf(foot, sizeof(foot), f->at + 1 < f->count ? "Enter: next field   C-s: %s   Esc: leave it" :
	    "Enter: %s   Esc: leave it", f->done);
	canvas_put(c, r.x, r.y + r.h - 1, r.w, f->error[0] ? ROLE_BAD : ROLE_DIM, f->error[0] ? f->error : foot);
}
