/*
 * str - a growing byte string with a ceiling, always NUL-terminated.
 *
 * Whatever grows from the outside (answers, files, typed text) grows in a
 * str: once an addition would pass `max`, nothing more is added, `over` is
 * set and every later addition fails with -1.
 */
#ifndef PEERDECK_BASE_STR_H
#define PEERDECK_BASE_STR_H

#include <stdbool.h>
#include <stddef.h>

struct str {
	char *p; /* never NULL after str_init; p[len] == '\0' */
	size_t len, cap, max;
	bool over;
};

/* A view of bytes owned by somebody else; not NUL-terminated. */
struct slice {
	const char *p;
	size_t len;
};
#define SLICE(lit) ((struct slice){ (lit), sizeof(lit) - 1 })
struct slice slice_of(const char *s);

/* max: ceiling in octets without the NUL; 0 means 1 MiB. */
void str_init(struct str *s, size_t max);
void str_fini(struct str *s);
void str_clear(struct str *s); /* empties, keeps the memory, clears `over` */
int str_add(struct str *s, const char *p, size_t n);
int str_puts(struct str *s, const char *text);
int str_putc(struct str *s, char c);
int str_addf(struct str *s, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* Takes the bytes out (caller frees with free()) and leaves s empty, usable and without memory (s.p is NULL until something
 * is added): nothing is owed by a string whose bytes were taken. */
char *str_take(struct str *s);
struct slice str_slice(const struct str *s);

#endif
