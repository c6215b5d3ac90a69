/* The prefix limit: what to set, when it trips, and the lines for every OS. */
#include "core/judge/limit.h"
#include "core/model/driver.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

static struct session session;
static struct evidence_session seen;

static struct limit_advice advise(count_t configured, count_t received, count_t published, count_t policy)
{
	session_init(&session);
	evidence_session_init(&seen);
	seen.s = &session;
	session.max_prefixes = configured;
	session.received = received;
	return limit_advise(&seen, published, policy);
}

static void what_to_set(void **state)
{
	static const struct { count_t configured, received, published, policy, want; } rows[] = {
		{ 0, 40, 200, 250, 250 },               /* the default holds what is published */
		{ 0, 400, 1200, 250, 1200 },            /* the peer needs more than the default */
		{ 0, 40, 500000, 250, 250 },            /* a typing error in PeeringDB */
		{ 0, 40, COUNT_UNKNOWN, 250, 250 },
		{ 250, 240, COUNT_UNKNOWN, 250, 289 },  /* the default would trip soon */
		{ 0, COUNT_UNKNOWN, 5000, 250, 5000 },
		{ 0, 40, COUNT_UNKNOWN, COUNT_UNKNOWN, COUNT_UNKNOWN },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct limit_advice a = advise(rows[i].configured, rows[i].received, rows[i].published, rows[i].policy);

		if (a.suggested != rows[i].want)
			fail_msg("row %zu: %lld and not %lld (%s)", i, (long long)a.suggested, (long long)rows[i].want, a.why);
	}
}

static void when_it_trips(void **state)
{
	struct limit_advice a;
	char words[LIMIT_WORDS_LEN];

	(void)state;
	advise(250, 240, 300, 250);
	seen.slope_basis.known = true;
	seen.slope_per_day = 5;
	a = limit_advise(&seen, 300, 250);
	assert_true(a.trips);
	assert_true(a.days_left > 1.9 && a.days_left < 2.1);
	limit_advice_words(&a, words);
	assert_string_equal(words, "received 240, headroom 10 (4 %), +5.0 a day, trips in 2 days, the peer publishes 300, 300 suggested");
	a = advise(250, 260, COUNT_UNKNOWN, 250);
	limit_advice_words(&a, words);
	assert_non_null(strstr(words, "10 over the limit"));
	a = advise(COUNT_UNKNOWN, COUNT_UNKNOWN, COUNT_UNKNOWN, 250);
	assert_false(a.headroom_known);
	assert_false(a.change); /* what is not known is not changed */
}

static void every_os_has_its_lines(void **state)
{
	(void)state;
	for (const struct driver *const *d = driver_all(); *d != NULL; d++) {
		struct str out;

		advise(0, 40, 200, 250);
		session.family = AF_IPV6_UNICAST;
		session.local_as = 64500;
		session.handle = TEXT_LIT("peer_x");
		session.group = TEXT_LIT("PEERS");
		addr_parse(SLICE("2001:db8::7"), &session.peer);
		seen.os = (*d)->name;
		str_init(&out, 2000);
		limit_lines(&seen, 250, &out);
		assert_non_null(strstr(out.p, "250"));
		if (strstr(out.p, "2001:db8::7") == NULL && strstr(out.p, "peer_x") == NULL)
			fail_msg("%s: %s", (*d)->name, out.p);
		assert_null(strstr(out.p, "{ip}"));
		assert_null(strstr(out.p, "{as}"));
		if (strcmp((*d)->name, "frr") == 0)
			assert_string_equal(out.p, "configure terminal\nrouter bgp 64500\naddress-family ipv6 unicast\nneighbor 2001:db8::7 maximum-prefix 250\nend\nwrite memory");
		if (strcmp((*d)->name, "bird") == 0)
			assert_string_equal(out.p, "in the file that holds protocol peer_x: ipv6 { import limit 250 action restart; };\nbirdc configure");
		str_fini(&out);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_to_set),
		cmocka_unit_test(when_it_trips),
		cmocka_unit_test(every_os_has_its_lines),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
