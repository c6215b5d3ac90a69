/* Tables over the standing night: order, filter, marks, and the cursor that stays on the entity. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "core/base/mem.h"
#include "tests/screen/night.h"
#include "tui/table.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

struct bench {
	struct night *n;
	struct world_session *sessions;
	struct focus focus;
	struct view_ctx cx;
	struct table t;
};

static struct bench open_bench(void)
{
	struct bench b = { .n = night_new() };

	b.cx = (struct view_ctx){ .w = &b.n->w, .g = glyphs_of(false) };
	b.cx.session_count = world_sessions(&b.n->w, &b.sessions);
	b.cx.sessions = b.sessions;
	table_init(&b.t, &view_sessions);
	table_update(&b.t, &b.cx, 1);
	table_sort(&b.t, &b.cx, NULL, false); /* as they come: what needs eyes first is tested by itself */
	return b;
}

static void close_bench(struct bench *b)
{
	table_fini(&b->t);
	free(b->sessions);
	night_free(b->n);
}

static void expect_selected(const struct bench *b, const char *router, const char *neighbor)
{
	const struct world_session *r = table_selected(&b->t);

	assert_non_null(r);
	assert_string_equal(r->router->conf->name, router);
	assert_string_equal(r->s->neighbor.s, neighbor);
}

static void sort(struct bench *b, const char *id, bool descending)
{
	table_sort(&b->t, &b->cx, column_find(view_sessions.columns, view_sessions.column_count, id), descending);
}

static void test_cursor_stays_through_sort_filter_and_update(void **state)
{
	struct bench b = open_bench();

	(void)state;
	assert_true(table_go(&b.t, "r1||192.0.2.14|1"));
	sort(&b, "asn", true);
	expect_selected(&b, "r1", "192.0.2.14");
	assert_int_equal(table_filter(&b.t, &b.cx, "state:down", NULL), 0);
	expect_selected(&b, "r1", "192.0.2.14");
	table_update(&b.t, &b.cx, 2);
	expect_selected(&b, "r1", "192.0.2.14");
	/* Hidden for a while, it is under the cursor again afterwards. */
	table_filter(&b.t, &b.cx, "asn:64501", NULL);
	table_filter(&b.t, &b.cx, "", NULL);
	expect_selected(&b, "r1", "192.0.2.14");
	close_bench(&b);
}

/* What is in view under a filter is what a key will act on: it must not change with the order. */
static void test_cursor_under_a_filter_stays_too(void **state)
{
	struct bench b = open_bench();

	(void)state;
	assert_true(table_go(&b.t, "r1||192.0.2.14|1"));
	assert_int_equal(table_filter(&b.t, &b.cx, "asn:64501 router:^r1$", NULL), 0);
	expect_selected(&b, "r1", "192.0.2.11");
	sort(&b, "received", false); /* the IPv6 session has fewer and comes first */
	expect_selected(&b, "r1", "192.0.2.11");
	table_update(&b.t, &b.cx, 2);
	expect_selected(&b, "r1", "192.0.2.11");
	table_move(&b.t, 0); /* chosen: where it was before the filter is forgotten */
	table_filter(&b.t, &b.cx, "", NULL);
	expect_selected(&b, "r1", "192.0.2.11");
	close_bench(&b);
}

/* Routers are read one after the other: nobody chose the row that happened to be there first. */
static void test_cursor_is_at_the_top_until_moved(void **state)
{
	struct bench b = open_bench();

	(void)state;
	sort(&b, "router", false);
	expect_selected(&b, "edge2", "192.0.2.21");
	sort(&b, "router", true);
	expect_selected(&b, "r1", "192.0.2.11");
	table_move(&b.t, 1);
	sort(&b, "router", false);
	assert_int_not_equal(b.t.cursor, 0);
	close_bench(&b);
}

static void test_what_needs_eyes_comes_first(void **state)
{
	struct bench b = open_bench();
	struct field f;

	(void)state;
	sort(&b, "state", false);
	table_home(&b.t, false);
	for (size_t i = 0; i + 1 < b.t.shown; i++) {
		const struct world_session *r = table_selected(&b.t), *next;

		table_move(&b.t, 1);
		next = table_selected(&b.t);
		assert_true(state_rank(&b.cx, r) <= state_rank(&b.cx, next));
	}
	state_field(&b.cx, table_selected(&b.t), 0, &f);
	assert_non_null(strstr(f.s, "up"));
	table_home(&b.t, false);
	state_field(&b.cx, table_selected(&b.t), 0, &f);
	assert_non_null(strstr(f.s, "down"));
	close_bench(&b);
}

static void test_unknown_sorts_last_both_ways(void **state)
{
	struct bench b = open_bench();
	const struct world_session *r;

	(void)state;
	for (int down = 0; down < 2; down++) {
		sort(&b, "since", down);
		table_home(&b.t, true);
		r = table_selected(&b.t);
		assert_int_equal(r->s->since_s, -1);
	}
	sort(&b, "received", true);
	table_home(&b.t, false);
	expect_selected(&b, "r1", "203.0.113.9");
	close_bench(&b);
}

static size_t targets(const struct table *t)
{
	size_t n = 0;

	while (table_target(t, n) != NULL)
		n++;
	return n;
}

static void test_marks_follow_entities_and_die_with_them(void **state)
{
	struct bench b = open_bench();

	(void)state;
	assert_int_equal(targets(&b.t), 1); /* without marks: the selected one */
	table_filter(&b.t, &b.cx, "router:edge2", NULL);
	table_mark_all(&b.t);
	assert_int_equal(b.t.marks, 3);
	table_filter(&b.t, &b.cx, "router:r1", NULL);
	assert_int_equal(b.t.marks, 3);
	assert_int_equal(b.t.marks_hidden, 3);
	assert_int_equal(targets(&b.t), 3);
	/* edge2 loses two of them: a mark must not come back as a target. */
	snap_unref(b.n->routers[1].snap);
	b.n->routers[1].snap = night_snap("edge2", night_edge2, 1, 1, "BIRD", 0);
	free(b.sessions);
	b.cx.session_count = world_sessions(&b.n->w, &b.sessions);
	b.cx.sessions = b.sessions;
	table_update(&b.t, &b.cx, 2);
	assert_int_equal(b.t.marks, 1);
	snap_unref(b.n->routers[1].snap);
	b.n->routers[1].snap = night_snap("edge2", night_edge2, 3, 3, "BIRD", 0);
	free(b.sessions);
	b.cx.session_count = world_sessions(&b.n->w, &b.sessions);
	b.cx.sessions = b.sessions;
	table_update(&b.t, &b.cx, 3);
	assert_int_equal(b.t.marks, 1);
	close_bench(&b);
}

/* What stands over a column is what people type. */
static void test_columns_go_by_title_and_beginning_too(void **state)
{
	const struct column *c = view_sessions.columns;
	size_t n = view_sessions.column_count;

	(void)state;
	assert_ptr_equal(column_find(c, n, "fam"), column_find(c, n, "family"));
	assert_ptr_equal(column_find(c, n, "rcvd"), column_find(c, n, "received"));
	assert_ptr_equal(column_find(c, n, "Net"), column_find(c, n, "network"));
	assert_null(column_find(c, n, "ne"));
	assert_null(column_find(c, n, "nonsense"));
}

static void test_search_goes_round(void **state)
{
	struct bench b = open_bench();

	(void)state;
	assert_int_equal(table_search(&b.t, "alpha", NULL), 0);
	table_home(&b.t, true);
	assert_true(table_search_step(&b.t, &b.cx, 1, false));
	expect_selected(&b, "r1", "192.0.2.11");
	assert_true(table_search_step(&b.t, &b.cx, -1, false));
	expect_selected(&b, "lost3", "192.0.2.21");
	assert_int_equal(table_search(&b.t, "no such thing", NULL), 0);
	assert_false(table_search_step(&b.t, &b.cx, 1, true));
	close_bench(&b);
}

static void test_counts_tell_down_shut_and_stale_apart(void **state)
{
	struct bench b = open_bench();

	(void)state;
	assert_int_equal(b.t.count, 17);
	assert_int_equal(b.t.down, 5);
	assert_int_equal(b.t.shut, 3);
	assert_int_equal(b.t.stale, 2);
	table_filter(&b.t, &b.cx, "state:down", NULL);
	assert_int_equal(b.t.shown, 8); /* what we suspended is down too */
	close_bench(&b);
}

static void test_copy_is_all_columns(void **state)
{
	struct bench b = open_bench();
	struct str out;

	(void)state;
	str_init(&out, 0);
	table_copy(&b.t, &b.cx, &out);
	assert_non_null(strstr(out.p, "r1\t64501\tAlpha Networks\t192.0.2.11\t"));
	assert_int_equal(out.p[out.len - 1], '\n');
	str_fini(&out);
	close_bench(&b);
}

static void test_every_width_is_drawn(void **state)
{
	struct bench b = open_bench();

	(void)state;
	for (int w = 1; w < 260; w++) {
		struct canvas *c = canvas_new(w, 6);

		table_draw(&b.t, &b.cx, c, (struct rect){ 0, 0, w, 6 }, true);
		if (w >= 80) { /* from here on no essential column is missing or cut */
			struct str s;

			str_init(&s, 0);
			canvas_text(c, &s);
			assert_non_null(strstr(s.p, "NEIGHBOR"));
			assert_non_null(strstr(s.p, "RCVD/MAX"));
			assert_non_null(strstr(s.p, "AGE"));
			assert_non_null(strstr(s.p, "ROUTER"));
			assert_non_null(strstr(s.p, "64501"));
			str_fini(&s);
		}
		canvas_free(c);
	}
	close_bench(&b);
}

static void test_revision_changes_with_what_is_shown(void **state)
{
	struct night *n = night_new();
	uint64_t before = world_revision(&n->w);

	(void)state;
	assert_int_equal(world_revision(&n->w), before);
	n->w.now_boot_ms += 1000; /* time alone is no change ... */
	assert_int_equal(world_revision(&n->w), before);
	n->w.now_boot_ms += 60000; /* ... unless it makes rows stale */
	assert_int_not_equal(world_revision(&n->w), before);
	n->w.now_boot_ms -= 61000;
	event_log_ack_all(n->w.events);
	assert_int_not_equal(world_revision(&n->w), before);
	before = world_revision(&n->w);
	n->routers[0].link.state = LINK_WAITING;
	assert_int_not_equal(world_revision(&n->w), before);
	night_free(n);
}

static void test_old_or_unreachable_is_stale(void **state)
{
	struct night *n = night_new();
	bool stale;

	(void)state;
	assert_int_equal(world_router_age(&n->w, &n->routers[0], &stale), 3000);
	assert_false(stale);
	n->w.now_boot_ms += 17000; /* exactly twice the interval */
	world_router_age(&n->w, &n->routers[0], &stale);
	assert_false(stale);
	n->w.now_boot_ms += 1;
	world_router_age(&n->w, &n->routers[0], &stale);
	assert_true(stale);
	n->w.now_boot_ms = NIGHT_BOOT;
	n->routers[0].link.state = LINK_WAITING;
	world_router_age(&n->w, &n->routers[0], &stale);
	assert_true(stale); /* fresh, but nobody knows whether it still holds */
	assert_int_equal(world_router_age(&n->w, &n->routers[3], &stale), -1);
	assert_true(stale);
	night_free(n);
}

/* ---- a long table ---- */

enum { LONG_ROWS = 5000 };

static struct snap *long_snap(uint64_t generation, const char *description)
{
	struct snap_builder *b = snap_builder_new("big");
	char words[40];

	for (int i = 0; i < LONG_ROWS; i++) {
		struct session *s;

		snprintf(words, sizeof(words), "10.0.%d.%d", i / 250, i % 250 + 1);
		s = snap_builder_session(b, SLICE(""), slice_of(words), AF_IPV4_UNICAST);
		s->state = BGP_ESTABLISHED;
		s->remote_as = 64512;
		s->description = snap_builder_text(b, slice_of(i == 4321 ? description : "peer"));
	}
	return snap_builder_freeze(b, generation);
}

struct long_bench {
	struct router_conf conf;
	struct config config;
	struct world_router router;
	struct world w;
	struct world_session *sessions;
	struct focus focus;
	struct view_ctx cx;
	struct table t;
};

/* What the console does when a snapshot came: the former is let go, and rows are joined anew. */
static void long_take(struct long_bench *b, struct snap *snap, uint64_t revision)
{
	struct pin *old = b->cx.pin;

	snap_unref(b->router.snap);
	b->router.snap = snap;
	free(b->sessions);
	b->cx.session_count = world_sessions(&b->w, &b->sessions);
	b->cx.sessions = b->sessions;
	b->cx.pin = pin_new(&b->w);
	b->cx.solid = pin_solid(&b->w);
	pin_unref(old);
	table_update(&b->t, &b->cx, revision);
}

static void long_open(struct long_bench *b)
{
	*b = (struct long_bench){ .conf = { .name = "big", .interval_s = 60 } };
	b->router = (struct world_router){ .conf = &b->conf, .os_title = "FRR", .link = { .state = LINK_READY } };
	b->w = (struct world){ .config = &b->config, .routers = &b->router, .router_count = 1 };
	b->cx = (struct view_ctx){ .w = &b->w, .g = glyphs_of(true), .focus = &b->focus };
	table_init(&b->t, &view_sessions);
	long_take(b, long_snap(1, "the one"), 1);
}

static void long_close(struct long_bench *b)
{
	table_fini(&b->t);
	pin_unref(b->cx.pin);
	free(b->sessions);
	snap_unref(b->router.snap);
}

static void test_a_long_table_is_filtered_a_little_at_a_time(void **state)
{
	struct long_bench b;
	const struct world_session *r;
	int rounds = 0;

	(void)state;
	long_open(&b);
	assert_int_equal(b.t.shown, LONG_ROWS);
	assert_int_equal(table_filter(&b.t, &b.cx, "the.one", NULL), 0);
	assert_int_equal(b.t.shown, LONG_ROWS); /* not yet */
	assert_true(table_is_behind(&b.t));
	assert_true(table_work(&b.t, &b.cx, 0));
	/* The snapshot goes while it is under way; what is shown and what is gone through stays readable. */
	long_take(&b, long_snap(2, "the one no more"), 2);
	assert_true(b.t.shown == LONG_ROWS && table_selected(&b.t) != NULL);
	r = table_selected(&b.t);
	assert_string_equal(r->s->description.s, "peer");
	while (table_work(&b.t, &b.cx, 0))
		rounds++;
	assert_true(rounds > 10);
	assert_false(table_is_behind(&b.t));
	assert_int_equal(b.t.shown, 1);
	r = table_selected(&b.t);
	assert_string_equal(r->s->description.s, "the one"); /* of when it began */
	table_update(&b.t, &b.cx, 2);
	assert_false(table_is_behind(&b.t)); /* the same filter: what is shown is not wrong, only a moment old */
	table_finish(&b.t, &b.cx);
	r = table_selected(&b.t);
	assert_string_equal(r->s->description.s, "the one no more");
	long_close(&b);
}

static void test_what_is_not_kept_is_not_waited_for(void **state)
{
	struct ledger_line line = { .id = TEXT_LIT("x"), .router = TEXT_LIT("big"), .vrf = TEXT_LIT(""), .neighbor = TEXT_LIT("10.0.17.72") };
	struct long_bench b;
	const struct world_session *r;

	(void)state;
	long_open(&b);
	table_filter(&b.t, &b.cx, "the.one", NULL);
	b.w.ledger = &line;
	b.w.ledger_count = 1;
	long_take(&b, snap_ref(b.router.snap), 2); /* rows would point to the ledger of before: anew, at once */
	assert_int_equal(b.t.shown, 1);
	r = table_selected(&b.t);
	assert_ptr_equal(r->held, &line);
	assert_int_equal(table_filter(&b.t, &b.cx, "no.such", NULL), 0);
	table_rest(&b.t);
	assert_null(table_selected(&b.t));
	table_update(&b.t, &b.cx, 2);
	assert_true(b.t.shown == 0 && b.t.count == LONG_ROWS); /* looked at again: as it is, at once */
	long_close(&b);
}

/* ---- order, beside what a comparison says ---- */

enum { THINGS = 700 };

static struct thing {
	bool known;
	int64_t number;
	char text[24];
	int at; /* as they come */
} things[THINGS];

static bool thing_number(const struct view_ctx *cx, const void *v, int64_t *out)
{
	(void)cx;
	*out = ((const struct thing *)v)->number;
	return ((const struct thing *)v)->known;
}

static void show_thing(const struct view_ctx *cx, const void *v, int width, struct field *out)
{
	(void)cx, (void)width;
	field_put(out, ROLE_NORMAL, ((const struct thing *)v)->known ? ((const struct thing *)v)->text : "");
}

static size_t thing_rows(const struct view_ctx *cx, void **out)
{
	(void)cx;
	*out = mem_calloc(THINGS, sizeof(things[0]));
	memcpy(*out, things, sizeof(things));
	return THINGS;
}

static void thing_key(const void *v, struct str *out)
{
	str_addf(out, "%d", ((const struct thing *)v)->at);
}

static const struct column thing_columns[] = {
	{ .id = "number", .title = "N", .help = "", .min = 5, .max = 5, .show = show_thing, .number = thing_number },
	{ .id = "text", .title = "T", .help = "", .min = 5, .max = 5, .show = show_thing },
};
static const struct view thing_view = { .name = "things", .title = "Things", .columns = thing_columns, .column_count = 2,
	.row_size = sizeof(struct thing), .rows = thing_rows, .key = thing_key };

static void make_things(void)
{
	static const int64_t edges[] = { INT64_MIN, INT64_MIN + 1, -1, 0, 1, 255, 256, INT64_MAX - 1, INT64_MAX };
	static const char *const words[] = { "r1", "R1", "router", "ROUTER-10", "router-1", "router-10", "longer than eight", "longer than NINE",
		"longer than eigh", "\xc3\xa4rger", "z", "Z " };
	uint32_t seed = 3;

	for (int i = 0; i < THINGS; i++) {
		seed = seed * 1664525u + 1013904223u;
		things[i] = (struct thing){ .known = seed >> 29 != 0, .at = i };
		things[i].number = seed & 0x1000 ? edges[(seed >> 8) % ARRAY_LEN(edges)] : (int64_t)(seed >> 16) - 30000;
		snprintf(things[i].text, sizeof(things[i].text), "%s", words[(seed >> 20) % ARRAY_LEN(words)]);
	}
}

static bool stands_right(const struct thing *a, const struct thing *b, bool numbers, bool descending)
{
	int c;

	if (a->known != b->known)
		return a->known;
	c = !a->known ? 0 : numbers ? (a->number > b->number) - (a->number < b->number) : strcasecmp(a->text, b->text);
	return c == 0 ? a->at < b->at : descending ? c > 0 : c < 0;
}

static void test_order_is_that_of_comparing(void **state)
{
	struct view_ctx cx = { .g = glyphs_of(false) };
	struct table t;

	(void)state;
	make_things();
	table_init(&t, &thing_view);
	table_update(&t, &cx, 1);
	for (int way = 0; way < 8; way++) { /* each after another order: nothing of that stays */
		bool numbers = way & 1, descending = way & 2;

		table_sort(&t, &cx, &thing_columns[numbers ? 0 : 1], descending);
		assert_int_equal(t.shown, THINGS);
		for (size_t i = 1; i < t.shown; i++)
			assert_true(stands_right((const struct thing *)(void *)t.rows + t.order[i - 1],
			    (const struct thing *)(void *)t.rows + t.order[i], numbers, descending));
	}
	table_sort(&t, &cx, NULL, false);
	for (size_t i = 0; i < t.shown; i++)
		assert_int_equal(t.order[i], i);
	table_fini(&t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_cursor_stays_through_sort_filter_and_update),
		cmocka_unit_test(test_cursor_under_a_filter_stays_too),
		cmocka_unit_test(test_cursor_is_at_the_top_until_moved),
		cmocka_unit_test(test_what_needs_eyes_comes_first),
		cmocka_unit_test(test_unknown_sorts_last_both_ways),
		cmocka_unit_test(test_marks_follow_entities_and_die_with_them),
		cmocka_unit_test(test_columns_go_by_title_and_beginning_too),
		cmocka_unit_test(test_search_goes_round),
		cmocka_unit_test(test_counts_tell_down_shut_and_stale_apart),
		cmocka_unit_test(test_copy_is_all_columns),
		cmocka_unit_test(test_every_width_is_drawn),
		cmocka_unit_test(test_revision_changes_with_what_is_shown),
		cmocka_unit_test(test_old_or_unreachable_is_stale),
		cmocka_unit_test(test_order_is_that_of_comparing),
		cmocka_unit_test(test_a_long_table_is_filtered_a_little_at_a_time),
		cmocka_unit_test(test_what_is_not_kept_is_not_waited_for),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
