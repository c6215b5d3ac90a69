/* Errors of devices in their own words; see refusal.h. */
#include "backends/parse/refusal.h"

#include <string.h>
#include <strings.h>

static bool starts_nocase(struct slice s, const char *word)
{
	size_t n = strlen(word);

	return s.len >= n && strncasecmp(s.p, word, n) == 0;
}

bool refusal_line(struct slice line)
{
	static const char *const beginnings[] = {
		"% ", "syntax error", "unknown command", "error:", "invalid command", "invalid input",
		"MINOR: ", "MAJOR: ", "CRITICAL: ", "bad command name", "expected end of command",
		"expected command name", "no such item", "no such command", "input does not match any value",
		"failure:", "not enough permissions", "not permitted", "command authorization failed",
		"authorization failed", "permission denied", "line has invalid autocommand",
		"missing argument", "missing value", "invalid value", "parsing error:", "unknown token",
		"unrecognized command", "incomplete command", "ambiguous command", "too many parameters",
		"vbash:", "-vbash:", "bash:", "-bash:", "sh:", "/bin/",
	};

	line = slice_trim(line);
	for (size_t i = 0; i < sizeof(beginnings) / sizeof(beginnings[0]); i++)
		if (starts_nocase(line, beginnings[i]))
			return true;
	/* "%Error ..." of old IOS; "%FACILITY-5-WORD:" is syslog */
	return line.len > 1 && line.p[0] == '%' && line.p[1] >= 'A' && line.p[1] <= 'Z' &&
	       slice_find(line, "-") < 0;
}

static int shown(struct slice s)
{
	return s.len > 160 ? 160 : (int)s.len;
}

int refusal_or_not_found(struct slice out, const char *what, struct err *e)
{
	struct scan c = scan_of(out);
	struct slice line, first = SLICE("");

	while (scan_line(&c, &line)) {
		line = slice_trim(line);
		if (refusal_line(line))
			return err_set(e, ERR_DEVICE, "%.*s", shown(line), line.p);
		if (first.len == 0)
			first = line;
	}
	if (first.len == 0)
		return err_set(e, ERR_PARSE, "no %s: the answer is empty", what);
	return err_set(e, ERR_PARSE, "no %s in the answer, which begins \"%.*s\"", what, shown(first),
	    first.p);
}
