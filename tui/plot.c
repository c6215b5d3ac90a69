/* Courses on the canvas; see plot.h. */
#include "tui/plot.h"
#include "core/base/clock.h"
#include "core/base/mem.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

enum { COLUMNS_MAX = 2048, TIME_WIDTH = 5, DAY_MS = 86400000 };

enum plot_style plot_style_of(const char *word, bool ascii, const char *term)
{
	if (ascii || (word != NULL && strcmp(word, "ascii") == 0))
		return PLOT_ASCII;
	if (word != NULL && strcmp(word, "braille") == 0)
		return PLOT_BRAILLE;
	/* The fonts of the Linux console have blocks and no braille. */
	if ((word != NULL && strcmp(word, "blocks") == 0) || (term != NULL && strncmp(term, "linux", 5) == 0))
		return PLOT_BLOCKS;
	return PLOT_BRAILLE;
}

char *plot_value(double v, char out[16])
{
	static const char *const units[] = { "", "k", "M", "G", "T", "P" };
	size_t u = 0;

	if (v >= 0 && v < 100000 && v == floor(v)) {
		snprintf(out, 16, "%.0f", v);
		return out;
	}
	while (fabs(v) >= 999.5 && u + 1 < ARRAY_LEN(units)) {
		v /= 1000;
		u++;
	}
	snprintf(out, 16, "%.*f%s", fabs(v) < 9.995 ? 2 : fabs(v) < 99.95 ? 1 : 0, v, units[u]);
	return out;
}

/* ---- columns ---- */

struct bar {
	double low, high;
	bool known;
};

static int bars_of(const struct course *k, int n, struct bar *bars)
{
	n = n < COLUMNS_MAX ? n : COLUMNS_MAX;
	for (int i = 0; i < n; i++)
		bars[i].known = course_column(k, (size_t)i, (size_t)n, &bars[i].low, &bars[i].high);
	return n;
}

/* The axis begins at zero, unless all of it lies far from there: a dip to nothing must look like one. */
struct scale {
	double low, high;
};

static struct scale scale_of(const struct course *k)
{
	struct scale s = { 0, k->greatest };

	if (k->least < 0)
		s.low = k->least;
	else if (k->greatest > k->least && k->least > k->greatest * 0.9)
		s.low = floor(k->least - (k->greatest - k->least) * 0.2);
	if (s.high <= s.low)
		s.high = s.low + 1;
	return s;
}

/* 0 at the bottom .. steps - 1 at the top. */
static int level(const struct scale *s, double v, int steps)
{
	int at = (int)lround((v - s->low) / (s->high - s->low) * (steps - 1));

	return at < 0 ? 0 : at >= steps ? steps - 1 : at;
}

/* ---- braille ---- */

/* The bit of a dot: column 0 or 1, row 0 (top) to 3. */
static const unsigned char dots[2][4] = { { 0x01, 0x02, 0x04, 0x40 }, { 0x08, 0x10, 0x20, 0x80 } };

static void put_braille(struct canvas *c, int x, int y, enum role role, unsigned bits)
{
	/* U+2800 + bits */
	const char ch[4] = { (char)0xe2, (char)(0xa0 | (bits >> 6)), (char)(0x80 | (bits & 0x3f)), 0 };

	canvas_put(c, x, y, 1, role, ch);
}

/* From one known column to the next the line goes up or down in the later one; an unknown one breaks it. */
static void draw_braille(struct canvas *c, struct rect r, const struct bar *bars, int n, const struct scale *s, enum role role)
{
	int steps = r.h * 4, last_low = 0, last_high = 0;
	unsigned char cell[COLUMNS_MAX / 2];

	for (int row = 0; row < r.h; row++) {
		memset(cell, 0, sizeof(cell));
		for (int i = 0; i < n; i++) {
			int low, high, from, to;

			if (!bars[i].known) /* then the rest of it is not set */
				continue;
			from = low = level(s, bars[i].low, steps);
			to = high = level(s, bars[i].high, steps);
			if (i > 0 && bars[i - 1].known) {
				from = last_high < low ? last_high + 1 : low;
				to = last_low > high ? last_low - 1 : high;
			}
			last_low = low;
			last_high = high;
			for (int d = 0; d < 4; d++) {
				int at = steps - 1 - (row * 4 + d);

				if (at >= from && at <= to)
					cell[i / 2] |= dots[i % 2][d];
			}
		}
		for (int x = 0; x < n / 2; x++)
			if (cell[x] != 0)
				put_braille(c, r.x + x, r.y + row, role, cell[x]);
	}
}

/* ---- blocks and ASCII ---- */

static const char *const block_levels[9] = { " ", "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█" };
static const char *const ascii_levels[9] = { " ", "_", ".", "-", ":", "=", "+", "*", "#" };

/* A bar is full up to the least of its time; a thin stroke goes on to the greatest.  Nothing and unknown differ: nothing
 * has a line at the bottom. */
static void draw_bars(struct canvas *c, struct rect r, const struct bar *bars, int n, const struct scale *s,
    const char *const levels[9], const char *stroke, enum role role)
{
	for (int i = 0; i < n; i++) {
		int low, high;

		if (!bars[i].known)
			continue;
		low = level(s, bars[i].low, r.h * 8 + 1);
		high = level(s, bars[i].high, r.h * 8 + 1);
		low = low < 1 ? 1 : low;
		for (int row = 0; row < r.h; row++) {
			int base = (r.h - 1 - row) * 8, fill = low - base;

			if (fill > 0)
				canvas_put(c, r.x + i, r.y + row, 1, role, levels[fill > 8 ? 8 : fill]);
			else if (high > base + 3)
				canvas_put(c, r.x + i, r.y + row, 1, role, stroke);
		}
	}
}

/* ---- axes ---- */

static int64_t tick_of(int64_t span_ms, int w)
{
	static const int64_t steps_s[] = { 60, 300, 600, 900, 1800, 3600, 7200, 10800, 21600, 43200, 86400, 172800, 604800 };

	for (size_t i = 0; i < ARRAY_LEN(steps_s); i++)
		if (steps_s[i] * 1000 * w >= span_ms * (TIME_WIDTH + 5))
			return steps_s[i] * 1000;
	return steps_s[ARRAY_LEN(steps_s) - 1] * 1000;
}

void plot_times(struct canvas *c, int x, int y, int w, int64_t from_wall_ms, int64_t to_wall_ms)
{
	int64_t span = to_wall_ms - from_wall_ms, step;
	int free_from = 0;

	if (span <= 0 || w < TIME_WIDTH)
		return;
	step = tick_of(span, w);
	for (int64_t t = (from_wall_ms / step + 1) * step; t <= to_wall_ms; t += step) {
		int at = course_place(from_wall_ms, to_wall_ms, t, w);
		char iso[CLOCK_ISO_LEN], words[8];

		clock_iso(t, iso);
		/* On a long axis midnight is a day: "27 Nov" as "11-27". */
		snprintf(words, sizeof(words), "%.5s", t % DAY_MS == 0 && span > DAY_MS ? iso + 5 : iso + 11);
		if (at < free_from || at + TIME_WIDTH > w)
			continue;
		canvas_put(c, x + at, y, TIME_WIDTH, ROLE_DIM, words);
		free_from = at + TIME_WIDTH + 2;
	}
}

static void draw_axis(struct canvas *c, struct rect r, const struct scale *s, enum plot_style style)
{
	const char *edge = style == PLOT_ASCII ? "|" : "│", *tick = style == PLOT_ASCII ? "+" : "┤";
	int middle = r.h / 2;
	char words[16];

	for (int row = 0; row < r.h; row++) {
		bool labelled = row == 0 || row == r.h - 1 || (row == middle && r.h >= 5);
		double v = s->high - (s->high - s->low) * row / (r.h > 1 ? r.h - 1 : 1);

		if (labelled)
			canvas_putf(c, r.x, r.y + row, PLOT_AXIS - 1, ROLE_DIM, "%*s", PLOT_AXIS - 2, plot_value(row == middle && row != 0 && row != r.h - 1 ? round(v) : v, words));
		canvas_put(c, r.x + PLOT_AXIS - 1, r.y + row, 1, ROLE_DIM, labelled ? tick : edge);
	}
}

void plot_draw(struct canvas *c, struct rect r, const struct course *k, enum plot_style style, enum role role)
{
	struct rect in = { r.x + PLOT_AXIS, r.y, r.w - PLOT_AXIS, r.h - 1 };
	struct bar bars[COLUMNS_MAX];
	struct scale s;
	int n;

	if (in.w < 8 || in.h < 2)
		return;
	plot_times(c, in.x, r.y + r.h - 1, in.w, k->from_wall_ms, k->to_wall_ms);
	if (!k->any) {
		canvas_put(c, in.x + 1, in.y + in.h / 2, in.w - 1, ROLE_DIM, "nothing is known of this time");
		return;
	}
	s = scale_of(k);
	draw_axis(c, (struct rect){ r.x, r.y, PLOT_AXIS, in.h }, &s, style);
	n = bars_of(k, style == PLOT_BRAILLE ? in.w * 2 : in.w, bars);
	if (style == PLOT_BRAILLE)
		draw_braille(c, in, bars, n, &s, role);
	else if (style == PLOT_BLOCKS)
		draw_bars(c, in, bars, n, &s, block_levels, "│", role);
	else
		draw_bars(c, in, bars, n, &s, ascii_levels, "'", role);
}

/* ---- one row ---- */

/* Nothing is the lowest step and only that; what is little stands above it. */
static const char *step_of(double v, double greatest, enum plot_style style)
{
	const char *const *levels = style == PLOT_ASCII ? ascii_levels : block_levels;
	int at = v <= 0 || greatest <= 0 ? 1 : 2 + (int)lround(v / greatest * 6);

	return levels[at > 8 ? 8 : at];
}

/* False: no more fits. */
static bool add_step(char *out, size_t size, size_t *at, const char *step)
{
	size_t n = strlen(step);

	if (*at + n + 1 > size)
		return false;
	memcpy(out + *at, step, n + 1);
	*at += n;
	return true;
}

void plot_line(const struct course *k, int width, enum plot_end end, enum plot_style style, char *out, size_t size)
{
	size_t at = 0;

	out[0] = '\0';
	for (int i = 0; i < width; i++) {
		double low = 0, high = 0;
		bool known = course_column(k, (size_t)i, (size_t)width, &low, &high);

		if (!add_step(out, size, &at, known ? step_of(end == PLOT_LOW ? low : high, k->greatest, style) : " "))
			return;
	}
}

void plot_line_of(const double *values, int n, int width, enum plot_style style, char *out, size_t size)
{
	double greatest = 0;
	size_t at = 0;

	out[0] = '\0';
	for (int i = 0; i < n; i++)
		greatest = values[i] > greatest ? values[i] : greatest;
	for (int x = 0; x < width; x++) {
		double low = -1;
		int first = x * n / width, after = (x + 1) * n / width;

		for (int i = first; i < (after > first ? after : first + 1) && i < n; i++)
			if (values[i] >= 0 && (low < 0 || values[i] < low))
				low = values[i];
		if (!add_step(out, size, &at, low < 0 ? " " : step_of(low, greatest, style)))
			return;
	}
}
