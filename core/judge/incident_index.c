/* Where a neighbor is: found at once, also when twenty thousand fall in a minute. */
#include "core/base/mem.h"
#include "core/judge/incident_priv.h"

#include <stdio.h>
#include <stdlib.h>
#define uthash_fatal(msg) abort()
#include <uthash.h>

struct incident_place {
	char key[200]; /* router, vrf, neighbor */
	struct incident *in;
	size_t at;
	UT_hash_handle hh;
};

/* By hand: it is made for every neighbor there is, once a second while one falls after another. */
static void key_of(const char *router, const char *vrf, const char *neighbor, char out[200])
{
	const char *const parts[] = { router, vrf, neighbor };
	size_t at = 0;

	for (size_t i = 0; i < ARRAY_LEN(parts); i++) {
		for (const char *p = parts[i]; *p != '\0' && at < 197; p++)
			out[at++] = *p;
		out[at++] = i + 1 < ARRAY_LEN(parts) ? '\t' : '\0';
	}
}

struct incident_member *incident_place_find(const struct incidents *s, const char *router, const char *vrf,
    const char *neighbor, struct incident **in)
{
	struct incident_place *p;
	char key[200];

	key_of(router, vrf, neighbor, key);
	HASH_FIND_STR(s->places, key, p);
	if (p == NULL)
		return NULL;
	if (in != NULL)
		*in = p->in;
	return &p->in->members[p->at];
}

void incident_place_put(struct incidents *s, struct incident *i, size_t at)
{
	const struct incident_member *m = &i->members[at];
	struct incident_place *p;
	char key[200];

	key_of(m->router, m->vrf, m->neighbor, key);
	HASH_FIND_STR(s->places, key, p);
	if (p == NULL) {
		p = MEM_NEW(struct incident_place);
		snprintf(p->key, sizeof(p->key), "%s", key);
		HASH_ADD_STR(s->places, key, p);
	}
	p->in = i;
	p->at = at;
}

void incident_places_remove(struct incidents *s, const struct incident *i)
{
	for (size_t k = 0; k < i->count; k++) {
		struct incident_place *p;
		char key[200];

		key_of(i->members[k].router, i->members[k].vrf, i->members[k].neighbor, key);
		HASH_FIND_STR(s->places, key, p);
		if (p == NULL || p->in != i)
			continue;
		HASH_DEL(s->places, p);
		free(p);
	}
}

void incident_places_free(struct incidents *s)
{
	struct incident_place *p, *next;

	HASH_ITER(hh, s->places, p, next) {
		HASH_DEL(s->places, p);
		free(p);
	}
}

void incident_places_rebuild(struct incidents *s)
{
	incident_places_free(s);
	for (size_t i = 0; i < s->count; i++)
		for (size_t k = 0; incident_is_open(s->all[i]) && k < s->all[i]->count; k++)
			incident_place_put(s, s->all[i], k);
}

/* ---- ids that are no more ---- */

enum { GONE_KEPT = 256, GONE_HOPS = 16 };

void incident_became(struct incidents *s, const char *id, const char *now)
{
	struct incident_gone *g;

	if (*now == '\0')
		return;
	if (s->gone == NULL)
		s->gone = mem_calloc(GONE_KEPT, sizeof(*s->gone));
	g = &s->gone[s->gone_at++ % GONE_KEPT];
	snprintf(g->id, sizeof(g->id), "%s", id);
	snprintf(g->now, sizeof(g->now), "%s", now);
	s->gone_count += s->gone_count < GONE_KEPT;
}

void incident_gone_free(struct incidents *s)
{
	free(s->gone);
}

static const char *became(const struct incidents *s, const char *id)
{
	for (size_t i = 0; i < s->gone_count; i++)
		if (strcmp(s->gone[i].id, id) == 0)
			return s->gone[i].now;
	return NULL;
}

const struct incident *incidents_now(const struct incidents *s, const char *id)
{
	for (int hops = 0; id != NULL && hops < GONE_HOPS; hops++) {
		const struct incident *i = incident_named((struct incidents *)s, id);

		if (i != NULL && i->merged_into[0] == '\0')
			return i;
		id = i != NULL ? i->merged_into : became(s, id);
	}
	return NULL;
}
