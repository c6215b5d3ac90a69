/* Commands as people type them, against the patterns of readings. */
#include "reading.h"

static void patterns(void **state)
{
	static const struct {
		const char *pattern, *words;
		bool fits;
	} cases[] = {
		{ "show bgp summary", "show bgp summary", true },
		{ "show bgp summary", "SHOW BGP Summary", true },
		{ "show bgp summary", "show bgp", false },
		{ "show bgp summary", "show bgp summary json", false },
		{ "show [ip] bgp", "show bgp", true },
		{ "show [ip] bgp", "show ip bgp", true },
		{ "show [vrf <name>] x", "show vrf red x", true },
		{ "show [vrf <name>] x", "show vrf x", false },
		{ "show [vrf|view <n> [ipv4|ipv6]] x", "show view 1 ipv6 x", true },
		{ "show [vrf|view <n> [ipv4|ipv6]] x", "show ipv6 x", false },
		{ "show bgp | json", "show bgp | json", true },
		{ "show bgp | json", "show bgp json", false },
		{ "a|b", "b", true }, { "a|b", "c", false }, { "<x>", "", false }, { "", "", true },
		{ "[a] [a] b", "a b", true }, { "[[a] b] c", "b c", true }, { "[[a] b] c", "a c", false },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		if (driver_command_fits(cases[i].pattern, cases[i].words) != cases[i].fits)
			fail_msg("%s | %s", cases[i].pattern, cases[i].words);
}

static void program_names_are_dropped(void **state)
{
	static const struct {
		const char *os, *typed, *words;
	} cases[] = {
		{ "frr", "vtysh -c 'show bgp summary json'", "show bgp summary json" },
		{ "frr", "sudo -n /usr/bin/vtysh -c \"show bgp\"", "show bgp" },
		{ "frr", "  show   bgp |json", "show bgp | json" },
		{ "bird", "birdc -r show protocols all", "show protocols all" },
		{ "bird", "/usr/sbin/birdc -s /run/bird.ctl 'show status'", "show status" },
		{ "openbgpd", "bgpctl -j show neighbor", "-j show neighbor" },
		{ "openbgpd", "bgpctl -s /run/x.sock -j show neighbor", "-j show neighbor" },
		{ "gobgp", "gobgp -u 127.0.0.1 -p 50051 neighbor -j", "neighbor -j" },
		{ "frr", "sudo", "sudo" }, { "frr", "", "" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct str out;

		str_init(&out, 0);
		driver_command_words(driver_find(cases[i].os), cases[i].typed, &out);
		assert_string_equal(out.p, cases[i].words);
		str_fini(&out);
	}
}

/* Words may be cut short as the CLI takes them, where nothing fits as it is written. */
static void short_words_find_their_reading(void **state)
{
	const struct driver *d = driver_find("ios");
	const struct reading *summary = driver_reading(d, "show ip bgp summary");

	(void)state;
	assert_non_null(summary);
	assert_ptr_equal(driver_reading(d, "sh ip bgp sum"), summary);
	assert_ptr_equal(driver_reading(d, "sho ip bgp summ"), summary);
	assert_null(driver_reading(d, "s ip bgp summary"));
	assert_null(driver_reading(d, "show ip bgp sumx"));
	assert_null(driver_reading(d, "show bgp process"));
	assert_ptr_not_equal(driver_reading(d, "sh bgp nei 192.0.2.1 adv"), driver_reading(d, "sh bgp nei 192.0.2.1"));
	assert_ptr_equal(driver_reading(d, "sh bgp nei 192.0.2.1 adv"),
	    driver_reading(d, "show bgp neighbors 192.0.2.1 advertised-routes"));
}

static void names_and_aliases(void **state)
{
	const struct driver *const *all = driver_all();

	(void)state;
	assert_ptr_equal(driver_find("FRRouting"), driver_find("frr"));
	assert_null(driver_find("no-such-os"));
	for (size_t i = 0; all[i] != NULL; i++) {
		assert_ptr_equal(driver_find(all[i]->name), all[i]);
		if (i > 0)
			assert_true(strcmp(all[i - 1]->name, all[i]->name) < 0);
	}
}

/* What is sent on a poll is also what `peerdeck parse` can read. */
static void queries_have_a_command_and_one_reader(void **state)
{
	const struct driver *const *all = driver_all();

	(void)state;
	for (size_t i = 0; all[i] != NULL; i++)
		for (size_t q = 0; q < all[i]->query_count; q++) {
			assert_non_null(all[i]->queries[q].command);
			assert_true((all[i]->queries[q].parse != NULL) != (all[i]->queries[q].open != NULL));
		}
}

static void asked_words(void **state)
{
	struct report *r = report_new();

	(void)state;
	r->command = "show bgp vrf red IPv6 summary";
	assert_true(report_asked(r, "ipv6"));
	assert_false(report_asked(r, "ipv4"));
	assert_true(slice_eq(report_asked_after(r, "vrf"), "red"));
	r->command = "show bgp vrf <name> summary";
	assert_int_equal(report_asked_after(r, "vrf").len, 0);
	assert_int_equal(report_asked_after(r, "summary").len, 0);
	report_free(r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(patterns),
		cmocka_unit_test(program_names_are_dropped),
		cmocka_unit_test(short_words_find_their_reading),
		cmocka_unit_test(names_and_aliases),
		cmocka_unit_test(queries_have_a_command_and_one_reader),
		cmocka_unit_test(asked_words),
	};

	return cmocka_run_group_tests_name("match", tests, NULL, NULL);
}
