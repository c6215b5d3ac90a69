/* RIPEstat: numbers and texts, what is missing, and what is about somebody else. */
#include "backends/sources/ripestat.h"
#include "core/base/mem.h"
#include "core/base/scan.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

static struct ripestat_answer *read_good(enum ripestat_call call, const char *body)
{
	struct err e = ERR_INIT;
	struct ripestat_answer *a = ripestat_read(call, 64501, 200, slice_of(body), &e);

	if (a == NULL)
		fail_msg("%s: %s", body, e.text);
	return a;
}

static void bad(enum ripestat_call call, int status, const char *body, const char *words)
{
	struct err e = ERR_INIT;

	if (ripestat_read(call, 64501, status, slice_of(body), &e) != NULL)
		fail_msg("taken: %s", body);
	if (strstr(e.text, words) == NULL || strstr(e.text, "RIPEstat") == NULL)
		fail_msg("%s: %s", body, e.text);
}

static void visibility(void **state)
{
	static const char *const resources[] = { "64501", "\"64501\"", "\"AS64501\"" };
	struct ripestat_answer *a;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(resources); i++) {
		char *body = mem_printf("{\"status\":\"ok\",\"data\":{\"resource\":%s,\"visibility\":{\"v4\":{\"ris_peers_seeing\":325,"
					"\"total_ris_peers\":330},\"v6\":{\"ris_peers_seeing\":0,\"total_ris_peers\":300}}}}", resources[i]);

		a = read_good(RIPESTAT_STATUS, body);
		assert_true(a->seeing[0] == 325 && a->total[0] == 330 && a->seeing[1] == 0 && a->total[1] == 300);
		ripestat_answer_free(a);
		free(body);
	}
	a = read_good(RIPESTAT_STATUS, "{\"data\":{\"resource\":64501,\"visibility\":{\"v4\":{\"ris_peers_seeing\":1,\"total_ris_peers\":2}}}}");
	assert_int_equal(a->seeing[1], COUNT_UNKNOWN);
	ripestat_answer_free(a);
	bad(RIPESTAT_STATUS, 200, "{\"status\":\"ok\",\"data\":{\"resource\":64502,\"visibility\":{}}}", "something else");
	bad(RIPESTAT_STATUS, 200, "{\"status\":\"ok\",\"data\":{\"resource\":64501}}", "does not say");
	bad(RIPESTAT_STATUS, 200, "{\"status\":\"ok\",\"data\":{\"resource\":64501,\"visibility\":{\"v4\":{\"ris_peers_seeing\":0,\"total_ris_peers\":0}}}}",
	    "does not say");
	bad(RIPESTAT_STATUS, 200, "{\"status\":\"error\",\"messages\":[[\"error\",\"maintenance\"]],\"data\":{}}", "maintenance");
	bad(RIPESTAT_STATUS, 502, "<html>", "status 502");
	bad(RIPESTAT_STATUS, 200, "", "cannot be read");
	bad(RIPESTAT_STATUS, 200, "[]", "cannot be read");
}

static void announced(void **state)
{
	struct ripestat_answer *a = read_good(RIPESTAT_ANNOUNCED,
	    "{\"status\":\"ok\",\"data\":{\"resource\":\"64501\",\"prefixes\":[{\"prefix\":\"192.0.2.0/24\",\"timelines\":[]},{\"prefix\":\"2001:db8::/32\"}]}}");

	(void)state;
	assert_true(prefixset_count(a->v4) == 1 && prefixset_count(a->v6) == 1);
	ripestat_answer_free(a);
	a = read_good(RIPESTAT_ANNOUNCED, "{\"status\":\"ok\",\"data\":{\"resource\":\"64501\",\"prefixes\":[]}}");
	assert_int_equal(prefixset_count(a->v4), 0);
	ripestat_answer_free(a);
	bad(RIPESTAT_ANNOUNCED, 200, "{\"data\":{\"resource\":\"64501\"}}", "no list");
	bad(RIPESTAT_ANNOUNCED, 200, "{\"data\":{\"resource\":\"64501\",\"prefixes\":[{\"prefix\":\"192.0.2.0/24\"},{\"prefix\":\"x\"}]}}", "entry 2");
	bad(RIPESTAT_ANNOUNCED, 200, "{\"data\":{\"resource\":\"64501\",\"prefixes\":[7]}}", "entry 1");
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(visibility), cmocka_unit_test(announced) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
