/* Checks about the network itself: its number, its visibility, its entry in PeeringDB. */
#include "core/judge/check_table.h"
#include "core/base/clock.h"

#include <stdio.h>
#include <string.h>

void check_asn_public(const struct evidence *ev, const struct clause *c, struct judgement *j)
{
	const struct basis iana = { .known = true, .wall_ms = -1, .source = TEXT_LIT("IANA special-purpose AS numbers") };

	(void)c;
	if (asn_is_special(ev->asn)) {
		find_fail(j, NULL, &iana, "AS%u is reserved, for private use or unallocated", ev->asn);
		return;
	}
	if (ev->registry.basis.known && ev->registry.assigned == TRI_NO)
		find_fail(j, NULL, &ev->registry.basis, "no registry has assigned AS%u (%s)", ev->asn, text_or(ev->registry.registry, "status unknown"));
	else if (ev->registry.basis.known && ev->registry.assigned == TRI_YES)
		find_pass(j, NULL, &ev->registry.basis, "AS%u is assigned (%s)", ev->asn, text_or(ev->registry.registry, "by a registry"));
	else if (ev->peer != NULL) /* it takes only numbers that a registry knows */
		find_pass(j, NULL, &ev->peer_basis, "AS%u is a public number and has an entry in PeeringDB", ev->asn);
	else
		find_unknown(j, NULL, &ev->registry.basis, "AS%u is a public number; whether it is assigned is not known", ev->asn);
}

void check_asn_visible(const struct evidence *ev, const struct clause *c, struct judgement *j)
{
	(void)c;
	if (!ev->visible.basis.known || ev->visible.seen == TRI_UNKNOWN)
		find_unknown(j, NULL, &ev->visible.basis, "whether AS%u is seen by others is not known", ev->asn);
	else if (ev->visible.seen == TRI_YES)
		find_pass(j, NULL, &ev->visible.basis, "AS%u is seen by others%s%s", ev->asn, text_empty(ev->visible.where) ? "" : ": ",
		    text_or(ev->visible.where, ""));
	else
		find_fail(j, NULL, &ev->visible.basis, "AS%u is not seen but by itself", ev->asn);
}

void check_bgp_capable(const struct evidence *ev, const struct clause *c, struct judgement *j)
{
	const struct evidence_session *was = NULL;

	(void)c;
	for (size_t i = 0; i < ev->session_count; i++) {
		const struct evidence_session *s = &ev->sessions[i];

		if (s->s->state == BGP_ESTABLISHED) {
			find_pass(j, find_session(j, s), &s->basis, "%s", s->stale ? "was Established when last read" : "is Established");
			return;
		}
		if (s->was_established == TRI_YES)
			was = s;
	}
	if (was != NULL)
		find_pass(j, find_session(j, was), &was->basis, "has been Established");
	else
		find_no_session(ev, j, "its router has not shown that it speaks BGP");
}

static bool has_ports(const struct peer *p)
{
	return p->presence_count > 0;
}

static bool has_contact(const struct peer *p)
{
	for (size_t i = 0; i < p->contact_count; i++)
		if (!text_empty(p->contacts[i].phone) || !text_empty(p->contacts[i].email))
			return true;
	return false;
}

static void need_contact(const struct evidence *ev, struct judgement *j)
{
	const struct basis key = { .wall_ms = ev->peer_basis.wall_ms, .source = ev->peer_basis.source,
		.missing = TEXT_LIT("a PeeringDB API key, to see contacts that are visible to users only") };

	if (has_contact(ev->peer))
		return;
	if (ev->peer->contacts_seen == CONTACTS_ALL)
		find_fail(j, "contact", &ev->peer_basis, "no contact is published");
	else
		find_unknown(j, "contact", &key, "no public contact; there may be others");
}

/* What is asked for and not there. */
static void need_fields(const struct evidence *ev, int64_t need, struct judgement *j)
{
	const struct peer *p = ev->peer;
	const struct {
		int what;
		bool there;
		const char *about, *words;
	} fields[] = {
		{ NEED_AS_SET, !text_empty(p->irr_as_set), "as-set", "no IRR as-set is published" },
		{ NEED_PREFIXES, p->info_prefixes4 > 0 || p->info_prefixes6 > 0, "prefixes", "no number of prefixes is published" },
		{ NEED_POLICY, !text_empty(p->policy_general), "policy", "no peering policy is published" },
		{ NEED_TYPE, !text_empty(p->info_type), "type", "no network type is published" },
		{ NEED_PORTS, has_ports(p), "ports", "no port at any exchange is published" },
		{ NEED_WEBSITE, !text_empty(p->website), "website", "no website is published" },
	};

	for (size_t i = 0; i < ARRAY_LEN(fields); i++)
		if ((need & (INT64_C(1) << fields[i].what)) != 0 && !fields[i].there)
			find_fail(j, fields[i].about, &ev->peer_basis, "%s", fields[i].words);
}

static const struct presence *port_of(const struct peer *p, const struct addr *a)
{
	for (size_t i = 0; i < p->presence_count; i++)
		if (addr_equal(&p->presence[i].ip4, a) || addr_equal(&p->presence[i].ip6, a))
			return &p->presence[i];
	return NULL;
}

/* A live session on an exchange says more than the entry does. */
static void accurate_ports(const struct evidence *ev, struct judgement *j)
{
	size_t at = 0;
	const struct evidence_session *s;

	while ((s = find_live(ev, j, &at)) != NULL) {
		const struct presence *port;
		char address[ADDR_STRLEN];

		if (s->exchange == NULL || s->s->peer.family == ADDR_NONE)
			continue;
		port = port_of(ev->peer, &s->s->peer);
		if (port == NULL)
			find_fail(j, find_session(j, s), &ev->peer_basis, "%s at %s is in use and not in the entry", addr_print(&s->s->peer, address),
			    text_or(s->exchange->name, "the exchange"));
		else if (port->operational == TRI_NO)
			find_fail(j, find_session(j, s), &ev->peer_basis, "%s is in use and marked as not operational", addr_print(&s->s->peer, address));
	}
}

void check_peeringdb_complete(const struct evidence *ev, const struct clause *c, struct judgement *j)
{
	int64_t max_age = c->values[P_COMPLETE_AGE], age;
	char span[CLOCK_SPAN_LEN];

	if (ev->peer == NULL && ev->peer_absent) {
		find_fail(j, NULL, &ev->peer_basis, "AS%u has no entry in PeeringDB", ev->asn);
		return;
	}
	if (ev->peer == NULL) {
		find_unknown(j, NULL, &ev->peer_basis, "its PeeringDB entry has not been read");
		return;
	}
	if ((c->values[P_COMPLETE_NEED] & (1 << NEED_CONTACT)) != 0)
		need_contact(ev, j);
	need_fields(ev, c->values[P_COMPLETE_NEED], j);
	accurate_ports(ev, j);
	age = (ev->now_wall_ms - ev->peer->updated_wall_ms) / 1000;
	if (ev->peer->updated_wall_ms > 0 && age > max_age)
		find_fail(j, "age", &ev->peer_basis, "last updated %s ago", clock_span(age, span));
	find_pass(j, NULL, &ev->peer_basis, "what is asked for is filled in%s%s", ev->peer->updated_wall_ms > 0 ? "; updated before " : "",
	    ev->peer->updated_wall_ms > 0 ? clock_span(age, span) : "");
}
