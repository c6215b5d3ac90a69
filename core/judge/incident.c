/* Incidents out of events: formed, settled, closed; see incident.h. */
#include "core/base/clock.h"
#include "core/base/mem.h"
#include "core/judge/incident_priv.h"
#include "core/model/pin.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
	LOOK_MS = 1000,   /* who is back is looked at so often at most */
	SCENE_BIG = 2000, /* neighbors: with more, what falls is formed anew once in LOOK_MS and not with each event */
};

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

static void incident_free(struct incident *i)
{
	free(i->members);
	free(i->notes);
	free(i);
}

static void incidents_stop_forming(struct incidents *s);

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
		.before = ev->before, .of_accepted = ev->of_accepted, .family = ev->family };

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

/* ---- forming ---- */

/* The world as neighbors, with what they share. */
struct scene {
	struct group_item *items;
	const struct world_session **rows; /* one family of each */
	bool *up;                          /* all families Established */
	bool *counts;                      /* one of those that could fall */
	struct world_session *sessions;
	size_t count, session_count;
	struct arena *arena;
};

static bool same_neighbor(const struct world_session *a, const struct world_session *b)
{
	return a->router == b->router && text_same(a->s->vrf, b->s->vrf) && text_same(a->s->neighbor, b->s->neighbor);
}

static struct group_item item_of(struct arena *a, const struct world_session *r)
{
	char local[ADDR_STRLEN] = "";

	if (r->s->local.family != ADDR_NONE)
		addr_print(&r->s->local, local);
	return (struct group_item){
		.router = r->router->conf->name,
		.vrf = text_or(r->s->vrf, ""),
		.neighbor = text_or(r->s->neighbor, ""),
		.asn = r->s->remote_as,
		.exchange = r->exchange != NULL ? text_or(r->exchange->name, "") :
		    r->router->conf->exchange != NULL ? r->router->conf->exchange : "",
		.interface = local[0] != '\0' ? arena_printf(a, "%s %s", r->router->conf->name, local) : "",
		.facility = r->router->conf->facility != NULL ? r->router->conf->facility : "",
	};
}

/* What is down because somebody wants it so is no part of any whole, even while it is not yet down. */
static bool counts(const struct world_session *r)
{
	return r->s->admin_down != TRI_YES && r->held == NULL;
}

static void scene_init(struct scene *sc, const struct world *w)
{
	size_t n = world_sessions(w, &sc->sessions);

	sc->session_count = n;
	sc->arena = arena_new();
	sc->items = mem_calloc(n + 1, sizeof(*sc->items));
	sc->rows = mem_calloc(n + 1, sizeof(*sc->rows));
	sc->up = mem_calloc(n + 1, sizeof(*sc->up));
	sc->counts = mem_calloc(n + 1, sizeof(*sc->counts));
	for (size_t i = 0; i < n; i++) {
		const struct world_session *r = &sc->sessions[i];

		if (sc->count > 0 && same_neighbor(sc->rows[sc->count - 1], r)) {
			sc->up[sc->count - 1] = sc->up[sc->count - 1] && r->s->state == BGP_ESTABLISHED;
			continue;
		}
		sc->rows[sc->count] = r;
		sc->items[sc->count] = item_of(sc->arena, r);
		sc->counts[sc->count] = counts(r);
		sc->up[sc->count++] = r->s->state == BGP_ESTABLISHED;
	}
}

static void scene_fini(struct scene *sc)
{
	free(sc->items);
	free(sc->rows);
	free(sc->up);
	free(sc->counts);
	free(sc->sessions);
	arena_free(sc->arena);
}

static bool is_forming(const struct incident *i)
{
	return incident_is_open(i) && !i->settled && !(i->count > 0 && i->members[0].what == INCIDENT_LOST);
}

/* Sessions that fell and sessions that stand without their prefixes have not the same cause. */
static bool is_of_kind(const struct incident *i, bool lost)
{
	return i->count == 0 || (i->members[0].what == INCIDENT_PREFIXES) == lost;
}

/* Which open incident a group goes on in: one that stands for the same thing, or that holds the first of its members. */
static struct incident *goes_on(struct incidents *s, const struct group *g, bool lost, struct incident *former)
{
	for (size_t i = 0; g->by != GROUP_NONE && i < s->count; i++)
		if (incident_is_open(s->all[i]) && is_of_kind(s->all[i], lost) && s->all[i]->by == g->by &&
		    strcmp(s->all[i]->key, g->key) == 0 && (g->by != GROUP_ROUTER || !(s->all[i]->count > 0 && s->all[i]->members[0].what == INCIDENT_LOST)))
			return s->all[i];
	return former != s->loose && is_forming(former) && is_of_kind(former, lost) && former->formed != s->forming ? former : NULL;
}

/* Moves one member over to where it belongs now. */
static void move_member(struct incidents *s, struct incident *from, size_t at, struct incident *to)
{
	struct incident_member m = from->members[at];

	if (from == to)
		return;
	if (m.since_wall_ms < to->opened_wall_ms)
		to->opened_wall_ms = m.since_wall_ms;
	if (from->changed_wall_ms > to->changed_wall_ms)
		to->changed_wall_ms = from->changed_wall_ms;
	if (from->changed_boot_ms > to->changed_boot_ms)
		to->changed_boot_ms = from->changed_boot_ms;
	from->members[at].router[0] = '\0'; /* swept afterwards */
	if (from != s->loose)
		snprintf(from->became, sizeof(from->became), "%s", to->id);
	incident_member_add(s, to, &m);
	to->quiet_wall_ms = 0;
	incident_touch(s, to);
}

static void drop_moved(struct incidents *s, struct incident *in)
{
	size_t kept = 0, was = in->count;

	for (size_t k = 0; k < was; k++) {
		if (in->members[k].router[0] == '\0')
			continue;
		if (kept != k)
			in->members[kept] = in->members[k];
		in->count = ++kept;
		if (kept - 1 != k)
			incident_place_put(s, in, kept - 1);
	}
	in->count = kept;
	incident_recount(in);
}

/* What the world does not show any more shares nothing that we know. */
static void place_the_rest(struct incidents *s)
{
	for (size_t k = 0; k < s->loose->count; k++) {
		struct incident_member m = s->loose->members[k];
		struct incident *in;
		char key[GROUP_KEY_LEN];
		const struct group_item item = { .router = m.router, .vrf = m.vrf, .neighbor = m.neighbor };

		group_key(&item, GROUP_NONE, key);
		in = incident_add(s, GROUP_NONE, key, m.since_wall_ms);
		in->changed_boot_ms = s->loose->changed_boot_ms;
		in->whole = 1;
		incident_member_add(s, in, &m);
		incident_recount(in);
	}
	s->loose->count = 0;
}

static void sweep(struct incidents *s)
{
	size_t kept = 0;

	drop_moved(s, s->loose);
	place_the_rest(s);
	for (size_t i = 0; i < s->count; i++) {
		struct incident *in = s->all[i];

		if (incident_is_open(in))
			drop_moved(s, in);
		if (incident_is_open(in) && in->count == 0) {
			incident_became(s, in->id, in->became);
			incident_free(in);
		} else {
			s->all[kept++] = in;
		}
	}
	s->count = kept;
}

/* The forming that is under way: of a big world a step at a time, over what it was when it began. */
struct forming {
	struct pin *pin;
	struct scene sc;
	size_t marked, kept; /* neighbors gone through, and those that are grouped */
	struct group *groups;
	size_t group_count, formed;
	size_t fallen_count; /* of the groups: of sessions that fell; the others lost their prefixes */
	struct chains {      /* the fallen items of each group, one after another: first[group], then next[item], `none` */
		size_t *first, *next;
	} chains;
};
static const size_t none = (size_t)-1;

/* Marks what fell among the next `most` neighbors. */
static void mark_fallen(struct incidents *s, struct forming *f, size_t most)
{
	struct scene *sc = &f->sc;

	for (size_t n = 0; n < most && f->marked < sc->count; n++, f->marked++) {
		struct incident *in = NULL;
		struct group_item it = sc->items[f->marked];
		const struct incident_member *m = incident_place_find(s, it.router, it.vrf, it.neighbor, &in);

		it.fell = m != NULL && (in == s->loose || is_forming(in));
		it.lost = it.fell && m->what == INCIDENT_PREFIXES;
		if (!it.fell && (!sc->counts[f->marked] || !sc->up[f->marked]))
			continue; /* what was down before cannot fall: it would hide that all the others did */
		sc->items[f->kept++] = it;
	}
}

/* Those of one kind among all; what is of the other counts as standing. */
static size_t group_kind(struct forming *f, bool lost, struct group **groups)
{
	struct group_item *items = f->sc.items;
	struct { bool other; size_t group; } *was = mem_calloc(f->kept + 1, sizeof(*was));
	size_t n = 0;

	for (size_t i = 0; i < f->kept; i++)
		n += items[i].fell && items[i].lost == lost;
	if (n == 0)
		goto out;
	for (size_t i = 0; i < f->kept; i++) {
		was[i].other = items[i].fell && items[i].lost != lost;
		was[i].group = items[i].group;
		items[i].fell = items[i].fell && !was[i].other;
	}
	n = group_fallen(items, f->kept, groups);
	for (size_t i = 0; i < f->kept; i++) {
		if (items[i].fell && lost)
			items[i].group += f->fallen_count;
		if (was[i].other)
			items[i].group = was[i].group;
		items[i].fell = items[i].fell || was[i].other;
	}
out:
	free(was);
	return n;
}

static void group_them(struct forming *f)
{
	const struct group_item *items = f->sc.items;
	struct chains *c = &f->chains;
	struct group *lost = NULL;
	size_t n;

	f->fallen_count = group_kind(f, false, &f->groups);
	n = group_kind(f, true, &lost);
	f->group_count = f->fallen_count + n;
	f->groups = mem_realloc(f->groups, f->group_count + 1, sizeof(*f->groups));
	for (size_t g = 0; g < n; g++)
		f->groups[f->fallen_count + g] = lost[g];
	free(lost);
	c->first = mem_calloc(f->group_count + 1, sizeof(*c->first));
	c->next = mem_calloc(f->kept + 1, sizeof(*c->next));
	for (size_t g = 0; g < f->group_count; g++)
		c->first[g] = none;
	for (size_t i = f->kept; i-- > 0;) {
		if (!items[i].fell)
			continue;
		c->next[i] = c->first[items[i].group];
		c->first[items[i].group] = i;
	}
}

/* Where an item is now; NULL if somebody has closed, joined or settled that meanwhile. */
static struct incident_member *still_forming(struct incidents *s, const struct group_item *it, struct incident **from)
{
	struct incident_member *m = incident_place_find(s, it->router, it->vrf, it->neighbor, from);

	return m != NULL && (*from == s->loose || is_forming(*from)) ? m : NULL;
}

static void form_group(struct incidents *s, const struct forming *f, size_t index)
{
	const struct group *g = &f->groups[index];
	struct incident *to = NULL;

	for (size_t i = f->chains.first[index]; i != none; i = f->chains.next[i]) {
		struct incident *from = NULL;
		struct incident_member *m = still_forming(s, &f->sc.items[i], &from);

		if (m == NULL)
			continue;
		if (to == NULL) {
			to = goes_on(s, g, index >= f->fallen_count, from);
			if (to == NULL)
				to = incident_add(s, g->by, g->key, m->since_wall_ms);
			if (!to->settled && (to->by != g->by || strcmp(to->key, g->key) != 0)) {
				to->by = g->by;
				snprintf(to->key, sizeof(to->key), "%s", g->key);
			}
			to->whole = g->whole;
			to->formed = s->forming;
		}
		move_member(s, from, (size_t)(m - from->members), to);
	}
}

static void begin_forming(struct incidents *s, const struct world *w)
{
	struct forming *f = MEM_NEW(struct forming);

	s->dirty = false;
	s->forming++;
	s->formed_boot_ms = w->now_boot_ms;
	f->pin = pin_new(w);
	scene_init(&f->sc, w);
	s->under_way = f;
}

static void incidents_stop_forming(struct incidents *s)
{
	struct forming *f = s->under_way;

	if (f == NULL)
		return;
	scene_fini(&f->sc);
	free(f->groups);
	free(f->chains.first);
	free(f->chains.next);
	pin_unref(f->pin);
	free(f);
	s->under_way = NULL;
}

/* One step.  Sorting members into their incidents is one: nobody may see half of it. */
static void form_on(struct incidents *s)
{
	struct forming *f = s->under_way;

	if (f->marked < f->sc.count) {
		mark_fallen(s, f, SCENE_BIG);
	} else if (f->chains.first == NULL) {
		group_them(f);
	} else {
		for (size_t g = 0; g < f->group_count; g++)
			form_group(s, f, g);
		sweep(s);
		incidents_stop_forming(s);
	}
}

static void form(struct incidents *s, const struct world *w)
{
	bool big = false;

	if (s->under_way == NULL) {
		if (!s->dirty || w->now_boot_ms - s->formed_boot_ms < s->form_again_ms)
			return;
		begin_forming(s, w);
		big = s->under_way->sc.count > SCENE_BIG;
		s->form_again_ms = big ? LOOK_MS : 0;
	} else {
		form_on(s);
		return;
	}
	while (!big && s->under_way != NULL)
		form_on(s);
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

	for (const struct world_session *r = sc->rows[i]; r < end && same_neighbor(r, sc->rows[i]); r++)
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

	form(s, w);
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
