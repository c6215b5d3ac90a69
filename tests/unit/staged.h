/*
 * A peer that meets every clause of the three policies, for tests to take away from: two sessions at two common
 * exchanges, both families, all evidence there.
 */
#ifndef PEERDECK_TESTS_STAGED_H
#define PEERDECK_TESTS_STAGED_H

#include "core/judge/verdict.h"

#include <string.h>

enum { STAGED_ASN = 200001, STAGED_SESSIONS = 4, STAGED_WINDOWS = 6 };
#define STAGED_NOW INT64_C(1795772000000) /* 2026-11-27 */
#define STAGED_DAY INT64_C(86400000)

struct staged {
	struct arena *arena;
	struct evidence ev;
	struct session sessions[STAGED_SESSIONS];
	struct exchange exchanges[2];
	struct peer peer, us;
	struct presence ports[2], our_ports[2];
	struct contact contacts[3];
	struct rung rungs[3];
	struct ladder ladder;
	struct quality_window windows[STAGED_WINDOWS];
	struct port_facts port_facts[2];
	struct text examples[3];
	struct difference differences[1];
	struct attestation attestations[2];
	struct waiver waivers[2];
};

static inline struct addr staged_addr(const char *s)
{
	struct addr a = { 0 };

	addr_parse(slice_of(s), &a);
	return a;
}

static inline struct basis staged_basis(struct staged *t, const char *source)
{
	return basis_known(&t->ev, STAGED_NOW - 60000, "%s", source);
}

static inline struct tally staged_tally(struct staged *t, const char *source)
{
	return (struct tally){ .basis = staged_basis(t, source), .good = 100, .bad = 0, .open = 0 };
}

static inline void staged_session(struct staged *t, size_t i)
{
	static const char *const addresses[] = { "192.0.2.7", "2001:db8:1::7", "198.51.100.7", "2001:db8:2::7" };
	struct evidence_session *s = &t->ev.sessions[i];
	bool six = i % 2 == 1;

	session_init(&t->sessions[i]);
	t->sessions[i].neighbor = (struct text){ addresses[i] };
	t->sessions[i].peer = staged_addr(addresses[i]);
	t->sessions[i].vrf = TEXT_LIT("");
	t->sessions[i].remote_as = STAGED_ASN;
	t->sessions[i].family = six ? AF_IPV6_UNICAST : AF_IPV4_UNICAST;
	t->sessions[i].state = BGP_ESTABLISHED;
	t->sessions[i].auth = AUTH_MD5;
	t->sessions[i].max_prefixes = six ? 150 : 250;
	t->sessions[i].received = 100;
	t->sessions[i].import_policy = TEXT_LIT("peer-in");
	s->router = i < 2 ? "r1" : "r2";
	s->os = "frr";
	s->s = &t->sessions[i];
	s->exchange = &t->exchanges[i / 2];
	s->basis = staged_basis(t, s->router);
	s->was_established = TRI_YES;
	s->port = (int)(i / 2);
	s->received.basis = staged_basis(t, "received routes");
	s->received.count = 100;
	s->received.longest = six ? 48 : 24;
	s->received.longest_prefix = six ? TEXT_LIT("2001:db8:1234::/48") : TEXT_LIT("203.0.113.0/24");
	s->received.registered = staged_tally(t, "RADB");
	s->received.rpki = staged_tally(t, "vrps.json");
	s->received.seen_elsewhere = staged_tally(t, "r9");
	s->received.next_hops = staged_tally(t, "received routes");
	s->advertised.basis = staged_basis(t, "advertised routes");
	s->advertised.own_macro = staged_tally(t, "RADB");
	s->quality = (struct quality_facts){ .basis = staged_basis(t, "ping"), .windows = t->windows, .window_count = STAGED_WINDOWS, .baseline_ms = 10 };
}

static inline void staged_networks(struct staged *t)
{
	static const struct { const char *v4, *v6, *our4, *our6; } lans[] = {
		{ "192.0.2.7", "2001:db8:1::7", "192.0.2.1", "2001:db8:1::1" },
		{ "198.51.100.7", "2001:db8:2::7", "198.51.100.1", "2001:db8:2::1" },
	};

	for (uint32_t i = 0; i < 2; i++) {
		struct text name = { i ? "Beta-IX" : "Alpha-IX" };

		t->exchanges[i] = (struct exchange){ .ix_id = i + 1, .ixlan_id = i + 1, .name = name };
		t->ports[i] = (struct presence){ .ix_id = i + 1, .ixlan_id = i + 1, .ix_name = name, .ip4 = staged_addr(lans[i].v4),
			.ip6 = staged_addr(lans[i].v6), .speed_mbit = 10000, .operational = TRI_YES, .rs_peer = TRI_NO };
		t->our_ports[i] = t->ports[i];
		t->our_ports[i].ip4 = staged_addr(lans[i].our4);
		t->our_ports[i].ip6 = staged_addr(lans[i].our6);
		t->port_facts[i] = (struct port_facts){ .basis = staged_basis(t, "counters"), .router = i ? "r2" : "r1", .interface = TEXT_LIT("eth0"),
			.private_port = TRI_NO, .speed_mbit = 10000, .in_p95_bps = 3e9, .out_p95_bps = 4e9, .window_s = 86400 * 30, .covered_s = 86400 * 29 };
	}
	t->peer = (struct peer){ .asn = STAGED_ASN, .net_id = 7, .name = TEXT_LIT("Example"), .policy_general = TEXT_LIT("Open"),
		.info_type = TEXT_LIT("NSP"), .irr_as_set = TEXT_LIT("AS-EXAMPLE"), .info_prefixes4 = 200, .info_prefixes6 = 100,
		.website = TEXT_LIT("https://example.net"), .contacts_seen = CONTACTS_ALL, .contacts = t->contacts, .contact_count = 3,
		.presence = t->ports, .presence_count = 2, .fetched_wall_ms = STAGED_NOW - 3600000, .updated_wall_ms = STAGED_NOW - 30 * STAGED_DAY };
	t->us = t->peer;
	t->us.asn = 211562;
	t->us.net_id = 8;
	t->us.presence = t->our_ports;
	t->ev.ports = t->port_facts;
	t->ev.port_count = 2;
}

static inline void staged_people(struct staged *t)
{
	static const char *const roles[] = { "NOC", "Technical", "Abuse" };
	static const char *const mails[] = { "noc@example.net", "tech@example.net", "abuse@example.net" };

	for (size_t i = 0; i < 3; i++) {
		t->contacts[i] = (struct contact){ .role = { roles[i] }, .phone = i < 2 ? (struct text){ i ? "+49 2" : "+49 1" } : (struct text){ "" }, .email = { mails[i] } };
		t->rungs[i] = (struct rung){ .source = RUNG_PEERINGDB, .role = { roles[i] }, .phone = t->contacts[i].phone, .email = t->contacts[i].email,
			.proven_wall_ms = -1, .as_of_wall_ms = STAGED_NOW - 3600000, .expires_wall_ms = -1, .wrong_wall_ms = -1, .changed_wall_ms = -1 };
	}
	t->ladder = (struct ladder){ .asn = STAGED_ASN, .rungs = t->rungs, .count = 3, .seen = CONTACTS_ALL, .known = true };
	t->ev.ladder = &t->ladder;
}

static inline void staged_windows(struct staged *t)
{
	for (int i = 0; i < STAGED_WINDOWS; i++)
		t->windows[i] = (struct quality_window){ .wall_ms = STAGED_NOW - 60000 * (i + 1), .sent = 20, .received = 20, .min_ms = 9, .avg_ms = 10,
			.p95_ms = 12, .jitter_ms = 1 };
}

static inline void staged_meetings(struct staged *t)
{
	t->ev.meetings = arena_alloc(t->arena, STAGED_SESSIONS * sizeof(*t->ev.meetings));
	t->ev.meeting_count = STAGED_SESSIONS;
	t->ev.meetings_basis = staged_basis(t, "PeeringDB nets 8 and 7");
	for (int i = 0; i < STAGED_SESSIONS; i++)
		t->ev.meetings[i] = (struct meeting){ .ix_id = (uint32_t)i / 2 + 1, .exchange = t->exchanges[i / 2].name, .ip = i % 2 ? 6 : 4,
			.peer = t->sessions[i].peer, .operational = TRI_YES, .rs_peer = TRI_NO, .speed_mbit = 10000, .our_speed_mbit = 10000, .session = i };
}

static inline void staged_init(struct staged *t)
{
	memset(t, 0, sizeof(*t));
	t->arena = arena_new();
	evidence_init(&t->ev, t->arena, STAGED_ASN, 211562, STAGED_NOW);
	evidence_sessions(&t->ev, STAGED_SESSIONS);
	staged_networks(t);
	staged_windows(t);
	for (size_t i = 0; i < STAGED_SESSIONS; i++)
		staged_session(t, i);
	staged_people(t);
	staged_meetings(t);
	t->ev.peer = &t->peer;
	t->ev.us = &t->us;
	t->ev.peer_basis = staged_basis(t, "PeeringDB net 7");
	t->ev.us_basis = staged_basis(t, "PeeringDB net 8");
	t->ev.routers = staged_basis(t, "2 routers");
	t->ev.registry.basis = staged_basis(t, "PeeringDB net 7");
	t->ev.registry.assigned = TRI_YES;
	t->ev.rdap = staged_basis(t, "RDAP");
	t->ev.visible.basis = staged_basis(t, "r9");
	t->ev.visible.seen = TRI_YES;
	for (int i = 0; i < 2; i++)
		t->ev.consistent[i] = (struct consistency){ .basis = staged_basis(t, "received routes"), .compared = 2, .total = 100, .in_all = 100 };
	t->ev.traffic = (struct traffic_facts){ .basis = staged_basis(t, "Prometheus"), .in_avg_bps = 2e9, .out_avg_bps = 3e9, .in_p95_bps = 3e9,
		.out_p95_bps = 4e9, .window_s = 86400 * 30, .covered_s = 86400 * 29, .samples = 8000 };
	t->ev.flow = (struct flow_facts){ .basis = staged_basis(t, "flows"), .unannounced_bps = 0, .total_bps = 2e9 };
	t->ev.agreed_auth.basis = staged_basis(t, "contact book");
	t->ev.agreed_auth.kind = AUTH_MD5;
}

static inline void staged_fini(struct staged *t)
{
	arena_free(t->arena);
}

#endif
