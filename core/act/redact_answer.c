/*
 * Secrets in answers of routers; see redact.h.
 *
 * A value is known by the name before it.  Names are compared within longer ones ("auth_password", "tcp-md5-key"),
 * so that the next vendor's name is caught too; only values that are text go, so that "md5AuthEnabled":true stays.
 */
#include "core/act/redact.h"
#include "core/base/mem.h"
#include "core/base/scan.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

#define GONE "<redacted>"

static const char *const names[] = { "password", "passwd", "passphrase", "secret", "authkey", "auth-key", "auth_key",
	"authentication-key", "authentication_key", "md5-key", "md5_key", "md5key", "tcpmd5", "key-string", "private-key",
	"private_key", "community-string", "community_string", "pre-shared-key", "api-key", "api_key", "token" };
/* Words that stand alone before a secret on a line of configuration; as routers write them, "MD5" in a sentence is
 * none. */
static const char *const words[] = { "password", "secret", "key", "md5", "auth-key", "authentication-key", "passphrase",
	"tcpmd5", "key-string", "cipher", "Password", "Secret" };
static const char *const hashes[] = { "$1$", "$5$", "$6$", "$8$", "$9$", "$14$", "$y$", "$sha512$" };

static bool holds(struct slice name)
{
	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		size_t n = strlen(names[i]);

		for (size_t at = 0; at + n <= name.len; at++)
			if (strncasecmp(name.p + at, names[i], n) == 0)
				return true;
	}
	return false;
}

static bool name_char(char c)
{
	return isalnum((unsigned char)c) || c == '-' || c == '_' || c == '.';
}

/* Past a string's closing quote; the end where there is none. */
static const char *past_string(const char *p, const char *end, char quote)
{
	while (p < end && *p != quote)
		p += *p == '\\' && p + 1 < end ? 2 : 1;
	return p < end ? p : end;
}

/* Past ": \"", "=\"", "=" or ">" behind a name; NULL if no value that is text follows.  *stop: what ends the value. */
static const char *value_of(const char *p, const char *end, char *stop)
{
	bool quoted = p < end && *p == '"'; /* JSON: true and 17 are no secrets */

	p += quoted ? 1 : 0;
	while (p < end && *p == ' ')
		p++;
	if (p >= end || strchr(":=>", *p) == NULL)
		return NULL;
	*stop = *p == '>' ? '<' : ' ';
	if (*p == ':') {
		for (p++; p < end && *p == ' ';)
			p++;
		if (p >= end || (quoted && *p != '"'))
			return NULL;
	} else {
		p++;
	}
	if (p < end && *p == '"') {
		*stop = '"';
		p++;
	}
	return p;
}

/* Named values: what stands between `from` and the result is written. */
static void redact_values(struct str *out, struct slice line)
{
	const char *end = line.p + line.len, *from = line.p, *p = line.p, *value;
	char stop;

	while (p < end) {
		const char *name = p;

		while (p < end && name_char(*p))
			p++;
		if (p == name) {
			p++;
			continue;
		}
		value = holds((struct slice){ name, (size_t)(p - name) }) ? value_of(p, end, &stop) : NULL;
		if (value == NULL || value >= end || *value == stop)
			continue;
		str_add(out, from, (size_t)(value - from));
		str_puts(out, GONE);
		p = from = past_string(value, end, stop);
	}
	str_add(out, from, (size_t)(end - from));
}

/* Where in a plain line everything that follows is secret; the end if nowhere. */
static size_t secret_from(struct slice line)
{
	bool snmp = slice_find(line, "snmp") >= 0 || slice_find(line, "SNMP") >= 0;
	struct scan c = scan_of(line);
	struct slice w;

	while (scan_word(&c, &w)) {
		if (snmp && slice_eq(w, "community"))
			return (size_t)(w.p + w.len - line.p);
		for (size_t i = 0; i < ARRAY_LEN(words); i++)
			if (slice_eq(w, words[i]))
				return (size_t)(w.p + w.len - line.p);
		for (size_t i = 0; i < ARRAY_LEN(hashes); i++)
			if (slice_starts(w, hashes[i]) || (w.len > 0 && w.p[0] == '"' && slice_starts(slice_from(w, 1), hashes[i])))
				return (size_t)(w.p - line.p);
	}
	return line.len;
}

static bool is_structured(struct slice line)
{
	return slice_find(line, "\":") >= 0 || slice_find(line, "\" :") >= 0 || slice_find(line, "</") >= 0;
}

static void redact_one(struct str *out, struct slice line)
{
	struct str plain;
	size_t at;

	if (is_structured(line)) {
		redact_values(out, line);
		return;
	}
	at = secret_from(line);
	str_init(&plain, 0);
	str_add(&plain, line.p, at);
	if (slice_trim(slice_from(line, at)).len > 0)
		str_puts(&plain, at > 0 && line.p[at - 1] != ' ' ? " " GONE : GONE);
	redact_values(out, str_slice(&plain));
	str_fini(&plain);
}

void redact_answer(struct str *out, struct slice text)
{
	struct scan c = scan_of(text);
	struct slice line;

	while (scan_line(&c, &line)) {
		redact_one(out, line);
		if (c.p > text.p && c.p[-1] == '\n')
			str_putc(out, '\n');
	}
}
