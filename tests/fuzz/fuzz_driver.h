/* Any octets as the answer to everything that a driver asks: refused in words, or rows that add up. */
#ifndef PEERDECK_TESTS_FUZZ_DRIVER_H
#define PEERDECK_TESTS_FUZZ_DRIVER_H

#include "core/model/driver.h"

#include <stdint.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static inline void must(bool holds)
{
	if (!holds)
		abort();
}

static inline void check_rows(unsigned seen, unsigned parsed, int rc, const struct err *e)
{
	must(rc == 0 ? e->code == ERR_NONE : e->code != ERR_NONE && e->text[0] != '\0');
	must(rc != 0 || parsed <= seen);
}

static inline void fuzz_reading(const struct reading *reading, struct slice out)
{
	struct report *r = report_new();
	struct err e = ERR_INIT;
	int rc;

	r->command = reading->command;
	rc = reading->parse(r, out, &e);
	check_rows(r->rows_seen, r->rows_parsed, rc, &e);
	check_rows(snap_builder_rows_seen(r->sessions), snap_builder_rows_parsed(r->sessions), rc, &e);
	report_free(r);
}

static inline int feed(struct intake in, struct slice out, struct err *e)
{
	size_t half = out.len / 2;

	if (in.feed(in.state, out.p, half, e) != 0 ||
	    in.feed(in.state, out.p + half, out.len - half, e) != 0) {
		in.drop(in.state);
		return -1;
	}
	return in.finish(in.state, e);
}

static inline void fuzz_query(const struct query *q, struct slice out)
{
	struct snap_builder *b = snap_builder_new("fuzz");
	struct err e = ERR_INIT;
	int rc = q->parse ? q->parse(b, out, &e) : feed(q->open(b), out, &e);

	check_rows(snap_builder_rows_seen(b), snap_builder_rows_parsed(b), rc, &e);
	snap_unref(snap_builder_freeze(b, 1));
}

static inline int fuzz_driver(const char *os, const uint8_t *data, size_t size)
{
	const struct driver *d = driver_find(os);
	struct slice out = { (const char *)data, size };

	for (size_t i = 0; i < d->reading_count; i++)
		if (i == 0 || d->readings[i].parse != d->readings[i - 1].parse)
			fuzz_reading(&d->readings[i], out);
	for (size_t i = 0; i < d->query_count; i++)
		fuzz_query(&d->queries[i], out);
	return 0;
}

#endif
