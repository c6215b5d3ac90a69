/* Answers of RIPEstat: any bytes; the first octet chooses the call. */
#include "backends/sources/ripestat.h"

#include <stdint.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct err e = ERR_INIT;
	struct ripestat_answer *a;
	enum ripestat_call call;

	if (size == 0)
		return 0;
	call = data[0] & 1 ? RIPESTAT_ANNOUNCED : RIPESTAT_STATUS;
	a = ripestat_read(call, 64501, data[0] & 2 ? 500 : 200, (struct slice){ (const char *)data + 1, size - 1 }, &e);
	if (a == NULL && e.code == ERR_NONE)
		abort();
	if (a != NULL && call == RIPESTAT_STATUS && a->seeing[0] == COUNT_UNKNOWN && a->seeing[1] == COUNT_UNKNOWN)
		abort();
	ripestat_answer_free(a);
	return 0;
}
