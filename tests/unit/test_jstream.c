/* JSON in pieces of any size, and everything that is not JSON. */
#include "backends/parse/jstream.h"

#include "core/base/scan.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
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
		cmocka_unit_test(long_keys_have_a_ceiling),
		cmocka_unit_test(refused_by_its_reader),
		cmocka_unit_test(pasted_prompt_is_passed_over),
		cmocka_unit_test(whole_numbers_only),
	};

	return cmocka_run_group_tests_name("jstream", tests, NULL, NULL);
}
