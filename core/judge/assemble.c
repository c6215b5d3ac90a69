/* The world's rows as evidence; see assemble.h. */
#include "core/judge/assemble.h"
#include "core/base/clock.h"

#include <stdio.h>
#include <string.h>

static void take_session(struct evidence *ev, struct evidence_session *to, const struct world_session *from)
{
	char span[CLOCK_SPAN_LEN];
	const struct snap *snap = from->router->snap;

	to->router = from->router->conf->name;
	to->os = from->router->conf->os;
	to->s = from->s;
	to->exchange = from->exchange;
	to->stale = from->stale;
	to->was_established = from->s->state == BGP_ESTABLISHED ? TRI_YES : TRI_UNKNOWN;
	to->basis = basis_known(ev, snap != NULL ? snap->taken_wall_ms : -1, "%s, read %s ago", to->router,
	    clock_span(from->age_ms / 1000, span));
}

static bool whole(const struct world_router *r)
{
	return r->snap != NULL && r->snap->rows_seen == r->snap->rows_parsed;
}

/* A session that is not there is missing only if every router was read, wholly and lately. */
static void take_routers(struct evidence *ev, const struct world *w)
{
	for (size_t i = 0; i < w->router_count; i++) {
		bool stale = false;

		world_router_age(w, &w->routers[i], &stale);
		if (!stale && whole(&w->routers[i]))
			continue;
		ev->routers = basis_missing(ev, "reach %s and read all of its sessions", w->routers[i].conf->name);
		return;
	}
	if (w->router_count > 0)
		ev->routers = basis_known(ev, w->now_wall_ms, "%zu routers", w->router_count);
}

static enum tri assigned_of(struct text status)
{
	static const char *const yes[] = { "ok", "assigned", "allocated" }, *const no[] = { "missing", "available", "reserved" };

	for (size_t i = 0; text_known(status) && i < ARRAY_LEN(yes); i++)
		if (strcmp(status.s, yes[i]) == 0)
			return TRI_YES;
	for (size_t i = 0; text_known(status) && i < ARRAY_LEN(no); i++)
		if (strcmp(status.s, no[i]) == 0)
			return TRI_NO;
	return TRI_UNKNOWN;
}

static struct basis row_basis(struct evidence *ev, const struct peer *p)
{
	return basis_known(ev, p->fetched_wall_ms > 0 ? p->fetched_wall_ms : -1, "PeeringDB net %u", p->net_id);
}

static void take_peer(struct evidence *ev, const struct peer_set *peers, const struct config *config)
{
	ev->peer = peer_set_find(peers, ev->asn);
	ev->us = peer_set_find(peers, ev->local_as);
	ev->peer_absent = ev->peer == NULL && peer_set_absent(peers, ev->asn);
	if (ev->peer != NULL)
		ev->peer_basis = row_basis(ev, ev->peer);
	else if (ev->peer_absent)
		ev->peer_basis = basis_known(ev, peers->oldest_wall_ms > 0 ? peers->oldest_wall_ms : -1, "PeeringDB, which has no AS%u", ev->asn);
	else if (config != NULL && !config->pdb.enabled)
		ev->peer_basis = basis_missing(ev, "import PeeringDB data about AS%u, or allow asking (peeringdb { enabled = yes })", ev->asn);
	if (ev->us != NULL)
		ev->us_basis = row_basis(ev, ev->us);
	if (ev->peer != NULL && assigned_of(ev->peer->rir_status) != TRI_UNKNOWN) {
		ev->registry.basis = ev->peer_basis;
		ev->registry.assigned = assigned_of(ev->peer->rir_status);
		ev->registry.registry = (struct text){ arena_printf(ev->arena, "registry status \"%s\" in PeeringDB", ev->peer->rir_status.s) };
	}
}

static int session_with(const struct evidence *ev, const struct addr *a)
{
	int down = -1;

	for (size_t i = 0; i < ev->session_count; i++) {
		if (!addr_equal(&ev->sessions[i].s->peer, a))
			continue;
		if (ev->sessions[i].s->state == BGP_ESTABLISHED && !ev->sessions[i].stale)
			return (int)i;
		down = (int)i;
	}
	return down;
}

/* Whether `us` has an address of this kind on the LAN; adds up the speed of its ports there. */
static bool also_there(const struct peer *us, uint32_t ixlan, int ip, int64_t *speed)
{
	bool there = false;

	*speed = -1;
	for (size_t i = 0; i < us->presence_count; i++) {
		const struct presence *p = &us->presence[i];
		const struct addr *a = ip == 6 ? &p->ip6 : &p->ip4;

		if (p->ixlan_id != ixlan || a->family == ADDR_NONE || p->operational == TRI_NO)
			continue;
		there = true;
		if (p->speed_mbit >= 0)
			*speed = (*speed < 0 ? 0 : *speed) + p->speed_mbit;
	}
	return there;
}

void evidence_meet(struct evidence *ev, const struct peer *us, const struct peer *them)
{
	ev->meetings = arena_alloc(ev->arena, (them->presence_count * 2 + 1) * sizeof(*ev->meetings));
	ev->meeting_count = 0;
	for (size_t i = 0; i < them->presence_count; i++) {
		const struct presence *p = &them->presence[i];

		for (int ip = 4; ip <= 6; ip += 2) {
			const struct addr *a = ip == 6 ? &p->ip6 : &p->ip4;
			int64_t speed;

			if (a->family == ADDR_NONE || !also_there(us, p->ixlan_id, ip, &speed))
				continue;
			ev->meetings[ev->meeting_count++] = (struct meeting){ .ix_id = p->ix_id, .ixlan_id = p->ixlan_id, .exchange = p->ix_name,
				.ip = ip, .peer = *a, .operational = p->operational, .rs_peer = p->rs_peer, .speed_mbit = p->speed_mbit,
				.our_speed_mbit = speed, .session = session_with(ev, a) };
		}
	}
	ev->meetings_basis = basis_known(ev, them->fetched_wall_ms > 0 ? them->fetched_wall_ms : -1, "PeeringDB nets %u and %u", us->net_id, them->net_id);
}

static void take_book(struct evidence *ev, const struct assemble_input *in)
{
	const struct book_network *n = book_find(in->book, ev->asn);
	static const enum auth_kind kinds[] = { AUTH_NONE, AUTH_MD5, AUTH_TCP_AO };
	static const char *const words[] = { "none", "md5", "tcp-ao" };

	if (in->book == NULL || n == NULL || text_empty(n->field[BOOK_AUTH]))
		return;
	for (size_t i = 0; i < ARRAY_LEN(kinds); i++)
		if (strcmp(n->field[BOOK_AUTH].s, words[i]) == 0) {
			ev->agreed_auth.kind = kinds[i];
			ev->agreed_auth.basis = basis_known(ev, n->edited_wall_ms[BOOK_AUTH] > 0 ? n->edited_wall_ms[BOOK_AUTH] : -1, "contact book: auth = %s", words[i]);
			return;
		}
	ev->agreed_auth.basis = basis_missing(ev, "the contact book says auth = %.40s: write none, md5 or tcp-ao", n->field[BOOK_AUTH].s);
}

static void take_ladder(struct evidence *ev, const struct assemble_input *in)
{
	const struct registered *registered = registered_find(in->w->registered, ev->asn);
	struct ladder *l = arena_alloc(ev->arena, sizeof(*l));
	const struct exchange *const *common = NULL;
	size_t n = ladder_common_exchanges(ev->arena, in->w->peers, ev->local_as, ev->asn, &common);

	ladder_build(ev->arena, &(struct ladder_input){ .asn = ev->asn, .book = in->book, .peers = in->w->peers, .calls = in->calls,
		.exchanges = common, .exchange_count = n, .registered = in->w->registered, .now_wall_ms = ev->now_wall_ms }, l);
	ev->ladder = l;
	if (registered != NULL && registered->asked_wall_ms > 0)
		ev->rdap = basis_known(ev, registered->asked_wall_ms, "RDAP");
	else if (registered != NULL)
		ev->rdap = basis_missing(ev, "%s", text_or(registered->trouble, "RDAP is being asked: wait"));
}

void evidence_assemble(struct evidence *ev, struct arena *a, asn_t asn, const struct assemble_input *in)
{
	evidence_init(ev, a, asn, in->w->config != NULL ? in->w->config->local_as : ASN_UNKNOWN, in->w->now_wall_ms);
	evidence_sessions(ev, in->row_count);
	for (size_t i = 0; i < in->row_count; i++)
		take_session(ev, &ev->sessions[i], in->rows[i]);
	take_routers(ev, in->w);
	take_peer(ev, in->w->peers, in->w->config);
	if (ev->peer != NULL && ev->us != NULL)
		evidence_meet(ev, ev->us, ev->peer);
	take_ladder(ev, in);
	take_book(ev, in);
}

/* The same session with the roles of the two ends exchanged. */
static void mirror_session(struct evidence *out, struct evidence_session *to, const struct evidence_session *from)
{
	struct session *s = arena_alloc(out->arena, sizeof(*s));
	static const char theirs[] = "only the peer can see this on its own router";

	*to = *from;
	*s = *from->s;
	s->peer = from->s->local;
	s->local = from->s->peer;
	s->received = from->s->advertised;
	s->accepted = COUNT_UNKNOWN;
	s->advertised = from->s->received;
	s->max_prefixes = COUNT_UNKNOWN;
	s->import_policy = s->export_policy = (struct text){ NULL };
	to->s = s;
	to->received = from->advertised;
	to->received.after_policy = false;
	to->received.registered = from->advertised.own_macro;
	to->received.filter.basis = (struct basis){ .wall_ms = -1, .missing = { theirs } };
	to->advertised = (struct prefix_facts){ .basis = { .wall_ms = -1, .missing = { theirs } }, .longest = -1,
		.own_macro = { .basis = { .wall_ms = -1, .missing = { theirs } } } };
	to->slope_basis = (struct basis){ .wall_ms = -1, .missing = { theirs } };
}

void evidence_mirror(const struct evidence *ev, const struct peer_set *peers, const struct ladder *ours, struct evidence *out, struct arena *a)
{
	evidence_init(out, a, ev->local_as, ev->asn, ev->now_wall_ms);
	evidence_sessions(out, ev->session_count);
	for (size_t i = 0; i < ev->session_count; i++)
		mirror_session(out, &out->sessions[i], &ev->sessions[i]);
	out->routers = ev->routers;
	for (size_t i = 0; i < out->session_count; i++)
		if (out->sessions[i].s->peer.family == ADDR_NONE)
			out->routers = basis_missing(out, "our own address on every session, which %s does not tell", out->sessions[i].router);
	out->peer = ev->us;
	out->us = ev->peer;
	out->peer_basis = ev->us_basis;
	out->us_basis = ev->peer_basis;
	out->peer_absent = ev->us == NULL && peer_set_absent(peers, ev->local_as);
	if (out->peer != NULL && assigned_of(out->peer->rir_status) != TRI_UNKNOWN) {
		out->registry.basis = out->peer_basis;
		out->registry.assigned = assigned_of(out->peer->rir_status);
		out->registry.registry = out->peer->rir_status;
	}
	if (out->peer != NULL && out->us != NULL)
		evidence_meet(out, out->us, out->peer);
	memcpy(out->consistent, ev->sent, sizeof(out->consistent));
	out->visible.basis = ev->own_visible.basis;
	out->visible.seen = ev->own_visible.seen;
	out->visible.where = ev->own_visible.where;
	out->vrps.basis = ev->vrps.basis;
	out->vrps.vrps = ev->vrps.vrps;
	out->ladder = ours;
	out->irr.basis = ev->own_irr.basis;
	out->irr.macro = ev->own_irr.macro;
	out->irr.prefixes4 = ev->own_irr.prefixes4;
	out->irr.prefixes6 = ev->own_irr.prefixes6;
	out->traffic = ev->traffic;
	out->traffic.in_avg_bps = ev->traffic.out_avg_bps;
	out->traffic.out_avg_bps = ev->traffic.in_avg_bps;
	out->traffic.in_p95_bps = ev->traffic.out_p95_bps;
	out->traffic.out_p95_bps = ev->traffic.in_p95_bps;
	out->ports = ev->ports;
	out->port_count = ev->port_count;
	out->agreed_auth = ev->agreed_auth;
}
