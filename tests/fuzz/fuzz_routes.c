/* Any text as a table of routes, interfaces or a ping: refused in words, or a report that holds together. */
#include "backends/parse/ifaces.h"
#include "backends/parse/ping.h"
#include "backends/parse/routes.h"

#include "core/base/scan.h"

#include "tests/fuzz/copy.h"

#include <stdint.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct report *r = report_new();
	char *out = fuzz_copy(data, size);
	struct slice answer = { out, size };
	struct err e = ERR_INIT;

	if (routes_read(r, answer, 3, &e) != 0 && e.text[0] == '\0')
		abort();
	for (size_t i = 0; i < r->route_count; i++)
		if (!text_known(r->routes[i].prefix))
			abort();
	if (r->rows_parsed > r->rows_seen)
		abort();
	err_clear(&e);
	ifaces_read(r, answer, &e);
	err_clear(&e);
	ping_read(r, answer, &e);
	report_free(r);
	free(out);
	return 0;
}
