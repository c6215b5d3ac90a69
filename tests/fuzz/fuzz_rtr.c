/* What an RTR cache may send: any bytes, PDU by PDU. */
#include "backends/sources/rtr.h"
#include "core/base/scan.h"

#include <stdint.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct slice in = { (const char *)data, size };
	struct err e = ERR_INIT;
	struct rtr_pdu pdu;
	int rc;

	while ((rc = rtr_read(in, &pdu, &e)) == 1) {
		if (pdu.length < 8 || pdu.length > in.len)
			abort();
		if (pdu.kind == RTR_PAYLOAD && (pdu.max_length < pdu.prefix.len || pdu.max_length > 128))
			abort();
		in = slice_from(in, pdu.length);
	}
	if (rc < 0 && e.code == ERR_NONE)
		abort();
	return 0;
}
