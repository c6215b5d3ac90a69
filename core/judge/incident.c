/* Incidents out of events: formed, settled, closed; see incident.h. */
#include "core/base/clock.h"
#include "core/base/mem.h"
#include "core/judge/incident_priv.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LOOK_MS = 1000 }; /* who is back is looked at so often at most */

const struct incident_rules incident_defaults = { .window_ms = 120000, .quiet_ms = 600000, .kept = 500 };

/* ---- the set ---- */

struct incidents *incidents_new(const struct incident_rules *rules)
{
	struct incidents *s = MEM_NEW(struct incidents);

	s->rules = *rules;
	s->loose = MEM_NEW(struct incident);
	s->salt = rules->salt;
	s->looking = SIZE_MAX;
	str_init(&s->told_members, 0);
	return s;
}

void incident_free(struct incident *i)
{
	free(i->members);
	free(i->notes);
	free(i);
}

void incidents_free(struct incidents *s)
{
	if (s == NULL)
		return;
	for (size_t i = 0; i < s->count; i++)
		incident_free(s->all[i]);
	incidents_stop_forming(s);
	incident_free(s->loose);
	incident_places_free(s);
	incident_gone_free(s);
	str_fini(&s->told_members);
	free(s->all);
	free(s);
}

void incident_touch(struct incidents *s, struct incident *i)
{
	i->revision++;
	s->revision++;
}

void incident_id_new(int64_t wall_ms, unsigned salt, char out[INCIDENT_ID_LEN])
{
	char iso[CLOCK_ISO_LEN];

	clock_iso(wall_ms, iso); /* 2026-11-20T03:12:45Z */
	snprintf(out, INCIDENT_ID_LEN, "I-%.4s%.2s%.2s-%.2s%.2s-%05x", iso, iso + 5, iso + 8, iso + 11, iso + 14,
	    salt & 0xfffff);
}

struct incident *incident_add(struct incidents *s, enum group_by by, const char *key, int64_t wall_ms)
{
	struct incident *i = MEM_NEW(struct incident);

	MEM_GROW(s->all, s->cap, s->count + 1);
	s->all[s->count++] = i;
	i->by = by;
	snprintf(i->key, sizeof(i->key), "%s", key);
	i->opened_wall_ms = i->changed_wall_ms = wall_ms;
	incident_id_new(wall_ms, s->salt++, i->id);
	incident_touch(s, i);
	return i;
}

void incident_drop(struct incidents *s, struct incident *i)
{
	for (size_t k = 0; k < s->count; k++)
		if (s->all[k] == i) {
			memmove(&s->all[k], &s->all[k + 1], (s->count - k - 1) * sizeof(*s->all));
			s->count--;
			break;
		}
	incident_free(i);
	s->revision++;
}

struct incident *incident_named(struct incidents *s, const char *id)
{
	for (size_t k = 0; k < s->count; k++)
		if (strcmp(s->all[k]->id, id) == 0)
			return s->all[k];
	return NULL;
}

struct incident_member *incident_member_add(struct incidents *s, struct incident *i, const struct incident_member *m)
{
	MEM_GROW(i->members, i->cap, i->count + 1);
	i->members[i->count] = *m;
	incident_place_put(s, i, i->count);
	return &i->members[i->count++];
}

void incident_recount(struct incident *i)
{
	i->down = 0;
	for (size_t k = 0; k < i->count; k++)
		i->down += !i->members[k].back;
}

/* ---- taking events ---- */

static bool we_hold(const struct world *w, const struct event *ev)
{
	for (size_t i = 0; i < w->ledger_count; i++) {
		const struct ledger_line *l = &w->ledger[i];

		if (strcmp(text_or(l->verb, ""), "suspend") == 0 && strcmp(text_or(l->router, ""), ev->router) == 0 &&
		    strcmp(text_or(l->neighbor, ""), ev->neighbor) == 0 && strcmp(text_or(l->vrf, ""), ev->vrf) == 0)
			return true;
	}
	return false;
}

static bool is_transition(const struct event *ev, enum incident_what *what)
{
	switch (ev->kind) {
	case EVENT_DOWN:
		*what = INCIDENT_DOWN;
		return true;
	case EVENT_LIMIT_TRIPPED:
		*what = INCIDENT_TRIPPED;
		return true;
	case EVENT_ROUTER_LOST:
	case EVENT_HOSTKEY:
		*what = INCIDENT_LOST;
		return true;
	case EVENT_PREFIX_JUMP:
		*what = INCIDENT_PREFIXES;
		return ev->severity >= SEV_WARN;
	default:
		return false;
	}
}

static struct incident_member member_of(const struct event *ev, enum incident_what what)
{
	struct incident_member m = { .what = what, .asn = ev->remote_as, .drops = 1, .since_wall_ms = ev->wall_ms,
		.before = ev->before, .of_accepted = ev->of_accepted, .family = ev->family, .local = ev->local };

	snprintf(m.router, sizeof(m.router), "%s", ev->router);
	snprintf(m.vrf, sizeof(m.vrf), "%s", ev->vrf);
	snprintf(m.neighbor, sizeof(m.neighbor), "%s", ev->neighbor);
	snprintf(m.words, sizeof(m.words), "%s", ev->words);
	return m;
}

/* A neighbor that is in an open incident stays in it: also the second family, and the tenth flap. */
static void again(struct incidents *s, struct incident *in, struct incident_member *m, const struct event *ev,
    enum incident_what what, int64_t now_boot_ms)
{
	if (m->back) {
		m->drops++;
		in->down++;
	}
	if (what == INCIDENT_PREFIXES && (m->back || m->before == COUNT_UNKNOWN)) {
		m->before = ev->before; /* of a loss in steps the first */
		m->of_accepted = ev->of_accepted;
		m->family = ev->family;
	}
	m->back = false;
	m->back_wall_ms = 0;
	m->what = what < m->what ? what : m->what;
	snprintf(m->words, sizeof(m->words), "%s", ev->words);
	in->changed_wall_ms = ev->wall_ms > in->changed_wall_ms ? ev->wall_ms : in->changed_wall_ms;
	in->changed_boot_ms = now_boot_ms;
	in->quiet_wall_ms = 0;
	incident_touch(s, in);
}

static void take_transition(struct incidents *s, const struct event *ev, enum incident_what what, int64_t now_boot_ms)
{
	struct incident *in = NULL;
	struct incident_member *m = incident_place_find(s, ev->router, ev->vrf, ev->neighbor, &in), fresh;

	if (m != NULL) {
		again(s, in, m, ev, what, now_boot_ms);
		return;
	}
	fresh = member_of(ev, what);
	if (what == INCIDENT_LOST) {
		in = incident_add(s, GROUP_ROUTER, ev->router, ev->wall_ms);
		in->whole = 1;
	} else {
		in = s->loose;
		s->dirty = true;
	}
	in->changed_wall_ms = ev->wall_ms;
	in->changed_boot_ms = now_boot_ms;
	incident_member_add(s, in, &fresh);
	in->down++;
}

static void router_is_back(struct incidents *s, const struct event *ev)
{
	struct incident *in = NULL;
	struct incident_member *m = incident_place_find(s, ev->router, "", "", &in);

	if (m == NULL || m->back)
		return;
	m->back = true;
	m->back_wall_ms = ev->wall_ms;
	incident_recount(in);
	incident_touch(s, in);
}

void incidents_event(struct incidents *s, const struct world *w, const struct event *ev)
{
	enum incident_what what;

	if (ev->kind == EVENT_ROUTER_BACK)
		router_is_back(s, ev);
	else if (is_transition(ev, &what) && !(ev->neighbor[0] != '\0' && we_hold(w, ev)))
		take_transition(s, ev, what, w->now_boot_ms);
}

/* ---- who is back ---- */

static bool restored(const struct incident_member *m, const struct world_session *r, bool up)
{
	const struct session *s = r->s;
	count_t now = !m->of_accepted && s->received != COUNT_UNKNOWN ? s->received : s->accepted;

	if (r->stale || !up)
		return false;
	return m->before == COUNT_UNKNOWN || now * 10 >= m->before * 9;
}

/* The family whose prefixes were lost; families of a neighbor follow each other. */
static const struct world_session *row_of(const struct scene *sc, size_t i, enum afi_safi family)
{
	const struct world_session *end = sc->sessions + sc->session_count;

	for (const struct world_session *r = sc->rows[i]; r < end && scene_same_neighbor(r, sc->rows[i]); r++)
		if (r->s->family == family)
			return r;
	return sc->rows[i];
}

static void look_at(struct incidents *s, const struct world *w, const struct scene *sc, size_t i)
{
	const struct group_item *it = &sc->items[i];
	struct incident *in = NULL;
	struct incident_member *m = incident_place_find(s, it->router, it->vrf, it->neighbor, &in);
	bool back;

	if (m == NULL)
		return;
	back = restored(m, row_of(sc, i, m->family), sc->up[i]) || sc->rows[i]->s->admin_down == TRI_YES;
	if (back == m->back)
		return;
	m->back = back;
	m->back_wall_ms = back ? w->now_wall_ms : 0;
	in->down = back ? in->down - 1 : in->down + 1;
	incident_touch(s, in);
}

/* Router by router, so many neighbors at once; a round begins once in LOOK_MS at most. */
static void look_at_members(struct incidents *s, const struct world *w)
{
	size_t n = 0;

	for (; s->looking < w->router_count && n < SCENE_BIG; s->looking++) {
		struct world one = *w;
		struct scene sc = { 0 };

		one.routers = &w->routers[s->looking];
		one.router_count = 1;
		scene_init(&sc, &one);
		for (size_t i = 0; i < sc.count; i++)
			look_at(s, w, &sc, i);
		n += sc.count;
		scene_fini(&sc);
	}
	if (s->looking >= w->router_count)
		s->looking = SIZE_MAX;
}

bool incidents_busy(const struct incidents *s)
{
	return s->under_way != NULL || s->looking != SIZE_MAX;
}

void incident_close(struct incidents *s, struct incident *i, const char *who, const char *words, int64_t wall_ms)
{
	i->closed_wall_ms = wall_ms;
	snprintf(i->closed_by, sizeof(i->closed_by), "%s", who);
	snprintf(i->closed_words, sizeof(i->closed_words), "%s", words);
	incident_touch(s, i);
	incident_places_remove(s, i);
}

static void close_quiet(struct incidents *s, struct incident *i, const struct world *w)
{
	char span[CLOCK_SPAN_LEN], words[160];
	int64_t lasted_s = (i->quiet_wall_ms - i->opened_wall_ms) / 1000;

	snprintf(words, sizeof(words), "all back after %s, quiet since", clock_span(lasted_s > 0 ? lasted_s : 0, span));
	incident_close(s, i, "", words, w->now_wall_ms);
}

static void settle(struct incidents *s, const struct world *w)
{
	for (size_t k = 0; k < s->count; k++) {
		struct incident *i = s->all[k];

		if (!incident_is_open(i))
			continue;
		if (!i->settled && w->now_boot_ms - i->changed_boot_ms >= s->rules.window_ms) {
			i->settled = true;
			incident_touch(s, i);
		}
		if (i->down > 0)
			i->quiet_wall_ms = 0;
		else if (i->quiet_wall_ms == 0)
			i->quiet_wall_ms = w->now_wall_ms, i->quiet_boot_ms = w->now_boot_ms;
		if (i->settled && i->quiet_wall_ms != 0 && w->now_boot_ms - i->quiet_boot_ms >= s->rules.quiet_ms)
			close_quiet(s, i, w);
	}
}

static void forget_old(struct incidents *s)
{
	size_t closed = 0;

	for (size_t i = 0; i < s->count; i++)
		closed += !incident_is_open(s->all[i]);
	for (size_t i = 0; i < s->count && closed > s->rules.kept;) {
		if (incident_is_open(s->all[i])) {
			i++;
			continue;
		}
		incident_drop(s, s->all[i]);
		closed--;
	}
}

void incidents_follow(struct incidents *s, const struct world *w)
{
	uint64_t revision = world_revision(w);

	s->now_boot_ms = w->now_boot_ms;
	incidents_form(s, w);
	if (incidents_open(s, NULL) == 0) {
		s->looking = SIZE_MAX;
		return;
	}
	if (s->looking == SIZE_MAX && revision != s->seen_world && w->now_wall_ms - s->looked_wall_ms >= LOOK_MS) {
		s->looking = 0;
		s->seen_world = revision;
		s->looked_wall_ms = w->now_wall_ms;
	}
	if (s->looking != SIZE_MAX)
		look_at_members(s, w);
	settle(s, w);
	forget_old(s);
}

/* ---- reading ---- */

size_t incidents_count(const struct incidents *s)
{
	return s->count;
}

const struct incident *incidents_at(const struct incidents *s, size_t i)
{
	return i < s->count ? s->all[s->count - 1 - i] : NULL;
}

const struct incident *incidents_find(const struct incidents *s, const char *id)
{
	return incident_named((struct incidents *)s, id);
}

const struct incident *incidents_of(const struct incidents *s, const char *router, const char *vrf,
    const char *neighbor)
{
	struct incident *in = NULL;

	return incident_place_find(s, router, vrf, neighbor, &in) != NULL ? in : NULL;
}

size_t incidents_open(const struct incidents *s, size_t *unacked)
{
	size_t n = 0, fresh = 0;

	for (size_t i = 0; i < s->count; i++) {
		n += incident_is_open(s->all[i]);
		fresh += incident_is_open(s->all[i]) && s->all[i]->acked_wall_ms == 0;
	}
	if (unacked != NULL)
		*unacked = fresh;
	return n;
}

uint64_t incidents_revision(const struct incidents *s)
{
	return s->revision;
}
