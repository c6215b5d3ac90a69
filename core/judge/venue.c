/* Places and whom to call there; see venue.h. */
#include "core/judge/venue.h"
#include "core/model/config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

static const char *const kinds[] = { [VENUE_NONE] = "", [VENUE_EXCHANGE] = "exchange ", [VENUE_FACILITY] = "facility ",
	[VENUE_ROUTER] = "router ", [VENUE_OURS] = "our network" };

const char *venue_words(const struct venue *v, char out[VENUE_WORDS_LEN])
{
	snprintf(out, VENUE_WORDS_LEN, "%s%s", kinds[v->kind], v->name);
	return out;
}

bool venue_parse(const char *words, struct venue *out)
{
	for (int k = VENUE_EXCHANGE; k <= VENUE_OURS; k++) {
		size_t n = strlen(kinds[k]);

		if (strncmp(words, kinds[k], n) != 0 || (k == VENUE_OURS) != (words[n] == '\0'))
			continue;
		out->kind = (enum venue_kind)k;
		snprintf(out->name, sizeof(out->name), "%s", words + n);
		return true;
	}
	*out = (struct venue){ .kind = VENUE_NONE };
	return false;
}

static const struct world_session *session_of(const struct world_session *rows, size_t n, const struct incident_member *m)
{
	for (size_t i = 0; i < n; i++)
		if (strcmp(rows[i].router->conf->name, m->router) == 0 && strcmp(text_or(rows[i].s->vrf, ""), m->vrf) == 0 &&
		    strcmp(text_or(rows[i].s->neighbor, ""), m->neighbor) == 0)
			return &rows[i];
	return NULL;
}

/* The exchange, else the router, that all members share. */
static void shared_of(const struct world *w, const struct incident *i, struct venue *out)
{
	struct world_session *rows = NULL;
	size_t n = world_sessions(w, &rows);
	const struct world_session *first = session_of(rows, n, &i->members[0]);
	const struct exchange *x = first != NULL ? first->exchange : NULL;
	bool router = true;

	for (size_t k = 1; k < i->count; k++) {
		const struct world_session *r = x != NULL ? session_of(rows, n, &i->members[k]) : NULL;

		x = r != NULL && r->exchange != NULL && r->exchange->ix_id == x->ix_id ? x : NULL;
		router = router && strcmp(i->members[k].router, i->members[0].router) == 0;
	}
	*out = (struct venue){ .kind = x != NULL ? VENUE_EXCHANGE : router ? VENUE_ROUTER : VENUE_OURS };
	if (out->kind != VENUE_OURS)
		snprintf(out->name, sizeof(out->name), "%s", x != NULL ? text_or(x->name, "") : i->members[0].router);
	free(rows);
}

void venue_of_incident(const struct world *w, const struct incident *i, struct venue *out)
{
	/* A LAN is an exchange, only that nobody knows its name: the contact book may know its people under its addresses. */
	static const enum venue_kind kind_of[GROUP_BYS] = { [GROUP_EXCHANGE] = VENUE_EXCHANGE, [GROUP_LAN] = VENUE_EXCHANGE,
		[GROUP_FACILITY] = VENUE_FACILITY, [GROUP_ROUTER] = VENUE_ROUTER };
	bool one = i->count > 0 && i->members[0].asn != ASN_UNKNOWN;

	*out = (struct venue){ .kind = VENUE_NONE };
	for (size_t k = 1; k < i->count; k++)
		one = one && i->members[k].asn == i->members[0].asn;
	if (one || i->count == 0)
		return;
	if (kind_of[i->by] != VENUE_NONE) {
		out->kind = kind_of[i->by];
		snprintf(out->name, sizeof(out->name), "%s", i->key);
	} else {
		shared_of(w, i, out);
	}
}

const struct exchange *venue_exchange(const struct peer_set *s, const struct venue *v)
{
	return v->kind == VENUE_EXCHANGE ? peer_set_exchange_named(s, v->name) : NULL;
}

static const struct facility *facility_named(const struct peer_set *s, const char *name)
{
	const struct facility *part = NULL;
	size_t parts = 0;

	for (size_t i = 0; s != NULL && *name != '\0' && i < s->facility_count; i++) {
		const struct facility *f = &s->facilities[i];

		if (strcasecmp(text_or(f->name, ""), name) == 0 || strcasecmp(text_or(f->aka, ""), name) == 0)
			return f;
		if (strcasestr(text_or(f->name, ""), name) != NULL)
			part = f, parts++;
	}
	return parts == 1 ? part : NULL;
}

const struct facility *venue_facility(const struct peer_set *s, const struct venue *v)
{
	return v->kind == VENUE_FACILITY ? facility_named(s, v->name) : NULL;
}

/* The building that our router stands in, as the configuration says it. */
static struct venue building_of(const struct world *w, const char *router)
{
	const struct router_conf *c = config_router(w->config, router);
	struct venue v = { .kind = VENUE_FACILITY };

	snprintf(v.name, sizeof(v.name), "%s", c != NULL && c->facility != NULL ? c->facility : "");
	return v;
}

void ladder_of_venue(struct arena *a, const struct world *w, const struct venue *v, struct ladder *out)
{
	const struct exchange *x = venue_exchange(w->peers, v), **exchange = arena_alloc(a, sizeof(*exchange));
	const struct venue building = v->kind == VENUE_ROUTER ? building_of(w, v->name) : *v;
	const struct facility *f = venue_facility(w->peers, &building), **facility = arena_alloc(a, sizeof(*facility));
	char words[VENUE_WORDS_LEN], place[VENUE_WORDS_LEN];
	const struct ladder_input in = { .asn = BOOK_OURS, .venue = arena_strdup(a, venue_words(v, words)),
		.building = arena_strdup(a, v->kind == VENUE_ROUTER && building.name[0] ? venue_words(&building, place) : ""),
		.book = w->book, .peers = w->peers,
		.calls = w->calls, .exchanges = exchange, .exchange_count = x != NULL, .facilities = facility,
		.facility_count = f != NULL, .now_wall_ms = w->now_wall_ms };

	*exchange = x;
	*facility = f;
	ladder_build(a, &in, out);
	out->known = x != NULL || f != NULL;
	if (x != NULL || f != NULL)
		out->fetched_wall_ms = x != NULL ? x->read_wall_ms : f->read_wall_ms;
}

const char *venue_ladder_words(const struct ladder *l, const struct venue *v)
{
	for (size_t i = 0; i < l->count; i++)
		if (l->rungs[i].source != RUNG_OURS)
			return "";
	if (v->kind == VENUE_OURS || v->kind == VENUE_ROUTER)
		return l->count > 0 ? "" : "the contact book has no block \"ours\": peerdeck-contacts(5)";
	if (!l->known && v->kind == VENUE_EXCHANGE && strchr(v->name, '/') != NULL)
		return "nobody knows this exchange's name: exchange = and exchange-lan = of our routers tell it: peerdeck.conf(5)";
	if (!l->known)
		return v->kind == VENUE_EXCHANGE ? "this exchange is not in the cache of PeeringDB under that name" :
		    "this facility is not in the cache of PeeringDB under that name";
	return v->kind == VENUE_EXCHANGE ? "PeeringDB lists no technical and no policy contact of this exchange" :
	    "PeeringDB lists no technical contact of this facility";
}
