/* Secrets by the words before them; see redact.h. */
#include "core/act/redact.h"
#include "core/base/mem.h"
#include "core/base/scan.h"

static bool is_secret_word(struct slice w)
{
	static const char *const words[] = { "password", "secret", "key", "md5", "auth-key",
		"authentication-key", "community-string", "passphrase", "tcpmd5" };

	for (size_t i = 0; i < ARRAY_LEN(words); i++)
		if (slice_eq(w, words[i]))
			return true;
	return false;
}

static void redact_line(struct str *out, struct slice line)
{
	struct scan c = scan_of(line);
	struct slice w;
	const char *from = line.p;

	while (scan_word(&c, &w)) {
		if (is_secret_word(w)) {
			str_add(out, from, (size_t)(w.p + w.len - from));
			scan_blanks(&c);
			if (!scan_done(&c))
				str_puts(out, " <redacted>");
			return;
		}
	}
	str_add(out, from, (size_t)(line.p + line.len - from));
}

void redact_text(struct str *out, const char *text)
{
	struct scan c = scan_of(slice_of(text));
	struct slice line;

	while (scan_line(&c, &line)) {
		redact_line(out, line);
		if (c.p > line.p && c.p[-1] == '\n')
			str_putc(out, '\n');
	}
}
