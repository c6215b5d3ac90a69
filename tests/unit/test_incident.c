/* What fell together is one incident, named by what it shares; and it lives until all is quiet. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "core/base/mem.h"
#include "core/judge/incident.h"
#include "core/model/diff.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- grouping ---- */

static size_t add(struct group_item *items, size_t n, const char *router, const char *neighbor, asn_t asn,
    const char *exchange, bool fell)
{
	char *interface = mem_printf("%s %s", router, exchange);

	items[n] = (struct group_item){ .router = router, .vrf = "", .neighbor = neighbor, .asn = asn,
		.exchange = exchange, .interface = interface, .facility = "", .fell = fell };
	return n + 1;
}

static void free_items(struct group_item *items, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		free((char *)items[i].interface);
		free((char *)items[i].neighbor);
	}
}

/* `fallen` of `whole` sessions on this exchange and router, each of another network. */
static size_t add_many(struct group_item *items, size_t n, const char *router, const char *exchange, asn_t first,
    size_t whole, size_t fallen)
{
	for (size_t i = 0; i < whole; i++)
		n = add(items, n, router, mem_printf("%s-%s-%zu", router, exchange, i), first + (asn_t)i, exchange,
		    i < fallen);
	return n;
}

static void the_exchange_explains_what_routers_do_not(void **state)
{
	struct group_item items[200];
	struct group *g = NULL;
	size_t n = 0, count;

	(void)state;
	n = add_many(items, n, "r1", "X", 64500, 20, 19);
	n = add_many(items, n, "r2", "X", 64600, 21, 19);
	n = add_many(items, n, "r1", "Y", 64700, 60, 0);
	n = add_many(items, n, "r3", "Z", 64800, 5, 1); /* not explained by it */
	count = group_fallen(items, n, &g);
	assert_int_equal(count, 2);
	assert_int_equal(g[0].by, GROUP_EXCHANGE);
	assert_string_equal(g[0].key, "X");
	assert_int_equal(g[0].fell, 38);
	assert_int_equal(g[0].whole, 41);
	assert_int_equal(g[1].by, GROUP_NONE);
	assert_string_equal(g[1].key, "r3 r3-Z-0");
	assert_int_equal(items[0].group, 0);
	free(g);
	free_items(items, n);
}

static void one_port_of_ours_is_not_the_fabric(void **state)
{
	struct group_item items[100];
	struct group *g = NULL;
	size_t n = 0;

	(void)state;
	n = add_many(items, n, "r1", "X", 64500, 20, 20);
	n = add_many(items, n, "r2", "X", 64600, 21, 0);
	n = add_many(items, n, "r1", "Y", 64700, 20, 0);
	assert_int_equal(group_fallen(items, n, &g), 1);
	assert_int_equal(g[0].by, GROUP_INTERFACE);
	assert_string_equal(g[0].key, "r1 X");
	free(g);
	free_items(items, n);
}

static void one_network_is_named_though_an_exchange_would_fit(void **state)
{
	struct group_item items[100];
	struct group *g = NULL;
	size_t n = 0;

	(void)state;
	n = add_many(items, n, "r1", "X", 64500, 10, 0);
	n = add(items, n, "r1", mem_strdup("192.0.2.9"), 64999, "X", true);
	n = add(items, n, "r2", mem_strdup("192.0.2.9"), 64999, "X", true);
	n = add(items, n, "r2", mem_strdup("198.51.100.9"), 64999, "Y", true);
	assert_int_equal(group_fallen(items, n, &g), 1);
	assert_int_equal(g[0].by, GROUP_ASN);
	assert_string_equal(g[0].key, "AS64999");
	assert_int_equal(g[0].whole, 3);
	free(g);
	free_items(items, n);
}

/* Several things at once on one exchange do not make the exchange the culprit. */
static void one_network_whole_beats_half_an_exchange(void **state)
{
	struct group_item items[100];
	struct group *g = NULL;
	size_t n = 0;

	(void)state;
	for (size_t i = 0; i < 27; i++)
		n = add(items, n, i % 2 == 0 ? "r1" : "r2", mem_printf("192.0.2.%zu", i), i < 8 ? 64999 : i < 12 ? 65551 : 64500 + (asn_t)i, "X",
		    i < 15);
	assert_int_equal(group_fallen(items, n, &g), 5);
	assert_int_equal(g[0].by, GROUP_ASN);
	assert_string_equal(g[0].key, "AS64999");
	assert_int_equal(g[0].fell, 8);
	assert_string_equal(g[1].key, "AS65551");
	for (size_t i = 2; i < 5; i++)
		assert_int_equal(g[i].by, GROUP_NONE);
	free(g);
	free_items(items, n);
}

static void unrelated_ones_stay_alone(void **state)
{
	struct group_item items[200];
	struct group *g = NULL;
	size_t n = 0;

	(void)state;
	n = add_many(items, n, "r1", "X", 64500, 30, 1);
	n = add_many(items, n, "r2", "Y", 64600, 30, 1);
	n = add_many(items, n, "r3", "", ASN_UNKNOWN - 90, 30, 1);
	assert_int_equal(group_fallen(items, n, &g), 3);
	for (size_t i = 0; i < 3; i++)
		assert_int_equal(g[i].by, GROUP_NONE);
	free(g);
	assert_int_equal(group_fallen(items, 0, &g), 0);
	free(g);
	free_items(items, n);
}

/* ---- incidents over a world that changes ---- */

enum { PEERS = 8 };

struct stage {
	struct world w;
	struct config config;
	struct router_conf conf[2];
	struct world_router routers[2];
	struct incidents *set;
	bool down[2][PEERS];
	count_t received[2][PEERS];
	uint64_t generation;
};

static struct snap *look(struct stage *st, size_t router)
{
	struct snap_builder *b = snap_builder_new(st->conf[router].name);
	struct snap *s;

	for (size_t i = 0; i < PEERS; i++) {
		char neighbor[32];
		struct session *row;

		snprintf(neighbor, sizeof(neighbor), "192.0.2.%zu", 10 + i + router * 100);
		row = snap_builder_session(b, SLICE(""), slice_of(neighbor), AF_IPV4_UNICAST);
		row->remote_as = (asn_t)(64500 + i + router * 50);
		row->state = st->down[router][i] ? BGP_IDLE : BGP_ESTABLISHED;
		row->received = st->received[router][i];
		row->admin_down = TRI_NO;
		row->since_s = 100000;
		row->local_as = 64999;
		if (!st->down[router][i]) /* as routers do: a session that is down tells no address of ours */
			addr_parse(slice_of(router == 0 ? "192.0.2.1" : "192.0.2.2"), &row->local);
	}
	snap_builder_rows(b, PEERS, PEERS);
	s = snap_builder_freeze(b, ++st->generation);
	s->taken_boot_ms = st->w.now_boot_ms;
	s->taken_wall_ms = st->w.now_wall_ms;
	return s;
}

static void poll(struct stage *st, int64_t ms)
{
	st->w.now_boot_ms += ms;
	st->w.now_wall_ms += ms;
	for (size_t r = 0; r < 2; r++) {
		struct snap *now = look(st, r);

		diff_snaps(st->routers[r].snap, now, &diff_defaults, st->w.events);
		snap_unref(st->routers[r].snap);
		st->routers[r].snap = now;
	}
	incidents_follow(st->set, &st->w);
}

static void take_event(void *ctx, const struct event *ev)
{
	struct stage *st = ctx;

	incidents_event(st->set, &st->w, ev);
}

static int set_up(void **state)
{
	struct stage *st = MEM_NEW(struct stage);

	st->conf[0] = (struct router_conf){ .name = "r1", .interval_s = 10, .exchange = "EXAMPLE-IX" };
	st->conf[1] = (struct router_conf){ .name = "r2", .interval_s = 10, .exchange = "EXAMPLE-IX" };
	for (size_t r = 0; r < 2; r++) {
		st->routers[r] = (struct world_router){ .conf = &st->conf[r], .link = { .state = LINK_READY } };
		for (size_t i = 0; i < PEERS; i++)
			st->received[r][i] = 1000;
	}
	st->config.near_pct = 90;
	st->w = (struct world){ .config = &st->config, .routers = st->routers, .router_count = 2,
		.events = event_log_new(1000), .now_boot_ms = 1000000, .now_wall_ms = INT64_C(1793155512000) };
	st->set = incidents_new(&incident_defaults);
	event_log_sink(st->w.events, take_event, st);
	poll(st, 0);
	*state = st;
	return 0;
}

static int tear_down(void **state)
{
	struct stage *st = *state;

	for (size_t r = 0; r < 2; r++)
		snap_unref(st->routers[r].snap);
	event_log_free(st->w.events);
	incidents_free(st->set);
	free(st);
	return 0;
}

static const struct incident *only(struct stage *st)
{
	assert_int_equal(incidents_count(st->set), 1);
	return incidents_at(st->set, 0);
}

static void words_hold(const struct incident *i, const char *has)
{
	struct str out;

	str_init(&out, 0);
	incident_words(i, &out);
	if (strstr(out.p, has) == NULL)
		fail_msg("\"%s\" should hold \"%s\"", out.p, has);
	str_fini(&out);
}

static void what_comes_bit_by_bit_becomes_one(void **state)
{
	struct stage *st = *state;
	char id[INCIDENT_ID_LEN];

	assert_int_equal(incidents_count(st->set), 0);
	st->down[0][0] = true;
	poll(st, 10000);
	assert_int_equal(only(st)->by, GROUP_NONE);
	snprintf(id, sizeof(id), "%s", only(st)->id);
	for (size_t i = 0; i < PEERS; i++)
		st->down[0][i] = true;
	poll(st, 10000); /* only r1 was read until now: its own port? */
	assert_int_equal(only(st)->count, PEERS);
	for (size_t i = 1; i < PEERS; i++)
		st->down[1][i] = true;
	poll(st, 10000);
	assert_int_equal(only(st)->by, GROUP_EXCHANGE);
	assert_int_equal(only(st)->count, 15);
	words_hold(only(st), "15 of 16 sessions on exchange EXAMPLE-IX: the fabric or our port");
	assert_string_equal(only(st)->id, id); /* whoever has it open keeps it */
}

/* Neither PeeringDB nor the configuration knows the exchange: the addresses do. */
static void an_exchange_without_a_name_is_one_too(void **state)
{
	struct stage *st = *state;

	st->conf[0].exchange = st->conf[1].exchange = NULL;
	for (size_t i = 0; i < PEERS; i++)
		st->down[0][i] = st->down[1][i] = true;
	poll(st, 10000);
	assert_int_equal(only(st)->by, GROUP_LAN);
	words_hold(only(st), "16 of 16 sessions in 192.0.2.0/24: the fabric or our port");
}

static void our_port_there_is_not_the_router(void **state)
{
	struct stage *st = *state;

	st->conf[0].exchange = st->conf[1].exchange = NULL;
	for (size_t i = 0; i < PEERS; i++)
		st->down[0][i] = true;
	poll(st, 10000);
	assert_int_equal(only(st)->by, GROUP_INTERFACE);
	words_hold(only(st), "8 of 8 sessions on our port r1 192.0.2.0/24: the port or what it is plugged into");
}

/* What looked like one thing turns out to be two: none of the members hides in the other's. */
static void one_becomes_two(void **state)
{
	struct stage *st = *state;
	size_t total = 0;

	st->conf[1].exchange = "OTHER-IX";
	st->down[0][0] = st->down[0][1] = true;
	poll(st, 10000); /* two of eight: alone */
	assert_int_equal(incidents_count(st->set), 2);
	for (size_t i = 0; i < PEERS; i++)
		st->down[0][i] = st->down[1][i] = true;
	poll(st, 10000);
	assert_int_equal(incidents_count(st->set), 2);
	for (size_t i = 0; i < 2; i++) {
		const struct incident *in = incidents_at(st->set, i);

		assert_int_equal(in->by, GROUP_EXCHANGE);
		assert_int_equal(in->count, PEERS);
		for (size_t k = 0; k < in->count; k++)
			assert_string_equal(in->members[k].router, in->members[0].router);
		total += in->count;
	}
	assert_int_equal(total, 2 * PEERS);
}

/* An id that was on a screen while it formed is followed to what its members became; a merge too. */
static void an_id_taken_down_while_it_forms_is_found_again(void **state)
{
	struct stage *st = *state;
	char ids[2][INCIDENT_ID_LEN];
	const struct incident *a, *b;
	bool gone = false;

	st->down[0][0] = st->down[0][1] = true;
	poll(st, 10000); /* two of eight: alone, each with a name */
	assert_int_equal(incidents_count(st->set), 2);
	for (size_t i = 0; i < 2; i++)
		snprintf(ids[i], sizeof(ids[i]), "%s", incidents_at(st->set, i)->id);
	for (size_t i = 0; i < PEERS; i++)
		st->down[0][i] = st->down[1][i] = true;
	poll(st, 10000);
	for (size_t i = 0; i < 2; i++) {
		gone = gone || incidents_find(st->set, ids[i]) == NULL;
		assert_non_null(incidents_now(st->set, ids[i]));
		assert_ptr_equal(incidents_now(st->set, ids[i]), only(st));
	}
	assert_true(gone);
	assert_null(incidents_now(st->set, "I-never"));
	/* Once somebody works on it its name stays. */
	incidents_share(st->set, only(st)->id);
	a = only(st);
	st->conf[1].exchange = "OTHER-IX";
	poll(st, 10000);
	b = incidents_find(st->set, a->id);
	assert_ptr_equal(a, b);
}

/* Two thirds of the exchange were down before: of what could fall, all fell. */
static void what_was_down_before_hides_nothing(void **state)
{
	struct stage *st = *state;

	for (size_t r = 0; r < 2; r++)
		for (size_t i = 2; i < PEERS; i++)
			st->down[r][i] = true;
	poll(st, 10000);
	poll(st, 130000); /* that one stands */
	for (size_t r = 0; r < 2; r++)
		st->down[r][0] = st->down[r][1] = true;
	poll(st, 10000);
	assert_int_equal(incidents_count(st->set), 1); /* the same exchange: it goes on */
	assert_int_equal(only(st)->count, 2 * PEERS);
	words_hold(only(st), "16 of 16 sessions on exchange EXAMPLE-IX");
}

static void it_closes_by_itself_and_not_too_early(void **state)
{
	struct stage *st = *state;

	st->down[0][0] = st->down[1][0] = true;
	poll(st, 10000);
	assert_int_equal(incidents_open(st->set, NULL), 2);
	st->down[0][0] = false;
	poll(st, 10000);
	st->down[0][0] = true; /* again, before it was quiet for long enough */
	poll(st, 300000);
	st->down[0][0] = st->down[1][0] = false;
	poll(st, 10000);
	poll(st, 590000);
	assert_int_equal(incidents_open(st->set, NULL), 2);
	poll(st, 20000);
	assert_int_equal(incidents_open(st->set, NULL), 0);
	for (size_t i = 0; i < 2; i++) {
		const struct incident *in = incidents_at(st->set, i);

		assert_non_null(strstr(in->closed_words, "all back after"));
		assert_string_equal(in->closed_by, "");
		assert_int_equal(in->members[0].drops, strcmp(in->members[0].router, "r1") == 0 ? 2 : 1);
	}
}

static void the_wall_clock_may_jump(void **state)
{
	struct stage *st = *state;

	st->down[0][0] = true;
	poll(st, 10000);
	st->w.now_wall_ms += 7200000;
	st->down[0][0] = false;
	poll(st, 10000);
	st->w.now_wall_ms += 7200000;
	poll(st, 10000);
	assert_int_equal(incidents_open(st->set, NULL), 1);
}

static void what_we_hold_opens_nothing(void **state)
{
	struct stage *st = *state;
	const struct ledger_line held = { .router = TEXT_LIT("r1"), .vrf = TEXT_LIT(""), .neighbor = TEXT_LIT("192.0.2.10"),
		.verb = TEXT_LIT("suspend") };

	st->w.ledger = &held;
	st->w.ledger_count = 1;
	st->down[0][0] = true;
	poll(st, 10000);
	assert_int_equal(incidents_count(st->set), 0);
	st->w.ledger_count = 0;
}

static void prefixes_lost_with_the_session_up_are_one_too(void **state)
{
	struct stage *st = *state;

	st->received[0][3] = 100;
	poll(st, 10000);
	assert_int_equal(only(st)->members[0].what, INCIDENT_PREFIXES);
	words_hold(only(st), "prefixes: 1000 -> 100");
	assert_int_equal(only(st)->down, 1);
	st->received[0][3] = 950;
	poll(st, 10000);
	assert_int_equal(only(st)->down, 0);
}

/* One network stops announcing while others fall: two causes, two incidents. */
static void lost_prefixes_are_not_grouped_with_what_fell(void **state)
{
	struct stage *st = *state;
	size_t lost = 0, fell = 0;

	st->down[0][0] = st->down[0][1] = st->down[0][2] = true;
	st->received[0][5] = 0;
	poll(st, 10000);
	st->received[0][6] = 0;
	poll(st, 10000);
	for (size_t i = 0; i < incidents_count(st->set); i++) {
		const struct incident *in = incidents_at(st->set, i);

		for (size_t k = 0; k < in->count; k++) {
			assert_int_equal(in->members[k].what, in->members[0].what);
			lost += in->members[k].what == INCIDENT_PREFIXES;
			fell += in->members[k].what == INCIDENT_DOWN;
		}
	}
	assert_int_equal(fell, 3);
	assert_int_equal(lost, 2);
}

/* In steps, and with a fall between: what counts is what there was before the first. */
static void lost_prefixes_are_not_back_because_the_session_is(void **state)
{
	struct stage *st = *state;

	st->received[0][3] = 400;
	poll(st, 10000);
	st->received[0][3] = 0;
	poll(st, 10000);
	words_hold(only(st), "lost all prefixes: 400 -> 0");
	st->down[0][3] = true;
	poll(st, 10000);
	st->down[0][3] = false;
	st->received[0][3] = 400;
	poll(st, 10000);
	assert_int_equal(only(st)->down, 1);
	st->received[0][3] = 900;
	poll(st, 10000);
	assert_int_equal(only(st)->down, 0);
}

static void a_lost_router_is_its_own(void **state)
{
	struct stage *st = *state;
	struct event ev = { .kind = EVENT_ROUTER_LOST, .severity = SEV_ALARM, .router = "r1", .remote_as = ASN_UNKNOWN,
		.words = "lost: timed out", .wall_ms = st->w.now_wall_ms };

	event_log_add(st->w.events, ev);
	poll(st, 1000);
	words_hold(only(st), "router r1 cannot be read: timed out");
	assert_int_equal(only(st)->down, 1);
	ev.kind = EVENT_ROUTER_BACK;
	event_log_add(st->w.events, ev);
	poll(st, 1000);
	assert_int_equal(only(st)->down, 0);
}

static void fact(struct stage *st, enum incident_op op, const char *id, const char *words, const char *other)
{
	const struct incident_fact f = { .op = op, .id = id, .who = "kim", .words = words, .other = other,
		.wall_ms = st->w.now_wall_ms };

	incidents_fact(st->set, &f);
}

/* What the one shared is not true of the other's sessions: the sentence claims it no more. */
static void a_merge_claims_no_shared_place(void **state)
{
	struct stage *st = *state;
	const struct incident *big, *other = NULL;
	char first[INCIDENT_ID_LEN];
	struct str words;

	for (size_t k = 0; k < ARRAY_LEN(st->down[0]); k++)
		st->down[0][k] = true;
	poll(st, 10000);
	big = only(st);
	assert_int_not_equal(big->by, GROUP_NONE);
	snprintf(first, sizeof(first), "%s", big->id);
	fact(st, INCIDENT_ACK, first, "", "");
	st->down[1][5] = true;
	poll(st, 10000);
	for (size_t k = 0; k < incidents_count(st->set); k++)
		if (strcmp(incidents_at(st->set, k)->id, first) != 0)
			other = incidents_at(st->set, k);
	assert_non_null(other);
	fact(st, INCIDENT_MERGE, other->id, first, "");
	big = incidents_find(st->set, first);
	assert_int_equal(big->by, GROUP_NONE);
	str_init(&words, 0);
	incident_words(big, &words);
	assert_null(strstr(words.p, " of router"));
	assert_null(strstr(words.p, "our port"));
	str_fini(&words);
}

static void people_work_on_it(void **state)
{
	struct stage *st = *state;
	const struct incident *a, *b;
	char first[INCIDENT_ID_LEN];
	size_t fresh;

	st->down[0][0] = true;
	poll(st, 10000);
	snprintf(first, sizeof(first), "%s", only(st)->id);
	fact(st, INCIDENT_ACK, first, "", "");
	fact(st, INCIDENT_NAME, first, "the 03:12 thing", "");
	fact(st, INCIDENT_ASSIGN, first, "alice", "");
	fact(st, INCIDENT_NOTE, first, "called the exchange", "");
	fact(st, INCIDENT_NOTE, "I-nobody-knows", "lost", "");
	a = only(st);
	assert_string_equal(a->acked_by, "kim");
	assert_string_equal(a->name, "the 03:12 thing");
	assert_string_equal(a->owner, "alice");
	assert_int_equal(a->note_count, 1);
	assert_int_equal(incidents_open(st->set, &fresh), 1);
	assert_int_equal(fresh, 0);
	st->down[1][5] = true; /* somebody works on the first: the second is its own */
	poll(st, 10000);
	assert_int_equal(incidents_count(st->set), 2);
	b = incidents_at(st->set, 0);
	fact(st, INCIDENT_MERGE, b->id, first, "");
	assert_int_equal(incidents_open(st->set, NULL), 1);
	assert_string_equal(b->merged_into, first);
	assert_int_equal(incidents_find(st->set, first)->count, 2);
	fact(st, INCIDENT_SPLIT, first, "r2\t\t192.0.2.115\t64555\n", "I-split");
	fact(st, INCIDENT_SPLIT, first, "r2\t\t192.0.2.115\t64555\n", "I-split"); /* read twice */
	assert_int_equal(incidents_find(st->set, first)->count, 1);
	assert_int_equal(incidents_find(st->set, "I-split")->count, 1);
	assert_ptr_equal(incidents_of(st->set, "r2", "", "192.0.2.115"), incidents_find(st->set, "I-split"));
	fact(st, INCIDENT_CLOSE, first, "solved", "");
	assert_int_equal(incidents_open(st->set, NULL), 1);
	fact(st, INCIDENT_ACK, first, "", "");
	assert_string_equal(incidents_find(st->set, first)->closed_by, "kim");
}

/* What one console settles, another takes for its own; a third that starts later finds it. */
static void consoles_agree(void **state)
{
	struct stage *st = *state;
	struct incidents *late = incidents_new(&incident_defaults);
	const struct incident_fact *f;
	struct incident_fact theirs;

	st->down[0][0] = true;
	poll(st, 10000);
	assert_null(incidents_untold(st->set));
	poll(st, 130000);
	f = incidents_untold(st->set);
	assert_non_null(f);
	assert_int_equal(f->op, INCIDENT_OPEN);
	incidents_fact(late, f);
	theirs = *f;
	theirs.id = "I-20261120-0000-000";
	incidents_fact(st->set, &theirs); /* ours is told already: theirs is another */
	assert_null(incidents_untold(st->set));
	assert_int_equal(incidents_count(late), 1);
	assert_int_equal(incidents_at(late, 0)->count, 1);
	assert_string_equal(incidents_at(late, 0)->members[0].neighbor, "192.0.2.10");
	st->down[0][0] = false;
	poll(st, 10000);
	poll(st, 700000);
	f = incidents_untold(st->set);
	assert_non_null(f);
	assert_int_equal(f->op, INCIDENT_CLOSE);
	incidents_free(late);
}

/* Told while it forms, told again as it settles: who reads has one incident, with of how many, and the words. */
static void what_is_forming_is_told_once_it_is_calm(void **state)
{
	struct stage *st = *state;
	struct incidents *late = incidents_new(&incident_defaults);
	const struct incident_fact *f;
	const struct incident *i;

	st->down[0][0] = st->down[1][5] = true; /* two of sixteen: nothing that they share */
	poll(st, 10000);
	assert_null(incidents_untold(st->set));
	poll(st, 20000);
	while ((f = incidents_untold(st->set)) != NULL) {
		assert_true(f->provisional);
		incidents_fact(late, f);
		incidents_fact(st->set, f); /* read back: nothing changes */
	}
	assert_int_equal(incidents_count(late), 2);
	assert_int_equal(incidents_at(late, 0)->whole, 1);
	words_hold(incidents_at(late, 0), "down");
	for (size_t k = 0; k < PEERS - 1; k++)
		st->down[0][k] = st->down[1][k] = true;
	poll(st, 10000);
	poll(st, 20000);
	while ((f = incidents_untold(st->set)) != NULL)
		incidents_fact(late, f);
	assert_int_equal(incidents_open(late, NULL), 1);
	i = incidents_at(late, 0);
	assert_string_equal(i->id, only(st)->id);
	assert_int_equal(i->by, GROUP_EXCHANGE);
	assert_int_equal(i->count, 14);
	assert_true(i->provisional);
	words_hold(i, "14 of 16 sessions on exchange EXAMPLE-IX");
	poll(st, 130000);
	f = incidents_untold(st->set);
	assert_non_null(f);
	assert_false(f->provisional);
	incidents_fact(late, f);
	assert_null(incidents_untold(st->set));
	assert_int_equal(incidents_at(late, 0)->count, 14);
	st->down[0][0] = false;
	poll(st, 10000);
	incidents_recall(late, st->w.events);
	words_hold(incidents_at(late, 0), "; 1 back");
	assert_int_equal(incidents_at(late, 0)->down, only(st)->down);
	incidents_free(late);
}

static void many_are_no_trouble(void **state)
{
	struct stage *st = *state;
	struct event ev = { .kind = EVENT_DOWN, .severity = SEV_ALARM, .router = "r9" };

	st->w.router_count = 0;
	for (int i = 0; i < 20000; i++) {
		snprintf(ev.neighbor, sizeof(ev.neighbor), "2001:db8::%x", i);
		ev.remote_as = (asn_t)(i + 1);
		event_log_add(st->w.events, ev); /* whose ring is far smaller */
		event_log_add(st->w.events, ev);
	}
	incidents_follow(st->set, &st->w);
	assert_int_equal(incidents_count(st->set), 20000); /* gone from the world: nothing is known that they share */
	assert_int_equal(incidents_at(st->set, 0)->members[0].drops, 1);
	st->w.router_count = 2;
}

/* ---- more neighbors than are looked at at once ---- */

enum { BIG = 5000 };

static struct snap *big_snap(uint64_t generation, int fallen)
{
	struct snap_builder *b = snap_builder_new("r1");
	char words[40];

	for (int i = 0; i < BIG; i++) {
		struct session *s;

		snprintf(words, sizeof(words), "10.1.%d.%d", i / 250, i % 250 + 1);
		s = snap_builder_session(b, SLICE(""), slice_of(words), AF_IPV4_UNICAST);
		s->remote_as = 70000u + (asn_t)i;
		s->admin_down = TRI_NO;
		s->state = i < fallen ? BGP_ACTIVE : BGP_ESTABLISHED;
	}
	return snap_builder_freeze(b, generation);
}

static void take_big(struct stage *st, uint64_t generation, int fallen)
{
	struct snap *now = big_snap(generation, fallen), *old = st->routers[0].snap;

	diff_snaps(old, now, &diff_defaults, st->w.events);
	st->routers[0].snap = now;
	snap_unref(old);
}

/* Calls until all is done; their number. */
static int follow_on(struct stage *st)
{
	int n = 0;

	do {
		incidents_follow(st->set, &st->w);
		n++;
	} while (incidents_busy(st->set));
	return n;
}

static void a_big_world_is_gone_through_in_steps(void **state)
{
	struct stage *st = *state;
	const struct incident *in;

	take_big(st, 101, 0);
	incidents_follow(st->set, &st->w);
	st->w.now_boot_ms += 5000;
	st->w.now_wall_ms += 5000;
	take_big(st, 102, 4000);
	incidents_follow(st->set, &st->w);
	assert_true(incidents_busy(st->set));
	/* The world goes on under it: nothing of what is gone through may be gone. */
	take_big(st, 103, 4100);
	assert_true(follow_on(st) > 3);
	assert_int_equal(incidents_open(st->set, NULL), 1);
	in = incidents_at(st->set, 0);
	assert_true(in->count == 4100 || in->count == 4000);
	st->w.now_boot_ms += 2000; /* what fell meanwhile belongs to it, too */
	st->w.now_wall_ms += 2000;
	follow_on(st);
	follow_on(st);
	assert_int_equal(incidents_open(st->set, NULL), 1);
	in = incidents_at(st->set, 0);
	assert_int_equal(in->count, 4100);
	assert_int_equal(in->down, 4100);
	assert_int_equal(in->whole, BIG);
	st->w.now_boot_ms += 2000;
	st->w.now_wall_ms += 2000;
	take_big(st, 104, 0);
	follow_on(st);
	assert_int_equal(incidents_at(st->set, 0)->down, 0);
}

int main(void)
{
#define STAGED(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_exchange_explains_what_routers_do_not),
		cmocka_unit_test(one_port_of_ours_is_not_the_fabric),
		cmocka_unit_test(one_network_is_named_though_an_exchange_would_fit),
		cmocka_unit_test(one_network_whole_beats_half_an_exchange),
		cmocka_unit_test(unrelated_ones_stay_alone),
		STAGED(what_comes_bit_by_bit_becomes_one),
		STAGED(one_becomes_two),
		STAGED(an_id_taken_down_while_it_forms_is_found_again),
		STAGED(what_was_down_before_hides_nothing),
		STAGED(it_closes_by_itself_and_not_too_early),
		STAGED(the_wall_clock_may_jump),
		STAGED(what_we_hold_opens_nothing),
		STAGED(lost_prefixes_are_not_grouped_with_what_fell),
		STAGED(lost_prefixes_are_not_back_because_the_session_is),
		STAGED(prefixes_lost_with_the_session_up_are_one_too),
		STAGED(a_lost_router_is_its_own),
		STAGED(people_work_on_it),
		STAGED(a_merge_claims_no_shared_place),
		STAGED(what_is_forming_is_told_once_it_is_calm),
		STAGED(an_exchange_without_a_name_is_one_too),
		STAGED(our_port_there_is_not_the_router),
		STAGED(consoles_agree),
		STAGED(many_are_no_trouble),
		STAGED(a_big_world_is_gone_through_in_steps),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
