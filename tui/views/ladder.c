/* The ladder of the network in focus as a list: whom to call, what time it is there, what was tried, who is next. */
#include "core/base/clock.h"
#include "core/judge/venue.h"
#include "tui/link.h"
#include "tui/view.h"

#include <stdio.h>
#include <string.h>

/* A rung with its own words: what the ladder was built in ends with the building. */
typedef struct {
	struct rung r;
	size_t number;
	bool next;
	enum call_outcome tried;
	int64_t tried_wall_ms; /* -1 not tried */
	char who[64];          /* of us */
	char differs[256], proven_how[160];
} ladder_row;

void view_ladder(const struct view_ctx *cx, struct arena *a, struct ladder *out)
{
	struct venue v;

	if (view_venue(cx, &v))
		ladder_of_venue(a, cx->w, &v, out);
	else
		ladder_of_world(a, cx->w, cx->focus->asn, view_focus_session(cx), out);
}

const struct escalation *view_escalation(const struct view_ctx *cx)
{
	const struct incident *i = view_focus_incident(cx);
	char words[VENUE_WORDS_LEN];
	struct venue v;

	if (view_venue(cx, &v))
		return escalation_open_at(cx->w->calls, venue_words(&v, words), i != NULL ? i->id : NULL, cx->w->now_wall_ms);
	return escalation_open(cx->w->calls, cx->focus->asn, i != NULL ? i->id : NULL, cx->w->now_wall_ms);
}

static size_t rows(const struct view_ctx *cx, void **out)
{
	struct arena *a = arena_new();
	struct ladder l;
	const struct escalation *e = view_escalation(cx);
	ladder_row *list;
	size_t next, n;

	view_ladder(cx, a, &l);
	next = ladder_next(&l, cx->w->calls, e);
	list = mem_calloc(l.count + 1, sizeof(*list));
	for (size_t i = 0; i < l.count; i++) {
		const struct call *c = ladder_last_call(&l.rungs[i], cx->w->calls, e);
		ladder_row *to = &list[i];

		*to = (ladder_row){ .r = l.rungs[i], .number = i + 1, .next = i == next, .tried_wall_ms = -1 };
		snprintf(to->differs, sizeof(to->differs), "%s", text_or(l.rungs[i].differs, ""));
		snprintf(to->proven_how, sizeof(to->proven_how), "%s", text_or(l.rungs[i].proven_how, ""));
		to->r.differs = to->r.proven_how = TEXT_LIT("");
		if (c != NULL) {
			to->tried = c->outcome;
			to->tried_wall_ms = c->wall_ms;
			snprintf(to->who, sizeof(to->who), "%s", text_or(c->who, ""));
		}
	}
	n = cx->focus->asn != ASN_UNKNOWN || *l.venue != '\0' ? l.count : 0;
	arena_free(a);
	*out = list;
	return n;
}

static void key(const void *v, struct str *out)
{
	const ladder_row *r = v;

	str_addf(out, "%d|%s|%s|%s|%s", (int)r->r.source, text_or(r->r.role, ""), text_or(r->r.name, ""),
	    text_or(r->r.phone, ""), text_or(r->r.email, ""));
}

/* ---- columns ---- */

static enum role role_of(const ladder_row *r)
{
	return r->r.wrong_wall_ms > 0 ? ROLE_BAD : r->next ? ROLE_ACCENT : rung_reachable(&r->r) ? ROLE_NORMAL : ROLE_DIM;
}

static void show_number(const struct view_ctx *cx, const void *v, int width, struct field *out)
{
	const ladder_row *r = v;

	(void)cx, (void)width;
	field_putf(out, role_of(r), "%zu%s", r->number, r->next ? ">" : "");
}

static bool number_of(const struct view_ctx *cx, const void *v, int64_t *out)
{
	(void)cx;
	*out = (int64_t)((const ladder_row *)v)->number;
	return true;
}

static void show_role(const struct view_ctx *cx, const void *v, int width, struct field *out)
{
	(void)cx, (void)width;
	field_put(out, role_of(v), text_or(((const ladder_row *)v)->r.role, "contact"));
}

static void show_name(const struct view_ctx *cx, const void *v, int width, struct field *out)
{
	(void)cx, (void)width;
	field_put(out, role_of(v), text_or(((const ladder_row *)v)->r.name, ""));
}

static void show_phone(const struct view_ctx *cx, const void *v, int width, struct field *out)
{
	const ladder_row *r = v;

	(void)width;
	field_put(out, role_of(r), text_or(r->r.phone, cx->g->dash));
}

static void show_mail(const struct view_ctx *cx, const void *v, int width, struct field *out)
{
	const ladder_row *r = v;

	(void)width;
	field_put(out, role_of(r), text_or(r->r.email, cx->g->dash));
}

static void phone_link(const void *v, struct str *uri)
{
	link_tel(text_or(((const ladder_row *)v)->r.phone, ""), uri);
}

static void mail_link(const void *v, struct str *uri)
{
	link_mail(text_or(((const ladder_row *)v)->r.email, ""), uri);
}

static void show_there(const struct view_ctx *cx, const void *v, int width, struct field *out)
{
	const ladder_row *r = v;
	struct rung_clock c = rung_clock(&r->r, cx->w->now_wall_ms);
	char words[64];

	rung_clock_words(&r->r, cx->w->now_wall_ms, words, sizeof(words));
	/* "03:12 closed": in full below the list, and in filters */
	if (width > 0 && c.when != WHEN_UNKNOWN)
		snprintf(words, sizeof(words), "%02d:%02d %s", c.local.hour, c.local.minute, c.open == TRI_NO ? "closed" :
		    c.when == WHEN_NIGHT ? "night" : "day");
	field_put(out, c.open == TRI_NO || (c.open == TRI_UNKNOWN && c.when == WHEN_NIGHT) ? ROLE_WARN :
	    c.open == TRI_YES ? ROLE_GOOD : ROLE_NORMAL, words[0] ? words : cx->g->dash);
}

static void show_tried(const struct view_ctx *cx, const void *v, int width, struct field *out)
{
	const ladder_row *r = v;
	char span[CLOCK_SPAN_LEN];

	(void)width;
	if (r->tried_wall_ms < 0)
		field_put(out, ROLE_DIM, r->r.wrong_wall_ms > 0 ? "found dead" : "");
	else
		field_putf(out, r->tried == CALL_ACK ? ROLE_GOOD : r->tried == CALL_DIALLING ? ROLE_BADGE : ROLE_WARN, "%s %s",
		    clock_span((cx->w->now_wall_ms - r->tried_wall_ms) / 1000, span), call_outcome_word(r->tried));
}

static void show_source(const struct view_ctx *cx, const void *v, int width, struct field *out)
{
	const ladder_row *r = v;

	(void)cx, (void)width;
	field_putf(out, r->differs[0] ? ROLE_WARN : ROLE_DIM, "%s%s", rung_source_word(r->r.source), r->differs[0] ? " differs" : "");
}

static void show_proven(const struct view_ctx *cx, const void *v, int width, struct field *out)
{
	const ladder_row *r = v;
	char span[CLOCK_SPAN_LEN];

	(void)width;
	if (r->r.wrong_wall_ms > 0)
		field_putf(out, ROLE_BAD, "wrong %s", clock_span((cx->w->now_wall_ms - r->r.wrong_wall_ms) / 1000, span));
	else if (r->r.proven_wall_ms > 0)
		field_put(out, ROLE_GOOD, clock_span((cx->w->now_wall_ms - r->r.proven_wall_ms) / 1000, span));
	else
		field_put(out, ROLE_DIM, cx->g->dash);
}

static void show_languages(const struct view_ctx *cx, const void *v, int width, struct field *out)
{
	(void)cx, (void)width;
	field_put(out, ROLE_NORMAL, text_or(((const ladder_row *)v)->r.languages, cx->g->dash));
}

static const struct column columns[] = {
	{ .id = "rung", .title = "#", .help = "order to try; > is next", .min = 2, .max = 3, .fit = true, .show = show_number, .number = number_of },
	{ .id = "role", .title = "Role", .help = "NOC, Technical ... as the book or PeeringDB says", .min = 8, .max = 12, .fit = true, .show = show_role },
	{ .id = "name", .title = "Name", .help = "person or team", .min = 8, .max = 30, .fit = true, .rank = 3, .show = show_name },
	{ .id = "phone", .title = "Phone", .help = "number to call", .min = 14, .max = 24, .fit = true, .show = show_phone, .link = phone_link },
	{ .id = "mail", .title = "Mail", .help = "address to write to", .min = 12, .max = 44, .fit = true, .rank = 1, .show = show_mail, .link = mail_link },
	{ .id = "there", .title = "There", .help = "local time, day or night, hours", .min = 6, .max = 12, .rank = 1, .show = show_there },
	{ .id = "tried", .title = "Tried", .help = "what came of it, how long ago", .min = 9, .max = 16, .fit = true, .rank = 1, .show = show_tried },
	{ .id = "source", .title = "Source", .help = "where it is from", .min = 9, .max = 18, .fit = true, .rank = 4, .show = show_source },
	{ .id = "proven", .title = "Proven", .help = "how long ago somebody got through", .min = 6, .max = 12, .fit = true, .rank = 5, .show = show_proven },
	{ .id = "languages", .title = "Languages", .help = "spoken there", .min = 6, .max = 14, .fit = true, .rank = 6, .show = show_languages },
};

/* ---- above and below the list ---- */

static void escalation_line(const struct view_ctx *cx, struct page *p, const struct escalation *e)
{
	const struct call *dialling = escalation_dialling(cx->w->calls, e, cx->w->now_wall_ms);
	int64_t due = escalation_due_ms(cx->w->calls, e, 1000 * (int64_t)cx->w->config->ladder.step_s), now = cx->w->now_wall_ms;
	char began[16], at[16], span[CLOCK_SPAN_LEN];

	time_words(e->opened_wall_ms, now, began, sizeof(began));
	if (dialling != NULL) {
		time_words(dialling->wall_ms, now, at, sizeof(at));
		page_line(p, ROLE_BADGE, "%s is calling %s %s since %s", text_or(dialling->who, "somebody"),
		    text_or(dialling->role, ""), text_or(dialling->way, ""), at);
	} else if (e->state == ESCALATION_ACKED) {
		time_words(e->acked_wall_ms, now, at, sizeof(at));
		page_line(p, ROLE_GOOD, "acknowledged by %s at %s; begun %s, %zu noted", text_or(e->acked_by, "?"), at, began, e->count);
	} else if (due >= 0 && due <= now) {
		page_line(p, ROLE_ALARM, "the next rung is due since %s; begun %s, %zu noted", clock_span((now - due) / 1000, span),
		    began, e->count);
	} else {
		page_line(p, ROLE_NORMAL, "open since %s, %zu noted; the next rung in %s", began, e->count,
		    clock_span(due >= 0 ? (due - now) / 1000 : -1, span));
	}
}

/* What is not there, and why; nothing when the list is whole. */
static void say_missing(const struct view_ctx *cx, const struct ladder *l, const struct peer *peer, struct page *p)
{
	struct str words;

	str_init(&words, 300);
	if (l->published == 0)
		no_contact_words(cx, l->asn, peer, &words);
	else
		str_puts(&words, ladder_words(l));
	if (words.len > 0)
		page_line(p, ROLE_WARN, "%s", words.p);
	str_fini(&words);
}

/* Of a place: what it is, its status page, who is not listed. */
static void head_of_venue(const struct view_ctx *cx, const struct venue *v, struct page *p)
{
	const struct exchange *x = venue_exchange(cx->w->peers, v);
	const struct facility *f = venue_facility(cx->w->peers, v);
	struct text status = x != NULL ? x->status_dashboard : f != NULL ? f->status_dashboard : (struct text){ NULL };
	const struct incident *i = view_focus_incident(cx);
	const struct escalation *e = view_escalation(cx);
	struct arena *a = arena_new();
	char words[VENUE_WORDS_LEN];
	const struct book_network *n = book_find_venue(cx->w->book, venue_words(v, words));
	struct ladder l;

	ladder_of_venue(a, cx->w, v, &l);
	page_line(p, ROLE_ACCENT, "%s%s%s", words, text_empty(status) ? "" : "  status page ", text_or(status, ""));
	if (n != NULL && !text_empty(n->field[BOOK_WARN]))
		page_line(p, ROLE_WARN, "MIND: %s", n->field[BOOK_WARN].s);
	if (n != NULL && !text_empty(n->field[BOOK_NOTE]))
		page_line(p, ROLE_NORMAL, "note: %s", n->field[BOOK_NOTE].s);
	if (i != NULL)
		page_line(p, ROLE_NORMAL, "about %s%s%s: calls are noted there", i->id, i->name[0] ? " " : "", i->name);
	if (e != NULL)
		escalation_line(cx, p, e);
	if (*venue_ladder_words(&l, v) != '\0')
		page_line(p, ROLE_WARN, "%s", venue_ladder_words(&l, v));
	if (l.expired > 0)
		page_line(p, ROLE_DIM, "%zu of the contact book's entries here expired", l.expired);
	arena_free(a);
}

static void head(const struct view_ctx *cx, struct page *p)
{
	struct venue v;
	const struct peer *peer = peer_set_find(cx->w->peers, cx->focus->asn);
	const struct world_session *s = view_focus_session(cx);
	const struct escalation *e = view_escalation(cx);
	const char *warn = book_warning(cx->w->book, cx->focus->asn);
	const struct incident *i = view_focus_incident(cx);
	struct arena *a;
	struct ladder l;

	if (view_venue(cx, &v))
		head_of_venue(cx, &v, p);
	if (cx->focus->asn == ASN_UNKNOWN)
		return;
	page_line(p, ROLE_ACCENT, "AS%u %s%s%s", cx->focus->asn, network_name(peer), s != NULL && s->exchange != NULL ? "  at " : "",
	    s != NULL && s->exchange != NULL ? text_or(s->exchange->name, "") : "");
	if (warn != NULL)
		page_line(p, ROLE_WARN, "MIND: %s", warn);
	if (i != NULL)
		page_line(p, ROLE_NORMAL, "about %s%s%s: calls are noted there", i->id, i->name[0] ? " " : "", i->name);
	if (e != NULL)
		escalation_line(cx, p, e);
	a = arena_new();
	view_ladder(cx, a, &l);
	say_missing(cx, &l, peer, p);
	if (l.expired > 0)
		page_line(p, ROLE_DIM, "%zu of the contact book's entries here expired", l.expired);
	arena_free(a);
	if (cx->w->book != NULL && cx->w->book->fault_count > 0)
		page_line(p, ROLE_WARN, "contact book: %s%s", cx->w->book->faults[0].words.s, cx->w->book->fault_count > 1 ? " ..." : "");
}

static void field(struct page *p, const char *label, struct text t)
{
	if (!text_empty(t))
		page_field(p, label, ROLE_NORMAL, "%s", t.s);
}

static void add_source(const struct view_ctx *cx, const ladder_row *r, struct page *p)
{
	int64_t now = cx->w->now_wall_ms;
	char read[CLOCK_SPAN_LEN], changed[CLOCK_SPAN_LEN];
	struct str s;

	str_init(&s, 300);
	str_puts(&s, rung_source_word(r->r.source));
	if (r->r.entry != NULL && !text_empty(r->r.entry->file))
		str_addf(&s, " %s:%u", r->r.entry->file.s, r->r.entry->line);
	if (r->r.entry != NULL && !text_empty(r->r.entry->author))
		str_addf(&s, " by %s", r->r.entry->author.s);
	if (r->r.entry != NULL && r->r.entry->version > 0)
		str_addf(&s, ", version %u", r->r.entry->version);
	if (r->r.as_of_wall_ms > 0)
		str_addf(&s, ", %s %s ago", r->r.source == RUNG_BOOK ? "written" : "read",
		    clock_span((now - r->r.as_of_wall_ms) / 1000, read));
	if (r->r.changed_wall_ms > 0)
		str_addf(&s, ", last changed %s ago", clock_span((now - r->r.changed_wall_ms) / 1000, changed));
	page_field(p, "source", ROLE_DIM, "%s", s.p);
	str_fini(&s);
}

static void aside(const struct view_ctx *cx, const void *v, struct page *p)
{
	const ladder_row *r = v;
	char words[80], at[16];

	page_line(p, ROLE_ACCENT, "%zu. %s  %s", r->number, text_or(r->r.role, "contact"), text_or(r->r.name, ""));
	page_field(p, "phone", text_empty(r->r.phone) ? ROLE_DIM : ROLE_NORMAL, "%s", text_or(r->r.phone, "none"));
	page_field(p, "mail", text_empty(r->r.email) ? ROLE_DIM : ROLE_NORMAL, "%s", text_or(r->r.email, "none"));
	rung_clock_words(&r->r, cx->w->now_wall_ms, words, sizeof(words));
	if (words[0] != '\0' || !text_empty(r->r.hours))
		page_field(p, "there", ROLE_NORMAL, "%s%s%s%s%s", words, text_empty(r->r.zone) ? "" : "  ", text_or(r->r.zone, ""),
		    text_empty(r->r.hours) || strstr(words, "24x7") ? "" : "  hours ", strstr(words, "24x7") ? "" : text_or(r->r.hours, ""));
	field(p, "speaks", r->r.languages);
	field(p, "page", r->r.url);
	field(p, "note", r->r.note);
	if (r->differs[0] != '\0')
		page_field(p, "differs", ROLE_WARN, "%s", r->differs);
	if (r->r.wrong_wall_ms > 0) {
		time_words(r->r.wrong_wall_ms, cx->w->now_wall_ms, at, sizeof(at));
		page_field(p, "wrong", ROLE_BAD, "somebody found this number or address dead, %s", at);
	}
	if (r->r.proven_wall_ms > 0) {
		time_words(r->r.proven_wall_ms, cx->w->now_wall_ms, at, sizeof(at));
		page_field(p, "proven", ROLE_GOOD, "%s  %s", at, r->proven_how);
	}
	if (r->r.same_as > 0)
		page_field(p, "same as", ROLE_DIM, "rung %zu", r->r.same_as);
	if (r->tried_wall_ms > 0) {
		time_words(r->tried_wall_ms, cx->w->now_wall_ms, at, sizeof(at));
		page_field(p, "tried", ROLE_NORMAL, "%s by %s: %s", at, r->who, call_outcome_words(r->tried));
	}
	add_source(cx, r, p);
}

bool view_ladder_row(const void *row, size_t *number, struct rung *out)
{
	const ladder_row *r = row;

	if (r == NULL)
		return false;
	*number = r->number;
	*out = r->r;
	return true;
}

const struct view view_contacts = {
	.name = "contacts", .title = "Ladder", .about = "whom to call about the selected network, in order; Enter notes a call",
	.columns = columns, .column_count = ARRAY_LEN(columns), .row_size = sizeof(ladder_row), .sort = "rung",
	.rows = rows, .key = key, .head = head, .aside = aside, .enter = CMD_CALL, .of_focus = true,
	.empty = "nobody to call is known here; select a network in sessions or networks",
};
