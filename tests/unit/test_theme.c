/* Themes: every role can be read, with 256 colours and with 8, on dark and on light grounds. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "core/base/mem.h"
#include "tui/theme.h"

#include <string.h>

static const struct theme *theme(const char *name)
{
	struct err e = ERR_INIT;
	const struct theme *t = theme_find(name, &e);

	if (t == NULL)
		fail_msg("%s", e.text);
	return t;
}

/* Relative luminance of one of xterm's 256 colours, 0 to 1 (WCAG 2). */
static double channel(int v)
{
	double c = v / 255.0;

	return c <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) * ((c + 0.055) / 1.055); /* near enough to 2.4 */
}

static double luminance(int colour)
{
	static const int levels[] = { 0, 95, 135, 175, 215, 255 };
	int r, g, b;

	if (colour >= 232) {
		r = g = b = 8 + (colour - 232) * 10;
	} else {
		r = levels[(colour - 16) / 36];
		g = levels[(colour - 16) / 6 % 6];
		b = levels[(colour - 16) % 6];
	}
	return 0.2126 * channel(r) + 0.7152 * channel(g) + 0.0722 * channel(b);
}

static double contrast(double a, double b)
{
	return a > b ? (a + 0.05) / (b + 0.05) : (b + 0.05) / (a + 0.05);
}

static void expect_readable(const char *name, double ground, double least)
{
	const struct theme *t = theme(name);

	for (int role = 0; role < ROLE_COUNT; role++) {
		struct style st = t->styles[role];
		double own = st.bg >= 0 ? luminance(st.bg) : ground;

		if (st.fg >= 0 && contrast(luminance(st.fg), own) < least)
			fail_msg("%s: role %d has a contrast of %.1f", name, role, contrast(luminance(st.fg), own));
		/* The cursor's row has a ground of its own. */
		if (st.fg >= 0 && st.bg < 0 && contrast(luminance(st.fg), luminance(t->cursor.bg)) < least * 2 / 3)
			fail_msg("%s: role %d under the cursor has %.1f", name, role,
			    contrast(luminance(st.fg), luminance(t->cursor.bg)));
	}
}

static void test_every_role_can_be_read(void **state)
{
	(void)state;
	expect_readable("dark", 0.0, 4.0);
	expect_readable("colour-blind", 0.0, 4.0);
	expect_readable("light", 1.0, 3.5);
}

static void test_eight_colours_hide_nothing(void **state)
{
	static const char *const names[] = { "dark", "light", "colour-blind" };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(names); i++)
		for (int role = 0; role < ROLE_COUNT; role++) {
			struct style st = theme_basic(theme(names[i])->styles[role]);

			assert_true(st.fg < 8 && st.bg < 8);
			assert_true(st.fg < 0 || st.fg != st.bg);
			/* Without a ground of its own: neither black nor white, which may be the terminal's. */
			if (st.bg < 0)
				assert_true(st.fg != 0 && st.fg != 7);
		}
}

static void test_mono_has_no_colour(void **state)
{
	const struct theme *t = theme("mono");

	(void)state;
	for (int role = 0; role < ROLE_COUNT; role++) {
		assert_int_equal(t->styles[role].fg, -1);
		assert_int_equal(t->styles[role].bg, -1);
	}
	assert_true(t->cursor.attrs & ATTR_REVERSE);
}

static void test_down_and_up_differ_without_hue(void **state)
{
	const struct theme *t = theme("colour-blind");

	(void)state;
	/* Blue against orange; and the brightness of a problem is not that of what is well. */
	assert_true(t->styles[ROLE_BAD].attrs != t->styles[ROLE_GOOD].attrs);
	assert_int_not_equal(t->styles[ROLE_BAD].fg, t->styles[ROLE_GOOD].fg);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_role_can_be_read),
		cmocka_unit_test(test_eight_colours_hide_nothing),
		cmocka_unit_test(test_mono_has_no_colour),
		cmocka_unit_test(test_down_and_up_differ_without_hue),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
