/* The outbox in a storm: 20,000 alerts at once, to a sink that takes them, one that fails and one that hangs. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "app/outbox.h"
#include "core/base/clock.h"
#include "core/base/mem.h"
#include "core/judge/outqueue.h"
#include "tests/unit/spawned.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { STORM = 20000, OUTPUTS = 3, OK = 0, FAIL = 1, HANG = 2 };

struct stage {
	char dir[64];
	struct spawned sink;
	struct config *config;
	struct inbox *inbox;
	struct http *http;
	struct outbox *outbox;
};

static double now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1000 + (double)t.tv_nsec / 1e6;
}

static void nap(long ms)
{
	const struct timespec t = { ms / 1000, ms % 1000 * 1000000 };

	nanosleep(&t, NULL);
}

static void open_console(struct stage *s)
{
	s->outbox = outbox_start(s->config, s->http, s->inbox);
	assert_non_null(s->outbox);
	for (int i = 0; i < 500 && !outbox_leads(s->outbox); i++)
		nap(10);
	assert_true(outbox_leads(s->outbox));
	assert_true(outbox_asks(s->outbox));
	assert_false(outbox_asks(s->outbox));
	outbox_post_all_said(s->outbox);
	outbox_flush(s->outbox);
}

static void open_stage(struct stage *s)
{
	struct err e = ERR_INIT;
	char *text;

	*s = (struct stage){ .dir = "/tmp/peerdeck-outbox-XXXXXX" };
	assert_non_null(mkdtemp(s->dir));
	assert_int_equal(spawned_start(&s->sink, "tests/app/alert_sink.py", NULL), 0);
	text = mem_printf("local-as = 64500\ndata-dir = \"%s\"\n"
	    "output ok { kind = webhook\n url = \"http://127.0.0.1:%u/ok\" }\n"
	    "output fail { kind = webhook\n url = \"http://127.0.0.1:%u/fail\" }\n"
	    "output hang { kind = webhook\n url = \"http://127.0.0.1:%u/hang\"\n timeout = 120s }\n",
	    s->dir, s->sink.port, s->sink.port, s->sink.port);
	s->config = config_parse("test.conf", text, &e);
	if (s->config == NULL)
		fail_msg("%s", e.text);
	free(text);
	s->inbox = inbox_new();
	s->http = http_start(&e);
	open_console(s);
}

static void close_stage(struct stage *s)
{
	DIR *d;
	struct dirent *f;

	outbox_stop(s->outbox);
	http_stop(s->http);
	inbox_free(s->inbox);
	config_free(s->config);
	spawned_stop(&s->sink);
	d = opendir(s->dir);
	while ((f = readdir(d)) != NULL) {
		char *path = mem_printf("%s/%s", s->dir, f->d_name);

		remove(path);
		free(path);
	}
	closedir(d);
	assert_int_equal(remove(s->dir), 0);
}

static void post(struct stage *s, int number, enum alert_news news)
{
	struct notice n = { .news = news, .severity = SEV_WARN, .asn = 64501, .at_wall_ms = clock_wall_ms(), .since_wall_ms = clock_wall_ms() };

	snprintf(n.key, sizeof(n.key), "down|r1||192.0.2.%d|", number);
	snprintf(n.id, sizeof(n.id), "%d-%d", number, (int)news);
	snprintf(n.rule, sizeof(n.rule), "down");
	snprintf(n.words, sizeof(n.words), "r1 session %d: hold timer expired", number);
	outbox_post(s->outbox, &n, ALERT_TO_OUTPUT(OK) | ALERT_TO_OUTPUT(FAIL) | ALERT_TO_OUTPUT(HANG));
}

/* The longest that anything of the console's own took. */
static double storm(struct stage *s, enum alert_news news, double *all_ms)
{
	double begun = now_ms(), worst = 0;

	for (int i = 0; i < STORM; i++) {
		double at = now_ms(), took;

		post(s, i, news);
		took = now_ms() - at;
		worst = took > worst ? took : worst;
	}
	outbox_flush(s->outbox);
	*all_ms = now_ms() - begun;
	return worst;
}

/* Looks as the console does until so many notices of the good output were taken or dropped, and a moment longer. */
static double watch(struct stage *s, struct output_line lines[OUTPUTS], uint64_t wanted)
{
	double worst = 0;
	int past = 0;

	outbox_flush(s->outbox);
	for (int i = 0; i < 12000; i++) {
		double at = now_ms(), took;

		outbox_lines(s->outbox, lines);
		took = now_ms() - at;
		worst = took > worst ? took : worst;
		for (int k = 0; k < OUTPUTS; k++)
			assert_in_range(lines[k].state.queued, 0, OUTQUEUE_MAX);
		if (lines[OK].state.sent + lines[OK].state.dropped >= wanted && past++ > 50)
			break;
		nap(10);
	}
	assert_int_equal(lines[OK].state.queued, 0);
	return worst;
}

static long resident_mb(void)
{
	FILE *f = fopen("/proc/self/statm", "re");
	char line[100] = "", *at = line;

	assert_non_null(fgets(line, sizeof(line), f));
	fclose(f);
	strtol(at, &at, 10);
	return strtol(at, NULL, 10) * 4096 / (1 << 20);
}

static void storm_delays_nobody(void **state)
{
	struct output_line lines[OUTPUTS] = { { NULL } };
	double worst, all, look;
	uint64_t told;
	long before;
	struct stage s;

	(void)state;
	open_stage(&s);
	before = resident_mb();
	worst = storm(&s, ALERT_NEWS_FIRING, &all);
	look = watch(&s, lines, STORM);
	print_message("# %d alerts to 3 outputs: posted in %.0f ms, the longest %.2f ms, a look at most %.2f ms, %ld MB more\n", STORM, all,
	    worst, look, resident_mb() - before);
	assert_true(look < 100); /* a busy machine; measured it is below one */
	told = lines[OK].state.sent;
	assert_int_equal(told + lines[OK].state.dropped, STORM);
	assert_true(told >= OUTQUEUE_MAX && told < STORM);
	assert_int_equal(lines[OK].state.failures, 0);
	assert_true(lines[FAIL].state.failures > 0);
	assert_non_null(strstr(lines[FAIL].state.error, "HTTP 500"));
	assert_int_equal(lines[HANG].state.sent, 0);
	storm(&s, ALERT_NEWS_RESOLVED, &all);
	watch(&s, lines, STORM + told);
	/* Ends go to whoever got the beginning, and to nobody else. */
	assert_int_equal(lines[OK].state.sent + lines[OK].state.dropped - (STORM - told), 2 * told);
	close_stage(&s);
}

/* What waited, what was told and what is open are those of the console before. */
static void the_next_console_goes_on(void **state)
{
	struct output_line lines[OUTPUTS] = { { NULL } };
	struct stage s;
	double began;

	(void)state;
	open_stage(&s);
	for (int i = 0; i < 10; i++)
		post(&s, i, ALERT_NEWS_FIRING);
	watch(&s, lines, 10);
	assert_int_equal(lines[OK].state.sent, 10);
	began = now_ms();
	outbox_stop(s.outbox);
	assert_true(now_ms() - began < 8000); /* one output hangs */
	open_console(&s); /* it finds nothing that fires: all is over */
	watch(&s, lines, 20);
	assert_int_equal(lines[OK].state.sent, 20);
	post(&s, 3, ALERT_NEWS_FIRING);
	watch(&s, lines, 21);
	outbox_stop(s.outbox);
	s.outbox = outbox_start(s.config, s.http, s.inbox);
	for (int i = 0; i < 500 && !outbox_asks(s.outbox); i++)
		nap(10);
	post(&s, 3, ALERT_NEWS_FIRING); /* it fires still */
	outbox_post_all_said(s.outbox);
	watch(&s, lines, 21);
	assert_int_equal(lines[OK].state.sent, 21);
	close_stage(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(storm_delays_nobody),
		cmocka_unit_test(the_next_console_goes_on),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
