/* Allocation and arenas; see mem.h. */
#include "core/base/mem.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static _Noreturn void die(void)
{
	fputs("peerdeck: out of memory\n", stderr);
	abort();
}

void *mem_calloc(size_t n, size_t size)
{
	void *p = calloc(n ? n : 1, size ? size : 1);

	if (p == NULL)
		die();
	return p;
}

void *mem_realloc(void *p, size_t n, size_t size)
{
	size_t total;

	if (__builtin_mul_overflow(n, size, &total))
		die();
	p = realloc(p, total ? total : 1);
	if (p == NULL)
		die();
	return p;
}

char *mem_strndup(const char *s, size_t n)
{
	size_t len = strnlen(s, n);
	char *p = mem_calloc(len + 1, 1);

	memcpy(p, s, len);
	return p;
}

char *mem_strdup(const char *s)
{
	return s == NULL ? NULL : mem_strndup(s, strlen(s));
}

char *mem_printf(const char *fmt, ...)
{
	char *p = NULL;
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vasprintf(&p, fmt, ap);
	va_end(ap);
	if (n < 0)
		die();
	return p;
}

void mem_grow(void **base, size_t *cap, size_t need, size_t size)
{
	size_t want = *cap ? *cap : 8;

	if (need <= *cap)
		return;
	while (want < need)
		want *= 2;
	*base = mem_realloc(*base, want, size);
	*cap = want;
}

/* Blocks grow with the arena, so that a small snapshot stays small and a
 * large one does not pay for thousands of blocks. */
enum { BLOCK_MIN = 1024, BLOCK_MAX = 65536 };

struct block {
	struct block *next;
	size_t used, cap;
	_Alignas(max_align_t) unsigned char data[];
};

struct arena {
	struct block *head;
	size_t total, next_cap;
};

struct arena *arena_new(void)
{
	struct arena *a = MEM_NEW(struct arena);

	a->next_cap = BLOCK_MIN;
	return a;
}

void arena_free(struct arena *a)
{
	if (a == NULL)
		return;
	while (a->head != NULL) {
		struct block *b = a->head;

		a->head = b->next;
		free(b);
	}
	free(a);
}

static struct block *block_add(struct arena *a, size_t need)
{
	size_t cap = need > a->next_cap ? need : a->next_cap;
	struct block *b = mem_calloc(1, sizeof(*b) + cap);

	b->cap = cap;
	b->next = a->head;
	a->head = b;
	a->total += sizeof(*b) + cap;
	if (a->next_cap < BLOCK_MAX)
		a->next_cap *= 2;
	return b;
}

static void *carve(struct arena *a, size_t n, size_t align)
{
	struct block *b = a->head;
	size_t from = b != NULL ? (b->used + align - 1) & ~(align - 1) : 0;

	if (b == NULL || from > b->cap || b->cap - from < n) {
		b = block_add(a, n);
		from = 0;
	}
	b->used = from + n;
	return b->data + from;
}

void *arena_alloc(struct arena *a, size_t n)
{
	const size_t align = _Alignof(max_align_t);

	if (n > SIZE_MAX / 2)
		die();
	return carve(a, n, align);
}

char *arena_octets(struct arena *a, size_t n)
{
	if (n > SIZE_MAX / 2)
		die();
	return carve(a, n, 1);
}

char *arena_strndup(struct arena *a, const char *s, size_t n)
{
	size_t len = n > 0 ? strnlen(s, n) : 0; /* an empty slice may point nowhere */
	char *p = arena_octets(a, len + 1);

	if (len > 0)
		memcpy(p, s, len);
	return p;
}

char *arena_strdup(struct arena *a, const char *s)
{
	return s == NULL ? NULL : arena_strndup(a, s, strlen(s));
}

char *arena_printf(struct arena *a, const char *fmt, ...)
{
	va_list ap, again;
	char *p;
	int n;

	va_start(ap, fmt);
	va_copy(again, ap);
	n = vsnprintf(NULL, 0, fmt, ap);
	va_end(ap);
	if (n < 0)
		die();
	p = arena_alloc(a, (size_t)n + 1);
	vsnprintf(p, (size_t)n + 1, fmt, again);
	va_end(again);
	return p;
}

size_t arena_size(const struct arena *a)
{
	return a->total;
}
