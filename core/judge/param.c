/* Values with units, read and refused; see param.h. */
#include "core/judge/param.h"
#include "core/base/scan.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

struct unit {
	const char *word;
	int64_t factor;
};
static const struct unit rates[] = { { "K", 1000 }, { "M", 1000000 }, { "G", 1000000000 }, { "T", 1000000000000 }, { NULL, 0 } };
static const struct unit spans[] = { { "s", 1 }, { "m", 60 }, { "h", 3600 }, { "d", 86400 }, { NULL, 0 } };
static const struct unit percents[] = { { "%", 100 }, { NULL, 0 } };
static const struct unit milliseconds[] = { { "ms", 1000 }, { NULL, 0 } };

static const struct {
	const struct unit *units; /* NULL: written in a way of its own */
	const char *allowed;
} kinds[] = {
	[PARAM_COUNT] = { NULL, "a whole number without a unit" },
	[PARAM_BITS] = { NULL, "the length of a prefix with its slash, as /24" },
	[PARAM_PERCENT] = { percents, "a percentage with its sign, as 80% or 0.5%" },
	[PARAM_RATE] = { rates, "a rate in bit/s with its unit, as 500M or 10G (K, M, G, T)" },
	[PARAM_SPAN] = { spans, "a time with its unit, as 30d, 12h, 15m or 90s" },
	[PARAM_MS] = { milliseconds, "a time in milliseconds with its unit, as 150ms or 0.5ms" },
	[PARAM_RATIO] = { NULL, "a ratio of two numbers above zero, as 2:1" },
	[PARAM_QUORUM] = { NULL, "a number of a number, as \"3 of 5\" (1 to 100, the first not larger)" },
	[PARAM_BOOL] = { NULL, "yes or no" },
	[PARAM_CHOICE] = { NULL, "one of" },
	[PARAM_SET] = { NULL, "any of these, commas between:" },
};

/* "12" or "12.5" and a unit; the value in the unit's smallest part. */
static bool read_scaled(struct slice s, const struct unit *units, int64_t *out)
{
	struct scan c = scan_of(s);
	uint64_t whole, part = 0, scale = 1;
	struct slice rest;

	if (!scan_u64(&c, &whole) || whole > 1000000000)
		return false;
	if (scan_lit(&c, ".")) {
		const char *from = c.p;

		if (!scan_u64(&c, &part) || c.p - from > 6)
			return false;
		for (const char *p = from; p < c.p; p++)
			scale *= 10;
	}
	rest = scan_rest(&c);
	for (; units->word != NULL; units++) {
		int64_t more = (int64_t)part * units->factor;

		if (!slice_eq(rest, units->word))
			continue;
		if (more % (int64_t)scale != 0 || (int64_t)whole > INT64_MAX / 2 / units->factor)
			return false;
		*out = (int64_t)whole * units->factor + more / (int64_t)scale;
		return true;
	}
	return false;
}

/* Two numbers with `between` in the middle. */
static bool read_pair(struct slice s, const char *between, uint64_t *a, uint64_t *b)
{
	struct scan c = scan_of(s);
	struct slice word;

	if (!scan_u64(&c, a))
		return false;
	scan_blanks(&c);
	if (!scan_lit(&c, between))
		return false;
	scan_blanks(&c);
	word = scan_rest(&c);
	return slice_u64(word, b);
}

static bool read_ratio(struct slice s, int64_t *out)
{
	uint64_t a, b;

	if (!read_pair(s, ":", &a, &b) || a == 0 || b == 0 || a > 1000000 || b > 1000000)
		return false;
	*out = (int64_t)(a * 1000 / b);
	return *out > 0;
}

static bool read_quorum(struct slice s, int64_t *out)
{
	uint64_t n, of;

	if (!read_pair(s, "of ", &n, &of) || n == 0 || n > of || of > 100)
		return false;
	*out = (int64_t)(n * 1000 + of);
	return true;
}

static int word_index(const char *const *words, struct slice s)
{
	for (int i = 0; words[i] != NULL; i++)
		if (slice_eq(s, words[i]))
			return i;
	return -1;
}

static bool read_set(const struct param *p, struct slice s, int64_t *out)
{
	struct scan c = scan_of(s);
	struct slice word;
	bool more = true;

	*out = 0;
	while (more) {
		int at;

		more = scan_until(&c, ',', &word);
		scan_lit(&c, ",");
		at = word_index(p->words, slice_trim(word));
		if (at < 0)
			return false;
		*out |= INT64_C(1) << at;
	}
	return *out != 0;
}

static bool read_plain(const struct param *p, struct slice s, int64_t *out)
{
	uint64_t v;
	int at;

	switch (p->kind) {
	case PARAM_BITS:
		if (s.len < 2 || s.p[0] != '/')
			return false;
		s = slice_from(s, 1);
		/* fall through */
	case PARAM_COUNT:
		if (!slice_u64(s, &v) || v > INT64_MAX)
			return false;
		*out = (int64_t)v;
		return true;
	case PARAM_RATIO:
		return read_ratio(s, out);
	case PARAM_QUORUM:
		return read_quorum(s, out);
	case PARAM_BOOL:
		*out = slice_eq(s, "yes");
		return *out != 0 || slice_eq(s, "no");
	case PARAM_CHOICE:
		at = word_index(p->words, s);
		*out = at;
		return at >= 0;
	case PARAM_SET:
		return read_set(p, s, out);
	default:
		return false;
	}
}

static int refuse(const struct param *p, const char *value, struct err *e)
{
	char low[PARAM_WORDS_LEN], high[PARAM_WORDS_LEN];
	struct str allowed;

	str_init(&allowed, 400);
	str_puts(&allowed, kinds[p->kind].allowed);
	for (size_t i = 0; p->words != NULL && p->words[i] != NULL; i++)
		str_addf(&allowed, "%s%s", i ? ", " : " ", p->words[i]);
	if (p->min != 0 || p->max != 0)
		str_addf(&allowed, ", from %s to %s", param_words(p, p->min, low), param_words(p, p->max, high));
	err_set(e, ERR_CONFIG, "%s = %.80s: allowed is %s", p->key, *value ? value : "(nothing)", allowed.p);
	str_fini(&allowed);
	return -1;
}

int param_read(const struct param *p, const char *value, int64_t *out, struct err *e)
{
	const struct unit *units = kinds[p->kind].units;
	struct slice s = slice_of(value);
	int64_t v = 0;
	bool good = units != NULL ? read_scaled(s, units, &v) : read_plain(p, s, &v);

	if (good && (p->min != 0 || p->max != 0))
		good = v >= p->min && v <= p->max;
	if (!good)
		return refuse(p, value, e);
	*out = v;
	return 0;
}

/* The largest unit that says the value without a fraction. */
static void exact_words(int64_t value, const struct unit *units, char out[PARAM_WORDS_LEN])
{
	const struct unit *best = &units[0];

	for (; units->word != NULL; units++)
		if (value % units->factor == 0)
			best = units;
	if (value % best->factor == 0)
		snprintf(out, PARAM_WORDS_LEN, "%" PRId64 "%s", value / best->factor, best->word);
	else
		snprintf(out, PARAM_WORDS_LEN, "%g%s", (double)value / (double)best->factor, best->word);
}

static void set_words(const struct param *p, int64_t value, char out[PARAM_WORDS_LEN])
{
	size_t at = 0;

	out[0] = '\0';
	for (size_t i = 0; p->words[i] != NULL; i++)
		if ((value & (INT64_C(1) << i)) != 0 && at < PARAM_WORDS_LEN)
			at += (size_t)snprintf(out + at, PARAM_WORDS_LEN - at, "%s%s", at ? ", " : "", p->words[i]);
}

char *param_words(const struct param *p, int64_t value, char out[PARAM_WORDS_LEN])
{
	switch (p->kind) {
	case PARAM_COUNT:
		snprintf(out, PARAM_WORDS_LEN, "%" PRId64, value);
		break;
	case PARAM_BITS:
		snprintf(out, PARAM_WORDS_LEN, "/%" PRId64, value);
		break;
	case PARAM_RATIO:
		snprintf(out, PARAM_WORDS_LEN, "%g:1", (double)value / 1000);
		break;
	case PARAM_QUORUM:
		snprintf(out, PARAM_WORDS_LEN, "%" PRId64 " of %" PRId64, value / 1000, value % 1000);
		break;
	case PARAM_BOOL:
		snprintf(out, PARAM_WORDS_LEN, "%s", value ? "yes" : "no");
		break;
	case PARAM_CHOICE:
		snprintf(out, PARAM_WORDS_LEN, "%s", p->words[value]);
		break;
	case PARAM_SET:
		set_words(p, value, out);
		break;
	default:
		exact_words(value, kinds[p->kind].units, out);
		break;
	}
	return out;
}

char *rate_words(double bps, char out[PARAM_WORDS_LEN])
{
	static const char *const units[] = { "bit/s", "kbit/s", "Mbit/s", "Gbit/s", "Tbit/s" };
	size_t i = 0;

	if (!(bps >= 0)) {
		snprintf(out, PARAM_WORDS_LEN, "?");
		return out;
	}
	for (; bps >= 1000 && i + 1 < sizeof(units) / sizeof(units[0]); i++)
		bps /= 1000;
	snprintf(out, PARAM_WORDS_LEN, "%.3g %s", bps, units[i]);
	if (bps >= 999.5) /* %.3g would say 1e+03 */
		snprintf(out, PARAM_WORDS_LEN, "%.0f %s", bps, units[i]);
	return out;
}
