/*
 * Contact book and calls in the console: read again with the records, noted when asked, and the timer that proposes
 * the next rung.
 */
#include "app/console_priv.h"

#include <stdio.h>
#include <stdlib.h>

void console_people_start(struct console *c)
{
	c->people = people_open(c->config, c->records.path);
	c->calls_seen = calls_count(people_calls(c->people));
	c->due_told_ms = c->present.w.now_wall_ms;
	c->present.w.book = people_book(c->people);
	c->present.w.calls = people_calls(c->people);
	if (c->present.w.book->fault_count > 0)
		console_notice(c, "contact book: %s", c->present.w.book->faults[0].words.s);
}

void console_people_stop(struct console *c)
{
	c->present.w.book = NULL;
	c->present.w.calls = NULL;
	people_close(c->people);
}

static void __attribute__((format(printf, 4, 5)))
tell(struct console *c, const struct call *call, enum severity severity, const char *fmt, ...)
{
	struct event ev = { .kind = EVENT_NOTE, .severity = severity, .remote_as = call->asn };
	va_list ap;

	snprintf(ev.router, sizeof(ev.router), "%s", text_or(call->router, ""));
	snprintf(ev.vrf, sizeof(ev.vrf), "%s", text_or(call->vrf, ""));
	snprintf(ev.neighbor, sizeof(ev.neighbor), "%s", text_or(call->neighbor, ""));
	va_start(ap, fmt);
	vsnprintf(ev.words, sizeof(ev.words), fmt, ap);
	va_end(ap);
	event_log_add(c->present.w.events, ev);
}

/* What another console noted is news here; what was noted here stands in the list as well. */
static void tell_calls(struct console *c)
{
	const struct calls *calls = people_calls(c->people);
	const struct call *call;

	for (; (call = calls_at(calls, c->calls_seen)) != NULL; c->calls_seen++) {
		if (!text_empty(call->incident)) /* somebody works on it: it is not formed anew under their hands */
			console_incident_share(c, call->incident.s);
		tell(c, call, SEV_INFO, "%.40s: %s %.24s %.60s", text_or(call->who, "?"), call_outcome_words(call->outcome),
		    text_or(call->role, ""), text_or(call->way, ""));
	}
}

/* Each time once: whoever looks at the ladder sees it anyway. */
static void tell_due(struct console *c)
{
	const struct calls *calls = people_calls(c->people);
	const struct escalation *e;
	int64_t now = c->present.w.now_wall_ms;
	char subject[CALL_SUBJECT_LEN];

	for (size_t i = 0; (e = escalation_at(calls, i)) != NULL; i++) {
		int64_t due = escalation_lapsed(e, now) ? -1 : escalation_due_ms(calls, e, 1000 * (int64_t)c->config->ladder.step_s);

		if (due > c->due_told_ms && due <= now)
			tell(c, calls_at(calls, e->last), SEV_WARN, "%s: no answer yet, the next rung of the ladder is due",
			    call_subject(e->asn, e->venue, subject));
	}
	c->due_told_ms = now;
}

void console_people_tick(struct console *c)
{
	people_refresh(c->people);
	c->present.w.book = people_book(c->people); /* a book that was read anew is another one */
	c->present.w.calls = people_calls(c->people);
	tell_calls(c);
	tell_due(c);
}

void console_edit_book(struct console *c, const struct book_edit *edits, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		struct err e = ERR_INIT;

		if (people_edit(c->people, c->records.journal, &edits[i], &e) == 0)
			console_notice(c, "kept: AS%u %s", edits[i].asn, edits[i].op == BOOK_FIELD ? book_field_word(edits[i].field) : edits[i].key);
		else
			console_notice(c, "NOT kept: %s", e.text);
		if (e.code != ERR_NONE)
			break;
	}
	console_people_tick(c);
}

/* The incident that was on the screen when the dialogue opened may have been formed anew meanwhile: what it is now, else the
 * one that its session is in. */
static const struct incident *incident_of(const struct console *c, const struct call *call)
{
	const struct incident *i = text_empty(call->incident) ? NULL : incidents_now(c->incidents.set, call->incident.s);

	if (i == NULL && !text_empty(call->incident) && !text_empty(call->neighbor))
		i = incidents_of(c->incidents.set, text_or(call->router, ""), text_or(call->vrf, ""), call->neighbor.s);
	return i;
}

void console_call(struct console *c, const struct call *asked)
{
	struct err e = ERR_INIT;
	struct call now = *asked, *call = &now;
	const struct incident *i = incident_of(c, asked);
	char id[INCIDENT_ID_LEN], subject[CALL_SUBJECT_LEN];

	if (i != NULL) { /* the journal knows the incident before what is about it */
		snprintf(id, sizeof(id), "%s", i->id);
		call->incident = (struct text){ id };
		console_incident_share(c, id);
	}
	if (people_call(c->people, c->records.journal, call, &e) != 0)
		console_notice(c, "NOT noted: %s", e.text);
	else
		console_notice(c, "noted: %s %s%s%s", call_subject(call->asn, call->venue, subject), call_outcome_words(call->outcome), text_empty(call->role) ? "" : ", ",
		    text_or(call->role, ""));
	console_people_tick(c);
}
