/* Selectors: every form, and what they say when nothing is meant by them. */
#include "app/choice.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

static const struct router_conf confs[] = {
	{ .name = "r1", .interval_s = 10 },
	{ .name = "r2", .interval_s = 10, .exchange = "Local IX" },
};

static struct addr addr(const char *s)
{
	struct addr a;

	assert_true(addr_parse(slice_of(s), &a));
	return a;
}

/* Two routers, two networks, one of them on a LAN that PeeringDB knows. */
struct scene {
	struct world w;
	struct world_router routers[2];
	struct session s[5];
	struct world_session rows[5];
	struct prefix lan;
	struct exchange exchange;
	struct peer_set *peers;
};

static void row(struct scene *c, size_t i, size_t router, asn_t asn, const char *neighbor, enum afi_safi family)
{
	session_init(&c->s[i]);
	c->s[i].remote_as = asn;
	c->s[i].neighbor = (struct text){ neighbor };
	c->s[i].peer = addr(neighbor);
	c->s[i].family = family;
	c->rows[i] = (struct world_session){ .router = &c->routers[router], .s = &c->s[i],
		.exchange = peer_set_exchange_of(c->peers, &c->s[i].peer) };
}

static int build(void **state)
{
	struct scene *c = MEM_NEW(struct scene);

	assert_true(prefix_parse(slice_of("203.0.113.0/24"), &c->lan));
	c->exchange = (struct exchange){ .ix_id = 26, .ixlan_id = 26, .name = TEXT_LIT("Alpha-IX"),
		.prefixes = &c->lan, .prefix_count = 1 };
	c->peers = peer_set_new();
	c->peers->exchanges = &c->exchange;
	c->peers->exchange_count = 1;
	c->routers[0].conf = &confs[0];
	c->routers[1].conf = &confs[1];
	c->w = (struct world){ .routers = c->routers, .router_count = 2, .peers = c->peers };
	row(c, 0, 0, 64501, "203.0.113.1", AF_IPV4_UNICAST);
	row(c, 1, 0, 64502, "2001:db8::2", AF_IPV6_UNICAST);
	row(c, 2, 1, 64501, "203.0.113.1", AF_IPV4_UNICAST);
	row(c, 3, 1, 64502, "192.0.2.2", AF_IPV4_UNICAST);
	row(c, 4, 1, 64502, "192.0.2.2", AF_IPV6_UNICAST);
	c->s[0].group = c->s[1].group = c->s[2].group = TEXT_LIT("IX-PEERS");
	c->s[3].handle = c->s[4].handle = TEXT_LIT("as64502_v4");
	*state = c;
	return 0;
}

static int drop(void **state)
{
	struct scene *c = *state;

	peer_set_unref(c->peers);
	free(c);
	return 0;
}

/* The rows picked are exactly those named by their digits, in order. */
static void picks(const struct scene *c, const char *const *words, size_t n, const char *digits)
{
	const struct world_session **out;
	struct err e = ERR_INIT;
	size_t count;

	if (selector_pick(words, n, &c->w, c->rows, 5, &out, &count, &e) != 0)
		fail_msg("%s", e.text);
	assert_int_equal(count, strlen(digits));
	for (size_t i = 0; i < count; i++)
		assert_int_equal(out[i] - c->rows, digits[i] - '0');
	free(out);
}
#define PICKS(digits, ...) picks(*state, (const char *const[]){ __VA_ARGS__ }, \
    sizeof((const char *const[]){ __VA_ARGS__ }) / sizeof(char *), digits)

static void says(const struct scene *c, const char *word, const char *part)
{
	const struct world_session **out;
	struct err e = ERR_INIT;
	size_t count;

	assert_int_equal(selector_pick(&word, 1, &c->w, c->rows, 5, &out, &count, &e), -1);
	assert_null(out);
	assert_int_equal(e.code, ERR_USAGE);
	if (strstr(e.text, part) == NULL)
		fail_msg("\"%s\" is not in: %s", part, e.text);
}

static void picks_by_each_form(void **state)
{
	picks(*state, NULL, 0, "01234");
	PICKS("0", "r1/203.0.113.1");
	PICKS("1", "r1/2001:DB8:0::2"); /* another spelling of the same address */
	PICKS("34", "r2/192.0.2.2");    /* both families of the one neighbor */
	PICKS("34", "r2/as64502_v4");
	PICKS("02", "AS64501");
	PICKS("02", "as64501");
	PICKS("2", "AS64501@r2");
	PICKS("02", "ix:26");
	PICKS("02", "ix:alpha-ix");
	PICKS("34", "ix:Local IX");
	PICKS("234", "router:r2");
	PICKS("012", "group:IX-PEERS");
	PICKS("2", "group:IX-PEERS@r2");
}

/* Options narrow; the name of the choice is that of what is left. */
static void chooses(const struct scene *c, const char *const narrow[CHOICE_NARROWS], const char *word, const char *digits,
    const char *scope, const char *name)
{
	struct choice choice = { .words = &word, .count = word != NULL };
	const struct world_session **out;
	struct err e = ERR_INIT;
	char words[200], answer[80];
	size_t count;

	for (size_t i = 0; i < CHOICE_NARROWS; i++)
		choice.narrow[i] = narrow[i];
	if (choice_check(&choice, &c->w, &e) != 0 || choice_pick(&choice, &c->w, c->rows, 5, &out, &count, &e) != 0)
		fail_msg("%s", e.text);
	assert_int_equal(count, strlen(digits));
	for (size_t i = 0; i < count; i++)
		assert_int_equal(out[i] - c->rows, digits[i] - '0');
	free(out);
	choice_scope(&choice, &c->w, words, answer);
	assert_string_equal(words, scope);
	assert_string_equal(answer, name);
}

static void options_narrow_and_name_the_scope(void **state)
{
	struct scene *c = *state;
	struct choice none = { .narrow = { "64502", "Alpha-IX" } };
	const struct world_session **out;
	struct err e = ERR_INIT;
	size_t count;

	chooses(c, (const char *const[]){ "64501", NULL, NULL, NULL }, NULL, "02", "AS64501", "AS64501");
	chooses(c, (const char *const[]){ "AS64501", NULL, "r2", NULL }, NULL, "2", "AS64501, router r2", "");
	chooses(c, (const char *const[]){ NULL, "26", NULL, NULL }, NULL, "02", "exchange Alpha-IX", "Alpha-IX");
	chooses(c, (const char *const[]){ NULL, NULL, NULL, "IX-PEERS" }, NULL, "012", "peer group IX-PEERS", "IX-PEERS");
	chooses(c, (const char *const[]){ NULL, NULL, "r1", NULL }, "ix:26", "0", "exchange Alpha-IX, router r1", "");
	chooses(c, (const char *const[]){ NULL, NULL, NULL, NULL }, "r1/203.0.113.1", "0", "", "");
	assert_int_equal(choice_pick(&none, &c->w, c->rows, 5, &out, &count, &e), -1);
	assert_non_null(strstr(e.text, "--exchange Alpha-IX: leaves no session"));
}

/* A LAN that only the router's block names: with its prefixes exactly those, without them all other networks. */
static void local_exchanges_have_their_prefixes(void **state)
{
	struct scene *c = *state;
	struct router_conf conf = confs[1];

	c->routers[1].conf = &conf;
	PICKS("34", "ix:Local IX");
	conf.exchange_lan = "198.51.100.0/24 2001:db8:1::/64";
	says(c, "ix:Local IX", "no session was seen");
	conf.exchange_lan = "198.51.100.0/24 192.0.2.0/24";
	PICKS("34", "ix:Local IX");
	conf.exchange_lan = NULL;
	c->s[3].local_as = c->s[4].local_as = 64502; /* internal: on no exchange */
	says(c, "ix:Local IX", "no session was seen");
}

static void joins_several_without_doubles(void **state)
{
	PICKS("012", "AS64501", "r1/2001:db8::2", "r1/203.0.113.1");
}

static void says_what_is_known(void **state)
{
	says(*state, "r3/192.0.2.2", "no router \"r3\"; the routers are r1, r2");
	says(*state, "router:x", "the routers are r1, r2");
	says(*state, "AS64501@x", "the routers are r1, r2");
	says(*state, "r2/192.0.2.9", "r2 has 203.0.113.1, 192.0.2.2");
	says(*state, "ix:Beta", "known are Alpha-IX (26)");
	says(*state, "group:X@r1", "there are IX-PEERS");
	says(*state, "AS64999", "no session was seen");
	says(*state, "AS64502@r1x", "no router");
}

static void refuses_other_forms(void **state)
{
	static const char *const bad[] = { "", "64501", "AS", "AS0", "AS64501x", "AS4294967296", "AS64501@", "r1/", "/192.0.2.1",
		"ix:", "router:", "192.0.2.1" };

	for (size_t i = 0; i < ARRAY_LEN(bad); i++)
		says(*state, bad[i], "the forms are ROUTER/NEIGHBOR");
}

static void knows_when_only_one_router_is_meant(void **state)
{
	struct selector s[3];

	(void)state;
	assert_int_equal(selector_parse("r1/192.0.2.1", &s[0], NULL), 0);
	assert_int_equal(selector_parse("AS1@r1", &s[1], NULL), 0);
	assert_int_equal(selector_parse("AS1", &s[2], NULL), 0);
	assert_null(selector_router(s, 0));
	assert_string_equal(selector_router(s, 2), "r1");
	assert_null(selector_router(s, 3));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(picks_by_each_form, build, drop),
		cmocka_unit_test_setup_teardown(joins_several_without_doubles, build, drop),
		cmocka_unit_test_setup_teardown(says_what_is_known, build, drop),
		cmocka_unit_test_setup_teardown(refuses_other_forms, build, drop),
		cmocka_unit_test_setup_teardown(options_narrow_and_name_the_scope, build, drop),
		cmocka_unit_test_setup_teardown(local_exchanges_have_their_prefixes, build, drop),
		cmocka_unit_test(knows_when_only_one_router_is_meant),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
