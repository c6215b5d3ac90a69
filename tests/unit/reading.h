/* For tests of drivers: one printed output through one reading, as a frozen snapshot or a report. */
#ifndef PEERDECK_TESTS_READING_H
#define PEERDECK_TESTS_READING_H

#include "core/base/scan.h"
#include "core/model/driver.h"

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <setjmp.h>
#include <string.h>
#include <cmocka.h>

/* Reads `out` as the output of `command`; NULL, and the error in *e, if the driver refuses it. */
static inline struct report *read_report(const char *os, const char *command, const char *out, struct err *e)
{
	const struct driver *d = driver_find(os);
	const struct reading *reading;
	struct report *r = report_new();

	assert_non_null(d);
	reading = driver_reading(d, command);
	assert_non_null(reading);
	r->command = command;
	if (reading->parse(r, slice_of(out), e) == 0)
		return r;
	assert_int_not_equal(e->code, ERR_NONE);
	report_free(r);
	return NULL;
}

static inline struct snap *read_sessions(const char *os, const char *command, const char *out)
{
	struct err e = ERR_INIT;
	struct report *r = read_report(os, command, out, &e);
	struct snap *s;

	if (r == NULL)
		fail_msg("%s", e.text);
	assert_int_equal(r->kind, REPORT_SESSIONS);
	s = snap_builder_freeze(r->sessions, 1);
	r->sessions = NULL;
	report_free(r);
	return s;
}

/* Asserts that the output is refused with this code, and that the words hold `words`. */
static inline void assert_refused(const char *os, const char *command, const char *out, enum err_code code,
    const char *words)
{
	struct err e = ERR_INIT;
	struct report *r = read_report(os, command, out, &e);

	if (r != NULL)
		fail_msg("taken for an answer: %s", out);
	assert_int_equal(e.code, code);
	if (strstr(e.text, words) == NULL)
		fail_msg("\"%s\" not in \"%s\"", words, e.text);
}

/* A query of the driver by name, fed `step` octets at a time if it streams. */
static inline int run_query(struct snap_builder *b, const char *os, const char *name, const char *out,
    size_t step, struct err *e)
{
	const struct driver *d = driver_find(os);
	size_t len = strlen(out);

	for (size_t i = 0; i < d->query_count; i++) {
		const struct query *q = &d->queries[i];
		struct intake in;

		if (strcmp(q->name, name) != 0)
			continue;
		if (q->parse != NULL)
			return q->parse(b, slice_of(out), e);
		in = q->open(b);
		for (size_t at = 0; at < len; at += step)
			if (in.feed(in.state, out + at, len - at < step ? len - at : step, e) != 0) {
				in.drop(in.state);
				return -1;
			}
		return in.finish(in.state, e);
	}
	fail_msg("%s has no query %s", os, name);
	return -1;
}

/* A capture of our lab, below tests/data/captures; free it. */
static inline char *capture(const char *path)
{
	char name[256];
	struct str s;
	char buf[8192];
	size_t n;
	FILE *f;
	char *p;

	snprintf(name, sizeof(name), "tests/data/captures/%s", path);
	f = fopen(name, "re");
	if (f == NULL)
		fail_msg("%s: cannot be opened (tests run in the project's root)", name);
	str_init(&s, 64 << 20);
	while ((n = fread(buf, 1, sizeof(buf), f)) > 0)
		str_add(&s, buf, n);
	fclose(f);
	p = str_take(&s);
	str_fini(&s);
	return p;
}

#endif
