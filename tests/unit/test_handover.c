/* The handover tells what is open first, one line a session, and says what it does not know. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "core/base/mem.h"
#include "core/judge/handover.h"
#include "core/judge/incident.h"
#include "core/model/calls.h"

#include <stdio.h>
#include <string.h>

static const int64_t NOW = INT64_C(1793155512000), HOUR = 3600000;

static struct world world_of(struct event_log *l)
{
	return (struct world){ .events = l, .now_wall_ms = NOW, .operator_login = "alice", .operator_name = "" };
}

static void put(struct event_log *l, int64_t ago_ms, enum event_kind kind, enum severity severity, const char *neighbor,
    const char *words)
{
	struct event ev = { .wall_ms = NOW - ago_ms, .kind = kind, .severity = severity, .router = "r1", .remote_as = 64501 };

	snprintf(ev.neighbor, sizeof(ev.neighbor), "%s", neighbor);
	snprintf(ev.words, sizeof(ev.words), "%s", words);
	event_log_add(l, ev);
}

static void a_flapping_session_is_one_line(void **state)
{
	struct event_log *l = event_log_new(100);
	struct world w = world_of(l);
	struct handover *h;

	(void)state;
	put(l, 9 * HOUR, EVENT_DOWN, SEV_ALARM, "192.0.2.1", "before the shift");
	for (int i = 5; i > 0; i--) {
		put(l, i * HOUR, EVENT_DOWN, SEV_ALARM, "192.0.2.1", "down: hold timer");
		put(l, i * HOUR - 60000, EVENT_UP, SEV_NOTICE, "192.0.2.1", "up");
	}
	put(l, HOUR, EVENT_PREFIX_JUMP, SEV_WARN, "192.0.2.2", "prefixes: 10 -> 1");
	h = handover_new(&w, NOW - 8 * HOUR);
	assert_int_equal(h->parts[HANDOVER_CHANGES].count, 2);
	assert_string_equal(h->parts[HANDOVER_CHANGES].items[0].words, "10 changes, down 5 times, at last: up");
	assert_string_equal(h->parts[HANDOVER_CHANGES].items[1].words, "prefixes: 10 -> 1");
	assert_int_equal(h->parts[HANDOVER_UNSEEN].count, 6);
	assert_string_equal(h->by, "alice");
	assert_string_equal(h->caveat, "");
	handover_free(h);
	event_log_free(l);
}

static void what_the_log_lost_is_said(void **state)
{
	struct event_log *l = event_log_new(3);
	struct world w = world_of(l);
	struct handover *h;

	(void)state;
	for (int i = 6; i > 0; i--)
		put(l, i * HOUR, EVENT_UP, SEV_NOTICE, "192.0.2.1", "up");
	h = handover_new(&w, NOW - 8 * HOUR);
	assert_non_null(strstr(h->caveat, "are not listed"));
	handover_free(h);
	event_log_free(l);
}

static const struct handover_item *only(const struct handover *h, enum handover_part p)
{
	assert_int_equal(h->parts[p].count, 1);
	return &h->parts[p].items[0];
}

static void what_is_held_called_and_noted_is_told(void **state)
{
	struct event_log *l = event_log_new(10);
	struct world w = world_of(l);
	const struct ledger_line held = { .router = TEXT_LIT("r1"), .neighbor = TEXT_LIT("192.0.2.9"), .verb = TEXT_LIT("suspend"),
		.who = TEXT_LIT("bob"), .reason = TEXT_LIT("leak"), .state = TEXT_LIT("held"), .remote_as = 64509,
		.since_wall_ms = NOW - 100 * HOUR, .until_wall_ms = NOW + HOUR };
	const struct journal_line lines[] = {
		{ 3, NOW - HOUR, TEXT_LIT("bob"), TEXT_LIT("suspend"), TEXT_LIT("r1"), TEXT_LIT("192.0.2.9"), TEXT_LIT("unverified"),
		    TEXT_LIT("leak"), 64509 },
		{ 2, NOW - 2 * HOUR, TEXT_LIT("bob"), TEXT_LIT("suspend"), TEXT_LIT("r1"), TEXT_LIT("192.0.2.9"), TEXT_LIT("begun"),
		    TEXT_LIT("leak"), 64509 },
		{ 1, NOW - 3 * HOUR, TEXT_LIT("kim"), TEXT_LIT("note"), TEXT_LIT(""), TEXT_LIT(""), TEXT_LIT(""),
		    TEXT_LIT("port 7 is moved at 04:00"), ASN_UNKNOWN },
	};
	const struct call rang = { .wall_ms = NOW - HOUR, .outcome = CALL_NO_ANSWER, .asn = 64501, .who = { "kim" }, .role = { "NOC" },
		.way = { "+1 202 555 0100" }, .rung = 1, .incident = { "I-20261128-0312-4f1" }, .ticket = { "T-77" }, .note = { "rang twice" } };
	struct calls *calls = calls_new();
	struct handover *h;
	struct str out;

	(void)state;
	calls_add(calls, &rang);
	w.ledger = &held;
	w.ledger_count = 1;
	w.journal = lines;
	w.journal_count = 3;
	w.calls = calls;
	h = handover_new(&w, NOW - 8 * HOUR);
	assert_non_null(strstr(only(h, HANDOVER_HELD)->words, "by bob, until 2026-"));
	assert_true(only(h, HANDOVER_HELD)->open);
	assert_true(only(h, HANDOVER_ACTIONS)->open); /* unverified: somebody must look */
	assert_string_equal(only(h, HANDOVER_NOTES)->words, "port 7 is moved at 04:00");
	assert_non_null(strstr(only(h, HANDOVER_CALLS)->words, "kim: called, no answer NOC +1 202 555 0100, ticket T-77, about I-20261128-0312-4f1: rang twice"));
	assert_non_null(strstr(only(h, HANDOVER_CALLS_OPEN)->words, "I-20261128-0312-4f1: 1 tries"));
	assert_true(only(h, HANDOVER_CALLS_OPEN)->open);
	str_init(&out, 0);
	handover_markdown(h, &out);
	assert_non_null(strstr(out.p, "# Handover by alice: "));
	assert_non_null(strstr(out.p, "- [ ] "));
	assert_non_null(strstr(out.p, "## Incidents still open: none"));
	str_clear(&out);
	handover_text(h, &out);
	assert_non_null(strstr(out.p, "  ! "));
	str_fini(&out);
	handover_free(h);
	calls_free(calls);
	event_log_free(l);
}

/* Three that fell together are their incident, not six lines; a fourth is told as before. */
static void what_is_in_an_incident_is_told_once(void **state)
{
	struct event_log *l = event_log_new(100);
	struct world w = world_of(l);
	struct incidents *set = incidents_new(&incident_defaults);
	const struct incident_fact open = { .op = INCIDENT_OPEN, .id = "I-one", .who = "", .words = "", .other = "",
		.wall_ms = NOW - HOUR, .by = GROUP_EXCHANGE, .key = "EXAMPLE-IX", .whole = 4,
		.members = "r1\t\t192.0.2.1\t64501\nr1\t\t192.0.2.2\t64501\nr1\t\t192.0.2.3\t64501\n" };
	const struct incident_fact ack = { .op = INCIDENT_ACK, .id = "I-one", .who = "kim", .words = "", .other = "",
		.wall_ms = NOW - HOUR / 2 };
	struct handover *h;
	char neighbor[32];

	(void)state;
	incidents_fact(set, &open);
	w.incidents = set;
	for (int i = 1; i <= 4; i++) {
		snprintf(neighbor, sizeof(neighbor), "192.0.2.%d", i);
		put(l, HOUR, EVENT_DOWN, SEV_ALARM, neighbor, "down: Hold timer expired, sent (4/0)");
		if (i != 3)
			put(l, HOUR / 2, EVENT_UP, SEV_NOTICE, neighbor, "up");
	}
	h = handover_new(&w, NOW - 8 * HOUR);
	assert_int_equal(h->parts[HANDOVER_UNSEEN].count, 2);
	assert_string_equal(h->parts[HANDOVER_UNSEEN].items[0].subject, "I-one");
	assert_string_equal(h->parts[HANDOVER_UNSEEN].items[1].subject, "r1 192.0.2.4");
	assert_int_equal(h->parts[HANDOVER_CHANGES].count, 2);
	assert_string_equal(h->parts[HANDOVER_CHANGES].items[1].words, "3 sessions of this incident, 5 changes; 2 up at last");
	handover_free(h);
	incidents_fact(set, &ack);
	put(l, 2 * HOUR, EVENT_DOWN, SEV_ALARM, "192.0.2.1", "down: of before"); /* belongs to no incident: told by itself */
	h = handover_new(&w, NOW - 8 * HOUR);
	assert_int_equal(h->parts[HANDOVER_UNSEEN].count, 2);
	assert_string_equal(h->parts[HANDOVER_UNSEEN].items[0].subject, "r1 192.0.2.4");
	assert_string_equal(h->parts[HANDOVER_UNSEEN].items[1].words, "down: of before");
	assert_int_equal(h->parts[HANDOVER_CHANGES].count, 3);
	handover_free(h);
	incidents_free(set);
	event_log_free(l);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_flapping_session_is_one_line),
		cmocka_unit_test(what_is_in_an_incident_is_told_once),
		cmocka_unit_test(what_the_log_lost_is_said),
		cmocka_unit_test(what_is_held_called_and_noted_is_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
