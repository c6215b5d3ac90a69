/*
 * night - a night shift that stands still: the world that the screens are looked at with.
 *
 * Three routers (one whose link is lost, one locked by a changed host key)
 * and sessions in every state an operator meets.  Documentation addresses
 * and AS numbers only (RFC 5737, 3849, 5398).  The clock is the fake one.
 */
#ifndef PEERDECK_TESTS_SCREEN_NIGHT_H
#define PEERDECK_TESTS_SCREEN_NIGHT_H

#include "core/base/clock.h"
#include "core/base/mem.h"
#include "core/act/plan.h"
#include "core/judge/incident.h"
#include "core/model/chronicle.h"
#include "core/model/track.h"
#include "core/model/world.h"
#include "tui/request.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NIGHT_BOOT INT64_C(90000000)
#define NIGHT_WALL INT64_C(1793155512000) /* 02:45:12Z */

struct night {
	struct world w;
	struct config *config;
	struct world_router routers[4];
	struct arena *arena;
	struct journal_line journal[4];
	struct ledger_line ledger[2];
	struct book *book;
	struct calls *calls;
	struct incidents *incidents;
	struct track *track;
	struct chronicle *chronicle;
	struct lately *lately;
};

struct night_session {
	const char *vrf, *neighbor;
	enum afi_safi family;
	asn_t asn;
	enum bgp_state state;
	count_t received, accepted, advertised, limit;
	int64_t since_s;
	const char *description;
	int code, subcode;
	enum direction dir;
	const char *shutdown;
	enum tri admin, tripped;
};

static const struct night_session night_r1[] = {
	{ "", "192.0.2.11", AF_IPV4_UNICAST, 64501, BGP_ESTABLISHED, 812, 800, 120, 1000, 432000, "Alpha peering", 0, 0, DIR_UNKNOWN, NULL, TRI_NO, TRI_NO },
	{ "", "2001:db8:1::a506:4501:1", AF_IPV6_UNICAST, 64501, BGP_ESTABLISHED, 190, 188, 44, 250, 431000, "Alpha peering v6", 0, 0, DIR_UNKNOWN, NULL, TRI_NO, TRI_NO },
	{ "", "192.0.2.12", AF_IPV4_UNICAST, 64502, BGP_ESTABLISHED, 9612, 9600, 120, 10000, 9999, "Bravo", 6, 4, DIR_SENT, NULL, TRI_NO, TRI_NO },
	{ "", "192.0.2.13", AF_IPV4_UNICAST, 64503, BGP_IDLE, 0, 0, 0, 1000, 754, "Charlie", 6, 2, DIR_RECEIVED, "maintenance MNT-4711 until 22:00 UTC", TRI_NO, TRI_NO },
	{ "", "192.0.2.14", AF_IPV4_UNICAST, 64504, BGP_IDLE, COUNT_UNKNOWN, COUNT_UNKNOWN, COUNT_UNKNOWN, 50, 3701, "Delta", 6, 1, DIR_SENT, NULL, TRI_NO, TRI_YES },
	{ "", "192.0.2.15", AF_IPV4_UNICAST, 64505, BGP_IDLE, 0, 0, 0, 500, 86400, "Echo, shut by migration", 6, 2, DIR_SENT, NULL, TRI_YES, TRI_NO },
	{ "", "192.0.2.16", AF_IPV4_UNICAST, 64506, BGP_ACTIVE, 0, 0, 0, 200, -1, "Foxtrot", 4, -1, DIR_SENT, NULL, TRI_NO, TRI_NO },
	{ "", "192.0.2.17", AF_IPV4_UNICAST, 64507, BGP_CONNECT, 0, 0, 0, COUNT_UNKNOWN, 61, "Golf", 0, 0, DIR_UNKNOWN, NULL, TRI_NO, TRI_NO },
	{ "", "192.0.2.18", AF_IPV4_UNICAST, 64508, BGP_OPENSENT, 0, 0, 0, 100, 4, "Hotel", 2, 2, DIR_RECEIVED, NULL, TRI_NO, TRI_NO },
	{ "", "192.0.2.19", AF_IPV4_UNICAST, 64509, BGP_ESTABLISHED, 45, 45, 0, 100, 7200, "India", 0, 0, DIR_UNKNOWN, NULL, TRI_NO, TRI_NO },
	{ "customers", "203.0.113.9", AF_IPV4_UNICAST, 4200000001u, BGP_ESTABLISHED, 190044, 190001, 3, 220000, 40000000, "Transit customer with a long name", 0, 0, DIR_UNKNOWN, NULL, TRI_UNKNOWN, TRI_UNKNOWN },
	{ "", "198.51.100.77", AF_IPV4_UNICAST, 65551, BGP_IDLE, 0, 0, 0, 500, 1200, "Juliett", 6, 2, DIR_SENT, NULL, TRI_YES, TRI_NO },
};

static const struct night_session night_edge2[] = {
	{ "", "192.0.2.21", AF_IPV4_UNICAST, 64501, BGP_ESTABLISHED, 811, 799, 120, 1000, 86400 * 40, "Alpha peering", 0, 0, DIR_UNKNOWN, NULL, TRI_NO, TRI_NO },
	{ "", "192.0.2.22", AF_IPV4_UNICAST, 64502, BGP_ESTABLISHED, 9611, 9600, 120, 20000, 86400 * 400, "Bravo", 0, 0, DIR_UNKNOWN, NULL, TRI_NO, TRI_NO },
	{ "", "2001:db8:1::a506:4502:1", AF_IPV6_UNICAST, 64502, BGP_IDLE, 0, 0, 0, 5000, 300, "Bravo v6", 6, 2, DIR_SENT, NULL, TRI_YES, TRI_NO },
};

static inline void night_fill(struct snap_builder *b, const struct night_session *n)
{
	struct session *s = snap_builder_session(b, slice_of(n->vrf), slice_of(n->neighbor), n->family);

	s->remote_as = n->asn;
	s->state = n->state;
	s->received = n->received;
	s->accepted = n->accepted;
	s->advertised = n->advertised;
	s->max_prefixes = n->limit;
	s->limit_action = n->limit > 0 ? LIMIT_TEARDOWN : LIMIT_UNKNOWN;
	s->since_s = n->since_s;
	s->description = snap_builder_text(b, slice_of(n->description));
	s->admin_down = n->admin;
	s->limit_tripped = n->tripped;
	s->last_error.code = n->code > 0 ? n->code : -1;
	s->last_error.subcode = n->code > 0 ? n->subcode : -1;
	s->last_error.dir = n->dir;
	if (n->shutdown != NULL)
		s->shutdown_message = snap_builder_text(b, slice_of(n->shutdown));
	addr_parse(slice_of(n->family == AF_IPV6_UNICAST ? "2001:db8:1::1" : "192.0.2.1"), &s->local);
	s->import_policy = snap_builder_text(b, SLICE("peers-in"));
	s->export_policy = snap_builder_text(b, SLICE("peers-out"));
	s->auth = AUTH_MD5;
	s->hold_time_s = 90;
	s->messages_in = 48121;
	s->messages_out = 40277;
	s->flaps = 3;
}

static inline struct snap *night_snap(const char *router, const struct night_session *rows, size_t n, unsigned seen,
    const char *version, int64_t age_ms)
{
	struct snap_builder *b = snap_builder_new(router);
	struct addr id = { .family = ADDR_NONE };
	struct snap *s;

	for (size_t i = 0; i < n; i++)
		night_fill(b, &rows[i]);
	addr_parse(SLICE("192.0.2.1"), &id);
	snap_builder_router(b, 64500, &id);
	snap_builder_version(b, slice_of(version));
	snap_builder_rows(b, seen, (unsigned)n);
	clock_fake(NIGHT_BOOT - age_ms, NIGHT_WALL - age_ms);
	s = snap_builder_freeze(b, 7);
	clock_fake(NIGHT_BOOT, NIGHT_WALL);
	return s;
}

static const char night_config[] =
    "local-as = 64500\n"
    "router r1 {\n os = frr\n address = 192.0.2.1\n user = noc\n agent = true\n}\n"
    "router edge2 {\n os = bird\n address = 192.0.2.2\n user = noc\n agent = true\n}\n"
    "router lost3 {\n os = openbgpd\n address = 192.0.2.3\n user = noc\n agent = true\n}\n"
    "router gobgp4 {\n os = gobgp\n address = 192.0.2.4\n port = 2222\n user = noc\n agent = true\n}\n";

static inline struct text night_text(struct arena *a, const char *s)
{
	return text_safez(a, s);
}

static inline struct contact night_contact(struct arena *a, const char *role, const char *name, const char *phone,
    const char *email)
{
	return (struct contact){ .role = night_text(a, role), .name = night_text(a, name),
		.phone = night_text(a, phone), .email = night_text(a, email), .updated_wall_ms = -1 };
}

static inline struct presence night_port(struct arena *a, uint32_t id, const char *four, const char *six, int64_t speed)
{
	struct presence p = { .id = id, .ix_id = 26, .ixlan_id = 26, .ix_name = night_text(a, "EXAMPLE-IX"), .speed_mbit = speed,
		.operational = TRI_YES, .rs_peer = TRI_NO };

	addr_parse(slice_of(four), &p.ip4);
	addr_parse(slice_of(six), &p.ip6);
	return p;
}

/* Our own network; Alpha with two ports, one of them not operational, and a building that we share; Charlie with none. */
static inline void night_places(struct arena *a, struct peer *own, struct peer *alpha, struct peer *charlie)
{
	struct presence *ours = arena_alloc(a, sizeof(*ours)), *theirs = arena_alloc(a, 2 * sizeof(*theirs));
	struct site *site = arena_alloc(a, sizeof(*site));

	ours[0] = night_port(a, 1, "192.0.2.1", "2001:db8:1::1", 100000);
	theirs[0] = night_port(a, 2, "192.0.2.11", "2001:db8:1::a506:4501:1", 10000);
	theirs[1] = night_port(a, 3, "192.0.2.111", "", 10000);
	theirs[1].operational = TRI_NO;
	*site = (struct site){ .fac_id = 7, .name = night_text(a, "Example DC 1"), .city = night_text(a, "Amsterdam"),
		.country = night_text(a, "NL") };
	*own = (struct peer){ .asn = 64500, .name = night_text(a, "Our Own Network"), .presence = ours, .presence_count = 1,
		.sites = site, .site_count = 1, .sites_known = true, .info_prefixes4 = COUNT_UNKNOWN, .info_prefixes6 = COUNT_UNKNOWN };
	alpha->presence = theirs;
	alpha->presence_count = 2;
	alpha->sites = site;
	alpha->site_count = 1;
	alpha->sites_known = charlie->sites_known = true;
}

/* What the registry says of Delta, three days ago. */
static inline const struct registered_set *night_registered(struct arena *a)
{
	struct registered_set *set = arena_alloc(a, sizeof(*set));
	struct registered *one = arena_alloc(a, sizeof(*one));
	struct contact *c = arena_alloc(a, sizeof(*c));

	*c = night_contact(a, "Abuse", "Delta Content abuse desk", NULL, "abuse@delta.example");
	c->read_wall_ms = NIGHT_WALL - 3 * INT64_C(86400000);
	*one = (struct registered){ .asn = 64504, .asked_wall_ms = c->read_wall_ms, .found = true, .contacts = c, .count = 1 };
	*set = (struct registered_set){ one, 1 };
	return set;
}

static inline struct peer_set *night_peers(void)
{
	static const char *const names[] = { "Alpha Networks", "Bravo Broadband", "Charlie Hosting", "Delta Content",
		"Echo Research", "Foxtrot Cloud", "Golf Telecom", "Hotel Wi-Fi", "India Internet" };
	struct peer_set *set = peer_set_new();
	struct arena *a = set->arena;
	struct peer *own = arena_alloc(a, (ARRAY_LEN(names) + 1) * sizeof(*own)), *p = own + 1;
	struct exchange *x = arena_alloc(a, sizeof(*x));
	struct prefix *lan = arena_alloc(a, 2 * sizeof(*lan));
	struct contact *c = arena_alloc(a, 3 * sizeof(*c));
	static const struct found_peer found[] = { { 64501, { "name" } }, { 64509, { "name" } } };

	c[0] = night_contact(a, "NOC", "Alpha NOC, 24x7", "+49 30 5550 100", "noc@alpha.example");
	c[1] = night_contact(a, "Technical", "Peering engineering", "+49 30 5550 123", "peering@alpha.example");
	c[2] = night_contact(a, "Policy", "Peering coordination", NULL, "coordinator@alpha.example");
	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		p[i] = (struct peer){ .asn = 64501 + (asn_t)i, .net_id = 1 + (uint32_t)i, .name = night_text(a, names[i]),
			.policy_general = night_text(a, i % 3 ? "Open" : "Selective"), .info_type = night_text(a, "NSP"),
			.irr_as_set = night_text(a, "AS-EXAMPLE"), .info_prefixes4 = 500 + 300 * (count_t)i,
			.info_prefixes6 = 200, .contacts_seen = i ? CONTACTS_PUBLIC_ONLY : CONTACTS_ALL,
			.contacts = c, .contact_count = i ? 1 : 3, .website = night_text(a, "https://www.example.net"),
			.fetched_wall_ms = NIGHT_WALL - 7200000, .updated_wall_ms = NIGHT_WALL - 86400000 };
	}
	p[1].info_prefixes4 = 12000;
	prefix_parse(SLICE("192.0.2.0/24"), &lan[0]);
	prefix_parse(SLICE("2001:db8:1::/64"), &lan[1]);
	*x = (struct exchange){ .ix_id = 26, .ixlan_id = 26, .name = night_text(a, "EXAMPLE-IX"), .prefixes = lan,
		.prefix_count = 2, .tech_email = night_text(a, "noc@ix.example"),
		.tech_phone = night_text(a, "+31 20 5550 000"),
		.status_dashboard = night_text(a, "https://status.ix.example") };
	night_places(a, own, &p[0], &p[2]);
	set->own_asn = own->asn;
	set->peers = own;
	set->peer_count = ARRAY_LEN(names) + 1;
	set->found = found;
	set->found_count = ARRAY_LEN(found);
	set->exchanges = x;
	set->exchange_count = 1;
	set->oldest_wall_ms = NIGHT_WALL - 7200000;
	peer_set_index(set);
	return set;
}

static inline void night_event(struct event_log *l, int64_t ago_ms, enum event_kind kind, enum severity sev,
    const char *router, const char *neighbor, asn_t asn, const char *words)
{
	struct event e = { .wall_ms = NIGHT_WALL - ago_ms, .kind = kind, .severity = sev, .remote_as = asn,
		.family = neighbor[0] ? AF_IPV4_UNICAST : AF_UNKNOWN };

	snprintf(e.router, sizeof(e.router), "%s", router);
	snprintf(e.neighbor, sizeof(e.neighbor), "%s", neighbor);
	snprintf(e.words, sizeof(e.words), "%s", words);
	event_log_add(l, e);
}

static inline struct event_log *night_events(void)
{
	struct event_log *l = event_log_new(100);

	night_event(l, 90000000, EVENT_NOTE, SEV_INFO, "", "", 0, "peerdeck was started by alice");
	night_event(l, 3701000, EVENT_LIMIT_TRIPPED, SEV_ALARM, "r1", "192.0.2.14", 64504, "max-prefix 50 was passed; held down by r1");
	night_event(l, 754000, EVENT_DOWN, SEV_WARN, "r1", "192.0.2.13", 64503, "down: Cease: administrative shutdown (received 6/2): \"maintenance MNT-4711 until 22:00 UTC\"");
	night_event(l, 400000, EVENT_LIMIT_NEAR, SEV_NOTICE, "r1", "192.0.2.12", 64502, "9612 of 10000 prefixes");
	night_event(l, 300000, EVENT_ROUTER_LOST, SEV_ALARM, "lost3", "", 0, "router lost: connection timed out");
	night_event(l, 12000, EVENT_UP, SEV_INFO, "edge2", "192.0.2.21", 64501, "up, 811 prefixes");
	event_log_ack(l, 2);
	return l;
}

static inline void night_links(struct night *n)
{
	static const struct link_status up = { .state = LINK_READY, .since_boot_ms = NIGHT_BOOT - 86400000,
		.last_good_boot_ms = NIGHT_BOOT - 3000, .polls = 8640, .poll_ms = 41, .octets_in = 1 << 30,
		.fingerprint = "SHA256:6ZTg0XM4yPM8rRrqmEnsZJ3yCJYzCu2SrTLDsl1aPjw",
		.algorithms = "curve25519-sha256, ssh-ed25519, aes256-gcm" };

	for (int i = 0; i < 4; i++) {
		n->routers[i].conf = &n->config->routers[i];
		n->routers[i].os_title = n->config->routers[i].os;
		n->routers[i].link = up;
	}
	n->routers[1].link.legacy = true;
	n->routers[2].link = (struct link_status){ .state = LINK_WAITING, .cause = ERR_TIMEOUT, .attempts = 4,
		.words = "no answer from 192.0.2.3 port 22 within 15 s", .since_boot_ms = NIGHT_BOOT - 300000,
		.retry_boot_ms = NIGHT_BOOT + 17000, .polls = 800, .poll_ms = 60 };
	n->routers[3].link = (struct link_status){ .state = LINK_LOCKED, .cause = ERR_HOSTKEY, .attempts = 1,
		.words = "host key changed: enrolled SHA256:abc..., offered SHA256:xyz...; never connects until enrolled",
		.since_boot_ms = NIGHT_BOOT - 86400000 };
}

static inline void night_records(struct night *n)
{
	struct arena *a = n->arena;

#define T(s) night_text(a, s)
	n->journal[0] = (struct journal_line){ 44, NIGHT_WALL - 600000, T("alice"), T("withdraw"), T("r1"), T("192.0.2.19"), T("done"), T("loss toward India, NOC informed"), 64509 };
	n->journal[1] = (struct journal_line){ 43, NIGHT_WALL - 1200000, T("alice"), T("suspend"), T("r1"), T("198.51.100.77"), T("done"), T("leaks our prefixes, CASE-99"), 65551 };
	n->journal[2] = (struct journal_line){ 42, NIGHT_WALL - 90000000, T("bob"), T("suspend"), T("edge2"), T("192.0.2.22"), T("unverified"), T("port move"), 64502 };
	n->journal[3] = (struct journal_line){ 41, NIGHT_WALL - 91000000, T("bob"), T("start"), T(""), T(""), T(""), T(""), ASN_UNKNOWN };
	n->ledger[0] = (struct ledger_line){ T("20261027T190512Z-1"), T("r1"), T(""), T("198.51.100.77"), T("suspend"), T("alice"), T("leaks our prefixes, CASE-99"), T("held"), AF_IPV4_UNICAST, 65551, NIGHT_WALL - 1200000, 0, false };
	n->ledger[1] = (struct ledger_line){ T("20261027T191512Z-2"), T("r1"), T(""), T("192.0.2.19"), T("withdraw"), T("alice"), T("loss toward India, NOC informed"), T("held"), AF_IPV4_UNICAST, 64509, NIGHT_WALL - 600000, NIGHT_WALL + 3600000, false };
#undef T
}

static const char night_book[] =
    "network AS64503 {\n"
    "  tags = content, open policy\n"
    "  warn = do not suspend without asking Kim: carries our mail\n"
    "  contact NOC {\n    name = Charlie NOC\n    phone = +44 20 5550 300\n    mail = noc@charlie.example\n"
    "    hours = Mo-Fr 08:00-18:00\n    zone = UTC\n    languages = en, fr\n    note = ask for the duty engineer\n"
    "    proven = 2026-09-01 phone, Sam answered\n    written = 2026-08-15\n    by = bob\n  }\n"
    "  contact Escalation {\n    name = Lee\n    phone = +44 20 5550 333\n    hours = 24x7\n  }\n"
    "}\n"
    "network AS64508 {\n"
    "  port \"PNI Amsterdam\" {\n    router = edge2\n    address = 198.51.100.13\n    speed = 10G\n    note = planned for May\n  }\n"
    "}\n";

/* Somebody rang Charlie's NOC twenty minutes ago in vain: the next rung is due. */
static inline void night_people(struct night *n)
{
	const struct call rang = { .wall_ms = NIGHT_WALL - 1200000, .outcome = CALL_NO_ANSWER, .asn = 64503, .who = { "bob" },
		.role = { "NOC" }, .way = { "+44 20 5550 300" }, .rung = 1 };

	n->book = book_new();
	book_read(n->book, "night.contacts", slice_of(night_book));
	n->calls = calls_new();
	calls_add(n->calls, &rang);
}

/* What the night's events come to: one acknowledged and noted on, the others new. */
static inline void night_incidents(struct night *n)
{
	struct incident_fact f = { .op = INCIDENT_ACK, .who = "bob", .words = "", .other = "", .wall_ms = NIGHT_WALL - 3600000 };

	n->incidents = incidents_new(&incident_defaults);
	for (size_t i = event_log_count(n->w.events); i-- > 0;)
		incidents_event(n->incidents, &n->w, event_log_at(n->w.events, i));
	incidents_follow(n->incidents, &n->w);
	f.id = incidents_of(n->incidents, "r1", "", "192.0.2.14")->id;
	incidents_fact(n->incidents, &f);
	f.op = INCIDENT_NOTE;
	f.words = "called Delta: they leak, will fix by 03:00";
	incidents_fact(n->incidents, &f);
	n->w.incidents = n->incidents;
}

/* A course of the last hour: this value but for a dip of three minutes, and ten minutes in which nobody looked. */
static inline void night_course(struct course *k, double value, double dip)
{
	const int64_t from = NIGHT_WALL - 3600000;
	struct history_sample s[] = {
		{ from, from + 1200000, value, value, value, 1 },
		{ from + 1200000, from + 1380000, dip, dip, dip, 1 },
		{ from + 1380000, from + 1800000, value, value, value, 1 },
		{ from + 2400000, NIGHT_WALL, value, value, value, 1 },
	};
	const struct history_range r = { s, ARRAY_LEN(s) };

	course_fill(k, &r, from, NIGHT_WALL, HISTORY_SAME_MS, 60000);
}

/* What the history has of Alpha's session on r1 over the last hour, and of everything. */
static inline void night_past(struct night *n)
{
	static const struct track_mark marks[] = {
		{ NIGHT_WALL - 300000, EVENT_ACTION, SEV_NOTICE, "alice: refresh done: routes were missing" },
		{ NIGHT_WALL - 1500000, EVENT_NOTE, SEV_INFO, "bob: called, no answer NOC" },
		{ NIGHT_WALL - 2220000, EVENT_PREFIX_JUMP, SEV_NOTICE, "prefixes: 0 -> 812" },
		{ NIGHT_WALL - 2400000, EVENT_PREFIX_JUMP, SEV_ALARM, "lost all prefixes: 812 -> 0 received, the session is up" },
	};
	struct track *t = n->track = MEM_NEW(struct track);
	struct chronicle *c = n->chronicle = MEM_NEW(struct chronicle);

	*t = (struct track){ .router = "r1", .neighbor = "192.0.2.11", .family = AF_IPV4_UNICAST, .range_s = TRACK_HOUR,
		.from_wall_ms = NIGHT_WALL - 3600000, .to_wall_ms = NIGHT_WALL };
	night_course(&t->course[TRACK_RECEIVED], 812, 0);
	night_course(&t->course[TRACK_ACCEPTED], 800, 0);
	night_course(&t->course[TRACK_ADVERTISED], 120, 120);
	night_course(&t->course[TRACK_STATE], BGP_ESTABLISHED, BGP_ESTABLISHED);
	night_course(&t->course[TRACK_LOSS], 0, 40);
	night_course(&t->course[TRACK_RTT], 1.9, 32.5);
	night_course(&t->course[TRACK_IN], 4.2e9, 1.1e6);
	t->marks = mem_calloc(ARRAY_LEN(marks), sizeof(*marks));
	memcpy(t->marks, marks, sizeof(marks));
	t->mark_count = ARRAY_LEN(marks);
	n->w.track = t;

	*c = (struct chronicle){ .from_wall_ms = NIGHT_WALL - 3600000, .to_wall_ms = NIGHT_WALL, .total = 7, .count = 5, .older = true };
	c->lines = mem_calloc(5, sizeof(*c->lines));
	c->lines[0] = (struct chronicle_line){ .e = { .wall_ms = NIGHT_WALL - 60000, .kind = EVENT_DOWN, .severity = SEV_ALARM, .router = "r1",
		.neighbor = "192.0.2.16", .family = AF_IPV4_UNICAST, .remote_as = 64506, .words = "flaps 12x in 10m: down: Hold timer expired, sent (4/0), last 02:44:12" },
		.what = "down", .times = 12, .first_wall_ms = NIGHT_WALL - 660000 };
	c->lines[1] = (struct chronicle_line){ .e = { .wall_ms = NIGHT_WALL - 300000, .kind = EVENT_ACTION, .severity = SEV_NOTICE, .router = "r1",
		.neighbor = "192.0.2.11", .family = AF_IPV4_UNICAST, .remote_as = 64501, .words = "alice: refresh done: routes were missing" }, .what = "action",
		.times = 1, .first_wall_ms = NIGHT_WALL - 300000 };
	c->lines[2] = (struct chronicle_line){ .e = { .wall_ms = NIGHT_WALL - 900000, .kind = EVENT_NOTE, .severity = SEV_WARN, .remote_as = ASN_UNKNOWN,
		.words = "opened: EXAMPLE-IX" }, .what = "incident", .incident = "I-20261028-0230-00001", .times = 1, .first_wall_ms = NIGHT_WALL - 900000 };
	c->lines[3] = (struct chronicle_line){ .e = { .wall_ms = NIGHT_WALL - 1500000, .kind = EVENT_NOTE, .severity = SEV_INFO, .remote_as = 64503,
		.words = "bob: called, no answer NOC" }, .what = "call", .times = 1, .first_wall_ms = NIGHT_WALL - 1500000 };
	c->lines[4] = (struct chronicle_line){ .e = { .wall_ms = NIGHT_WALL - 3000000, .kind = EVENT_ROUTER_LOST, .severity = SEV_ALARM, .router = "lost3",
		.remote_as = ASN_UNKNOWN, .words = "lost: connection refused" }, .what = "router lost", .times = 1, .first_wall_ms = NIGHT_WALL - 3000000 };
	for (int i = 0; i < 5; i++) {
		size_t at = (size_t)((c->lines[i].e.wall_ms - c->from_wall_ms) * CHRONICLE_CELLS / 3600001);

		c->cells[at].all += c->lines[i].times;
		c->cells[at].bad += c->lines[i].e.severity >= SEV_WARN;
	}
	n->w.chronicle = c;

	n->lately = MEM_NEW(struct lately);
	n->lately->rows = mem_calloc(1, sizeof(*n->lately->rows));
	n->lately->count = 1;
	track_series(n->lately->rows[0].series, "r1", "", "192.0.2.11", AF_IPV4_UNICAST, "received");
	for (size_t i = 0; i < LATELY_CELLS; i++) {
		double low, high;

		n->lately->rows[0].cells[i] = course_column(&t->course[TRACK_RECEIVED], i, LATELY_CELLS, &low, &high) ? (float)low : -1;
	}
	n->w.lately = n->lately;
}

static inline struct night *night_new(void)
{
	struct night *n = MEM_NEW(struct night);
	struct err e = ERR_INIT;

	clock_fake(NIGHT_BOOT, NIGHT_WALL);
	n->arena = arena_new();
	n->config = config_parse("night.conf", night_config, &e);
	if (n->config == NULL) {
		fprintf(stderr, "%s\n", e.text);
		abort();
	}
	night_links(n);
	night_records(n);
	night_people(n);
	n->routers[0].snap = night_snap("r1", night_r1, ARRAY_LEN(night_r1), 13, "FRRouting 8.4.4", 3000);
	n->routers[1].snap = night_snap("edge2", night_edge2, ARRAY_LEN(night_edge2), 3, "BIRD 2.0.12", 8000);
	n->routers[2].snap = night_snap("lost3", night_edge2, 2, 2, "OpenBGPD 7.7", 304000);
	n->w = (struct world){
		.config = n->config, .routers = n->routers, .router_count = 4, .peers = night_peers(),
		.events = night_events(), .journal = n->journal, .journal_count = 4, .ledger = n->ledger, .ledger_count = 2, .book = n->book, .calls = n->calls,
		.operator_login = "alice", .operator_name = "alice", .handed_wall_ms = NIGHT_WALL - 8 * 3600000, .now_boot_ms = NIGHT_BOOT, .now_wall_ms = NIGHT_WALL,
	};
	night_incidents(n);
	night_past(n);
	return n;
}

static inline void night_free(struct night *n)
{
	for (int i = 0; i < 4; i++)
		snap_unref(n->routers[i].snap);
	peer_set_unref(n->w.peers);
	event_log_free(n->w.events);
	book_free(n->book);
	calls_free(n->calls);
	incidents_free(n->incidents);
	free(n->track->marks);
	free(n->track);
	free(n->chronicle->lines);
	free(n->chronicle);
	free(n->lately->rows);
	free(n->lately);
	config_free(n->config);
	arena_free(n->arena);
	free(n);
	clock_real();
}

/* A plan over the first `count` targets, as an FRR worker would make it. */
static inline struct plan *night_plan(const struct book *book, enum verb v, const char *reason, const char *message,
    const struct target *t, size_t count)
{
	struct plan *p = plan_new(v, reason, "", message);
	struct plan_part *part = MEM_NEW(struct plan_part);
	static const struct step down[] = { { .kind = STEP_CLI, .line = "configure terminal" },
		{ .kind = STEP_CLI, .line = "router bgp 64500" }, { .kind = STEP_CLI, .line = "neighbor 192.0.2.11 shutdown" } };
	static const struct step up[] = { { .kind = STEP_CLI, .line = "configure terminal" },
		{ .kind = STEP_CLI, .line = "router bgp 64500" }, { .kind = STEP_CLI, .line = "no neighbor 192.0.2.11 shutdown" } };
	static const char *const warnings[] = { "the peer also has a session on edge2 that stays up", NULL };

	part->arena = arena_new();
	part->count = count;
	part->items = arena_alloc(part->arena, count * sizeof(*part->items));
	for (size_t i = 0; i < count; i++)
		part->items[i] = (struct plan_item){
			.router = arena_strdup(part->arena, t[i].router), .vrf = "", .handle = "", .network = "Alpha Networks",
			.neighbor = arena_strdup(part->arena, t[i].neighbor), .remote_as = t[i].remote_as, .verb = v,
			.apply = down, .apply_count = 3, .undo = up, .undo_count = 3, .proof = PROOF_ADMIN_DOWN, .deadline_s = 30,
			.warnings = i == 0 ? warnings : NULL, .established = true, .received = 812, .advertised = 120,
			.former_advertised = COUNT_UNKNOWN, .since_s = 432000, .touched = "" };
	plan_join(p, part);
	plan_warn_book(p, book);
	plan_seal(p, NULL, 0);
	return p;
}

#endif
