/* Any text as neighbors in detail: refused in words, or rows whose counts hold together. */
#include "backends/parse/detail.h"

#include "tests/fuzz/copy.h"

#include <stdint.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct snap_builder *b = snap_builder_new("fuzz");
	char *out = fuzz_copy(data, size);
	struct slice answer = { out, size };
	struct err e = ERR_INIT;

	if (detail_read(b, answer, asked_of(SLICE("")), &e) != 0 && (e.code == ERR_NONE || e.text[0] == '\0'))
		abort();
	err_clear(&e);
	detail_fill(b, answer, asked_of(SLICE("")), &e); /* over the rows that the reading has made */
	if (snap_builder_rows_parsed(b) > snap_builder_rows_seen(b))
		abort();
	snap_builder_free(b);
	free(out);
	return 0;
}
