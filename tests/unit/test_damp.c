/* A session that flaps is one line; nothing else is. */
#include "core/judge/damp.h"
#include "core/base/mem.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

static const struct flap_conf conf = { .changes = 4, .within_s = 600, .quiet_s = 600 };
static const int64_t T0 = 1790000000000;

static void put(struct event_log *log, const char *neighbor, enum event_kind kind, int64_t after_s)
{
	struct event ev = { .wall_ms = T0 + after_s * 1000, .kind = kind, .severity = kind == EVENT_DOWN ? SEV_ALARM : SEV_NOTICE,
		.family = AF_IPV4_UNICAST };

	snprintf(ev.router, sizeof(ev.router), "r1");
	snprintf(ev.neighbor, sizeof(ev.neighbor), "%s", neighbor);
	snprintf(ev.words, sizeof(ev.words), "%s", event_kind_word(kind));
	event_log_add(log, ev);
}

static size_t lines_of(const struct event_log *log, const struct flap_conf *c, struct damp_line **lines)
{
	size_t n = event_log_count(log);
	const struct event **events = mem_calloc(n + 1, sizeof(*events));

	for (size_t i = 0; i < n; i++)
		events[i] = event_log_at(log, i);
	n = damp_lines(events, n, c, lines);
	free(events);
	return n;
}

static void a_flapping_session_is_one_line(void **state)
{
	struct event_log *log = event_log_new(100);
	struct damp_line *lines;
	struct str words;
	size_t n;

	(void)state;
	put(log, "192.0.2.9", EVENT_DOWN, -30); /* another, once */
	for (int i = 0; i < 6; i++)
		put(log, "192.0.2.1", i % 2 == 0 ? EVENT_DOWN : EVENT_UP, i * 60);
	put(log, "192.0.2.1", EVENT_VERDICT, 310); /* no transition: stays by itself */
	n = lines_of(log, &conf, &lines);
	assert_int_equal(n, 3);
	assert_int_equal(lines[0].newest->kind, EVENT_VERDICT);
	assert_int_equal(lines[1].times, 6);
	assert_int_equal(lines[1].newest->kind, EVENT_UP);
	assert_int_equal(lines[1].gravest, SEV_ALARM);
	assert_true(lines[1].unacked);
	assert_int_equal(lines[2].times, 1);
	str_init(&words, 0);
	damp_words(&lines[1], &words);
	assert_string_equal(words.p, "flaps 6x in 5m: up, last 14:18:20");
	str_fini(&words);
	free(lines);
	n = lines_of(log, &(struct flap_conf){ .changes = 0 }, &lines); /* switched off */
	assert_int_equal(n, 8);
	free(lines);
	event_log_free(log);
}

/* Few changes, or many far apart, are lines of their own; what was long ago does not join what is now. */
static void slow_changes_are_lines_of_their_own(void **state)
{
	struct event_log *log = event_log_new(100);
	struct damp_line *lines;

	(void)state;
	for (int i = 0; i < 8; i++) /* one change in 5 minutes: three within ten */
		put(log, "192.0.2.1", i % 2 == 0 ? EVENT_DOWN : EVENT_UP, i * 301);
	assert_int_equal(lines_of(log, &conf, &lines), 8);
	free(lines);
	for (int i = 0; i < 4; i++)
		put(log, "192.0.2.1", i % 2 == 0 ? EVENT_DOWN : EVENT_UP, 8 * 301 + 3600 + i);
	assert_int_equal(lines_of(log, &conf, &lines), 9);
	assert_int_equal(lines[0].times, 4);
	free(lines);
	event_log_free(log);
}

static void two_changes_between_looks_count_twice(void **state)
{
	struct event_log *log = event_log_new(100);
	struct damp_line *lines;
	struct event ev = { .wall_ms = T0, .kind = EVENT_DOWN, .severity = SEV_WARN, .router = "r1", .neighbor = "192.0.2.1",
		.words = "flapped: was down and is up again" };

	(void)state;
	event_log_add(log, ev);
	ev.wall_ms += 10000;
	event_log_add(log, ev);
	assert_int_equal(lines_of(log, &conf, &lines), 1);
	assert_int_equal(lines[0].times, 4);
	free(lines);
	event_log_free(log);
}

static void flaps_now_until_it_was_quiet(void **state)
{
	struct event_log *log = event_log_new(100);
	struct damped *d;

	(void)state;
	for (int i = 0; i < 5; i++)
		put(log, "192.0.2.1", i % 2 == 0 ? EVENT_DOWN : EVENT_UP, i * 10);
	put(log, "192.0.2.2", EVENT_DOWN, 50);
	d = damped_new(log, &conf, T0 + 60000);
	assert_int_equal(damped_count(d), 1);
	assert_int_equal(damped_find(d, "r1", "", "192.0.2.1", AF_IPV4_UNICAST)->times, 5);
	assert_null(damped_find(d, "r1", "", "192.0.2.2", AF_IPV4_UNICAST));
	assert_null(damped_find(d, "r1", "", "192.0.2.1", AF_IPV6_UNICAST));
	assert_null(damped_find(d, "r2", "", "192.0.2.1", AF_IPV4_UNICAST));
	damped_free(d);
	d = damped_new(log, &conf, T0 + 40000 + 600000 + 1);
	assert_int_equal(damped_count(d), 0);
	damped_free(d);
	damped_free(NULL);
	event_log_free(log);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_flapping_session_is_one_line), cmocka_unit_test(slow_changes_are_lines_of_their_own),
		cmocka_unit_test(two_changes_between_looks_count_twice), cmocka_unit_test(flaps_now_until_it_was_quiet),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
