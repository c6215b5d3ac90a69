/* Editing a line; see edit.h. */
#include "tui/edit.h"
#include "core/base/text.h"

#include <string.h>

void edit_init(struct edit *e, size_t max_octets)
{
	str_init(&e->text, max_octets);
	e->at = 0;
}

void edit_fini(struct edit *e)
{
	str_fini(&e->text);
}

void edit_set(struct edit *e, const char *s)
{
	str_clear(&e->text);
	str_puts(&e->text, s);
	e->at = e->text.len;
}

static void insert(struct edit *e, struct slice raw)
{
	struct str safe, whole;

	str_init(&safe, 0);
	str_init(&whole, 0);
	text_append(&safe, raw);
	str_add(&whole, e->text.p, e->at);
	str_puts(&whole, safe.p);
	str_puts(&whole, e->text.p + e->at);
	if (whole.len <= e->text.max) { /* all of it or nothing: a text cut inside a character is no text */
		size_t at = e->at + safe.len;

		str_clear(&e->text);
		str_add(&e->text, whole.p, whole.len);
		e->at = at;
	}
	str_fini(&safe);
	str_fini(&whole);
}

static void remove_span(struct edit *e, size_t from, size_t to)
{
	memmove(e->text.p + from, e->text.p + to, e->text.len - to + 1);
	e->text.len -= to - from;
	e->text.over = false;
	e->at = from;
}

static size_t before(const struct edit *e, size_t at)
{
	while (at > 0 && ((unsigned char)e->text.p[--at] & 0xc0) == 0x80)
		;
	return at;
}

static size_t after(const struct edit *e, size_t at)
{
	if (at < e->text.len)
		at++;
	while (at < e->text.len && ((unsigned char)e->text.p[at] & 0xc0) == 0x80)
		at++;
	return at;
}

static size_t word_before(const struct edit *e)
{
	size_t at = e->at;

	while (at > 0 && e->text.p[at - 1] == ' ')
		at--;
	while (at > 0 && e->text.p[at - 1] != ' ')
		at--;
	return at;
}

static bool motion(struct edit *e, keycode k)
{
	switch (k) {
	case K_LEFT:
	case 'b' | MOD_CTRL:
		e->at = before(e, e->at);
		return true;
	case K_RIGHT:
	case 'f' | MOD_CTRL:
		e->at = after(e, e->at);
		return true;
	case K_HOME:
	case 'a' | MOD_CTRL:
		e->at = 0;
		return true;
	case K_END:
	case 'e' | MOD_CTRL:
		e->at = e->text.len;
		return true;
	default:
		return false;
	}
}

bool edit_key(struct edit *e, keycode k)
{
	char buf[4];
	size_t n;

	if (motion(e, k))
		return true;
	switch (k) {
	case K_BACKSPACE:
		remove_span(e, before(e, e->at), e->at);
		return true;
	case K_DELETE:
	case 'd' | MOD_CTRL:
		remove_span(e, e->at, after(e, e->at));
		return true;
	case 'u' | MOD_CTRL:
		remove_span(e, 0, e->at);
		return true;
	case 'k' | MOD_CTRL:
		remove_span(e, e->at, e->text.len);
		return true;
	case 'w' | MOD_CTRL:
		remove_span(e, word_before(e), e->at);
		return true;
	default:
		if (key_char(k) == 0)
			return false;
		n = text_encode(key_char(k), buf);
		insert(e, (struct slice){ buf, n });
		return true;
	}
}

void edit_paste(struct edit *e, struct slice raw)
{
	insert(e, raw);
}

void edit_draw(const struct edit *e, struct canvas *c, int x, int y, int w, enum role role, bool focused)
{
	size_t from = 0;
	int caret;
	char head[1024];

	canvas_fill(c, x, y, w, 1, role);
	for (;;) {
		size_t n = e->at - from < sizeof(head) - 1 ? e->at - from : sizeof(head) - 1;

		memcpy(head, e->text.p + from, n);
		head[n] = '\0';
		caret = text_width(head);
		if (caret < w || from >= e->at)
			break;
		from = after(e, from);
	}
	canvas_put(c, x, y, w, role, e->text.p + from);
	if (focused)
		canvas_caret(c, x + caret, y);
}
