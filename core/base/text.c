/* Untrusted bytes to safe text; the threat model stands in text.h. */
#include "core/base/text.h"
#include "core/base/octets.h"

#include <string.h>
#include <utf8proc.h>

enum { MAX_MARKS = 2 };

/* Controls that reorder or hide what follows: a peer could make one address look like another. */
static bool is_hidden_control(utf8proc_int32_t cp)
{
	return cp == 0x061c || cp == 0x00ad || cp == 0x034f || cp == 0x180e || cp == 0xfeff ||
	       (cp >= 0x200b && cp <= 0x200f) || (cp >= 0x202a && cp <= 0x202e) ||
	       (cp >= 0x2060 && cp <= 0x206f) || (cp >= 0xfff9 && cp <= 0xfffb) ||
	       (cp >= 0xfe00 && cp <= 0xfe0f) || (cp >= 0xe0000 && cp <= 0xe0fff) ||
	       cp == 0x115f || cp == 0x1160 || cp == 0x3164 || cp == 0xffa0;
}

static bool is_mark(utf8proc_int32_t cp)
{
	utf8proc_category_t cat = utf8proc_category(cp);

	return cat == UTF8PROC_CATEGORY_MN || cat == UTF8PROC_CATEGORY_ME;
}

static bool is_unassigned(utf8proc_int32_t cp)
{
	utf8proc_category_t cat = utf8proc_category(cp);

	return cat == UTF8PROC_CATEGORY_CN || cat == UTF8PROC_CATEGORY_CO ||
	       cat == UTF8PROC_CATEGORY_CS;
}

static void put_cp(struct str *out, utf8proc_int32_t cp)
{
	utf8proc_uint8_t buf[4];
	utf8proc_ssize_t n = utf8proc_encode_char(cp, buf);

	str_add(out, (const char *)buf, (size_t)n);
}

/* One code point; `marks` counts combining marks on the present base. */
static void append_cp(struct str *out, utf8proc_int32_t cp, int *marks)
{
	if (is_mark(cp) && !is_hidden_control(cp)) {
		if (++*marks <= MAX_MARKS)
			put_cp(out, cp);
		return;
	}
	*marks = 0;
	if (cp == '\n' || cp == '\r' || cp == '\t' || cp == 0x2028 || cp == 0x2029)
		str_putc(out, ' ');
	else if (cp < 0x20)
		put_cp(out, 0x2400 + cp);
	else if (cp == 0x7f)
		put_cp(out, 0x2421);
	else if ((cp >= 0x80 && cp < 0xa0) || is_hidden_control(cp))
		str_addf(out, "<U+%04X>", (unsigned)cp);
	else
		put_cp(out, is_unassigned(cp) ? 0xfffd : cp);
}

void text_append(struct str *out, struct slice in)
{
	const utf8proc_uint8_t *p = (const utf8proc_uint8_t *)in.p;
	size_t left = in.len < TEXT_MAX ? in.len : TEXT_MAX;
	int marks = MAX_MARKS; /* a text must not begin with a mark that lands on a neighbour */

	while (left > 0) {
		utf8proc_int32_t cp;
		utf8proc_ssize_t n = utf8proc_iterate(p, (utf8proc_ssize_t)left, &cp);

		if (n <= 0) {
			n = 1;
			cp = 0xfffd;
		}
		append_cp(out, cp, &marks);
		p += n;
		left -= (size_t)n;
	}
	if (in.len > TEXT_MAX)
		put_cp(out, 0x2026);
}

/* Nearly all text is plain ASCII: one pass, one copy. */
static bool is_plain(struct slice in)
{
	size_t i = 0;

	for (; in.len - i >= OCTETS; i += OCTETS)
		if (octets_odd(octets_load(in.p + i)))
			return false;
	if (in.len >= OCTETS)
		return !octets_odd(octets_tail(in.p + in.len, in.len - i)) && in.len <= TEXT_MAX;
	for (; i < in.len; i++)
		if ((unsigned char)in.p[i] < 0x20 || (unsigned char)in.p[i] > 0x7e)
			return false;
	return true;
}

struct text text_safe(struct arena *a, struct slice in)
{
	struct text t;
	struct str out;

	if (is_plain(in)) {
		char *p = arena_octets(a, in.len + 1); /* zeroed */

		if (in.len > 0)
			memcpy(p, in.p, in.len);
		return (struct text){ p };
	}
	str_init(&out, TEXT_MAX * 9);
	text_append(&out, in);
	t.s = arena_strndup(a, out.p, out.len);
	str_fini(&out);
	return t;
}

/* Rows come by the hundred thousand: their plain texts are copied into one place and looked at in one pass. */
void text_safe_row(struct arena *a, const struct slice *in, struct text *out, size_t n)
{
	size_t all = 0, at = 0;
	char *p;

	for (size_t i = 0; i < n; i++)
		all += in[i].len + (in[i].len > 0 ? 1 : 0);
	p = arena_octets(a, all);
	for (size_t i = 0; i < n; i++) {
		if (in[i].len == 0)
			continue;
		memcpy(p + at, in[i].p, in[i].len);
		p[at + in[i].len] = ' ';
		at += in[i].len + 1;
	}
	if (!is_plain((struct slice){ p, all })) {
		for (size_t i = 0; i < n; i++)
			if (in[i].len > 0)
				out[i] = text_safe(a, in[i]);
		return;
	}
	at = 0;
	for (size_t i = 0; i < n; i++) {
		if (in[i].len == 0)
			continue;
		out[i].s = p + at;
		at += in[i].len + 1;
		p[at - 1] = '\0';
	}
}

struct text text_safez(struct arena *a, const char *in)
{
	if (in == NULL)
		return (struct text){ NULL };
	return text_safe(a, slice_of(in));
}

bool text_known(struct text t)
{
	return t.s != NULL;
}

bool text_empty(struct text t)
{
	return t.s == NULL || t.s[0] == '\0';
}

const char *text_or(struct text t, const char *otherwise)
{
	return text_empty(t) ? otherwise : t.s;
}

bool text_same(struct text a, struct text b)
{
	if (a.s == NULL || b.s == NULL)
		return a.s == b.s;
	return strcmp(a.s, b.s) == 0;
}

size_t text_decode(struct slice s, uint32_t *cp)
{
	utf8proc_int32_t one;
	utf8proc_ssize_t n;

	if (s.len == 0)
		return 0;
	n = utf8proc_iterate((const utf8proc_uint8_t *)s.p, (utf8proc_ssize_t)s.len, &one);
	if (n <= 0)
		return 0;
	*cp = (uint32_t)one;
	return (size_t)n;
}

size_t text_encode(uint32_t cp, char out[4])
{
	if (cp > 0x10ffff || (cp >= 0xd800 && cp < 0xe000))
		return 0;
	return (size_t)utf8proc_encode_char((utf8proc_int32_t)cp, (utf8proc_uint8_t *)out);
}

static int cp_cells(utf8proc_int32_t cp)
{
	int w = utf8proc_charwidth(cp);

	return w < 0 ? 0 : w;
}

size_t text_fit(const char *s, int cells, int *used)
{
	const utf8proc_uint8_t *p = (const utf8proc_uint8_t *)s;
	int w = 0;
	size_t at = 0;

	while (p[at] != 0) {
		utf8proc_int32_t cp;
		utf8proc_ssize_t n = utf8proc_iterate(p + at, -1, &cp);

		if (n <= 0) {
			n = 1;
			cp = 0xfffd;
		}
		if (w + cp_cells(cp) > cells)
			break;
		w += cp_cells(cp);
		at += (size_t)n;
	}
	if (used != NULL)
		*used = w;
	return at;
}

int text_width(const char *s)
{
	int used;

	text_fit(s, 1 << 28, &used);
	return used;
}
