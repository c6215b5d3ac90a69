/* The message on the screen; see compose.h. */
#include "tui/compose.h"
#include "core/base/scan.h"
#include "core/judge/letter.h"

#include <stdio.h>
#include <string.h>

enum { WIDTH = 100, FOOT = 3 };

void compose_init(struct compose *m)
{
	*m = (struct compose){ .open = false };
	page_init(&m->page);
	str_init(&m->text, 512 * 1024);
}

void compose_fini(struct compose *m)
{
	page_fini(&m->page);
	str_fini(&m->text);
}

void compose_show(struct compose *m, const struct message_view *v)
{
	struct scan c = scan_of(slice_of(v->body));
	struct slice line;

	m->open = true;
	m->rung = v->rung;
	m->many = v->many;
	m->has_mailer = v->mailer != NULL;
	m->has_to = v->to[0] != '\0';
	snprintf(m->template, sizeof(m->template), "%s", v->template);
	snprintf(m->recipient, sizeof(m->recipient), "%s", v->recipient);
	snprintf(m->mailer, sizeof(m->mailer), "%s", v->mailer != NULL ? v->mailer : "");
	snprintf(m->note, sizeof(m->note), "%s", v->note != NULL ? v->note : "");
	str_clear(&m->text);
	str_addf(&m->text, "To: %s\nSubject: %s\n\n%s", v->to, v->subject, v->body);
	page_clear(&m->page);
	m->page.top = 0;
	m->page.label_width = 9;
	page_field(&m->page, "To", m->has_to ? ROLE_ACCENT : ROLE_WARN, "%s", m->has_to ? v->to :
	    v->many ? "each network's own contact" : "no mail address is known: e types one");
	page_field(&m->page, "Subject", ROLE_ACCENT, "%s", v->subject);
	page_blank(&m->page);
	while (scan_line(&c, &line))
		if (line.len > 0)
			page_line(&m->page, ROLE_POPUP, "%.*s", (int)line.len, line.p);
		else
			page_blank(&m->page);
}

/* The shipped template before or behind this one, round about. */
static const char *other_template(const char *name, bool back)
{
	size_t n = 0, at = 0;

	for (; letter_builtins[n].name != NULL; n++)
		if (strcmp(letter_builtins[n].name, name) == 0)
			at = n;
	return n > 0 ? letter_builtins[(at + (back ? n - 1 : 1)) % n].name : name;
}

static void ask(struct request *rq, enum message_step step)
{
	rq->kind = REQ_MESSAGE_STEP;
	rq->step = step;
}

static bool scroll_key(struct compose *m, keycode k)
{
	int page = m->page_rows > 1 ? m->page_rows - 1 : 1;
	int by = k == K_UP || k == 'k' ? -1 : k == K_DOWN || k == 'j' ? 1 : k == K_PGUP ? -page : k == K_PGDN || k == ' ' ? page : 0;

	if (by != 0)
		page_scroll(&m->page, by);
	return by != 0;
}

bool compose_key(struct compose *m, keycode k, struct request *rq)
{
	if (scroll_key(m, k))
		return false;
	switch (k) {
	case K_ESC:
	case 'q':
	case 'c' | MOD_CTRL:
		m->open = false;
		ask(rq, MESSAGE_CLOSE);
		break;
	case K_TAB:
	case K_TAB | MOD_SHIFT:
		if (m->many)
			break;
		ask(rq, MESSAGE_TEMPLATE);
		rq->template = other_template(m->template, k != K_TAB);
		break;
	case 'r':
		if (!m->many)
			ask(rq, MESSAGE_RECIPIENT);
		break;
	case 'e':
		if (!m->many)
			ask(rq, MESSAGE_EDIT);
		break;
	case 'w':
		ask(rq, MESSAGE_WRITE);
		break;
	case 'S':
		if (m->many || !m->has_mailer)
			snprintf(m->note, sizeof(m->note), m->many ? "w writes a file each; your mailer sends them" :
			    "no mailer is configured: mail { command = ... }");
		else
			ask(rq, MESSAGE_SEND);
		break;
	case 'y':
		snprintf(m->note, sizeof(m->note), "copied (if the terminal takes OSC 52)");
		return true;
	default:
		break;
	}
	return false;
}

void compose_draw(struct compose *m, struct canvas *c, const struct glyphs *g)
{
	int w = canvas_width(c) - 2 < WIDTH ? canvas_width(c) - 2 : WIDTH, want, h = canvas_height(c) - 2;
	struct rect r;
	char title[120];

	if (!m->open)
		return;
	snprintf(title, sizeof(title), "message: %s, nothing has been sent", m->template);
	want = page_measure(&m->page, w - 4) + FOOT + 2;
	r = popup_box(c, w, want < h ? want : h, title, g);
	m->page_rows = r.h - FOOT;
	page_draw(&m->page, c, (struct rect){ r.x, r.y, r.w, r.h - FOOT }, ROLE_POPUP, g);
	canvas_repeat(c, r.x, r.y + r.h - FOOT, r.w, ROLE_DIM, g->horizontal);
	canvas_put(c, r.x, r.y + r.h - 2, r.w, m->note[0] ? ROLE_WARN : ROLE_POPUP, m->note[0] ? m->note : m->recipient);
	if (m->many)
		canvas_put(c, r.x, r.y + r.h - 1, r.w, ROLE_DIM, "w write a file each   y copy   Esc leave it");
	else
		canvas_putf(c, r.x, r.y + r.h - 1, r.w, ROLE_DIM, "Tab template  r recipient  e edit  w write .eml  %s%sy copy  Esc",
		    m->has_mailer ? "S send" : "", m->has_mailer ? "  " : "");
}
