/* Terminal bytes to keys; see decode.h.  Sequences after xterm's ctlseqs and linux' console_codes(4). */
#include "tui/decode.h"
#include "core/base/mem.h"
#include "core/base/scan.h"
#include "core/base/text.h"

#include <string.h>

enum { PENDING_MAX = 1 << 20, SEQUENCE_MAX = 64 };

static const char paste_end[] = "\033[201~";

void decoder_init(struct decoder *d)
{
	*d = (struct decoder){ 0 };
	str_init(&d->pending, PENDING_MAX);
	str_init(&d->paste, DECODE_PASTE_MAX);
}

void decoder_fini(struct decoder *d)
{
	str_fini(&d->pending);
	str_fini(&d->paste);
}

void decoder_feed(struct decoder *d, const char *p, size_t n, int64_t now_ms)
{
	if (d->at > 0) {
		memmove(d->pending.p, d->pending.p + d->at, d->pending.len - d->at + 1);
		d->pending.len -= d->at;
		d->at = 0;
	}
	str_add(&d->pending, p, n);
	d->fed_ms = now_ms;
}

/* What is left to look at. */
static struct slice rest(const struct decoder *d)
{
	return (struct slice){ d->pending.p + d->at, d->pending.len - d->at };
}

static keycode with_modifiers(keycode k, unsigned param)
{
	unsigned m = param > 1 && param < 17 ? param - 1 : 0; /* xterm: 1 + shift + 2 alt + 4 ctrl */

	if (k == K_NONE)
		return k;
	return k | (m & 1 ? MOD_SHIFT : 0) | (m & 2 ? MOD_ALT : 0) | (m & 4 ? MOD_CTRL : 0);
}

static keycode tilde_key(unsigned n)
{
	static const struct {
		unsigned char n;
		keycode k;
	} map[] = {
		{ 1, K_HOME }, { 2, K_INSERT }, { 3, K_DELETE }, { 4, K_END }, { 5, K_PGUP },
		{ 6, K_PGDN }, { 7, K_HOME }, { 8, K_END }, { 11, K_F1 }, { 12, K_F1 + 1 },
		{ 13, K_F1 + 2 }, { 14, K_F1 + 3 }, { 15, K_F1 + 4 }, { 17, K_F1 + 5 }, { 18, K_F1 + 6 },
		{ 19, K_F1 + 7 }, { 20, K_F1 + 8 }, { 21, K_F1 + 9 }, { 23, K_F1 + 10 }, { 24, K_F1 + 11 },
	};

	for (size_t i = 0; i < ARRAY_LEN(map); i++)
		if (map[i].n == n)
			return map[i].k;
	return K_NONE;
}

static keycode letter_key(char c)
{
	switch (c) {
	case 'A':
		return K_UP;
	case 'B':
		return K_DOWN;
	case 'C':
		return K_RIGHT;
	case 'D':
		return K_LEFT;
	case 'H':
		return K_HOME;
	case 'F':
		return K_END;
	case 'P':
	case 'Q':
	case 'R':
	case 'S':
		return K_F1 + (keycode)(c - 'P');
	case 'M':
		return K_ENTER; /* keypad, SS3 only */
	default:
		return K_NONE;
	}
}

/* "5;2" -> first and second number; missing ones are 0. */
static void numbers(struct slice s, unsigned out[2])
{
	size_t k = 0;

	out[0] = out[1] = 0;
	for (size_t i = 0; i < s.len && k < 2; i++) {
		if (s.p[i] == ';')
			k++;
		else if (s.p[i] >= '0' && s.p[i] <= '9' && out[k] < 10000)
			out[k] = out[k] * 10 + (unsigned)(s.p[i] - '0');
	}
}

/* s begins after "ESC [".  Returns octets of the whole rest of the sequence, 0 if it is not complete. */
static size_t csi(struct slice s, keycode *k, bool *paste)
{
	size_t i = 0;
	unsigned n[2];

	if (s.len > 1 && s.p[0] == '[') { /* linux console: ESC [ [ A is F1 */
		*k = s.p[1] >= 'A' && s.p[1] <= 'E' ? K_F1 + (keycode)(s.p[1] - 'A') : K_NONE;
		return 2;
	}
	if (s.len == 1 && s.p[0] == '[')
		return 0;
	if (s.len > 0 && s.p[0] == 'M') /* an old mouse report: three octets follow that look like keys */
		return s.len >= 4 ? 4 : 0;
	while (i < s.len && s.p[i] >= 0x20 && s.p[i] < 0x40)
		i++;
	if (i >= s.len)
		return i > SEQUENCE_MAX ? i : 0;
	if (s.p[i] < 0x40 || s.p[i] > 0x7e)
		return i; /* broken off by a control: the control itself is read as a key */
	numbers((struct slice){ s.p, i }, n);
	if (i > 0 && s.p[0] >= '<' && s.p[0] <= '?')
		*k = K_NONE; /* private: answers and mouse reports */
	else if (s.p[i] == '~' && n[0] == 200)
		*paste = true;
	else if (s.p[i] == '~')
		*k = with_modifiers(tilde_key(n[0]), n[1]);
	else if (s.p[i] == 'Z')
		*k = K_TAB | MOD_SHIFT;
	else
		*k = with_modifiers(letter_key(s.p[i]), n[1]);
	return i + 1;
}

/* OSC, DCS, APC, PM, SOS: answers of the terminal, up to BEL or ESC \.  0 if not complete. */
static size_t string_sequence(struct slice s)
{
	for (size_t i = 0; i < s.len; i++) {
		if (s.p[i] == '\a')
			return i + 1;
		if (s.p[i] == '\033' && i + 1 < s.len)
			return s.p[i + 1] == '\\' ? i + 2 : i;
	}
	return 0;
}

/* One UTF-8 character; *k stays K_NONE for a bad octet. 0 if more octets are to come. */
static size_t character(struct slice s, keycode *k)
{
	unsigned char c = (unsigned char)s.p[0];
	size_t want = c < 0x80 || c > 0xf4 ? 1 : c >= 0xf0 ? 4 : c >= 0xe0 ? 3 : c >= 0xc2 ? 2 : 1;
	uint32_t cp;

	for (size_t i = 1; i < want && i < s.len; i++)
		if (((unsigned char)s.p[i] & 0xc0) != 0x80)
			return 1; /* cut short: only its first octet goes, what follows may be a key */
	if (s.len < want)
		return 0;
	if (text_decode(slice_upto(s, want), &cp) != want)
		return 1;
	if (cp >= 0x80 && cp < 0xa0)
		return want;
	if (cp == '\r')
		*k = K_ENTER;
	else if (cp == '\t')
		*k = K_TAB;
	else if (cp == 0x7f || cp == 0x08)
		*k = K_BACKSPACE;
	else if (cp == 0)
		*k = ' ' | MOD_CTRL;
	else if (cp < 0x1b)
		*k = ('a' + cp - 1) | MOD_CTRL;
	else if (cp < 0x20)
		*k = (cp + 0x40) | MOD_CTRL;
	else
		*k = cp;
	return want;
}

/* s begins with ESC and has more. */
static size_t escape(struct slice s, keycode *k, bool *paste)
{
	struct slice after = { s.p + 2, s.len - 2 };
	size_t n;

	switch (s.p[1]) {
	case '[':
		n = csi(after, k, paste);
		return n ? n + 2 : 0;
	case 'O':
		if (after.len == 0)
			return 0;
		*k = letter_key(after.p[0]);
		return 3;
	case ']':
	case 'P':
	case '_':
	case '^':
	case 'X':
		n = string_sequence(after);
		return n ? n + 2 : 0;
	case '\033':
		*k = K_ESC;
		return 1;
	default:
		n = character((struct slice){ s.p + 1, s.len - 1 }, k);
		if (n > 0 && *k != K_NONE)
			*k |= MOD_ALT;
		return n ? n + 1 : 0;
	}
}

/* Takes pasted octets up to the end mark; true when it came. */
static bool take_paste(struct decoder *d)
{
	struct slice s = rest(d);
	const char *end = memmem(s.p, s.len, paste_end, sizeof(paste_end) - 1);
	size_t keep = sizeof(paste_end) - 2, n;

	if (end != NULL)
		n = (size_t)(end - s.p);
	else
		n = s.len > keep ? s.len - keep : 0; /* the mark may be cut in two */
	for (size_t i = 0; i < n && !d->swallowing; i++)
		if (str_putc(&d->paste, s.p[i]) != 0)
			break;
	d->at += end ? n + sizeof(paste_end) - 1 : n;
	if (end == NULL)
		return false;
	d->pasting = false;
	return true;
}

static bool finish_paste(struct decoder *d, struct input *out)
{
	bool told = !d->swallowing;

	d->swallowing = false;
	*out = (struct input){ .kind = INPUT_PASTE, .paste = str_slice(&d->paste) };
	return told;
}

bool decoder_next(struct decoder *d, int64_t now_ms, struct input *out)
{
	for (;;) {
		struct slice s = rest(d);
		keycode k = K_NONE;
		bool paste = false;
		size_t n;

		*out = (struct input){ .kind = INPUT_NONE };
		if (s.len == 0)
			return false;
		if (d->pasting) {
			if (!take_paste(d))
				return false;
			if (finish_paste(d, out))
				return true;
			continue;
		}
		if (s.p[0] != '\033')
			n = character(s, &k);
		else
			n = s.len > 1 ? escape(s, &k, &paste) : 0;
		if (n == 0) {
			if (now_ms - d->fed_ms < DECODE_ESC_MS)
				return false;
			k = s.len == 1 && s.p[0] == '\033' ? K_ESC : K_NONE;
			n = s.len; /* a torn sequence: all of it goes */
		}
		d->at += n;
		if (paste) {
			str_clear(&d->paste);
			d->pasting = true;
		} else if (k != K_NONE) {
			*out = (struct input){ .kind = INPUT_KEY, .key = k };
			return true;
		}
	}
}

int decoder_wait_ms(const struct decoder *d, int64_t now_ms)
{
	int64_t left = d->fed_ms + DECODE_ESC_MS - now_ms;

	if (rest(d).len == 0 || d->pasting)
		return -1;
	return left < 0 ? 0 : left > DECODE_ESC_MS ? DECODE_ESC_MS : (int)left;
}

void decoder_flush(struct decoder *d)
{
	struct slice s = rest(d);
	const char *begin = memmem(s.p, s.len, "\033[200~", 6), *end = NULL;

	if (begin != NULL)
		end = memmem(begin, s.len - (size_t)(begin - s.p), paste_end, sizeof(paste_end) - 1);
	if (d->pasting)
		end = memmem(s.p, s.len, paste_end, sizeof(paste_end) - 1);
	d->pasting = (d->pasting || begin != NULL) && end == NULL;
	d->swallowing = d->pasting;
	str_clear(&d->pending);
	str_clear(&d->paste);
	d->at = 0;
}
