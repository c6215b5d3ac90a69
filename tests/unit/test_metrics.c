/* The exposition: right by OpenMetrics, and silent about what is not known. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "core/base/mem.h"
#include "core/judge/metrics.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { NOW = 1000000 };

struct stage {
	struct router_conf conf[2];
	struct world_router routers[2];
	struct config config;
	struct world w;
	struct str out;
};

static struct session *row(struct snap_builder *b, const char *vrf, const char *neighbor, asn_t asn, enum bgp_state state)
{
	struct session *s = snap_builder_session(b, slice_of(vrf), slice_of(neighbor), AF_IPV4_UNICAST);

	s->remote_as = asn;
	s->state = state;
	return s;
}

static void open_stage(struct stage *st)
{
	memset(st, 0, sizeof(*st));
	st->conf[0] = (struct router_conf){ .name = "r1", .interval_s = 10 };
	st->conf[1] = (struct router_conf){ .name = "r2", .interval_s = 10 };
	for (int i = 0; i < 2; i++)
		st->routers[i] = (struct world_router){ .conf = &st->conf[i] };
	st->w = (struct world){ .config = &st->config, .routers = st->routers, .router_count = 2, .now_boot_ms = NOW,
		.now_wall_ms = NOW };
	str_init(&st->out, METRICS_OCTETS_MAX);
}

static void show(struct stage *st, int router, struct snap_builder *b)
{
	struct snap *snap = snap_builder_freeze(b, 1);

	snap->taken_boot_ms = NOW - 2500;
	st->routers[router].snap = snap;
	st->routers[router].link.state = LINK_READY;
	st->routers[router].link.polls = 7;
	st->routers[router].link.poll_ms = 1250;
}

static const char *write_out(struct stage *st, const uint64_t *events, bool ledger)
{
	const struct metrics_more more = { events, ledger };

	str_clear(&st->out);
	metrics_write(&st->w, &more, &st->out);
	assert_false(st->out.over);
	return st->out.p;
}

static void close_stage(struct stage *st)
{
	for (int i = 0; i < 2; i++)
		snap_unref(st->routers[i].snap);
	str_fini(&st->out);
}

static void has(const char *text, const char *line)
{
	if (strstr(text, line) == NULL)
		fail_msg("\"%s\" is not in:\n%s", line, text);
}

static void has_not(const char *text, const char *line)
{
	if (strstr(text, line) != NULL)
		fail_msg("\"%s\" is in:\n%s", line, text);
}

static void tells_a_session_with_its_labels(void **state)
{
	struct snap_builder *b = snap_builder_new("r1");
	struct session *s;
	struct stage st;
	const char *text;

	(void)state;
	open_stage(&st);
	s = row(b, "", "192.0.2.7", 64501, BGP_ESTABLISHED);
	s->received = 90;
	s->max_prefixes = 100;
	s = row(b, "cust", "192.0.2.8", ASN_UNKNOWN, BGP_IDLE);
	s->admin_down = TRI_YES;
	show(&st, 0, b);
	text = write_out(&st, NULL, false);
	has(text, "\npeerdeck_session_up{router=\"r1\",vrf=\"default\",neighbor=\"192.0.2.7\",asn=\"64501\",family=\"ipv4-unicast\"} 1\n");
	has(text, "\npeerdeck_session_up{router=\"r1\",vrf=\"cust\",neighbor=\"192.0.2.8\",asn=\"\",family=\"ipv4-unicast\"} 0\n");
	has(text, "neighbor=\"192.0.2.7\",asn=\"64501\",family=\"ipv4-unicast\"} 90\n");
	has(text, "\npeerdeck_session_max_prefixes{router=\"r1\",vrf=\"default\",neighbor=\"192.0.2.7\",asn=\"64501\",family=\"ipv4-unicast\"} 100\n");
	has(text, "\npeerdeck_session_admin_down{router=\"r1\",vrf=\"cust\",neighbor=\"192.0.2.8\",asn=\"\",family=\"ipv4-unicast\"} 1\n");
	close_stage(&st);
}

static void unknown_has_no_sample(void **state)
{
	struct snap_builder *b = snap_builder_new("r1");
	struct stage st;
	const char *text;

	(void)state;
	open_stage(&st);
	row(b, "", "192.0.2.7", 64501, BGP_UNKNOWN);
	show(&st, 0, b);
	text = write_out(&st, NULL, false);
	has_not(text, "192.0.2.7");
	has_not(text, "peerdeck_router_up{router=\"r2\"}"); /* nobody has tried it yet */
	has_not(text, "age_seconds{router=\"r2\"}");
	has_not(text, "peerdeck_ledger_held");
	has_not(text, "peerdeck_incidents_open");
	has_not(text, "peerdeck_events");
	close_stage(&st);
}

static void stale_is_not_shown_as_fresh(void **state)
{
	struct snap_builder *b = snap_builder_new("r1");
	struct stage st;
	const char *text;

	(void)state;
	open_stage(&st);
	row(b, "", "192.0.2.7", 64501, BGP_ESTABLISHED);
	show(&st, 0, b);
	st.w.now_boot_ms += 60000;
	st.routers[1].link.state = LINK_WAITING;
	text = write_out(&st, NULL, false);
	has_not(text, "192.0.2.7");
	has(text, "\npeerdeck_router_up{router=\"r1\"} 0\n");
	has(text, "\npeerdeck_router_up{router=\"r2\"} 0\n");
	has(text, "\npeerdeck_router_snapshot_age_seconds{router=\"r1\"} 62.500\n");
	close_stage(&st);
}

static void labels_are_escaped(void **state)
{
	struct snap_builder *b = snap_builder_new("r1");
	struct stage st;

	(void)state;
	open_stage(&st);
	row(b, "a\"b\\c", "192.0.2.7", 64501, BGP_ESTABLISHED);
	show(&st, 0, b);
	has(write_out(&st, NULL, false), "vrf=\"a\\\"b\\\\c\",");
	close_stage(&st);
}

static void no_series_stands_twice(void **state)
{
	struct snap_builder *b = snap_builder_new("r1");
	struct session *s = row(b, "", "192.0.2.7", 64501, BGP_ESTABLISHED), *twin = snap_builder_twin(b, s);
	struct stage st;
	const char *text, *first;

	(void)state;
	open_stage(&st);
	twin->remote_as = 64501;
	twin->state = BGP_IDLE;
	show(&st, 0, b);
	text = write_out(&st, NULL, false);
	first = strstr(text, "peerdeck_session_up{");
	assert_non_null(first);
	assert_null(strstr(first + 1, "peerdeck_session_up{"));
	has(text, "\npeerdeck_sessions_left_out 1\n");
	close_stage(&st);
}

static void counters_and_the_ledger(void **state)
{
	uint64_t events[EVENT_KINDS] = { [EVENT_DOWN] = 3 };
	struct ledger_line held[2] = { { .until_wall_ms = NOW - 1 }, { .until_wall_ms = 0 } };
	struct stage st;
	const char *text;

	(void)state;
	open_stage(&st);
	show(&st, 0, snap_builder_new("r1"));
	st.w.ledger = held;
	st.w.ledger_count = 2;
	text = write_out(&st, events, true);
	has(text, "# TYPE peerdeck_events counter\n");
	has(text, "\npeerdeck_events_total{kind=\"down\"} 3\n");
	has(text, "\npeerdeck_events_total{kind=\"up\"} 0\n"); /* counted, and none came */
	has(text, "# TYPE peerdeck_router_polls counter\n");
	has(text, "\npeerdeck_router_polls_total{router=\"r1\"} 7\n");
	has(text, "\npeerdeck_router_poll_duration_seconds{router=\"r1\"} 1.250\n");
	has(text, "\npeerdeck_ledger_held 2\n");
	has(text, "\npeerdeck_ledger_overdue 1\n");
	close_stage(&st);
}

/* Line by line: a family's metadata stand once before its samples, its samples are together, the end is the last. */
static void every_family_stands_together(void **state)
{
	uint64_t events[EVENT_KINDS] = { 0 };
	char seen[64][64], family[64] = "", name[64], *copy, *line, *save = NULL;
	struct snap_builder *b = snap_builder_new("r1");
	size_t count = 0;
	struct stage st;

	(void)state;
	open_stage(&st);
	row(b, "", "192.0.2.7", 64501, BGP_ESTABLISHED)->received = 5;
	show(&st, 0, b);
	copy = mem_strdup(write_out(&st, events, true));
	assert_string_equal(copy + strlen(copy) - 6, "# EOF\n");
	for (line = strtok_r(copy, "\n", &save); line != NULL; line = strtok_r(NULL, "\n", &save)) {
		if (strncmp(line, "# TYPE ", 7) == 0) {
			snprintf(family, sizeof(family), "%.*s", (int)strcspn(line + 7, " "), line + 7);
			for (size_t i = 0; i < count; i++)
				assert_string_not_equal(seen[i], family);
			snprintf(seen[count++], sizeof(seen[0]), "%s", family);
		} else if (line[0] != '#') {
			snprintf(name, sizeof(name), "%.*s", (int)strcspn(line, "{ "), line);
			assert_memory_equal(name, family, strlen(family));
			assert_true(strcmp(name + strlen(family), "") == 0 || strcmp(name + strlen(family), "_total") == 0);
		} else if (strcmp(line, "# EOF") != 0) {
			assert_memory_equal(line + 7, family, strlen(family));
		}
	}
	free(copy);
	close_stage(&st);
}

/* What was cut is written as it was, though the world has let go of it. */
static void a_cut_outlives_its_snapshots(void **state)
{
	const struct metrics_more more = { NULL, false };
	struct snap_builder *b = snap_builder_new("r1");
	struct metrics_cut *cut;
	struct stage st;
	char *want;

	(void)state;
	open_stage(&st);
	row(b, "", "192.0.2.7", 64501, BGP_ESTABLISHED)->received = 5;
	show(&st, 0, b);
	want = mem_strdup(write_out(&st, NULL, false));
	cut = metrics_cut_new(&st.w, &more);
	snap_unref(st.routers[0].snap);
	b = snap_builder_new("r1");
	row(b, "", "192.0.2.9", 64999, BGP_IDLE);
	show(&st, 0, b);
	st.routers[0].link.polls = 8;
	str_clear(&st.out);
	metrics_cut_write(cut, &st.out);
	assert_string_equal(st.out.p, want);
	metrics_cut_free(cut);
	has(write_out(&st, NULL, false), "neighbor=\"192.0.2.9\"");
	free(want);
	close_stage(&st);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(tells_a_session_with_its_labels),
		cmocka_unit_test(unknown_has_no_sample),
		cmocka_unit_test(stale_is_not_shown_as_fresh),
		cmocka_unit_test(labels_are_escaped),
		cmocka_unit_test(no_series_stands_twice),
		cmocka_unit_test(counters_and_the_ledger),
		cmocka_unit_test(every_family_stands_together),
		cmocka_unit_test(a_cut_outlives_its_snapshots),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
