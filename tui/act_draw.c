/* The boxes of an action's dialogue. */
#include "core/base/text.h"
#include "tui/act.h"

#include <stdio.h>
#include <string.h>

enum { FORM_WIDTH = 76, PLAN_WIDTH = 110, LISTED = 6, LABEL = 9, FORM_OTHER_ROWS = 14, FORM_DRAIN_ROWS = 3, ANSWER_LEAST = 12 };

static void title_of(const struct act *a, const char *what, char *out, size_t n)
{
	size_t k = a->state >= ACT_SHOWN && a->item_count > 0 ? a->confirm.todo : a->target_count;

	if (a->verb == VERB_COUNT) {
		snprintf(out, n, "undo%s", what);
		return;
	}
	snprintf(out, n, "%s %zu session%s%s", act_name(a), k, k == 1 ? "" : "s", what);
}

/* As many as fit beside the fields: whoever chose a group must see its members. */
static size_t target_rows(const struct act *a, int height)
{
	int other = FORM_OTHER_ROWS + (a->drain ? FORM_DRAIN_ROWS : 0);
	size_t room = height > other + LISTED ? (size_t)(height - other) : LISTED;

	return a->target_count < room ? a->target_count : room;
}

static int draw_targets(const struct act *a, struct canvas *c, struct rect r, size_t rows)
{
	size_t n = a->target_count, listed = n > rows ? rows - 1 : n;

	if (a->scope[0] != '\0')
		canvas_putf(c, r.x, r.y++, r.w, ROLE_ACCENT, "%s: %zu session%s", a->scope, n, n == 1 ? "" : "s");
	for (size_t i = 0; i < listed; i++) {
		const struct target *t = &a->targets[i];

		canvas_putf(c, r.x, r.y + (int)i, r.w, ROLE_POPUP, "%s  %s%s%s  AS%u", t->router, t->vrf,
		    t->vrf[0] ? "/" : "", t->neighbor, t->remote_as);
	}
	if (n > listed)
		canvas_putf(c, r.x, r.y + (int)listed, r.w, ROLE_WARN, "and %zu more", n - listed);
	return (int)(n > listed ? listed + 1 : n) + (a->scope[0] != '\0');
}

static void draw_counter(const struct act *a, struct canvas *c, struct rect r, int y)
{
	size_t n = a->fields[ACT_MESSAGE].text.len;

	canvas_putf(c, r.x + LABEL, y, r.w - LABEL, n > 128 ? ROLE_WARN : ROLE_POPUP,
	    "%zu of 255 octets to the peer%s", n, n > 128 ? "; old systems cut it at 128" : " (RFC 9003)");
}

static const char *form_hint(const struct act *a, int last)
{
	if (a->field == ACT_WAIT)
		return "So long at most, then it is shut: 5m, 1h30m   Esc: leave it";
	if (a->field == ACT_FLOOR)
		return "Shut earlier, at no more than: 500k, 20M, 10% of now; empty: timer only";
	return a->field < last ? "Enter, Tab: next field   Esc: leave it" :
	    "Enter: make the plan and show it, nothing is sent yet   Esc: leave it";
}

static void draw_form(const struct act *a, struct canvas *c, const struct glyphs *g)
{
	static const char *const labels[ACT_FIELDS] = { "Prefixes", "Reason", "Ticket", "Wait", "Floor", "Message" };
	int fields = 0, last = ACT_REASON, y;
	size_t listed = target_rows(a, canvas_height(c));
	int rows = (int)listed + (a->scope[0] != '\0');
	char title[80];
	struct rect r;

	for (int i = 0; i < ACT_FIELDS; i++)
		if (act_has_field(a, i)) {
			fields++;
			last = i;
		}
	title_of(a, "", title, sizeof(title));
	r = popup_box(c, FORM_WIDTH, 2 + rows + 1 + fields + (last == ACT_MESSAGE) + 2, title, g);
	y = r.y + draw_targets(a, c, r, listed) + 1;
	for (int i = 0; i < ACT_FIELDS; i++) {
		if (!act_has_field(a, i))
			continue;
		canvas_put(c, r.x, y, LABEL - 1, i == a->field ? ROLE_KEY : ROLE_DIM, labels[i]);
		edit_draw(&a->fields[i], c, r.x + LABEL, y, r.w - LABEL, ROLE_INPUT, i == a->field);
		if (i == ACT_MESSAGE)
			draw_counter(a, c, r, ++y);
		y++;
	}
	canvas_put(c, r.x, y + 1, r.w, a->error[0] ? ROLE_BAD : ROLE_DIM,
	    a->error[0] ? a->error : form_hint(a, last));
}

static void draw_words(const struct act *a, struct canvas *c, const struct glyphs *g, const char *what,
    const char *foot)
{
	struct page p;
	char title[100];
	struct rect r;
	int lines;

	title_of(a, what, title, sizeof(title));
	page_init(&p);
	page_line(&p, ROLE_NORMAL, "%s", a->words);
	lines = page_measure(&p, FORM_WIDTH - 4);
	r = popup_box(c, FORM_WIDTH, lines + 4, title, g);
	page_draw(&p, c, (struct rect){ r.x, r.y, r.w, r.h - 2 }, ROLE_POPUP, g);
	canvas_put(c, r.x, r.y + r.h - 1, r.w, ROLE_DIM, foot);
	page_fini(&p);
}

static void draw_answer(const struct act *a, struct canvas *c, struct rect r, int y)
{
	const struct confirm *k = &a->confirm;
	char words[128];
	int x = r.x;

	if (k->todo == 0) {
		popup_button(c, x, y, "Close", true);
		return;
	}
	x += popup_button(c, x, y, "Cancel", !a->on_act && a->answer.text.len == 0) + 1;
	if (k->todo == 1 && !k->terminated) {
		snprintf(words, sizeof(words), "Act: %s", act_name(a));
		x += popup_button(c, x, y, words, a->on_act && a->answer.text.len == 0) + 1;
	}
	confirm_words(k, words, sizeof(words));
	if (a->approval == PLAN_PROPOSED) {
		canvas_put(c, x, y, r.x + r.w - x, ROLE_DIM, "waiting: when it is approved, confirm it here");
		return;
	}
	if (a->approval == PLAN_NEEDS_APPROVAL)
		x += canvas_put(c, x, y, r.x + r.w - x, ROLE_WARN, "PROPOSE: ");
	x += canvas_putf(c, x, y, r.x + r.w - x - ANSWER_LEAST, ROLE_POPUP, "%s type %s%s: ", x > r.x + 14 ? "or" : "to act,",
	    words, k->todo > 1 && strspn(words, "0123456789") == strlen(words) ? " (their number)" : "");
	edit_draw(&a->answer, c, x, y, r.x + r.w - x, ROLE_INPUT, true);
}

/* What can be asked about the plan, or came of it. */
static void draw_blast(const struct act *a, struct canvas *c, struct rect r, int y)
{
	bool asking = a->blast == PLAN_BLAST_ASKING;
	int x = r.x + canvas_putf(c, r.x, y, r.w, ROLE_KEY, "%s", act_blast_key(a));

	if (a->blast == PLAN_BLAST_KNOWN)
		canvas_putf(c, x, y, r.x + r.w - x, ROLE_NORMAL, ": %s", a->blast_words);
	else
		canvas_putf(c, x, y, r.x + r.w - x, asking ? ROLE_ACCENT : ROLE_DIM, ": %s: %s",
		    asking ? "stop" : "prefixes without another path", a->blast_words);
}

static void draw_plan(struct act *a, struct canvas *c, const struct glyphs *g)
{
	char title[100];
	int want, w = canvas_width(c) - 2 < PLAN_WIDTH ? canvas_width(c) - 2 : PLAN_WIDTH;
	struct rect r;
	int foot = 4 + a->can_blast; /* rows under the plan */

	title_of(a, ": plan, nothing has been sent", title, sizeof(title));
	want = page_measure(&a->page, w - 4) + foot + 2;
	r = popup_box(c, w, want < canvas_height(c) - 2 ? want : canvas_height(c) - 2, title, g);
	a->page_rows = r.h - foot;
	page_draw(&a->page, c, (struct rect){ r.x, r.y, r.w, r.h - foot }, ROLE_POPUP, g);
	canvas_repeat(c, r.x, r.y + r.h - foot, r.w, ROLE_DIM, g->horizontal);
	if (a->can_blast)
		draw_blast(a, c, r, r.y + r.h - 4);
	if (a->approval_words[0] != '\0')
		canvas_put(c, r.x, r.y + r.h - 3, r.w, a->approval == PLAN_APPROVED ? ROLE_GOOD : ROLE_WARN, a->approval_words);
	else
		canvas_putf(c, r.x, r.y + r.h - 3, r.w, ROLE_DIM, "bound to digest %.16s%s", a->digest, g->ellipsis);
	draw_answer(a, c, r, r.y + r.h - 2);
	canvas_put(c, r.x, r.y + r.h - 1, r.w, a->error[0] ? ROLE_BAD : ROLE_DIM,
	    a->error[0] ? a->error : a->confirm.todo == 1 ? "Up, Down, PgUp, PgDn: read   Tab: other button   Esc: cancel" :
	    "Up, Down, PgUp, PgDn: read   Esc: cancel");
}

static enum role mark_role(enum act_mark m)
{
	static const enum role roles[] = {
		[ACT_WAITS] = ROLE_DIM, [ACT_RUNS] = ROLE_ACCENT, [ACT_DONE] = ROLE_GOOD,
		[ACT_FAILED] = ROLE_BAD, [ACT_UNVERIFIED] = ROLE_WARN, [ACT_SKIPPED] = ROLE_DIM,
		[ACT_LEFT] = ROLE_WARN,
	};

	return roles[m];
}

static void fill_progress(const struct act *a, struct page *p)
{
	static const char *const words[] = {
		[ACT_WAITS] = "waits", [ACT_RUNS] = "runs", [ACT_DONE] = "DONE", [ACT_FAILED] = "FAILED",
		[ACT_UNVERIFIED] = "UNVERIFIED", [ACT_SKIPPED] = "skipped",
		[ACT_LEFT] = "not begun",
	};

	p->label_width = 12;
	for (size_t i = 0; i < a->item_count; i++) {
		const struct act_item *it = &a->items[i];

		page_field(p, words[it->mark], mark_role(it->mark), "%s %s%s%s AS%u%s%s%s%s", it->target.router,
		    it->target.vrf, it->target.vrf[0] ? "/" : "", it->target.neighbor, it->target.remote_as,
		    it->name[0] ? " " : "", it->name, it->words[0] ? ": " : "", it->words);
	}
	if (a->words[0] != '\0') {
		page_blank(p);
		page_line(p, ROLE_NORMAL, "%s", a->words);
	}
}

static void draw_progress(struct act *a, struct canvas *c, const struct glyphs *g)
{
	bool ended = a->state == ACT_ENDED;
	struct page p;
	char title[100];
	int want, w = canvas_width(c) - 2 < PLAN_WIDTH ? canvas_width(c) - 2 : PLAN_WIDTH;
	struct rect r;

	page_init(&p);
	fill_progress(a, &p);
	p.top = a->page.top;
	title_of(a, !ended ? ": under way" : a->drain ? ": marking has ended" : ": ended", title, sizeof(title));
	want = page_measure(&p, w - 4) + 4;
	r = popup_box(c, w, want < canvas_height(c) - 2 ? want : canvas_height(c) - 2, title, g);
	a->page_rows = r.h - 2;
	page_draw(&p, c, (struct rect){ r.x, r.y, r.w, r.h - 2 }, ROLE_POPUP, g);
	a->page.top = p.top;
	canvas_put(c, r.x, r.y + r.h - 1, r.w, a->stopping && !ended ? ROLE_WARN : ROLE_DIM, ended ? "Esc: close" :
	    a->stopping ? "stopping: what is under way is finished and proven   Esc: leave it behind" :
	    "Esc: go on behind the views   C-c: begin no further session");
	page_fini(&p);
}

void act_draw(struct act *a, struct canvas *c, const struct glyphs *g)
{
	if (!act_is_modal(a))
		return;
	switch (a->state) {
	case ACT_NONE:
		break;
	case ACT_FORM:
		draw_form(a, c, g);
		break;
	case ACT_WAITING:
		draw_words(a, c, g, ": plan", "Esc: leave it");
		break;
	case ACT_REFUSED:
		draw_words(a, c, g, ": not possible", "Esc: close");
		break;
	case ACT_SHOWN:
		draw_plan(a, c, g);
		break;
	case ACT_RUNNING:
	case ACT_ENDED:
		draw_progress(a, c, g);
		break;
	}
}
