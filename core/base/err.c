/* Errors are values that travel up once; see err.h for the contract. */
#include "core/base/err.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

static void clean(char *s)
{
	for (; *s; s++)
		if ((unsigned char)*s < 0x20 || *s == 0x7f)
			*s = ' ';
}

static void __attribute__((format(printf, 3, 0)))
format_into(struct err *e, size_t at, const char *fmt, va_list ap)
{
	vsnprintf(e->text + at, sizeof(e->text) - at, fmt, ap);
	clean(e->text);
}

int err_set(struct err *e, enum err_code code, const char *fmt, ...)
{
	va_list ap;

	if (e == NULL || e->code != ERR_NONE)
		return -1;
	e->code = code;
	va_start(ap, fmt);
	format_into(e, 0, fmt, ap);
	va_end(ap);
	return -1;
}

int err_errno(struct err *e, enum err_code code, const char *fmt, ...)
{
	int saved = errno;
	size_t len;
	va_list ap;

	if (e == NULL || e->code != ERR_NONE)
		return -1;
	e->code = code;
	va_start(ap, fmt);
	format_into(e, 0, fmt, ap);
	va_end(ap);
	len = strlen(e->text);
	snprintf(e->text + len, sizeof(e->text) - len, ": %s", strerror(saved));
	errno = saved;
	return -1;
}

int err_prefix(struct err *e, const char *fmt, ...)
{
	char old[sizeof(e->text)];
	size_t len;
	va_list ap;

	if (e == NULL || e->code == ERR_NONE)
		return -1;
	memcpy(old, e->text, sizeof(old));
	va_start(ap, fmt);
	format_into(e, 0, fmt, ap);
	va_end(ap);
	len = strlen(e->text);
	snprintf(e->text + len, sizeof(e->text) - len, ": %s", old);
	return -1;
}

void err_clear(struct err *e)
{
	e->code = ERR_NONE;
	e->text[0] = '\0';
}

const char *err_code_word(enum err_code code)
{
	static const char *const words[] = {
		[ERR_NONE] = "ok", [ERR_USAGE] = "usage", [ERR_CONFIG] = "config",
		[ERR_PARSE] = "parse", [ERR_IO] = "io", [ERR_NET] = "network",
		[ERR_TIMEOUT] = "timeout", [ERR_AUTH] = "auth", [ERR_HOSTKEY] = "host-key",
		[ERR_DEVICE] = "device", [ERR_REFUSED] = "refused", [ERR_LIMIT] = "limit",
		[ERR_CANCELLED] = "cancelled",
	};

	return words[code];
}
