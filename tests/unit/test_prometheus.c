/* Prometheus: queries as they are filled in, every kind of answer, and the real server where Debian's is installed. */
#include "backends/sources/prometheus.h"
#include "core/base/clock.h"
#include "core/base/mem.h"
#include "core/base/scan.h"
#include "tests/unit/spawned.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>
#include <cmocka.h>

static void fill(const char *query, const struct prom_places *p, const char *want)
{
	struct err e = ERR_INIT;
	struct str out;

	str_init(&out, 4096);
	if (prom_fill(&out, query, p, &e) != 0)
		fail_msg("%s: %s", query, e.text);
	assert_string_equal(out.p, want);
	str_fini(&out);
}

static void refused(const char *query, const struct prom_places *p, const char *words)
{
	struct err e = ERR_INIT;
	struct str out;

	str_init(&out, 4096);
	assert_int_equal(prom_fill(&out, query, p, &e), -1);
	if (strstr(e.text, words) == NULL)
		fail_msg("%s", e.text);
	str_fini(&out);
}

static void queries_are_filled(void **state)
{
	const struct prom_places p = { 64501, "r1", "192.0.2.1", "ge-0/0/1", NULL };
	const struct prom_places evil = { 64501, "r1", "192.0.2.1", "x\"} or vector(1) #", "" };

	(void)state;
	fill("sum(rate(in{asn=\"{asn}\",port=\"{interface}\"}[5m]))*8", &p, "sum(rate(in{asn=\"64501\",port=\"ge-0/0/1\"}[5m]))*8");
	fill("up{instance=\"{router}\"}", &p, "up{instance=\"r1\"}");
	fill("{__name__=\"x\"}", &p, "{__name__=\"x\"}");
	fill("broken {asn", &p, "broken {asn");
	refused("x{d=\"{description}\"}", &p, "{description} is not known");
	refused("x{d=\"{interface}\"}", &evil, "cannot stand in a query");
	refused("x{d=\"{description}\"}", &evil, "cannot stand in a query");
	refused("x{a=\"{asn}\"}", &(struct prom_places){ .router = "r1" }, "{asn} is not known");
}

#define MATRIX(values) "{\"status\":\"success\",\"data\":{\"resultType\":\"matrix\",\"result\":[{\"metric\":{},\"values\":[" values "]}]}}"

static void good(const char *body, double p95, double mean, size_t samples)
{
	struct prom_series s;
	struct err e = ERR_INIT;

	if (prom_read(slice_of(body), 200, 300, &s, &e) != 0)
		fail_msg("%s: %s", body, e.text);
	assert_true(fabs(s.p95 - p95) < 1e-6 && fabs(s.mean - mean) < 1e-6);
	assert_int_equal(s.samples, samples);
	assert_int_equal(s.recent_count, samples < PROM_RECENT ? samples : PROM_RECENT);
	assert_true(s.recent[s.recent_count - 1].wall_ms == s.last_wall_ms && s.recent[s.recent_count - 1].value == s.last);
	assert_int_equal(s.covered_s, samples * 300);
}

static void bad(const char *body, int status, enum err_code code, const char *words)
{
	struct prom_series s;
	struct err e = ERR_INIT;

	if (prom_read(slice_of(body), status, 300, &s, &e) == 0)
		fail_msg("taken: %s", body);
	if (e.code != code || strstr(e.text, words) == NULL)
		fail_msg("%s: %d %s", body, (int)e.code, e.text);
	assert_true(s.p95 < 0 && s.mean < 0 && s.last < 0);
}

static void answers_are_read(void **state)
{
	(void)state;
	good(MATRIX("[1,\"10\"],[2,\"20\"]"), 20, 15, 2);
	good(MATRIX("[1,\"1e9\"]"), 1e9, 1e9, 1);
	good(MATRIX("[1,\"NaN\"],[2,\"5\"],[3,\"+Inf\"],[4,\"-1\"],[5,5],[\"x\",\"5\"],6"), 5, 5, 1);
	bad(MATRIX("[1,\"NaN\"],[2,\"NaN\"]"), 200, ERR_PARSE, "NaN");
	bad(MATRIX(""), 200, ERR_PARSE, "no samples");
	bad("{\"status\":\"success\",\"data\":{\"resultType\":\"matrix\",\"result\":[]}}", 200, ERR_DEVICE, "no series fits");
	bad("{\"status\":\"success\",\"data\":{\"resultType\":\"matrix\",\"result\":[{\"values\":[[1,\"1\"]]},{\"values\":[[1,\"1\"]]}]}}", 200, ERR_DEVICE,
	    "2 series");
	bad("{\"status\":\"success\",\"data\":{\"resultType\":\"vector\",\"result\":[{\"value\":[1,\"1\"]}]}}", 200, ERR_PARSE, "no matrix");
	bad("{\"status\":\"error\",\"errorType\":\"bad_data\",\"error\":\"parse error at \\u001b[31mchar 7\"}", 400, ERR_DEVICE, "bad_data (400): parse error");
	bad("{\"status\":\"error\",\"errorType\":\"execution\",\"error\":\"x\"}", 422, ERR_DEVICE, "execution (422)");
	bad("{\"status\":\"error\",\"errorType\":\"timeout\",\"error\":\"x\"}", 503, ERR_DEVICE, "timeout (503)");
	bad("Service Unavailable", 503, ERR_DEVICE, "status 503");
	bad("<html>", 200, ERR_PARSE, "cannot be read");
	bad("", 200, ERR_PARSE, "cannot be read");
	bad("[]", 200, ERR_PARSE, "cannot be read");
	bad("{\"status\":\"success\"}", 200, ERR_PARSE, "no matrix");
	bad("{\"status\":\"success\",\"data\":7}", 200, ERR_PARSE, "no matrix");
}

/* With a server: what it answers, through the keeper. */
static void ask(struct http *http, unsigned port, const char *query, struct kept_view *v, struct keeper **k)
{
	static char url[64];
	static struct prometheus_conf conf;

	snprintf(url, sizeof(url), "http://127.0.0.1:%u", port);
	conf = (struct prometheus_conf){ .url = url, .every_s = 300, .window_s = 600, .step_s = 15, .timeout_s = 2 };
	*k = prom_keeper(&conf, http, NULL);
	keeper_want_also(*k, query);
	keeper_settled(*k, clock_boot_ms() + 10000);
	assert_true(keeper_get(*k, query, v));
}

static void a_server_that_misbehaves(void **state)
{
	static const struct {
		const char *query, *words;
	} faults[] = {
		{ "bad", "bad_data (400)" }, { "unavailable", "503" }, { "empty", "no series" }, { "stall", "within 2 s" },
		{ "nan", "NaN" }, { "cut", "cut" }, { "html", "cannot be read" }, { "two", "2 series" },
	};
	struct http *http = http_start(NULL);
	struct spawned server;
	struct kept_view v;
	struct keeper *k;

	(void)state;
	assert_int_equal(spawned_start(&server, "tests/data/prometheus_server.py", "fake"), 0);
	ask(http, server.port, "good", &v, &k);
	if (v.hold == NULL)
		fail_msg("%s", v.err.text);
	assert_true(((const struct prom_series *)v.answer)->p95 == 1234);
	keeper_release(v.hold);
	keeper_stop(k);
	for (size_t i = 0; i < ARRAY_LEN(faults); i++) {
		ask(http, server.port, faults[i].query, &v, &k);
		if (v.hold != NULL || strstr(v.err.text, faults[i].words) == NULL)
			fail_msg("%s: %s", faults[i].query, v.hold != NULL ? "an answer" : v.err.text);
		keeper_stop(k);
	}
	spawned_stop(&server);
	http_stop(http);
}

static void a_stall_does_not_hold_the_end(void **state)
{
	struct http *http = http_start(NULL);
	int64_t start;
	char url[64];
	struct prometheus_conf conf = { .every_s = 300, .window_s = 600, .step_s = 15, .timeout_s = 60 };
	struct spawned server;
	struct keeper *k;

	(void)state;
	assert_int_equal(spawned_start(&server, "tests/data/prometheus_server.py", "fake"), 0);
	snprintf(url, sizeof(url), "http://127.0.0.1:%u", server.port);
	conf.url = url;
	k = prom_keeper(&conf, http, NULL);
	keeper_want_also(k, "stall");
	start = clock_boot_ms();
	keeper_settled(k, start + 500);
	keeper_stop(k);
	assert_true(clock_boot_ms() - start < 20000);
	spawned_stop(&server);
	http_stop(http);
}

/* Debian's prometheus scrapes a page of ours. */
static void the_real_server(void **state)
{
	struct http *http;
	struct spawned server;
	struct kept_view v = { .hold = NULL };
	struct keeper *k;
	const struct prom_series *s = NULL;

	(void)state;
	if (access("/usr/bin/prometheus", X_OK) != 0) {
		printf("# skipped: no prometheus is installed\n");
		skip();
	}
	assert_int_equal(spawned_start(&server, "tests/data/prometheus_server.py", "real"), 0);
	http = http_start(NULL);
	for (int i = 0; i < 30 && s == NULL; i++) {
		ask(http, server.port, "port_bps{port=\"ix0\"}", &v, &k);
		s = v.answer;
		if (s == NULL) {
			keeper_stop(k);
			usleep(1000000);
		}
	}
	if (s == NULL)
		fail_msg("%s", v.err.text);
	assert_true(s->p95 == 950000000 && s->last == 950000000);
	keeper_release(v.hold);
	keeper_stop(k);
	ask(http, server.port, "port_bps", &v, &k);
	assert_true(v.hold == NULL && strstr(v.err.text, "2 series") != NULL);
	keeper_stop(k);
	ask(http, server.port, "nothing_of_this_name", &v, &k);
	assert_true(v.hold == NULL && strstr(v.err.text, "no series") != NULL);
	keeper_stop(k);
	ask(http, server.port, "sum(", &v, &k);
	assert_true(v.hold == NULL && strstr(v.err.text, "bad_data (400)") != NULL);
	keeper_stop(k);
	http_stop(http);
	spawned_stop(&server);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(queries_are_filled),
		cmocka_unit_test(answers_are_read),
		cmocka_unit_test(a_server_that_misbehaves),
		cmocka_unit_test(a_stall_does_not_hold_the_end),
		cmocka_unit_test(the_real_server),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
