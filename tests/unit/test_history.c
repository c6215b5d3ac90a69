/* Samples over time: one row for what stays equal, order kept when the clock jumps, steps with age, healing. */
#include "backends/store/history_db.h"
#include "core/base/clock.h"
#include "core/base/mem.h"

#include <dirent.h>
#include <fcntl.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cmocka.h>

static char dir[64], file[80];
static const struct history_conf conf = { .keep_s = 30 * 86400, .fine_s = 2 * 86400 };
static const int64_t T0 = 1790000000000; /* some day */

static int make_dir(void **state)
{
	(void)state;
	snprintf(dir, sizeof(dir), "/tmp/peerdeck-history-XXXXXX");
	if (mkdtemp(dir) == NULL)
		return -1;
	snprintf(file, sizeof(file), "%s/history.db", dir);
	return 0;
}

static int remove_dir(void **state)
{
	DIR *d = opendir(dir);
	struct dirent *entry;

	(void)state;
	while (d != NULL && (entry = readdir(d)) != NULL)
		unlinkat(dirfd(d), entry->d_name, 0);
	if (d != NULL)
		closedir(d);
	return rmdir(dir);
}

static struct history_range read_all(const char *series)
{
	struct history_range r;
	struct err e = ERR_INIT;

	assert_int_equal(history_read(dir, series, 0, INT64_MAX, &r, &e), 0);
	return r;
}

static void equal_samples_are_one_row(void **state)
{
	struct history *h = history_open(dir, &conf);
	struct history_range r;
	struct history_state st;

	(void)state;
	for (int i = 0; i < 10; i++)
		assert_true(history_put(h, HISTORY_GAUGE, "a", T0 + i * 60000, i < 7 ? 120 : 121));
	/* Nobody looked for a while: that is a gap, although the value is the same. */
	assert_true(history_put(h, HISTORY_GAUGE, "a", T0 + 9 * 60000 + HISTORY_SAME_MS + 1, 121));
	history_close(h);
	r = read_all("a");
	assert_int_equal(r.count, 3);
	assert_true(r.samples[0].wall_ms == T0 && r.samples[0].until_wall_ms == T0 + 360000);
	assert_true(r.samples[0].value == 120 && r.samples[0].count == 7);
	assert_true(r.samples[1].value == 121 && r.samples[1].until_wall_ms == T0 + 540000);
	assert_true(r.samples[2].wall_ms == T0 + 540000 + HISTORY_SAME_MS + 1);
	history_range_fini(&r);
	h = history_open(dir, &conf);
	history_put(h, HISTORY_GAUGE, "a", T0 + 9 * 60000 + HISTORY_SAME_MS + 2, 121);
	history_state(h, &st);
	assert_int_equal(st.put, 1);
	history_close(h);
	r = read_all("a"); /* another process goes on with the same row */
	assert_int_equal(r.count, 3);
	history_range_fini(&r);
}

static void a_clock_that_jumps_reorders_nothing(void **state)
{
	static const int64_t at[] = { 0, 60000, -3600000, -3540000, 120000 };
	struct history *h = history_open(dir, &conf);
	struct history_sample s[8];
	struct history_range r;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(at); i++)
		history_put(h, HISTORY_STATE, "b", T0 + at[i], (double)i);
	assert_int_equal(history_recent(h, "b", s, 8), 5);
	for (size_t i = 0; i < ARRAY_LEN(at); i++)
		assert_true(s[i].value == (double)i);
	assert_int_equal(history_recent(h, "b", s, 2), 2);
	assert_true(s[0].value == 3 && s[1].value == 4);
	assert_int_equal(history_recent(h, "nothing", s, 8), 0);
	history_close(h);
	r = read_all("b");
	assert_int_equal(r.count, 5);
	for (size_t i = 0; i < ARRAY_LEN(at); i++)
		assert_true(r.samples[i].value == (double)i && r.samples[i].wall_ms == T0 + at[i]);
	history_range_fini(&r);
}

static void the_recent_window_is_bounded(void **state)
{
	struct history *h = history_open(NULL, &conf);
	struct history_sample s[HISTORY_RECENT + 10];

	(void)state;
	for (int i = 0; i < 1000; i++)
		history_put(h, HISTORY_GAUGE, "c", T0 + i, i);
	assert_int_equal(history_recent(h, "c", s, HISTORY_RECENT + 10), HISTORY_RECENT);
	for (int i = 0; i < HISTORY_RECENT; i++)
		assert_true(s[i].value == 1000 - HISTORY_RECENT + i);
	history_close(h);
}

static void old_samples_become_steps_and_go(void **state)
{
	int64_t now = T0 + (int64_t)40 * 86400000;
	enum db_fault fault;
	struct err e = ERR_INIT;
	struct history_file *f = history_file_open(file, &fault, &e);
	struct history_range r;

	(void)state;
	assert_non_null(f);
	assert_int_equal(history_file_begin(f, &e), 0);
	history_file_add(f, HISTORY_GAUGE, "forgotten", now - (int64_t)31 * 86400000, 1, &e);
	for (int i = 0; i < 10; i++) { /* ten minutes from the edge of a step on */
		int64_t at = now - (int64_t)3 * 86400000;

		at = at - at % HISTORY_STEP_MS + i * 60000;
		history_file_add(f, HISTORY_GAUGE, "d", at, i, &e);
		history_file_add(f, HISTORY_STATE, "state", at, i % 2, &e);
		history_file_add(f, HISTORY_GAUGE, "new", now - 86400000 + i * 60000, i, &e);
	}
	assert_int_equal(history_file_commit(f, &e), 0);
	assert_int_equal(history_file_age(f, &conf, now, &e), 0);
	assert_int_equal(history_file_age(f, &conf, now, &e), 0); /* again changes nothing */
	history_file_close(f);
	r = read_all("forgotten");
	assert_int_equal(r.count, 0);
	r = read_all("d");
	assert_int_equal(r.count, 2);
	assert_true(r.samples[0].value == 2 && r.samples[0].low == 0 && r.samples[0].high == 4 && r.samples[0].count == 5);
	assert_true(r.samples[1].value == 7 && r.samples[1].low == 5 && r.samples[1].high == 9);
	history_range_fini(&r);
	r = read_all("state");
	assert_int_equal(r.count, 10);
	history_range_fini(&r);
	r = read_all("new");
	assert_int_equal(r.count, 10);
	history_range_fini(&r);
}

static void names_are_found_by_their_beginning(void **state)
{
	struct history *h = history_open(dir, &conf);
	const char **names;
	size_t n;

	(void)state;
	history_put(h, HISTORY_GAUGE, "session/r1//192.0.2.1/x", T0, 1);
	history_put(h, HISTORY_GAUGE, "session/r1//192.0.2.10/x", T0, 1);
	history_put(h, HISTORY_GAUGE, "session/r_//192.0.2.1/x", T0, 1);
	history_close(h);
	assert_int_equal(history_names(dir, "session/r1//192.0.2.1/", &names, &n, NULL), 0);
	assert_int_equal(n, 1);
	free(names);
	assert_int_equal(history_names(dir, "session/r1", &names, &n, NULL), 0);
	assert_int_equal(n, 2);
	assert_string_equal(names[0], "session/r1//192.0.2.1/x");
	free(names);
	assert_int_equal(history_names("/nowhere", "", &names, &n, NULL), 0);
	assert_int_equal(n, 0);
}

static void bad_samples_are_refused(void **state)
{
	struct history *h = history_open(dir, &conf);
	char name[HISTORY_NAME_MAX + 2];
	struct history_state st;

	(void)state;
	memset(name, 'x', sizeof(name));
	name[sizeof(name) - 1] = '\0';
	assert_false(history_put(h, HISTORY_GAUGE, name, T0, 1));
	assert_false(history_put(h, HISTORY_GAUGE, "n", T0, NAN));
	assert_false(history_put(h, HISTORY_GAUGE, "n", T0, INFINITY));
	assert_false(history_put(NULL, HISTORY_GAUGE, "n", T0, 1));
	history_state(h, &st);
	assert_int_equal(st.dropped, 3);
	history_close(h);
}

static void a_full_queue_drops_and_says_so(void **state)
{
	struct history *h = history_open(dir, &conf);
	struct history_state st;

	(void)state;
	for (int i = 0; i < 200000; i++)
		history_put(h, HISTORY_GAUGE, "q", T0 + i, i);
	history_state(h, &st);
	assert_true(st.dropped > 0 && st.put == 200000);
	history_close(h);
}

static void who_waits_for_room_loses_nothing(void **state)
{
	struct history *h = history_open(dir, &conf);
	struct history_state st;
	bool waited = false;

	(void)state;
	for (int i = 0; i < 30; i++) {
		for (int tries = 0; !history_has_room(h, 1000) && tries < 2000; tries++) {
			waited = true;
			usleep(5000);
		}
		for (int k = 0; k < 1000; k++)
			assert_true(history_put(h, HISTORY_GAUGE, "room", T0 + i * 1000 + k, k));
	}
	history_state(h, &st);
	assert_true(waited && st.dropped == 0 && st.put == 30000);
	history_close(h);
}

/* A console that starts for the first time reads beside its own writer, which has made the file and not yet its tables. */
static void a_file_without_tables_is_an_empty_past(void **state)
{
	struct history_range r;
	struct err e = ERR_INIT;
	int fd = open(file, O_WRONLY | O_CREAT | O_TRUNC, 0600);

	(void)state;
	close(fd);
	assert_int_equal(history_read(dir, "e", 0, T0, &r, &e), 0);
	assert_int_equal(r.count, 0);
	assert_int_equal(e.code, ERR_NONE);
	fd = open(file, O_WRONLY | O_CREAT | O_TRUNC, 0600);
	for (int i = 0; i < 500; i++)
		assert_int_equal(write(fd, "this is no database at all\n", 27), 27);
	close(fd);
	assert_int_equal(history_read(dir, "e", 0, T0, &r, &e), -1);
	assert_non_null(strstr(e.text, "history.db"));
	unlink(file);
}

static void a_damaged_file_is_set_aside(void **state)
{
	char aside[100];
	struct history *h;
	struct history_state st;
	struct history_range r;
	struct stat info;
	int fd = open(file, O_WRONLY | O_CREAT | O_TRUNC, 0600);

	(void)state;
	for (int i = 0; i < 500; i++)
		assert_int_equal(write(fd, "this is no database at all\n", 27), 27);
	close(fd);
	h = history_open(dir, &conf);
	history_put(h, HISTORY_GAUGE, "e", T0, 5);
	for (int i = 0; i < 200; i++) {
		history_state(h, &st);
		if (st.note[0] != '\0')
			break;
		usleep(20000);
	}
	assert_non_null(strstr(st.note, "damaged"));
	assert_non_null(strstr(st.note, "set aside"));
	history_close(h);
	snprintf(aside, sizeof(aside), "%s.damaged", file);
	assert_int_equal(stat(aside, &info), 0);
	r = read_all("e");
	assert_int_equal(r.count, 1);
	history_range_fini(&r);
}

/* Pages in the middle of a good file are overwritten: it is found out while writing. */
static void damage_found_while_writing(void **state)
{
	struct history *h = history_open(dir, &conf);
	static const char junk[4096] = { 1, 2, 3 };
	struct history_range r;
	struct err e = ERR_INIT;
	char name[40];
	struct stat info;
	int fd;

	(void)state;
	for (int i = 0; i < 3000; i++) {
		snprintf(name, sizeof(name), "series/%d", i);
		history_put(h, HISTORY_GAUGE, name, T0, i);
	}
	history_close(h);
	fd = open(file, O_RDWR);
	assert_int_equal(fstat(fd, &info), 0);
	for (off_t at = 4096; at < info.st_size; at += 4096)
		assert_int_equal(pwrite(fd, junk, sizeof(junk), at), (ssize_t)sizeof(junk));
	close(fd);
	h = history_open(dir, &conf);
	history_put(h, HISTORY_GAUGE, "series/1", T0 + 1000, 7);
	history_close(h);
	assert_int_equal(history_read(dir, "series/1", 0, INT64_MAX, &r, &e), 0);
	assert_int_equal(r.count, 1);
	assert_true(r.samples[0].value == 7);
	history_range_fini(&r);
}

static void no_directory_stops_nothing(void **state)
{
	struct history *h = history_open("/nonexistent/peerdeck", &conf);
	struct history_state st;

	(void)state;
	assert_true(history_put(h, HISTORY_GAUGE, "e", T0, 5));
	for (int i = 0; i < 200; i++) {
		history_state(h, &st);
		if (st.dropped > 0)
			break;
		usleep(20000);
	}
	assert_non_null(strstr(st.note, "not kept"));
	assert_int_equal(st.dropped, 1);
	history_close(h);
}

static int gather_event(void *ctx, const struct event *ev)
{
	struct str *out = ctx;

	return str_addf(out, "%s %s %s|%s|%s %s %lld->%lld %s\n", event_kind_word(ev->kind), severity_word(ev->severity),
	    ev->router, ev->vrf, ev->neighbor, ev->remote_as == ASN_UNKNOWN ? "-" : "as", (long long)ev->before,
	    (long long)ev->after, ev->words);
}

static void events_outlive_the_console(void **state)
{
	struct event ev = { .kind = EVENT_PREFIX_JUMP, .severity = SEV_WARN, .wall_ms = T0, .router = "r1", .vrf = "red",
		.neighbor = "192.0.2.1", .family = AF_IPV4_UNICAST, .remote_as = 64501, .before = 1000, .after = 3,
		.words = "prefixes: 1000 -> 3" };
	struct history *h = history_open(dir, &conf);
	struct err e = ERR_INIT;
	struct str out;

	(void)state;
	assert_true(history_event(h, &ev));
	ev = (struct event){ .kind = EVENT_ROUTER_LOST, .severity = SEV_ALARM, .wall_ms = T0 - 3600000, .router = "r2",
		.remote_as = ASN_UNKNOWN, .before = COUNT_UNKNOWN, .after = COUNT_UNKNOWN, .words = "the clock went back" };
	assert_true(history_event(h, &ev));
	history_close(h);
	str_init(&out, 0);
	assert_int_equal(history_events(dir, 0, INT64_MAX, 0, gather_event, &out, &e), 0);
	assert_string_equal(out.p, "prefix jump warning r1|red|192.0.2.1 as 1000->3 prefixes: 1000 -> 3\n"
				   "router lost alarm r2|| - -1->-1 the clock went back\n");
	str_clear(&out);
	assert_int_equal(history_events(dir, 0, INT64_MAX, 1, gather_event, &out, &e), 0);
	assert_memory_equal(out.p, "router lost", 11);
	str_clear(&out);
	assert_int_equal(history_events(dir, T0, T0, 0, gather_event, &out, &e), 0);
	assert_memory_equal(out.p, "prefix jump", 11);
	str_fini(&out);
}

static void a_storm_loses_nothing(void **state)
{
	struct event ev = { .kind = EVENT_DOWN, .severity = SEV_ALARM, .wall_ms = T0, .router = "r1", .words = "down" };
	struct history *h = history_open(dir, &conf);
	struct history_state st;
	struct err e = ERR_INIT;
	struct str out;
	size_t lines = 0;

	(void)state;
	for (int i = 0; i < 20000; i++) {
		snprintf(ev.neighbor, sizeof(ev.neighbor), "2001:db8::%x", i);
		assert_true(history_event(h, &ev));
	}
	history_state(h, &st);
	assert_int_equal(st.dropped, 0);
	history_close(h);
	str_init(&out, 16 << 20);
	assert_int_equal(history_events(dir, 0, INT64_MAX, 0, gather_event, &out, &e), 0);
	for (const char *p = out.p; (p = strchr(p, '\n')) != NULL; p++)
		lines++;
	assert_int_equal(lines, 20000);
	str_fini(&out);
}

static void percentiles_weigh_time(void **state)
{
	struct history_sample s[] = {
		{ 0, 94 * 1000, 10, 10, 10, 2 }, { 94 * 1000, 100 * 1000, 900, 900, 900, 2 },
	};
	struct history_range r = { s, 2 }, none = { NULL, 0 };

	(void)state;
	assert_true(history_percentile(&r, 95, 0) == 900);
	assert_true(history_percentile(&r, 94, 0) == 10);
	assert_int_equal(history_covered_ms(&r, 0), 100000);
	assert_true(history_percentile(&none, 95, 0) == -1);
	s[0].until_wall_ms = s[1].until_wall_ms = 0;
	s[1].wall_ms = 0;
	assert_int_equal(history_covered_ms(&r, 300000), 600000);
}

/* Two ports that are full at different times are never full together; where one was not seen nothing is known. */
static void series_are_summed_over_common_times(void **state)
{
	enum { S = 1000, LEAST = 300 * S };
	struct history_sample a[20], b[20], single[] = { { 0, 0, 5, 5, 5, 1 } };
	struct history_range all[] = { { a, 20 }, { b, 20 } }, sum, lone[] = { { single, 1 }, { NULL, 0 } };

	(void)state;
	for (int i = 0; i < 20; i++) { /* read a minute apart, at steps that are a little long */
		a[i] = (struct history_sample){ i * 310 * S, i * 310 * S, i < 10 ? 900 : 100, 0, 0, 1 };
		b[i] = (struct history_sample){ i * 310 * S + 60 * S, i * 310 * S + 60 * S, i < 10 ? 100 : 800, 0, 0, 1 };
	}
	history_sum(all, 2, LEAST, &sum);
	assert_true(history_percentile(&sum, 95, 0) == 1000);
	assert_true(history_percentile(&sum, 0.5, 0) == 200); /* the minute between */
	assert_int_equal(history_covered_ms(&sum, 0), (19 * 310 + 300 - 60) * S);
	history_range_fini(&sum);
	/* Nobody looked at the second for five steps. */
	memmove(b + 5, b + 10, 10 * sizeof(*b));
	all[1].count = 15;
	history_sum(all, 2, LEAST, &sum);
	assert_int_equal(history_covered_ms(&sum, 0), (19 * 310 + 300 - 60 - 5 * 310 - 10) * S);
	history_range_fini(&sum);
	history_sum(lone, 2, LEAST, &sum);
	assert_true(sum.count == 0 && history_percentile(&sum, 95, 0) == -1);
	history_range_fini(&sum);
}

int main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, make_dir, remove_dir)
	const struct CMUnitTest tests[] = {
		TEST(equal_samples_are_one_row),
		TEST(a_clock_that_jumps_reorders_nothing),
		TEST(the_recent_window_is_bounded),
		TEST(old_samples_become_steps_and_go),
		TEST(names_are_found_by_their_beginning),
		TEST(bad_samples_are_refused),
		TEST(a_full_queue_drops_and_says_so),
		TEST(who_waits_for_room_loses_nothing),
		TEST(a_file_without_tables_is_an_empty_past),
		TEST(a_damaged_file_is_set_aside),
		TEST(damage_found_while_writing),
		TEST(no_directory_stops_nothing),
		TEST(events_outlive_the_console),
		TEST(a_storm_loses_nothing),
		TEST(percentiles_weigh_time),
		TEST(series_are_summed_over_common_times),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
