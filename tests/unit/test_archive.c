/* The past as the screen gets it: read from a real history and a real journal, a hundred thousand events included. */
#include "app/archive_priv.h"
#include "core/act/journal.h"
#include "core/base/clock.h"
#include "core/base/mem.h"

#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

static char dir[64], journal[90];
static struct config *config;
static int64_t now;

static int begin(void **state)
{
	char text[300];
	struct err e = ERR_INIT;

	(void)state;
	snprintf(dir, sizeof(dir), "/tmp/peerdeck-archive-XXXXXX");
	if (mkdtemp(dir) == NULL)
		return -1;
	snprintf(journal, sizeof(journal), "%s/journal.jsonl", dir);
	snprintf(text, sizeof(text), "local-as = 64500\ndata-dir = %s\nrouter r1 {\n os = frr\n address = 192.0.2.1\n user = noc\n agent = true\n}\n",
	    dir);
	config = config_parse("test.conf", text, &e);
	now = clock_wall_ms();
	return config != NULL ? 0 : -1;
}

static int end(void **state)
{
	DIR *d = opendir(dir);
	struct dirent *entry;

	(void)state;
	while (d != NULL && (entry = readdir(d)) != NULL)
		unlinkat(dirfd(d), entry->d_name, 0);
	if (d != NULL)
		closedir(d);
	config_free(config);
	return rmdir(dir);
}

static struct event event_of(const char *neighbor, enum event_kind kind, int64_t ago_ms, const char *words)
{
	struct event ev = { .wall_ms = now - ago_ms, .kind = kind, .severity = kind == EVENT_DOWN ? SEV_ALARM : SEV_NOTICE,
		.router = "r1", .family = AF_IPV4_UNICAST, .remote_as = 64501, .before = COUNT_UNKNOWN, .after = COUNT_UNKNOWN };

	snprintf(ev.neighbor, sizeof(ev.neighbor), "%s", neighbor);
	snprintf(ev.words, sizeof(ev.words), "%s", words);
	return ev;
}

static void note(const char *words)
{
	struct journal *j = journal_open(journal, "alice");
	struct err e = ERR_INIT;

	if (journal_note(j, "note", NULL, words, &e) != 0)
		fail_msg("%s", e.text);
	journal_free(j);
}

static void a_track_has_courses_and_marks(void **state)
{
	struct history *h = history_open(dir, &config->history);
	struct deeds d = { .path = journal };
	struct event ev;
	struct err e = ERR_INIT;
	struct track *t;
	struct lately *l;
	const float *cells;

	(void)state;
	for (int i = 0; i < 30; i++)
		if (i < 10 || i > 14) /* five minutes in which nobody looked */
			history_put(h, HISTORY_GAUGE, "session/r1//192.0.2.1/ipv4-unicast/received", now - (30 - i) * 60000, i == 20 ? 0 : 812);
	history_put(h, HISTORY_STATE, "session/r1//192.0.2.1/ipv4-unicast/state", now - 60000, BGP_ESTABLISHED);
	history_put(h, HISTORY_GAUGE, "port/r1/eth1/in-bps", now - 60000, 5e6);
	ev = event_of("192.0.2.1", EVENT_DOWN, 600000, "down");
	history_event(h, &ev);
	ev = event_of("192.0.2.2", EVENT_DOWN, 500000, "another session");
	history_event(h, &ev);
	ev = event_of("", EVENT_ROUTER_BACK, 400000, "read again");
	history_event(h, &ev);
	history_close(h);

	t = archive_track(config, &d, "r1\t\t192.0.2.1\tipv4-unicast\teth1\t3600\t64501", now, &e);
	if (t == NULL)
		fail_msg("%s", e.text);
	assert_true(t->course[TRACK_RECEIVED].any && t->course[TRACK_RECEIVED].least == 0 && t->course[TRACK_RECEIVED].greatest == 812);
	{
		double low, high;

		assert_false(course_column(&t->course[TRACK_RECEIVED], 42, 60, &low, &high)); /* 18 minutes ago nobody looked */
		assert_true(course_column(&t->course[TRACK_RECEIVED], 50, 60, &low, &high) && low == 0);
	}
	assert_true(t->course[TRACK_STATE].last == BGP_ESTABLISHED);
	assert_true(t->course[TRACK_IN].last == 5e6);
	assert_false(t->course[TRACK_ACCEPTED].any);
	assert_int_equal(t->mark_count, 2);
	assert_string_equal(t->marks[0].words, "read again");
	assert_string_equal(t->marks[1].words, "down");
	archive_track_free(t);

	l = archive_lately(config, now, &e);
	assert_non_null(l);
	assert_int_equal(l->count, 1);
	cells = lately_find(l, "session/r1//192.0.2.1/ipv4-unicast/received");
	assert_non_null(cells);
	assert_true(cells[0] < 0 && cells[42] < 0 && cells[50] == 0 && cells[58] == 812);
	assert_null(lately_find(l, "session/r1//192.0.2.9/ipv4-unicast/received"));
	archive_lately_free(l);
}

/* Calls of the network concern each of its sessions; of another network, or a note, none. */
static void calls_of_the_network_are_marks(void **state)
{
	struct chronicle_line lines[3] = {
		{ .e = { .wall_ms = now - 1000, .kind = EVENT_NOTE, .remote_as = 64501, .words = "alice: called" }, .what = "call" },
		{ .e = { .wall_ms = now - 900, .kind = EVENT_NOTE, .remote_as = 64502, .words = "alice: called" }, .what = "call" },
		{ .e = { .wall_ms = now - 800, .kind = EVENT_NOTE, .remote_as = ASN_UNKNOWN, .words = "x" }, .what = "note" },
	};
	struct deeds d = { .path = journal, .lines = lines, .count = 3 };
	struct err e = ERR_INIT;
	struct track *t = archive_track(config, &d, "r1\t\t192.0.2.1\tipv4-unicast\t\t3600\t64501", now, &e);

	(void)state;
	assert_non_null(t);
	assert_int_equal(t->mark_count, 1);
	assert_string_equal(t->marks[0].words, "alice: called");
	archive_track_free(t);
}

static void no_history_is_nothing_known(void **state)
{
	struct deeds d = { .path = journal };
	struct err e = ERR_INIT;
	struct track *t = archive_track(config, &d, "r1\t\t192.0.2.1\tipv4-unicast\t\t3600\t64501", now, &e);
	struct chronicle *c = archive_chronicle(config, &d, NULL, "3600\t0\t0\t", now, -1, &e);

	(void)state;
	assert_non_null(t);
	assert_false(t->course[TRACK_RECEIVED].any);
	assert_non_null(c);
	assert_int_equal(c->count, 0);
	assert_false(c->older);
	archive_track_free(t);
	archive_chronicle_free(c);
}

static void what_people_did_stands_between_the_events(void **state)
{
	struct history *h = history_open(dir, &config->history);
	struct deeds d = { .path = journal };
	struct event ev = event_of("192.0.2.1", EVENT_DOWN, 600000, "down: Hold timer expired");
	struct err e = ERR_INIT;
	struct chronicle *c;

	(void)state;
	history_event(h, &ev);
	history_close(h);
	note("port 7 is moved at 04:00");
	now = clock_wall_ms();
	deeds_refresh(&d, now - 86400000);
	c = archive_chronicle(config, &d, NULL, "3600\t0\t0\t", now, -1, &e);
	assert_int_equal(c->count, 2);
	assert_string_equal(c->lines[0].what, "note");
	assert_string_equal(c->lines[0].e.words, "alice: port 7 is moved at 04:00");
	assert_string_equal(c->lines[1].what, "down");
	archive_chronicle_free(c);
	c = archive_chronicle(config, &d, NULL, "3600\t0\t0\tkind:down", now, -1, &e);
	assert_int_equal(c->count, 1);
	assert_int_equal(c->total, 1);
	archive_chronicle_free(c);
	deeds_fini(&d);
}

/* The store takes them in one go; the pages turn until the oldest, without a hole and nothing twice. */
static void a_hundred_thousand_events_are_paged(void **state)
{
	enum { EVENTS = 100000, SESSIONS = 50000, STORM = 3000 };
	struct history *h = history_open(dir, &config->history);
	struct deeds d = { .path = journal };
	struct err e = ERR_INIT;
	size_t seen = 0, pages = 0, cells = 0;
	int64_t longest = 0;
	count_t last = EVENTS;
	bool older = true;
	struct chronicle *c;

	(void)state;
	for (int i = 0; i < EVENTS; i++) {
		char neighbor[24];
		struct event ev;

		snprintf(neighbor, sizeof(neighbor), "10.%d.%d.%d", i % SESSIONS / 10000, i % SESSIONS / 100 % 100, i % 100);
		ev = event_of(neighbor, i < SESSIONS ? EVENT_DOWN : EVENT_UP, (int64_t)(i < EVENTS - STORM ? EVENTS - i : 1) * 5000, "x");
		ev.before = i; /* tells one from another */
		while (!history_event(h, &ev))
			usleep(10000);
	}
	history_close(h);
	while (older && pages < 5) {
		char key[80];
		int64_t begun = clock_boot_ms();

		snprintf(key, sizeof(key), "604800\t0\t%zu\t", pages);
		c = archive_chronicle(config, &d, NULL, key, now, -1, &e);
		if (c == NULL)
			fail_msg("%s", e.text);
		longest = clock_boot_ms() - begun > longest ? clock_boot_ms() - begun : longest;
		for (size_t i = 0; i < c->count; i++) {
			assert_true(c->lines[i].e.before == --last);
		}
		seen += c->count;
		assert_int_equal(c->total, EVENTS);
		for (size_t i = 0; pages == 0 && i < CHRONICLE_CELLS; i++)
			cells += c->cells[i].all;
		older = c->older;
		pages++;
		archive_chronicle_free(c);
	}
	assert_int_equal(seen, 5 * CHRONICLE_LINES); /* the storm of one moment, and beyond it */
	assert_int_equal(last, EVENTS - 5 * CHRONICLE_LINES);
	assert_int_equal(cells, EVENTS);
	print_message("a page of %d events takes %lld ms at most\n", EVENTS, (long long)longest);
	c = archive_chronicle(config, &d, NULL, "604800\t0\t0\tneighbor:^10.0.0.1$", now, -1, &e); /* far older than any first page */
	assert_int_equal(c->count, 2);
	archive_chronicle_free(c);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(a_track_has_courses_and_marks, begin, end),
		cmocka_unit_test_setup_teardown(calls_of_the_network_are_marks, begin, end),
		cmocka_unit_test_setup_teardown(no_history_is_nothing_known, begin, end),
		cmocka_unit_test_setup_teardown(what_people_did_stands_between_the_events, begin, end),
		cmocka_unit_test_setup_teardown(a_hundred_thousand_events_are_paged, begin, end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
