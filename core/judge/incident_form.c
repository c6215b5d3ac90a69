/* What fell is sorted into incidents by what it shares, anew while more may come; see incident.h. */
#include "core/base/mem.h"
#include "core/judge/incident_priv.h"
#include "core/model/pin.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FORM_MS = 1000 };

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
	bool shared;         /* what they share is known */
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
		sc->rows[f->kept] = sc->rows[f->marked];
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

void incidents_stop_forming(struct incidents *s)
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
	} else if (!f->shared) {
		scene_share(&f->sc, f->kept, s);
		f->shared = true;
	} else if (f->chains.first == NULL) {
		group_them(f);
	} else {
		for (size_t g = 0; g < f->group_count; g++)
			form_group(s, f, g);
		sweep(s);
		incidents_stop_forming(s);
	}
}

void incidents_form(struct incidents *s, const struct world *w)
{
	bool big = false;

	if (s->under_way == NULL) {
		if (!s->dirty || w->now_boot_ms - s->formed_boot_ms < s->form_again_ms)
			return;
		begin_forming(s, w);
		big = s->under_way->sc.count > SCENE_BIG;
		s->form_again_ms = big ? FORM_MS : 0;
	} else {
		form_on(s);
		return;
	}
	while (!big && s->under_way != NULL)
		form_on(s);
}

