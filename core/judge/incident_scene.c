/* The world as neighbors that may have fallen, and what each of them shares with others. */
#include "core/base/mem.h"
#include "core/judge/incident_priv.h"
#include "core/judge/lan.h"
#include "core/model/scope.h"

#include <stdlib.h>

bool scene_same_neighbor(const struct world_session *a, const struct world_session *b)
{
	return a->router == b->router && text_same(a->s->vrf, b->s->vrf) && text_same(a->s->neighbor, b->s->neighbor);
}

static struct group_item item_of(const struct world_session *r)
{
	const char *local = scope_local_exchange(r);

	return (struct group_item){
		.router = r->router->conf->name,
		.vrf = text_or(r->s->vrf, ""),
		.neighbor = text_or(r->s->neighbor, ""),
		.asn = r->s->remote_as,
		.exchange = r->exchange != NULL ? text_or(r->exchange->name, "") : local != NULL ? local : "",
		.lan = "",
		.interface = "",
		.facility = r->router->conf->facility != NULL ? r->router->conf->facility : "",
	};
}

/* What is down because somebody wants it so is no part of any whole, even while it is not yet down. */
static bool counts(const struct world_session *r)
{
	return r->s->admin_down != TRI_YES && r->held == NULL;
}

void scene_init(struct scene *sc, const struct world *w)
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

		if (sc->count > 0 && scene_same_neighbor(sc->rows[sc->count - 1], r)) {
			sc->up[sc->count - 1] = sc->up[sc->count - 1] && r->s->state == BGP_ESTABLISHED;
			continue;
		}
		sc->rows[sc->count] = r;
		sc->items[sc->count] = item_of(r);
		sc->counts[sc->count] = counts(r);
		sc->up[sc->count++] = r->s->state == BGP_ESTABLISHED;
	}
}

void scene_fini(struct scene *sc)
{
	free(sc->items);
	free(sc->rows);
	free(sc->up);
	free(sc->counts);
	free(sc->sessions);
	free(sc->lans);
	arena_free(sc->arena);
}

static bool is_external(const struct world_session *r)
{
	asn_t own = r->s->local_as;

	if (own == ASN_UNKNOWN && r->router->snap != NULL)
		own = r->router->snap->local_as;
	return own == ASN_UNKNOWN || own != r->s->remote_as;
}

/* Where no exchange is known the LAN is looked for in the addresses; our port there is the router in one of both. */
void scene_share(struct scene *sc, size_t count, const struct incidents *s)
{
	struct lan_item *at = mem_calloc(count + 1, sizeof(*at));
	char local[ADDR_STRLEN];

	for (size_t i = 0; i < count; i++) {
		const struct group_item *it = &sc->items[i];
		const struct world_session *r = sc->rows[i];
		const struct incident_member *m =
		    it->fell ? incident_place_find(s, it->router, it->vrf, it->neighbor, NULL) : NULL;

		at[i] = (struct lan_item){ .router = it->router, .vrf = it->vrf, .asn = it->asn, .local = r->s->local };
		if (at[i].local.family == ADDR_NONE && m != NULL)
			at[i].local = m->local; /* of before: what is down often tells none */
		if (it->exchange[0] == '\0' && is_external(r))
			at[i].peer = r->s->peer;
	}
	lans_find(at, count, &sc->lans);
	for (size_t i = 0; i < count; i++) {
		struct group_item *it = &sc->items[i];
		const char *where;

		it->lan = at[i].lan != LAN_NONE ? sc->lans[at[i].lan].name : "";
		where = it->exchange[0] != '\0' ? it->exchange : it->lan[0] != '\0' ? it->lan : addr_print(&at[i].local, local);
		it->interface = where[0] != '\0' ? arena_printf(sc->arena, "%s %s", it->router, where) : "";
	}
	free(at);
}
