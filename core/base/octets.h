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

enum { OCTETS = 8 };

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

/* Index of the first that is not ' '; OCTETS if all are. */
static inline size_t octets_past_spaces(uint64_t v)
{
	v ^= OCTETS_ALL(' ');
	return v != 0 ? (size_t)__builtin_ctzll(v) / 8 : OCTETS;
}

#endif
