/* The input in memory of exactly its size, so that a read past its end is found. */
#ifndef PEERDECK_TESTS_FUZZ_COPY_H
#define PEERDECK_TESTS_FUZZ_COPY_H

#include "core/base/mem.h"

#include <stdint.h>
#include <string.h>

static inline char *fuzz_copy(const uint8_t *data, size_t size)
{
	char *out = mem_calloc(size > 0 ? size : 1, 1);

	if (size > 0)
		memcpy(out, data, size);
	return out;
}

#endif
