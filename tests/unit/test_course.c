/* Courses: dips and gaps survive any width; plots of them on a canvas. */
#include "core/base/mem.h"
#include "core/model/track.h"
#include "tui/plot.h"

#include <fenv.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

static const int64_t T0 = 1790000000000;
enum { HOUR_MS = 3600000, WEEK_MS = 604800000 };

static struct course k;

static void fill(const struct history_sample *s, size_t n, int64_t span_ms)
{
	const struct history_range r = { (struct history_sample *)(uintptr_t)s, n };

	course_fill(&k, &r, T0, T0 + span_ms, HISTORY_SAME_MS, 60000);
}

static void a_dip_of_a_moment_is_in_every_width(void **state)
{
	static const struct history_sample s[] = {
		{ T0, T0 + 300000000, 900, 900, 900, 1 },
		{ T0 + 300010000, T0 + 300020000, 3, 3, 3, 1 },
		{ T0 + 300030000, T0 + WEEK_MS, 900, 900, 900, 1 },
	};
	(void)state;
	fill(s, ARRAY_LEN(s), WEEK_MS);
	assert_true(k.any && k.least == 3 && k.greatest == 900 && k.last == 900);
	for (size_t n = 1; n <= 400; n++) {
		size_t dips = 0;

		for (size_t i = 0; i < n; i++) {
			double low = 0, high = 0;

			assert_true(course_column(&k, i, n, &low, &high));
			dips += low == 3;
			if (low == 3 && n < 300)
				assert_true(high == 900);
		}
		assert_int_equal(dips, 1);
	}
}

static void nobody_looked_is_not_zero(void **state)
{
	static const struct history_sample s[] = {
		{ T0, T0 + 600000, 5, 5, 5, 1 },
		{ T0 + 1800000, T0 + 2400000, 0, 0, 0, 1 },
		{ T0 + 2400000 + HISTORY_SAME_MS, T0 + 3000000, 7, 7, 7, 1 }, /* close enough: 0 held until then */
	};
	double low = -1, high = -1;

	(void)state;
	fill(s, ARRAY_LEN(s), HOUR_MS);
	assert_true(course_column(&k, 0, 6, &low, &high) && low == 5 && high == 5);
	assert_false(course_column(&k, 2, 6, &low, &high)); /* 20..30 min */
	assert_true(course_column(&k, 3, 6, &low, &high) && low == 0 && high == 0);
	assert_true(course_column(&k, 4, 6, &low, &high) && low == 0 && high == 7);
	assert_true(course_column(&k, 30, 36, &low, &high) && low == 7); /* the newest holds a minute ... */
	assert_false(course_column(&k, 34, 36, &low, &high));            /* ... and no longer */
	fill(NULL, 0, HOUR_MS);
	assert_false(k.any);
	assert_false(course_column(&k, 0, 1, &low, &high));
}

static void a_clock_that_went_back_draws_no_line(void **state)
{
	static const struct history_sample s[] = {
		{ T0 + 3000000, T0 + 3300000, 9, 9, 9, 1 },
		{ T0 + 600000, T0 + 900000, 4, 4, 4, 1 },
	};
	double low, high;

	(void)state;
	fill(s, ARRAY_LEN(s), HOUR_MS);
	assert_false(course_column(&k, 4, 12, &low, &high));
	assert_true(course_column(&k, 2, 12, &low, &high) && low == 4);
	assert_true(course_column(&k, 10, 12, &low, &high) && low == 9);
	assert_true(k.last == 9);
}

static void places_of_times(void **state)
{
	(void)state;
	assert_int_equal(course_place(T0, T0 + HOUR_MS, T0, 60), 0);
	assert_int_equal(course_place(T0, T0 + HOUR_MS, T0 + HOUR_MS, 60), 59);
	assert_int_equal(course_place(T0, T0 + HOUR_MS, T0 + HOUR_MS / 2, 60), 30);
	assert_int_equal(course_place(T0, T0 + HOUR_MS, T0 - 1, 60), -1);
	assert_int_equal(course_place(T0, T0 + HOUR_MS, T0 + HOUR_MS + 1, 60), -1);
}

/* ---- drawn ---- */

static const struct history_sample dip[] = {
	{ T0, T0 + 1200000, 80, 80, 80, 1 }, { T0 + 1200000, T0 + 1260000, 0, 0, 0, 1 }, { T0 + 1260000, T0 + 1800000, 80, 80, 80, 1 },
	{ T0 + 2700000, T0 + HOUR_MS, 40, 40, 40, 1 },
};

static char *drawn(enum plot_style style, int w, int h)
{
	struct canvas *c = canvas_new(w, h);
	struct str out;
	char *text;

	plot_draw(c, (struct rect){ 0, 0, w, h }, &k, style, ROLE_NORMAL);
	str_init(&out, 0);
	canvas_text(c, &out);
	text = mem_strdup(out.p);
	str_fini(&out);
	canvas_free(c);
	return text;
}

static void expect_drawn(enum plot_style style, const char *want)
{
	char *text = drawn(style, 32, 6);

	if (strcmp(text, want) != 0)
		fail_msg("now\n%s", text);
	free(text);
}

/* T0 is 14:13:20 UTC: the axis tells whole half hours. */
static void draws_dips_gaps_and_axes(void **state)
{
	(void)state;
	fill(dip, ARRAY_LEN(dip), HOUR_MS);
	expect_drawn(PLOT_BRAILLE,
	    "    80 ┤⠉⠉⠉⠉⠉⠉⠉⠉⡏⠉⠉⠉⠁\n"
	    "       │        ⡇\n"
	    "    40 ┤        ⡇         ⠒⠒⠒⠒⠒⠒\n"
	    "       │        ⡇\n"
	    "     0 ┤        ⡇\n"
	    "              14:30       15:00\n");
	expect_drawn(PLOT_BLOCKS,
	    "    80 ┤████████│████\n"
	    "       │████████│████\n"
	    "    40 ┤████████│████     ▄▄▄▄▄▄\n"
	    "       │████████│████     ██████\n"
	    "     0 ┤████████▁████     ██████\n"
	    "              14:30       15:00\n");
	expect_drawn(PLOT_ASCII,
	    "    80 +########'####\n"
	    "       |########'####\n"
	    "    40 +########'####     ::::::\n"
	    "       |########'####     ######\n"
	    "     0 +########_####     ######\n"
	    "              14:30       15:00\n");
}

/* Leaves numbers that are none on the stack, where the next function has its columns. */
static void __attribute__((noinline)) soil_the_stack(void)
{
	volatile unsigned char dirt[1 << 17];

	for (size_t i = 0; i < sizeof(dirt); i++)
		dirt[i] = 0xff;
}

/* A gap has no value: nothing may be reckoned with what stands in its place. */
static void a_gap_is_not_reckoned_with(void **state)
{
	struct canvas *c = canvas_new(60, 8);

	(void)state;
	fill(dip, ARRAY_LEN(dip), HOUR_MS);
	for (int style = PLOT_BRAILLE; style <= PLOT_ASCII; style++) {
		feclearexcept(FE_ALL_EXCEPT);
		soil_the_stack();
		plot_draw(c, (struct rect){ 0, 0, 60, 8 }, &k, (enum plot_style)style, ROLE_NORMAL);
		assert_int_equal(fetestexcept(FE_INVALID), 0);
	}
	canvas_free(c);
}

static void draws_nothing_where_there_is_no_room(void **state)
{
	(void)state;
	fill(dip, ARRAY_LEN(dip), HOUR_MS);
	for (int w = 1; w < 60; w++)
		for (int h = 1; h < 12; h++)
			for (int style = PLOT_BRAILLE; style <= PLOT_ASCII; style++)
				free(drawn((enum plot_style)style, w, h));
	fill(NULL, 0, HOUR_MS);
	free(drawn(PLOT_BRAILLE, 40, 6));
}

static void lines_of_one_row(void **state)
{
	static const double values[] = { -1, 0, 5, 10, 10, -1 };
	char line[200];

	(void)state;
	fill(dip, ARRAY_LEN(dip), HOUR_MS);
	plot_line(&k, 12, PLOT_LOW, PLOT_BLOCKS, line, sizeof(line));
	assert_string_equal(line, "████▁██  ▅▅▅");
	plot_line(&k, 12, PLOT_HIGH, PLOT_ASCII, line, sizeof(line));
	assert_string_equal(line, "#######  ===");
	plot_line_of(values, 6, 6, PLOT_ASCII, line, sizeof(line));
	assert_string_equal(line, " _=## ");
	plot_line_of(values, 6, 3, PLOT_ASCII, line, sizeof(line)); /* the least of each */
	assert_string_equal(line, "_=#");
	plot_line(&k, 12, PLOT_LOW, PLOT_BLOCKS, line, 8); /* never half a character */
	assert_string_equal(line, "██");
}

static void values_are_short(void **state)
{
	static const struct {
		double v;
		const char *words;
	} cases[] = { { 0, "0" }, { 812, "812" }, { 99999, "99999" }, { 190044, "190k" }, { 1020000, "1.02M" }, { 0.25, "0.25" },
		{ 32.5, "32.5" }, { 4.2e9, "4.20G" }, { 999700, "1.00M" } };
	char out[16];

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		assert_string_equal(plot_value(cases[i].v, out), cases[i].words);
}

static void styles_fit_the_terminal(void **state)
{
	(void)state;
	assert_int_equal(plot_style_of(NULL, false, "xterm-256color"), PLOT_BRAILLE);
	assert_int_equal(plot_style_of("auto", false, "linux"), PLOT_BLOCKS);
	assert_int_equal(plot_style_of("braille", false, "linux"), PLOT_BRAILLE);
	assert_int_equal(plot_style_of("blocks", false, "xterm"), PLOT_BLOCKS);
	assert_int_equal(plot_style_of("braille", true, "xterm"), PLOT_ASCII);
	assert_int_equal(plot_style_of("ascii", false, NULL), PLOT_ASCII);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_dip_of_a_moment_is_in_every_width), cmocka_unit_test(nobody_looked_is_not_zero),
		cmocka_unit_test(a_clock_that_went_back_draws_no_line), cmocka_unit_test(places_of_times),
		cmocka_unit_test(draws_dips_gaps_and_axes), cmocka_unit_test(a_gap_is_not_reckoned_with), cmocka_unit_test(draws_nothing_where_there_is_no_room),
		cmocka_unit_test(lines_of_one_row), cmocka_unit_test(values_are_short), cmocka_unit_test(styles_fit_the_terminal),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
