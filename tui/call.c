/* The dialogue of a call; see call.h. */
#include "tui/call.h"
#include "core/base/clock.h"
#include "core/base/scan.h"
#include "core/judge/venue.h"

#include <stdio.h>
#include <string.h>

enum { WIDTH = 76 };
enum { WHOM_NAME, WHOM_PHONE, WHOM_MAIL };
enum { FIELD_BY, FIELD_AT, FIELD_TICKET, FIELD_NOTE };

static const struct choice {
	char key;
	enum call_outcome outcome;
	const char *words;
} choices[] = {
	{ 'd', CALL_DIALLING, "calling now: the other consoles see it" },
	{ 'n', CALL_NO_ANSWER, "called, no answer" },
	{ 'v', CALL_MESSAGE, "left a message" },
	{ 'm', CALL_MAIL, "mail sent" },
	{ 'a', CALL_ACK, "acknowledged: by whom, when" },
	{ 'r', CALL_REFUSED, "answered, no help" },
	{ 'w', CALL_WRONG, "wrong number or address" },
	{ 'x', CALL_CLOSED, "all done: close it" },
};

void call_init(struct call_dialogue *d)
{
	*d = (struct call_dialogue){ .arena = arena_new() };
	form_init(&d->form);
}

void call_fini(struct call_dialogue *d)
{
	form_fini(&d->form);
	arena_free(d->arena);
}

bool call_is_modal(const struct call_dialogue *d)
{
	return d->state != CALL_NONE;
}

static struct text keep(struct call_dialogue *d, struct text t)
{
	return (struct text){ arena_strdup(d->arena, text_or(t, "")) };
}

static void keep_ladder(struct call_dialogue *d, const struct ladder *l)
{
	struct rung *rungs = arena_alloc(d->arena, (l->count + 1) * sizeof(*rungs));

	d->ladder = *l;
	for (size_t i = 0; i < l->count; i++)
		rungs[i] = (struct rung){ .source = l->rungs[i].source, .role = keep(d, l->rungs[i].role),
			.name = keep(d, l->rungs[i].name), .phone = keep(d, l->rungs[i].phone), .email = keep(d, l->rungs[i].email) };
	d->ladder.rungs = rungs;
}

void call_begin(struct call_dialogue *d, const struct view_ctx *cx, size_t rung)
{
	const struct focus *f = cx->focus;
	const struct peer *p = peer_set_find(cx->w->peers, f->asn);
	const struct incident *i = view_focus_incident(cx);
	const struct escalation *e = view_escalation(cx);
	const struct call *dialling = escalation_dialling(cx->w->calls, e, cx->w->now_wall_ms);
	char words[VENUE_WORDS_LEN] = "", subject[CALL_SUBJECT_LEN];
	struct venue v;
	struct ladder l;

	arena_free(d->arena);
	d->arena = arena_new();
	d->typed = (struct rung){ .role = TEXT_LIT("") };
	d->pending = 0;
	if (view_venue(cx, &v))
		venue_words(&v, words);
	view_ladder(cx, d->arena, &l);
	d->rung = rung < l.count ? rung : ladder_next(&l, cx->w->calls, e);
	/* All were tried: the first again. */
	if (d->rung == l.count && l.count > 0)
		d->rung = 0;
	keep_ladder(d, &l);
	d->call = (struct call){ .asn = f->asn, .venue = { arena_strdup(d->arena, words) }, .router = { arena_strdup(d->arena, f->router) },
		.vrf = { arena_strdup(d->arena, f->vrf) }, .neighbor = { arena_strdup(d->arena, f->neighbor) },
		.incident = { arena_strdup(d->arena, i != NULL ? i->id : "") }, .ack_wall_ms = -1 };
	snprintf(d->network, sizeof(d->network), "%s%s%s%s%s", call_subject(f->asn, d->call.venue, subject), *network_name(p) ? " " : "", network_name(p), i != NULL ? ", " : "", i != NULL ? i->id : "");
	d->dialling[0] = '\0';
	if (dialling != NULL)
		snprintf(d->dialling, sizeof(d->dialling), "%s is calling %s %s now", text_or(dialling->who, "somebody"),
		    text_or(dialling->role, ""), text_or(dialling->way, ""));
	d->state = CALL_CHOICES;
}

static bool is_typed(const struct call_dialogue *d)
{
	return !text_empty(d->typed.name) || rung_reachable(&d->typed);
}

/* NULL: nobody yet. */
static const struct rung *whom(const struct call_dialogue *d)
{
	return d->rung < d->ladder.count ? &d->ladder.rungs[d->rung] : is_typed(d) ? &d->typed : NULL;
}

static void ask_whom(struct call_dialogue *d, char pending)
{
	d->pending = pending;
	form_begin(&d->form, "take it", "%s: who is called, on no ladder?", d->network);
	form_add(&d->form, "name", text_or(d->typed.name, ""));
	form_add(&d->form, "phone", text_or(d->typed.phone, ""));
	form_add(&d->form, "mail", text_or(d->typed.email, ""));
	d->state = CALL_WHOM;
}

static void finish(struct call_dialogue *d, enum call_outcome o, struct request *rq)
{
	const struct rung *r = o != CALL_CLOSED ? whom(d) : NULL;

	d->call.outcome = o;
	d->call.rung = r != NULL && r != &d->typed ? (unsigned)d->rung + 1 : 0;
	d->call.role = r != NULL ? r->role : TEXT_LIT("");
	d->call.contact = r != NULL ? r->name : TEXT_LIT("");
	d->call.way = r == NULL ? TEXT_LIT("") : (o == CALL_MAIL && !text_empty(r->email)) || text_empty(r->phone) ? r->email : r->phone;
	rq->kind = REQ_CALL;
	rq->call = &d->call;
	d->state = CALL_NONE;
}

/* An acknowledgement is worth little without who gave it. */
static void ask_more(struct call_dialogue *d, enum call_outcome o, int64_t now_wall_ms)
{
	char iso[CLOCK_ISO_LEN];

	d->call.outcome = o;
	form_begin(&d->form, "note it", "%s: %s", d->network, call_outcome_words(o));
	form_add(&d->form, o == CALL_ACK ? "by" : "with", "");
	form_add(&d->form, "at (UTC)", clock_iso(now_wall_ms, iso));
	form_add(&d->form, "ticket", "");
	form_add(&d->form, "note", "");
	d->state = CALL_TYPING;
}

static struct text typed_text(struct call_dialogue *d, int field)
{
	return text_safe(d->arena, slice_trim(slice_of(form_text(&d->form, field))));
}

static void typed(struct call_dialogue *d, struct request *rq)
{
	const struct form *f = &d->form;

	if (d->call.outcome == CALL_ACK && form_text(f, FIELD_BY)[0] == '\0') {
		snprintf(d->form.error, sizeof(d->form.error), "who of them acknowledged? it goes into the journal");
		d->form.at = FIELD_BY;
		return;
	}
	if (!book_date(slice_of(form_text(f, FIELD_AT)), false, &d->call.ack_wall_ms)) {
		snprintf(d->form.error, sizeof(d->form.error), "a time in UTC, please: 2026-11-27T03:12:00Z");
		d->form.at = FIELD_AT;
		return;
	}
	d->call.by = keep(d, (struct text){ form_text(f, FIELD_BY) });
	d->call.ticket = keep(d, (struct text){ form_text(f, FIELD_TICKET) });
	d->call.note = keep(d, (struct text){ form_text(f, FIELD_NOTE) });
	finish(d, d->call.outcome, rq);
}

static void choose(struct call_dialogue *d, char key, struct request *rq)
{
	for (size_t i = 0; i < ARRAY_LEN(choices); i++) {
		bool upper = key == choices[i].key - 'a' + 'A';

		if (key != choices[i].key && !upper)
			continue;
		if (whom(d) == NULL && choices[i].outcome != CALL_CLOSED)
			ask_whom(d, key);
		else if (upper || choices[i].outcome == CALL_ACK)
			ask_more(d, choices[i].outcome, clock_wall_ms());
		else
			finish(d, choices[i].outcome, rq);
		return;
	}
}

static void whom_typed(struct call_dialogue *d, struct request *rq)
{
	d->typed = (struct rung){ .source = RUNG_BOOK, .name = typed_text(d, WHOM_NAME),
		.phone = typed_text(d, WHOM_PHONE), .email = typed_text(d, WHOM_MAIL) };
	d->typed.role = text_empty(d->typed.name) ? TEXT_LIT("by hand") : d->typed.name;
	if (!rung_reachable(&d->typed)) {
		snprintf(d->form.error, sizeof(d->form.error), "a phone number or a mail address, please: it goes into the journal");
		d->form.at = WHOM_PHONE;
		return;
	}
	d->rung = d->ladder.count;
	d->state = CALL_CHOICES;
	if (d->pending != 0)
		choose(d, d->pending, rq);
}

static void choice_key(struct call_dialogue *d, keycode k, struct request *rq)
{
	if (k == K_ESC || k == 'q' || k == ('c' | MOD_CTRL)) {
		d->state = CALL_NONE;
	} else if (k == K_UP || k == 'k') {
		d->rung -= d->rung > 0 && d->ladder.count > 0;
	} else if (k == K_DOWN || k == 'j') {
		d->rung += d->rung + 1 < d->ladder.count + is_typed(d);
	} else if (k >= '1' && k <= '9' && k - '1' < d->ladder.count) {
		d->rung = k - '1';
	} else if (k == 't') {
		ask_whom(d, 0);
	} else if (k < 128) {
		choose(d, (char)k, rq);
	}
}

void call_key(struct call_dialogue *d, keycode k, struct request *rq)
{
	if (d->state == CALL_CHOICES) {
		choice_key(d, k, rq);
		return;
	}
	switch (form_key(&d->form, k)) {
	case FORM_DONE:
		if (d->state == CALL_WHOM)
			whom_typed(d, rq);
		else
			typed(d, rq);
		break;
	case FORM_LEFT:
		d->state = CALL_CHOICES;
		break;
	case FORM_GOES_ON:
		break;
	}
}

void call_paste(struct call_dialogue *d, struct slice raw)
{
	if (d->state == CALL_TYPING || d->state == CALL_WHOM)
		form_paste(&d->form, raw);
}

void call_draw(const struct call_dialogue *d, struct canvas *c, const struct glyphs *g)
{
	int y, extra = d->dialling[0] != '\0';
	struct rect r;
	char title[160];
	const struct rung *rung = whom(d);

	if (d->state == CALL_TYPING || d->state == CALL_WHOM) {
		form_draw(&d->form, c, g);
		return;
	}
	if (d->state == CALL_NONE)
		return;
	snprintf(title, sizeof(title), "note a call: %s", d->network);
	r = popup_box(c, WIDTH, (int)ARRAY_LEN(choices) + 7 + extra, title, g);
	y = r.y;
	if (rung != NULL) {
		if (rung == &d->typed)
			canvas_putf(c, r.x, y++, r.w, ROLE_ACCENT, "%s, on no rung", text_or(rung->name, ""));
		else
			canvas_putf(c, r.x, y++, r.w, ROLE_ACCENT, "%zu. %s  %s", d->rung + 1, text_or(rung->role, ""), text_or(rung->name, ""));
		canvas_putf(c, r.x, y++, r.w, ROLE_POPUP, "   %s  %s", text_or(rung->phone, "no phone"), text_or(rung->email, "no mail"));
	} else {
		canvas_put(c, r.x, y, r.w, ROLE_WARN, "nobody is on this ladder: t, or the key of what came of it, asks who was called");
		y += 2;
	}
	if (extra)
		canvas_put(c, r.x, y++, r.w, ROLE_WARN, d->dialling);
	y++;
	for (size_t i = 0; i < ARRAY_LEN(choices); i++, y++) {
		canvas_putf(c, r.x, y, 2, ROLE_KEY, "%c", choices[i].key);
		canvas_put(c, r.x + 3, y, r.w - 3, ROLE_POPUP, choices[i].words);
	}
	canvas_put(c, r.x, r.y + r.h - 1, r.w, ROLE_DIM, "one key notes it, a capital asks for a note   1-9 who   t type it   Esc");
}
