/* Where two networks could meet; see request.h. */
#include "core/judge/request.h"

#include <string.h>

static bool has_session(const struct evidence *ev, const struct addr *a)
{
	for (size_t i = 0; i < ev->session_count; i++)
		if (addr_equal(&ev->sessions[i].s->peer, a))
			return true;
	return false;
}

size_t request_sessions(const struct evidence *ev, struct arena *a, const struct suggested_session **out)
{
	size_t n = 0, most = ev->us != NULL && ev->peer != NULL ? ev->us->presence_count * ev->peer->presence_count * 2 : 0;
	struct suggested_session *s = arena_alloc(a, (most + 1) * sizeof(*s));

	for (size_t t = 0; most > 0 && t < ev->peer->presence_count; t++)
		for (size_t o = 0; o < ev->us->presence_count; o++) {
			const struct presence *theirs = &ev->peer->presence[t], *ours = &ev->us->presence[o];

			if (theirs->ixlan_id != ours->ixlan_id)
				continue;
			for (int ip = 4; ip <= 6; ip += 2) {
				const struct addr *x = ip == 6 ? &theirs->ip6 : &theirs->ip4, *y = ip == 6 ? &ours->ip6 : &ours->ip4;

				if (x->family != ADDR_NONE && y->family != ADDR_NONE)
					s[n++] = (struct suggested_session){ .exchange = theirs->ix_name, .ip = ip, .ours = *y, .theirs = *x,
						.our_speed_mbit = ours->speed_mbit, .their_speed_mbit = theirs->speed_mbit,
						.operational = theirs->operational, .is_there = has_session(ev, x) };
			}
		}
	*out = s;
	return n;
}

size_t request_sites(const struct peer *us, const struct peer *them, struct arena *a, const struct common_site **out, bool *known)
{
	struct common_site *s = arena_alloc(a, ((us != NULL ? us->site_count : 0) + 1) * sizeof(*s));
	size_t n = 0;

	*known = us != NULL && them != NULL && us->sites_known && them->sites_known;
	for (size_t i = 0; us != NULL && them != NULL && i < us->site_count; i++)
		for (size_t k = 0; k < them->site_count; k++)
			if (us->sites[i].fac_id == them->sites[k].fac_id) {
				s[n++] = (struct common_site){ us->sites[i].fac_id, us->sites[i].name, us->sites[i].city, us->sites[i].country };
				break;
			}
	*out = s;
	return n;
}

enum { GENEROUS = 10, SMALL = 1000 };

/* A number that was mistyped in PeeringDB is far off what is registered; a default may not hold it. */
static void bound_by_registered(struct limit_advice *a, count_t registered)
{
	count_t room = registered + (registered + 4) / 5 + 1;

	if (registered == COUNT_UNKNOWN || registered <= 0)
		return;
	if (a->published > SMALL && a->published > room * GENEROUS) {
		a->suggested = a->policy != COUNT_UNKNOWN && a->policy > room ? a->policy : room;
		a->why = a->suggested == room ? "a fifth more than its macro holds; what it publishes is more than ten times that" :
			"our default; what it publishes is more than ten times what its macro holds";
	} else if (a->published <= 0 && (a->suggested == COUNT_UNKNOWN || a->suggested < room)) {
		a->why = a->suggested == COUNT_UNKNOWN ? "a fifth more than its macro holds; it publishes no number, and we have no default" :
			"a fifth more than its macro holds; our default is less, and it publishes no number";
		a->suggested = room;
	}
}

struct limit_advice request_limit(const struct policy *p, const struct peer *them, enum afi_safi family, count_t registered)
{
	struct limit_advice a;
	struct session none;
	struct evidence_session s;
	count_t policy = COUNT_UNKNOWN;
	const char *key = afi_version(family) == 6 ? "ipv6" : "ipv4";

	for (size_t i = 0; p != NULL && i < p->clause_count; i++) {
		const struct clause *c = &p->clauses[i];

		for (size_t k = 0; strcmp(c->check->name, "max-prefixes") == 0 && k < check_param_count(c->check); k++)
			if (strcmp(c->check->params[k].key, key) == 0)
				policy = c->values[k];
	}
	session_init(&none);
	none.family = family;
	evidence_session_init(&s);
	s.s = &none;
	a = limit_advise(&s, them != NULL ? peer_published_limit(them, family) : COUNT_UNKNOWN, policy);
	bound_by_registered(&a, registered);
	return a;
}
