/*
 * octets - eight octets of text looked at in one go.
 *
 * Tables of routers are read by the hundred thousand lines, and most of that time goes into walking over blanks and
 * letters.  These answer for eight octets what is asked of each, exactly, on machines of either octet order.
 */
#ifndef PEERDECK_BASE_OCTETS_H
#define PEERDECK_BASE_OCTETS_H

#include <endian.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#ifdef __SSE2__
#include <emmintrin.h>
#endif

enum { OCTETS = 8, OCTETS_WIDE = 16 };

#define OCTETS_ALL(ch) (UINT64_C(0x0101010101010101) * (ch))
#define OCTETS_HIGH OCTETS_ALL(0x80)

/* The first one is the lowest. */
static inline uint64_t octets_load(const char *p)
{
	uint64_t v;

	memcpy(&v, p, sizeof(v));
	return le64toh(v);
}

/* Any that is no printed ASCII (0x20 to 0x7e).  A borrow or carry only starts at an octet that is none itself. */
static inline bool octets_odd(uint64_t v)
{
	return ((v | (v + OCTETS_ALL(1)) | (v - OCTETS_ALL(' '))) & OCTETS_HIGH) != 0;
}

/* Index of the first that is a blank or a control (0x00 to 0x20); OCTETS if there is none. */
static inline size_t octets_gap(uint64_t v)
{
	uint64_t hit = (v - OCTETS_ALL(' ' + 1)) & ~v & OCTETS_HIGH;

	return hit != 0 ? (size_t)__builtin_ctzll(hit) / 8 : OCTETS;
}

/* One bit for each of the OCTETS_WIDE from p on, the first one's the lowest: what is neither a blank nor a control is of
 * a word. */
struct octets_bits {
	uint64_t of_words, controls;
};
static inline struct octets_bits octets_bits(const char *p)
{
#ifdef __SSE2__
	__m128i v = _mm_loadu_si128((const __m128i *)(const void *)p);
	int words = _mm_movemask_epi8(_mm_cmpeq_epi8(_mm_max_epu8(v, _mm_set1_epi8('!')), v));
	int controls = _mm_movemask_epi8(_mm_cmpeq_epi8(_mm_min_epu8(v, _mm_set1_epi8(' ' - 1)), v));

	return (struct octets_bits){ (unsigned)words, (unsigned)controls };
#else
	struct octets_bits b = { 0, 0 };

	for (unsigned i = 0; i < OCTETS_WIDE; i++) {
		b.of_words |= (uint64_t)((unsigned char)p[i] > ' ') << i;
		b.controls |= (uint64_t)((unsigned char)p[i] < ' ') << i;
	}
	return b;
#endif
}

/* The last `n` (0 to 7) of a text that ends at `end` and has eight octets or more, blanks behind them. */
static inline uint64_t octets_tail(const char *end, size_t n)
{
	return n == 0 ? OCTETS_ALL(' ') :
	    octets_load(end - OCTETS) >> 8 * (OCTETS - n) | OCTETS_ALL(' ') << 8 * n;
}

/* Index of the first that is not ' '; OCTETS if all are. */
static inline size_t octets_past_spaces(uint64_t v)
{
	v ^= OCTETS_ALL(' ');
	return v != 0 ? (size_t)__builtin_ctzll(v) / 8 : OCTETS;
}

#endif
