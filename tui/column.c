/* Cells' contents; see column.h. */
#include "tui/column.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

void field_put(struct field *f, enum role role, const char *s)
{
	field_putf(f, role, "%s", s);
}

void field_putf(struct field *f, enum role role, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(f->s, sizeof(f->s), fmt, ap);
	va_end(ap);
	f->role = role;
}

const struct column *column_find(const struct column *cols, size_t n, const char *id)
{
	const struct column *found = NULL;
	size_t len = strlen(id);

	for (size_t i = 0; i < n; i++)
		if (strcasecmp(cols[i].id, id) == 0)
			return &cols[i];
	for (size_t i = 0; len >= 3 && i < n; i++) {
		if (strncasecmp(cols[i].id, id, len) != 0 && strncasecmp(cols[i].title, id, len) != 0)
			continue;
		if (found != NULL)
			return NULL;
		found = &cols[i];
	}
	return found;
}
