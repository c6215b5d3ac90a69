/* The handover's parts, each out of what the world holds; see handover.h. */
#include "core/judge/handover.h"
#include "core/base/clock.h"
#include "core/base/mem.h"
#include "core/judge/handover_cover.h"
#include "core/model/calls.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct building {
	const struct world *w;
	struct cover *cover;
	struct handover *h;
	struct {
		struct handover_item *items;
		size_t count, cap;
	} parts[HANDOVER_PARTS];
};

static const struct {
	const char *title, *word;
} titles[HANDOVER_PARTS] = {
	[HANDOVER_INCIDENTS_OPEN] = { "Incidents still open", "incidents_open" },
	[HANDOVER_HELD] = { "What we hold suspended or withdrawn", "held" },
	[HANDOVER_CALLS_OPEN] = { "Waiting for an answer", "calls_open" },
	[HANDOVER_UNSEEN] = { "Not acknowledged by anybody", "unacknowledged" },
	[HANDOVER_NOTES] = { "Notes", "notes" },
	[HANDOVER_INCIDENTS_CLOSED] = { "Incidents that ended", "incidents_closed" },
	[HANDOVER_ACTIONS] = { "What we did", "actions" },
	[HANDOVER_CALLS] = { "Calls and mails", "calls" },
	[HANDOVER_VERDICTS] = { "Policy verdicts that changed", "verdicts" },
	[HANDOVER_CHANGES] = { "Sessions that changed", "changes" },
};

const char *handover_part_title(enum handover_part p)
{
	return titles[p].title;
}

const char *handover_part_word(enum handover_part p)
{
	return titles[p].word;
}

static void __attribute__((format(printf, 6, 7)))
add(struct building *b, enum handover_part part, int64_t wall_ms, const char *subject, bool open, const char *fmt, ...)
{
	struct arena *a = b->h->arena;
	char words[900];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(words, sizeof(words), fmt, ap);
	va_end(ap);
	MEM_GROW(b->parts[part].items, b->parts[part].cap, b->parts[part].count + 1);
	b->parts[part].items[b->parts[part].count++] = (struct handover_item){ wall_ms, arena_strdup(a, subject),
		arena_strdup(a, words), open };
}

static bool within(const struct building *b, int64_t wall_ms)
{
	return wall_ms >= b->h->from_wall_ms && wall_ms <= b->h->to_wall_ms;
}

static const char *network_of(const struct building *b, asn_t asn)
{
	const struct peer *p = peer_set_find(b->w->peers, asn);

	return p != NULL ? text_or(p->name, "") : "";
}

/* ---- incidents ---- */

static void add_incident(struct building *b, const struct incident *i)
{
	char iso[CLOCK_ISO_LEN];
	struct str words;

	str_init(&words, 800);
	if (i->name[0] != '\0')
		str_addf(&words, "%s: ", i->name);
	incident_words(i, &words);
	if (i->closed_wall_ms != 0)
		str_addf(&words, "; %s%s%s", i->closed_words, i->closed_by[0] ? ", closed by " : "", i->closed_by);
	else
		str_addf(&words, "; %s%s%s%s", i->acked_wall_ms != 0 ? "seen by " : "NOT SEEN BY ANYBODY",
		    i->acked_by, i->owner[0] ? ", owner " : "", i->owner);
	for (size_t k = i->note_count > 3 ? i->note_count - 3 : 0; k < i->note_count; k++)
		str_addf(&words, "; %.5sZ %s: %s", clock_iso(i->notes[k].wall_ms, iso) + 11, i->notes[k].who,
		    i->notes[k].words);
	add(b, i->closed_wall_ms != 0 ? HANDOVER_INCIDENTS_CLOSED : HANDOVER_INCIDENTS_OPEN, i->opened_wall_ms, i->id,
	    i->closed_wall_ms == 0, "%s", words.p);
	if (i->count > 1 && i->acked_wall_ms == 0) {
		str_clear(&words);
		incident_words(i, &words);
		add(b, HANDOVER_UNSEEN, i->opened_wall_ms, i->id, true, "%s", words.p);
	}
	str_fini(&words);
}

static void add_incidents(struct building *b)
{
	for (size_t k = b->w->incidents != NULL ? incidents_count(b->w->incidents) : 0; k-- > 0;) {
		const struct incident *i = incidents_at(b->w->incidents, k);

		if (i->closed_wall_ms == 0 || within(b, i->closed_wall_ms))
			add_incident(b, i);
	}
}

/* ---- what we hold, did and called ---- */

static void add_held(struct building *b)
{
	char iso[CLOCK_ISO_LEN], until[60];

	for (size_t k = 0; k < b->w->ledger_count; k++) {
		const struct ledger_line *l = &b->w->ledger[k];
		char subject[200];

		snprintf(subject, sizeof(subject), "%s %s", text_or(l->router, "?"), text_or(l->neighbor, "?"));
		snprintf(until, sizeof(until), "%s", l->lasting ? "for good" : "until somebody ends it");
		if (l->until_wall_ms > 0)
			snprintf(until, sizeof(until), "until %s", clock_iso(l->until_wall_ms, iso));
		add(b, HANDOVER_HELD, l->since_wall_ms, subject, !l->lasting, "%s AS%u%s%s: %s, by %s, %s (%s)",
		    text_or(l->verb, "?"), l->remote_as, network_of(b, l->remote_as)[0] ? " " : "", network_of(b, l->remote_as),
		    text_or(l->reason, "no reason given"),
		    text_or(l->who, "?"), until, text_or(l->state, "?"));
	}
}

static void add_journal(struct building *b)
{
	for (size_t k = b->w->journal_count; k-- > 0;) {
		const struct journal_line *l = &b->w->journal[k];
		const char *what = text_or(l->what, ""), *outcome = text_or(l->outcome, "");
		char subject[200];

		if (!within(b, l->wall_ms))
			continue;
		if (strcmp(what, "note") == 0) {
			add(b, HANDOVER_NOTES, l->wall_ms, text_or(l->who, ""), false, "%s", text_or(l->reason, ""));
		} else if (outcome[0] != '\0' && strcmp(outcome, "begun") != 0) {
			snprintf(subject, sizeof(subject), "%s %s", text_or(l->router, ""), text_or(l->neighbor, ""));
			add(b, HANDOVER_ACTIONS, l->wall_ms, subject, strcmp(outcome, "done") != 0, "%s by %s: %s%s%s", what,
			    text_or(l->who, "?"), outcome, text_empty(l->reason) ? "" : ", ", text_or(l->reason, ""));
		}
	}
}

static void add_calls(struct building *b)
{
	const struct calls *calls = b->w->calls;

	for (size_t k = 0; k < calls_count(calls); k++) {
		const struct call *c = calls_at(calls, k);
		char subject[CALL_SUBJECT_LEN];

		if (!within(b, c->wall_ms) || c->outcome == CALL_DIALLING)
			continue;
		call_subject(c->asn, c->venue, subject);
		add(b, HANDOVER_CALLS, c->wall_ms, subject, false, "%s %s: %s %s%s%s%s%s%s%s%s%s%s%s", network_of(b, c->asn),
		    text_or(c->who, "?"), call_outcome_words(c->outcome), text_or(c->role, ""), text_empty(c->way) ? "" : " ",
		    text_or(c->way, ""), text_empty(c->by) ? "" : ", by ", text_or(c->by, ""), text_empty(c->ticket) ? "" : ", ticket ",
		    text_or(c->ticket, ""), text_empty(c->incident) ? "" : ", about ", text_or(c->incident, ""),
		    text_empty(c->note) ? "" : ": ", text_or(c->note, ""));
	}
	for (size_t k = 0; k < escalation_count(calls); k++) {
		const struct escalation *e = escalation_at(calls, k);
		const struct call *last = calls_at(calls, e->last);
		const char *name = network_of(b, e->asn);
		char subject[CALL_SUBJECT_LEN], iso[CLOCK_ISO_LEN];

		if (e->state == ESCALATION_CLOSED || escalation_lapsed(e, b->w->now_wall_ms))
			continue;
		call_subject(e->asn, e->venue, subject);
		if (e->state == ESCALATION_ACKED)
			add(b, HANDOVER_CALLS_OPEN, e->opened_wall_ms, subject, false, "%s%s%s: acknowledged by %s at %s, not closed",
			    name, text_empty(e->incident) || *name == '\0' ? "" : ", ", text_or(e->incident, ""), text_or(e->acked_by, "?"),
			    clock_iso(e->acked_wall_ms, iso));
		else
			add(b, HANDOVER_CALLS_OPEN, e->opened_wall_ms, subject, true, "%s%s%s: %zu tries, the last %s %s", name,
			    text_empty(e->incident) || *name == '\0' ? "" : ", ", text_or(e->incident, ""), e->count, last != NULL ? call_outcome_words(last->outcome) : "",
			    clock_iso(e->last_wall_ms, iso));
	}
}

/* ---- events ---- */

/* One line a session, however often it changed. */
struct change {
	const struct event *last;
	unsigned count, drops;
};

static int by_session(const void *x, const void *y)
{
	const struct event *a = *(const struct event *const *)x, *b = *(const struct event *const *)y;
	int c = strcmp(a->router, b->router);

	if (c == 0)
		c = strcmp(a->vrf, b->vrf);
	if (c == 0)
		c = strcmp(a->neighbor, b->neighbor);
	if (c == 0)
		c = (a->wall_ms > b->wall_ms) - (a->wall_ms < b->wall_ms);
	return c;
}

static bool same_session(const struct event *a, const struct event *b)
{
	return strcmp(a->router, b->router) == 0 && strcmp(a->vrf, b->vrf) == 0 && strcmp(a->neighbor, b->neighbor) == 0;
}

static void add_change(struct building *b, const struct change *c)
{
	const struct event *e = c->last;
	char subject[220];

	snprintf(subject, sizeof(subject), "%s %s%s%s", e->router, e->vrf, e->vrf[0] ? "/" : "", e->neighbor);
	if (c->count == 1)
		add(b, HANDOVER_CHANGES, e->wall_ms, subject, false, "%s%s%s", network_of(b, e->remote_as),
		    network_of(b, e->remote_as)[0] ? ": " : "", e->words);
	else
		add(b, HANDOVER_CHANGES, e->wall_ms, subject, false, "%s%s%u changes, down %u times, at last: %s", network_of(b,
		    e->remote_as), network_of(b, e->remote_as)[0] ? ": " : "", c->count, c->drops, e->words);
}

static bool is_change(const struct event *e)
{
	return e->neighbor[0] != '\0' && e->kind != EVENT_ACTION && e->kind != EVENT_NOTE && e->kind != EVENT_VERDICT;
}

/* Sessions whose every change is a part of one incident, as one line. */
struct told {
	const struct incident *in;
	const struct event *last;
	unsigned sessions, changes, up;
};

static struct told *told_of(struct told *told, size_t *count, const struct incident *in)
{
	for (size_t i = 0; i < *count; i++)
		if (told[i].in == in)
			return &told[i];
	told[*count].in = in;
	return &told[(*count)++];
}

static void add_told(struct building *b, const struct told *t)
{
	add(b, HANDOVER_CHANGES, t->last->wall_ms, t->in->id, false, "%u session%s of this incident, %u changes; %u up at last",
	    t->sessions, t->sessions == 1 ? "" : "s", t->changes, t->up);
}

static void add_changes(struct building *b, const struct event **events, size_t n)
{
	struct told *told = mem_calloc((b->w->incidents != NULL ? incidents_count(b->w->incidents) : 0) + 1, sizeof(*told)), *t;
	const struct incident *in = NULL;
	struct change c = { 0 };
	size_t told_count = 0;
	bool apart = false;

	qsort(events, n, sizeof(*events), by_session);
	for (size_t i = 0; i < n; i++) {
		const struct incident *of = cover_of(b->cover, events[i]);

		apart = apart || of == NULL || (c.count > 0 && of != in);
		in = of;
		c.last = events[i];
		c.count++;
		c.drops += events[i]->kind == EVENT_DOWN || events[i]->kind == EVENT_LIMIT_TRIPPED;
		if (i + 1 < n && same_session(events[i], events[i + 1]))
			continue;
		if (apart) {
			add_change(b, &c);
		} else {
			t = told_of(told, &told_count, in);
			t->sessions++;
			t->changes += c.count;
			t->up += c.last->kind == EVENT_UP;
			t->last = t->last == NULL || t->last->wall_ms < c.last->wall_ms ? c.last : t->last;
		}
		c = (struct change){ 0 };
		apart = false;
	}
	for (size_t i = 0; i < told_count; i++)
		add_told(b, &told[i]);
	free(told);
}

static void add_events(struct building *b)
{
	size_t n = b->w->events != NULL ? event_log_count(b->w->events) : 0, changes = 0;
	const struct event **events = mem_calloc(n + 1, sizeof(*events));

	for (size_t i = n; i-- > 0;) {
		const struct event *e = event_log_at(b->w->events, i);
		char subject[200];

		if (!within(b, e->wall_ms))
			continue;
		snprintf(subject, sizeof(subject), "%s %s", e->router, e->neighbor);
		if (e->kind == EVENT_VERDICT)
			add(b, HANDOVER_VERDICTS, e->wall_ms, network_of(b, e->remote_as), e->severity >= SEV_WARN, "%s", e->words);
		else if (e->severity >= SEV_WARN && !e->acked && cover_of(b->cover, e) == NULL) /* the incident says who saw it */
			add(b, HANDOVER_UNSEEN, e->wall_ms, subject, true, "%s", e->words);
		if (is_change(e))
			events[changes++] = e;
	}
	add_changes(b, events, changes);
	free(events);
}

/* The ring may not reach as far back as was asked. */
static void say_what_is_missing(struct building *b)
{
	size_t n = b->w->events != NULL ? event_log_count(b->w->events) : 0;
	const struct event *oldest = n > 0 ? event_log_at(b->w->events, n - 1) : NULL;
	char iso[CLOCK_ISO_LEN];

	b->h->caveat = "";
	if (oldest != NULL && event_log_lost(b->w->events) > 0 && oldest->wall_ms > b->h->from_wall_ms)
		b->h->caveat = arena_printf(b->h->arena, "changes before %s are not listed: there were too many",
		    clock_iso(oldest->wall_ms, iso));
}

struct handover *handover_new(const struct world *w, int64_t from_wall_ms)
{
	struct handover *h = MEM_NEW(struct handover);
	struct building b = { .w = w, .h = h };

	h->arena = arena_new();
	h->from_wall_ms = from_wall_ms;
	h->to_wall_ms = w->now_wall_ms;
	h->by = arena_strdup(h->arena, w->operator_name != NULL && w->operator_name[0] != '\0' ? w->operator_name :
	    w->operator_login != NULL ? w->operator_login : "?");
	b.cover = cover_new(w->incidents, from_wall_ms);
	add_incidents(&b);
	add_held(&b);
	add_journal(&b);
	add_calls(&b);
	add_events(&b);
	say_what_is_missing(&b);
	cover_free(b.cover);
	for (int p = 0; p < HANDOVER_PARTS; p++) {
		size_t n = b.parts[p].count;
		struct handover_item *items = arena_alloc(h->arena, (n + 1) * sizeof(*items));

		if (n > 0)
			memcpy(items, b.parts[p].items, n * sizeof(*items));
		free(b.parts[p].items);
		h->parts[p].items = items;
		h->parts[p].count = n;
	}
	return h;
}

void handover_free(struct handover *h)
{
	if (h == NULL)
		return;
	arena_free(h->arena);
	free(h);
}
