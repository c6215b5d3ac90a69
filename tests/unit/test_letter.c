/* Templates, what they leave out, and messages that nobody can write headers into. */
#include "core/judge/eml.h"
#include "core/judge/letter.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

static const struct letter_facts facts = { .value = {
	[PLACE_OUR_AS] = "AS64500", [PLACE_PEER_AS] = "AS64503", [PLACE_EXCHANGE] = "EXAMPLE-IX", [PLACE_SESSIONS] = "a\nb" } };

static void composed(const char *template, char **subject, char **body)
{
	struct arena *a = arena_new();
	struct letter_template t;
	struct err e = ERR_INIT;
	struct str s, b;

	str_init(&s, 0);
	str_init(&b, 0);
	if (letter_parse(a, "t", "t.letter", template, &t, &e) != 0)
		fail_msg("%s", e.text);
	letter_compose(&t, &facts, &s, &b);
	*subject = str_take(&s);
	*body = str_take(&b);
	str_fini(&s);
	str_fini(&b);
	arena_free(a);
}

static void what_is_not_known_is_left_out(void **state)
{
	char *subject, *body;

	(void)state;
	composed("# a comment\nSubject: [{our_as}] {exchange}[[ since {since}]][[ ({peer_as})]]\n\nDear {contact|colleagues},\n"
		 "Our ticket: {ticket}\n[[only {since}]]\n\n{sessions}\nlast\n", &subject, &body);
	assert_string_equal(subject, "[AS64500] EXAMPLE-IX (AS64503)");
	assert_string_equal(body, "Dear colleagues,\n\na\nb\nlast\n");
	free(subject);
	free(body);
}

static void a_wrong_template_is_named_by_line(void **state)
{
	static const struct {
		const char *text, *words;
	} cases[] = {
		{ "Subject: x\n\n{nobody}\n", "t.letter:3: {nobody} is no place; there are: our_as" },
		{ "Subject: {our_as\n\nx\n", "t.letter:1: { is not closed" },
		{ "Subject: x\n\n[[ {our_as}\n", "t.letter:3: [[ is not closed" },
		{ "Subject: x\n\n]]\n", "t.letter:3: ]] without [[" },
		{ "hello\n", "t.letter:1: a template begins with" },
		{ "Subject: x\n", "t.letter: has no subject or no text" },
		{ "", "t.letter: has no subject or no text" },
	};
	struct arena *a = arena_new();

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct letter_template t;
		struct err e = ERR_INIT;

		assert_int_equal(letter_parse(a, "t", "t.letter", cases[i].text, &t, &e), -1);
		if (strstr(e.text, cases[i].words) == NULL)
			fail_msg("got: %s\nwanted: %s", e.text, cases[i].words);
	}
	arena_free(a);
}

static void all_shipped_templates_hold(void **state)
{
	struct arena *a = arena_new();
	size_t n = 0;

	(void)state;
	for (const struct letter_builtin *b = letter_builtins; b->name != NULL; b++, n++) {
		struct letter_template t;
		struct err e = ERR_INIT;

		if (letter_load(a, NULL, b->name, &t, &e) != 0)
			fail_msg("%s: %s", b->name, e.text);
	}
	assert_true(n >= 6);
	arena_free(a);
}

static void the_operators_own_goes_before(void **state)
{
	char dir[] = "/tmp/peerdeck-letters-XXXXXX", path[80];
	struct arena *a = arena_new();
	struct letter_template t;
	struct err e = ERR_INIT;
	FILE *f;

	(void)state;
	assert_non_null(mkdtemp(dir));
	snprintf(path, sizeof(path), "%s/suspend.letter", dir);
	f = fopen(path, "we");
	assert_non_null(f);
	fputs("Subject: ours\n\nours\n", f);
	fclose(f);
	assert_int_equal(letter_load(a, dir, "suspend", &t, &e), 0);
	assert_string_equal(t.subject, "ours");
	assert_int_equal(letter_load(a, dir, "withdraw", &t, &e), 0);
	assert_int_equal(letter_load(a, dir, "../suspend", &t, &e), -1);
	err_clear(&e);
	assert_int_equal(letter_load(a, dir, "nothing", &t, &e), -1);
	assert_non_null(strstr(e.text, "shipped are:"));
	unlink(path);
	rmdir(dir);
	arena_free(a);
}

static char *written(const char *to, const char *name, const char *subject, const char *body, bool crlf)
{
	struct eml m = { .from = "noc@us.example", .from_name = name, .to = to, .subject = subject, .body = body,
		.id = "20261128T024512.123-0011aabb", .wall_ms = INT64_C(1793155512000) };
	struct err e = ERR_INIT;
	struct str out;
	char *s;

	str_init(&out, 0);
	if (eml_write(&out, &m, crlf, &e) != 0) {
		str_fini(&out);
		return NULL;
	}
	s = str_take(&out);
	str_fini(&out);
	return s;
}

static void a_plain_message(void **state)
{
	char *s = written("a@b.example, c@d.example", "Our NOC", "[AS1] down", "Hello\n\nbye\n", false);

	(void)state;
	assert_string_equal(s, "Date: Wed, 28 Oct 2026 02:45:12 +0000\nFrom: \"Our NOC\"\n <noc@us.example>\n"
	    "To: a@b.example,\n c@d.example\nSubject: [AS1] down\nMessage-ID: <20261128T024512.123-0011aabb@us.example>\n"
	    "MIME-Version: 1.0\nContent-Type: text/plain; charset=UTF-8\nContent-Transfer-Encoding: 7bit\n\nHello\n\nbye\n");
	free(s);
	s = written("a@b.example", NULL, "x", "y\n", true);
	for (const char *p = s; (p = strchr(p, '\n')) != NULL; p++)
		assert_true(p > s && p[-1] == '\r');
	free(s);
}

static void nobody_writes_headers_into_it(void **state)
{
	char *s = written("a@b.example", "Evil\r\nBcc: x@y.example", "down\nBcc: x@y.example\n\nboo", "Bcc: in the body\n", false);

	(void)state;
	assert_null(strstr(s, "\nBcc: x"));
	free(s);
	assert_null(written("a@b.example\nBcc: x@y.example", NULL, "x", "y\n", false));
	assert_null(written("a@b.example,", NULL, "x", "y\n", false));
	assert_null(written("", NULL, "x", "y\n", false));
	assert_null(written("a b@c.example", NULL, "x", "y\n", false));
	assert_null(written("a@b@c.example", NULL, "x", "y\n", false));
}

static void lines_stay_short_and_dots_are_hidden(void **state)
{
	char subject[400] = "", *s;
	const char *at;

	(void)state;
	for (int i = 0; i < 20; i++)
		strncat(subject, "Peering f\xc3\xbcr alle ", sizeof(subject) - strlen(subject) - 1);
	s = written("a@b.example", "N\xc3\xb6" "C", subject, "\xe2\x86\x92 gr\xc3\xbc\xc3\x9f" "e=1 \n.\nFrom here\n", false);
	assert_non_null(strstr(s, "quoted-printable"));
	assert_non_null(strstr(s, "=C3=BC"));
	assert_non_null(strstr(s, "e=3D1=20\n=2E\n=46rom here\n"));
	for (at = s; *at != '\0'; at += strcspn(at, "\n") + (at[strcspn(at, "\n")] == '\n'))
		assert_true(strcspn(at, "\n") <= 78);
	for (at = s; *at != '\0'; at++)
		assert_true((unsigned char)*at < 0x7f);
	free(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_not_known_is_left_out),
		cmocka_unit_test(a_wrong_template_is_named_by_line),
		cmocka_unit_test(all_shipped_templates_hold),
		cmocka_unit_test(the_operators_own_goes_before),
		cmocka_unit_test(a_plain_message),
		cmocka_unit_test(nobody_writes_headers_into_it),
		cmocka_unit_test(lines_stay_short_and_dots_are_hidden),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
