/* Sets of prefixes: order, equality, differences, sizes, and origins of AS paths; against a slow model. */
#include "core/model/prefixset.h"
#include "core/base/mem.h"
#include "core/base/scan.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

static struct prefix parse(const char *words)
{
	struct prefix p;

	assert_true(prefix_parse(slice_of(words), &p));
	return p;
}

/* "10.0.0.0/8 64500, 10.1.0.0/16" in any order. */
static struct prefixset *set_of(enum addr_family family, const char *const *words)
{
	struct prefixset_builder *b = prefixset_builder_new(family);

	for (; *words != NULL; words++) {
		struct scan c = scan_of(slice_of(*words));
		struct slice prefix, origin;
		struct prefix p;
		asn_t asn = ASN_UNKNOWN;

		assert_true(scan_word(&c, &prefix) && prefix_parse(prefix, &p));
		if (scan_word(&c, &origin))
			assert_true(asn_parse(origin, &asn));
		assert_true(prefixset_add(b, &p, asn));
	}
	return prefixset_freeze(b, true);
}
#define SET4(...) set_of(ADDR_IP4, (const char *const[]){ __VA_ARGS__, NULL })
#define SET6(...) set_of(ADDR_IP6, (const char *const[]){ __VA_ARGS__, NULL })

static void sorted_once_each(void **state)
{
	static const char *const order[] = { "0.0.0.0/0", "10.0.0.0/8", "10.0.0.0/16", "10.0.0.0/24", "192.0.2.0/24" };
	struct prefixset *s = SET4("192.0.2.0/24 64501", "10.0.0.0/16", "0.0.0.0/0", "10.0.0.0/8 64502", "10.0.0.0/24",
	    "192.0.2.0/24 64503");
	struct prefix p, want;
	asn_t origin;

	(void)state;
	assert_int_equal(prefixset_count(s), 5);
	for (size_t i = 0; i < 5; i++) {
		prefixset_at(s, i, &p, NULL);
		want = parse(order[i]);
		assert_memory_equal(&p, &want, sizeof(p));
		assert_true(prefixset_find(s, &want, &origin));
		assert_int_equal(origin, i == 4 ? 64501 : i == 1 ? 64502 : 0); /* the first stays */
	}
	assert_int_equal(prefixset_longest(s), 24);
	assert_int_equal(prefixset_of_length(s)[24], 2);
	assert_true(prefixset_has_default(s));
	assert_true(prefixset_has_origin(s, 64502) && !prefixset_has_origin(s, 64503));
	want = parse("10.0.0.0/9");
	assert_false(prefixset_find(s, &want, NULL));
	want = parse("2001:db8::/32");
	assert_false(prefixset_find(s, &want, NULL));
	prefixset_unref(s);
}

static void six_keeps_all_bits(void **state)
{
	struct prefixset *s = SET6("2001:db8::1/128", "2001:db8::/32", "2001:db8:0:0:8000::/65", "::/0");
	struct prefix p;

	(void)state;
	assert_int_equal(prefixset_longest(s), 128);
	assert_true(prefixset_has_default(s));
	p = parse("2001:db8:0:0:8000::/65");
	assert_true(prefixset_find(s, &p, NULL));
	p.len = 66;
	assert_false(prefixset_find(s, &p, NULL));
	prefixset_unref(s);
}

static void the_other_family_is_refused(void **state)
{
	struct prefixset_builder *b = prefixset_builder_new(ADDR_IP4);
	struct prefix p = parse("2001:db8::/32");
	struct prefixset *s;

	(void)state;
	assert_false(prefixset_add(b, &p, 1));
	assert_false(prefixset_builder_full(b));
	s = prefixset_freeze(b, false);
	assert_int_equal(prefixset_count(s), 0);
	assert_int_equal(prefixset_longest(s), -1);
	prefixset_unref(s);
	assert_int_equal(prefixset_count(NULL), 0);
	assert_int_equal(prefixset_of_length(NULL)[24], 0);
}

static void equal_sets_are_one(void **state)
{
	struct prefixset *a = SET4("10.0.0.0/8 1", "10.1.0.0/16 2"), *b = SET4("10.1.0.0/16 2", "10.0.0.0/8 1");
	struct prefixset *c = SET4("10.0.0.0/8 1", "10.1.0.0/16 3"), *got;

	(void)state;
	assert_true(prefixset_same(a, b) && !prefixset_same(a, c));
	got = prefixset_share(b, (struct prefixset *const[]){ NULL, c, a }, 3);
	assert_ptr_equal(got, a);
	assert_ptr_equal(prefixset_share(c, &a, 1), c);
	prefixset_unref(got);
	prefixset_unref(a);
	prefixset_unref(c);
}

struct found {
	char words[512];
	int left;
};

static int collect(void *ctx, const struct prefix *p, asn_t origin, bool in_b)
{
	struct found *f = ctx;
	char text[PREFIX_STRLEN];

	(void)origin;
	strncat(f->words, in_b ? "+" : "-", sizeof(f->words) - strlen(f->words) - 1);
	strncat(f->words, prefix_print(p, text), sizeof(f->words) - strlen(f->words) - 1);
	return --f->left == 0;
}

static void differences_are_named(void **state)
{
	struct prefixset *a = SET4("10.0.0.0/8", "10.1.0.0/16", "192.0.2.0/24"), *b = SET4("10.1.0.0/16", "172.16.0.0/12");
	struct found f = { .left = 10 };
	count_t only_a, only_b;

	(void)state;
	prefixset_diff(a, b, &only_a, &only_b, collect, &f);
	assert_int_equal(only_a, 2);
	assert_int_equal(only_b, 1);
	assert_string_equal(f.words, "-10.0.0.0/8+172.16.0.0/12-192.0.2.0/24");
	f = (struct found){ .left = 1 };
	prefixset_diff(a, b, &only_a, &only_b, collect, &f);
	assert_string_equal(f.words, "-10.0.0.0/8");
	assert_int_equal(only_a, 2); /* counted to the end */
	prefixset_diff(NULL, b, &only_a, &only_b, NULL, NULL);
	assert_true(only_a == 0 && only_b == 2);
	prefixset_diff(a, NULL, &only_a, &only_b, NULL, NULL);
	assert_true(only_a == 3 && only_b == 0);
	prefixset_diff(a, a, &only_a, &only_b, NULL, NULL);
	assert_true(only_a == 0 && only_b == 0);
	prefixset_unref(a);
	prefixset_unref(b);
}

static void the_matrix_names_each_place(void **state)
{
	struct prefixset *sets[] = { SET4("10.0.0.0/8", "10.1.0.0/16"), SET4("10.0.0.0/8", "192.0.2.0/24"),
		SET4("10.0.0.0/8", "10.1.0.0/16", "192.0.2.0/24") };
	struct prefixset_missing m[3];
	count_t total, in_all;
	char text[PREFIX_STRLEN];

	(void)state;
	prefixset_compare(sets, 3, m, &total, &in_all);
	assert_true(total == 3 && in_all == 1);
	assert_true(m[0].missing == 1 && m[1].missing == 1 && m[2].missing == 0);
	assert_string_equal(prefix_print(&m[0].examples[0], text), "192.0.2.0/24");
	assert_string_equal(prefix_print(&m[1].examples[0], text), "10.1.0.0/16");
	prefixset_compare(sets, 1, m, &total, &in_all);
	assert_true(total == 2 && in_all == 2 && m[0].missing == 0);
	prefixset_compare(sets, 0, m, &total, &in_all);
	assert_true(total == 0);
	for (size_t i = 0; i < 3; i++)
		prefixset_unref(sets[i]);
}

/* Many small random sets: everything agrees with counting by hand. */
static void random_sets_agree_with_a_model(void **state)
{
	(void)state;
	srand(7);
	for (int round = 0; round < 300; round++) {
		bool in[3][64] = { { false } };
		struct prefixset *sets[3];
		struct prefixset_missing m[3];
		count_t total, in_all, want_total = 0, want_all = 0, missing[3] = { 0 };

		for (int s = 0; s < 3; s++) {
			struct prefixset_builder *b = prefixset_builder_new(ADDR_IP4);

			for (int i = 0; i < 40; i++) {
				int k = rand() % 64;
				struct prefix p = { .net = { .family = ADDR_IP4, .b = { 10, (uint8_t)(k / 2 * 2) } },
					.len = (uint8_t)(15 + k % 2) };

				prefixset_add(b, &p, 1);
				in[s][k] = true;
			}
			sets[s] = prefixset_freeze(b, false);
		}
		for (int k = 0; k < 64; k++) {
			int have = in[0][k] + in[1][k] + in[2][k];

			want_total += have > 0;
			want_all += have == 3;
			for (int s = 0; s < 3; s++)
				missing[s] += have > 0 && !in[s][k];
		}
		prefixset_compare(sets, 3, m, &total, &in_all);
		assert_true(total == want_total && in_all == want_all);
		for (int s = 0; s < 3; s++) {
			assert_int_equal(m[s].missing, missing[s]);
			prefixset_unref(sets[s]);
		}
	}
}

static void origins_of_paths(void **state)
{
	static const struct {
		const char *path;
		asn_t first, origin;
	} cases[] = {
		{ "64501", 64501, 64501 }, { "64501 64502 64503", 64501, 64503 }, { " 64501 64501 ", 64501, 64501 },
		{ "64501 {64502,64503}", 64501, ASN_NONE }, { "", 0, 0 }, { "{1}", 0, ASN_NONE }, { "Local", 0, 0 }, { "64501 1.10", 64501, 65546 },
		{ "64501 i", 64501, 0 }, { "64501 99999999999", 64501, 0 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		assert_int_equal(as_path_first(slice_of(cases[i].path)), cases[i].first);
		assert_int_equal(as_path_origin(slice_of(cases[i].path)), cases[i].origin);
	}
}

static void unions_hold_both(void **state)
{
	struct prefixset *a = SET4("10.0.0.0/8", "10.1.0.0/16"), *b = SET4("10.1.0.0/16", "172.16.0.0/12");
	struct prefixset *u = prefixset_union(a, b, ADDR_IP4);

	(void)state;
	assert_int_equal(prefixset_count(u), 3);
	prefixset_unref(u);
	u = prefixset_union(NULL, b, ADDR_IP4);
	assert_int_equal(prefixset_count(u), 2);
	prefixset_unref(u);
	prefixset_unref(a);
	prefixset_unref(b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sorted_once_each),
		cmocka_unit_test(six_keeps_all_bits),
		cmocka_unit_test(the_other_family_is_refused),
		cmocka_unit_test(equal_sets_are_one),
		cmocka_unit_test(differences_are_named),
		cmocka_unit_test(the_matrix_names_each_place),
		cmocka_unit_test(random_sets_agree_with_a_model),
		cmocka_unit_test(origins_of_paths),
		cmocka_unit_test(unions_hold_both),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
