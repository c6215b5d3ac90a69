/* Checks about exchanges: their rules, sessions at all common ones, ports. */
#include "core/judge/check_table.h"
#include "core/base/clock.h"

#include <string.h>

static const struct presence *port_on(const struct peer *p, const struct exchange *x, const struct addr *a)
{
	for (size_t i = 0; i < p->presence_count; i++) {
		const struct presence *at = &p->presence[i];

		if ((addr_equal(&at->ip4, a) || addr_equal(&at->ip6, a)) && (at->ixlan_id == x->ixlan_id || at->ix_id == x->ix_id))
			return at;
	}
	return NULL;
}

static void address_rule(const struct evidence *ev, const struct evidence_session *s, struct judgement *j)
{
	const char *about = find_session(j, s), *where = text_or(s->exchange->name, "the exchange");
	const struct presence *port;
	char address[ADDR_STRLEN];

	if (s->s->peer.family == ADDR_NONE) {
		find_unknown(j, about, &(struct basis){ .source = s->basis.source, .wall_ms = s->basis.wall_ms,
			.missing = TEXT_LIT("the address of this end of the session") }, "its address at %s is not known", where);
		return;
	}
	addr_print(&s->s->peer, address);
	if (ev->peer == NULL && !ev->peer_absent) {
		find_unknown(j, about, &ev->peer_basis, "whose port %s is at %s is not known", address, where);
		return;
	}
	port = ev->peer != NULL ? port_on(ev->peer, s->exchange, &s->s->peer) : NULL;
	if (port == NULL)
		find_fail(j, about, &ev->peer_basis, "%s is on the LAN of %s and not AS%u's port there", address, where, ev->asn);
	else if (port->operational == TRI_NO)
		find_fail(j, about, &ev->peer_basis, "its port at %s is marked as not operational", where);
	else
		find_pass(j, about, &ev->peer_basis, "%s is its port at %s", address, where);
}

static void next_hop_rule(const struct evidence_session *s, struct judgement *j)
{
	const struct tally *t = &s->received.next_hops;
	const char *about = find_session(j, s);

	if (!t->basis.known)
		find_unknown(j, about, &t->basis, "the next hops of its routes are not known");
	else if (t->bad > 0)
		find_fail(j, about, &t->basis, "%lld routes with a next hop that is not its own port: %s", (long long)t->bad,
		    find_examples(j, t->examples, t->example_count, t->bad));
	else
		find_pass(j, about, &t->basis, "every route has its own port as next hop");
}

void check_ix_rules(const struct evidence *ev, const struct clause *c, struct judgement *j)
{
	const struct evidence_session *s;
	size_t at = 0, there = 0;

	(void)c;
	while ((s = find_live(ev, j, &at)) != NULL) {
		if (s->exchange == NULL)
			continue;
		there++;
		address_rule(ev, s, j);
		next_hop_rule(s, j);
	}
	if (there == 0 && ev->session_count > 0 && ev->us == NULL) {
		find_unknown(j, NULL, &ev->us_basis, "which sessions run over an exchange is not known");
		return;
	}
	if (there == 0 && ev->session_count > 0 && at > 0) {
		for (size_t i = 0; i < ev->session_count; i++)
			if (ev->sessions[i].exchange == NULL && ev->sessions[i].s->state == BGP_ESTABLISHED && !ev->sessions[i].stale) {
				find_pass(j, NULL, &ev->sessions[i].basis, "no session runs over an exchange");
				return;
			}
	}
	find_no_session(ev, j, "how it behaves at exchanges is not known");
}

/* One address of theirs where we are too. */
static void meet(const struct evidence *ev, const struct clause *c, const struct meeting *m, struct judgement *j)
{
	const struct evidence_session *s = m->session >= 0 ? &ev->sessions[m->session] : NULL;
	char address[ADDR_STRLEN], span[CLOCK_SPAN_LEN];
	const char *where = text_or(m->exchange, "a common exchange");

	addr_print(&m->peer, address);
	if (m->operational == TRI_NO)
		find_note(j, where, &ev->meetings_basis, "%s is marked as not operational: no session is expected", address);
	else if (s == NULL && m->rs_peer == TRI_YES && c->values[P_IXPS_RS])
		find_note(j, where, &ev->meetings_basis, "%s peers through the route server", address);
	else if (s == NULL && !ev->routers.known)
		find_unknown(j, where, &ev->routers, "no session with %s on the routers that were read", address);
	else if (s == NULL)
		find_fail(j, where, &ev->meetings_basis, "no session with %s (IPv%d)", address, m->ip);
	else if (s->s->state == BGP_ESTABLISHED)
		find_pass(j, where, &s->basis, "session with %s on %s", address, s->router);
	else if (s->stale)
		find_unknown(j, where, &(struct basis){ .source = s->basis.source, .wall_ms = s->basis.wall_ms, .missing = TEXT_LIT("reach its router again") },
		    "the state of the session with %s is too old", address);
	else if (s->s->admin_down == TRI_YES)
		find_note(j, where, &s->basis, "session with %s on %s is shut by us", address, s->router);
	else if (s->s->since_s >= 0 && s->s->since_s < c->values[P_IXPS_GRACE])
		find_note(j, where, &s->basis, "session with %s on %s is down for %s only", address, s->router, clock_span(s->s->since_s, span));
	else
		find_fail(j, where, &s->basis, "session with %s on %s is configured and not up%s%s", address, s->router,
		    s->s->since_s >= 0 ? ", for " : "", s->s->since_s >= 0 ? clock_span(s->s->since_s, span) : "");
}

void check_all_common_ixps(const struct evidence *ev, const struct clause *c, struct judgement *j)
{
	if (!ev->meetings_basis.known) {
		find_unknown(j, NULL, &ev->meetings_basis, "which exchanges are common is not known");
		return;
	}
	for (size_t i = 0; i < ev->meeting_count; i++)
		meet(ev, c, &ev->meetings[i], j);
	if (ev->meeting_count == 0)
		find_pass(j, NULL, &ev->meetings_basis, "no exchange is common to both");
	else
		find_pass(j, NULL, &ev->meetings_basis, "%zu addresses at common exchanges were looked at", ev->meeting_count);
}

/* Ports at one exchange that both could use: the smaller number of the two sides. */
static int64_t ports_of(const struct peer *p, uint32_t ixlan, const struct clause *c, bool *unknown)
{
	int64_t speed = c->values[P_CAPACITY_SPEED] / 1000000, n = 0;

	for (size_t i = 0; i < p->presence_count; i++) {
		const struct presence *at = &p->presence[i];

		if (at->ixlan_id != ixlan || at->operational == TRI_NO)
			continue;
		if (at->speed_mbit < 0)
			*unknown = true;
		else if (at->speed_mbit >= speed)
			n += c->values[P_CAPACITY_LAG] && speed > 0 ? at->speed_mbit / speed : 1;
	}
	return n;
}

static bool seen_before(const struct peer *p, size_t i)
{
	for (size_t k = 0; k < i; k++)
		if (p->presence[k].ixlan_id == p->presence[i].ixlan_id)
			return true;
	return false;
}

static int64_t exchange_ports(const struct evidence *ev, const struct clause *c, struct judgement *j, bool *unknown)
{
	int64_t sum = 0;

	for (size_t i = 0; i < ev->peer->presence_count; i++) {
		const struct presence *at = &ev->peer->presence[i];
		bool there = false, odd = false;
		int64_t theirs, ours;

		for (size_t k = 0; k < ev->us->presence_count; k++)
			there = there || ev->us->presence[k].ixlan_id == at->ixlan_id;
		if (!there || seen_before(ev->peer, i))
			continue;
		theirs = ports_of(ev->peer, at->ixlan_id, c, &odd);
		ours = ports_of(ev->us, at->ixlan_id, c, &odd);
		*unknown = *unknown || odd;
		sum += theirs < ours ? theirs : ours;
		find_note(j, text_or(at->ix_name, "exchange"), &ev->peer_basis, "they %lld, we %lld ports of the asked speed", (long long)theirs, (long long)ours);
	}
	return sum;
}

static int64_t private_ports(const struct evidence *ev, const struct clause *c, struct judgement *j, bool *unknown)
{
	int64_t speed = c->values[P_CAPACITY_SPEED] / 1000000, sum = 0;

	for (size_t i = 0; i < ev->session_count; i++) {
		const struct evidence_session *s = &ev->sessions[i];

		*unknown = *unknown || (s->exchange == NULL && s->port < 0 && s->s->state == BGP_ESTABLISHED);
	}

	for (size_t i = 0; i < ev->port_count; i++) {
		const struct port_facts *p = &ev->ports[i];

		if (p->private_port == TRI_NO)
			continue;
		/* Whether others are behind it may not be known yet. */
		*unknown = *unknown || p->speed_mbit < 0 || (p->private_port == TRI_UNKNOWN && p->speed_mbit >= speed);
		if (p->private_port == TRI_UNKNOWN)
			continue;
		if (p->speed_mbit >= speed)
			sum += c->values[P_CAPACITY_LAG] && speed > 0 ? p->speed_mbit / speed : 1;
		find_note(j, p->router, &p->basis, "private port %s of %lld Mbit/s", text_or(p->interface, "?"), (long long)p->speed_mbit);
	}
	return sum;
}

void check_min_capacity(const struct evidence *ev, const struct clause *c, struct judgement *j)
{
	int64_t need = c->values[P_CAPACITY_PORTS], have = 0;
	bool unknown = false;
	char speed[PARAM_WORDS_LEN];

	have = private_ports(ev, c, j, &unknown);
	if (ev->peer != NULL && ev->us != NULL)
		have += exchange_ports(ev, c, j, &unknown);
	else if (!(ev->peer_absent && ev->peer == NULL))
		unknown = true;
	rate_words((double)c->values[P_CAPACITY_SPEED], speed);
	if (have >= need)
		find_pass(j, NULL, &ev->peer_basis, "%lld ports of %s in common locations", (long long)have, speed);
	else if (unknown)
		find_unknown(j, NULL, ev->peer == NULL ? &ev->peer_basis : ev->us == NULL ? &ev->us_basis :
		    &(struct basis){ .wall_ms = -1, .missing = TEXT_LIT("the speed of every port, and whether other networks are behind it") },
		    "%lld ports of %s are known, %lld are asked for", (long long)have, speed, (long long)need);
	else
		find_fail(j, NULL, &ev->peer_basis, "%lld ports of %s in common locations, %lld are asked for", (long long)have, speed, (long long)need);
}
