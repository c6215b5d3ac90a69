/*
 * form - a few labelled lines to be typed, in a box.
 */
#ifndef PEERDECK_TUI_FORM_H
#define PEERDECK_TUI_FORM_H

#include "tui/edit.h"
#include "tui/popup.h"

enum { FORM_FIELDS = 12 };
enum form_end { FORM_GOES_ON, FORM_DONE, FORM_LEFT };

struct form {
	char title[120];
	char note[240];  /* a line over the fields, "" none */
	char error[200]; /* what is wrong with what was typed */
	const char *labels[FORM_FIELDS]; /* literals */
	struct edit fields[FORM_FIELDS];
	int count, at;
	const char *done; /* what Enter in the last field does: "note it" */
};

void form_init(struct form *f);
void form_fini(struct form *f);
/* Begins anew, without fields. */
void form_begin(struct form *f, const char *done, const char *title_fmt, ...) __attribute__((format(printf, 3, 4)));
void form_add(struct form *f, const char *label, const char *value);
const char *form_text(const struct form *f, int i);
enum form_end form_key(struct form *f, keycode k);
void form_paste(struct form *f, struct slice raw);
void form_draw(const struct form *f, struct canvas *c, const struct glyphs *g);

#endif
