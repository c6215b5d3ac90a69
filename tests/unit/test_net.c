/* AS numbers, addresses, prefixes. */
#include "core/base/mem.h"
#include "core/model/net.h"

#include <arpa/inet.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
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
	assert_false(prefix_parse(SLICE("192.0.2.0/2 4"), &p));
	assert_false(prefix_parse(SLICE("192.0.2.0/1024"), &p));
	assert_false(prefix_parse(SLICE("192.0.2.0/-1"), &p));
	assert_false(prefix_parse(SLICE("/24"), &p));
	assert_false(prefix_parse(SLICE("192.0.2.0/24/24"), &p));
	assert_false(prefix_parse(SLICE("::/129"), &p));
	assert_true(prefix_parse(SLICE("2001:db8:ffff::1/33"), &p));
	assert_string_equal(prefix_print(&p, buf), "2001:db8:8000::/33");
	assert_true(prefix_parse(SLICE("255.255.255.255/32"), &p));
	assert_string_equal(prefix_print(&p, buf), "255.255.255.255/32");
	assert_true(prefix_parse(SLICE("255.255.255.255/0"), &p));
	assert_string_equal(prefix_print(&p, buf), "0.0.0.0/0");
}

static uint32_t next(uint32_t *seed)
{
	*seed = *seed * 1664525u + 1013904223u;
	return *seed >> 16;
}

/* Addresses of which most are a little wrong: read exactly where inet_pton reads them. */
static void addresses_as_inet_pton(void **state)
{
	static const char *const whole[] = { "192.0.2.1", "10.0.255.249", "255.255.255.255", "0.0.0.0", "1.2.3.4",
		"2001:db8::1", "::", "::ffff:192.0.2.7", "fe80::1:2:3", "2001:db8:1:2:3:4:5:6", "Active", "4200000000" };
	static const char letters[] = "0123456789.:afgAFG%/ -";
	uint32_t seed = 7;
	struct addr a;

	(void)state;
	for (int round = 0; round < 100000; round++) {
		unsigned char four[4], six[16];
		char buf[64];
		size_t n;

		strncpy(buf, whole[(unsigned)round % (sizeof(whole) / sizeof(whole[0]))], sizeof(buf) - 1);
		buf[sizeof(buf) - 1] = '\0';
		n = strlen(buf);
		for (uint32_t changes = next(&seed) % 4; changes > 0 && n > 0; changes--) {
			size_t at = next(&seed) % n;

			if (next(&seed) % 3 == 0) {
				memmove(buf + at, buf + at + 1, n - at);
				n--;
			} else {
				buf[at] = letters[next(&seed) % (sizeof(letters) - 1)];
			}
		}
		if (inet_pton(AF_INET, buf, four) == 1) {
			assert_true(addr_parse((struct slice){ buf, n }, &a) && a.family == ADDR_IP4);
			assert_memory_equal(a.b, four, 4);
		} else if (inet_pton(AF_INET6, buf, six) == 1) {
			assert_true(addr_parse((struct slice){ buf, n }, &a) && a.family == ADDR_IP6);
			assert_memory_equal(a.b, six, 16);
		} else {
			assert_false(addr_parse((struct slice){ buf, n }, &a));
			assert_int_equal(a.family, ADDR_NONE);
		}
	}
}

static void masks_as_bit_by_bit(void **state)
{
	struct prefix p;

	(void)state;
	for (unsigned len = 0; len <= 128; len++) {
		p.len = (uint8_t)len;
		p.net.family = ADDR_IP6;
		memset(p.net.b, 0xff, sizeof(p.net.b));
		prefix_mask(&p);
		for (unsigned bit = 0; bit < 128; bit++)
			assert_int_equal(p.net.b[bit / 8] >> (7 - bit % 8) & 1, bit < len);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(asns),
		cmocka_unit_test(addresses),
		cmocka_unit_test(prefixes),
		cmocka_unit_test(addresses_as_inet_pton),
		cmocka_unit_test(masks_as_bit_by_bit),
	};

	return cmocka_run_group_tests_name("net", tests, NULL, NULL);
}
