/* Calls folded into escalations; see calls.h. */
#include "core/model/calls.h"
#include "core/base/mem.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { LAPSE_MS = 24 * 3600 * 1000, DIAL_MS = 10 * 60 * 1000 };

struct calls {
	struct call *calls;
	size_t count, cap;
	struct escalation *escalations;
	size_t escalation_count, escalation_cap;
	struct arena *arena;
};

static const struct {
	const char *word, *words;
} outcomes[CALL_OUTCOMES] = {
	[CALL_DIALLING] = { "dialling", "calling now" },
	[CALL_NO_ANSWER] = { "no-answer", "called, no answer" },
	[CALL_MESSAGE] = { "message", "left a message" },
	[CALL_MAIL] = { "mail-sent", "mail sent" },
	[CALL_ACK] = { "ack", "acknowledged" },
	[CALL_REFUSED] = { "refused", "answered, no help" },
	[CALL_WRONG] = { "wrong", "wrong number or address" },
	[CALL_CLOSED] = { "closed", "closed" },
};

const char *call_outcome_word(enum call_outcome o)
{
	return outcomes[o].word;
}

const char *call_outcome_words(enum call_outcome o)
{
	return outcomes[o].words;
}

bool call_outcome_find(const char *word, enum call_outcome *o)
{
	for (int i = 0; i < CALL_OUTCOMES; i++)
		if (strcmp(outcomes[i].word, word) == 0) {
			*o = (enum call_outcome)i;
			return true;
		}
	return false;
}

struct calls *calls_new(void)
{
	struct calls *c = MEM_NEW(struct calls);

	c->arena = arena_new();
	return c;
}

void calls_free(struct calls *c)
{
	if (c == NULL)
		return;
	arena_free(c->arena);
	free(c->calls);
	free(c->escalations);
	free(c);
}

size_t calls_count(const struct calls *c)
{
	return c != NULL ? c->count : 0;
}

const struct call *calls_at(const struct calls *c, size_t i)
{
	return i < calls_count(c) ? &c->calls[i] : NULL;
}

size_t escalation_count(const struct calls *c)
{
	return c != NULL ? c->escalation_count : 0;
}

const struct escalation *escalation_at(const struct calls *c, size_t i)
{
	return i < escalation_count(c) ? &c->escalations[i] : NULL;
}

bool escalation_lapsed(const struct escalation *e, int64_t now_wall_ms)
{
	return e->state != ESCALATION_CLOSED && now_wall_ms - e->last_wall_ms > LAPSE_MS;
}

static bool is_of(const struct escalation *e, asn_t asn, const char *venue)
{
	return e->asn == asn && strcasecmp(text_or(e->venue, ""), venue) == 0;
}

/* About one incident and another it is two matters; where one of them names none it is the same. */
static bool same_matter(const struct escalation *e, const char *incident)
{
	return text_empty(e->incident) || incident == NULL || *incident == '\0' || strcmp(e->incident.s, incident) == 0;
}

static const struct escalation *find_open(const struct calls *c, asn_t asn, const char *venue, const char *incident, int64_t now)
{
	for (size_t i = escalation_count(c); i-- > 0;) {
		const struct escalation *e = &c->escalations[i];

		if (is_of(e, asn, venue) && e->state != ESCALATION_CLOSED && !escalation_lapsed(e, now) && same_matter(e, incident))
			return e;
	}
	return NULL;
}

const struct escalation *escalation_open(const struct calls *c, asn_t asn, const char *incident, int64_t now)
{
	return find_open(c, asn, "", incident, now);
}

const struct escalation *escalation_open_at(const struct calls *c, const char *venue, const char *incident, int64_t now)
{
	return find_open(c, ASN_UNKNOWN, venue, incident, now);
}

static const struct escalation *newest_of(const struct calls *c, asn_t asn, const char *venue)
{
	const struct escalation *newest = NULL;

	for (size_t i = escalation_count(c); i-- > 0;) {
		const struct escalation *e = &c->escalations[i];

		if (!is_of(e, asn, venue))
			continue;
		if (e->state != ESCALATION_CLOSED)
			return e;
		if (newest == NULL)
			newest = e;
	}
	return newest;
}

const struct escalation *escalation_of(const struct calls *c, asn_t asn)
{
	return newest_of(c, asn, "");
}

const struct escalation *escalation_of_venue(const struct calls *c, const char *venue)
{
	return newest_of(c, ASN_UNKNOWN, venue);
}

const char *call_subject(asn_t asn, struct text venue, char out[CALL_SUBJECT_LEN])
{
	if (!text_empty(venue))
		snprintf(out, CALL_SUBJECT_LEN, "%s", venue.s);
	else if (asn == ASN_UNKNOWN)
		snprintf(out, CALL_SUBJECT_LEN, "our escalation");
	else
		snprintf(out, CALL_SUBJECT_LEN, "AS%u", asn);
	return out;
}

static struct text keep(struct calls *c, struct text t)
{
	return (struct text){ arena_strdup(c->arena, text_or(t, "")) };
}

static struct call copy(struct calls *c, const struct call *from)
{
	struct call to = *from;
	struct text *const texts[] = { &to.who, &to.venue, &to.router, &to.vrf, &to.neighbor, &to.incident, &to.role, &to.contact, &to.way,
		&to.by, &to.ticket, &to.note };

	for (size_t i = 0; i < ARRAY_LEN(texts); i++)
		*texts[i] = keep(c, *texts[i]);
	return to;
}

static size_t join(struct calls *c, const struct call *call)
{
	const struct escalation *e = find_open(c, call->asn, call->venue.s, call->incident.s, call->wall_ms);

	if (e != NULL)
		return (size_t)(e - c->escalations);
	MEM_GROW(c->escalations, c->escalation_cap, c->escalation_count + 1);
	c->escalations[c->escalation_count] = (struct escalation){ .asn = call->asn, .venue = call->venue, .incident = call->incident,
		.first = c->count, .opened_wall_ms = call->wall_ms, .acked_by = TEXT_LIT(""), .acked_wall_ms = -1 };
	return c->escalation_count++;
}

void calls_add(struct calls *c, const struct call *from)
{
	struct call call = copy(c, from);
	struct escalation *e;

	call.escalation = join(c, &call);
	e = &c->escalations[call.escalation];
	if (text_empty(e->incident)) /* begun before anybody knew what it belongs to */
		e->incident = call.incident;
	MEM_GROW(c->calls, c->cap, c->count + 1);
	e->last = c->count;
	e->count++;
	if (call.wall_ms > e->last_wall_ms)
		e->last_wall_ms = call.wall_ms;
	if (call.outcome == CALL_ACK) {
		e->state = ESCALATION_ACKED;
		e->acked_by = call.by;
		e->acked_wall_ms = call.ack_wall_ms > 0 ? call.ack_wall_ms : call.wall_ms;
	} else if (call.outcome == CALL_CLOSED) {
		e->state = ESCALATION_CLOSED;
	}
	c->calls[c->count++] = call;
}

const struct call *escalation_call(const struct calls *c, const struct escalation *e, size_t n)
{
	size_t which = (size_t)(e - c->escalations);

	for (size_t i = e->first; i < c->count; i++)
		if (c->calls[i].escalation == which && n-- == 0)
			return &c->calls[i];
	return NULL;
}

const struct call *escalation_dialling(const struct calls *c, const struct escalation *e, int64_t now)
{
	size_t which = e != NULL ? (size_t)(e - c->escalations) : 0;

	for (size_t i = calls_count(c); e != NULL && e->state != ESCALATION_CLOSED && i-- > e->first;) {
		const struct call *call = &c->calls[i];
		bool over = false;

		if (call->escalation != which || call->outcome != CALL_DIALLING || now - call->wall_ms > DIAL_MS)
			continue;
		for (size_t k = i + 1; k < c->count; k++) /* what the same hand wrote later is the result */
			over = over || (c->calls[k].escalation == which && text_same(c->calls[k].who, call->who));
		if (!over)
			return call;
	}
	return NULL;
}

int64_t escalation_due_ms(const struct calls *c, const struct escalation *e, int64_t step_ms)
{
	size_t which = (size_t)(e - c->escalations);

	if (e->state != ESCALATION_OPEN)
		return -1;
	for (size_t i = c->count; i-- > e->first;)
		if (c->calls[i].escalation == which)
			return c->calls[i].wall_ms + step_ms;
	return -1;
}

bool call_proves(const struct call *call)
{
	return call->outcome == CALL_ACK || call->outcome == CALL_REFUSED || call->outcome == CALL_MESSAGE;
}

const struct call *calls_proof(const struct calls *c, asn_t asn, const char *way)
{
	for (size_t i = calls_count(c); i-- > 0;) {
		const struct call *call = &c->calls[i];

		if (call->asn == asn && (call_proves(call) || call->outcome == CALL_WRONG) && strcmp(call->way.s, way) == 0)
			return call;
	}
	return NULL;
}
