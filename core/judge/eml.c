/* Messages; see eml.h. */
#include "core/judge/eml.h"
#include "core/base/scan.h"
#include "core/base/text.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

enum { LINE = 76, WORD_OCTETS = 39 /* of an encoded word's content: 52 in base64, 64 with =?UTF-8?B??= */ };

static bool plain_address(struct slice s)
{
	const char *at = s.len > 0 ? memchr(s.p, '@', s.len) : NULL;

	if (at == NULL || at == s.p || at + 1 == s.p + s.len || s.len > 254 || memchr(at + 1, '@', (size_t)(s.p + s.len - at - 1)))
		return false;
	for (size_t i = 0; i < s.len; i++)
		if ((unsigned char)s.p[i] <= ' ' || (unsigned char)s.p[i] >= 0x7f || strchr("<>()[]\\,;:\"", s.p[i]) != NULL)
			return false;
	return true;
}

bool eml_addresses_valid(const char *list)
{
	struct scan c = scan_of(slice_of(list));
	struct slice one;

	if (scan_done(&c))
		return false;
	while (!scan_done(&c)) {
		scan_until(&c, ',', &one);
		if (!plain_address(slice_trim(one)))
			return false;
		if (scan_lit(&c, ",") && scan_done(&c))
			return false;
	}
	return true;
}

static bool is_ascii(const char *s)
{
	for (; *s != '\0'; s++)
		if ((unsigned char)*s >= 0x7f || (unsigned char)*s < ' ')
			return false;
	return true;
}

static void base64(struct str *out, const unsigned char *p, size_t n)
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

	for (size_t i = 0; i < n; i += 3) {
		unsigned v = (unsigned)p[i] << 16 | (i + 1 < n ? (unsigned)p[i + 1] << 8 : 0) | (i + 2 < n ? p[i + 2] : 0);

		str_putc(out, digits[v >> 18]);
		str_putc(out, digits[v >> 12 & 63]);
		str_putc(out, i + 1 < n ? digits[v >> 6 & 63] : '=');
		str_putc(out, i + 2 < n ? digits[v & 63] : '=');
	}
}

/* Whole characters only in each word (RFC 2047 section 5). */
static void encoded_words(struct str *out, const char *s)
{
	while (*s != '\0') {
		size_t n = 0, step;
		uint32_t cp;

		while (s[n] != '\0' && (step = text_decode(slice_of(s + n), &cp)) > 0 && n + step <= WORD_OCTETS)
			n += step;
		if (n == 0)
			break;
		str_puts(out, "=?UTF-8?B?");
		base64(out, (const unsigned char *)s, n);
		str_puts(out, "?=");
		s += n;
		if (*s != '\0')
			str_puts(out, "\n ");
	}
}

/* Folds at blanks; a header's line is 78 at most where it has blanks at all. */
static void folded(struct str *out, const char *s, size_t column)
{
	while (*s != '\0') {
		size_t word = strcspn(s, " ") + 1; /* with the blank before the next */

		if (s[word - 1] == '\0')
			word--;
		if (column + word > LINE && column > 1) {
			while (out->len > 0 && out->p[out->len - 1] == ' ')
				out->p[--out->len] = '\0';
			str_puts(out, "\n ");
			column = 1;
		}
		str_add(out, s, word);
		column += word;
		s += word;
	}
}

static void header(struct str *out, const char *name, const char *value)
{
	str_addf(out, "%s: ", name);
	if (is_ascii(value) && strstr(value, "=?") == NULL)
		folded(out, value, strlen(name) + 2);
	else
		encoded_words(out, value);
	str_putc(out, '\n');
}

static void from_header(struct str *out, const struct eml *m)
{
	str_puts(out, "From: ");
	if (m->from_name != NULL && *m->from_name != '\0' && is_ascii(m->from_name)) {
		str_putc(out, '"');
		for (const char *p = m->from_name; *p != '\0'; p++) {
			if (*p == '"' || *p == '\\')
				str_putc(out, '\\');
			str_putc(out, *p);
		}
		str_puts(out, "\"\n ");
	} else if (m->from_name != NULL && *m->from_name != '\0') {
		encoded_words(out, m->from_name);
		str_puts(out, "\n ");
	}
	str_addf(out, "<%s>\n", m->from);
}

static void address_header(struct str *out, const char *name, const char *list)
{
	struct scan c = scan_of(slice_of(list));
	struct slice one;
	const char *between = "";

	str_addf(out, "%s: ", name);
	while (!scan_done(&c)) {
		scan_until(&c, ',', &one);
		scan_lit(&c, ",");
		one = slice_trim(one);
		str_addf(out, "%s%.*s", between, (int)one.len, one.p);
		between = ",\n ";
	}
	str_putc(out, '\n');
}

static void date_header(struct str *out, int64_t wall_ms)
{
	static const char *const days[] = { "Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat" };
	static const char *const months[] = { "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec" };
	time_t t = (time_t)(wall_ms / 1000);
	struct tm tm = { 0 };

	gmtime_r(&t, &tm);
	str_addf(out, "Date: %s, %d %s %d %02d:%02d:%02d +0000\n", days[tm.tm_wday], tm.tm_mday, months[tm.tm_mon],
	    tm.tm_year + 1900, tm.tm_hour, tm.tm_min, tm.tm_sec);
}

/* As it is if every line is short ASCII and none is a lone dot, which ends a message on some mailers' stdin. */
static bool plain_body(const char *body)
{
	struct scan c = scan_of(slice_of(body));
	struct slice line;

	while (scan_line(&c, &line)) {
		if (line.len > 200 || slice_eq(line, ".") || slice_starts(line, "From "))
			return false;
		for (size_t i = 0; i < line.len; i++)
			if ((unsigned char)line.p[i] >= 0x7f || ((unsigned char)line.p[i] < ' ' && line.p[i] != '\t'))
				return false;
	}
	return true;
}

static void quoted_line(struct str *out, struct slice line)
{
	size_t column = 0;

	for (size_t i = 0; i < line.len; i++) {
		unsigned char ch = (unsigned char)line.p[i];
		bool last = i + 1 == line.len;
		bool plain = (ch > ' ' && ch < 0x7f && ch != '=' && !(ch == '.' && line.len == 1) && !(i == 0 && ch == 'F')) ||
		    (ch == ' ' && !last);
		size_t need = plain ? 1 : 3;

		if (column + need > LINE - 1) {
			str_puts(out, "=\n");
			column = 0;
		}
		if (plain)
			str_putc(out, (char)ch);
		else
			str_addf(out, "=%02X", ch);
		column += need;
	}
	str_putc(out, '\n');
}

static void body(struct str *out, const char *text)
{
	struct scan c = scan_of(slice_of(text));
	bool plain = plain_body(text);
	struct slice line;

	str_addf(out, "Content-Transfer-Encoding: %s\n\n", plain ? "7bit" : "quoted-printable");
	while (scan_line(&c, &line)) {
		if (plain)
			str_addf(out, "%.*s\n", (int)line.len, line.p);
		else
			quoted_line(out, line);
	}
}

static void safe(struct str *out, const char *s)
{
	text_append(out, slice_of(s)); /* no line end, no control is left */
}

static void headers(struct str *out, const struct eml *m, const char *subject, const char *name)
{
	struct eml clean = *m;
	const char *at = strchr(m->from, '@');

	clean.from_name = name;
	date_header(out, m->wall_ms);
	from_header(out, &clean);
	address_header(out, "To", m->to);
	if (m->cc != NULL && *m->cc != '\0')
		address_header(out, "Cc", m->cc);
	header(out, "Subject", subject);
	str_addf(out, "Message-ID: <%s%s>\n", m->id, at);
	str_puts(out, "MIME-Version: 1.0\nContent-Type: text/plain; charset=UTF-8\n");
}

int eml_write(struct str *out, const struct eml *m, bool crlf, struct err *e)
{
	struct str subject, name, whole;
	int rc = -1;

	str_init(&subject, 4096);
	str_init(&name, 1024);
	str_init(&whole, 1 << 20);
	if (m->from == NULL || !plain_address(slice_of(m->from))) {
		err_set(e, ERR_CONFIG, "a message needs a sender: mail { from = noc@example.net } in the configuration");
		goto out;
	}
	if (!eml_addresses_valid(m->to) || (m->cc != NULL && *m->cc != '\0' && !eml_addresses_valid(m->cc))) {
		err_set(e, ERR_USAGE, "to \"%.80s\": allowed are addresses joined by commas", m->to);
		goto out;
	}
	if (strspn(m->id, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-") != strlen(m->id) || *m->id == '\0') {
		err_set(e, ERR_USAGE, "\"%.60s\" is no identifier of a message", m->id);
		goto out;
	}
	safe(&subject, m->subject);
	safe(&name, m->from_name != NULL ? m->from_name : "");
	headers(&whole, m, subject.p, name.p);
	body(&whole, m->body);
	for (size_t i = 0; i < whole.len; i++) {
		if (whole.p[i] == '\n' && crlf)
			str_putc(out, '\r');
		str_putc(out, whole.p[i]);
	}
	rc = whole.over || out->over ? err_set(e, ERR_LIMIT, "the message is too long") : 0;
out:
	str_fini(&subject);
	str_fini(&name);
	str_fini(&whole);
	return rc;
}
