/* Two looks at a router, and what is made of the difference; the ring that keeps it. */
#include "core/model/diff.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

static struct session *add(struct snap_builder *b, const char *neighbor, enum bgp_state state)
{
	struct session *s = snap_builder_session(b, SLICE(""), slice_of(neighbor), AF_IPV4_UNICAST);

	s->state = state;
	s->remote_as = 64501;
	snap_builder_rows(b, 1, 1);
	return s;
}

/* Two builders with one session each, changed by the test, then compared. */
struct pair {
	struct snap_builder *b[2];
	struct session *old, *now;
	struct event_log *log;
};

static struct pair begin(enum bgp_state old, enum bgp_state now)
{
	struct pair p = { .log = event_log_new(16) };

	for (int i = 0; i < 2; i++)
		p.b[i] = snap_builder_new("r1");
	p.old = add(p.b[0], "192.0.2.1", old);
	p.now = add(p.b[1], "192.0.2.1", now);
	return p;
}

static void compare(struct pair *p, int64_t seconds_between)
{
	struct snap *old = snap_builder_freeze(p->b[0], 1), *now = snap_builder_freeze(p->b[1], 2);

	now->taken_boot_ms = old->taken_boot_ms + seconds_between * 1000;
	diff_snaps(old, now, &diff_defaults, p->log);
	snap_unref(old);
	snap_unref(now);
}

/* Exactly one event came, of this kind and severity, whose words hold `part`. */
static void one(struct pair *p, enum event_kind kind, enum severity severity, const char *part)
{
	const struct event *ev = event_log_at(p->log, 0);

	assert_int_equal(event_log_count(p->log), 1);
	assert_string_equal(event_kind_word(ev->kind), event_kind_word(kind));
	assert_int_equal(ev->severity, severity);
	assert_string_equal(ev->router, "r1");
	assert_string_equal(ev->neighbor, "192.0.2.1");
	assert_int_equal(ev->remote_as, 64501);
	if (strstr(ev->words, part) == NULL)
		fail_msg("\"%s\" is not in: %s", part, ev->words);
	event_log_free(p->log);
}

static void none(struct pair *p)
{
	if (event_log_count(p->log) != 0)
		fail_msg("unexpected: %s", event_log_at(p->log, 0)->words);
	event_log_free(p->log);
}

static void says_nothing_when_nothing_changed(void **state)
{
	struct pair p = begin(BGP_ESTABLISHED, BGP_ESTABLISHED);

	(void)state;
	p.old->received = p.now->received = 100;
	p.old->since_s = 50;
	p.now->since_s = 60;
	compare(&p, 10);
	none(&p);
	p = begin(BGP_ACTIVE, BGP_CONNECT); /* between the states of trying */
	compare(&p, 10);
	none(&p);
}

static void first_look_is_silent(void **state)
{
	struct pair p = begin(BGP_ESTABLISHED, BGP_IDLE);
	struct snap *now = snap_builder_freeze(p.b[1], 1);

	(void)state;
	snap_builder_free(p.b[0]);
	diff_snaps(NULL, now, &diff_defaults, p.log);
	snap_unref(now);
	none(&p);
}

static void sees_up_and_down_with_reason(void **state)
{
	struct pair p = begin(BGP_ACTIVE, BGP_ESTABLISHED);

	(void)state;
	compare(&p, 10);
	one(&p, EVENT_UP, SEV_NOTICE, "up");
	p = begin(BGP_ESTABLISHED, BGP_ACTIVE);
	p.now->last_error = (struct last_error){ .code = 4, .subcode = 0, .dir = DIR_SENT };
	compare(&p, 10);
	one(&p, EVENT_DOWN, SEV_ALARM, "down: Hold timer expired, sent (4/0)");
	p = begin(BGP_ESTABLISHED, BGP_IDLE);
	p.now->last_error = (struct last_error){ .code = 6, .subcode = 2, .dir = DIR_RECEIVED };
	p.now->shutdown_message = TEXT_LIT("maintenance");
	compare(&p, 10);
	one(&p, EVENT_DOWN, SEV_WARN, "received (6/2): \"maintenance\"");
}

static void an_own_shutdown_is_no_alarm(void **state)
{
	struct pair p = begin(BGP_ESTABLISHED, BGP_IDLE);

	(void)state;
	p.now->admin_down = TRI_YES;
	compare(&p, 10);
	one(&p, EVENT_ADMIN, SEV_NOTICE, "shut by us");
	p = begin(BGP_IDLE, BGP_ACTIVE);
	p.old->admin_down = TRI_YES;
	p.now->admin_down = TRI_NO;
	compare(&p, 10);
	one(&p, EVENT_ADMIN, SEV_NOTICE, "opened by us");
}

static void sees_limits(void **state)
{
	struct pair p = begin(BGP_ESTABLISHED, BGP_IDLE);

	(void)state;
	p.now->limit_tripped = TRI_YES;
	compare(&p, 10);
	one(&p, EVENT_LIMIT_TRIPPED, SEV_ALARM, "configured limit");
	p = begin(BGP_ESTABLISHED, BGP_ESTABLISHED);
	p.old->max_prefixes = p.now->max_prefixes = 100;
	p.old->received = 89;
	p.now->received = 90;
	compare(&p, 10);
	one(&p, EVENT_LIMIT_NEAR, SEV_WARN, "90 of at most 100");
}

static void sees_jumps_of_share_and_size(void **state)
{
	struct pair p = begin(BGP_ESTABLISHED, BGP_ESTABLISHED);

	(void)state;
	p.old->received = 250;
	p.now->received = 200;
	compare(&p, 10);
	one(&p, EVENT_PREFIX_JUMP, SEV_WARN, "250 -> 200");
	p = begin(BGP_ESTABLISHED, BGP_ESTABLISHED);
	p.old->received = 251; /* 50 of 251 are less than 20 % */
	p.now->received = 201;
	compare(&p, 10);
	none(&p);
	p = begin(BGP_ESTABLISHED, BGP_ESTABLISHED);
	p.old->received = 10; /* much of little */
	p.now->received = 59;
	compare(&p, 10);
	none(&p);
	p = begin(BGP_ESTABLISHED, BGP_ESTABLISHED);
	p.old->received = 1000; /* unknown is not zero */
	compare(&p, 10);
	none(&p);
}

/* However few they were: a session that is up without prefixes carries nothing. */
static void sees_prefixes_lost_with_the_session_up(void **state)
{
	struct pair p = begin(BGP_ESTABLISHED, BGP_ESTABLISHED);

	(void)state;
	p.old->received = 3;
	p.now->received = 0;
	compare(&p, 10);
	one(&p, EVENT_PREFIX_JUMP, SEV_ALARM, "lost all prefixes: 3 -> 0");
	p = begin(BGP_ESTABLISHED, BGP_ESTABLISHED);
	p.old->received = 40; /* no jump of 50, but most of them */
	p.now->received = 20;
	compare(&p, 10);
	one(&p, EVENT_PREFIX_JUMP, SEV_ALARM, "lost most prefixes: 40 -> 20");
	p = begin(BGP_ESTABLISHED, BGP_ESTABLISHED);
	p.old->received = 9; /* few, and not all */
	p.now->received = 4;
	compare(&p, 10);
	none(&p);
	p = begin(BGP_ESTABLISHED, BGP_ESTABLISHED);
	p.old->received = p.now->received = 100;
	p.old->accepted = 90;
	p.now->accepted = 0;
	compare(&p, 10);
	one(&p, EVENT_PREFIX_JUMP, SEV_ALARM, "import refuses all prefixes: accepted 90 -> 0 of 100 received");
	p = begin(BGP_ESTABLISHED, BGP_ESTABLISHED); /* both: told once */
	p.old->received = 100;
	p.old->accepted = 90;
	p.now->received = p.now->accepted = 0;
	compare(&p, 10);
	one(&p, EVENT_PREFIX_JUMP, SEV_ALARM, "lost all prefixes: 100 -> 0");
	p = begin(BGP_ESTABLISHED, BGP_ESTABLISHED); /* two different counters are not compared */
	p.old->received = 100;
	p.now->accepted = 0;
	compare(&p, 10);
	none(&p);
}

static void sees_what_fell_between_two_looks(void **state)
{
	struct pair p = begin(BGP_ESTABLISHED, BGP_ESTABLISHED);

	(void)state;
	p.old->since_s = 5000;
	p.now->since_s = 4;
	compare(&p, 10);
	one(&p, EVENT_DOWN, SEV_WARN, "flapped");
	p = begin(BGP_ESTABLISHED, BGP_ESTABLISHED);
	p.old->flaps = 3;
	p.now->flaps = 4;
	compare(&p, 10);
	one(&p, EVENT_DOWN, SEV_WARN, "flapped");
}

static void an_incomplete_look_removes_nothing(void **state)
{
	struct pair p = begin(BGP_ESTABLISHED, BGP_ESTABLISHED);

	(void)state;
	add(p.b[0], "192.0.2.2", BGP_ESTABLISHED);
	snap_builder_rows(p.b[1], 1, 0); /* a row was seen that could not be read */
	compare(&p, 10);
	none(&p);
}

static void sees_new_and_gone(void **state)
{
	struct pair p = begin(BGP_ESTABLISHED, BGP_ESTABLISHED);

	(void)state;
	add(p.b[0], "192.0.2.0", BGP_ESTABLISHED);
	add(p.b[1], "192.0.2.7", BGP_IDLE);
	compare(&p, 10);
	assert_int_equal(event_log_count(p.log), 2);
	assert_int_equal(event_log_at(p.log, 1)->kind, EVENT_GONE);
	assert_string_equal(event_log_at(p.log, 1)->neighbor, "192.0.2.0");
	assert_int_equal(event_log_at(p.log, 0)->kind, EVENT_NEW);
	assert_string_equal(event_log_at(p.log, 0)->neighbor, "192.0.2.7");
	event_log_free(p.log);
}

static void words_end_with_a_whole_character(void **state)
{
	struct pair p = begin(BGP_ESTABLISHED, BGP_IDLE);
	char filling[400] = "";

	(void)state;
	for (int i = 0; i < 180; i++)
		memcpy(filling + strlen(filling), "\xc3\xbc", 3);
	p.now->last_error.words = (struct text){ filling };
	compare(&p, 10);
	assert_true(strlen(event_log_at(p.log, 0)->words) % 2 == 0); /* "down: " and whole pairs */
	one(&p, EVENT_DOWN, SEV_ALARM, "down: \xc3\xbc");
}

static void the_ring_keeps_the_newest(void **state)
{
	struct event_log *l = event_log_new(3);

	(void)state;
	for (int i = 1; i <= 5; i++)
		event_log_add(l, (struct event){ .severity = i % 2 ? SEV_WARN : SEV_INFO, .wall_ms = i });
	assert_int_equal(event_log_count(l), 3);
	assert_int_equal(event_log_lost(l), 2);
	assert_int_equal(event_log_at(l, 0)->id, 5);
	assert_int_equal(event_log_at(l, 2)->id, 3);
	assert_null(event_log_at(l, 3));
	assert_int_equal(event_log_unacked(l), 2);
	event_log_ack(l, 2); /* fell out long ago */
	event_log_ack(l, 99);
	assert_int_equal(event_log_unacked(l), 2);
	event_log_ack(l, 3);
	assert_true(event_log_at(l, 2)->acked);
	assert_int_equal(event_log_unacked(l), 1);
	event_log_ack_all(l);
	assert_int_equal(event_log_unacked(l), 0);
	event_log_free(l);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(says_nothing_when_nothing_changed),
		cmocka_unit_test(first_look_is_silent),
		cmocka_unit_test(sees_up_and_down_with_reason),
		cmocka_unit_test(an_own_shutdown_is_no_alarm),
		cmocka_unit_test(sees_limits),
		cmocka_unit_test(sees_jumps_of_share_and_size),
		cmocka_unit_test(sees_prefixes_lost_with_the_session_up),
		cmocka_unit_test(sees_what_fell_between_two_looks),
		cmocka_unit_test(an_incomplete_look_removes_nothing),
		cmocka_unit_test(sees_new_and_gone),
		cmocka_unit_test(words_end_with_a_whole_character),
		cmocka_unit_test(the_ring_keeps_the_newest),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
