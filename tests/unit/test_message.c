/*
 * Shutdown messages: 100,000 generated values, hostile ones first, through a whole plan on every kind of router.  What
 * is refused sends nothing and says why; what is sent is the same number of lines as any other message, and stands in
 * exactly one of them, byte for byte.
 */
#include "tests/unit/fake_router.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

enum { VALUES = 100000, PLANNED_EACH = 5, OSES = 4 };

static uint64_t seed = 20261127;

static uint32_t chance(uint32_t below)
{
	seed ^= seed << 13;
	seed ^= seed >> 7;
	seed ^= seed << 17;
	return (uint32_t)(seed >> 33) % below;
}

/* From pieces that have broken CLIs, shells and terminals, between words that are harmless. */
static void generate(char *out, size_t size)
{
	static const char *const pieces[] = { "\"", "'", "|", "?", ";", "\n", "\r\n", "\t", "\\", "!", "{", "}", "<", ">", "&",
		"$", "`", "\x1b[31m", "\x1b]0;x\a", "\x9b", "\x7f", "\b\b\b", "\x01", "\xc3\xb6", "\xe2\x80\xae", "\xff", "$(reboot)",
		"\nno router bgp 64500\n", "| no-more", " include x", "\" down \"", "; reload", "end", "exit", "commit", "%0a", "\\n" };
	static const char *const words[] = { "CHG-1042", "fibre", "works", "back", "06:00", "UTC", "(2 h)", "a=b", "100%", "#7", "*",
		"x/y", "shutdown", "message", "no", "neighbor" };
	bool harmless = chance(2) == 0, longer = chance(20) == 0;
	size_t n = chance(8) + 1 + (longer ? 60 : 0), len = 0;

	out[0] = '\0';
	for (size_t i = 0; i < n; i++) {
		const char *piece = !harmless && chance(4) == 0 ? pieces[chance(ARRAY_LEN(pieces))] : words[chance(ARRAY_LEN(words))];

		len += (size_t)snprintf(out + len, size - len, "%s%s", i > 0 ? " " : "", piece);
		if (len + 1 >= size)
			return;
	}
}

struct bench {
	struct fake f[OSES];
	size_t lines[OSES]; /* of a suspend with a message */
};

static const char *const who = "192.0.2.10";

static void furnish(struct bench *b)
{
	static const char *const oses[OSES] = { "frr", "bird", "openbgpd", "gobgp" };

	clock_fake(100000000, 1795176000000);
	for (int i = 0; i < OSES; i++) {
		struct plan *p;

		fake_init(&b->f[i], "r1", oses[i]);
		fake_add(&b->f[i], who, "as64501_v4", 64501);
		p = fake_plan(&b->f[i], VERB_SUSPEND, "plain", &who, 1, NULL);
		assert_null(p->items[0].skip);
		b->lines[i] = p->items[0].apply_count;
		plan_unref(p);
	}
}

static size_t count_in(const struct plan_item *item, const char *text)
{
	size_t n = 0;

	for (size_t k = 0; k < item->apply_count; k++)
		n += strstr(item->apply[k].line, text) != NULL;
	return n;
}

static void check_lines(const struct plan_item *item, const char *text)
{
	for (size_t k = 0; k < item->apply_count; k++)
		for (const char *p = item->apply[k].line; *p != '\0'; p++)
			if ((unsigned char)*p < 0x20 || (unsigned char)*p > 0x7e)
				fail_msg("\"%s\" made a line with octet 0x%02x", text, (unsigned char)*p);
}

/* 1 sent, 0 refused. */
static int plan_with(struct bench *b, int os, const char *text)
{
	struct plan *p = fake_plan(&b->f[os], VERB_SUSPEND, text, &who, 1, NULL);
	const struct plan_item *item = &p->items[0];
	int sent = item->skip == NULL;

	if (!sent) {
		if (item->apply_count != 0 || item->skip[0] == '\0')
			fail_msg("\"%s\" was refused, but leaves %zu lines", text, item->apply_count);
	} else {
		check_lines(item, text);
		if (item->apply_count != b->lines[os])
			fail_msg("%s: \"%s\" makes %zu lines instead of %zu", b->f[os].os, text, item->apply_count, b->lines[os]);
		if (count_in(item, text) < 1)
			fail_msg("%s: \"%s\" is not what is sent", b->f[os].os, text);
	}
	plan_unref(p);
	return sent;
}

static void not_one_line_more(void **state)
{
	size_t sent = 0, refused = 0;
	struct bench b;
	char text[600];

	(void)state;
	furnish(&b);
	for (int i = 0; i < VALUES; i++) {
		struct err e = ERR_INIT;
		bool fine;
		int got;

		generate(text, sizeof(text));
		fine = act_message_check(text, ACT_MESSAGE_MAX, &e) == 0;
		if (fine == (e.code != ERR_NONE))
			fail_msg("\"%s\" is refused without a word", text);
		if (i % PLANNED_EACH != 0 && fine)
			continue; /* a whole plan for some of those that may be sent, and for all others */
		got = plan_with(&b, i % OSES, text);
		if (got && !fine)
			fail_msg("\"%s\" is refused, and planned all the same", text);
		sent += (size_t)got;
		refused += !got;
	}
	for (int i = 0; i < OSES; i++)
		fake_free(&b.f[i]);
	printf("%d messages: %zu planned, %zu refused\n", VALUES, sent, refused);
	assert_true(sent > VALUES / PLANNED_EACH / 2);
	assert_true(refused > VALUES / 10);
}

/* The ends of what is allowed. */
static void by_hand(void **state)
{
	static const char *const refused[] = { "\"", "say \"hi\"", "it's", "a|b", "why?", "a;b", "a\nb", "a\rb", "\x1b[2J", "K\xc3\xb6ln",
		"a\\nb", "{x}", "<x>", "a&b", "$HOME", "`id`", "wow!", " x", "x ", "", "\t" };
	char text[300];

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(refused); i++)
		assert_int_equal(act_message_check(refused[i], ACT_MESSAGE_MAX, NULL), -1);
	memset(text, 'x', sizeof(text));
	text[255] = '\0';
	assert_int_equal(act_message_check(text, ACT_MESSAGE_MAX, NULL), 0);
	text[255] = 'x';
	text[256] = '\0'; /* 256 octets: refused, not cut */
	assert_int_equal(act_message_check(text, ACT_MESSAGE_MAX, NULL), -1);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(not_one_line_more), cmocka_unit_test(by_hand) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
