/* Terminal bytes: keys, unknown sequences, pastes, torn input. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/mem.h"
#include "tui/decode.h"

/* Feeds all, and gives the keys as names; a paste as <text>. */
static char *decode_all(const char *bytes, size_t n, size_t chunk)
{
	struct decoder d;
	struct input in;
	struct str out;
	char name[KEY_NAME_LEN], *taken;
	int64_t now = 0;

	decoder_init(&d);
	str_init(&out, 0);
	for (size_t i = 0; i < n; i += chunk) {
		decoder_feed(&d, bytes + i, n - i < chunk ? n - i : chunk, now);
		if (i + chunk >= n)
			now += DECODE_ESC_MS;
		while (decoder_next(&d, now, &in)) {
			if (in.kind == INPUT_PASTE)
				str_addf(&out, "<%.*s> ", (int)in.paste.len, in.paste.p);
			else
				str_addf(&out, "%s ", key_name(in.key, name));
		}
	}
	decoder_fini(&d);
	taken = str_take(&out);
	str_fini(&out);
	return taken;
}

static void expect(const char *bytes, const char *want)
{
	/* However the bytes are cut by reads, the same comes out. */
	for (size_t chunk = 1; chunk <= strlen(bytes) + 1; chunk++) {
		char *got = decode_all(bytes, strlen(bytes), chunk);

		assert_string_equal(got, want);
		free(got);
	}
}

static void test_keys(void **state)
{
	(void)state;
	expect("aG\x01\x1a\r\t\x7f", "a G C-a C-z Enter Tab Backspace ");
	expect("\033[A\033[B\033OC\033[D\033[H\033[4~\033[5~\033[6~", "Up Down Right Left Home End PgUp PgDn ");
	expect("\033OP\033[11~\033[[A\033[15~\033[24~", "F1 F1 F1 F5 F12 ");
	expect("\033[1;5A\033[Z\033x", "C-Up S-Tab M-x ");
	expect("é日", "é 日 ");
	expect("\033", "Esc ");
	expect("\033\033[A", "Esc Up ");
}

static void test_unknown_sequences_are_discarded_whole(void **state)
{
	(void)state;
	expect("\033[99;99sx", "x ");
	expect("\033[?62;1;4cx", "x ");
	expect("\033[<0;10;20Mx", "x ");
	expect("\033[Mssux", "x "); /* an old mouse report: its octets are not s, s, u */
	expect("\033]11;rgb:0000/0000/0000\033\\x", "x ");
	expect("\033]52;c;cw==\ax", "x ");
	expect("\033P1+r\033\\x", "x ");
	expect("\033[12", "");      /* torn: nothing of it becomes a key */
	expect("\xff\xc0x\xe9k", "x k "); /* not UTF-8 */
}

static void test_paste_is_one_piece(void **state)
{
	(void)state;
	expect("a\033[200~s\rq\033[Ayes\033[201~b", "a <s\rq\033[Ayes> b ");
}

static void test_paste_has_a_ceiling(void **state)
{
	struct str s;
	char *got;

	(void)state;
	str_init(&s, 0);
	str_puts(&s, "\033[200~");
	for (int i = 0; i < 3 * DECODE_PASTE_MAX; i++)
		str_putc(&s, 'p');
	str_puts(&s, "\033[201~k");
	got = decode_all(s.p, s.len, 1000);
	assert_true(strlen(got) < DECODE_PASTE_MAX + 16);
	assert_string_equal(got + strlen(got) - 2, "k ");
	free(got);
	str_fini(&s);
}

static void test_flush_forgets_and_swallows_a_paste_under_way(void **state)
{
	struct decoder d;
	struct input in;

	(void)state;
	decoder_init(&d);
	decoder_feed(&d, "yes\033[200~yes", 12, 0);
	decoder_flush(&d);
	assert_false(decoder_next(&d, 100, &in));
	decoder_feed(&d, "yes\r\033[201~k", 11, 200);
	assert_true(decoder_next(&d, 300, &in));
	assert_int_equal(in.kind, INPUT_KEY);
	assert_int_equal(in.key, 'k');
	decoder_fini(&d);
}

static void test_lone_escape_waits(void **state)
{
	struct decoder d;
	struct input in;

	(void)state;
	decoder_init(&d);
	decoder_feed(&d, "\033", 1, 1000);
	assert_false(decoder_next(&d, 1000, &in));
	assert_int_equal(decoder_wait_ms(&d, 1010), DECODE_ESC_MS - 10);
	assert_true(decoder_next(&d, 1000 + DECODE_ESC_MS, &in));
	assert_int_equal(in.key, K_ESC);
	assert_int_equal(decoder_wait_ms(&d, 2000), -1);
	decoder_fini(&d);
}

static void test_names_go_both_ways(void **state)
{
	static const char *const names[] = { "a", "Z", "C-l", "M-x", "S-Tab", "F12", "PgDn", "Space", "<", "C-Up", "é" };
	char out[KEY_NAME_LEN];
	keycode k;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		assert_true(key_parse(names[i], &k));
		assert_string_equal(key_name(k, out), names[i]);
	}
	assert_false(key_parse("C-", &k) && k != 'C');
	assert_false(key_parse("Hyper-x", &k));
	assert_false(key_parse("S-a", &k));
	assert_false(key_parse("C-1", &k));
	assert_false(key_parse("", &k));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_keys),
		cmocka_unit_test(test_unknown_sequences_are_discarded_whole),
		cmocka_unit_test(test_paste_is_one_piece),
		cmocka_unit_test(test_paste_has_a_ceiling),
		cmocka_unit_test(test_flush_forgets_and_swallows_a_paste_under_way),
		cmocka_unit_test(test_lone_escape_waits),
		cmocka_unit_test(test_names_go_both_ways),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
