/* JSON in pieces of any size, and everything that is not JSON. */
#include "backends/parse/jstream.h"

#include "core/base/scan.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

/* Writes down what it is handed: "a.b=1;" for values, "a.b{" and "}" around containers. */
struct log {
	struct str out;
	unsigned freed;
	int done_rc;
};

static void put_path(struct log *l, const struct jpath *at)
{
	for (size_t i = 0; i < at->depth; i++)
		str_addf(&l->out, "%s%.*s", i ? "." : "", (int)at->key[i].len, at->key[i].p);
}

static void enter(void *ctx, const struct jpath *at)
{
	struct log *l = ctx;

	put_path(l, at);
	str_putc(&l->out, '{');
}

static void value(void *ctx, const struct jpath *at, const struct jvalue *v)
{
	struct log *l = ctx;

	put_path(l, at);
	str_addf(&l->out, "=%.*s;", (int)v->text.len, v->text.p);
}

static void leave(void *ctx, const struct jpath *at)
{
	(void)at;
	str_putc(&((struct log *)ctx)->out, '}');
}

static int done(void *ctx, struct err *e)
{
	struct log *l = ctx;

	return l->done_rc ? err_set(e, ERR_PARSE, "not what was asked for") : 0;
}

static void release(void *ctx)
{
	((struct log *)ctx)->freed++;
}

static const struct jstream_ops ops = { enter, value, leave, done, release };

static int feed_by(struct log *l, const char *in, size_t step, struct err *e)
{
	struct jstream *js = jstream_new(&ops, l);
	size_t len = strlen(in);

	for (size_t at = 0; at < len; at += step)
		if (jstream_feed(js, in + at, len - at < step ? len - at : step, e) != 0) {
			jstream_free(js);
			return -1;
		}
	return jstream_finish(js, e);
}

static void any_cut_gives_the_same(void **state)
{
	static const char in[] = " {\"a\":{\"b\":[1,{\"c\":\"x\\\"y\"}],\"d\":null},\"e\":true}\n{\"f\":-2.5}";
	static const char want[] = "{a{a.b{a.b.[]=1;a.b.[]{a.b.[].c=x\"y;}}a.d=null;}e=true;}{f=-2.5;}";

	(void)state;
	for (size_t step = 1; step <= sizeof(in); step++) {
		struct log l = { .freed = 0 };
		struct err e = ERR_INIT;

		str_init(&l.out, 0);
		assert_int_equal(feed_by(&l, in, step, &e), 0);
		assert_string_equal(l.out.p, want);
		assert_int_equal(l.freed, 1);
		str_fini(&l.out);
	}
}

static void no_answer_is_never_an_empty_one(void **state)
{
	static const struct {
		const char *in, *words;
		enum err_code code;
	} cases[] = {
		{ "", "empty answer", ERR_PARSE },
		{ " \r\n\n", "empty answer", ERR_PARSE },
		{ "% Unknown command: show\r\nr1# ", "% Unknown command: show", ERR_DEVICE },
		{ "{", "ends early", ERR_PARSE },
		{ "{\"a\":[1,2", "ends early", ERR_PARSE },
		{ "{\"a\":1,}", "octet", ERR_PARSE },
		{ "{\"a\":\"x\"y\"}", "octet", ERR_PARSE },
		{ "{\"a\":1}% oops", "octet", ERR_PARSE },
		{ "{\"a\":1} 5 ", "in nothing", ERR_PARSE },
		{ "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[", "too deep", ERR_PARSE },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		for (size_t step = 1; step < 20; step += 18) {
			struct log l = { .freed = 0 };
			struct err e = ERR_INIT;

			str_init(&l.out, 0);
			assert_int_equal(feed_by(&l, cases[i].in, step, &e), -1);
			assert_int_equal(e.code, cases[i].code);
			assert_non_null(strstr(e.text, cases[i].words));
			assert_int_equal(l.freed, 1);
			str_fini(&l.out);
		}
}

/* Strings are looked at eight octets at a time: what ends them may stand anywhere, and pieces may end anywhere. */
static void strings_of_any_length_and_cut(void **state)
{
	char in[160], want[160], x[41] = "";

	(void)state;
	for (size_t n = 0; n < 40; n++) {
		snprintf(in, sizeof(in), "{\"a\":\"%s\\u00e9\\\"\",\"\\n\":\"%s\"}", x, x);
		snprintf(want, sizeof(want), "{a=%s\xc3\xa9\";\n=%s;}", x, x);
		for (size_t step = 1; step <= strlen(in); step++) {
			struct log l = { .freed = 0 };
			struct err e = ERR_INIT;

			str_init(&l.out, 0);
			assert_int_equal(feed_by(&l, in, step, &e), 0);
			assert_string_equal(l.out.p, want);
			str_fini(&l.out);
		}
		x[n] = (char)('a' + n % 26);
	}
}

static void escapes(void **state)
{
	static const struct {
		const char *in, *want; /* of the string; NULL: refused */
	} cases[] = {
		{ "\\\"\\\\\\/\\b\\f\\n\\r\\t", "\"\\/\b\f\n\r\t" },
		{ "\\u0041\\u20AC\\u20ac", "A\xe2\x82\xac\xe2\x82\xac" },
		{ "\\ud83d\\ude00", "\xf0\x9f\x98\x80" },
		{ "\\ud83dx", "\xef\xbf\xbdx" }, /* half a pair */
		{ "\\ude00\\ud83d", "\xef\xbf\xbd\xef\xbf\xbd" },
		{ "\\ud83d\\u0041", "\xef\xbf\xbd" "A" },
		{ "\\x41", NULL },
		{ "\\u00g0", NULL },
		{ "\\u12", NULL },
		{ "a\tb", NULL }, /* a control as it is */
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		for (size_t step = 1; step < 40; step++) {
			struct log l = { .freed = 0 };
			struct err e = ERR_INIT;
			char in[80], want[80];

			snprintf(in, sizeof(in), "{\"a\":\"%s\"}", cases[i].in);
			snprintf(want, sizeof(want), "{a=%s;}", cases[i].want != NULL ? cases[i].want : "");
			str_init(&l.out, 0);
			assert_int_equal(feed_by(&l, in, step, &e), cases[i].want != NULL ? 0 : -1);
			if (cases[i].want != NULL)
				assert_string_equal(l.out.p, want);
			str_fini(&l.out);
		}
}

static void grammar(void **state)
{
	static const char *const good[] = { "[0,-0,10,1.5,1e5,-1.25E-3]", "[[],{},[{}],{\"a\":[]}]", "{\"a\":\"\"}" };
	static const char *const bad[] = { "[01]", "[-]", "[1.]", "[.5]", "[1e]", "[+1]", "[1 2]", "[,1]", "[1,]", "{\"a\"}", "{\"a\" 1}",
		"{\"a\"::1}", "{,}", "{1:2}", "[tru]", "[truefalse]", "[nul]", "[NaN]", "[1}", "{\"a\":1]", "{\"a\":}", "]", "{}]", "[\"a]",
		"{\"a\" \"b\"}", "[1]:", "[/*x*/1]" };
	struct err e = ERR_INIT;

	(void)state;
	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]) + sizeof(bad) / sizeof(bad[0]); i++)
		for (size_t step = 1; step < 30; step += 14) {
			bool well = i < sizeof(good) / sizeof(good[0]);
			const char *in = well ? good[i] : bad[i - sizeof(good) / sizeof(good[0])];
			struct log l = { .freed = 0 };

			str_init(&l.out, 0);
			if (feed_by(&l, in, step, &e) != (well ? 0 : -1))
				fail_msg("%s in steps of %zu", in, step);
			str_fini(&l.out);
		}
}

/* Every quote of a string that comes in pieces is looked at once. */
static void many_escapes_in_small_pieces_take_no_square_time(void **state)
{
	enum { N = 200000 };
	struct log l = { .freed = 0 };
	struct err e = ERR_INIT;
	struct str in;

	(void)state;
	str_init(&in, 0);
	str_init(&l.out, 0);
	str_puts(&in, "{\"a\":\"");
	for (int i = 0; i < N; i++)
		str_puts(&in, "\\\"");
	str_puts(&in, "\"}");
	assert_int_equal(feed_by(&l, in.p, 3, &e), 0);
	assert_int_equal(l.out.len, N + 5);
	str_fini(&in);
	str_fini(&l.out);
}

static void long_keys_have_a_ceiling(void **state)
{
	struct log l = { .freed = 0 };
	struct err e = ERR_INIT;
	struct str in;

	(void)state;
	str_init(&l.out, 0);
	str_init(&in, 1 << 20);
	str_puts(&in, "{\"");
	for (int i = 0; i < JPATH_OCTETS + 1; i++)
		str_putc(&in, 'k');
	str_puts(&in, "\":1}");
	assert_int_equal(jstream_whole(&ops, &l, str_slice(&in), false, &e), -1);
	assert_non_null(strstr(e.text, "keys too long"));
	str_fini(&in);
	str_fini(&l.out);
}

static void refused_by_its_reader(void **state)
{
	struct log l = { .done_rc = -1 };
	struct err e = ERR_INIT;

	(void)state;
	str_init(&l.out, 0);
	assert_int_equal(jstream_whole(&ops, &l, SLICE("{}"), false, &e), -1);
	assert_string_equal(e.text, "not what was asked for");
	str_fini(&l.out);
}

static void pasted_prompt_is_passed_over(void **state)
{
	struct log l = { .freed = 0 };
	struct err e = ERR_INIT;

	(void)state;
	str_init(&l.out, 0);
	assert_int_equal(jstream_whole(&ops, &l, SLICE("$ gobgp neighbor -j\n[]\n"), true, &e), 0);
	assert_string_equal(l.out.p, "{}");
	str_fini(&l.out);
}

static void whole_numbers_only(void **state)
{
	static const struct {
		enum jtype type;
		const char *text;
		bool ok;
		int64_t n;
	} cases[] = {
		{ JNUMBER, "64500", true, 64500 }, { JSTRING, "64500", true, 64500 },
		{ JNUMBER, "-1", true, -1 }, { JNUMBER, "10.0", true, 10 },
		{ JNUMBER, "1.5", false, 0 }, { JNUMBER, "1e3", false, 0 }, { JSTRING, "", false, 0 },
		{ JSTRING, "1 ", false, 0 }, { JBOOL, "true", false, 0 }, { JNULL, "null", false, 0 },
		{ JNUMBER, "9223372036854775807", true, INT64_MAX }, { JNUMBER, "9223372036854775808", false, 0 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct jvalue v = { cases[i].type, slice_of(cases[i].text) };
		int64_t n = 0;

		assert_int_equal(jvalue_int(&v, &n), cases[i].ok);
		assert_int_equal(n, cases[i].n);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(any_cut_gives_the_same),
		cmocka_unit_test(no_answer_is_never_an_empty_one),
		cmocka_unit_test(strings_of_any_length_and_cut), cmocka_unit_test(escapes), cmocka_unit_test(grammar),
		cmocka_unit_test(many_escapes_in_small_pieces_take_no_square_time),
		cmocka_unit_test(long_keys_have_a_ceiling),
		cmocka_unit_test(refused_by_its_reader),
		cmocka_unit_test(pasted_prompt_is_passed_over),
		cmocka_unit_test(whole_numbers_only),
	};

	return cmocka_run_group_tests_name("jstream", tests, NULL, NULL);
}
