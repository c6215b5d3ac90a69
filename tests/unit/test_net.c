/* AS numbers, addresses, prefixes. */
#include "core/base/mem.h"
#include "core/model/net.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

static void asns(void **state)
{
	static const struct {
		const char *in;
		bool ok;
		asn_t asn;
	} cases[] = {
		{ "64500", true, 64500 }, { "AS64500", true, 64500 }, { "as1.10", true, 65546 },
		{ "0.1", true, 1 }, { "4294967295", true, 4294967295u }, { "65535.65535", true, 4294967295u },
		{ "4294967296", false, 0 }, { "65536.0", false, 0 }, { "1.65536", false, 0 },
		{ "", false, 0 }, { "AS", false, 0 }, { "1.", false, 0 }, { "1.2.3", false, 0 }, { "42598*", false, 0 },
		{ "-1", false, 0 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		asn_t asn = 0;

		assert_int_equal(asn_parse(slice_of(cases[i].in), &asn), cases[i].ok);
		if (cases[i].ok)
			assert_int_equal(asn, cases[i].asn);
	}
	assert_true(asn_is_special(64512) && asn_is_special(0) && asn_is_special(23456) && asn_is_special(4200000000u));
	assert_false(asn_is_special(3320) || asn_is_special(131072));
}

static void addresses(void **state)
{
	static const struct {
		const char *in, *out;
	} cases[] = {
		{ "192.0.2.1", "192.0.2.1" }, { "2001:DB8:0:0::1", "2001:db8::1" },
		{ "::ffff:192.0.2.1", "::ffff:192.0.2.1" }, { "192.0.2.256", "" }, { "fe80::1%eth0", "" },
		{ "192.0.2.1/24", "" }, { "", "" }, { " 192.0.2.1", "" }, { "192.0.2", "" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct addr a;
		char buf[ADDR_STRLEN];

		assert_int_equal(addr_parse(slice_of(cases[i].in), &a), cases[i].out[0] != '\0');
		assert_string_equal(addr_print(&a, buf), cases[i].out);
	}
}

static void prefixes(void **state)
{
	struct prefix p;
	struct addr a;
	char buf[PREFIX_STRLEN];

	(void)state;
	assert_true(prefix_parse(SLICE("192.0.2.77/26"), &p));
	assert_string_equal(prefix_print(&p, buf), "192.0.2.64/26");
	addr_parse(SLICE("192.0.2.127"), &a);
	assert_true(prefix_holds(&p, &a));
	addr_parse(SLICE("192.0.2.128"), &a);
	assert_false(prefix_holds(&p, &a));
	addr_parse(SLICE("::c000:0240"), &a);
	assert_false(prefix_holds(&p, &a));
	assert_true(prefix_parse(SLICE("::/0"), &p) && prefix_holds(&p, &a));
	assert_false(prefix_parse(SLICE("192.0.2.0/33"), &p));
	assert_false(prefix_parse(SLICE("192.0.2.0"), &p));
	assert_false(prefix_parse(SLICE("192.0.2.0/"), &p));
	assert_false(prefix_parse(SLICE("192.0.2.0/24x"), &p));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(asns),
		cmocka_unit_test(addresses),
		cmocka_unit_test(prefixes),
	};

	return cmocka_run_group_tests_name("net", tests, NULL, NULL);
}
