/* Values of configuration keys, read and refused; see setting.h. */
#include "core/model/setting.h"
#include "core/base/scan.h"
#include "core/base/text.h"
#include "core/model/net.h"

#include <string.h>
#include <strings.h>

enum { VALUE_MAX = 1024, WORD_MAX = 40 };

static const char name_chars[] =
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._:-";

bool setting_name_valid(const char *s)
{
	return *s != '\0' && *s != '-' && strlen(s) <= 63 && s[strspn(s, name_chars)] == '\0';
}

static bool only(const char *s, const char *more)
{
	for (; *s; s++)
		if (strchr(name_chars, *s) == NULL && strchr(more, *s) == NULL)
			return false;
	return true;
}

static int refuse(const struct setting *def, const char *value, const char *allowed, struct err *e)
{
	return err_set(e, ERR_CONFIG, "%s = \"%.80s\": allowed is %s", def->key, value, allowed);
}

static void put_string(const struct setting *def, void *block, const char *s)
{
	memcpy((char *)block + def->offset, &s, sizeof(s));
}

static void put_unsigned(const struct setting *def, void *block, unsigned v)
{
	memcpy((char *)block + def->offset, &v, sizeof(v));
}

static int read_path(const struct setting *def, const char *value, const struct setting_base *base, void *block,
    struct err *e)
{
	const char *full = value;

	if (*value == '\0')
		return refuse(def, value, "a path", e);
	if (strncmp(value, "~/", 2) == 0) {
		if (base->home == NULL)
			return refuse(def, value, "a path without \"~/\": there is no home directory", e);
		full = arena_printf(base->arena, "%s/%s", base->home, value + 2);
	} else if (*value != '/' && *base->dir != '\0') {
		full = arena_printf(base->arena, "%s/%s", base->dir, value);
	}
	put_string(def, block, arena_strdup(base->arena, full));
	return 0;
}

static int read_choice(const struct setting *def, const char *value, const struct setting_base *base, void *block,
    struct err *e)
{
	struct str allowed;

	for (size_t i = 0; def->choices[i] != NULL; i++)
		if (strcmp(def->choices[i], value) == 0) {
			put_string(def, block, def->choices[i]);
			return 0;
		}
	if (def->max == 1 && strchr(value, '/') != NULL)
		return read_path(def, value, base, block, e);
	str_init(&allowed, 256);
	for (size_t i = 0; def->choices[i] != NULL; i++)
		str_addf(&allowed, "%s%s", i ? ", " : "", def->choices[i]);
	if (def->max == 1)
		str_puts(&allowed, ", or the path of a file");
	refuse(def, value, allowed.p, e);
	str_fini(&allowed);
	return -1;
}

static int read_bool(const struct setting *def, const char *value, void *block, struct err *e)
{
	static const struct {
		const char *word;
		bool means;
	} words[] = {
		{ "yes", true }, { "no", false }, { "true", true },
		{ "false", false }, { "on", true }, { "off", false },
	};

	for (size_t i = 0; i < ARRAY_LEN(words); i++)
		if (strcasecmp(words[i].word, value) == 0) {
			memcpy((char *)block + def->offset, &words[i].means, sizeof(bool));
			return 0;
		}
	return refuse(def, value, "yes or no", e);
}

static int read_number(const struct setting *def, const char *value, void *block, struct err *e)
{
	uint64_t v;

	if (!slice_u64(slice_of(value), &v) || v < def->min || v > def->max)
		return err_set(e, ERR_CONFIG, "%s = \"%.80s\": allowed is a number from %u to %u", def->key,
		    value, def->min, def->max);
	put_unsigned(def, block, (unsigned)v);
	return 0;
}

/* "90s", "2m", "1h", "1d", "250ms"; a bare number is seconds.  False if it is none of these. */
static bool span_ms(const char *value, uint64_t *ms)
{
	static const struct {
		const char *unit;
		uint64_t ms;
	} units[] = {
		{ "", 1000 }, { "ms", 1 }, { "s", 1000 }, { "m", 60000 }, { "h", 3600000 }, { "d", 86400000 },
	};
	struct scan c = scan_of(slice_of(value));
	struct slice unit;
	uint64_t v;

	if (!scan_u64(&c, &v) || v > 1000000000)
		return false;
	unit = scan_rest(&c);
	for (size_t i = 0; i < ARRAY_LEN(units); i++)
		if (slice_eq(unit, units[i].unit)) {
			*ms = v * units[i].ms;
			return true;
		}
	return false;
}

static int read_span(const struct setting *def, const char *value, void *block, struct err *e)
{
	uint64_t unit = def->kind == SETTING_SPAN ? 1000 : 1, ms;

	if (!span_ms(value, &ms) || ms % unit != 0 || ms / unit < def->min || ms / unit > def->max)
		return err_set(e, ERR_CONFIG, "%s = \"%.80s\": allowed is a time from %u%s to %u%s (10s, 2m, 1h)",
		    def->key, value, def->min, unit == 1 ? "ms" : "s", def->max, unit == 1 ? "ms" : "s");
	put_unsigned(def, block, (unsigned)(ms / unit));
	return 0;
}

static int read_asn(const struct setting *def, const char *value, void *block, struct err *e)
{
	asn_t asn;

	if (!asn_parse(slice_of(value), &asn) || asn == ASN_UNKNOWN)
		return refuse(def, value, "an AS number from 1 to 4294967295 (asplain or asdot)", e);
	memcpy((char *)block + def->offset, &asn, sizeof(asn));
	return 0;
}

static bool only_prefixes(const char *value)
{
	struct scan c = scan_of(slice_of(value));
	struct slice word;
	struct prefix p;
	size_t n = 0;

	for (; scan_word(&c, &word); n++)
		if (!prefix_parse(word, &p))
			return false;
	return n > 0;
}

static bool loopback_endpoint(const char *value)
{
	struct addr a;
	uint16_t port;

	return endpoint_parse(slice_of(value), &a, &port) && addr_is_loopback(&a);
}

/* The strict sets of the kinds that are kept as they are written. */
static const char *string_allowed(enum setting_kind kind, const char *value)
{
	bool good = false;
	const char *allowed = "";

	switch (kind) {
	case SETTING_NAME:
		good = setting_name_valid(value);
		allowed = "letters, digits and ._:- (at most 63, not starting with '-')";
		break;
	case SETTING_WORDS:
		good = *value != '\0' && only(value, " /@=,+~%");
		allowed = "words of letters, digits and ._:-/@=,+~%, with blanks between";
		break;
	case SETTING_FAR_PATH:
		good = *value == '/' && only(value, "/");
		allowed = "an absolute path of letters, digits and ._:-/";
		break;
	case SETTING_LIST:
		good = *value != '\0' && only(value, ",@+");
		allowed = "names of algorithms joined by commas";
		break;
	case SETTING_PREFIXES:
		good = only_prefixes(value);
		allowed = "prefixes as 192.0.2.0/24 and 2001:db8::/64, with blanks between";
		break;
	case SETTING_LOOPBACK:
		good = loopback_endpoint(value);
		allowed = "a loopback address with a port, as 127.0.0.1:9716 or [::1]:9716 (nothing is served to other hosts)";
		break;
	case SETTING_URL:
		good = strncmp(value, "https://", 8) == 0 || strncmp(value, "http://", 7) == 0;
		good = good && only(value, "/[]?&=%+~");
		allowed = "a URL with https:// (or http://, for tests)";
		break;
	default:
		good = *value != '\0';
		allowed = "one line of text";
		break;
	}
	return good ? NULL : allowed;
}

static bool one_safe_line(const char *value)
{
	struct str safe;
	bool same;

	str_init(&safe, 0);
	text_append(&safe, slice_of(value));
	same = strcmp(safe.p, value) == 0;
	str_fini(&safe);
	return same;
}

int setting_read(const struct setting *def, const char *value, const struct setting_base *base, void *block,
    struct err *e)
{
	const char *allowed;

	if (strlen(value) > VALUE_MAX || !one_safe_line(value))
		return err_set(e, ERR_CONFIG, "%s: allowed is one line of at most %d octets without control characters",
		    def->key, VALUE_MAX);
	switch (def->kind) {
	case SETTING_PATH:
		return read_path(def, value, base, block, e);
	case SETTING_CHOICE:
		return read_choice(def, value, base, block, e);
	case SETTING_BOOL:
		return read_bool(def, value, block, e);
	case SETTING_NUMBER:
		return read_number(def, value, block, e);
	case SETTING_SPAN:
	case SETTING_SPAN_MS:
		return read_span(def, value, block, e);
	case SETTING_ASN:
		return read_asn(def, value, block, e);
	default:
		allowed = string_allowed(def->kind, value);
		if (allowed != NULL)
			return refuse(def, value, allowed, e);
		put_string(def, block, arena_strdup(base->arena, value));
		return 0;
	}
}

static size_t least(size_t a, size_t b)
{
	return a < b ? a : b;
}

/* Edit distance (insert, delete, replace); words longer than WORD_MAX are never near. */
static size_t distance(const char *a, const char *b)
{
	size_t row[WORD_MAX + 1], la = strlen(a), lb = strlen(b);

	if (la > WORD_MAX || lb > WORD_MAX)
		return WORD_MAX;
	for (size_t j = 0; j <= lb; j++)
		row[j] = j;
	for (size_t i = 1; i <= la; i++) {
		size_t diagonal = row[0];

		row[0] = i;
		for (size_t j = 1; j <= lb; j++) {
			size_t replace = diagonal + (a[i - 1] != b[j - 1]);

			diagonal = row[j];
			row[j] = least(replace, least(row[j], row[j - 1]) + 1);
		}
	}
	return row[lb];
}

const char *setting_closest(const char *word, const char *const *words, size_t count)
{
	size_t best = strlen(word) / 3 + 2;
	const char *found = NULL;

	for (size_t i = 0; i < count; i++) {
		size_t d = distance(word, words[i]);

		if (d < best) {
			best = d;
			found = words[i];
		}
	}
	return found;
}
