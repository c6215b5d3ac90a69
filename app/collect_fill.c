/*
 * What was collected, as evidence: prefixes and the network; quality and the past are in collect_quality.c, ports and
 * traffic in collect_traffic.c.  See collect.h.
 *
 * Nothing is known here that was not read whole.  Where a reading failed, the reason says what would make it known.
 */
#include "app/collect_priv.h"
#include "backends/sources/irr.h"
#include "backends/sources/rpki.h"
#include "core/base/mem.h"
#include "core/base/scan.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- small conversions ---- */

static struct text prefix_text(struct evidence *ev, const struct prefix *p, asn_t origin)
{
	char words[PREFIX_STRLEN + 24], text[PREFIX_STRLEN];

	prefix_print(p, text);
	if (origin != ASN_UNKNOWN && origin != ASN_NONE)
		snprintf(words, sizeof(words), "%s AS%u", text, origin);
	else
		snprintf(words, sizeof(words), "%s", text);
	return text_safez(ev->arena, words);
}

void collect_take_heap(struct evidence *ev, struct tally *t, const struct heap *h)
{
	struct text *examples = arena_alloc(ev->arena, EXAMPLES_MAX * sizeof(*examples));

	for (size_t i = 0; i < h->example_count; i++)
		examples[i] = prefix_text(ev, &h->examples[i], h->origins[i]);
	t->good = h->good;
	t->bad = h->bad;
	t->open = h->open;
	t->examples = examples;
	t->example_count = h->example_count;
}

struct basis collect_no_answer(struct evidence *ev, const struct kept_view *v)
{
	if (v->err.code != ERR_NONE)
		return basis_missing(ev, "%s", v->err.text);
	return basis_missing(ev, "it is being asked for: wait");
}

/* ---- prefixes of one session ---- */

const char *collect_about(struct evidence *ev, const struct place *p)
{
	return arena_printf(ev->arena, "%s %s", p->router, p->neighbor);
}

static struct basis side_missing(struct evidence *ev, const struct place *p, const struct side *d, enum route_side side)
{
	if (!p->up)
		return basis_missing(ev, "the session on %s must be up", p->router);
	if (d->err.code != ERR_NONE)
		return basis_missing(ev, "%s: %s", p->router, d->err.text);
	return basis_missing(ev, "the %s routes of %s have not been read yet", route_side_word(side), collect_about(ev, p));
}

static void take_examples(struct evidence *ev, struct prefix_facts *f, const struct side *d)
{
	struct text *examples = arena_alloc(ev->arena, EXAMPLES_MAX * sizeof(*examples));

	for (size_t i = 0; i < d->longest_count; i++)
		examples[i] = prefix_text(ev, &d->longest[i].p, d->longest[i].origin);
	f->long_examples = examples;
	f->long_example_count = d->longest_count;
	if (d->longest_count > 0)
		f->longest_prefix = examples[0];
}

static void take_set(struct evidence *ev, const struct place *p, enum route_side side, struct prefix_facts *f)
{
	const struct side *d = &p->sides[side];

	f->basis = basis_known(ev, d->read_wall_ms, "%s: %s routes of %s", p->router, route_side_word(side), p->neighbor);
	f->after_policy = side == ROUTES_ACCEPTED;
	f->count = (count_t)prefixset_count(d->set);
	f->longest = prefixset_longest(d->set);
	f->of_length = prefixset_of_length(d->set);
	f->default_route = prefixset_has_default(d->set);
	f->added = d->added;
	f->removed = d->removed;
	take_examples(ev, f, d);
}

/* Between the reading of a set and its comparing. */
static struct basis being_compared(struct evidence *ev)
{
	return basis_missing(ev, "it is being compared: wait");
}

static void take_registered(struct evidence *ev, struct tally *t, const struct digest *d, const struct prefixset *set, const struct kept_view *v,
    const char *what)
{
	if (v->hold == NULL)
		t->basis = collect_no_answer(ev, v);
	else if (d->set != set || d->expansion == NULL)
		t->basis = being_compared(ev);
	else {
		collect_take_heap(ev, t, &d->registered);
		t->basis = basis_known(ev, d->irr_as_of, "IRR: %s", what);
	}
}

bool collect_stale(const struct collect *c, const struct kept_view *v, int64_t now_wall_ms)
{
	return now_wall_ms - v->as_of_wall_ms > (int64_t)c->way.config->rpki.stale_s * 1000;
}

static void take_rpki(struct collect *c, struct evidence *ev, struct tally *t, const struct digest *d, bool origins, const struct kept_view *v)
{
	if (c->rpki == NULL)
		return;
	if (v->hold == NULL)
		t->basis = collect_no_answer(ev, v);
	else if (collect_stale(c, v, ev->now_wall_ms))
		t->basis = basis_missing(ev, "newer ROA payloads: these are older than the configured %u s%s%s", c->way.config->rpki.stale_s,
		    v->err.code != ERR_NONE ? "; " : "", v->err.code != ERR_NONE ? v->err.text : "");
	else if (!origins)
		t->basis = basis_missing(ev, "the router's answer names no AS path, so the origins are not known");
	else if (d->vrps == NULL)
		t->basis = being_compared(ev);
	else {
		collect_take_heap(ev, t, &d->rpki);
		t->basis = basis_known(ev, d->vrps_as_of, "%zu ROA payloads", vrp_count(v->answer));
	}
}

/* Without a full table nothing follows from not having seen a prefix. */
static void take_elsewhere(struct collect *c, struct evidence *ev, const struct digest *d, struct tally *t)
{
	if (d->elsewhere.bad > 0 && !d->full_table && c->ripestat != NULL && d->asked_stat) {
		collect_take_heap(ev, t, &d->stat);
		t->basis = basis_known(ev, ev->now_wall_ms, "RIPEstat and our sessions with other networks");
		return;
	}
	if (!d->any_other && (c->ripestat == NULL || d->elsewhere.bad == 0)) {
		t->basis = basis_missing(ev, "read the routes of a session with another network, best one that sends a full table");
		return;
	}
	if (d->elsewhere.bad > 0 && !d->full_table) {
		t->basis = basis_missing(ev, "read a session that sends a full table, or enable ripestat: %lld of %lld prefixes are in none of the tables read",
		    (long long)d->elsewhere.bad, (long long)(d->elsewhere.bad + d->elsewhere.good));
		return;
	}
	collect_take_heap(ev, t, &d->elsewhere);
	t->basis = basis_known(ev, ev->now_wall_ms, "our sessions with other networks");
}

/* Next hops are printed addresses; the neighbor's own is good. */
static void take_hops(struct evidence *ev, const struct place *p, const struct side *d, struct tally *t)
{
	struct text *examples = arena_alloc(ev->arena, EXAMPLES_MAX * sizeof(*examples));
	size_t n = 0;

	t->good = t->bad = t->open = 0;
	for (size_t i = 0; i < d->hop_count; i++) {
		struct addr hop;
		bool read = addr_parse(slice_of(d->hops[i].words), &hop);

		/* A link-local next hop beside a global session address may be the same router. */
		if (!read || (hop.family == ADDR_IP6 && hop.b[0] == 0xfe && (hop.b[1] & 0xc0) == 0x80))
			t->open += d->hops[i].routes;
		else if (addr_equal(&hop, &p->about.peer))
			t->good += d->hops[i].routes;
		else {
			t->bad += d->hops[i].routes;
			if (n < EXAMPLES_MAX)
				examples[n++] = text_safez(ev->arena, d->hops[i].words);
		}
	}
	t->examples = examples;
	t->example_count = n;
	t->basis = d->hop_count == 0 && prefixset_count(d->set) > 0 ? basis_missing(ev, "the router's answer names no next hop") :
		d->other_hops > 0 ? basis_missing(ev, "%lld routes have still other next hops", (long long)d->other_hops) :
		basis_known(ev, d->read_wall_ms, "%s: received routes of %s", p->router, p->neighbor);
}

struct asked {
	struct kept_view irr, own, vrps;
	char macros[KEEPER_KEY_MAX + 1];
};

/* The filter by its deeds: what it lets in is what it lists, as far as the peer announces it.  A prefix that is let in
 * and not registered is proof that the filter is not made from the registries; the other way round nothing is proven of
 * what is not announced today. */
static void take_filter(struct collect *c, struct evidence *ev, struct place *p, struct tally *t, const struct asked *a)
{
	const struct side *accepted = &p->sides[ROUTES_ACCEPTED];
	const struct irr_expansion *x = a->irr.answer;

	if (c->irr == NULL)
		t->basis = basis_missing(ev, "name an IRR server in an irr block of the configuration");
	else if (x == NULL)
		t->basis = collect_no_answer(ev, &a->irr);
	else if (accepted->set == NULL)
		t->basis = side_missing(ev, p, accepted, ROUTES_ACCEPTED);
	else {
		digest_listed(c, p, &p->accepted, accepted->set, &a->irr, true);
		collect_take_heap(ev, t, &p->accepted.registered);
		t->basis = p->accepted.set != accepted->set ? being_compared(ev) :
			t->bad == 0 && t->open > 0 ? basis_missing(ev, "the route objects of %lld origins outside of %s: they are being asked for",
			    (long long)p->accepted.stray_count, a->macros) :
			basis_known(ev, accepted->read_wall_ms, "%s: accepted routes of %s, and IRR: %s", p->router, p->neighbor, a->macros);
	}
}

static void take_received(struct collect *c, struct evidence *ev, struct place *p, struct prefix_facts *f, const struct asked *a)
{
	const struct side *received = &p->sides[ROUTES_RECEIVED], *accepted = &p->sides[ROUTES_ACCEPTED];
	enum route_side side = received->set != NULL ? ROUTES_RECEIVED : ROUTES_ACCEPTED;

	f->basis = side_missing(ev, p, received, ROUTES_RECEIVED);
	if (!p->up || (received->set == NULL && accepted->set == NULL))
		return;
	if (side == ROUTES_ACCEPTED) {
		struct text missing = f->basis.missing;

		take_set(ev, p, side, f);
		f->basis.missing = missing; /* how the rest could be seen */
	} else {
		take_set(ev, p, side, f);
	}
	digest_received(c, p, &a->irr, &a->vrps);
	if (c->irr != NULL)
		take_registered(ev, &f->registered, &p->received, place_told(p), &a->irr, a->macros);
	if (p->received.set == place_told(p)) {
		take_rpki(c, ev, &f->rpki, &p->received, p->sides[side].origins, &a->vrps);
		take_elsewhere(c, ev, &p->received, &f->seen_elsewhere);
	} else {
		f->rpki.basis = f->seen_elsewhere.basis = being_compared(ev);
	}
	take_filter(c, ev, p, &f->filter, a);
	take_hops(ev, p, &p->sides[side], &f->next_hops);
}

/* What we send goes on with our own address unless the router leaves the next hop as it is, which it does within one
 * network only: another router of the peer's LAN is then named to it.  Routers show routes before they replace it. */
static void take_own_hops(struct evidence *ev, const struct place *p, const struct side *d, struct tally *t)
{
	t->good = t->bad = t->open = 0;
	for (size_t i = 0; i < d->hop_count; i++) {
		static const struct addr unset;
		struct addr hop;
		bool read = addr_parse(slice_of(d->hops[i].words), &hop);

		if (read ? memcmp(hop.b, unset.b, sizeof(hop.b)) == 0 || addr_equal(&hop, &p->about.local) : slice_eq(slice_of(d->hops[i].words), "Self"))
			t->good += d->hops[i].routes;
		else
			t->open += d->hops[i].routes;
	}
	t->open += d->other_hops;
	if (d->hop_count == 0 && prefixset_count(d->set) > 0)
		t->basis = basis_missing(ev, "the router's answer names no next hop");
	else if (t->open > 0)
		t->basis = basis_missing(ev, "%s shows %lld routes to %s before it puts its own next hop in: look at what the peer receives", p->router,
		    (long long)t->open, p->neighbor);
	else
		t->basis = basis_known(ev, d->read_wall_ms, "%s: advertised routes of %s", p->router, p->neighbor);
}

/* An empty path is our own prefix where the router is known to tell paths at all. */
static bool tells_paths(const struct collect *c, const struct place *p)
{
	for (const struct place *q = c->places; q != NULL; q = q->hh.next)
		for (int i = 0; q->router == p->router && i < ROUTE_SIDES; i++)
			if (q->sides[i].origins && q->sides[i].set != NULL && prefixset_count(q->sides[i].set) > 0)
				return true;
	return false;
}

/* As the peer may judge what we send it. */
static void take_mirror(struct collect *c, struct evidence *ev, struct place *p, struct prefix_facts *f, const struct asked *a)
{
	const struct side *d = &p->sides[ROUTES_ADVERTISED];

	take_own_hops(ev, p, d, &f->next_hops);
	digest_mirror(c, p, &a->vrps);
	if (p->mirrored.set != d->set) {
		f->rpki.basis = f->seen_elsewhere.basis = being_compared(ev);
		return;
	}
	take_rpki(c, ev, &f->rpki, &p->mirrored, d->origins || tells_paths(c, p), &a->vrps);
	take_elsewhere(c, ev, &p->mirrored, &f->seen_elsewhere);
}

static void take_advertised(struct collect *c, struct evidence *ev, struct place *p, struct prefix_facts *f, const struct asked *a)
{
	f->basis = side_missing(ev, p, &p->sides[ROUTES_ADVERTISED], ROUTES_ADVERTISED);
	if (!p->up || p->sides[ROUTES_ADVERTISED].set == NULL)
		return;
	take_set(ev, p, ROUTES_ADVERTISED, f);
	digest_listed(c, p, &p->advertised, p->sides[ROUTES_ADVERTISED].set, &a->own, false);
	if (c->irr != NULL && c->own_macro != NULL)
		take_registered(ev, &f->own_macro, &p->advertised, p->sides[ROUTES_ADVERTISED].set, &a->own, c->own_macro);
	else if (c->irr != NULL)
		f->own_macro.basis = basis_missing(ev, "name our own macro in the policy file (as-set)");
	if (collect_network(c, ev->asn)->mirrored)
		take_mirror(c, ev, p, f, a);
}

/* ---- the network ---- */

static size_t session_of(const struct evidence *ev, struct place *const *at, const char *key)
{
	for (size_t i = 0; i < ev->session_count; i++)
		if (at[i] != NULL && strcmp(at[i]->key, key) == 0)
			return i;
	return (size_t)-1;
}

static int most_first(const void *a, const void *b)
{
	const struct difference *x = a, *y = b;

	return x->missing < y->missing ? 1 : x->missing > y->missing ? -1 : 0;
}

/* which: as in struct network. */
static void take_consistency(struct evidence *ev, const struct network *n, int which, enum route_side side, struct place *const *at,
    struct consistency *k)
{
	struct difference *d = arena_alloc(ev->arena, (n->consistent[which].compared + 1) * sizeof(*d));
	size_t count = 0, up = 0;

	for (size_t i = 0; i < ev->session_count; i++)
		if (at[i] != NULL && at[i]->up && at[i]->family == (which % 2 ? AF_IPV6_UNICAST : AF_IPV4_UNICAST)) {
			up++;
			if (at[i]->sides[side].set == NULL)
				k->unread_missing = side_missing(ev, at[i], &at[i]->sides[side], side).missing;
		}
	k->compared = n->consistent[which].compared;
	k->unread = up > k->compared ? up - k->compared : 0;
	k->total = n->consistent[which].total;
	k->in_all = n->consistent[which].in_all;
	for (size_t i = 0; i < n->consistent[which].compared; i++) {
		const struct prefixset_missing *m = &n->consistent[which].missing[i];
		struct text *examples = arena_alloc(ev->arena, PREFIXSET_EXAMPLES * sizeof(*examples));
		size_t s = session_of(ev, at, n->consistent[which].keys[i]);

		if (m->missing == 0 || s == (size_t)-1)
			continue;
		for (size_t x = 0; x < m->example_count; x++)
			examples[x] = prefix_text(ev, &m->examples[x], ASN_UNKNOWN);
		d[count++] = (struct difference){ s, m->missing, examples, m->example_count };
	}
	qsort(d, count, sizeof(*d), most_first);
	k->differences = d;
	k->difference_count = count;
	if (k->compared > 0)
		k->basis = basis_known(ev, n->consistent[which].oldest_wall_ms, "%s routes of %zu sessions", route_side_word(side), k->compared);
	else if (up > 0 && n->busy)
		k->basis = being_compared(ev);
	else if (up > 0)
		k->basis = basis_missing(ev, side == ROUTES_RECEIVED ? "read the received routes of its sessions (before the import policy)" :
			"read the advertised routes of its sessions");
}

static void take_network(struct collect *c, struct evidence *ev, struct place *const *at)
{
	const struct network *n = digest_network(c, ev->asn);

	for (int six = 0; six < 2; six++) {
		take_consistency(ev, n, six, ROUTES_RECEIVED, at, &ev->consistent[six]);
		if (n->mirrored)
			take_consistency(ev, n, 2 + six, ROUTES_ADVERTISED, at, &ev->sent[six]);
	}
	if (n->seen == TRI_YES) {
		ev->visible.basis = basis_known(ev, n->seen_wall_ms, "%s: routes of %s", n->seen_router, n->seen_neighbor);
		ev->visible.seen = TRI_YES;
		ev->visible.where = text_safez(ev->arena, arena_printf(ev->arena, "in what %s sends to %s", n->seen_neighbor, n->seen_router));
	}
}

static void take_irr(struct collect *c, struct evidence *ev, const struct asked *a)
{
	const struct irr_expansion *x = a->irr.answer, *own = a->own.answer;
	const char *sources = c->way.config->irr.sources;

	if (c->irr == NULL)
		return;
	ev->irr.macro = text_safez(ev->arena, a->macros);
	ev->irr.sources = text_safez(ev->arena, sources != NULL ? sources : "");
	ev->irr.basis = x != NULL ? basis_known(ev, a->irr.as_of_wall_ms, "IRR %s", c->way.config->irr.host) : collect_no_answer(ev, &a->irr);
	if (x != NULL) {
		ev->irr.prefixes4 = (count_t)prefixset_count(x->v4);
		ev->irr.prefixes6 = (count_t)prefixset_count(x->v6);
		ev->irr.origins = (count_t)x->origins;
	}
	if (c->own_macro == NULL)
		return;
	ev->own_irr.macro = text_safez(ev->arena, c->own_macro);
	ev->own_irr.sources = text_safez(ev->arena, c->own_sources != NULL ? c->own_sources : sources != NULL ? sources : "");
	ev->own_irr.basis = own != NULL ? basis_known(ev, a->own.as_of_wall_ms, "IRR %s", c->way.config->irr.host) : collect_no_answer(ev, &a->own);
	if (own != NULL) {
		ev->own_irr.prefixes4 = (count_t)prefixset_count(own->v4);
		ev->own_irr.prefixes6 = (count_t)prefixset_count(own->v6);
	}
}

static void take_vrps(struct collect *c, struct evidence *ev, const struct kept_view *v)
{
	if (c->rpki == NULL)
		return;
	if (v->hold == NULL || collect_stale(c, v, ev->now_wall_ms)) {
		ev->vrps.basis = v->hold == NULL ? collect_no_answer(ev, v) : basis_missing(ev, "newer ROA payloads");
		return;
	}
	ev->vrps.vrps = (count_t)vrp_count(v->answer);
	ev->vrps.basis = basis_known(ev, v->as_of_wall_ms, "%zu ROA payloads", vrp_count(v->answer));
}

static void ask_sources(struct collect *c, struct evidence *ev, struct asked *a)
{
	char key[KEEPER_KEY_MAX + 1];

	*a = (struct asked){ .macros = "" };
	collect_macros(a->macros, ev->peer, ev->asn);
	irr_key(key, a->macros, NULL);
	if (c->irr != NULL && !keeper_get(c->irr, key, &a->irr)) {
		snprintf(c->applicant, sizeof(c->applicant), "%s", key);
		keeper_want_also(c->irr, key);
	}
	if (c->own_macro != NULL) {
		irr_key(key, c->own_macro, c->own_sources);
		if (!keeper_get(c->irr, key, &a->own))
			keeper_want_also(c->irr, key);
	}
	if (!keeper_get(c->rpki, RPKI_KEY, &a->vrps))
		keeper_want_also(c->rpki, RPKI_KEY);
}

void collect_fill(struct collect *c, struct evidence *ev)
{
	struct place **at = mem_calloc(ev->session_count + 1, sizeof(struct place *));
	const struct place stranger = { .router = NULL, .asn = ev->asn }; /* enough for a query per AS */
	const struct place *any = &stranger;
	struct asked a;

	ask_sources(c, ev, &a);
	for (size_t i = 0; i < ev->session_count; i++) {
		struct evidence_session *s = &ev->sessions[i];

		at[i] = collect_place(c, s->router, s->s);
		if (at[i] == NULL)
			continue;
		any = at[i];
		take_received(c, ev, at[i], &s->received, &a);
		take_advertised(c, ev, at[i], &s->advertised, &a);
		collect_take_quality(c, ev, place_prober(at[i]), &s->quality);
		collect_take_past(c, ev, at[i], s);
	}
	take_irr(c, ev, &a);
	take_vrps(c, ev, &a.vrps);
	take_network(c, ev, at);
	collect_take_world(c, ev, &a.irr, &a.vrps);
	collect_take_traffic(c, ev, at, any);
	keeper_release(a.irr.hold);
	keeper_release(a.own.hold);
	keeper_release(a.vrps.hold);
	free(at);
}
