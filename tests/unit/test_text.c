/* Untrusted octets to safe text, and its width. */
#include "core/base/text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <cmocka.h>

static void made_safe(void **state)
{
	static const struct {
		const char *in, *out;
	} cases[] = {
		{ "", "" }, { "plain words", "plain words" }, { "K\xc3\xb6ln", "K\xc3\xb6ln" },
		{ "a\tb\nc\rd", "a b c d" },
		{ "\x1b[31mred", "\xe2\x90\x9b[31mred" },
		{ "bell\x07", "bell\xe2\x90\x87" }, { "del\x7f", "del\xe2\x90\xa1" },
		{ "\xc2\x9b" "31m", "<U+009B>31m" },
		{ "bad \xff\xfe", "bad \xef\xbf\xbd\xef\xbf\xbd" },
		{ "cut \xe2\x82", "cut \xef\xbf\xbd\xef\xbf\xbd" },
		{ "over\xc0\xaf", "over\xef\xbf\xbd\xef\xbf\xbd" },
		{ "\xe2\x80\xae" "evil", "<U+202E>evil" },
		{ "zero\xe2\x80\x8bwidth", "zero<U+200B>width" },
		{ "e\xcc\x81\xcc\x81\xcc\x81\xcc\x81", "e\xcc\x81\xcc\x81" },
		{ "\xcc\x81x", "x" },
	};
	struct arena *a = arena_new();

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		assert_string_equal(text_safez(a, cases[i].in).s, cases[i].out);
	arena_free(a);
}

static void a_nul_does_not_end_it(void **state)
{
	struct arena *a = arena_new();

	(void)state;
	assert_string_equal(text_safe(a, SLICE("a\0b")).s, "a\xe2\x90\x80" "b");
	arena_free(a);
}

static void too_long_is_cut_visibly(void **state)
{
	struct arena *a = arena_new();
	struct str s;
	struct text t;

	(void)state;
	str_init(&s, 0);
	for (int i = 0; i < TEXT_MAX + 10; i++)
		str_putc(&s, 'x');
	t = text_safe(a, str_slice(&s));
	assert_int_equal(strlen(t.s), TEXT_MAX + 3);
	assert_string_equal(t.s + TEXT_MAX, "\xe2\x80\xa6");
	str_fini(&s);
	arena_free(a);
}

static void known_and_unknown(void **state)
{
	struct text none = { NULL };

	(void)state;
	assert_false(text_known(none));
	assert_true(text_empty(none));
	assert_true(text_empty(TEXT_LIT("")));
	assert_true(text_known(TEXT_LIT("")));
	assert_false(text_same(none, TEXT_LIT("")));
	assert_true(text_same(none, none));
	assert_string_equal(text_or(TEXT_LIT(""), "-"), "-");
	assert_false(text_known(text_safez(NULL, NULL)));
}

static void widths(void **state)
{
	int used;

	(void)state;
	assert_int_equal(text_width("abc"), 3);
	assert_int_equal(text_width("K\xc3\xb6ln"), 4);
	assert_int_equal(text_width("\xe6\xbc\xa2\xe5\xad\x97"), 4); /* two wide ones */
	assert_int_equal(text_width("e\xcc\x81"), 1);
	assert_int_equal(text_fit("\xe6\xbc\xa2\xe5\xad\x97", 3, &used), 3);
	assert_int_equal(used, 2);
	assert_int_equal(text_fit("abc", 0, &used), 0);
	assert_int_equal(text_fit("e\xcc\x81x", 1, &used), 3);
}

/* The short way of plain text is no other way: one odd octet at every place. */
static void one_odd_octet_anywhere(void **state)
{
	struct arena *a = arena_new();

	(void)state;
	for (size_t n = 1; n < 20; n++)
		for (size_t at = 0; at < n; at++)
			for (int ch = 0; ch < 256; ch++) {
				char buf[20];
				struct str want;

				memset(buf, 'x', n);
				buf[at] = (char)ch;
				str_init(&want, 0);
				text_append(&want, (struct slice){ buf, n });
				assert_string_equal(text_safe(a, (struct slice){ buf, n }).s, want.p);
				str_fini(&want);
			}
	arena_free(a);
}

/* Texts of one row are what each would be alone. */
static void of_one_row(void **state)
{
	static const char *const words[] = { "", "x", "192.0.2.0/24", "a\x1b[31mred", "K\xc3\xb6ln", "64500 64501 64502 i" };
	enum { KINDS = ARRAY_LEN(words) };
	struct arena *a = arena_new();

	(void)state;
	for (size_t i = 0; i < KINDS * KINDS * KINDS; i++) {
		struct slice in[] = { slice_of(words[i % KINDS]), slice_of(words[i / KINDS % KINDS]),
			slice_of(words[i / KINDS / KINDS]) };
		struct text out[3] = { { NULL }, { NULL }, { NULL } };

		text_safe_row(a, in, out, 3);
		for (size_t k = 0; k < 3; k++)
			if (in[k].len == 0)
				assert_false(text_known(out[k]));
			else
				assert_string_equal(out[k].s, text_safe(a, in[k]).s);
	}
	arena_free(a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(made_safe),
		cmocka_unit_test(a_nul_does_not_end_it),
		cmocka_unit_test(too_long_is_cut_visibly),
		cmocka_unit_test(known_and_unknown),
		cmocka_unit_test(widths),
		cmocka_unit_test(one_odd_octet_anywhere),
		cmocka_unit_test(of_one_row),
	};

	return cmocka_run_group_tests_name("text", tests, NULL, NULL);
}
