/* One incident: what is shared, whom to call, who is down and who is back, what was noted. */
#include "core/base/clock.h"
#include "core/judge/venue.h"
#include "core/judge/why.h"
#include "tui/view.h"

#include <stdio.h>
#include <string.h>

/* The one that the cursor is on in the list, else the one that the selected session is in. */
static const struct incident *incident_here(const struct view_ctx *cx)
{
	if (cx->w->incidents == NULL)
		return NULL;
	const char *id = cx->focus->incident;
	const struct incident *i = id[0] != '\0' && cx->w->incidents != NULL ? incidents_find(cx->w->incidents, id) : NULL;

	if (i != NULL)
		return i;
	if (id[0] != '\0' && cx->w->incidents != NULL)
		return incidents_now(cx->w->incidents, id);
	return incidents_of(cx->w->incidents, cx->focus->router, cx->focus->vrf, cx->focus->neighbor);
}

/* Who comes next on the network's or the place's ladder, which c shows in whole. */
static void add_first_rung(const struct view_ctx *cx, const struct incident *i, const struct venue *v, asn_t asn, struct page *p)
{
	struct arena *a = arena_new();
	char words[VENUE_WORDS_LEN];
	struct ladder l;
	size_t next;

	if (v->kind != VENUE_NONE)
		ladder_of_venue(a, cx->w, v, &l);
	else
		ladder_of_world(a, cx->w, asn, NULL, &l);
	next = ladder_next(&l, cx->w->calls, v->kind != VENUE_NONE ? escalation_open_at(cx->w->calls, venue_words(v, words), i->id,
	    cx->w->now_wall_ms) : view_escalation(cx));
	if (v->kind != VENUE_NONE && *venue_ladder_words(&l, v) != '\0')
		page_line(p, ROLE_WARN, "%s", venue_ladder_words(&l, v));
	if (next < l.count)
		page_field(p, "call", ROLE_ACCENT, "%zu. %s  %s  %s", next + 1, text_or(l.rungs[next].role, "contact"),
		    text_or(l.rungs[next].phone, ""), text_or(l.rungs[next].email, ""));
	arena_free(a);
}

/* Whom all of them share: the exchange's people, or the network's. */
static void add_call(const struct view_ctx *cx, const struct incident *i, struct page *p)
{
	const struct peer *peer = i->count > 0 ? peer_set_find(cx->w->peers, i->members[0].asn) : NULL;
	char words[VENUE_WORDS_LEN];
	struct venue v;

	venue_of_incident(cx->w, i, &v);
	if (v.kind != VENUE_NONE) {
		const struct exchange *x = venue_exchange(cx->w->peers, &v);
		const struct facility *f = venue_facility(cx->w->peers, &v);
		struct text status = x != NULL ? x->status_dashboard : f != NULL ? f->status_dashboard : (struct text){ NULL };

		page_field(p, "place", ROLE_NORMAL, "%s", venue_words(&v, words));
		add_first_rung(cx, i, &v, ASN_UNKNOWN, p);
		if (!text_empty(status))
			page_field(p, "status page", ROLE_ACCENT, "%s", status.s);
	} else if (i->by == GROUP_LAN) {
		page_field(p, "call", ROLE_DIM, "who runs this LAN is not known here: PeeringDB does not tell");
	} else if (i->count > 0 && i->members[0].asn != ASN_UNKNOWN && (i->by == GROUP_ASN || i->by == GROUP_NONE)) {
		page_field(p, "network", ROLE_NORMAL, "AS%u %s", i->members[0].asn, network_name(peer));
		add_first_rung(cx, i, &v, i->members[0].asn, p);
		if (peer != NULL && !text_empty(peer->status_dashboard))
			page_field(p, "status page", ROLE_ACCENT, "%s", peer->status_dashboard.s);
	}
}

static void add_times(const struct view_ctx *cx, const struct incident *i, struct page *p)
{
	int64_t end = i->closed_wall_ms != 0 ? i->closed_wall_ms : cx->w->now_wall_ms;
	char iso[CLOCK_ISO_LEN], span[CLOCK_SPAN_LEN];

	page_field(p, "since", ROLE_NORMAL, "%s, %s%s", clock_iso(i->opened_wall_ms, iso),
	    clock_span((end - i->opened_wall_ms) / 1000, span), i->settled ? "" : "; more may come");
	if (i->acked_wall_ms != 0)
		page_field(p, "seen by", ROLE_NORMAL, "%s %s", i->acked_by, clock_iso(i->acked_wall_ms, iso));
	else if (i->closed_wall_ms == 0)
		page_field(p, "seen by", ROLE_ALARM, "nobody yet");
	if (i->owner[0] != '\0')
		page_field(p, "owner", ROLE_NORMAL, "%s", i->owner);
	if (i->closed_wall_ms != 0)
		page_field(p, "closed", ROLE_DIM, "%s%s%s: %s", clock_iso(i->closed_wall_ms, iso),
		    i->closed_by[0] ? " by " : "", i->closed_by, i->closed_words);
}

static const struct world_session *session_of(const struct view_ctx *cx, const struct incident_member *m)
{
	for (size_t i = 0; i < cx->session_count; i++) {
		const struct world_session *r = &cx->sessions[i];

		if (strcmp(r->router->conf->name, m->router) == 0 && strcmp(text_or(r->s->neighbor, ""), m->neighbor) == 0 &&
		    strcmp(text_or(r->s->vrf, ""), m->vrf) == 0)
			return r;
	}
	return NULL;
}

static void add_member(const struct view_ctx *cx, const struct incident_member *m, struct page *p)
{
	const struct world_session *r = session_of(cx, m);
	const char *name = network_name(peer_set_find(cx->w->peers, m->asn));
	bool shut = m->back && r != NULL && r->s->admin_down == TRI_YES;
	char where[200];
	struct str words;

	snprintf(where, sizeof(where), "%s %s%s%s", m->router, m->vrf, m->vrf[0] ? "/" : "", m->neighbor);
	str_init(&words, 0);
	if (r != NULL && !m->back) {
		const struct why_past past = why_past_of(cx->w, r);
		const struct why y = why_find(r, &past);

		why_words(r, &y, &words);
		why_often_words(&y, &words);
	}
	if (shut) /* nobody waits for it, but it is not up */
		str_puts(&words, "shut on our router since then");
	if (words.len == 0)
		str_puts(&words, m->back ? "back" : m->words);
	if (m->back && m->drops > 1)
		str_addf(&words, ", fell %u times", m->drops);
	page_line(p, shut ? ROLE_ADMIN : m->back ? ROLE_GOOD : ROLE_BAD, "%s %s %s%s%s",
	    shut ? cx->g->admin : m->back ? cx->g->up : cx->g->down, where,
	    name[0] ? name : "", name[0] ? ": " : "", words.p);
	str_fini(&words);
}

/* How those that are not back ended, most first: forty sentences are one or two causes. */
static void add_causes(const struct view_ctx *cx, const struct incident *i, struct page *p)
{
	size_t count[WHY_HOWS] = { 0 }, told = 0;
	struct str words;

	for (size_t k = 0; i->count > 1 && k < i->count; k++) {
		const struct world_session *r = i->members[k].back ? NULL : session_of(cx, &i->members[k]);

		if (r != NULL) {
			const struct why_past past = why_past_of(cx->w, r);

			count[why_find(r, &past).how]++;
		}
	}
	str_init(&words, 0);
	for (;;) {
		size_t most = 0;

		for (size_t h = 1; h < WHY_HOWS; h++)
			most = count[h] > count[most] ? h : most;
		if (count[most] == 0)
			break;
		str_addf(&words, "%s%zu %s", told++ > 0 ? ", " : "", count[most], why_how_word((enum why_how)most));
		count[most] = 0;
	}
	if (told > 0)
		page_field(p, "how", ROLE_NORMAL, "%s", words.p);
	str_fini(&words);
}

/* What is down elsewhere now, so that nobody takes the group for the whole. */
static void add_others(const struct view_ctx *cx, const struct incident *i, struct page *p)
{
	size_t others = 0;

	for (size_t k = 0; k < incidents_count(cx->w->incidents); k++) {
		const struct incident *o = incidents_at(cx->w->incidents, k);

		if (o != i && o->closed_wall_ms == 0)
			others += o->down;
	}
	if (i->closed_wall_ms == 0)
		page_line(p, ROLE_DIM, others == 0 ? "nothing else fell that this does not explain" :
		    "%zu more down that this does not explain: in other incidents (0)", others);
}

/* Whom somebody called about it, and what came of it. */
static void add_calls(const struct view_ctx *cx, const struct incident *i, struct page *p)
{
	bool any = false;
	char iso[CLOCK_ISO_LEN], subject[CALL_SUBJECT_LEN];

	for (size_t k = 0; k < calls_count(cx->w->calls); k++) {
		const struct call *c = calls_at(cx->w->calls, k);

		if (text_empty(c->incident) || incidents_now(cx->w->incidents, c->incident.s) != i)
			continue;
		if (!any)
			page_head(p, "Calls");
		any = true;
		page_field(p, text_or(c->who, "?"), c->outcome == CALL_ACK ? ROLE_GOOD : ROLE_NORMAL, "%.8sZ %s %s: %s%s%s%s%s%s%s",
		    clock_iso(c->wall_ms, iso) + 11, call_subject(c->asn, c->venue, subject), call_outcome_words(c->outcome), text_or(c->role, ""),
		    text_empty(c->way) ? "" : " ", text_or(c->way, ""), text_empty(c->by) ? "" : ", by ", text_or(c->by, ""),
		    text_empty(c->ticket) ? "" : ", ticket ", text_or(c->ticket, ""));
	}
}

/* Of a router that cannot be read nobody knows whether its sessions stand. */
static void add_unread(const struct view_ctx *cx, const struct incident *i, struct page *p)
{
	size_t up = 0, all = 0;

	if (i->count == 0 || i->members[0].what != INCIDENT_LOST || i->down == 0)
		return;
	for (size_t k = 0; k < cx->session_count; k++) {
		const struct world_session *r = &cx->sessions[k];

		if (strcmp(r->router->conf->name, i->members[0].router) != 0)
			continue;
		all++;
		up += r->s->state == BGP_ESTABLISHED;
	}
	if (all > 0)
		page_line(p, ROLE_STALE, "its sessions are not known: %zu of %zu were up when last read", up, all);
}

static void incident_page(const struct view_ctx *cx, struct page *p)
{
	const struct incident *i = incident_here(cx);
	char iso[CLOCK_ISO_LEN];
	struct str words;

	if (i == NULL) {
		page_line(p, ROLE_DIM, "the selected session is in no open incident");
		return;
	}
	str_init(&words, 0);
	incident_words(i, &words);
	page_head(p, i->name[0] ? i->name : i->id);
	page_line(p, i->down > 0 ? ROLE_BAD : ROLE_NORMAL, "%s", words.p);
	str_fini(&words);
	add_times(cx, i, p);
	add_causes(cx, i, p);
	add_unread(cx, i, p);
	add_call(cx, i, p);
	if (i->note_count > 0)
		page_head(p, "Notes");
	for (size_t k = 0; k < i->note_count; k++)
		page_field(p, i->notes[k].who, ROLE_NORMAL, "%.8sZ %s", clock_iso(i->notes[k].wall_ms, iso) + 11,
		    i->notes[k].words);
	add_calls(cx, i, p);
	page_head(p, "Sessions");
	for (int back = 0; back <= 1; back++)
		for (size_t k = 0; k < i->count; k++)
			if (i->members[k].back == (back == 1))
				add_member(cx, &i->members[k], p);
	add_others(cx, i, p);
}

const struct view view_incident = {
	.name = "incident", .title = "Incident", .about = "one incident: what is shared, whom to call, who is back",
	.page = incident_page,
};
