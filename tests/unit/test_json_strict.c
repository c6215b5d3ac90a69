/*
 * RFC 8259, rule by rule: what is JSON is read, what is not is refused, however it is cut into pieces.
 *
 * Where the RFC leaves it to the reader, ours is said here: a byte order mark is refused, half a surrogate pair is U+FFFD, octets
 * that are no UTF-8 pass (text_safe is what judges them), keys may come twice, depth has a ceiling, several documents may follow
 * each other, each an object or an array.
 */
#include "backends/parse/jstream.h"

#include "core/base/mem.h"
#include "core/base/text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

/* With the closing NUL left out: cases may hold NUL octets. */
#define J(s) { s, sizeof(s) - 1 }
struct json {
	const char *p;
	size_t n;
};

static const struct json good[] = {
	/* 2, white space and structure */
	J("[]"), J("{}"), J(" \t\r\n[ \t\r\n1 \t\r\n, \t\r\n2 \t\r\n] \t\r\n"), J(" { \"a\" \n:\t1 , \"b\" : [ ] } "), J("[[]]"),
	J("[{},{},[]]"), J("{\"a\":{\"b\":{\"c\":[{\"d\":[]}]}}}"), J("{\"\":0}"), J("{\"a\":1,\"a\":2}"), J("[\"\"]"), J("{}{}"), J("[1]\n[2]"),
	/* 3, words */
	J("[true]"), J("[false]"), J("[null]"), J("[true,false,null]"),
	/* 6, numbers */
	J("[0]"), J("[-0]"), J("[0.0]"), J("[-0.0]"), J("[0e0]"), J("[0E+0]"), J("[0e-0]"), J("[1]"), J("[-1]"), J("[10]"), J("[1.5]"),
	J("[1.50]"), J("[1e5]"), J("[1E5]"), J("[1e+5]"), J("[1e-5]"), J("[1e05]"), J("[1.5e00]"), J("[123456789012345678901234567890]"),
	J("[1e400]"), J("[-1e-400]"), J("[0.000000000000000000000000000000000001]"), J("[ 1 ]"), J("[1\n]"), J("{\"a\":-1.25E-3}"),
	/* 7, strings */
	J("[\"a\"]"), J("[\"\\\"\"]"), J("[\"\\\\\"]"), J("[\"\\/\"]"), J("[\"/\"]"), J("[\"\\b\\f\\n\\r\\t\"]"), J("[\"\\u0000\"]"),
	J("[\"\\u001f\"]"), J("[\"\\u0022\"]"), J("[\"\\u005C\"]"), J("[\"\\uABCD\"]"), J("[\"\\uabcd\"]"), J("[\"\\uFFFF\"]"),
	J("[\"\\uD83D\\uDE00\"]"), J("[\"\\uDBFF\\uDFFF\"]"), J("[\"\\ud800\"]"), J("[\"\\udc00\"]"), J("[\"\\ud800\\ud800\"]"),
	J("[\"\\ud800\\n\"]"), J("[\"\\udc00\\ud800\"]"), J("[\"\x7f\"]"), J("[\"'\"]"), J("[\"[{,:\"]"), J("[\"\\\\\\\\\"]"), J("[\"\\\\\\\"\"]"),
	J("[\"\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80\"]"), J("[\"\xe2\x80\xa8\xe2\x80\xa9\"]"), J("[\"\xef\xbb\xbf\"]"), J("{\"\\u0061\":\"\\u0062\"}"),
	/* ours: octets pass */
	J("[\"\xff\xfe\"]"), J("[\"\xc0\xaf\"]"), J("[\"\xed\xa0\x80\"]"), J("[\"\xf4\x90\x80\x80\"]"), J("[\"\xe2\x82\"]"), J("{\"\x80\":1}"),
};

static const struct json bad[] = {
	/* structure */
	J(""), J(" "), J("["), J("]"), J("{"), J("}"), J("[}"), J("{]"), J("[1}"), J("{\"a\":1]"), J("[1,]"), J("[,1]"), J("[,]"), J("[1,,2]"),
	J("[1 2]"), J("[1:2]"), J("[\"a\":1]"), J("[1]]"), J("{}}"), J("[[1]"), J("{,}"), J("{\"a\"}"), J("{\"a\":}"), J("{\"a\" 1}"),
	J("{\"a\",1}"), J("{:1}"), J("{1:1}"), J("{true:1}"), J("{a:1}"), J("{'a':1}"), J("{\"a\":1,}"), J("{\"a\":1,,\"b\":2}"),
	J("{\"a\":1 \"b\":2}"), J("{\"a\"::1}"), J("{\"a\":1:2}"), J("{[]:1}"), J("{\"a\":1"), J("{\"a\":"), J("{\"a\""), J("{\"a"), J("[\"a"),
	J("[1"), J("[tru"), J("[]1"), J("[],[]"), J("[]:"), J("{} x"), J("[]\"a\""),
	/* no value outside of a document */
	J("1"), J("\"a\""), J("true"), J("null"),
	/* white space is four octets only */
	J("[\v1]"), J("[\f1]"), J("[\xc2\xa0" "1]"), J("[\xe2\x80\x83" "1]"), J("[1\0]"), J("\0[]"), J("[]\0"), J("[\x1b]"), J("[\xef\xbb\xbf]"),
	/* a byte order mark, other encodings */
	J("\xef\xbb\xbf[]"), J("\xff\xfe[\0]\0"), J("\0[\0]"),
	/* comments, other dialects */
	J("[//\n1]"), J("[/**/1]"), J("[#\n1]"), J("['a']"), J("[`a`]"), J("[a]"), J("[undefined]"), J("[1;2]"), J("(1)"), J("[(1)]"),
	/* words */
	J("[True]"), J("[TRUE]"), J("[nul]"), J("[nulll]"), J("[truefalse]"), J("[fals e]"), J("[null1]"), J("[true_]"), J("[n]"),
	/* numbers */
	J("[+1]"), J("[-]"), J("[--1]"), J("[-+1]"), J("[01]"), J("[-01]"), J("[00]"), J("[0x10]"), J("[0b1]"), J("[1.]"), J("[-1.]"), J("[.5]"),
	J("[-.5]"), J("[1.e5]"), J("[1e]"), J("[1e+]"), J("[1e-]"), J("[1E]"), J("[1e5.5]"), J("[1e5e5]"), J("[1.2.3]"), J("[1-2]"), J("[1+2]"),
	J("[1_000]"), J("[1a]"), J("[0e]"), J("[NaN]"), J("[-NaN]"), J("[Infinity]"), J("[-Infinity]"), J("[inf]"), J("[1,000,]"), J("[- 1]"),
	J("[1 .5]"), J("[1. 5]"), J("[1\0]"), J("[\xef\xbc\x91]"), J("[0.]"), J("[1e 5]"),
	/* strings: every control octet, every escape that is none */
	J("[\"\n\"]"), J("[\"\r\"]"), J("[\"\t\"]"), J("[\"\0\"]"), J("[\"a\0b\"]"), J("[\"\x1f\"]"), J("[\"\x1b[31m\"]"), J("[\"aaaaaaa\x01\"]"),
	J("[\"aaaaaaaa\x01\"]"), J("[\"\\\"]"), J("[\"\\x41\"]"), J("[\"\\a\"]"), J("[\"\\v\"]"), J("[\"\\'\"]"), J("[\"\\0\"]"), J("[\"\\ \"]"),
	J("[\"\\\n\"]"), J("[\"\\\0\"]"), J("[\"\\U0041\"]"), J("[\"\\u\"]"), J("[\"\\u1\"]"), J("[\"\\u12\"]"), J("[\"\\u123\"]"), J("[\"\\u12G4\"]"),
	J("[\"\\u 123\"]"), J("[\"\\u-123\"]"), J("[\"\\u+123\"]"), J("[\"\\u{41}\"]"), J("[\"\\ud800\\u\"]"), J("[\"\\ud800\\u12\"]"),
	J("[\"\\ud800\\x\"]"), J("[\"\\\xc3\xa9\"]"), J("[\"\\u00\xc3\xa9\"]"), J("[\"\\u004\xc1\"]"), J("[\"a\"b\"]"), J("[a\"b\"]"), J("{\"a\nb\":1}"),
};

struct taken {
	struct str out;
};

static void value(void *ctx, const struct jpath *at, const struct jvalue *v)
{
	(void)at;
	str_add(&((struct taken *)ctx)->out, v->text.p, v->text.len);
}

static int feed(struct json in, size_t step, struct taken *t, struct err *e)
{
	static const struct jstream_ops ops = { .value = value };
	struct jstream *js = jstream_new(&ops, t);

	for (size_t at = 0; at < in.n; at += step) {
		size_t n = in.n - at < step ? in.n - at : step;
		char *piece = mem_calloc(n, 1); /* of its own, so that nobody reads over its end unseen */
		int rc;

		memcpy(piece, in.p + at, n);
		rc = jstream_feed(js, piece, n, e);
		free(piece);
		if (rc != 0) {
			jstream_free(js);
			return -1;
		}
	}
	return jstream_finish(js, e);
}

static void judge(const struct json *list, size_t count, int want)
{
	for (size_t i = 0; i < count; i++)
		for (size_t step = 1; step <= list[i].n + 1; step++) {
			struct err e = ERR_INIT;
			struct taken t;

			str_init(&t.out, 0);
			if (feed(list[i], step, &t, &e) != want)
				fail_msg("%zu: '%.*s' in pieces of %zu is %s", i, (int)list[i].n, list[i].p, step, want == 0 ? "refused" : "taken");
			assert_true(want == 0 || e.text[0] != '\0');
			str_fini(&t.out);
		}
}

static void what_is_json_is_read(void **state)
{
	(void)state;
	judge(good, ARRAY_LEN(good), 0);
}

static void what_is_none_is_refused(void **state)
{
	(void)state;
	judge(bad, ARRAY_LEN(bad), -1);
}

/* Each of the 32 controls, at each place of the eight octets that are looked at at once. */
static void no_control_hides_in_a_string(void **state)
{
	(void)state;
	for (int c = 0; c < 256; c++)
		for (size_t at = 0; at < 24; at++) {
			char in[40] = "[\"abcdefghijklmnopqrstuvwx\"]";
			struct err e = ERR_INIT;
			struct taken t;
			int want = c < ' ' || c == '"' || c == '\\' ? -1 : 0;

			if (c == '\\' && strchr("bfnrtu", in[at + 3]) != NULL)
				continue; /* an escape after all */
			in[at + 2] = (char)c;
			str_init(&t.out, 0);
			if (feed((struct json){ in, 28 }, 28, &t, &e) != want)
				fail_msg("octet 0x%02x at %zu", (unsigned)c, at);
			if (want == 0)
				assert_memory_equal(t.out.p, in + 2, 24);
			str_fini(&t.out);
		}
}

/* A NUL of \u0000 reaches the reader as an octet and is made visible where it becomes text: nothing is cut off behind it. */
static void an_escaped_nul_cuts_nothing(void **state)
{
	struct arena *a = arena_new();
	struct err e = ERR_INIT;
	struct taken t;

	(void)state;
	str_init(&t.out, 0);
	assert_int_equal(feed((struct json)J("[\"a\\u0000b\"]"), 4, &t, &e), 0);
	assert_int_equal(t.out.len, 3);
	assert_non_null(strchr(text_or(text_safe(a, str_slice(&t.out)), ""), 'b'));
	str_fini(&t.out);
	arena_free(a);
}

static void depth_has_a_ceiling(void **state)
{
	(void)state;
	for (size_t depth = 1; depth <= 100000; depth = depth < 40 ? depth + 1 : depth * 10) {
		for (int object = 0; object < 2; object++) {
			struct err e = ERR_INIT;
			struct taken t;
			struct str in;
			int rc;

			str_init(&in, 1 << 20);
			str_init(&t.out, 0);
			for (size_t i = 0; i < depth; i++)
				str_puts(&in, object ? "{\"a\":" : "[");
			str_puts(&in, "1");
			for (size_t i = 0; i < depth; i++)
				str_putc(&in, object ? '}' : ']');
			rc = feed((struct json){ in.p, in.len }, 4096, &t, &e);
			if (rc != (depth < JPATH_MAX ? 0 : -1) && depth != JPATH_MAX)
				fail_msg("%zu deep", depth);
			str_fini(&in);
			str_fini(&t.out);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_json_is_read),
		cmocka_unit_test(what_is_none_is_refused),
		cmocka_unit_test(no_control_hides_in_a_string),
		cmocka_unit_test(an_escaped_nul_cuts_nothing),
		cmocka_unit_test(depth_has_a_ceiling),
	};

	return cmocka_run_group_tests_name("json_strict", tests, NULL, NULL);
}
