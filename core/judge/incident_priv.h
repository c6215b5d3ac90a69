/*
 * The inside of the set of incidents, shared by incident (takes events, sees who is back, closes), incident_form (sorts
 * what fell), incident_scene (what neighbors share), incident_facts (what people do) and incident_index (where a neighbor is).
 */
#ifndef PEERDECK_JUDGE_INCIDENT_PRIV_H
#define PEERDECK_JUDGE_INCIDENT_PRIV_H

#include "core/judge/incident.h"

enum { SCENE_BIG = 2000 }; /* neighbors: with more, what falls is formed anew once in FORM_MS and not with each event */

struct incident_place; /* a neighbor in an open incident, in a hash */

struct incidents {
	struct incident_rules rules;
	struct incident **all; /* oldest first */
	struct incident *loose; /* members that belong nowhere yet; no part of `all` */
	size_t count, cap;
	uint64_t seen_world; /* revision */
	int64_t looked_wall_ms;
	int64_t now_boot_ms; /* of the last look */
	uint64_t revision;
	unsigned salt;
	uint64_t forming; /* counts the rounds of forming */
	bool dirty; /* members came: what is not settled is to be formed anew */
	int64_t formed_boot_ms, form_again_ms; /* when it was, and how long it then waits */
	struct forming *under_way; /* incident.c; NULL none */
	size_t looking; /* the router whose neighbors are looked at next for who is back; SIZE_MAX: none */
	struct incident_place *places;
	struct incident_gone { char id[INCIDENT_ID_LEN], now[INCIDENT_ID_LEN]; } *gone; /* ids that are no more, and what they are; a ring */
	size_t gone_count, gone_at;
	/* of incidents_untold */
	struct incident_fact told;
	struct str told_members;
};

static inline bool incident_is_open(const struct incident *i)
{
	return i->closed_wall_ms == 0;
}

struct incident *incident_add(struct incidents *s, enum group_by by, const char *key, int64_t wall_ms);
/* Takes it out of the set and frees it. */
void incident_drop(struct incidents *s, struct incident *i);
void incident_became(struct incidents *s, const char *id, const char *now);
void incident_gone_free(struct incidents *s);
void incident_free(struct incident *i);
struct incident *incident_named(struct incidents *s, const char *id);
struct incident_member *incident_member_add(struct incidents *s, struct incident *i, const struct incident_member *m);
void incident_close(struct incidents *s, struct incident *i, const char *who, const char *words, int64_t wall_ms);
void incident_recount(struct incident *i);
void incident_touch(struct incidents *s, struct incident *i);

/* The member of an open incident, NULL if the neighbor is in none; *in gets the incident (may be NULL). */
struct incident_member *incident_place_find(const struct incidents *s, const char *router, const char *vrf,
    const char *neighbor, struct incident **in);
void incident_place_put(struct incidents *s, struct incident *i, size_t at);
void incident_places_rebuild(struct incidents *s);
/* Its members are in no open incident any more. */
void incident_places_remove(struct incidents *s, const struct incident *i);
void incident_places_free(struct incidents *s);

/* The world as neighbors, with what they share. */
struct scene {
	struct group_item *items;
	const struct world_session **rows; /* one family of each item */
	bool *up;                          /* all families Established */
	bool *counts;                      /* one of those that could fall */
	struct world_session *sessions;
	size_t count, session_count;
	struct lan *lans;                  /* whose names items hold */
	struct arena *arena;
};

bool scene_same_neighbor(const struct world_session *a, const struct world_session *b);
void scene_init(struct scene *sc, const struct world *w);
/* Says of the first `count` items which LAN and port of ours they are at. */
void scene_share(struct scene *sc, size_t count, const struct incidents *s);
void scene_fini(struct scene *sc);

/* Goes on with forming, or begins it where members came. */
void incidents_form(struct incidents *s, const struct world *w);
void incidents_stop_forming(struct incidents *s);

#endif
