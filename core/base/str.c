/* Growing strings with a ceiling; see str.h. */
#include "core/base/str.h"
#include "core/base/mem.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { DEFAULT_MAX = 1 << 20 };

struct slice slice_of(const char *s)
{
	return (struct slice){ s, strlen(s) };
}

void str_init(struct str *s, size_t max)
{
	*s = (struct str){ .max = max ? max : DEFAULT_MAX };
	s->cap = 32;
	s->p = mem_calloc(s->cap, 1);
}

void str_fini(struct str *s)
{
	free(s->p);
	*s = (struct str){ 0 };
}

void str_clear(struct str *s)
{
	s->len = 0;
	if (s->p != NULL)
		s->p[0] = '\0';
	s->over = false;
}

int str_add(struct str *s, const char *p, size_t n)
{
	if (s->over || n > s->max - s->len) {
		s->over = true;
		return -1;
	}
	if (n == 0)
		return 0;
	MEM_GROW(s->p, s->cap, s->len + n + 1);
	memcpy(s->p + s->len, p, n);
	s->len += n;
	s->p[s->len] = '\0';
	return 0;
}

int str_puts(struct str *s, const char *text)
{
	return str_add(s, text, strlen(text));
}

int str_putc(struct str *s, char c)
{
	return str_add(s, &c, 1);
}

int str_addf(struct str *s, const char *fmt, ...)
{
	char small[256], *big;
	va_list ap, again;
	int n, rc;

	va_start(ap, fmt);
	va_copy(again, ap);
	n = vsnprintf(small, sizeof(small), fmt, ap);
	va_end(ap);
	if (n >= 0 && (size_t)n < sizeof(small)) {
		va_end(again);
		return str_add(s, small, (size_t)n);
	}
	if (vasprintf(&big, fmt, again) < 0)
		abort();
	va_end(again);
	rc = str_puts(s, big);
	free(big);
	return rc;
}

char *str_take(struct str *s)
{
	char *p = s->p;

	*s = (struct str){ .max = s->max };
	return p;
}

struct slice str_slice(const struct str *s)
{
	return (struct slice){ s->p, s->len };
}
