/* Any text as the answer to any command of any driver: refused in words, or a report that holds together. */
#include "core/base/scan.h"
#include "core/model/driver.h"

#include "tests/fuzz/copy.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_routes(const struct report *r)
{
	for (size_t i = 0; i < r->route_count; i++)
		if (!text_known(r->routes[i].prefix) && r->rows_parsed == r->rows_seen)
			abort();
	if (r->rows_parsed > r->rows_seen)
		abort();
}

static void check_sessions(struct report *r)
{
	struct snap *s = snap_builder_freeze(r->sessions, 1);

	r->sessions = NULL;
	if (s->rows_parsed > s->rows_seen)
		abort();
	for (size_t i = 0; i < s->count; i++)
		if (!text_known(s->sessions[i].neighbor) || s->sessions[i].family >= AF_COUNT)
			abort();
	snap_unref(s);
}

/* Two octets choose driver and reading, the rest is the answer. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct driver *const *all = driver_all();
	const struct driver *d;
	struct err e = ERR_INIT;
	struct report *r;
	size_t n = 0;
	char *out;

	while (all[n] != NULL)
		n++;
	if (size < 2)
		return 0;
	d = all[data[0] % n];
	if (d->reading_count == 0)
		return 0;
	out = fuzz_copy(data + 2, size - 2);
	r = report_new();
	if (d->readings[data[1] % d->reading_count].parse(r, (struct slice){ out, size - 2 }, &e) != 0) {
		if (e.code == ERR_NONE || e.text[0] == '\0')
			abort();
	} else {
		check_routes(r);
		check_sessions(r);
	}
	report_free(r);
	free(out);
	return 0;
}
