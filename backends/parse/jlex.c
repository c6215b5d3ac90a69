/* The tokens of JSON; see jlex.h. */
#include "backends/parse/jlex.h"
#include "core/base/octets.h"

#include <string.h>

void jlex_init(struct jlex *l, size_t most)
{
	*l = (struct jlex){ 0 };
	str_init(&l->carry, most);
	str_init(&l->plain, most);
}

void jlex_fini(struct jlex *l)
{
	str_fini(&l->carry);
	str_fini(&l->plain);
}

void jlex_piece(struct jlex *l, const char *p, size_t n)
{
	l->p = p;
	l->end = p + n;
}

bool jlex_cut(const struct jlex *l)
{
	return l->carry.len > 0;
}

static enum jtoken bad(struct jlex *l, const char *why)
{
	l->fault = why;
	return JTOKEN_FAULT;
}

/* --- strings ----------------------------------------------------------------------- */

/* Index of the first octet of eight that a string does not simply go on with: '"', '\\', a control; OCTETS if there is none.
 * A borrow only starts at a true hit, and so is behind the first. */
static size_t stop_at(uint64_t v)
{
	uint64_t quote = v ^ OCTETS_ALL('"'), slash = v ^ OCTETS_ALL('\\');
	uint64_t hit = (((quote - OCTETS_ALL(1)) & ~quote) | ((slash - OCTETS_ALL(1)) & ~slash) | ((v - OCTETS_ALL(' ')) & ~v)) &
	    OCTETS_HIGH;

	return hit != 0 ? (size_t)__builtin_ctzll(hit) / 8 : OCTETS;
}

/* The first octet from p on that ends plain text; `end` if none does. */
static const char *past_plain(const char *p, const char *end)
{
	while (end - p >= OCTETS) {
		size_t n = stop_at(octets_load(p));

		p += n;
		if (n < OCTETS)
			return p;
	}
	while (p < end && *p != '"' && *p != '\\' && (unsigned char)*p >= ' ')
		p++;
	return p;
}

static int hex(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c = (char)(c | 0x20);
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* The four digits of \uXXXX; -1 if they are none. */
static long code_unit(const char *p, const char *end)
{
	long v = 0;

	if (end - p < 4)
		return -1;
	for (int i = 0; i < 4; i++) {
		if (hex(p[i]) < 0)
			return -1;
		v = v * 16 + hex(p[i]);
	}
	return v;
}

static void put_utf8(struct str *out, unsigned long c)
{
	char b[4];

	if (c < 0x80) {
		str_putc(out, (char)c);
		return;
	}
	if (c < 0x800) {
		b[0] = (char)(0xc0 | c >> 6);
		b[1] = (char)(0x80 | (c & 0x3f));
		str_add(out, b, 2);
		return;
	}
	if (c < 0x10000) {
		b[0] = (char)(0xe0 | c >> 12);
		b[1] = (char)(0x80 | (c >> 6 & 0x3f));
		b[2] = (char)(0x80 | (c & 0x3f));
		str_add(out, b, 3);
		return;
	}
	b[0] = (char)(0xf0 | c >> 18);
	b[1] = (char)(0x80 | (c >> 12 & 0x3f));
	b[2] = (char)(0x80 | (c >> 6 & 0x3f));
	b[3] = (char)(0x80 | (c & 0x3f));
	str_add(out, b, 4);
}

/* \uXXXX at p (its first digit), and the second half of a pair; where it ends, NULL if it is none.  Half a pair alone stands
 * for nothing: U+FFFD. */
static const char *unescape_unit(struct str *out, const char *p, const char *end)
{
	long c = code_unit(p, end), low;

	if (c < 0)
		return NULL;
	p += 4;
	if (c < 0xd800 || c > 0xdfff) {
		put_utf8(out, (unsigned long)c);
		return p;
	}
	low = c < 0xdc00 && end - p >= 6 && p[0] == '\\' && p[1] == 'u' ? code_unit(p + 2, end) : -1;
	if (low < 0xdc00 || low > 0xdfff) {
		put_utf8(out, 0xfffd);
		return p;
	}
	put_utf8(out, 0x10000 + ((unsigned long)(c - 0xd800) << 10) + (unsigned long)(low - 0xdc00));
	return p + 6;
}

/* What stands between the quotes, all of it, into `plain`. */
static enum jtoken unescape(struct jlex *l, const char *p, const char *end)
{
	static const char from[] = "\"\\/bfnrt", to[] = "\"\\/\b\f\n\r\t";

	str_clear(&l->plain);
	while (p < end) {
		const char *stop = memchr(p, '\\', (size_t)(end - p)), *at;

		str_add(&l->plain, p, (size_t)((stop != NULL ? stop : end) - p));
		if (stop == NULL)
			break;
		at = memchr(from, stop[1], sizeof(from) - 1);
		if (at != NULL) {
			str_putc(&l->plain, to[at - from]);
			p = stop + 2;
		} else {
			p = stop[1] == 'u' ? unescape_unit(&l->plain, stop + 2, end) : NULL;
		}
		if (p == NULL)
			return bad(l, "an escape in a string that is none");
	}
	l->text = str_slice(&l->plain);
	return JTOKEN_STRING;
}

/* --- one token --------------------------------------------------------------------- */

/* A string from its quote on: JTOKEN_MORE if its end is not within, which is then looked for from `looked` on; else *past is
 * what follows it. */
static enum jtoken take_string(struct jlex *l, const char *p, const char *end, const char **past)
{
	const char *begin = p + 1, *at = begin + l->looked;
	bool escaped = l->escaped;

	l->looked = 0;
	l->escaped = false;
	for (;;) {
		at = past_plain(at, end);
		if (at == end || (*at == '\\' && end - at < 2)) {
			l->looked = (size_t)(at - begin);
			l->escaped = escaped;
			return JTOKEN_MORE;
		}
		if (*at == '"')
			break;
		if (*at != '\\')
			return bad(l, "a control character in a string");
		escaped = true;
		at += 2;
	}
	*past = at + 1;
	if (escaped)
		return unescape(l, begin, at);
	l->text = (struct slice){ begin, (size_t)(at - begin) };
	return JTOKEN_STRING;
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* Of a number or a word. */
static bool goes_on(char c)
{
	return is_digit(c) || c == '-' || c == '+' || c == '.' || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

static const char *past_digits(const char *p, const char *end)
{
	while (p < end && is_digit(*p))
		p++;
	return p;
}

static bool is_number(const char *p, const char *end)
{
	const char *at;

	if (p < end && *p == '-')
		p++;
	at = p;
	p = past_digits(p, end);
	if (p == at || (*at == '0' && p > at + 1))
		return false;
	if (p < end && *p == '.') {
		at = ++p;
		p = past_digits(p, end);
		if (p == at)
			return false;
	}
	if (p < end && (*p | 0x20) == 'e') {
		p++;
		if (p < end && (*p == '+' || *p == '-'))
			p++;
		at = p;
		p = past_digits(p, end);
		if (p == at)
			return false;
	}
	return p == end;
}

static enum jtoken take_word(struct jlex *l, const char *p, const char *end, const char **past)
{
	const char *begin = p;
	size_t n;

	while (p < end && goes_on(*p))
		p++;
	if (p == end)
		return JTOKEN_MORE;
	*past = p;
	n = (size_t)(p - begin);
	l->text = (struct slice){ begin, n };
	if (is_digit(*begin) || *begin == '-')
		return is_number(begin, p) ? JTOKEN_NUMBER : bad(l, "a number that is none");
	if (n == 4 && memcmp(begin, "true", 4) == 0)
		return JTOKEN_TRUE;
	if (n == 5 && memcmp(begin, "false", 5) == 0)
		return JTOKEN_FALSE;
	if (n == 4 && memcmp(begin, "null", 4) == 0)
		return JTOKEN_NULL;
	return bad(l, "a word that is none of JSON's");
}

static enum jtoken take(struct jlex *l, const char *p, const char *end, const char **past)
{
	*past = p + 1;
	switch (*p) {
	case '{':
		return JTOKEN_OPEN;
	case '}':
		return JTOKEN_CLOSE;
	case '[':
		return JTOKEN_OPEN_LIST;
	case ']':
		return JTOKEN_CLOSE_LIST;
	case ':':
		return JTOKEN_COLON;
	case ',':
		return JTOKEN_COMMA;
	case '"':
		return take_string(l, p, end, past);
	default:
		return goes_on(*p) ? take_word(l, p, end, past) : bad(l, "a character that is none of JSON's");
	}
}

/* --- over pieces ------------------------------------------------------------------- */

/* Where the token in `carry` may end in this piece: behind the next quote or the last octet of a word. */
static const char *may_end(const struct jlex *l)
{
	const char *p = l->p;

	if (*l->carry.p == '"') {
		p = memchr(p, '"', (size_t)(l->end - p));
		return p != NULL ? p + 1 : l->end;
	}
	while (p < l->end && goes_on(*p))
		p++;
	return p < l->end ? p + 1 : p;
}

/* The token that the last piece began.  A part of this piece is added to it until it is whole. */
static enum jtoken resume(struct jlex *l)
{
	enum jtoken t = JTOKEN_MORE;
	const char *past;

	while (t == JTOKEN_MORE && l->p < l->end) {
		const char *stop = may_end(l);

		str_add(&l->carry, l->p, (size_t)(stop - l->p));
		l->p = stop;
		if (l->carry.over)
			return bad(l, "a single value that is too long");
		t = take(l, l->carry.p, l->carry.p + l->carry.len, &past);
	}
	if (t == JTOKEN_MORE)
		return t;
	/* A word is known to be whole by the octet behind it, which is not its own. */
	if (t != JTOKEN_FAULT && past < l->carry.p + l->carry.len)
		l->p--;
	l->carry.len = 0; /* its octets stay where they are until the next token is cut */
	return t;
}

enum jtoken jlex_next(struct jlex *l)
{
	const char *past;
	enum jtoken t;

	if (l->carry.len > 0)
		return resume(l);
	while (l->p < l->end && (*l->p == ' ' || *l->p == '\n' || *l->p == '\r' || *l->p == '\t'))
		l->p++;
	if (l->p == l->end)
		return JTOKEN_MORE;
	t = take(l, l->p, l->end, &past);
	if (t == JTOKEN_MORE) {
		str_clear(&l->carry);
		str_add(&l->carry, l->p, (size_t)(l->end - l->p));
		l->p = l->end;
		return l->carry.over ? bad(l, "a single value that is too long") : t;
	}
	if (t != JTOKEN_FAULT)
		l->p = past;
	return t;
}
