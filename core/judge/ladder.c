/* The order of rungs, and what is said about each; see ladder.h. */
#include "core/judge/ladder.h"
#include "core/base/mem.h"
#include "core/model/world.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

struct building {
	struct arena *arena;
	const struct ladder_input *in;
	struct rung *rungs;
	size_t count, cap;
};

const char *rung_source_word(enum rung_source s)
{
	static const char *const words[] = { [RUNG_BOOK] = "book", [RUNG_PEERINGDB] = "peeringdb",
		[RUNG_EXCHANGE] = "exchange", [RUNG_FACILITY] = "facility", [RUNG_RDAP] = "rdap", [RUNG_OURS] = "ours" };

	return words[s];
}

bool rung_reachable(const struct rung *r)
{
	return !text_empty(r->phone) || !text_empty(r->email);
}

static struct rung blank(enum rung_source source)
{
	return (struct rung){ .source = source, .proven_wall_ms = -1, .as_of_wall_ms = -1, .expires_wall_ms = -1,
		.wrong_wall_ms = -1, .changed_wall_ms = -1, .differs = TEXT_LIT("") };
}

static void add(struct building *b, const struct rung *r)
{
	MEM_GROW(b->rungs, b->cap, b->count + 1);
	b->rungs[b->count++] = *r;
}

/* ---- sources ---- */

static bool expired(const struct book_contact *c, int64_t now)
{
	return c->expires_wall_ms >= 0 && c->expires_wall_ms <= now;
}

static void add_book(struct building *b, const struct book_network *n, enum rung_source source, struct ladder *l)
{
	for (size_t i = 0; n != NULL && i < n->contact_count; i++) {
		const struct book_contact *c = &n->contacts[i];
		struct rung r = blank(source);

		if (expired(c, b->in->now_wall_ms)) {
			l->expired++;
			continue;
		}
		r.role = c->role;
		r.name = c->name;
		r.phone = c->phone;
		r.email = c->email;
		r.url = c->url;
		r.hours = c->hours;
		r.languages = c->languages;
		r.note = c->note;
		r.clock = c->zone;
		r.zone = (struct text){ c->zone != NULL ? zone_name(c->zone) : NULL };
		r.proven_wall_ms = c->proven_wall_ms;
		r.proven_how = c->proven_how;
		r.as_of_wall_ms = c->written_wall_ms;
		r.expires_wall_ms = c->expires_wall_ms;
		r.differs = c->differs;
		r.entry = c;
		add(b, &r);
	}
}

static bool is_rung_role(struct text role)
{
	static const char *const roles[] = { "NOC", "Technical", "Maintenance", "Policy", "Abuse" };

	for (size_t i = 0; i < ARRAY_LEN(roles); i++)
		if (strcasecmp(text_or(role, ""), roles[i]) == 0)
			return true;
	return false;
}

static struct rung of_contact(const struct contact *c, enum rung_source source, int64_t read_wall_ms)
{
	struct rung r = blank(source);

	r.role = c->role;
	r.name = c->name;
	r.phone = c->phone;
	r.email = c->email;
	r.url = c->url;
	r.as_of_wall_ms = read_wall_ms > 0 ? read_wall_ms : -1;
	r.changed_wall_ms = c->updated_wall_ms > 0 ? c->updated_wall_ms : -1;
	return r;
}

static void add_published(struct building *b, const struct peer *p)
{
	struct contact *sorted;

	if (p == NULL || p->contact_count == 0)
		return;
	sorted = arena_alloc(b->arena, p->contact_count * sizeof(*sorted));
	memcpy(sorted, p->contacts, p->contact_count * sizeof(*sorted));
	peer_contacts_sort(sorted, p->contact_count);
	for (size_t i = 0; i < p->contact_count; i++) {
		struct rung r = of_contact(&sorted[i], RUNG_PEERINGDB, p->fetched_wall_ms);

		if (is_rung_role(r.role))
			add(b, &r);
	}
}

/* What the book says of a place that a network's ladder ends with. */
static void add_book_place(struct building *b, const char *kind, struct text name, enum rung_source source, struct ladder *l)
{
	if (!text_empty(name))
		add_book(b, book_find_venue(b->in->book, arena_printf(b->arena, "%s %s", kind, name.s)), source, l);
}

/* On an exchange's own ladder the role is what PeeringDB calls it, and those who decide come behind those who repair. */
static void add_policy(struct building *b, const struct exchange *x, struct rung r)
{
	r.role = TEXT_LIT("Policy");
	r.phone = x->policy_phone;
	r.email = x->policy_email;
	if (rung_reachable(&r))
		add(b, &r);
}

static void add_exchanges(struct building *b, bool own, struct ladder *l)
{
	for (size_t i = 0; i < b->in->exchange_count; i++) {
		const struct exchange *x = b->in->exchanges[i];
		struct rung r = blank(RUNG_EXCHANGE);

		if (!own)
			add_book_place(b, "exchange", x->name, RUNG_EXCHANGE, l);
		r.role = own ? TEXT_LIT("Technical") : TEXT_LIT("Exchange");
		r.name = x->name;
		r.phone = x->tech_phone;
		r.email = x->tech_email;
		r.url = x->status_dashboard;
		r.as_of_wall_ms = x->read_wall_ms > 0 ? x->read_wall_ms : -1;
		r.changed_wall_ms = x->updated_wall_ms > 0 ? x->updated_wall_ms : -1;
		if (rung_reachable(&r))
			add(b, &r);
		if (own)
			add_policy(b, x, r);
	}
}

static void add_facilities(struct building *b, bool own, struct ladder *l)
{
	for (size_t i = 0; i < b->in->facility_count; i++) {
		const struct facility *f = b->in->facilities[i];
		struct rung r = blank(RUNG_FACILITY);

		if (!own)
			add_book_place(b, "facility", f->name, RUNG_FACILITY, l);
		r.role = own ? TEXT_LIT("Technical") : TEXT_LIT("Facility");
		r.name = f->name;
		r.phone = f->tech_phone;
		r.email = f->tech_email;
		r.url = f->status_dashboard;
		r.as_of_wall_ms = f->read_wall_ms;
		r.changed_wall_ms = f->updated_wall_ms;
		if (rung_reachable(&r))
			add(b, &r);
	}
}

static void add_rdap(struct building *b)
{
	const struct registered *one = registered_find(b->in->registered, b->in->asn);

	for (size_t i = 0; one != NULL && i < one->count; i++) {
		struct rung r = of_contact(&one->contacts[i], RUNG_RDAP, one->asked_wall_ms);

		r.changed_wall_ms = -1;
		add(b, &r);
	}
}

/* ---- what is said about each ---- */

static bool differ(struct text a, struct text b)
{
	return !text_empty(a) && !text_empty(b) && strcmp(a.s, b.s) != 0;
}

static struct text difference(struct building *b, const struct rung *other)
{
	const char *who = other->source == RUNG_BOOK ? "the book" : "PeeringDB";
	const char *phone = text_or(other->phone, ""), *mail = text_or(other->email, "");

	return (struct text){ arena_printf(b->arena, "%s says %s%s%s", who, phone, *phone && *mail ? " " : "", mail) };
}

/* One role, two sources, other numbers: each tells what the other says, none is left out. */
static void compare(struct building *b)
{
	for (size_t i = 0; i < b->count; i++)
		for (size_t k = i + 1; k < b->count; k++) {
			struct rung *ours = &b->rungs[i], *theirs = &b->rungs[k];

			if (ours->source != RUNG_BOOK || theirs->source == RUNG_BOOK || theirs->source == RUNG_RDAP ||
			    theirs->source == RUNG_OURS || strcasecmp(text_or(ours->role, ""), text_or(theirs->role, "?")) != 0)
				continue;
			if (!differ(ours->phone, theirs->phone) && !differ(ours->email, theirs->email))
				continue;
			if (text_empty(ours->differs))
				ours->differs = difference(b, theirs);
			if (text_empty(theirs->differs))
				theirs->differs = difference(b, ours);
		}
}

static bool same_way(const struct rung *a, const struct rung *b)
{
	return rung_reachable(a) && strcmp(text_or(a->phone, ""), text_or(b->phone, "")) == 0 &&
	       strcmp(text_or(a->email, ""), text_or(b->email, "")) == 0;
}

static void find_repeats(struct building *b)
{
	for (size_t i = 1; i < b->count; i++)
		for (size_t k = 0; k < i && b->rungs[i].same_as == 0; k++)
			if (same_way(&b->rungs[k], &b->rungs[i]))
				b->rungs[i].same_as = k + 1;
}

static void take_proof(struct building *b, struct rung *r, struct text way)
{
	const struct call *c = text_empty(way) ? NULL : calls_proof(b->in->calls, b->in->asn, way.s);
	/* What was written since may be right again; reading the same row anew proves nothing. */
	int64_t since = r->source == RUNG_BOOK ? r->as_of_wall_ms : r->changed_wall_ms;

	if (c == NULL)
		return;
	if (c->outcome == CALL_WRONG && c->wall_ms > r->proven_wall_ms && c->wall_ms > since) {
		r->wrong_wall_ms = c->wall_ms;
	} else if (call_proves(c) && c->wall_ms > r->proven_wall_ms) {
		r->proven_wall_ms = c->wall_ms;
		r->proven_how = (struct text){ arena_printf(b->arena, "%s%s%s, noted by %s", call_outcome_words(c->outcome),
		    text_empty(c->by) ? "" : " by ", text_or(c->by, ""), text_or(c->who, "?")) };
	}
}

static void take_proofs(struct building *b)
{
	for (size_t i = 0; b->in->calls != NULL && i < b->count; i++) {
		take_proof(b, &b->rungs[i], b->rungs[i].email);
		take_proof(b, &b->rungs[i], b->rungs[i].phone);
		if (b->rungs[i].wrong_wall_ms <= b->rungs[i].proven_wall_ms)
			b->rungs[i].wrong_wall_ms = -1;
	}
}

/* The book first, as everywhere; then what PeeringDB has. */
static void add_place(struct building *b, struct ladder *l)
{
	add_book(b, book_find_venue(b->in->book, b->in->venue), RUNG_BOOK, l);
	if (b->in->building != NULL && *b->in->building != '\0')
		add_book(b, book_find_venue(b->in->book, b->in->building), RUNG_FACILITY, l);
	add_exchanges(b, true, l);
	add_facilities(b, true, l);
}

void ladder_build(struct arena *a, const struct ladder_input *in, struct ladder *out)
{
	const struct peer *p = in->asn != BOOK_OURS ? peer_set_find(in->peers, in->asn) : NULL;
	struct building b = { .arena = a, .in = in };
	struct rung *rungs;

	bool place = in->venue != NULL && *in->venue != '\0';

	*out = (struct ladder){ .asn = in->asn, .venue = place ? in->venue : "", .fetched_wall_ms = -1 };
	if (p != NULL) {
		out->known = true;
		out->seen = p->contacts_seen;
		out->fetched_wall_ms = p->fetched_wall_ms;
	}
	if (place)
		add_place(&b, out);
	out->absent = in->asn != BOOK_OURS && p == NULL && peer_set_absent(in->peers, in->asn);
	add_book(&b, book_find(in->book, in->asn), place ? RUNG_OURS : RUNG_BOOK, out);
	out->published = b.count;
	add_published(&b, p);
	out->published = b.count - out->published;
	if (in->asn != BOOK_OURS) {
		add_exchanges(&b, false, out);
		add_facilities(&b, false, out);
		add_rdap(&b);
	}
	compare(&b);
	find_repeats(&b);
	take_proofs(&b);
	rungs = arena_alloc(a, (b.count + 1) * sizeof(*rungs));
	if (b.count > 0)
		memcpy(rungs, b.rungs, b.count * sizeof(*rungs));
	free(b.rungs);
	out->rungs = rungs;
	out->count = b.count;
}

static bool is_at(const struct peer *p, uint32_t ix_id)
{
	for (size_t i = 0; i < p->presence_count; i++)
		if (p->presence[i].ix_id == ix_id)
			return true;
	return false;
}

size_t ladder_common_exchanges(struct arena *a, const struct peer_set *peers, asn_t one, asn_t other,
    const struct exchange *const **out)
{
	const struct peer *p = peer_set_find(peers, one), *q = peer_set_find(peers, other);
	const struct exchange **list;
	size_t n = 0;

	*out = NULL;
	if (p == NULL || q == NULL)
		return 0;
	list = arena_alloc(a, (peers->exchange_count + 1) * sizeof(*list));
	for (size_t i = 0; i < peers->exchange_count; i++) {
		const struct exchange *x = &peers->exchanges[i];

		if ((n == 0 || list[n - 1]->ix_id != x->ix_id) && is_at(p, x->ix_id) && is_at(q, x->ix_id))
			list[n++] = x;
	}
	*out = list;
	return n;
}

static bool has_site(const struct peer *p, uint32_t fac_id)
{
	for (size_t i = 0; i < p->site_count; i++)
		if (p->sites[i].fac_id == fac_id)
			return true;
	return false;
}

size_t ladder_common_facilities(struct arena *a, const struct peer_set *peers, asn_t one, asn_t other,
    const struct facility *const **out)
{
	const struct peer *p = peer_set_find(peers, one), *q = peer_set_find(peers, other);
	const struct facility **list;
	size_t n = 0;

	*out = NULL;
	if (p == NULL || q == NULL)
		return 0;
	list = arena_alloc(a, (p->site_count + 1) * sizeof(*list));
	for (size_t i = 0; i < p->site_count; i++) {
		const struct facility *f = peer_set_facility(peers, p->sites[i].fac_id);

		if (f != NULL && (n == 0 || list[n - 1] != f) && has_site(q, f->fac_id))
			list[n++] = f;
	}
	*out = list;
	return n;
}

const char *ladder_words(const struct ladder *l)
{
	if (l->asn == BOOK_OURS)
		return l->count > 0 ? "" : "the contact book has no block \"ours\": peerdeck-contacts(5)";
	if (!l->known && asn_is_special(l->asn))
		return "a private or reserved AS number: PeeringDB has no such network";
	if (!l->known)
		return l->absent ? "not in PeeringDB" : "not in the cache: PeeringDB was never asked";
	if (l->seen == CONTACTS_ALL)
		return l->published > 0 ? "" : "PeeringDB lists no contact for this";
	if (l->seen == CONTACTS_UNKNOWN)
		return "PeeringDB's contacts of this network were never read";
	return l->published > 0 ? "only public contacts: an API key is needed to see whether there are others"
				: "no public contact: an API key is needed to see whether there are others";
}

/* ---- working it ---- */

static bool over(const struct call *c, struct text way)
{
	return !text_empty(way) && strcmp(text_or(c->way, ""), way.s) == 0;
}

const struct call *ladder_last_call(const struct rung *r, const struct calls *calls, const struct escalation *e)
{
	const struct call *last = NULL, *c;

	for (size_t i = 0; e != NULL && (c = escalation_call(calls, e, i)) != NULL; i++)
		if (over(c, r->phone) || over(c, r->email))
			last = c;
	return last;
}

size_t ladder_next(const struct ladder *l, const struct calls *calls, const struct escalation *e)
{
	for (size_t i = 0; i < l->count; i++) {
		const struct rung *r = &l->rungs[i];

		if (rung_reachable(r) && r->same_as == 0 && r->wrong_wall_ms < 0 && ladder_last_call(r, calls, e) == NULL)
			return i;
	}
	return l->count;
}

void ladder_of_world(struct arena *a, const struct world *w, asn_t asn, const struct world_session *s, struct ladder *out)
{
	struct ladder_input in = { .asn = asn, .book = w->book, .peers = w->peers, .calls = w->calls,
		.registered = w->registered, .now_wall_ms = w->now_wall_ms };
	const struct exchange **one = arena_alloc(a, sizeof(*one));
	asn_t own = w->config->local_as;

	if (s != NULL && s->exchange != NULL) {
		*one = s->exchange;
		in.exchanges = one;
		in.exchange_count = 1;
	} else {
		if (s == NULL)
			in.exchange_count = ladder_common_exchanges(a, w->peers, asn, own, &in.exchanges);
		in.facility_count = ladder_common_facilities(a, w->peers, asn, own, &in.facilities);
	}
	ladder_build(a, &in, out);
}
