/* The second person's dialogue; see approve.h. */
#include "tui/approve.h"
#include "core/base/clock.h"
#include "core/base/scan.h"
#include "core/base/text.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

enum { WIDTH = 110, ROWS_MAX = 12 };

void approve_init(struct approve *a)
{
	*a = (struct approve){ .state = APPROVE_OFF };
	page_init(&a->page);
	edit_init(&a->answer, 16);
}

void approve_fini(struct approve *a)
{
	page_fini(&a->page);
	edit_fini(&a->answer);
}

void approve_open(struct approve *a, const struct world *w)
{
	a->state = APPROVE_LIST;
	a->at = 0;
	a->words[0] = '\0';
	(void)w;
}

static bool leaves(keycode k)
{
	return k == K_ESC || k == ('c' | MOD_CTRL) || k == ('g' | MOD_CTRL);
}

static void list_key(struct approve *a, const struct world *w, keycode k, struct request *rq)
{
	if (leaves(k) || k == 'q' || w->proposal_count == 0) {
		a->state = APPROVE_OFF;
		return;
	}
	if (a->at >= w->proposal_count)
		a->at = w->proposal_count - 1;
	if ((k == K_UP || k == 'k') && a->at > 0) {
		a->at--;
	} else if ((k == K_DOWN || k == 'j') && a->at + 1 < w->proposal_count) {
		a->at++;
	} else if (k == K_ENTER) {
		snprintf(a->digest, sizeof(a->digest), "%s", w->proposals[a->at].digest);
		snprintf(rq->digest, sizeof(rq->digest), "%s", a->digest);
		rq->kind = REQ_PROPOSAL;
		a->state = APPROVE_READING;
	}
}

static void text_key(struct approve *a, keycode k, struct request *rq)
{
	int page = a->page_rows > 1 ? a->page_rows - 1 : 1;

	a->words[0] = '\0';
	if (leaves(k)) {
		a->state = APPROVE_LIST;
	} else if (k == K_UP || k == K_DOWN) {
		page_scroll(&a->page, k == K_UP ? -1 : 1);
	} else if (k == K_PGUP || k == K_PGDN) {
		page_scroll(&a->page, k == K_PGUP ? -page : page);
	} else if (k != K_ENTER) {
		edit_key(&a->answer, k);
	} else if (a->answer.text.len == 0) {
		a->state = APPROVE_LIST; /* Enter alone approves nothing */
	} else if (strcasecmp(a->answer.text.p, "approve") != 0) {
		snprintf(a->words, sizeof(a->words), "that is not it, nothing was approved: type approve");
		edit_set(&a->answer, "");
	} else {
		snprintf(rq->digest, sizeof(rq->digest), "%s", a->digest);
		rq->kind = REQ_APPROVE;
		a->state = APPROVE_READING;
	}
}

void approve_key(struct approve *a, const struct world *w, keycode k, struct request *rq)
{
	switch (a->state) {
	case APPROVE_OFF:
		break;
	case APPROVE_LIST:
		list_key(a, w, k, rq);
		break;
	case APPROVE_READING:
		if (leaves(k))
			a->state = APPROVE_OFF;
		break;
	case APPROVE_TEXT:
		text_key(a, k, rq);
		break;
	case APPROVE_SAID:
		if (leaves(k) || k == K_ENTER || k == 'q')
			a->state = APPROVE_OFF;
		break;
	}
}

void approve_show(struct approve *a, const char *digest, const char *text)
{
	struct scan c = scan_of(slice_of(text));
	struct slice line;
	struct str safe;

	if (a->state != APPROVE_READING || strcmp(a->digest, digest) != 0)
		return;
	str_init(&safe, 0);
	page_clear(&a->page);
	a->page.top = 0;
	while (scan_line(&c, &line)) {
		str_clear(&safe);
		text_append(&safe, line);
		page_line(&a->page, strncmp(safe.p, "  WARNING", 9) == 0 || strncmp(safe.p, "  SKIPPED", 9) == 0 ? ROLE_WARN :
		    strncmp(safe.p, "  ", 2) == 0 ? ROLE_NORMAL : ROLE_ACCENT, "%s", safe.p);
	}
	str_fini(&safe);
	edit_set(&a->answer, "");
	a->state = APPROVE_TEXT;
}

void approve_say(struct approve *a, const char *words)
{
	if (a->state == APPROVE_OFF)
		return;
	snprintf(a->words, sizeof(a->words), "%s", words);
	a->state = APPROVE_SAID;
}

/* ---- drawing ---- */

static void draw_list(const struct approve *a, const struct world *w, struct canvas *c, const struct glyphs *g)
{
	size_t n = w->proposal_count, at = a->at < n ? a->at : n > 0 ? n - 1 : 0, top = at >= ROWS_MAX ? at - ROWS_MAX + 1 : 0;
	int wide = canvas_width(c) - 2 < WIDTH ? canvas_width(c) - 2 : WIDTH;
	struct rect r = popup_box(c, wide, (int)(n < ROWS_MAX ? n : ROWS_MAX) + (n == 0) + 4,
	    "plans that wait for a second person", g);

	if (n == 0)
		canvas_put(c, r.x, r.y, r.w, ROLE_POPUP, "none");
	for (size_t i = top; i < n && i < top + ROWS_MAX; i++) {
		const struct proposal_line *p = &w->proposals[i];
		char span[CLOCK_SPAN_LEN];

		canvas_fill(c, r.x, r.y + (int)(i - top), r.w, 1, i == at ? ROLE_FOCUS : ROLE_POPUP);
		canvas_putf(c, r.x, r.y + (int)(i - top), r.w, i == at ? ROLE_FOCUS : ROLE_POPUP, "%s %.8s  %s: %s, %s%s%s",
		    i == at ? ">" : " ", p->digest, text_or(p->who, "?"), text_or(p->words, ""), text_or(p->state, ""),
		    p->left_s > 0 ? ", lapses in " : "", p->left_s > 0 ? clock_span(p->left_s, span) : "");
	}
	canvas_put(c, r.x, r.y + r.h - 1, r.w, ROLE_DIM, n == 0 ? "Esc: close" :
	    "Enter: read it whole, nothing is approved yet   Esc: close");
}

static void draw_text(struct approve *a, struct canvas *c, const struct glyphs *g)
{
	int w = canvas_width(c) - 2 < WIDTH ? canvas_width(c) - 2 : WIDTH, want = page_measure(&a->page, w - 4) + 5, x;
	struct rect r = popup_box(c, w, want < canvas_height(c) - 2 ? want : canvas_height(c) - 2,
	    "a plan to approve: as it was proposed, checked", g);

	a->page_rows = r.h - 3;
	page_draw(&a->page, c, (struct rect){ r.x, r.y, r.w, r.h - 3 }, ROLE_POPUP, g);
	canvas_repeat(c, r.x, r.y + r.h - 3, r.w, ROLE_DIM, g->horizontal);
	x = r.x + popup_button(c, r.x, r.y + r.h - 2, "Back", a->answer.text.len == 0) + 1;
	x += canvas_put(c, x, r.y + r.h - 2, r.x + r.w - x, ROLE_POPUP, "to let it happen, type approve: ");
	edit_draw(&a->answer, c, x, r.y + r.h - 2, r.x + r.w - x, ROLE_INPUT, true);
	canvas_put(c, r.x, r.y + r.h - 1, r.w, a->words[0] ? ROLE_BAD : ROLE_DIM,
	    a->words[0] ? a->words : "Up, Down, PgUp, PgDn: read   Esc: back");
}

static void draw_said(const struct approve *a, struct canvas *c, const struct glyphs *g)
{
	struct page p;
	struct rect r;

	page_init(&p);
	page_line(&p, ROLE_NORMAL, "%s", a->state == APPROVE_READING ? "reading the plan ..." : a->words);
	r = popup_box(c, 76, page_measure(&p, 72) + 4, "approval", g);
	page_draw(&p, c, (struct rect){ r.x, r.y, r.w, r.h - 2 }, ROLE_POPUP, g);
	canvas_put(c, r.x, r.y + r.h - 1, r.w, ROLE_DIM, "Esc: close");
	page_fini(&p);
}

void approve_draw(struct approve *a, const struct world *w, struct canvas *c, const struct glyphs *g)
{
	if (a->state == APPROVE_LIST)
		draw_list(a, w, c, g);
	else if (a->state == APPROVE_TEXT)
		draw_text(a, c, g);
	else if (a->state != APPROVE_OFF)
		draw_said(a, c, g);
}
