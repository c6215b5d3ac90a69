/*
 * mem - allocation that does not fail, and the arena.
 *
 * Running out of memory aborts (style rule); the size of *input* has
 * ceilings instead.  An arena hands out many small pieces that live and die
 * together: a snapshot, a plan, a parsed file.  Not thread-safe: one owner.
 */
#ifndef PEERDECK_BASE_MEM_H
#define PEERDECK_BASE_MEM_H

#include <stddef.h>

/* Zeroed memory of n * size octets; aborts on overflow or exhaustion.  Free with free(). */
void *mem_calloc(size_t n, size_t size);
/* As realloc(3) for n * size octets; aborts on overflow or exhaustion. */
void *mem_realloc(void *p, size_t n, size_t size);
/* Copies; free with free().  mem_strdup(NULL) is NULL. */
char *mem_strdup(const char *s);
char *mem_strndup(const char *s, size_t n);
char *mem_printf(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/* Grows the array *base of *cap elements to hold at least `need`. */
void mem_grow(void **base, size_t *cap, size_t need, size_t size);
#define MEM_GROW(base, cap, need) \
	((need) <= (cap) ? (void)0 : mem_grow((void **)&(base), &(cap), (need), sizeof(*(base))))

#define MEM_NEW(type) ((type *)mem_calloc(1, sizeof(type)))
#define ARRAY_LEN(a) (sizeof(a) / sizeof((a)[0]))

struct arena;

struct arena *arena_new(void);
void arena_free(struct arena *a); /* NULL is fine */
/* Zeroed, aligned for any type; lives until arena_free. */
void *arena_alloc(struct arena *a, size_t n);
/* Zeroed as well, but of no alignment: for text, of which tables bring many short ones. */
char *arena_octets(struct arena *a, size_t n);
char *arena_strdup(struct arena *a, const char *s);
char *arena_strndup(struct arena *a, const char *s, size_t n);
char *arena_printf(struct arena *a, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* Octets held, for the memory figures of `make bench`. */
size_t arena_size(const struct arena *a);

#endif
